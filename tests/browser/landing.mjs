// The page at /, as a person and as a program reads it.
import assert from "node:assert/strict";
import { check } from "./checks.mjs";
import { Page, screenshot } from "./page.mjs";

export async function landing(browser, serve, sandbox) {
  const base = serve.graphql.replace(/graphql$/, "");
  const page = await Page.open(browser, base, { graphiql: false });
  await check("the page at / says what this is and which version", async () => {
    const { version } = await (await fetch(`${base}version`)).json();
    const text = await page.bodyText();
    assert.ok(text.startsWith(`holdergraph ${version}`), text);
    assert.match(text, /Holders behind a ledger's accounts/);
    assert.ok(text.includes("docs/api.md"));
  });
  await check("every link of the page leads somewhere", async () => {
    const links = await page.links();
    assert.deepEqual(links, ["/graphiql", "/health", "/readyz", "/version"]);
    for (const link of links) assert.equal((await fetch(new URL(link, base))).status, 200, link);
  });
  await check("the first request of the page works with a token and an organization", async () => {
    const [, body] = /-d '(.*)'/s.exec(await page.bodyText());
    const headers = {
      "Content-Type": "application/json",
      Authorization: `Bearer ${sandbox.tokens.viewer}`,
      "X-Organization-Id": sandbox.organizationId,
    };
    const answer = await (await fetch(serve.graphql, { method: "POST", headers, body })).json();
    assert.equal(answer.errors, undefined, JSON.stringify(answer));
    assert.equal(typeof answer.data.holders.totalCount, "number");
  });
  await check("dark and light follow the system", async () => {
    const light = await page.bodyColours("light");
    await screenshot(page, "landing-light");
    const dark = await page.bodyColours("dark");
    await screenshot(page, "landing-dark");
    assert.notEqual(light.background, dark.background);
    assert.notEqual(light.color, dark.color);
  });
  await check("the page is as wide as a telephone", () => page.fitsIn(360));
  await check("its link opens GraphiQL, and GraphiQL's leads back", async () => {
    await page.click("/graphiql");
    await page.waitForGraphiql();
    await page.click("/");
    assert.match(await page.bodyText(), /Where to go next/);
  });
  await check("the page stays on its origin, without any complaint of the browser", () => {
    assert.deepEqual(page.foreignRequests(), []);
    assert.deepEqual(page.complaints(), []);
  });
  await check("a path that is none is told in the browser too", async () => {
    const answer = await fetch(`${base}nothing`, { headers: { Accept: "text/html" } });
    assert.equal(answer.status, 404);
    assert.match(await answer.text(), /there is no such path: \/ says which there are/);
  });
  await page.close();
}
