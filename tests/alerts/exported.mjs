// Which metrics there are, with their kinds, labels and values: what the running binary shows, and what its source says of
// those that are only there once something has happened (a pool, a certificate, a refusal).
import { readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const SAMPLE = /^([a-zA-Z_:][\w:]*)(?:\{(.*)\})? \S+$/;
const LABEL = /([a-zA-Z_]\w*)="((?:[^"\\]|\\.)*)"/g;
const CONSTANT = /pub const (\w+): &str =\s*"(\w+)";/g;
const RECORDED = /(?<![\w:])(?:metrics::)?(counter|gauge|histogram)!\(\s*(?:([A-Z][A-Z0-9_]*)|"(\w+)")/g;

/** Metrics by name: `kind`, `labels` (each with the values that were seen), `seen`: whether the binary has shown it. */
export class Metrics {
  #metrics = new Map();

  get names() {
    return [...this.#metrics.keys()];
  }

  #take(name, kind, seen) {
    const metric = this.#metrics.get(name) ?? { kind, labels: new Map(), seen: false };
    metric.seen ||= seen;
    this.#metrics.set(name, metric);
    return metric;
  }

  /** The metric that a series belongs to: a histogram's series have endings of their own. */
  find(series) {
    const metric = this.#metrics.get(series);
    if (metric !== undefined) return metric.kind === "histogram" ? undefined : metric;
    const [, base, ending] = /^(\w+)_(bucket|sum|count)$/.exec(series) ?? [];
    const whole = this.#metrics.get(base);
    if (whole?.kind !== "histogram") return undefined;
    const labels = ending === "bucket" ? new Map([...whole.labels, ["le", new Set()]]) : whole.labels;
    return { ...whole, kind: "counter", labels };
  }

  /** Takes in what /metrics shows. */
  show(text) {
    let last = { name: "" };
    for (const line of text.split("\n")) {
      const type = /^# TYPE (\S+) (\S+)$/.exec(line);
      if (type !== null) last = { name: type[1], metric: this.#take(type[1], type[2], true) };
      const sample = line.startsWith("#") ? null : SAMPLE.exec(line);
      if (sample === null) continue;
      if (!sample[1].startsWith(last.name)) throw new Error(`a sample without its type: ${line}`);
      for (const [, label, value] of (sample[2] ?? "").matchAll(LABEL)) {
        if (label === "le") continue;
        const values = last.metric.labels.get(label) ?? new Set();
        last.metric.labels.set(label, values.add(value));
      }
    }
  }

  /** Takes in what the source records; answers with the constants that nobody records anything by. */
  declare(folder) {
    const sources = files(folder).map((path) => ({ path, text: withoutTests(readFileSync(path, "utf8")) }));
    const constants = new Map();
    for (const { path, text } of sources) {
      if (path.endsWith("telemetry/metrics.rs")) for (const [, constant, name] of text.matchAll(CONSTANT)) constants.set(constant, name);
    }
    const recorded = new Set();
    for (const { text } of sources) {
      for (const found of text.matchAll(RECORDED)) {
        const name = found[3] ?? constants.get(found[2]);
        if (name === undefined) continue;
        recorded.add(name);
        const metric = this.#take(name, found[1], false);
        for (const [, label] of call(text, found.index).matchAll(/"(\w+)"\s*=>/g)) {
          if (!metric.labels.has(label)) metric.labels.set(label, new Set());
        }
      }
    }
    return [...constants.values()].filter((name) => !recorded.has(name) && !this.#metrics.get(name)?.seen);
  }
}

/** Texts in quotes in the source, in lower case: the labels' values are among them. */
export function quoted(folder) {
  const texts = files(folder).flatMap((path) => [...withoutTests(readFileSync(path, "utf8")).matchAll(/"([\w-]+)"/g)]);
  return new Set(texts.map(([, text]) => text.toLowerCase()));
}

function files(folder) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "tests" ? [] : files(path);
    return entry.name.endsWith(".rs") && entry.name !== "tests.rs" ? [path] : [];
  });
}

const withoutTests = (text) => text.split(/^#\[cfg\(test\)\]\nmod tests \{/m)[0];

/** The text of a call, to the parenthesis that closes it. */
function call(text, from) {
  let depth = 0;
  for (let at = text.indexOf("(", from); at < text.length; at += 1) {
    if (text[at] === "(") depth += 1;
    if (text[at] === ")") depth -= 1;
    if (depth === 0) return text.slice(from, at);
  }
  return text.slice(from);
}
