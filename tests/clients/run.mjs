// Makes the clients of examples/clients from schema.graphql and runs each through the whole flow against the real binary.
//
//   node run.mjs [BINARY [CLIENT...]]   BINARY is target/debug/holdergraph unless named; without a CLIENT TypeScript and
//                                       Rust, with TEST_SCALE=1 Go and Python too
//
// They run against `serve` as it is deployed: no introspection, every operation named. CLIENTS_PYTHON is the Python
// that has what examples/clients/python needs. Prints one line a check and ends with "N passed, N failed".
import assert from "node:assert/strict";
import { createHash } from "node:crypto";
import { readFile } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { startSandbox, startServe } from "../reference/service.mjs";
import { LANGUAGES, command, folder } from "./languages.mjs";
import { CARELESS_CLIENTS, runCareless } from "./careless.mjs";
import { noLockFileNamesARegistry } from "./locks.mjs";
import { startNewer } from "./newer.mjs";
import { everyAbsentFieldIsLeftOut } from "./omitted.mjs";
import { BARE, CHANGE, CLEAR, NEW, ask, bareDocument, expected, mustHaveStayedBare, mustHoldWhatWasAsked, storedHolder } from "./record.mjs";

const [named, ...chosen] = process.argv.slice(2);
const binary = named ?? fileURLToPath(new URL("../../target/debug/holdergraph", import.meta.url));
const clients = chosen.length > 0 ? chosen : process.env.TEST_SCALE === "1" ? Object.keys(LANGUAGES) : ["typescript", "rust"];
for (const client of clients) assert.ok(client in LANGUAGES, `there is no client "${client}"; there are ${Object.keys(LANGUAGES).join(", ")}`);

const counts = { passed: 0, failed: 0 };

async function check(name, body) {
  const began = performance.now();
  try {
    await body();
    counts.passed += 1;
    console.log(`  ok      ${name} (${((performance.now() - began) / 1000).toFixed(1)} s)`);
    return true;
  } catch (error) {
    counts.failed += 1;
    console.log(`  FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, "          ")}`);
    return false;
  }
}

/** The sandbox's viewer may read alias accounts no more: what is left is a token that may read holders only. */
async function restrict(sandbox) {
  const grant = { sub: sandbox.subjects.viewer, resource: "aliases", action: "get", authorized: false };
  const answer = await fetch(`${sandbox.accessManager}/_sandbox/grants`, {
    method: "PUT",
    headers: { "Content-Type": "application/json" },
    body: JSON.stringify(grant),
  });
  assert.equal(answer.status, 200, await answer.text());
}

const sandbox = await startSandbox(binary);
const serve = await startServe(binary, sandbox);
const place = { url: serve.graphql, token: sandbox.tokens.editor, organizationId: sandbox.organizationId };

let turns = 0;

/** A turn has a document and an account of its own; what the client reads from its environment. */
function turn() {
  const number = (turns += 1);
  const document = `CLIENT-${number}`;
  const accountId = sandbox.accountIds[number];
  const env = {
    URL: serve.graphql,
    TOKEN: sandbox.tokens.editor,
    RESTRICTED_TOKEN: sandbox.tokens.viewer,
    ORGANIZATION_ID: sandbox.organizationId,
    LEDGER_ID: sandbox.ledgerId,
    ACCOUNT_ID: accountId,
    DOCUMENT: document,
  };
  return { document, accountId, env };
}

/** The last line that a client prints is what it saw. */
function seenBy(output) {
  return JSON.parse(output.trimEnd().split("\n").at(-1));
}

async function flow(client) {
  const { make, start } = LANGUAGES[client];
  const at = folder(client);
  if (!(await check(`${client}: made from schema.graphql`, () => make(at)))) return;
  const { document, accountId, env } = turn();
  let seen;
  await check(`${client}: ran the whole flow`, async () => {
    seen = seenBy(await command(at, start, env));
  });
  await check(`${client}: what it left alone stands, what it set to null is cleared`, async () => {
    mustHoldWhatWasAsked(await storedHolder(place, document));
  });
  await check(`${client}: an object that a holder has not, and that an update leaves alone, stays null`, async () => {
    mustHaveStayedBare(await storedHolder(place, bareDocument(document)));
    mustHaveStayedBare(seen?.bare);
  });
  if (seen === undefined) return;
  const { holderId, aliasAccountId } = seen;
  await check(`${client}: saw the linked account below its holder, before and after both updates`, async () => {
    const stored = await storedHolder(place, document);
    assert.deepEqual({ id: stored.id, nodes: stored.aliasAccounts.nodes }, { id: holderId, nodes: [{ id: aliasAccountId, accountId }] });
    const { before, changed, cleared, linkUsable } = seen;
    assert.deepEqual({ before, changed, cleared }, expected(holderId, { id: aliasAccountId, accountId }));
    assert.equal(linkUsable, true);
  });
  await check(`${client}: showed the field that a userError names`, () => {
    assert.deepEqual(seen.refused, [{ code: "INVALID_VALUE", field: ["input", "contact", "primaryEmail"] }]);
  });
  await check(`${client}: showed the data and the FORBIDDEN beside it`, () => {
    assert.deepEqual(seen.partial, {
      holder: { ...expected(holderId).cleared, aliasAccounts: null },
      errors: [{ code: "FORBIDDEN", path: ["holder", "aliasAccounts"] }],
    });
  });
  await flowWithNewer(client);
}

