// The Grafana dashboard: what Grafana needs of it, and its queries.
import assert from "node:assert/strict";

// What Grafana puts in before it asks.
const GIVEN = [[/\$__rate_interval/g, "5m"], [/\$namespace/g, ".*"]];

/** A panel's queries, as Prometheus gets them. */
function queries(panel) {
  return (panel.targets ?? []).map(({ expr }) => {
    const asked = GIVEN.reduce((text, [name, value]) => text.replace(name, value), expr);
    assert.doesNotMatch(asked, /\$/, `a variable that the dashboard has not: ${expr}`);
    return asked;
  });
}

/** Whether two panels lie on one another. */
function overlap({ gridPos: a }, { gridPos: b }) {
  return a.x < b.x + b.w && b.x < a.x + a.w && a.y < b.y + b.h && b.y < a.y + a.h;
}

export async function ofTheDashboard(dashboard, { check, judge, parses }) {
  const panels = dashboard.panels.filter(({ type }) => type !== "row");
  await check("the dashboard's panels have ids of their own and lie beside one another", () => {
    assert.equal(new Set(dashboard.panels.map(({ id }) => id)).size, dashboard.panels.length);
    dashboard.panels.forEach((one, index) => {
      const other = dashboard.panels.slice(index + 1).find((other) => overlap(one, other));
      assert.equal(other, undefined, `${one.title} lies on ${other?.title}`);
      assert.ok(one.gridPos.x + one.gridPos.w <= 24, `${one.title} is beyond the edge`);
    });
  });
  await check("the dashboard's variables are those that its queries name", () => {
    const names = dashboard.templating.list.map(({ name }) => name).sort();
    assert.deepEqual(names, ["datasource", "namespace"]);
    judge("count(holdergraph_build_info)");
    assert.match(JSON.stringify(dashboard.templating), /label_values\(holdergraph_build_info, namespace\)/);
  });
  await check("promtool takes every query of the dashboard", () => parses(panels.flatMap(queries)));
  for (const panel of panels) {
    await check(`the panel "${panel.title}" asks for what the binary exports`, () => {
      assert.ok(panel.description.length > 3 && panel.fieldConfig.defaults.unit !== undefined, "no description or unit");
      assert.equal(panel.datasource.uid, "${datasource}");
      assert.ok(queries(panel).length > 0, "it asks nothing");
      // The rules may not be installed: a panel asks for metrics only.
      queries(panel).forEach((query) => judge(query));
      for (const { expr } of panel.targets) assert.match(expr, /namespace=~"\$namespace"/);
    });
  }
}
