// Requests of every kind at a sandbox, so that its metrics are there.
import assert from "node:assert/strict";
import { startSandbox } from "../reference/service.mjs";

const SETTINGS = {
  RATE_LIMIT_PER_MINUTE: "600",
  RATE_LIMIT_BURST: "40",
  METADATA_GUARD: "warn",
  UPSTREAM_BREAKER_FAILURES: "2",
  LOOKUP_MISS_LIMIT: "3",
};

const CREATE = "mutation Create($input: CreateHolderInput!) { createHolder(input: $input) { holder { id } userErrors { code } } }";
const LINK = "mutation Link($input: CreateAliasAccountInput!) { createAliasAccount(input: $input) { aliasAccount { id } userErrors { code } } }";
const LOOK_UP = "query LookUp($document: String!) { holderByDocument(document: $document) { id name } }";

/** What /metrics of a sandbox shows after all of that. */
export async function exportedByASandbox(binary) {
  const sandbox = await startSandbox(binary, SETTINGS);
  try {
    await drive(sandbox);
    const answer = await fetch(`${sandbox.ops}/metrics`);
    assert.equal(answer.status, 200);
    return await answer.text();
  } finally {
    await sandbox.stop();
  }
}

async function drive(sandbox) {
  const ask = async (query, variables = {}, { token = sandbox.tokens.admin, ...headers } = {}) => {
    const answer = await fetch(sandbox.graphql, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Authorization: `Bearer ${token}`,
        "X-Organization-Id": sandbox.organizationId,
        ...headers,
      },
      body: JSON.stringify({ query, variables }),
    });
    return answer.json();
  };
  const input = { type: "NATURAL_PERSON", name: "Ana Example", document: "AB-1", metadata: { note: "ana@example.com" } };
  const { holder } = (await ask(CREATE, { input })).data.createHolder;
  const link = (index) => ({ input: { holderId: holder.id, ledgerId: sandbox.ledgerId, accountId: sandbox.accountIds[index] } });
  assert.deepEqual((await ask(LINK, link(0))).data.createAliasAccount.userErrors, []);
  assert.equal((await ask(LOOK_UP, { document: "AB-1" })).data.holderByDocument.id, holder.id);
  for (let miss = 0; miss < 5; miss += 1) await ask(LOOK_UP, { document: `none-${miss}` });
  await ask("query Broken {");
  await ask("query Lists { holders { totalCount } aliasAccounts { totalCount } }", {}, { "X-Forwarded-For": "192.0.2.1" });
  await ask(LOOK_UP, { document: "AB-1" }, { token: "no.such.token" });
  await ask(CREATE, { input }, { token: sandbox.tokens.viewer });
  await withoutTheLedger(sandbox, () => ask(LINK, link(1)));
  // More at once than the burst.
  const many = Array.from({ length: 60 }, () => ask("query Nothing { __typename }", {}, { token: sandbox.tokens.nobody }));
  await Promise.all(many);
}

/** Until the breaker of the ledger is open. */
async function withoutTheLedger(sandbox, call) {
  const faults = (method, body) =>
    fetch(`${sandbox.ledger}/_sandbox/faults`, { method, headers: { "Content-Type": "application/json" }, body });
  const down = JSON.stringify({ rules: [{ kind: "status", status: 503, path: "/v1/organizations/*" }] });
  assert.equal((await faults("PUT", down)).status, 200);
  for (let turn = 0; turn < 3; turn += 1) await call();
  assert.equal((await faults("DELETE")).status, 200);
}
