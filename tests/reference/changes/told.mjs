// What people are told of a comparison.

const REMEDIES = {
  breaking: [
    "Clients break by these: keep what is there, and add the new beside it. What shall go is marked",
    '@deprecated(reason: "…") first, and goes in a new major version: docs/api.md, "Changes".',
  ],
  dangerous: ["Clients that are written as docs/api.md asks are not broken by these; tell them in the changelog."],
};

/** The comparison as text: breaking and dangerous changes one by one, safe ones only counted. */
export function text(told) {
  const lines = ["breaking", "dangerous"].flatMap((verdict) => section(verdict, told[verdict]));
  const counts = Object.entries(told).map(([verdict, changes]) => `${changes.length} ${verdict}`);
  return [...lines, counts.join(", "), ""].join("\n");
}

function section(verdict, changes) {
  if (changes.length === 0) return [];
  const listed = changes.map(({ path, message }) => `  ${path}  ${message}`);
  return [`${verdict}:`, ...listed, ...REMEDIES[verdict].map((line) => `  ${line}`), ""];
}
