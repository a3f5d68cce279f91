// charts/holdergraph/files/rules.yaml, as far as it must be known here. promtool has read it as YAML already; this takes
// it by its lines, as it is written.

/** Its rules: `alert` or `record`, `expr`, `severity` and `text`, all lines of the rule. */
export function readRules(yaml) {
  const rules = [];
  for (const part of yaml.split(/^(?= {6}- (?:alert|record): )/m).slice(1)) {
    // What follows at the margin of the groups is the next group's.
    const text = part.split(/^ {2}- name: /m)[0];
    const [, kind, name] = /^ {6}- (alert|record): (\S+)$/m.exec(text);
    const expr = /^ {8}expr: (?:\|\n((?: {10}.*\n)+)|(.+)\n)/m.exec(text);
    if (expr === null) throw new Error(`${name} has no expr as it is read here`);
    rules.push({ [kind]: name, expr: (expr[1] ?? expr[2]).trim(), severity: /^ {10}severity: (\w+)$/m.exec(text)?.[1], text });
  }
  return rules;
}

/** The same file without annotations. */
export function withoutAnnotations(yaml) {
  return yaml.replace(/^ {8}annotations:\n(?: {10}.*\n|\n(?= {10}))+/gm, "");
}

/** One annotation of a rule, on one line. */
export function annotation(rule, name) {
  const found = new RegExp(`^ {10}${name}: (?:>-\\n((?: {12}.*\\n)+)|(.+)\\n)`, "m").exec(rule.text);
  return (found?.[1] ?? found?.[2] ?? "").replace(/\s+/g, " ").trim();
}

/** How often a test expects an alert to fire, and how often to be silent. */
export function expectations(tests, alert) {
  const all = [...tests.matchAll(/alertname: (\w+)(?:,|\n\s+)\s*exp_alerts: (\[\]|\[)/g)].filter(([, name]) => name === alert);
  const silent = all.filter(([, , expected]) => expected === "[]").length;
  return { fires: all.length - silent, silent };
}
