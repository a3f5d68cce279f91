// The program built twice, in two folders that have nothing in common, is one file.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { createWriteStream, cpSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { once } from "node:events";
import { dirname, join } from "node:path";
import { path } from "./project.mjs";

/** A copy of what is under version control, and of what is not yet but would be. */
function copy(to) {
  const files = execFileSync("git", ["ls-files", "-z", "--cached", "--others", "--exclude-standard"], { cwd: path("."), encoding: "utf8" });
  for (const file of files.split("\0").filter(Boolean)) {
    mkdirSync(dirname(join(to, file)), { recursive: true });
    cpSync(path(file), join(to, file));
  }
  return to;
}

/** One build; its SHA-256. */
async function build(source, settings, log) {
  const env = { ...process.env, REVISION: "0123456789abcdef", SOURCE_DATE_EPOCH: "1700000000", ...settings };
  const child = spawn(join(source, "scripts/build-dist"), { cwd: "/", env, stdio: ["ignore", "pipe", "pipe"] });
  let said = "";
  child.stdout.on("data", (part) => (said += part));
  child.stderr.pipe(createWriteStream(log));
  const [code] = await once(child, "close");
  assert.equal(code, 0, readFileSync(log, "utf8").slice(-4000));
  return said.trim().split("\n").at(-1).split(" ")[0];
}

/** Both builds, at the same time; `crates` is a CARGO_HOME to copy. */
export async function ofTwoBuilds(check, folder, crates) {
  await check("the program built twice in two folders has one SHA-256, and no path of either", async () => {
    const other = join(folder, "elsewhere/in/a/folder-of-a-longer-name");
    const homes = ["cargo", "another-cargo-home"].map((name) => join(folder, name));
    for (const home of homes) cpSync(crates, home, { recursive: true });
    const [first, second] = await Promise.all([
      build(copy(join(folder, "a")), { CARGO_TARGET_DIR: "", CARGO_HOME: homes[0], CARGO_NET_OFFLINE: "true" }, join(folder, "a.log")),
      build(copy(other), { CARGO_TARGET_DIR: join(folder, "built"), CARGO_HOME: homes[1], CARGO_NET_OFFLINE: "true", RUSTFLAGS: "-Copt-level=1" }, join(folder, "b.log")),
    ]);
    assert.match(first, /^[0-9a-f]{64}$/);
    assert.equal(first, second);
  });
  for (const made of ["a", "elsewhere", "cargo", "another-cargo-home", "built"]) rmSync(join(folder, made), { recursive: true, force: true });
}
