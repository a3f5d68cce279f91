// GraphiQL of a sandbox, walked through as a person would who has just started one.
import assert from "node:assert/strict";
import { check } from "./checks.mjs";
import { Page, screenshot } from "./page.mjs";

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;
const SECURITY = { "x-content-type-options": "nosniff", "referrer-policy": "no-referrer", "x-frame-options": "DENY" };

const withoutErrors = (answer) => assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));

export async function ofSandbox(browser, sandbox) {
  const page = await Page.open(browser, sandbox.graphiql);
  await theTabs(page, sandbox);
  await theDocumentation(page);
  await theLooks(page);
  await theKeyboard(page);
  await theAnswer(page);
  await theSession(page, sandbox);
  await check("every operation that was sent has a name, and says which", () => {
    const unnamed = page.operationsSent().filter(({ operationName, query }) => !operationName || !query.includes(operationName));
    assert.deepEqual(unnamed, []);
    assert.ok(page.operationsSent().length >= 8);
  });
  await check("no request left the sandbox's own origin", () => assert.deepEqual(page.foreignRequests(), []));
  await check("no token and no organization in any address", () => {
    for (const secret of [...Object.values(sandbox.tokens), sandbox.organizationId]) {
      assert.deepEqual(page.addresses().filter((url) => url.includes(secret)), []);
    }
  });
  await check("no error in the console, no violation of the policy", () => assert.deepEqual(page.complaints(), []));
  await page.close();
}

async function theTabs(page, sandbox) {
  const tabs = page.tabsAnswered();
  const ids = {};
  await check("the page opens with the sandbox's six tabs", async () => {
    assert.equal(tabs.length, 6);
    assert.deepEqual(await page.tabLabels(), tabs.map((tab) => tab.title));
  });
  await check("the page and its files carry the security headers", async () => {
    for (const path of ["", "/tabs", "/assets/start.js"]) {
      const { headers } = await fetch(sandbox.graphiql + path);
      const wanted = path === "" ? /^default-src 'none'; script-src 'self'; / : /^default-src 'none'; /;
      assert.match(headers.get("content-security-policy") ?? "", wanted);
      assert.doesNotMatch(headers.get("content-security-policy"), /unsafe/);
      for (const [name, value] of Object.entries(SECURITY)) assert.equal(headers.get(name), value);
    }
  });
  await check("the first press of play works: the first tab opens with its variables and headers", async () => {
    const answer = await page.run();
    withoutErrors(answer);
    assert.deepEqual(answer.data.createHolder.userErrors, []);
    ids.holder = answer.data.createHolder.holder.id;
  });
  await check("a tab that needs an earlier answer says which one, and sends nothing", async () => {
    const before = page.operationsSent().length;
    await page.reload();
    await page.openTab(1);
    const answer = await page.run();
    assert.match(answer.errors[0].message, new RegExp(`^Run the tab «${tabs[0].title}» first: `));
    assert.equal(page.operationsSent().length, before);
  });
  await check("tab 1 creates a holder, and by its key the same one again after a reload", async () => {
    await page.openTab(0);
    const answer = await page.run();
    withoutErrors(answer);
    assert.match(ids.holder ?? "", UUID);
    assert.equal(answer.data.createHolder.holder?.id, ids.holder);
  });
  await check("tab 2 links an account to it", async () => {
    await page.openTab(1);
    const answer = await page.run();
    withoutErrors(answer);
    ids.aliasAccount = answer.data.createAliasAccount.aliasAccount?.id;
    assert.match(ids.aliasAccount ?? "", UUID, JSON.stringify(answer));
  });
  await check("tab 3 reads both back", async () => {
    await page.openTab(2);
    const answer = await page.run();
    withoutErrors(answer);
    const shown = JSON.stringify(answer.data);
    assert.ok(ids.holder && shown.includes(ids.holder), `no holder ${ids.holder} in ${shown}`);
    assert.ok(ids.aliasAccount && shown.includes(ids.aliasAccount), `no alias account ${ids.aliasAccount} in ${shown}`);
  });
  await check("tab 4 sets one field, clears one, and leaves the rest", async () => {
    await page.openTab(3);
    const answer = await page.run();
    withoutErrors(answer);
    const { holder } = answer.data.updateHolder;
    assert.equal(holder.id, ids.holder);
    assert.equal(holder.contact.primaryEmail, null);
    assert.match(holder.contact.mobilePhone, /^\+55 /);
    assert.deepEqual(holder.metadata, { segment: "platinum" });
  });
  await check("tab 5 lists by a filter, and finds it", async () => {
    await page.openTab(4);
    const answer = await page.run();
    withoutErrors(answer);
    assert.deepEqual(answer.data.holders.nodes.map(({ id }) => id), [ids.holder]);
    assert.equal(answer.data.holders.totalCount, 1);
  });
  await check("tab 6 is refused as data, each fault at its field", async () => {
    await page.openTab(5);
    const answer = await page.run();
    withoutErrors(answer);
    const { holder, userErrors } = answer.data.createHolder;
    assert.equal(holder, null);
    assert.deepEqual(
      userErrors.map(({ code, field }) => `${code} ${field.join(".")}`),
      ["INVALID_VALUE input.name", "INVALID_VALUE input.contact.primaryEmail", "METADATA_SENSITIVE input.metadata.note"],
    );
  });
  await check("the page says for whom the open tab asks", async () => {
    const note = await page.note();
    assert.ok(note.includes(`organization ${sandbox.organizationId}`), note);
    assert.ok(note.startsWith(sandbox.subjects.contributor), `${note}: ${JSON.stringify(sandbox.subjects)}`);
  });
}

