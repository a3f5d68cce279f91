// The SBOM and the licences: what scripts/image prints of the program, judged by tools that others wrote.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { path } from "./project.mjs";

const python = process.env.IMAGE_PYTHON ?? "python3";
const output = { encoding: "utf8", maxBuffer: 1 << 26 };

/** What a script of scripts/image prints. */
const printed = (script, ...args) => execFileSync("python3", [path(`scripts/image/${script}`), ...args], output);

/** What CycloneDX' schema and others find wrong with an SBOM; nothing, where it is well. */
export const judged = (bom) => execFileSync(python, [path("tests/image/schema.py")], { ...output, input: bom }).trim();

/** The entries of Cargo.lock that a registry has: "name version" and checksum. */
function locked() {
  const entries = readFileSync(path("Cargo.lock"), "utf8").matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource = ".*"\nchecksum = "(.+)"$/gm);
  return new Map([...entries].map(([, name, version, checksum]) => [`${name} ${version}`, checksum]));
}

/** The checks of the SBOM alone, without an image. */
export async function ofTheSbom(check) {
  const text = printed("sbom.py");
  const bom = JSON.parse(text);
  const crates = bom.components.filter(({ purl }) => purl.startsWith("pkg:cargo/"));
  const has = (name) => bom.components.some((component) => component.name === name);

  await check("the SBOM is CycloneDX by its schema, with licences of SPDX and package URLs", () => assert.equal(judged(text), ""));
  for (const [what, spoil] of [
    ["an unknown field", (broken) => (broken.components[0].colour = "red")],
    ["a licence that SPDX does not know", (broken) => (broken.components[0].licenses = [{ expression: "MYT" }])],
    ["another package's URL", (broken) => (broken.components[0].purl = "pkg:cargo/other@1.0.0")],
  ]) {
    await check(`… and this would be found out: ${what}`, () => {
      const broken = JSON.parse(text);
      spoil(broken);
      assert.notEqual(judged(JSON.stringify(broken)), "");
    });
  }
  await check("the SBOM of one commit is always the same", () => assert.equal(printed("sbom.py"), text));
  await check("every crate of it has the checksum of Cargo.lock", () => {
    const checksums = locked();
    assert.ok(crates.length > 100, `only ${crates.length} crates`);
    for (const { name, version, hashes } of crates) assert.deepEqual(hashes, [{ alg: "SHA-256", content: checksums.get(`${name} ${version}`) }], name);
  });
  await check("every component of it is needed by another, down from the program", () => {
    const needs = new Map(bom.dependencies.map(({ ref, dependsOn }) => [ref, dependsOn]));
    const reached = new Set([bom.metadata.component["bom-ref"]]);
    for (const ref of reached) for (const next of needs.get(ref)) reached.add(next);
    assert.deepEqual([...needs.keys()].filter((ref) => !reached.has(ref)), []);
    assert.equal(reached.size, bom.components.length + 1);
  });
  await check("what only builds or tests is not in it", () => {
    for (const name of ["proptest", "tempfile", "cc", "syn", "async-trait", "windows-sys"]) assert.ok(!has(name), name);
  });
  await check("what no crate names is in it: C libraries, GraphiQL, Rust's own library", () => {
    for (const name of ["mimalloc", "sqlite", "aws-lc", "graphiql", "react-dom", "rust-std"]) assert.ok(has(name), name);
  });
  await check("the licences name every crate", () => {
    const licences = printed("licences.py");
    for (const { name, version } of crates) assert.ok(licences.includes(`\n${name} ${version}, `), `${name} ${version}`);
  });
}
