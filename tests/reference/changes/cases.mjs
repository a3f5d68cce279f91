// Changed schemas and the verdict that each must get: so the comparison is known to find what it is there for.

/** What the cases change: small, and with every kind of thing that a schema can have. */
export const BASE = `
directive @cost(weight: Int! = 1) on FIELD_DEFINITION
directive @mark(name: String) repeatable on FIELD | FIELD_DEFINITION
scalar Day @specifiedBy(url: "https://example.com/day")
interface Node { id: ID! }
type Holder implements Node {
  id: ID!
  name: String
  code: String!
  tags: [String!]!
  born: Day @cost(weight: 2)
  old: String @deprecated(reason: "use name")
  accounts(first: Int = 20, state: State! = LIVE, after: String, kind: Kind @deprecated(reason: "gone")): [Account!]
}
type Account implements Node { id: ID! holder: Holder }
union Found = Holder | Account
type Lonely { id: ID }
"How a record is."
enum State { LIVE DELETED ANY OLD @deprecated(reason: "use ANY") }
enum Kind { ONE TWO }
input Filter { id: ID name: String! state: State = LIVE first: Int! = 5 old: Int @deprecated(reason: "gone") }
input Choice { id: ID name: String }
type Query {
  holder(id: ID!): Holder
  holders(filter: Filter): [Holder]
  find(by: Choice): Found
  kind: Kind
}
type Mutation { create(filter: Filter!): Holder }
`;

