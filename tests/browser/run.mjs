// Opens the sandbox's GraphiQL in a real Chromium and walks through its tabs: create, link, read.
//
//   node run.mjs [BINARY]    BINARY is target/debug/holdergraph unless named
//
// Prints one line a check and ends with "N passed, N failed". A screenshot is kept in tests/screenshots.
import assert from "node:assert/strict";
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { findChromium, Page } from "./page.mjs";
import { startSandbox } from "./sandbox.mjs";

const binary = process.argv[2] ?? fileURLToPath(new URL("../../target/debug/holdergraph", import.meta.url));
const screenshots = fileURLToPath(new URL("../screenshots/", import.meta.url));
const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/;

const counts = { passed: 0, failed: 0 };
async function check(name, body) {
  try {
    await body();
    counts.passed += 1;
    console.log(`  ok      ${name}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`  FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, "          ")}`);
  }
}

const withoutErrors = (answer) => assert.equal(answer.errors, undefined, JSON.stringify(answer.errors));

async function checks(page, sandbox) {
  const tabs = await page.tabsAnswered();
  const ids = {};

  await check("the page opens with the sandbox's three tabs", async () => {
    assert.equal(tabs.length, 3);
    assert.deepEqual(await page.tabLabels(), tabs.map((tab) => tab.title));
  });
  await check("the page and its files carry the security headers", async () => {
    for (const path of ["", "/tabs", "/assets/start.js"]) {
      const { headers } = await fetch(sandbox.graphiql + path);
      const wanted = path === "" ? /^default-src 'none'; script-src 'self'; / : /^default-src 'none'; /;
      assert.match(headers.get("content-security-policy") ?? "", wanted);
      assert.doesNotMatch(headers.get("content-security-policy"), /unsafe/);
      assert.equal(headers.get("x-content-type-options"), "nosniff");
      assert.equal(headers.get("referrer-policy"), "no-referrer");
      assert.equal(headers.get("x-frame-options"), "DENY");
    }
  });
  await check("a tab that needs an earlier answer says which one, and sends nothing", async () => {
    const before = page.operationsSent();
    await page.openTab(1);
    const answer = await page.run();
    assert.match(answer.errors[0].message, new RegExp(`^Run the tab «${tabs[0].title}» first: `));
    assert.equal(page.operationsSent(), before);
  });
  await check("tab 1 creates a holder", async () => {
    await page.openTab(0);
    const answer = await page.run();
    withoutErrors(answer);
    ids.holder = answer.data.createHolder.holder?.id;
    assert.match(ids.holder ?? "", UUID, JSON.stringify(answer));
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
  await check("the documentation explorer knows the schema", async () => {
    const docs = await page.openDocumentation();
    assert.match(docs, /query: Query/);
    assert.match(docs, /mutation: Mutation/);
  });
  mkdirSync(screenshots, { recursive: true });
  await page.screenshot(`${screenshots}/graphiql.png`);
  await check("the settings and the short keys open", () => page.openDialogs());
  await check("dark and light follow the system", async () => {
    const light = await page.background("light");
    const dark = await page.background("dark");
    assert.notEqual(light, dark);
    await page.screenshot(`${screenshots}/graphiql-dark.png`);
  });
  await check("nothing is kept in the browser", async () => assert.deepEqual(await page.kept(), []));
  await check("a reload brings fresh tabs and forgets the old answers", async () => {
    await page.reload();
    const fresh = await page.tabsAnswered();
    assert.deepEqual(await page.tabLabels(), fresh.map((tab) => tab.title));
    assert.notEqual(fresh[0].variables + fresh[0].query, tabs[0].variables + tabs[0].query);
    await page.openTab(1);
    assert.match((await page.run()).errors[0].message, /^Run the tab /);
  });
  await check("no request left the sandbox's own origin", () => assert.deepEqual(page.foreignRequests(), []));
  await check("no error in the console, no violation of the policy", () => assert.deepEqual(page.complaints(), []));
}

const sandbox = await startSandbox(binary);
const browser = await chromium.launch({
  executablePath: findChromium(),
  args: [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
  ],
});
try {
  const page = await Page.open(browser, sandbox.graphiql);
  await checks(page, sandbox);
} catch (error) {
  await check("the page can be walked through", () => Promise.reject(error));
} finally {
  await browser.close();
}
await check("the sandbox ends when it is asked to", () => sandbox.stop());
if (counts.failed > 0) console.log(sandbox.log());
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 ? 0 : 1;
