// A client with the setting that this project warns of, to see that the check of the record finds what it does.
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import assert from "node:assert/strict";
import { LANGUAGES, command, folder } from "./languages.mjs";

/** The Go client, generated once more without omitempty, and run up to where the service refuses the null for a name. */
export async function carelessGo(env) {
  const at = await mkdtemp(join(tmpdir(), "holdergraph-careless-"));
  try {
    await cp(folder("go"), at, { recursive: true });
    await rewrite(join(at, "genqlient.yaml"), "../../../schema.graphql", join(folder("go"), "../../../schema.graphql"));
    await rewrite(join(at, "operations.graphql"), "# @genqlient(omitempty: true)\n", "");
    await LANGUAGES.go.make(at);
    await assert.rejects(command(at, LANGUAGES.go.start, env), /refused: .*REQUIRED/);
  } finally {
    await rm(at, { recursive: true, force: true });
  }
}

async function rewrite(file, from, to) {
  const text = await readFile(file, "utf8");
  assert.ok(text.includes(from), `${file} has no ${JSON.stringify(from)}`);
  await writeFile(file, text.replace(from, to));
}