/** One rule each: what is told of it, the verdict, what stands in BASE, and what stands there afterwards. */
export const CASES = [
  ["nothing changed", "none", "", ""],
  // Outputs
  ["a field is added", "safe", "name: String\n", "name: String\n  alias: String\n"],
  ["a field is removed", "breaking", "  name: String\n", ""],
  ["a deprecated field is removed", "breaking", `  old: String @deprecated(reason: "use name")\n`, ""],
  ["a field is renamed", "breaking", "name: String\n", "fullName: String\n"],
  ["a field has another type", "breaking", "name: String\n", "name: Int\n"],
  ["a field becomes a list", "breaking", "name: String\n", "name: [String]\n"],
  ["a field that is never null becomes nullable", "breaking", "code: String!", "code: String"],
  ["a nullable field is never null any more", "safe", "name: String\n", "name: String!\n"],
  ["entries of a list become nullable", "breaking", "tags: [String!]!", "tags: [String]!"],
  ["entries of a list are never null any more", "safe", "holders(filter: Filter): [Holder]", "holders(filter: Filter): [Holder!]"],
  ["a query is added", "safe", "  kind: Kind\n", "  kind: Kind\n  kinds: [Kind]\n"],
  ["a mutation is removed", "breaking", "type Mutation { create(filter: Filter!): Holder }", "type Mutation { make: Holder }"],
  ["there are no mutations any more", "breaking", "type Mutation { create(filter: Filter!): Holder }", ""],
  // Arguments
  ["an optional argument is added", "dangerous", "holder(id: ID!)", "holder(id: ID!, state: State)"],
  ["an optional argument with a default is added", "dangerous", "holder(id: ID!)", "holder(id: ID!, state: State! = LIVE)"],
  ["a required argument is added", "breaking", "holder(id: ID!)", "holder(id: ID!, state: State!)"],
  ["an argument is removed", "breaking", ", after: String", ""],
  ["a deprecated argument is removed", "breaking", `, kind: Kind @deprecated(reason: "gone")`, ""],
  ["an argument is made required", "breaking", "after: String", "after: String!"],
  ["an argument is made optional", "safe", "holder(id: ID!)", "holder(id: ID)"],
  ["an argument has another type", "breaking", "after: String", "after: Int"],
  ["an argument's default changes", "dangerous", "first: Int = 20", "first: Int = 10"],
  ["an optional argument loses its default", "dangerous", "first: Int = 20", "first: Int"],
  ["an argument that may not be null loses its default", "breaking", "state: State! = LIVE", "state: State!"],
  // Input types
  ["an optional input field is added", "safe", "input Choice { id: ID", "input Choice { id: ID at: Day"],
  ["an input field with a default is added", "dangerous", "input Choice { id: ID", "input Choice { id: ID at: Int! = 1"],
  ["a required input field is added", "breaking", "input Choice { id: ID", "input Choice { id: ID at: Day!"],
  ["an input field is removed", "breaking", "input Choice { id: ID name: String }", "input Choice { id: ID }"],
  ["an input field is made required", "breaking", "input Filter { id: ID ", "input Filter { id: ID! "],
  ["an input field is made optional", "safe", "name: String! state", "name: String state"],
  ["an input field has another type", "breaking", "input Filter { id: ID ", "input Filter { id: Int "],
  ["an input field's default changes", "dangerous", "state: State = LIVE", "state: State = ANY"],
  ["an input field that may not be null loses its default", "breaking", "first: Int! = 5", "first: Int!"],
  ["of an input's fields exactly one may be given", "breaking", "input Choice {", "input Choice @oneOf {"],
  // Enums, unions, interfaces, types
  ["an enum value is added", "dangerous", "enum Kind { ONE TWO }", "enum Kind { ONE TWO THREE }"],
  ["an enum value is removed", "breaking", "enum Kind { ONE TWO }", "enum Kind { ONE }"],
  ["a deprecated enum value is removed", "breaking", ` OLD @deprecated(reason: "use ANY")`, ""],
  ["a union's member is added", "dangerous", "union Found = Holder | Account", "type Other { id: ID }\nunion Found = Holder | Account | Other"],
  ["a union's member is removed", "breaking", "union Found = Holder | Account", "union Found = Holder"],
  ["a type implements one interface more", "dangerous", "type Account implements Node {", "interface Owned { holder: Holder }\ntype Account implements Node & Owned {"],
  ["a type leaves an interface", "breaking", "type Account implements Node {", "type Account {"],
  ["a type is added", "safe", "enum Kind {", "type Other { id: ID }\nenum Kind {"],
  ["a type is removed", "breaking", "type Lonely { id: ID }\n", ""],
  ["an object becomes an interface", "breaking", "type Account implements Node", "interface Account implements Node"],
  ["a scalar becomes an enum", "breaking", `scalar Day @specifiedBy(url: "https://example.com/day")`, "enum Day { MONDAY }"],
  // What is said of it
  ["a description changes", "safe", `"How a record is."`, `"In which state a record is."`],
  ["a field is deprecated", "safe", "name: String\n", `name: String @deprecated(reason: "use code")\n`],
  ["an enum value is deprecated", "safe", "enum Kind { ONE", `enum Kind { ONE @deprecated(reason: "use TWO")`],
  ["a deprecation is taken back", "safe", `old: String @deprecated(reason: "use name")`, "old: String"],
  ["a deprecation has another reason", "safe", `"use name"`, `"use code"`],
  // Directives
  ["a directive is added", "safe", "directive @cost", "directive @more on FIELD\ndirective @cost"],
  ["a directive of documents is removed", "breaking", "directive @mark(name: String) repeatable on FIELD | FIELD_DEFINITION\n", ""],
  ["a directive may stand in one place less", "breaking", "on FIELD | FIELD_DEFINITION", "on FIELD_DEFINITION"],
  ["a directive may not be repeated any more", "breaking", "(name: String) repeatable", "(name: String)"],
  ["a directive's argument is removed", "breaking", "@mark(name: String)", "@mark"],
  ["a directive's argument is made required", "breaking", "@mark(name: String)", "@mark(name: String!)"],
  ["a directive's default changes", "dangerous", "weight: Int! = 1", "weight: Int! = 2"],
  ["a field's cost changes", "dangerous", "@cost(weight: 2)", "@cost(weight: 3)"],
  ["a field costs something", "dangerous", "name: String\n", "name: String @cost(weight: 9)\n"],
];

/** In a new major version: what was deprecated may go, anything else may not. */
export const MAJOR_CASES = [
  ["a deprecated field is removed", "dangerous", `  old: String @deprecated(reason: "use name")\n`, ""],
  ["a deprecated argument is removed", "dangerous", `, kind: Kind @deprecated(reason: "gone")`, ""],
  ["a deprecated enum value is removed", "dangerous", ` OLD @deprecated(reason: "use ANY")`, ""],
  ["a deprecated input field is removed", "dangerous", ` old: Int @deprecated(reason: "gone")`, ""],
  ["a field that was not deprecated is removed", "breaking", "  name: String\n", ""],
  ["a type changes without a deprecation", "breaking", "code: String!", "code: String"],
];
