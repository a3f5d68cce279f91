// Mutations under one name: they merge, and run once.
const input = (document) => `input: {type: LEGAL_PERSON, name: "n", document: "${document}"}`;

export default [
  { name: "a mutation twice under one name", query: `mutation { createHolder(${input("m1")}) { holder { id } } createHolder(${input("m1")}) { holder { name } } }`, valid: true },
  { name: "a mutation twice under one name with different inputs", query: `mutation { createHolder(${input("m2")}) { holder { id } } createHolder(${input("m3")}) { holder { name } } }`, valid: false },
  { name: "two mutations under one name", query: `mutation { a: createHolder(${input("m4")}) { userErrors { code } } a: deleteHolder(input: {id: 1}) { userErrors { code } } }`, valid: false },
  { name: "a mutation twice, once on a condition", query: `mutation($a: Boolean!) { createHolder(${input("m5")}) { holder { id } } createHolder(${input("m5")}) @include(if: $a) { holder { name } } }`, variables: { a: true }, valid: true },
  { name: "a mutation twice, each on a condition", query: `mutation($a: Boolean!, $b: Boolean = true) { createHolder(${input("m6")}) @include(if: $a) { holder { id } } createHolder(${input("m6")}) @skip(if: $b) { holder { name } } }`, variables: { a: true }, valid: true },
  { name: "a mutation twice, neither condition holds", query: `mutation($a: Boolean!) { createHolder(${input("m7")}) @include(if: $a) { holder { id } } ... @include(if: $a) { createHolder(${input("m7")}) { holder { name } } } }`, variables: { a: false }, valid: true },
  { name: "a mutation twice, a condition without a value", query: `mutation($a: Boolean!) { createHolder(${input("m8")}) @include(if: $a) { holder { id } } createHolder(${input("m8")}) @skip(if: $a) { holder { name } } }`, variables: {}, valid: false },
  { name: "a mutation twice through a fragment", query: `mutation { createHolder(${input("m9")}) { holder { id } } ...F } fragment F on Mutation { createHolder(${input("m9")}) { holder { name } } }`, valid: true },
];
