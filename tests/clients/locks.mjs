// npm writes into a lock file where it got each package from, unless it is told not to. That is nobody else's business.
import assert from "node:assert/strict";
import { access, readFile, readdir } from "node:fs/promises";
import { fileURLToPath } from "node:url";

const ROOT = fileURLToPath(new URL("../..", import.meta.url));
const PARENTS = ["tests", "examples/clients"];

/** The folders that have a lock file of npm's. */
async function locked() {
  const children = PARENTS.map(async (parent) => (await readdir(`${ROOT}${parent}`)).map((child) => `${ROOT}${parent}/${child}`));
  const folders = (await Promise.all(children)).flat();
  const has = await Promise.all(folders.map((folder) => access(`${folder}/package-lock.json`).then(() => true, () => false)));
  return folders.filter((_, index) => has[index]);
}

/** Fails where a lock file names a registry, and where the next change of one would. */
export async function noLockFileNamesARegistry() {
  const folders = await locked();
  assert.ok(folders.length >= 4, folders.join(", "));
  for (const folder of folders) {
    assert.doesNotMatch(await readFile(`${folder}/package-lock.json`, "utf8"), /"resolved": "http/, folder);
    assert.match(await readFile(`${folder}/.npmrc`, "utf8"), /^omit-lockfile-registry-resolved=true$/m, folder);
  }
}
