// What must hold of the Dockerfile, beyond what hadolint knows.

const SECRETS = /SECRET|PASSWORD|TOKEN|PRIVATE|CREDENTIAL|API_?KEY/i;
const DIGEST = /^sha256:[0-9a-f]{64}$/;
const LABELS = ["title", "description", "licenses", "version", "revision", "created", "base.name"].map((name) => `org.opencontainers.image.${name}`);

/** The instructions as `{ name, text }`, comments left out and continued lines joined. */
export function instructions(dockerfile) {
  const lines = dockerfile.replace(/^\s*#.*\n/gm, "").replace(/\\\n\s*/g, "");
  return lines
    .split("\n")
    .filter((line) => line.trim() !== "")
    .map((line) => {
      const [, name, text] = /^(\w+)\s+(.*)$/.exec(line);
      return { name: name.toUpperCase(), text };
    });
}

/** The stages, the last one being the image: each from its FROM on. */
function stages(all) {
  const from = all.flatMap(({ name }, index) => (name === "FROM" ? [index] : []));
  return from.map((start, index) => all.slice(start, from[index + 1]));
}

/** Each rule that the Dockerfile breaks, as a sentence; `rust` is the project's own release of Rust, as 1.95.0. */
export function faults(dockerfile, rust) {
  const all = instructions(dockerfile);
  const built = stages(all);
  const image = built.at(-1);
  const found = [];
  const rule = (holds, sentence) => holds || found.push(sentence);
  const texts = (of, name) => of.filter((one) => one.name === name).map(({ text }) => text);
  const is = (name, text) => rule(texts(image, name).join("\n") === text, `${name} of the image is no ${text}`);

  const named = built.slice(0, -1).map(([{ text }]) => /^\$\{RUST_IMAGE\} AS \w+$/.test(text));
  rule(named.length > 0 && named.every(Boolean), "a stage that builds is from another base than ${RUST_IMAGE}");
  const [base] = texts(all.slice(0, 1), "ARG");
  const release = rust.split(".").slice(0, 2).join(".");
  const [tag, ...digest] = (base ?? "").split("@");
  rule(tag === `RUST_IMAGE=rust:${release}-bookworm`, `RUST_IMAGE is not the tag of Rust ${release}`);
  rule(digest.length === 0 || DIGEST.test(digest.join("@")), "RUST_IMAGE has a digest that is no SHA-256");
  rule(!/:latest\b/.test(dockerfile), "something is called latest");
  rule(image[0].text === "scratch", "the image is not from scratch");
  rule(!image.some(({ name }) => name === "RUN"), "something is run in the image, which needs a shell in it");
  rule(!all.some(({ name }) => name === "ADD"), "ADD fetches and unpacks; COPY does neither");
  rule(!all.some(({ name }) => name === "VOLUME"), "VOLUME makes a writable folder of every container, whatever its root file system is");
  is("USER", "10001:10001");
  is("EXPOSE", "4003 9103");
  is("ENTRYPOINT", '["/holdergraph"]');
  is("CMD", '["serve"]');
  rule(texts(image, "HEALTHCHECK").join().endsWith('CMD ["/holdergraph", "health"]'), "the health check is not the program's own");
  const labels = texts(image, "LABEL").join(" ");
  for (const label of LABELS) rule(labels.includes(`${label}="`), `there is no label ${label}`);
  for (const name of ["ARG", "ENV"]) rule(!SECRETS.test(texts(all, name).join(" ")), `${name} names a secret, which stays in the image's history`);
  return found;
}
