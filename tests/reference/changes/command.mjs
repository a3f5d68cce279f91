// `scripts/schema-changes`: compares two schemas for people and for CI.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { compare, read } from "./compare.mjs";
import { FOLDER, SCHEMA, byVersion, codeVersion, lastRelease, opensMajor, parseVersion } from "./releases.mjs";
import { text } from "./told.mjs";

const HELP = `Usage: scripts/schema-changes [--major] [--json] [OLD [NEW]]
       scripts/schema-changes --release VERSION

Tells what a changed schema means for clients: breaking, dangerous or safe. By @graphql-inspector/core, and a few rules
of our own (tests/reference/changes). OLD and NEW are files of SDL; left out, they are the last released schema of
docs/releases and schema.graphql.

  --major            the new schema opens a new major version: what was @deprecated before may go (dangerous)
  --json             {"breaking": […], "dangerous": […], "safe": […]}, each entry with path, message and mostly reason
  --release VERSION  write schema.graphql to docs/releases/VERSION.graphql, unless something breaks that may not
  --help             this text

The exit code is 0 where nothing breaks, 1 where something does, 2 where the comparison could not be made.

Examples:
  scripts/schema-changes                                  what has changed since the last release
  git show main:schema.graphql > /tmp/old.graphql
  scripts/schema-changes --json /tmp/old.graphql schema.graphql
  scripts/schema-changes --release 0.1.0                  at a release: its schema is what CI compares with from then on
`;

const OPTIONS = {
  help: { type: "boolean", short: "h" },
  json: { type: "boolean" },
  major: { type: "boolean" },
  release: { type: "string" },
};

/** Where releases are kept, and what is released: another place in the tests. */
const PLACE = { folder: FOLDER, schema: SCHEMA, code: codeVersion };

/** Runs the command and gives its exit code. */
export async function main(args, out = process.stdout, err = process.stderr, place = PLACE) {
  try {
    const { values, positionals } = parseArgs({ args, options: OPTIONS, allowPositionals: true });
    if (values.help) {
      out.write(HELP);
      return 0;
    }
    if (positionals.length > 2) throw new Error("name two files at most: OLD and NEW");
    return await (values.release === undefined ? between(positionals, values, out) : release(positionals, values, out, place));
  } catch (error) {
    err.write(`scripts/schema-changes: ${error.message}\nscripts/schema-changes --help says more.\n`);
    return 2;
  }
}

async function between([old = lastRelease().path, next = SCHEMA], { json, major }, out) {
  const told = await compare(schemaOf(old), schemaOf(next), { major });
  out.write(json ? `${JSON.stringify(told, null, 2)}\n` : text(told));
  return told.breaking.length > 0 ? 1 : 0;
}

async function release(positionals, { release: version, json, major }, out, { folder, schema, code: codeOf }) {
  if (positionals.length > 0 || json || major) throw new Error("--release stands alone, with a version behind it");
  parseVersion(version);
  const code = codeOf();
  if (version.split("-")[0] !== code.split("-")[0]) throw new Error(`Cargo.toml says ${code}: put ${version} there first`);
  const last = lastRelease(folder);
  if (byVersion(last.version, version) >= 0) throw new Error(`${last.version} is released: take a later version`);
  const told = await compare(schemaOf(last.path), schemaOf(schema), { major: opensMajor(last.version, version) });
  out.write(text(told));
  if (told.breaking.length > 0) return 1;
  writeFileSync(join(folder, `${version}.graphql`), readFileSync(schema), { flag: "wx" });
  out.write(`wrote docs/releases/${version}.graphql\n`);
  return 0;
}

const schemaOf = (path) => read(readFileSync(path, "utf8"), path);
