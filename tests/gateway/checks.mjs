// What a supergraph of our subgraph and two others answers.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { buildASTSchema } from "graphql";
import { startSandbox, startServe } from "../reference/service.mjs";
import { compose, startGateway } from "./gateway.mjs";
import { page, withoutIds } from "./page.mjs";
import { LIMITS, STATEMENTS, said, startSubgraph } from "./subgraph.mjs";

const UNKNOWN = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

const CREATE_HOLDER = `mutation CreateHolder($input: CreateHolderInput!) {
  createHolder(input: $input) { holder { id riskClass } userErrors { code } }
}`;
const CREATE_ALIAS_ACCOUNT = `mutation CreateAliasAccount($input: CreateAliasAccountInput!) {
  createAliasAccount(input: $input) { aliasAccount { id accountId balanceNote dailyLimit } userErrors { code } }
}`;
const HOLDER = `query Holder($id: ID!) {
  holder(id: $id) {
    name riskClass
    aliasAccounts { nodes { id accountId balanceNote dailyLimit } pageInfo { hasNextPage } }
  }
}`;
const STATED = `query Stated($ledger: UUID!, $accounts: [UUID!]!) {
  statements(ledgerId: $ledger, accountIds: $accounts) {
    number
    aliasAccount { accountId balanceNote document holder { name } }
  }
}`;
const LIMITED = `query Limited($ids: [ID!]!) { limited(ids: $ids) { nodes { id dailyLimit balanceNote document } pageInfo { hasNextPage } } }`;
const RATED = `query Rated($ids: [ID!]!) { rated(ids: $ids) { id riskClass name } }`;

/** All servers, started; what was started is stopped whatever happens. */
export async function suite({ check, binary }) {
  const started = [];
  const keep = async (starting) => {
    const server = await starting;
    started.push(server);
    return server;
  };
  try {
    const sandbox = await keep(startSandbox(binary));
    const service = await keep(startServe(binary, sandbox, { FEDERATION_ENABLED: "true" }));
    const statements = await keep(startSubgraph(STATEMENTS));
    const limits = await keep(startSubgraph(LIMITS));
    const sdl = execFileSync(binary, ["schema", "--federation"], { encoding: "utf8" });
    const supergraph = compose([
      { name: "holdergraph", sdl, url: service.graphql },
      { name: "statements", sdl: STATEMENTS, url: statements.url },
      { name: "limits", sdl: LIMITS, url: limits.url },
    ]);
    await check("our subgraph composes with others without an error", () => assert.deepEqual(supergraph.errors, []));
    await checkComposition({ check, sdl, supergraph, service, sandbox });
    const gateway = await keep(startGateway(supergraph.supergraphSdl));
    await checkGateway({ check, gateway, service, sandbox, others: [statements, limits] });
  } finally {
    for (const server of started.reverse()) await server.stop();
  }
}

async function checkComposition({ check, sdl, supergraph, service, sandbox }) {
  await check("our subgraph composes alone", () => {
    assert.deepEqual(compose([{ name: "holdergraph", sdl, url: service.graphql }]).errors, []);
  });
  await check("node and nodes are not in the supergraph's API, all other queries are", () => {
    const query = buildASTSchema(supergraph.publicDocumentNode).getQueryType().getFields();
    assert.deepEqual(Object.keys(query).sort(), [
      "aliasAccount", "aliasAccountByLedgerAccount", "aliasAccounts", "aliasAccountsByLedgerAccounts",
      "auditEntries",
      "holder", "holderByDocument", "holders", "limited", "rated", "statements",
    ]);
  });
  await check("two subgraphs that both have a PageInfo compose only because it is shareable", () => {
    const errors = compose([
      { name: "holdergraph", sdl: sdl.replace("type PageInfo @shareable", "type PageInfo"), url: service.graphql },
      { name: "limits", sdl: LIMITS, url: "http://127.0.0.1:1/" },
    ]).errors;
    assert.match(errors.join("\n"), /PageInfo\.hasNextPage/);
  });
  await check("_service answers what the command prints, with a token and no organization", async () => {
    const answer = await fetch(service.graphql, {
      method: "POST",
      headers: { "Content-Type": "application/json", Authorization: `Bearer ${sandbox.tokens.nobody}` },
      body: JSON.stringify({ query: "query Composition { _service { sdl } }" }),
    });
    assert.equal((await answer.json()).data._service.sdl, sdl);
  });
}

