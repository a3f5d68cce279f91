// What the service has stored of a holder, read without any client of the examples, and what must be there.
import assert from "node:assert/strict";

/** One plain request; fails unless it succeeded. */
export async function ask(place, query, variables) {
  const response = await fetch(place.url, {
    method: "POST",
    headers: {
      Accept: "application/graphql-response+json",
      "Content-Type": "application/json",
      Authorization: `Bearer ${place.token}`,
      "X-Organization-Id": place.organizationId,
    },
    body: JSON.stringify({ query, variables, operationName: /(?:query|mutation) (\w+)/.exec(query)[1] }),
  });
  const answer = await response.json();
  assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));
  return answer.data;
}

/** The holder with this document, or null: all that a careless update could clear. */
export async function storedHolder(place, document) {
  const query = `query Stored($document: String!) { holderByDocument(document: $document) {
    id type name document externalId version metadata
    contact { primaryEmail secondaryEmail mobilePhone otherPhone } naturalPerson { birthDate favoriteName }
    aliasAccounts { nodes { id accountId } } } }`;
  return (await ask(place, query, { document })).holderByDocument;
}

/** The new holder of every client, as an input. */
export const NEW = {
  type: "NATURAL_PERSON",
  name: "Maria Souza",
  externalId: "customer-1",
  contact: { primaryEmail: "maria@example.com", secondaryEmail: "souza@example.com", mobilePhone: "+55 11 90000-0001" },
  naturalPerson: { birthDate: "1990-02-28" },
  metadata: { segment: "retail" },
};

/** What an update of every client changes, the rest left alone; and what the next one clears. */
export const CHANGE = { name: "Maria Lima", contact: { mobilePhone: "+55 11 90000-0002" } };
export const CLEAR = { externalId: null, contact: { primaryEmail: null } };

/** What a client must have seen of its holder: when it was new, when it was changed, when something was cleared. */
export function expected(holderId, account) {
  const aliasAccounts = { nodes: [account], pageInfo: { hasNextPage: false } };
  const { type: _, ...entries } = NEW;
  const before = { id: holderId, ...entries, version: 1, aliasAccounts };
  const changed = { ...before, version: 2, name: CHANGE.name, contact: { ...NEW.contact, ...CHANGE.contact } };
  const cleared = { ...changed, version: 3, externalId: null, contact: { ...changed.contact, primaryEmail: null } };
  return { before, changed, cleared };
}

/** The other holder of every client, which has a name and nothing else, after the update that gave it another name. */
export const BARE = { type: "NATURAL_PERSON", name: "Ana Souza" };
export const bareDocument = (document) => `${document}-BARE`;
const RENAMED = { name: "Ana Lima", externalId: null, version: 2, contact: null, naturalPerson: null, metadata: {} };

/** An update that sends an empty object for what it leaves alone makes one of it: it was null. */
export function mustHaveStayedBare(holder) {
  assert.ok(holder, "the client created no holder without contact");
  const { name, externalId, version, contact, naturalPerson, metadata } = holder;
  assert.deepEqual({ name, externalId, version, contact, naturalPerson, metadata }, RENAMED, "more than the name has changed");
}

/**
 * Holds the record that a client left behind against what its two updates asked for: a field is lost where an update
 * that left it alone cleared it, and kept where a null did not clear it.
 */
export function mustHoldWhatWasAsked(stored) {
  assert.ok(stored, "the client created no holder");
  const { contact, naturalPerson } = stored;
  const left = { type: stored.type, metadata: stored.metadata, secondaryEmail: contact?.secondaryEmail, birthDate: naturalPerson?.birthDate };
  const asked = { type: NEW.type, metadata: NEW.metadata, secondaryEmail: NEW.contact.secondaryEmail, birthDate: NEW.naturalPerson.birthDate };
  assert.deepEqual(left, asked, "an update has changed what it left alone");
  const cleared = { externalId: stored.externalId, primaryEmail: contact.primaryEmail };
  assert.deepEqual(cleared, { externalId: null, primaryEmail: null }, "a null did not clear");
  const changed = { name: stored.name, mobilePhone: contact.mobilePhone };
  assert.deepEqual(changed, { name: CHANGE.name, mobilePhone: CHANGE.contact.mobilePhone }, "an update changed nothing");
  assert.equal(stored.version, 3, "the client made other changes than its two");
}
