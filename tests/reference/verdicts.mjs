// Which requests are valid: graphql-js is asked about our schema, and the real service over HTTP. Each document of the
// tables in `verdicts/` has one verdict, unless the table says that ours differs, and why.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { buildSchema, getOperationAST, getVariableValues, GraphQLError, Kind, parse, validate, valueFromASTUntyped } from "graphql";
import { startSandbox } from "./service.mjs";
import mutations from "./verdicts/mutations.mjs";
import selections from "./verdicts/selections.mjs";
import syntax from "./verdicts/syntax.mjs";
import values from "./verdicts/values.mjs";

const TABLES = { syntax, selections, values, mutations };

/** The scalars of the contract, by what the schema says of their format. */
const TEXTS = {
  UUID: (text) => /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i.test(text),
  Date: isDay,
  DateTime: (text) => {
    const parts = /^(\d{4}-\d\d-\d\d)[Tt]([01]\d|2[0-3]):[0-5]\d:[0-5]\d(\.\d{1,3})?([Zz]|[+-]([01]\d|2[0-3]):[0-5]\d)$/.exec(text);
    return parts !== null && isDay(parts[1]);
  },
};

function isDay(text) {
  const parts = /^(\d{4})-(\d\d)-(\d\d)$/.exec(text);
  if (parts === null) return false;
  const day = new Date(`${text}T00:00:00Z`);
  return !Number.isNaN(day.valueOf()) && day.toISOString().startsWith(text);
}

/** The schema that the binary prints, its scalars judging as the schema describes them. */
function reference(binary) {
  const schema = buildSchema(execFileSync(binary, ["schema"], { encoding: "utf8" }));
  for (const [name, fits] of Object.entries(TEXTS)) {
    const judge = (value) => {
      if (typeof value !== "string" || !fits(value)) throw new GraphQLError(`no ${name}`);
      return value;
    };
    const scalar = schema.getType(name);
    scalar.parseValue = judge;
    scalar.parseLiteral = (node) => judge(node.kind === Kind.STRING ? node.value : undefined);
  }
  const metadata = schema.getType("Metadata");
  metadata.parseValue = (value) => {
    if (value === null || typeof value !== "object" || Array.isArray(value)) throw new GraphQLError("no Metadata");
    return value;
  };
  metadata.parseLiteral = (node, variables) => {
    if (node.kind !== Kind.OBJECT || hasName(node)) throw new GraphQLError("no Metadata");
    return valueFromASTUntyped(node, variables);
  };
  return schema;
}

/** JSON has no names for values. */
function hasName(node) {
  if (node.kind === Kind.LIST) return node.values.some(hasName);
  if (node.kind === Kind.OBJECT) return node.fields.some((field) => hasName(field.value));
  return node.kind === Kind.ENUM;
}

/** Why graphql-js would not execute a request; nothing where it would. */
function fault(schema, { query, variables, operationName }) {
  let document;
  try {
    document = parse(query);
  } catch (error) {
    return error.message;
  }
  const faults = validate(schema, document);
  if (faults.length > 0) return faults[0].message;
  const operation = getOperationAST(document, operationName);
  if (!operation) return "no such operation";
  if (!schema.getRootType(operation.operation)) return "no such root";
  const given = JSON.parse(JSON.stringify(variables ?? {}));
  return getVariableValues(schema, operation.variableDefinitions ?? [], given).errors?.[0].message;
}

/** Asks the service; `data` in the answer means that it took the request for valid. */
function client(sandbox) {
  return async ({ query, variables, operationName }) => {
    const response = await fetch(sandbox.graphql, {
      method: "POST",
      headers: {
        "Content-Type": "application/json",
        Accept: "application/graphql-response+json",
        Authorization: `Bearer ${sandbox.tokens.admin}`,
        "X-Organization-Id": sandbox.organizationId,
      },
      body: JSON.stringify({ query, variables, operationName }),
    });
    const answer = await response.json();
    assert.equal(response.status, "data" in answer ? 200 : 400, JSON.stringify(answer));
    // What was taken for valid runs to its end: an error of ours says that it should have been refused.
    const broken = (answer.errors ?? []).some((error) => error.extensions?.code === "INTERNAL");
    assert.ok(!broken, JSON.stringify(answer.errors));
    return answer;
  };
}

export async function suite({ check, binary }) {
  const schema = reference(binary);
  const sandbox = await startSandbox(binary);
  try {
    const ask = client(sandbox);
    const names = new Set();
    for (const [table, requests] of Object.entries(TABLES)) {
      for (const request of requests) {
        await check(`verdicts: ${table}: ${request.name}`, async () => {
          assert.ok(!names.has(request.name), "each document has a name of its own");
          names.add(request.name);
          const theirs = fault(schema, request);
          assert.equal(theirs === undefined, request.valid, `graphql-js: ${theirs ?? "valid"}`);
          const answer = await ask(request);
          const agreed = "data" in answer === request.valid;
          const ours = JSON.stringify(answer.errors ?? "valid");
          if (request.differs === undefined) assert.ok(agreed, `graphql-js: ${theirs ?? "valid"}; ours: ${ours}`);
          else assert.ok(!agreed, `it is listed as different, and does not differ: ${ours}`);
        });
      }
    }
    await check("verdicts: at least 160 documents are compared", () => assert.ok(names.size >= 160, `${names.size}`));
    await commitsNothing(check, ask);
    await runsOnce(check, ask);
  } finally {
    await sandbox.stop();
  }
}

