// Prometheus' rules and the dashboard of the chart: well formed, tested, and about metrics that the binary really exports.
//
//   node run.mjs [BINARY]    target/debug/holdergraph unless named; promtool must be in PATH
//
// Prints one line a check and ends with "N passed, N failed".
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { tally } from "../reference/tally.mjs";
import { ofTheDashboard } from "./dashboard.mjs";
import { exportedByASandbox } from "./drive.mjs";
import { Metrics, quoted } from "./exported.mjs";
import { judgeBy } from "./judge.mjs";
import { annotation, expectations, readRules, withoutAnnotations } from "./rules.mjs";

const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));
const text = (relative) => readFileSync(path(relative), "utf8");

const binary = process.argv[2] ?? path("target/debug/holdergraph");
const TESTS = ["rules.test.yaml", "rules.days.test.yaml"];
const { check, end } = tally();
const work = mkdtempSync(join(tmpdir(), "holdergraph-alerts-"));

/** Runs promtool; what it says is part of the failure. */
function promtool(...args) {
  try {
    return execFileSync("promtool", args, { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
  } catch (error) {
    throw new Error(`promtool ${args.join(" ")}: ${error.code === "ENOENT" ? "it is not in PATH" : `${error.stdout}${error.stderr}`}`);
  }
}

/** Writes a file that only this run needs; its path. */
function draft(name, content) {
  writeFileSync(join(work, name), content);
  return join(work, name);
}

/** Whether promtool takes expressions, each as a rule of its own. */
function parses(expressions) {
  const rules = expressions.map((expr, index) => ({ record: `checked:${index}`, expr }));
  promtool("check", "rules", "--lint=none", draft("expressions.yaml", JSON.stringify({ groups: [{ name: "checked", rules }] })));
}

const yaml = text("charts/holdergraph/files/rules.yaml");
const rules = readRules(yaml);
const alerts = rules.filter(({ alert }) => alert !== undefined);
const recorded = rules.flatMap(({ record }) => record ?? []);

async function ofPromtool() {
  await check("promtool takes the rules, texts included", () => {
    const said = promtool("check", "rules", "--lint=all", "--lint-fatal", path("charts/holdergraph/files/rules.yaml"));
    assert.match(said, new RegExp(`SUCCESS: ${rules.length} rules found`));
  });
  const tests = TESTS.map((name) => text(`tests/alerts/${name}`));
  TESTS.forEach((name, index) => draft(name, tests[index]));
  draft("rules.yaml", withoutAnnotations(yaml));
  for (const name of TESTS) await check(`promtool's ${name} pass`, () => promtool("test", "rules", join(work, name)));
  await check("… and fail where a rule is another", () => {
    draft("rules.yaml", withoutAnnotations(yaml).replace("holdergraph_audit_lag_seconds) > 60", "holdergraph_audit_lag_seconds) > 6000"));
    assert.throws(() => promtool("test", "rules", join(work, TESTS[0])), /HoldergraphAuditLag/);
  });
  for (const { alert } of alerts) {
    await check(`${alert} has a test in which it fires, and one in which it is silent`, () => {
      const { fires, silent } = expectations(tests.join(""), alert);
      assert.ok(fires > 0 && silent > 0, `it fires in ${fires} and is silent in ${silent}`);
    });
  }
}

async function ofTexts() {
  for (const rule of alerts) {
    await check(`${rule.alert} says what it means and what to do first, of labels that it has`, () => {
      for (const name of ["summary", "description", "runbook"]) assert.ok(annotation(rule, name).length > 20, `no ${name}`);
      assert.match(rule.severity ?? "none", /^(page|ticket)$/);
      const kept = [...rule.expr.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list]) => list.split(/,\s*/));
      for (const [, label] of rule.text.matchAll(/\$labels\.(\w+)/g)) assert.ok(kept.includes(label), `it has no ${label}`);
    });
  }
  await check("docs/alerts.md has a line for each alert, with its severity, and for no other", () => {
    const lines = [...text("docs/alerts.md").matchAll(/^\| `(Holdergraph\w+)` \| (\w+) \|/gm)].map(([, alert, severity]) => `${alert} ${severity}`);
    assert.deepEqual(lines.sort(), alerts.map(({ alert, severity }) => `${alert} ${severity}`).sort());
  });
}

async function ofMetrics(metrics, judge) {
  await check("every metric that the binary describes is recorded somewhere", () => assert.deepEqual(metrics.nowhere, []));
  for (const { alert, record, expr } of rules) {
    await check(`${alert ?? record} asks for what the binary exports`, () => judge(expr, recorded));
  }
  await ofTheDashboard(JSON.parse(text("charts/holdergraph/files/dashboard.json")), { check, judge, parses });
  for (const [why, planted] of [
    [/nobody exports/, "sum(rate(holdergraph_request_total[5m]))"],
    [/nobody exports/, "holdergraph_request_seconds > 1"],
    [/has no label/, 'holdergraph_requests_total{result="ok"}'],
    [/nothing ever has/, 'holdergraph_upstream_calls_total{upstream="leger"}'],
    [/nothing ever has/, 'rate(holdergraph_requests_total{outcome=~"ok|not_ok"}[5m])'],
    [/has no rate/, "rate(holdergraph_requests_in_flight[5m])"],
    [/has the label/, "sum by (operator) (rate(holdergraph_requests_total[5m]))"],
    [/no metric/, "vector(1)"],
  ]) {
    await check(`this query would be found out: ${planted}`, () => assert.throws(() => judge(planted), why));
  }
}

try {
  await ofPromtool();
  await ofTexts();
  const metrics = new Metrics();
  await check("a sandbox shows its metrics", async () => metrics.show(await exportedByASandbox(binary)));
  const seen = metrics.names;
  metrics.nowhere = metrics.declare(path("src"));
  await ofMetrics(metrics, judgeBy(metrics, quoted(path("src"))));
  const others = metrics.names.filter((name) => !seen.includes(name));
  console.log(`${seen.length} metrics were read from the running binary, ${others.length} are known from its source: ${others.join(", ")}`);
} finally {
  rmSync(work, { recursive: true, force: true });
}
end();
