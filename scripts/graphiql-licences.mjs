// Prints the licence of every package that is inside the files of assets/graphiql.
// Called by scripts/refresh-graphiql with the folder of installed packages;
// `--missing` prints the names of those that are not installed there, and no licences.
import { existsSync, readFileSync, readdirSync } from "node:fs";
import { join } from "node:path";

const modules = process.argv.at(-1);
const map = JSON.parse(readFileSync(join(modules, "graphiql/graphiql.min.js.map"), "utf8"));

// Sources are named ".../node_modules/<package>/…" or, for GraphiQL's own, "../../<folder>/…".
const OWN = { "graphiql-react": "@graphiql/react", "graphiql-toolkit": "@graphiql/toolkit" };
function packageOf(source) {
  const path = source.split("node_modules/").at(-1).replace(/^(\.\.\/)+/, "");
  const [first, second] = path.split("/");
  if (first.startsWith("@")) return `${first}/${second}`;
  return first === "src" ? "graphiql" : (OWN[first] ?? first);
}

const names = [...new Set(["react", "react-dom", "scheduler", ...map.sources.map(packageOf)])].sort();
const rule = "=".repeat(78);

function licenceOf(name) {
  const folder = join(modules, name);
  const { version, license, author } = JSON.parse(readFileSync(join(folder, "package.json"), "utf8"));
  const file = readdirSync(folder).find((entry) => /^licen[cs]e/i.test(entry));
  const by = typeof author === "object" ? author.name : (author ?? "its contributors");
  const text = file ? readFileSync(join(folder, file), "utf8").trim() : `By ${by}. The package carries no licence file.`;
  return `${rule}\n${name} ${version}, ${license}\n${rule}\n${text}\n`;
}

if (process.argv.includes("--missing")) {
  console.log(names.filter((name) => !existsSync(join(modules, name))).join("\n"));
} else {
  console.log("GraphiQL's and React's files contain these packages. Their licences, each in full:\n");
  console.log(names.map(licenceOf).join("\n"));
}
