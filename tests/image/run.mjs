// The image: its Dockerfile, its SBOM and the scripts that make it; in a full run also the image itself, built and started.
//
//   node run.mjs [--full]     --full needs Debian and root: buildah, podman, runc and debootstrap
//
// IMAGE_PYTHON is a Python with the packages of requirements.txt, IMAGE_SYFT is syft. Prints one line a check and ends with
// "N passed, N failed".
import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { tally } from "../reference/tally.mjs";
import { buildImage, ofTheBuilt, TAG } from "./built.mjs";
import { cargoHome } from "./crates.mjs";
import { faults } from "./dockerfile.mjs";
import { path, text } from "./project.mjs";
import { ofTwoBuilds } from "./reproducible.mjs";
import { ofTheRunning } from "./running.mjs";
import { ofTheSbom } from "./sbom.mjs";
import { openStore } from "./store.mjs";

const { check, end } = tally();
const DIGEST = `sha256:${"0123456789abcdef".repeat(4)}`;
/** The Dockerfile with a digest at the tag of its base. */
const byDigest = (dockerfile) => dockerfile.replace(/^ARG RUST_IMAGE=[^@\n]+.*$/m, (line) => `${line.split("@")[0]}@${DIGEST}`);

async function ofTheDockerfile() {
  const [, rust] = /^channel = "(.+)"$/m.exec(text("rust-toolchain.toml"));
  const dockerfile = text("Dockerfile");
  await check("the Dockerfile keeps its rules", () => assert.deepEqual(faults(dockerfile, rust), []));
  await check("… with its base by digest too", () => assert.deepEqual(faults(byDigest(dockerfile), rust), []));
  for (const [from, to] of [
    ["rust:1.95-bookworm", "rust:latest"],
    ["rust:1.95-bookworm", "rust:1.95-bookworm@sha256:0123"],
    ["rust:1.95-bookworm", `rust:1.94-bookworm@${DIGEST}`],
    ["FROM scratch", "FROM debian:bookworm"],
    ["FROM ${RUST_IMAGE}", "FROM rust:1.95"],
    ["USER 10001:10001", "USER root"],
    ["USER 10001:10001", "USER 10001:10001\nRUN true"],
    ["COPY . .", "ADD . ."],
    ["EXPOSE 4003 9103", 'EXPOSE 4003 9103\nVOLUME ["/data"]'],
    ['CMD ["/holdergraph", "health"]', "CMD curl -f http://localhost/"],
    ['org.opencontainers.image.revision="${REVISION}"', 'revision="${REVISION}"'],
    ["ARG REVISION=unknown", "ARG REGISTRY_TOKEN"],
    ["EXPOSE 4003 9103", "EXPOSE 80"],
  ]) {
    await check(`this would be found out: ${to.split("\n").at(-1)}`, () => {
      assert.ok(dockerfile.includes(from));
      assert.notDeepEqual(faults(dockerfile.replaceAll(from, to), rust), []);
    });
  }
}

async function ofTheScripts() {
  for (const [script, environment, args, why] of [
    ["build-dist", { REVISION: "main" }, [], /REVISION is "main", expected the hexadecimal name of a commit/],
    ["build-dist", { SOURCE_DATE_EPOCH: "today" }, [], /SOURCE_DATE_EPOCH is "today", expected the seconds since 1970/],
    ["build-dist", { CARGO_TARGET_DIR: "/a folder" }, [], /the path "\/a folder" has a blank/],
    ["build-dist", {}, ["--out"], /--out needs a file/],
    ["build-dist", {}, ["--release"], /unknown option "--release"/],
    ["build-image", {}, ["--tool", "kaniko"], /--tool is "kaniko", expected docker, podman or buildah/],
    ["build-image", {}, ["--tag"], /--tag needs a value/],
    ["build-image", {}, ["--push"], /unknown option "--push"/],
  ]) {
    await check(`${script} refuses ${[...Object.entries(environment).map((pair) => pair.join("=")), ...args].join(" ")}`, () => {
      const { status, stderr } = spawnSync(path(`scripts/${script}`), args, { env: { ...process.env, ...environment }, encoding: "utf8" });
      assert.match(stderr, why);
      assert.equal(status, 2);
    });
  }
}

/** scripts/build-image in a folder of its own, with a docker that only writes down what it is told: that, and what is said. */
function told(dockerfile, environment) {
  const folder = mkdtempSync(join(tmpdir(), "holdergraph-docker-"));
  try {
    for (const made of ["bin", "scripts"]) mkdirSync(join(folder, made));
    for (const file of ["Cargo.toml", "scripts/build-image"]) cpSync(path(file), join(folder, file));
    writeFileSync(join(folder, "Dockerfile"), dockerfile);
    writeFileSync(join(folder, "bin/docker"), '#!/bin/sh\nprintf "%s\\n" "$@"\n', { mode: 0o755 });
    const env = { ...process.env, PATH: `${join(folder, "bin")}:${process.env.PATH}`, REVISION: "0123", SOURCE_DATE_EPOCH: "0", ...environment };
    const { status, stdout, stderr } = spawnSync(join(folder, "scripts/build-image"), ["--tool", "docker"], { env, encoding: "utf8" });
    assert.equal(status, 0, stderr);
    return { options: stdout.split("\n"), said: stderr };
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

async function ofTheBase() {
  const bare = text("Dockerfile").replace(/^(ARG RUST_IMAGE=[^@\n]+)@.*$/m, "$1");
  const label = `org.opencontainers.image.base.digest=${DIGEST}`;
  await check("build-image says in one line that a base without a digest is whatever its tag is today", () => {
    for (const [RUST_IMAGE, name] of [["", "rust:1.95-bookworm"], ["mirror.example/rust:1", "mirror.example/rust:1"]]) {
      const { options, said } = told(bare, { RUST_IMAGE });
      assert.equal(said, `no digest: the base is whatever the tag is today; for a release set RUST_IMAGE=${name}@sha256:…\n`);
      assert.deepEqual(options.filter((one) => one.includes("base.digest")), []);
    }
  });
  await check("build-image builds on a base by digest, names it in the label, and has nothing to say", () => {
    const RUST_IMAGE = `rust:1.95-bookworm@${DIGEST}`;
    const { options, said } = told(bare, { RUST_IMAGE });
    assert.equal(said, "");
    assert.ok(options.includes(`RUST_IMAGE=${RUST_IMAGE}`) && options.includes(label), options.join(" "));
  });
  await check("… also where the digest is the Dockerfile's own", () => {
    const { options, said } = told(byDigest(bare), { RUST_IMAGE: "" });
    assert.equal(said, "");
    assert.ok(options.includes(label), options.join(" "));
  });
}

async function ofTheImage() {
  const store = openStore();
  try {
    const crates = cargoHome(join(store.folder, "crates"));
    let root;
    await check("buildah builds the image from the Dockerfile", () => {
      buildImage(store, crates);
      root = store.run("buildah", "mount", store.run("buildah", "from", "--pull-never", TAG));
    });
    if (root !== undefined) {
      await ofTheBuilt(check, store, root);
      await check("the image runs", () => ofTheRunning(check, store));
    }
    await ofTwoBuilds(check, store.folder, crates);
  } finally {
    store.remove();
  }
}

await ofTheDockerfile();
await ofTheScripts();
await ofTheBase();
await ofTheSbom(check);
if (process.argv.includes("--full")) await ofTheImage();
end();
