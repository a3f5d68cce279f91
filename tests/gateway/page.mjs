// The examples of docs/federation.md: what is written there is what runs here.
import { readFileSync } from "node:fs";

const text = readFileSync(new URL("../../docs/federation.md", import.meta.url), "utf8");

/** The text of the fenced block behind this mark. */
function block(mark) {
  const found = text.split(`\n\`\`\`${mark}\n`)[1]?.split("\n```\n")[0];
  if (found === undefined) throw new Error(`docs/federation.md has no block \`\`\`${mark}`);
  return found;
}

export const page = {
  subgraph: block("graphql subgraph"),
  query: block("graphql example"),
  answer: JSON.parse(block("json answer")),
  refused: JSON.parse(block("json refused")),
};

/** Without what is other in each run: ids. */
export const withoutIds = (value) =>
  JSON.parse(JSON.stringify(value).replace(/[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g, "id"));
