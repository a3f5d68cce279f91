// Two tiny subgraphs beside ours, without a library of federation: each answers `_service` and `_entities` itself.
import { once } from "node:events";
import { createServer } from "node:http";
import { buildSchema, graphql } from "graphql";
import { page } from "./page.mjs";

/** Knows alias accounts by the account of a ledger that they link. It is the example of the documentation. */
export const STATEMENTS = page.subgraph;

/** Knows alias accounts and holders by their ids, and has pages as we have them. */
export const LIMITS = `
extend schema @link(url: "https://specs.apollo.dev/federation/v2.0", import: ["@key", "@shareable"])

type AliasAccount @key(fields: "id") {
  id: ID!
  dailyLimit: Int
}

type Holder @key(fields: "id") {
  id: ID!
  riskClass: String
}

type LimitedConnection {
  nodes: [AliasAccount]!
  pageInfo: PageInfo!
}

type PageInfo @shareable {
  hasNextPage: Boolean!
  hasPreviousPage: Boolean!
  startCursor: String
  endCursor: String
}

type Query {
  limited(ids: [ID!]!): LimitedConnection!
  rated(ids: [ID!]!): [Holder]!
}
`;

const wholePage = { hasNextPage: false, hasPreviousPage: false, startCursor: null, endCursor: null };

const resolvers = {
  statements: ({ ledgerId, accountIds }) =>
    accountIds.map((accountId, index) => ({
      number: index + 1,
      aliasAccount: entity({ __typename: "AliasAccount", ledgerId, accountId }),
    })),
  limited: ({ ids }) => ({ nodes: ids.map((id) => entity({ __typename: "AliasAccount", id })), pageInfo: wholePage }),
  rated: ({ ids }) => ids.map((id) => entity({ __typename: "Holder", id })),
  _entities: ({ representations }) => representations.map(entity),
};

/** What these subgraphs say of an entity is made of its key, so that a test can tell whose it is. */
export const said = (key) => ({ balanceNote: `note ${key}`, dailyLimit: parseInt(key.slice(-4), 16), riskClass: `class ${key}` });

function entity(representation) {
  const key = representation.accountId ?? representation.id;
  return typeof key === "string" ? { ...representation, ...said(key) } : null;
}

/** Serves one of them: `url`, `seen` (the headers of each request) and `stop()`. */
export async function startSubgraph(sdl) {
  const members = ["AliasAccount", "Holder"].filter((name) => sdl.includes(`type ${name} `));
  const whole = `${sdl}
    directive @link(url: String!, import: [String!]) on SCHEMA
    directive @key(fields: String!) repeatable on OBJECT
    directive @shareable on OBJECT
    scalar _Any
    union _Entity = ${members.join(" | ")}
    type _Service { sdl: String! }
    extend type Query { _service: _Service!, _entities(representations: [_Any!]!): [_Entity]! }`;
  const schema = buildSchema(whole);
  const rootValue = { ...resolvers, _service: { sdl } };
  const seen = [];
  const server = createServer(async (request, response) => {
    const chunks = [];
    for await (const chunk of request) chunks.push(chunk);
    const { query: source, variables: variableValues } = JSON.parse(Buffer.concat(chunks).toString());
    seen.push(request.headers);
    const answer = await graphql({ schema, source, variableValues, rootValue });
    response.setHeader("Content-Type", "application/graphql-response+json").end(JSON.stringify(answer));
  });
  await once(server.listen(0, "127.0.0.1"), "listening");
  const stop = () => new Promise((resolve) => server.close(resolve).closeAllConnections());
  return { url: `http://127.0.0.1:${server.address().port}/`, seen, stop };
}
