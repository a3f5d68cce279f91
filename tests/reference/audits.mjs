// The audit suite of npm's graphql-http: what the GraphQL over HTTP specification must, should and may have.
import assert from "node:assert/strict";
import { serverAudits } from "graphql-http";
import { startSandbox, startServe } from "./service.mjs";

/** Every audit, run with these headers beside its own. */
async function audited(url, headers) {
  const fetchFn = (input, init = {}) => fetch(input, { ...init, headers: { ...headers, ...init.headers } });
  const audits = serverAudits({ url, fetchFn });
  const results = [];
  for (const audit of audits) results.push(await audit.fn());
  return results;
}

const told = (result) => `${result.id} ${result.name}: ${result.status}${result.reason ? ` (${result.reason})` : ""}`;

export async function suite({ check, binary }) {
  const sandbox = await startSandbox(binary);
  const serve = await startServe(binary, sandbox, { INTROSPECTION_ENABLED: "true", OPERATION_NAME_REQUIRED: "false" });
  const headers = { authorization: `Bearer ${sandbox.tokens.admin}`, "x-organization-id": sandbox.organizationId };
  try {
    await check("61 of 61 audits are ok against the sandbox", async () => {
      const results = await audited(sandbox.graphql, {});
      assert.deepEqual(results.filter(({ status }) => status !== "ok").map(told), []);
      assert.equal(results.length, 61);
    });
    await check("against serve, with a token, every MUST and every SHOULD is ok", async () => {
      const results = await audited(serve.graphql, headers);
      const wanted = results.filter(({ name }) => /^(MUST|SHOULD)/.test(name));
      assert.deepEqual(wanted.filter(({ status }) => status !== "ok").map(told), []);
      assert.equal(wanted.length, 36);
      const others = results.filter((result) => !wanted.includes(result));
      console.log(`          ${wanted.length} MUST and SHOULD; of ${others.length} MAY ${others.filter(({ status }) => status === "ok").length} are ok (GET is off)`);
    });
    await check("the audits can fail: where the token is missing, they do", async () => {
      const results = await audited(serve.graphql, {});
      assert.ok(results.some(({ name, status }) => name.startsWith("MUST") && status === "error"));
    });
  } finally {
    await serve.stop();
    await sandbox.stop();
  }
}
