// What a change of the schema means for clients: breaking, dangerous or safe. The judge is GraphQL Inspector; what it
// does not see is judged here, and each such rule has its case in cases.mjs.
import { diff } from "@graphql-inspector/core";
import { buildSchema, isEnumType, isInputObjectType, isInterfaceType, isObjectType, isRequiredArgument, isRequiredInputField } from "graphql";

const VERDICTS = { BREAKING: "breaking", DANGEROUS: "dangerous", NON_BREAKING: "safe" };

/** A schema from its text; a fault names whose text it is, and the place in it. */
export function read(sdl, name) {
  try {
    return buildSchema(sdl);
  } catch (error) {
    const at = error.locations?.[0];
    throw new Error(`${name} is no valid schema${at ? ` (line ${at.line}, column ${at.column})` : ""}: ${error.message}`);
  }
}

/**
 * Compares two schemas. With `major`, the new one opens a new major version: what was `@deprecated` in the old one may
 * go, which is then dangerous instead of breaking; what was not may not.
 *
 * Gives `{ breaking, dangerous, safe }`, each a list of `{ path, message, reason }` in the order of their paths.
 */
export async function compare(oldSchema, newSchema, { major = false } = {}) {
  const told = { breaking: [], dangerous: [], safe: [] };
  for (const change of await diff(oldSchema, newSchema)) {
    told[verdict(change, oldSchema, newSchema, major)].push(shown(change));
  }
  for (const list of Object.values(told)) list.sort((one, other) => (one.path < other.path ? -1 : 1));
  return told;
}

function shown({ path, message, criticality }) {
  return { path: path ?? "", message, ...(criticality.reason ? { reason: criticality.reason } : {}) };
}

function verdict(change, oldSchema, newSchema, major) {
  const found = VERDICTS[change.criticality.level];
  if (found === undefined) throw new Error(`GraphQL Inspector has a level of its own: ${change.criticality.level}`);
  // GraphQL Inspector tells a new reason of a deprecation twice, and the second time as dangerous.
  if (change.type.startsWith("DIRECTIVE_USAGE_ARGUMENT_") && change.meta.directiveName === "deprecated") return "safe";
  // A document that repeats the directive is not valid any more.
  if (change.type === "DIRECTIVE_REPEATABLE_REMOVED") return "breaking";
  if (becameRequired(change, oldSchema, newSchema)) return "breaking";
  if (found === "breaking" && major && wasDeprecated(change, oldSchema)) return "dangerous";
  return found;
}

/** A value that had a default and has none any more must now be given. GraphQL Inspector only sees the default change. */
function becameRequired({ type, path }, oldSchema, newSchema) {
  if (type === "FIELD_ARGUMENT_DEFAULT_CHANGED") {
    const [before, after] = [oldSchema, newSchema].map((schema) => argumentAt(schema, path));
    return !isRequiredArgument(before) && isRequiredArgument(after);
  }
  if (type === "INPUT_FIELD_DEFAULT_VALUE_CHANGED") {
    const [before, after] = [oldSchema, newSchema].map((schema) => memberAt(schema, path));
    return !isRequiredInputField(before) && isRequiredInputField(after);
  }
  return false;
}

const REMOVALS = new Set(["FIELD_REMOVED", "FIELD_ARGUMENT_REMOVED", "INPUT_FIELD_REMOVED", "ENUM_VALUE_REMOVED"]);

function wasDeprecated({ type, path }, oldSchema) {
  if (!REMOVALS.has(type)) return false;
  const removed = type === "FIELD_ARGUMENT_REMOVED" ? argumentAt(oldSchema, path) : memberAt(oldSchema, path);
  return removed.deprecationReason != null;
}

/** The field, input field or enum value at `Type.name`. */
function memberAt(schema, path) {
  const [typeName, name] = path.split(".");
  const type = schema.getType(typeName);
  if (isEnumType(type)) return type.getValue(name);
  if (isObjectType(type) || isInterfaceType(type) || isInputObjectType(type)) return type.getFields()[name];
  throw new Error(`${path} is neither a field nor a value`);
}

/** The argument at `Type.field.name`. */
function argumentAt(schema, path) {
  const name = path.split(".")[2];
  return memberAt(schema, path).args.find((argument) => argument.name === name);
}
