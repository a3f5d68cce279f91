// Whether a query asks for what there is.
import assert from "node:assert/strict";
import { read } from "./promql.mjs";

// What a scrape adds to everything; which of them there are is the scraper's affair.
const OF_THE_SCRAPE = ["namespace", "pod", "instance", "job"];

/** `judge(expression, recorded)` throws what is wrong; `recorded` are names of rules that may be asked for too. */
export function judgeBy(metrics, texts) {
  return (expression, recorded = []) => {
    const { selectors, groups } = read(expression);
    assert.ok(selectors.length > 0, `it asks for no metric: ${expression}`);
    const all = new Set(OF_THE_SCRAPE);
    for (const { name, matchers, counts } of selectors) {
      if (recorded.includes(name)) continue;
      const metric = metrics.find(name);
      assert.ok(metric !== undefined, `nobody exports ${name}`);
      assert.ok(!counts || metric.kind === "counter", `${name} is a ${metric.kind}: it has no rate`);
      [...metric.labels.keys()].forEach((label) => all.add(label));
      for (const { label, operator, value } of matchers) {
        if (OF_THE_SCRAPE.includes(label)) continue;
        const values = metric.labels.get(label);
        assert.ok(values !== undefined, `${name} has no label ${label}; it has ${[...metric.labels.keys()].join(", ") || "none"}`);
        for (const one of operator.includes("~") ? value.split("|") : [value]) {
          assert.ok(values.has(one) || texts.has(one), `${name}: nothing ever has ${label} "${one}"`);
        }
      }
    }
    for (const label of groups) assert.ok(all.has(label), `no metric of it has the label ${label}: ${expression}`);
  };
}