const two = (first, second) => ({
  query: `mutation($i: CreateHolderInput!, $j: CreateHolderInput!) {
    a: createHolder(input: $i) { holder { id } userErrors { code } } b: createHolder(input: $j) { holder { id } }
  }`,
  variables: { i: first, j: second },
});

async function count(ask) {
  const answer = await ask({ query: "{ holders { totalCount totalCountExact } }" });
  assert.equal(answer.data.holders.totalCountExact, true);
  return answer.data.holders.totalCount;
}

/** A bad variable of the second mutation is found before the first one runs. */
async function commitsNothing(check, ask) {
  const good = (document) => ({ type: "LEGAL_PERSON", name: "n", document });
  const bad = {
    "is missing": undefined,
    "is null": null,
    "lacks a required field": { type: "LEGAL_PERSON", name: "n" },
    "has a field of the wrong type": { ...good("c1"), name: 7 },
    "has a field that is not known": { ...good("c2"), nickname: "n" },
    "has an enum's value that is not known": { ...good("c3"), type: "PERSON" },
    "has a scalar that does not fit": { ...good("c4"), naturalPerson: { birthDate: "2023-02-29" } },
    "is wrong deep below": { ...good("c5"), addresses: { primary: { line1: [] } } },
  };
  for (const [fault, second] of Object.entries(bad)) {
    await check(`verdicts: nothing is committed where a variable of the second mutation ${fault}`, async () => {
      const before = await count(ask);
      const answer = await ask(two(good("first of two"), second));
      assert.ok(!("data" in answer), JSON.stringify(answer));
      assert.equal(await count(ask), before);
    });
  }
  await check("verdicts: nothing is committed where a default of the second mutation is null, and null may not stand there", async () => {
    const before = await count(ask);
    const query = `mutation($i: CreateHolderInput!, $m: DeletionMode = null) {
      createHolder(input: $i) { holder { id } } deleteHolder(input: {id: "1", mode: $m}) { userErrors { code } }
    }`;
    const answer = await ask({ query, variables: { i: good("before a null") } });
    assert.ok(!("data" in answer), JSON.stringify(answer));
    assert.equal(await count(ask), before);
  });
  await check("verdicts: zero with a sign is an Int, behind a mutation too", async () => {
    const before = await count(ask);
    const query = `mutation($i: CreateHolderInput!, $n: Int = -0) {
      createHolder(input: $i) { holder { id a: aliasAccounts(first: -0) { totalCount } b: aliasAccounts(first: $n) { totalCount } } }
    }`;
    const answer = await ask({ query, variables: { i: good("before a zero") } });
    assert.ok(answer.data.createHolder, JSON.stringify(answer));
    assert.equal(await count(ask), before + 1);
  });
  await check("verdicts: with good variables both are committed, so that the count can tell", async () => {
    const before = await count(ask);
    const answer = await ask(two(good("first of two"), good("second of two")));
    assert.ok(answer.data.a.holder.id && answer.data.b.holder.id, JSON.stringify(answer));
    assert.equal(await count(ask), before + 2);
  });
}

/** What is selected twice under one name on conditions happens once, or not at all. */
async function runsOnce(check, ask) {
  const query = `mutation($x: Boolean!, $y: Boolean!, $d: String!) {
    c: createHolder(input: {type: LEGAL_PERSON, name: "n", document: $d}) @include(if: $x) { holder { id } userErrors { code } }
    c: createHolder(input: {type: LEGAL_PERSON, name: "n", document: $d}) @skip(if: $y) { holder { name } }
  }`;
  const cases = [
    { x: true, y: false, fields: ["id", "name"] },
    { x: true, y: true, fields: ["id"] },
    { x: false, y: false, fields: ["name"] },
    { x: false, y: true, fields: undefined },
  ];
  for (const { x, y, fields } of cases) {
    await check(`verdicts: a mutation twice on conditions ($x ${x}, $y ${y}) happens as often as it should`, async () => {
      const before = await count(ask);
      const answer = await ask({ query, variables: { x, y, d: `twice ${x} ${y}` } });
      assert.equal(answer.errors, undefined, JSON.stringify(answer));
      assert.deepEqual(answer.data.c && Object.keys(answer.data.c.holder), fields);
      assert.equal(await count(ask), before + (fields ? 1 : 0));
    });
  }
}
