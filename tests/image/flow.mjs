// Create, link, read: run inside the network of a container, against the service there. Prints what /version says.
//
//   node flow.mjs GRAPHQL FACTS      FACTS is the sandbox's line of JSON
import assert from "node:assert/strict";

const [, , graphql, line] = process.argv;
const sandbox = JSON.parse(line);

async function ask(query, variables) {
  const answer = await fetch(graphql, {
    method: "POST",
    headers: {
      "Content-Type": "application/json",
      Authorization: `Bearer ${sandbox.tokens.admin}`,
      "X-Organization-Id": sandbox.organizationId,
    },
    body: JSON.stringify({ query, variables }),
  });
  const { data, errors } = await answer.json();
  assert.equal(errors, undefined, JSON.stringify(errors));
  return data;
}

const { createHolder } = await ask(
  "mutation Create($input: CreateHolderInput!) { createHolder(input: $input) { holder { id } userErrors { code message } } }",
  { input: { type: "NATURAL_PERSON", name: "Maria Souza", document: "913.150.260-15" } },
);
assert.deepEqual(createHolder.userErrors, []);
const { createAliasAccount } = await ask(
  "mutation Link($input: CreateAliasAccountInput!) { createAliasAccount(input: $input) { aliasAccount { id } userErrors { code message } } }",
  { input: { holderId: createHolder.holder.id, ledgerId: sandbox.ledgerId, accountId: sandbox.accountIds[0] } },
);
assert.deepEqual(createAliasAccount.userErrors, []);
const { holderByDocument } = await ask(
  "query Read($document: String!) { holderByDocument(document: $document) { name aliasAccounts(first: 5) { nodes { accountId } } } }",
  { document: "91315026015" },
);
assert.deepEqual(holderByDocument, { name: "Maria Souza", aliasAccounts: { nodes: [{ accountId: sandbox.accountIds[0] }] } });
const version = await fetch(new URL("/version", graphql));
process.stdout.write(await version.text());
