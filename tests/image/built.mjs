// The image as scripts/build-image makes it with buildah, and what is in it.
import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { lstatSync, readFileSync, readdirSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { path, text } from "./project.mjs";
import { judged } from "./sbom.mjs";

/** Where the parts of a full run find each other. */
export const TAG = "localhost/holdergraph:test";
const LIMIT = 40_000_000;
const REVISION = "0123456789abcdef0123456789abcdef01234567";
const EPOCH = "1700000000";
/** What the Dockerfile builds on, without a digest: no image that is made here has that of another. */
const [, BASE] = /^ARG RUST_IMAGE=([^@\n]+)/m.exec(text("Dockerfile"));

/** Builds on a base image that is made here, under the name that the Dockerfile uses. */
export function buildImage({ run, environment, folder }, crates) {
  run(path("tests/image/base"), BASE, crates);
  const env = { ...environment, REVISION, SOURCE_DATE_EPOCH: EPOCH, SOURCE_URL: "https://source.example/holdergraph", RUST_IMAGE: BASE };
  const args = ["--tool", "buildah", "--tag", TAG, "--sbom", join(folder, "sbom.json"), "--", "--pull-never", "--isolation", "chroot"];
  execFileSync(path("scripts/build-image"), args, { env, stdio: ["ignore", "ignore", "inherit"] });
}

/** Every path below a folder, from it on. */
function paths(root, folder = root) {
  return readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const full = join(folder, entry.name);
    return [`/${relative(root, full)}`, ...(entry.isDirectory() ? paths(root, full) : [])];
  });
}

/** The checks of what was built; `root` is its file system. */
export async function ofTheBuilt(check, { run, folder }, root) {
  const image = JSON.parse(run("buildah", "inspect", "--type", "image", TAG));
  const { config } = image.Docker;
  const inside = paths(root);
  const stat = (file) => lstatSync(join(root, file));

  await check("the labels say what, from which commit, and when", () => {
    const label = (name) => config.Labels[`org.opencontainers.image.${name}`];
    const [, version] = /^version = "(.+)"$/m.exec(text("Cargo.toml"));
    assert.deepEqual(
      ["title", "licenses", "version", "revision", "created", "source", "base.name"].map(label),
      ["holdergraph", "Apache-2.0", version, REVISION, "2023-11-14T22:13:20Z", "https://source.example/holdergraph", BASE],
    );
    assert.equal(Date.parse(image.Docker.created), EPOCH * 1000);
  });
  await check("it runs as 10001 of 10001, is healthy by its own word, and declares no volume beside its empty /data", () => {
    assert.equal(config.User, "10001:10001");
    assert.deepEqual(config.Healthcheck.Test, ["CMD", "/holdergraph", "health"]);
    assert.deepEqual(config.Volumes ?? {}, {});
    assert.deepEqual(Object.keys(config.ExposedPorts).sort(), ["4003/tcp", "9103/tcp"]);
    assert.deepEqual([stat("/data").uid, stat("/data").gid], [10001, 10001]);
    assert.deepEqual(readdirSync(join(root, "data")), []);
    assert.equal(stat("/data").mode & 0o777, 0o750);
  });
  await check("nothing in it is set-uid, a link, a device, or for others to write but /tmp", () => {
    for (const file of inside) {
      const { mode } = stat(file);
      assert.ok(stat(file).isFile() || stat(file).isDirectory(), file);
      assert.equal(mode & 0o6000, 0, file);
      if (file !== "/tmp") assert.equal(mode & 0o002, 0, file);
    }
  });
  await check("of programs it has one, and the libraries of that one", () => {
    const executable = inside.filter((file) => stat(file).isFile() && readFileSync(join(root, file)).subarray(0, 4).toString("latin1") === "\x7fELF");
    assert.deepEqual(executable.filter((file) => !/\/lib(64)?\/.*\.so\.\d+$/.test(file)), ["/holdergraph"]);
    const folders = new Set(inside.filter((file) => stat(file).isFile()).map(dirname));
    assert.deepEqual([...folders].filter((one) => /bin$/.test(one)), []);
  });
  await check(`it is smaller than ${LIMIT / 1e6} MB`, () => {
    const sizes = inside.filter((file) => stat(file).isFile()).map((file) => [file, stat(file).size]);
    const all = sizes.reduce((sum, [, size]) => sum + size, 0);
    for (const [file, size] of sizes) console.log(`          ${(size / 1e6).toFixed(2).padStart(6)} MB  ${file}`);
    console.log(`          ${(all / 1e6).toFixed(2).padStart(6)} MB  in all; the image ${(JSON.parse(run("podman", "image", "inspect", TAG))[0].Size / 1e6).toFixed(2)} MB`);
    assert.ok(all < LIMIT, `${all} bytes`);
  });
  await check("its SBOM is beside it too, valid, and of this very program", () => {
    const bom = readFileSync(join(folder, "sbom.json"), "utf8");
    assert.equal(bom, readFileSync(join(root, "licenses/holdergraph.cdx.json"), "utf8"));
    assert.equal(judged(bom), "");
    const [sum] = execFileSync("sha256sum", [join(root, "holdergraph")], { encoding: "utf8" }).split(" ");
    assert.deepEqual(JSON.parse(bom).metadata.component.hashes, [{ alg: "SHA-256", content: sum }]);
  });
  await check("syft finds Debian's packages in it, and those of the SBOM are the same", () => {
    const found = JSON.parse(run(process.env.IMAGE_SYFT ?? "syft", "scan", `dir:${root}`, "--output", "cyclonedx-json", "--quiet"));
    const debian = (bom) => bom.components.filter(({ purl }) => purl?.startsWith("pkg:deb/")).map(({ name, version }) => `${name} ${version}`).sort();
    const ours = debian(JSON.parse(readFileSync(join(folder, "sbom.json"), "utf8")));
    assert.deepEqual(debian(found), ours);
    assert.deepEqual(ours.map((one) => one.split(" ")[0]), ["ca-certificates", "libc6", "libgcc-s1"]);
  });
  await check("every licence is in it", () => {
    for (const name of ["LICENSE", "crates.txt", "graphiql.txt", "libc6.txt", "libgcc-s1.txt", "ca-certificates.txt"]) assert.ok(stat(`/licenses/${name}`).size > 1000, name);
  });
}
