// A client without the setting that keeps absent and null apart, to see that the check of the record finds what it does.
import assert from "node:assert/strict";
import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { LANGUAGES, command, folder } from "./languages.mjs";

const SCHEMA = "../../../schema.graphql";

/**
 * Where the path of the schema and the setting stand, and how the second update ends: it leaves the name alone, the
 * null that is sent for it is refused.
 */
const CARELESS = {
  go: {
    schema: "genqlient.yaml",
    operations: "update.graphql",
    setting: ", omitempty: true",
    ends: /refused: .*REQUIRED/,
  },
  rust: {
    schema: "build.rs",
    operations: "src/operations.rs",
    setting: '    #[cynic(skip_serializing_if = "Change::leaves_alone")]\n',
    ends: /refused: input\.name: /,
  },
};

export const CARELESS_CLIENTS = Object.keys(CARELESS);

/** Makes the same client once more without the setting, and runs it. */
export async function runCareless(client, env) {
  const { schema, operations, setting, ends } = CARELESS[client];
  const { make, start } = LANGUAGES[client];
  const at = await mkdtemp(join(tmpdir(), "holdergraph-careless-"));
  try {
    await cp(folder(client), at, { recursive: true, filter: (path) => !path.endsWith("/target") });
    await rewrite(join(at, schema), SCHEMA, join(folder(client), SCHEMA));
    await rewrite(join(at, operations), setting, "");
    await make(at);
    await assert.rejects(command(at, start, env), ends);
  } finally {
    await rm(at, { recursive: true, force: true });
  }
}

async function rewrite(file, from, to) {
  const text = await readFile(file, "utf8");
  assert.ok(text.includes(from), `${file} has no ${JSON.stringify(from)}`);
  await writeFile(file, text.replaceAll(from, to));
}
