// The flow: create a holder, link an account, read both, change some fields and leave the others alone, clear some.
import { type Connection, request } from "./client.js";
import type { LinkStatus, UpdateHolderInput } from "./graphql/graphql.js";
import { createHolder, linkAccount, readHolder, updateHolder } from "./operations.js";

function setting(name: string): string {
  const value = process.env[name];
  if (!value) throw new Error(`${name} is not set`);
  return value;
}

/** Every mutation answers a refusal that the caller can mend in userErrors, at the field that is at fault. */
function succeeded<Payload extends { userErrors: { code: string; field: string[] }[] }>(payload: Payload | null | undefined) {
  if (!payload) throw new Error("the mutation was refused; the errors say why");
  if (payload.userErrors.length > 0) throw new Error(`refused: ${JSON.stringify(payload.userErrors)}`);
  return payload;
}

/** A newer service may answer what this client has not heard of: never without a default. */
function mayBeUsed(status: LinkStatus): boolean {
  switch (status) {
    case "VERIFIED":
      return true;
    default:
      return false;
  }
}

const url = setting("URL");
const organizationId = setting("ORGANIZATION_ID");
const connection: Connection = { url, organizationId, token: setting("TOKEN") };
const restricted: Connection = { url, organizationId, token: setting("RESTRICTED_TOKEN") };
const document = setting("DOCUMENT");

async function read(id: string, as: Connection) {
  const { data, errors } = await request(as, readHolder, { id });
  if (!data.holder) throw new Error(`no holder: ${JSON.stringify(errors)}`);
  return { holder: data.holder, errors };
}

async function update(input: UpdateHolderInput) {
  const { data } = await request(connection, updateHolder, { input });
  return succeeded(data.updateHolder).holder?.version;
}

const created = await request(connection, createHolder, {
  input: {
    type: "NATURAL_PERSON",
    name: "Maria Souza",
    document,
    externalId: "customer-1",
    contact: { primaryEmail: "maria@example.com", secondaryEmail: "souza@example.com", mobilePhone: "+55 11 90000-0001" },
    naturalPerson: { birthDate: "1990-02-28" },
    metadata: { segment: "retail" },
  },
});
const holderId = succeeded(created.data.createHolder).holder?.id;
if (holderId === undefined) throw new Error("the new holder has been purged since");

const linked = await request(connection, linkAccount, {
  input: { holderId, ledgerId: setting("LEDGER_ID"), accountId: setting("ACCOUNT_ID") },
});
const account = succeeded(linked.data.createAliasAccount).aliasAccount;
if (!account) throw new Error("the new alias account has been purged since");

const before = await read(holderId, connection);

// Absent leaves alone: of the contact only the telephone number changes, and all else of the holder but its name stays.
await update({ id: holderId, expectedVersion: before.holder.version, name: "Maria Lima", contact: { mobilePhone: "+55 11 90000-0002" } });
const changed = await read(holderId, connection);

// Null clears: the external id, and of the contact the first e-mail address.
await update({ id: holderId, externalId: null, contact: { primaryEmail: null } });
const cleared = await read(holderId, connection);

// Bad input is no error of GraphQL: the payload says which field is wrong, and how.
const refused = await request(connection, updateHolder, { input: { id: holderId, contact: { primaryEmail: "no address" } } });

// This token may read holders and no alias accounts: the holder is there, its accounts are null, and an error says why.
const partial = await read(holderId, restricted);

// A holder that has no more than a name gets another: an object that is left alone is not sent, as an empty one would be made.
const bareCreated = await request(connection, createHolder, {
  input: { type: "NATURAL_PERSON", name: "Ana Souza", document: `${document}-BARE` },
});
const bareId = succeeded(bareCreated.data.createHolder).holder?.id;
if (bareId === undefined) throw new Error("the new holder has been purged since");
await update({ id: bareId, name: "Ana Lima" });
const bare = await read(bareId, connection);

const seen = {
  holderId,
  aliasAccountId: account.id,
  linkUsable: mayBeUsed(account.link.status),
  before: before.holder,
  changed: changed.holder,
  cleared: cleared.holder,
  refused: refused.data.updateHolder?.userErrors.map(({ code, field }) => ({ code, field })),
  partial: {
    holder: partial.holder,
    errors: partial.errors.map(({ path, extensions }) => ({ code: extensions?.code, path })),
  },
  bare: bare.holder,
};
console.log(JSON.stringify(seen));
