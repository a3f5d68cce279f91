// What the Go client leaves out of an update is listed field by field: this holds the list against the schema.
import assert from "node:assert/strict";
import { readFile } from "node:fs/promises";
import { folder } from "./languages.mjs";

/** Fails where a field of an update, or of an object in one, would be sent as null when the program does not name it. */
export async function everyAbsentFieldIsLeftOut() {
  const generated = await readFile(`${folder("go")}/graphql/generated.go`, "utf8");
  const structs = [...generated.matchAll(/^type (Update\w+Input|\w+Change) struct \{\n(.*?)^\}/gms)];
  const optional = structs.flatMap(([, type, fields]) => fields.split("\n").filter((line) => line.includes("optional.Value[")).map((line) => `${type} ${line.trim()}`));
  assert.ok(optional.length >= 40, `only ${optional.length} fields were found`);
  // An object has a Go type of its own only where it is listed: one that is not would be an …Input.
  assert.deepEqual(optional.filter((line) => !line.includes(",omitempty") || line.includes("Input]")), []);
}
