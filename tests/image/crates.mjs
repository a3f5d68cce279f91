// The crates of Cargo.lock in a folder, so that builds elsewhere ask no network and know nothing of this machine's settings.
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync } from "node:fs";
import { homedir } from "node:os";
import { join } from "node:path";
import { path, text } from "./project.mjs";

/** Makes a CARGO_HOME there: the registry's index, and the crates as they were downloaded. */
export function cargoHome(folder) {
  execFileSync("cargo", ["fetch", "--locked", "--quiet"], { cwd: path("."), stdio: ["ignore", "inherit", "inherit"] });
  const registry = join(process.env.CARGO_HOME ?? join(homedir(), ".cargo"), "registry");
  const named = [...text("Cargo.lock").matchAll(/^name = "(.+)"\nversion = "(.+)"\nsource/gm)].map(([, name, version]) => `${name}-${version}.crate`);
  const needed = new Set(named);
  const wanted = (file) => !file.endsWith(".crate") || needed.has(file.slice(file.lastIndexOf("/") + 1));
  mkdirSync(join(folder, "registry"), { recursive: true });
  for (const part of ["index", "cache"]) cpSync(join(registry, part), join(folder, "registry", part), { recursive: true, filter: wanted });
  return folder;
}