async function checkGateway({ check, gateway, service, sandbox, others }) {
  const headers = (token = "admin", organization = sandbox.organizationId) => ({
    Authorization: `Bearer ${sandbox.tokens[token]}`,
    "X-Organization-Id": organization,
  });
  const ask = async (query, variables, ...as) => gateway.ask(query, variables, headers(...as));
  const data = async (query, variables, ...as) => {
    const answer = await ask(query, variables, ...as);
    assert.equal(answer.errors, undefined, JSON.stringify(answer));
    return answer.data;
  };
  const requests = () => service.log().split("\n").filter((line) => line.includes('"message":"request"')).length;
  const ledger = sandbox.ledgerId;
  const holders = [];
  const linked = [];

  await check("mutations go through, and their payloads reach into the other subgraphs", async () => {
    for (const index of [0, 1, 2]) {
      const input = { type: "NATURAL_PERSON", name: `Maria ${index}`, document: `DOC-${index}` };
      const { holder } = (await data(CREATE_HOLDER, { input })).createHolder;
      assert.equal(holder.riskClass, said(holder.id).riskClass);
      holders.push(holder.id);
      const link = { holderId: holder.id, ledgerId: ledger, accountId: sandbox.accountIds[index] };
      const { aliasAccount } = (await data(CREATE_ALIAS_ACCOUNT, { input: link })).createAliasAccount;
      assert.equal(aliasAccount.balanceNote, said(aliasAccount.accountId).balanceNote);
      assert.equal(aliasAccount.dailyLimit, said(aliasAccount.id).dailyLimit);
      linked.push(aliasAccount);
    }
  });

  await check("one query goes from a holder to its alias accounts and on to what others say of them", async () => {
    const nodes = [linked[1]];
    const aliasAccounts = { nodes, pageInfo: { hasNextPage: false } };
    const { holder } = await data(HOLDER, { id: holders[1] });
    assert.deepEqual(holder, { name: "Maria 1", riskClass: said(holders[1]).riskClass, aliasAccounts });
  });

  await check("another subgraph's alias accounts are ours, by ledger and account: a batch in one request", async () => {
    const asked = [2, 0, 50, 1, 0].map((index) => sandbox.accountIds[index]);
    const before = requests();
    const { statements } = await data(STATED, { ledger, accounts: asked });
    const expected = [2, 0, undefined, 1, 0].map((index, place) => ({
      number: place + 1,
      aliasAccount: {
        accountId: asked[place],
        balanceNote: said(asked[place]).balanceNote,
        document: index === undefined ? null : `DOC-${index}`,
        holder: index === undefined ? null : { name: `Maria ${index}` },
      },
    }));
    assert.deepEqual(statements, expected);
    assert.equal(requests() - before, 1);
  });

  await check("another subgraph's alias accounts are ours, by id, and reach a third", async () => {
    const ids = [linked[2].id, linked[0].id];
    const { limited } = await data(LIMITED, { ids });
    const one = (index) => ({
      id: linked[index].id,
      dailyLimit: linked[index].dailyLimit,
      balanceNote: linked[index].balanceNote,
      document: `DOC-${index}`,
    });
    assert.deepEqual(limited, { nodes: [one(2), one(0)], pageInfo: { hasNextPage: false } });
  });

  await check("another subgraph's holders are ours, and one that nobody knows stays without our fields", async () => {
    const { rated } = await data(RATED, { ids: [holders[1], UNKNOWN, holders[0]] });
    const one = (id, name) => ({ id, riskClass: said(id).riskClass, name });
    assert.deepEqual(rated, [one(holders[1], "Maria 1"), one(UNKNOWN, null), one(holders[0], "Maria 0")]);
  });

  await check("100 entities of one list come in one batch", async () => {
    const ids = [...Array(100)].map((_, index) => (index % 2 ? holders[index % 3] : UNKNOWN.slice(0, -3) + (100 + index)));
    const before = requests();
    const { rated } = await data(RATED, { ids });
    assert.equal(rated.filter(({ name }) => name !== null).length, 50);
    assert.equal(requests() - before, 1);
  });

  await check("FORBIDDEN comes through as a located null, and what others say is served", async () => {
    const accounts = [sandbox.accountIds[0], sandbox.accountIds[50]];
    const answer = await ask(STATED, { ledger, accounts }, "nobody");
    const [first, second] = answer.data.statements.map(({ aliasAccount }) => aliasAccount);
    assert.equal(first.balanceNote, said(accounts[0]).balanceNote);
    assert.deepEqual([first.document, first.holder, second.document, second.holder], [null, null, null, null]);
    const told = answer.errors.map(({ path, extensions }) => [path.join("."), extensions.code]);
    assert.deepEqual(told.sort(), [
      ["statements.0.aliasAccount.document", "FORBIDDEN"],
      ["statements.0.aliasAccount.holder", "FORBIDDEN"],
    ]);
  });

  await check("the answers of docs/federation.md are real", async () => {
    const accounts = [sandbox.accountIds[3], sandbox.accountIds[50]];
    const input = { type: "NATURAL_PERSON", name: "Maria Souza", document: "913.150.260-15" };
    const { holder } = (await data(CREATE_HOLDER, { input })).createHolder;
    await data(CREATE_ALIAS_ACCOUNT, { input: { holderId: holder.id, ledgerId: ledger, accountId: accounts[0] } });
    const answer = await ask(page.query, { ledger, accounts });
    assert.deepEqual(withoutIds(answer), withoutIds(page.answer));
    const refused = await ask(page.query, { ledger, accounts: accounts.slice(0, 1) }, "nobody");
    assert.deepEqual(withoutIds(refused), withoutIds(page.refused));
  });

  await check("a refused root field of ours is null too", async () => {
    const answer = await ask(HOLDER, { id: holders[0] }, "nobody");
    assert.equal(answer.data.holder, null);
    assert.deepEqual(answer.errors.map(({ path, extensions }) => [path, extensions.code]), [[["holder"], "FORBIDDEN"]]);
  });

  await check("another organization sees nothing of ours, by any key", async () => {
    const abroad = ["admin", sandbox.other.organizationId];
    assert.equal((await data(HOLDER, { id: holders[0] }, ...abroad)).holder, null);
    const accounts = sandbox.accountIds.slice(0, 3);
    const { statements } = await data(STATED, { ledger, accounts }, ...abroad);
    assert.deepEqual(statements.map(({ aliasAccount }) => [aliasAccount.document, aliasAccount.holder]), Array(3).fill([null, null]));
    const { limited } = await data(LIMITED, { ids: linked.map(({ id }) => id) }, ...abroad);
    assert.deepEqual(limited.nodes.map(({ document }) => document), [null, null, null]);
    const { rated } = await data(RATED, { ids: holders }, ...abroad);
    assert.deepEqual(rated.map(({ name }) => name), [null, null, null]);
  });

  await check("node and nodes cannot be asked for through the gateway", async () => {
    for (const query of [`{ node(id: "${UNKNOWN}") { id } }`, `{ nodes(ids: []) { id } }`]) {
      const answer = await ask(query, {});
      assert.equal(answer.errors[0].extensions.code, "GRAPHQL_VALIDATION_FAILED");
    }
  });

  await check("without a token the gateway gets nothing of ours", async () => {
    const answer = await gateway.ask(RATED, { ids: holders }, { "X-Organization-Id": sandbox.organizationId });
    assert.deepEqual(answer.data.rated.map(({ name }) => name), [null, null, null]);
    assert.ok(answer.errors.length > 0);
  });

  await check("every subgraph got the caller's token and organization", () => {
    for (const { seen } of others) {
      assert.ok(seen.length > 0);
      const tokens = Object.values(sandbox.tokens).map((token) => `Bearer ${token}`);
      const withToken = seen.filter((headers) => headers.authorization !== undefined);
      assert.ok(withToken.length > 0);
      assert.ok(withToken.every((headers) => tokens.includes(headers.authorization)));
      const known = [sandbox.organizationId, sandbox.other.organizationId];
      assert.ok(seen.every((headers) => known.includes(headers["x-organization-id"])));
    }
  });
}
