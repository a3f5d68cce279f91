// The schemas that were released: docs/releases, one file a version.
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";

const ROOT = new URL("../../../", import.meta.url);
export const FOLDER = fileURLToPath(new URL("docs/releases/", ROOT));
export const SCHEMA = fileURLToPath(new URL("schema.graphql", ROOT));
const VERSION = /^(\d+)\.(\d+)\.(\d+)(?:-rc\.(\d+))?$/;

/** `1.2.3` or `1.2.3-rc.4`, as numbers that sort; a release comes after its candidates. */
export function parseVersion(text) {
  const parts = VERSION.exec(text);
  if (parts === null) throw new Error(`${text} is no version: write it as 1.2.3 or 1.2.3-rc.4`);
  return parts.slice(1).map((part) => (part === undefined ? Infinity : Number(part)));
}

/** Below zero where the first is the earlier version. */
export function byVersion(one, other) {
  const [a, b] = [parseVersion(one), parseVersion(other)];
  const at = a.findIndex((part, index) => part !== b[index]);
  return at === -1 ? 0 : a[at] < b[at] ? -1 : 1;
}

/** Whether going from one to the other opens a new major version; before 1.0.0 the second number counts as it. */
export function opensMajor(from, to) {
  const [[a, b], [c, d]] = [parseVersion(from), parseVersion(to)];
  return a !== c || (a === 0 && b !== d);
}

/** The version of the last released schema, and the file that holds it. */
export function lastRelease(folder = FOLDER) {
  const versions = readdirSync(folder)
    .filter((file) => file.endsWith(".graphql"))
    .map((file) => file.slice(0, -".graphql".length));
  if (versions.length === 0) throw new Error(`${folder} holds no released schema`);
  const version = versions.sort(byVersion).at(-1);
  return { version, path: join(folder, `${version}.graphql`) };
}

/** The version of the code, from Cargo.toml. */
export function codeVersion() {
  const found = /^version = "([^"]+)"$/m.exec(readFileSync(new URL("Cargo.toml", ROOT), "utf8"));
  if (found === null) throw new Error("Cargo.toml names no version");
  return found[1];
}
