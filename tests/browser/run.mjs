// Opens the pages of the real binary in a real Chromium: GraphiQL of a sandbox and of a `serve`, and the page at /.
//
//   node run.mjs [BINARY]    BINARY is target/debug/holdergraph unless named
//
// Prints one line a check and ends with "N passed, N failed". Screenshots are kept in tests/screenshots.
import { mkdirSync } from "node:fs";
import { fileURLToPath } from "node:url";
import { chromium } from "playwright-core";
import { startSandbox, startServe } from "../reference/service.mjs";
import { check, failed, total } from "./checks.mjs";
import { landing } from "./landing.mjs";
import { findChromium } from "./page.mjs";
import { ofSandbox } from "./sandbox.mjs";
import { ofServe } from "./serve.mjs";

const binary = process.argv[2] ?? fileURLToPath(new URL("../../target/debug/holdergraph", import.meta.url));
mkdirSync(new URL("../screenshots/", import.meta.url), { recursive: true });

const started = [];
const start = async (starting) => {
  const service = await starting;
  started.push(service);
  return service;
};
// Introspection and named operations as a team sets them where GraphiQL is on.
const SERVE = { GRAPHIQL_ENABLED: "true", INTROSPECTION_ENABLED: "true" };

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
  const sandbox = await start(startSandbox(binary));
  const serve = await start(startServe(binary, sandbox, SERVE));
  for (const [about, part] of [
    ["GraphiQL of the sandbox", () => ofSandbox(browser, sandbox)],
    ["GraphiQL of serve", () => ofServe(browser, serve, sandbox)],
    ["The page at /", () => landing(browser, serve, sandbox)],
  ]) {
    console.log(`-- ${about}`);
    await check(`${about} can be walked through`, part);
  }
} catch (error) {
  await check("the services start", () => Promise.reject(error));
} finally {
  await browser.close();
}
for (const service of started.reverse()) await check("a service ends when it is asked to", () => service.stop());
if (failed() > 0) console.log(started.map((service) => service.log()).join("\n"));
process.exitCode = total() ? 0 : 1;
