// GraphiQL of `serve`: it knows nobody's token, and must help until it has one.
import assert from "node:assert/strict";
import { check } from "./checks.mjs";
import { Page, screenshot } from "./page.mjs";

const refusedByServer = (message) => /^error: Failed to load resource: the server responded with a status of 4\d\d/.test(message);

export async function ofServe(browser, serve, sandbox) {
  const url = serve.graphql.replace(/graphql$/, "graphiql");
  await beginning(browser, url, sandbox);
  await inTheHeaders(browser, url, sandbox);
  await withoutIntrospection(browser, url, sandbox);
}

async function beginning(browser, url, sandbox) {
  const page = await Page.open(browser, url, { schema: false });
  await check("serve opens with example tabs, and none of them knows a token or a person", async () => {
    const tabs = page.tabsAnswered();
    assert.deepEqual(await page.tabLabels(), ["1 List", "2 Read", "3 Who", "4 Create", "5 Update", "6 Trail"]);
    for (const { headers } of tabs) {
      assert.deepEqual(JSON.parse(headers), { Authorization: "Bearer <token>", "X-Organization-Id": "<organization>" });
    }
    assert.doesNotMatch(JSON.stringify(tabs), /eyJ|[0-9a-f]{8}-[0-9a-f]{4}/);
  });
  await check("before there is a token the page says what to do, and sends nothing", async () => {
    assert.match(await page.note(), /^No token yet: paste yours here/);
    assert.match(await page.result(), /There is no token yet\. Paste yours/);
    assert.equal(page.requestsTo("/graphql").length, 0);
    await screenshot(page, "graphiql-without-token");
  });
  await check("a token and an organization typed above load the documentation, and hold for every tab", async () => {
    await page.use(` Bearer ${sandbox.tokens.editor} `, sandbox.organizationId);
    await page.schemaCame();
    assert.match(await page.openDocumentation(), /query: Query/);
    const note = await page.note();
    assert.ok(note.startsWith(sandbox.subjects.editor) && note.endsWith(`organization ${sandbox.organizationId}`), note);
  });
  await check("what only the reader knows must be filled in before a mutation is sent", async () => {
    await page.openTab(3);
    const before = page.operationsSent().length;
    assert.match((await page.run()).errors[0].message, /^Fill in variables\.input\.document first: a document of this person\.$/);
    assert.equal(page.operationsSent().length, before);
  });
  await check("filled in, the examples create, list, read and change", async () => {
    const input = { type: "NATURAL_PERSON", name: "Ana Example", document: `AB-${Date.now()}` };
    await page.type("variables", JSON.stringify({ input }));
    const { holder, userErrors } = (await page.run()).data.createHolder;
    assert.deepEqual(userErrors, []);
    await page.openTab(0);
    assert.ok((await page.run()).data.holders.nodes.some(({ id }) => id === holder.id));
    await page.openTab(1);
    assert.match((await page.run()).data.holder.id, /-/);
    await page.openTab(4);
    await page.type("variables", JSON.stringify({ input: { id: holder.id, metadata: { segment: "gold" } } }));
    assert.deepEqual((await page.run()).data.updateHolder.holder.metadata, { segment: "gold" });
  });
  await check("a reload finds the token and the organization again, and the documentation loads at once", async () => {
    await page.reload();
    assert.ok((await page.note()).startsWith(sandbox.subjects.editor));
    const { local, cookies } = await page.kept();
    assert.deepEqual([local, cookies], [[], []]);
  });
  await check("where the session is full, the page works on and says how room is made", async () => {
    await page.startOver();
    await page.fillTheSession();
    await page.use(sandbox.tokens.viewer, sandbox.organizationId);
    await page.noteSays(/ · this browser tab keeps no more, .*: Start over makes room$/);
    assert.ok((await page.note()).startsWith(sandbox.subjects.viewer), await page.note());
    await page.openTab(0);
    assert.equal((await page.run()).errors, undefined);
    // The page can still begin, though without what came last; and afterwards there is room.
    await page.reload();
    assert.match(await page.note(), /^No token yet/);
    await page.startOver();
    await page.use(sandbox.tokens.editor, sandbox.organizationId);
    await page.noteSays(new RegExp(`^${sandbox.subjects.editor}.*organization ${sandbox.organizationId}$`));
  });
  await check("no token in any address, no other origin, nothing in the console", () => {
    assert.deepEqual(page.addresses().filter((at) => at.includes(sandbox.tokens.editor)), []);
    assert.deepEqual(page.foreignRequests(), []);
    assert.deepEqual(page.complaints(), []);
  });
  await check("a token that is not accepted is told where the documentation would be", async () => {
    await page.startOver();
    await page.use("not.a.token", sandbox.organizationId);
    await page.noteSays(/no documentation: /);
    assert.deepEqual(page.complaints().filter((complaint) => !refusedByServer(complaint)), []);
  });
  await page.close();
}

async function inTheHeaders(browser, url, sandbox) {
  const page = await Page.open(browser, url, { schema: false });
  await check("a token typed into a tab's own headers loads the documentation too", async () => {
    await page.openTab(1);
    await page.type("headers", JSON.stringify({ authorization: `Bearer ${sandbox.tokens.viewer}`, "X-Organization-Id": sandbox.organizationId }));
    await page.schemaCame();
    assert.ok((await page.note()).startsWith(sandbox.subjects.viewer));
    assert.deepEqual(page.complaints(), []);
  });
  await page.close();
}

async function withoutIntrospection(browser, url, sandbox) {
  const page = await Page.open(browser, url, { schema: false });
  await check("where the server does not tell its schema, the page says so and works on", async () => {
    await page.refuseIntrospection("introspection is off on this server");
    await page.use(sandbox.tokens.viewer, sandbox.organizationId);
    await page.noteSays(/no documentation: introspection is off on this server$/);
    assert.match(await page.result(), /The server does not tell its schema here.*introspection is off on this server/s);
    await screenshot(page, "graphiql-without-introspection");
    assert.equal((await page.run()).errors, undefined);
    assert.deepEqual(page.complaints(), []);
  });
  await page.close();
}