/** The same program, some releases later: what it has not heard of is no reason to fail. */
async function flowWithNewer(client) {
  const newer = await startNewer(serve.graphql);
  try {
    const { document, env } = turn();
    await check(`${client}: takes a value of an enum that it does not know, and does not use the link`, async () => {
      const seen = seenBy(await command(folder(client), LANGUAGES[client].start, { ...env, URL: newer.url }));
      assert.equal(newer.changed(), 1, "the status was to be answered once");
      assert.equal(seen.linkUsable, false);
      mustHoldWhatWasAsked(await storedHolder(place, document));
    });
    await check(`${client}: names every operation and asks for the media type that tells refused requests apart`, () => {
      const asked = newer.requests.map(({ headers, body }) => [body.operationName, headers.accept]);
      const operations = ["CreateHolder", "LinkAccount", "ReadHolder", "UpdateHolder", "ReadHolder", "UpdateHolder", "ReadHolder", "UpdateHolder", "ReadHolder", "CreateHolder", "UpdateHolder", "ReadHolder"];
      assert.deepEqual(asked, operations.map((operation) => [operation, "application/graphql-response+json"]));
    });
  } finally {
    await newer.stop();
  }
}

/** The documents of the TypeScript client, as its generator writes them down for a service that trusts no others. */
async function manifest() {
  const documents = JSON.parse(await readFile(`${folder("typescript")}/src/graphql/persisted-documents.json`, "utf8"));
  const names = Object.values(documents).map((text) => /(?:query|mutation) (\w+)/.exec(text)[1]);
  assert.deepEqual(names.sort(), ["CreateHolder", "LinkAccount", "ReadHolder", "UpdateHolder"]);
  for (const [id, text] of Object.entries(documents)) {
    assert.equal(id, createHash("sha256").update(text).digest("hex"), "an id is the SHA-256 of its document");
  }
}

/** Does by plain requests what a client with a careless setting does, so that the check of the record is seen to fail. */
async function carelessUpdates() {
  const create = "mutation Create($input: CreateHolderInput!) { createHolder(input: $input) { holder { id } userErrors { code } } }";
  const update = "mutation Update($input: UpdateHolderInput!) { updateHolder(input: $input) { userErrors { code } } }";
  const updated = async (holder, ...updates) => {
    const { createHolder } = await ask(place, create, { input: holder });
    for (const input of updates) await ask(place, update, { input: { id: createHolder.holder.id, ...input } });
    return storedHolder(place, holder.document);
  };
  const after = (document, ...updates) => updated({ ...NEW, document }, ...updates);
  mustHoldWhatWasAsked(await after("CAREFUL", CHANGE, CLEAR));
  const lost = /has changed what it left alone/;
  for (const field of ["naturalPerson", "metadata"]) {
    const stored = await after(`NULL-FOR-${field}`, { ...CHANGE, [field]: null }, CLEAR);
    assert.throws(() => mustHoldWhatWasAsked(stored), lost, field);
  }
  const nested = await after("NULL-FOR-NESTED", { ...CHANGE, contact: { ...CHANGE.contact, secondaryEmail: null } }, CLEAR);
  assert.throws(() => mustHoldWhatWasAsked(nested), lost);
  const kept = await after("NO-NULL", CHANGE, { name: CHANGE.name });
  assert.throws(() => mustHoldWhatWasAsked(kept), /a null did not clear/);
  const rename = { name: "Ana Lima" };
  mustHaveStayedBare(await updated({ ...BARE, document: "CAREFUL-BARE" }, rename));
  for (const field of ["contact", "naturalPerson"]) {
    const made = await updated({ ...BARE, document: `EMPTY-${field}` }, { ...rename, [field]: {} });
    assert.throws(() => mustHaveStayedBare(made), /more than the name has changed/, field);
  }
}

try {
  await check("no lock file of npm's names a registry, or will", noLockFileNamesARegistry);
  await restrict(sandbox);
  await check("the check of the record sees a field that was cleared by accident, and a null that was not sent", carelessUpdates);
  for (const client of clients) await flow(client);
  if (clients.includes("typescript")) await check("typescript: wrote the manifest of its documents", manifest);
  if (clients.includes("go")) await check("go: every field of an update is left out where it is absent", everyAbsentFieldIsLeftOut);
  // Only in a full run: that the check can fail, every run has seen above.
  for (const client of clients.filter((client) => CARELESS_CLIENTS.includes(client) && process.env.TEST_SCALE === "1")) {
    await check(`${client}: without its setting the same program clears what it leaves alone, and the check sees it`, async () => {
      const { document, env } = turn();
      await runCareless(client, env);
      const stored = await storedHolder(place, document);
      assert.throws(() => mustHoldWhatWasAsked(stored), /has changed what it left alone/);
    });
  }
} finally {
  await serve.stop();
  await sandbox.stop();
}
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
