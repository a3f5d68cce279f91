// schema.graphql against the last released schema; and before that, that the comparison finds what it is there for.
import assert from "node:assert/strict";
import { execFile } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { BASE, CASES, MAJOR_CASES } from "./changes/cases.mjs";
import { main } from "./changes/command.mjs";
import { compare, read } from "./changes/compare.mjs";
import { SCHEMA, byVersion, codeVersion, lastRelease, opensMajor } from "./changes/releases.mjs";
import { text } from "./changes/told.mjs";

const COMMAND = fileURLToPath(new URL("../../scripts/schema-changes", import.meta.url));

export async function suite({ check, binary }) {
  await judged(check, "", CASES, false);
  await judged(check, "in a new major version, ", MAJOR_CASES, true);
  await versions(check);
  await theCommand(check);
  await releases(check);
  await check("schema.graphql is what the binary prints", async () => {
    assert.equal((await run(binary, ["schema"])).stdout, readFileSync(SCHEMA, "utf8"));
  });
  const last = lastRelease();
  await check(`schema.graphql breaks nothing that was released with ${last.version}`, async () => {
    const [before, now] = [last.path, SCHEMA].map((path) => read(readFileSync(path, "utf8"), path));
    const told = await compare(before, now, { major: opensMajor(last.version, codeVersion()) });
    console.log(text(told).replace(/^(?=.)/gm, "          "));
    assert.equal(told.breaking.length, 0, text(told));
  });
}

/** The worst of what was told. */
const worst = (told) => ["breaking", "dangerous", "safe"].find((verdict) => told[verdict].length > 0) ?? "none";

/** BASE with the one place changed. */
function changed(from, to) {
  if (from === "") return BASE;
  assert.equal(BASE.split(from).length, 2, `${JSON.stringify(from)} stands once in BASE`);
  return BASE.replace(from, () => to);
}

async function judged(check, when, cases, major) {
  const base = read(BASE, "BASE");
  for (const [name, verdict, from, to] of cases) {
    await check(`${when}${name}: ${verdict}`, async () => {
      const told = await compare(base, read(changed(from, to), "the changed schema"), { major });
      assert.equal(worst(told), verdict, JSON.stringify(told, null, 2));
    });
  }
}

async function versions(check) {
  await check("a release comes after its candidates, and numbers are compared as numbers", () => {
    const inOrder = ["0.1.0-rc.1", "0.1.0-rc.2", "0.1.0-rc.10", "0.1.0", "0.1.1", "0.2.0", "0.10.0", "1.0.0", "10.0.0"];
    assert.deepEqual([...inOrder].reverse().sort(byVersion), inOrder);
    assert.throws(() => byVersion("1.0", "1.0.0"), /1\.0 is no version/);
  });
  await check("before 1.0.0 the second number opens a major version", () => {
    for (const [from, to, expected] of [
      ["0.1.0-rc.1", "0.1.0", false],
      ["0.1.0", "0.1.9", false],
      ["0.1.9", "0.2.0", true],
      ["0.9.0", "1.0.0", true],
      ["1.0.0", "1.9.0", false],
      ["1.9.0", "2.0.0", true],
    ]) {
      assert.equal(opensMajor(from, to), expected, `${from} to ${to}`);
    }
  });
}