async function theDocumentation(page) {
  await check("the documentation explorer leads from Query to holders to HolderFilter, all described", async () => {
    const root = await page.openDocumentation();
    assert.match(root, /query: Query/);
    assert.match(root, /mutation: Mutation/);
    const query = await page.followDocumentation("Query");
    assert.match(query, /A list of holders: live ones in the order of creation/);
    const holders = await page.followDocumentation("holders");
    assert.match(holders, /Which of them; all live ones where it is left out\./);
    assert.match(holders, /So many from the start, 1 to 100/);
    const filter = await page.followDocumentation("HolderFilter");
    for (const said of [
      "Your own id, exactly as it was written.",
      "Natural or legal persons only.",
      "Entries that the metadata must have, all of them; at most 10.",
      "Live holders, soft-deleted ones, or both.",
    ]) {
      assert.ok(filter.includes(said), `${said} is not in ${filter}`);
    }
    const state = await page.followDocumentation("RecordState");
    assert.match(state, /LIVE\n/);
  });
  await screenshot(page, "graphiql-documentation");
}

async function theLooks(page) {
  await check("the settings and the short keys open", () => page.openDialogs());
  await check("dark and light follow the system, above the editors too", async () => {
    const light = await page.backgrounds("light");
    await screenshot(page, "graphiql-light");
    const dark = await page.backgrounds("dark");
    await screenshot(page, "graphiql-dark");
    assert.equal(light.length, 2);
    light.forEach((colour, index) => assert.notEqual(colour, dark[index]));
  });
  await check("the switch wins over the system, both ways", async () => {
    const [light, dark] = [await page.backgrounds("light"), await page.backgrounds("dark")];
    await page.chooseTheme("Light");
    assert.deepEqual(await page.backgrounds("dark"), light);
    await screenshot(page, "graphiql-switched-light");
    await page.chooseTheme("Dark");
    assert.deepEqual(await page.backgrounds("light"), dark);
    await screenshot(page, "graphiql-switched-dark");
    await page.chooseTheme("System");
    assert.deepEqual(await page.backgrounds("light"), light);
  });
}

async function theKeyboard(page) {
  await check("the editors are left by the keyboard, and an operation is run by it", async () => {
    await page.openTab(2);
    const answer = await page.runByKeyboard();
    withoutErrors(answer);
  });
  await check("every control is reached by the Tab key", async () => {
    const reached = await page.walkByTabKey();
    for (const name of ["holdergraph", "#session-note", "Documentation Explorer", "Re-fetch GraphQL schema", "Execute query", "Headers"]) {
      assert.ok(reached.some((control) => control.includes(name)), `${name} is not among ${reached.join(", ")}`);
    }
  });
}

async function theAnswer(page) {
  await check("a pointer on an answer's text that ends like a picture sends nothing", async () => {
    const name = "Maria Souza.jpg";
    await page.openTab(0);
    const { input } = JSON.parse(await page.text("variables"));
    await page.type("variables", JSON.stringify({ input: { ...input, name, document: `PICTURE-${Date.now()}`, idempotencyKey: null } }));
    await page.type("query", "mutation Picture($input: CreateHolderInput!) { createHolder(input: $input) { holder { name } userErrors { message } } }");
    assert.equal((await page.run()).data.createHolder.holder?.name, name);
    const before = page.requests();
    await page.pointAt(name);
    assert.deepEqual(page.requests().slice(before.length), []);
    assert.deepEqual(page.complaints(), []);
  });
}

async function theSession(page, sandbox) {
  await check("a reload finds what was typed again, and forgets the answers", async () => {
    await page.openTab(1);
    await page.type("query", "query Changed {\n  __typename\n}\n");
    await page.type("variables", "{}");
    await page.type("headers", JSON.stringify({ Authorization: `Bearer ${sandbox.tokens.viewer}`, "X-Organization-Id": sandbox.organizationId }));
    const labels = await page.tabLabels();
    assert.equal(labels[1], "2 Changed");
    await page.reload();
    assert.deepEqual(await page.tabLabels(), labels);
    assert.match(await page.text("query"), /^query Changed/);
    assert.ok((await page.text("headers")).includes(sandbox.tokens.viewer));
    assert.ok((await page.note()).startsWith(sandbox.subjects.viewer), await page.note());
    withoutErrors(await page.run());
    await page.openTab(2);
    assert.match((await page.run()).errors[0].message, /^Run the tab «1 Create» first: /);
  });
  await check("what is kept is the session's: nothing in localStorage, a database or a cookie", async () => {
    const kept = await page.kept();
    assert.deepEqual({ ...kept, session: [] }, { local: [], session: [], databases: [], cookies: [] });
    assert.ok(kept.session.length > 0);
  });
  await check("what is kept holds no answer", async () => {
    const kept = await page.keptText();
    assert.doesNotMatch(kept, /documentMasked\\*":/);
    assert.doesNotMatch(kept, /createHolder\\*":/);
  });
  await check("another tab of the browser starts afresh", async () => {
    const other = await page.another();
    assert.deepEqual(await other.tabLabels(), other.tabsAnswered().map((tab) => tab.title));
    assert.ok((await other.note()).startsWith(sandbox.subjects.contributor));
    assert.deepEqual(other.complaints(), []);
    await other.close();
  });
  await check("starting over brings fresh tabs and forgets the session", async () => {
    const before = page.tabsAnswered();
    await page.startOver();
    const fresh = page.tabsAnswered();
    assert.deepEqual(await page.tabLabels(), fresh.map((tab) => tab.title));
    assert.notEqual(fresh[0].variables, before[0].variables);
    assert.doesNotMatch(await page.keptText(), /Changed/);
  });
}