async function theCommand(check) {
  const folder = mkdtempSync(join(tmpdir(), "holdergraph-changes-"));
  const file = (name, sdl) => {
    writeFileSync(join(folder, name), sdl);
    return join(folder, name);
  };
  try {
    const old = file("old.graphql", BASE);
    const broken = file("broken.graphql", changed("  name: String\n", ""));
    const risky = file("risky.graphql", changed("enum Kind { ONE TWO }", "enum Kind { ONE TWO THREE }"));
    const wrong = file("wrong.graphql", "type Query {");
    await check("the command ends with 1, the list and what to do where something breaks", async () => {
      const { code, stdout } = await run(COMMAND, [old, broken]);
      assert.equal(code, 1, stdout);
      assert.match(stdout, /^breaking:\n {2}Holder\.name /);
      assert.match(stdout, /@deprecated\(reason: /);
      assert.match(stdout, /^1 breaking, 0 dangerous, 0 safe$/m);
    });
    await check("the command lists what is dangerous, and ends with 0", async () => {
      const { code, stdout } = await run(COMMAND, [old, risky]);
      assert.equal(code, 0, stdout);
      assert.match(stdout, /^dangerous:\n {2}Kind\.THREE /);
    });
    await check("the command answers in JSON", async () => {
      const { code, stdout } = await run(COMMAND, ["--json", old, broken]);
      assert.equal(code, 1);
      const told = JSON.parse(stdout);
      assert.deepEqual(Object.keys(told), ["breaking", "dangerous", "safe"]);
      assert.equal(told.breaking[0].path, "Holder.name");
    });
    await check("the command says what is wrong with a call that it cannot serve", async () => {
      for (const [args, why] of [
        [[old, wrong], /wrong\.graphql is no valid schema \(line 1, column 13\)/],
        [[old, join(folder, "none.graphql")], /ENOENT/],
        [["--all"], /Unknown option '--all'/],
        [["a", "b", "c"], /two files at most/],
        [["--release", "next"], /next is no version/],
        [["--release", "99.0.0"], /Cargo\.toml says/],
        [["--release", lastRelease().version], /is released: take a later version|Cargo\.toml says/],
        [["--release", lastRelease().version, "--major"], /stands alone/],
      ]) {
        const { code, stderr } = await run(COMMAND, args);
        assert.equal(code, 2, args.join(" "));
        assert.match(stderr, why);
      }
    });
    await check("the command explains itself", async () => {
      const { code, stdout } = await run(COMMAND, ["--help"]);
      assert.equal(code, 0);
      for (const option of ["--major", "--json", "--release", "--help"]) assert.ok(stdout.includes(option), option);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Takes releases in a folder of its own. */
async function releases(check) {
  const folder = mkdtempSync(join(tmpdir(), "holdergraph-releases-"));
  const schema = join(folder, "schema.sdl");
  const taken = async (sdl, version) => {
    writeFileSync(schema, sdl);
    let said = "";
    const out = { write: (text) => (said += text) };
    const code = await main(["--release", version], out, out, { folder, schema, code: () => version });
    return { code, said };
  };
  const kept = (version) => readFileSync(join(folder, `${version}.graphql`), "utf8");
  const [without, undeprecated] = [changed(/ *old: String @deprecated.*\n/, ""), changed("  name: String\n", "")];
  try {
    writeFileSync(join(folder, "1.0.0-rc.1.graphql"), BASE);
    await check("a release keeps its schema, and is what the next is compared with", async () => {
      assert.equal((await taken(BASE, "1.0.0")).code, 0);
      assert.equal(kept("1.0.0"), BASE);
      assert.equal(lastRelease(folder).version, "1.0.0");
    });
    await check("a release that breaks something is not taken", async () => {
      const { code, said } = await taken(without, "1.1.0");
      assert.equal(code, 1);
      assert.match(said, /^breaking:\n {2}Holder\.old /);
      assert.equal(lastRelease(folder).version, "1.0.0");
    });
    await check("a new major version may remove what was deprecated, and nothing else", async () => {
      assert.equal((await taken(undeprecated, "2.0.0")).code, 1);
      assert.equal((await taken(without, "2.0.0")).code, 0);
      assert.equal(kept("2.0.0"), without);
    });
    await check("no version is released twice", async () => {
      const { code, said } = await taken(without, "2.0.0");
      assert.equal(code, 2);
      assert.match(said, /2\.0\.0 is released: take a later version/);
    });
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

function run(program, args) {
  return new Promise((resolve, reject) => {
    execFile(program, args, { maxBuffer: 1 << 24 }, (error, stdout, stderr) => {
      if (error !== null && typeof error.code !== "number") reject(error);
      else resolve({ code: error?.code ?? 0, stdout, stderr });
    });
  });
}
