// The image run as docs/image.md says, hardened in every way, beside a sandbox of the same image; and the flow against it.
// Both are in one network of their own without a way out, so the service has the ports that it has in a cluster.
import assert from "node:assert/strict";
import { execFileSync, spawn } from "node:child_process";
import { randomBytes } from "node:crypto";
import { once } from "node:events";
import { chmodSync, chownSync, mkdirSync, readFileSync, unlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { setTimeout } from "node:timers/promises";
import { TAG } from "./built.mjs";
import { path, text } from "./project.mjs";

const HARDENED = ["--read-only", "--read-only-tmpfs=false", "--tmpfs", "/tmp", "--cap-drop", "ALL", "--security-opt", "no-new-privileges", "--memory", "512m", "--pids-limit", "200"];
const KEYS = ["LCRYPTO_ENCRYPT_SECRET_KEY", "LCRYPTO_HASH_SECRET_KEY", "AUDIT_SECRET_KEY"];
const INSIDE = "/run/secrets/holdergraph";

/** A folder with a fresh set of keys, which only the image's user can read. */
function keys(folder) {
  mkdirSync(folder);
  for (const name of KEYS) {
    writeFileSync(join(folder, name), randomBytes(32).toString("hex"), { mode: 0o400 });
    chownSync(join(folder, name), 10001, 10001);
  }
  chownSync(folder, 10001, 10001);
  chmodSync(folder, 0o500);
  return folder;
}

/** A sandbox in a container, alone in its network: the line of JSON that it prints. */
async function sandbox({ environment }) {
  const addresses = ["SERVER_ADDRESS", "OPS_ADDRESS"].flatMap((name) => ["--env", `${name}=127.0.0.1:0`]);
  const volume = ["--volume", "sandbox-data:/data"];
  const args = ["run", "--name", "sandbox", "--network", "none", ...HARDENED, ...addresses, ...volume, TAG, "sandbox", "--json"];
  const child = spawn("podman", args, { env: environment, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  child.stderr.on("data", (part) => (log += part));
  const line = once(createInterface({ input: child.stdout }), "line");
  const ended = once(child, "exit").then(([code]) => Promise.reject(new Error(`the sandbox ended with ${code}:\n${log}`)));
  ended.catch(() => {});
  const [facts] = await Promise.race([line, ended]);
  return facts;
}

/** What `holdergraph serve` is told, as podman's options: upstreams, and a fresh set of keys as files. */
function settings(folder, facts) {
  const { accessManager, ledger } = JSON.parse(facts);
  const values = {
    DEPLOYMENT_MODE: "local",
    PLUGIN_AUTH_ADDRESS: accessManager,
    MIDAZ_LEDGER_URL: ledger,
    DRAIN_SECONDS: "1",
    ...Object.fromEntries(KEYS.map((name) => [`${name}_FILE`, `${INSIDE}/${name}`])),
  };
  const environment = Object.entries(values).flatMap(([name, value]) => ["--env", `${name}=${value}`]);
  return [...environment, "--volume", `${keys(join(folder, "keys"))}:${INSIDE}:ro`];
}

/** `holdergraph serve` in the sandbox's network; its number among this machine's processes. */
function serve({ run }, told) {
  run("podman", "run", "--detach", "--name", "service", "--network", "container:sandbox", ...HARDENED, ...told, "--volume", "holdergraph-data:/data", TAG);
  return run("podman", "inspect", "--format", "{{.State.Pid}}", "service");
}

/** A program of this machine in the network of a container. */
function within(pid, ...command) {
  return execFileSync("nsenter", ["--target", pid, "--net", ...command], { encoding: "utf8", stdio: ["ignore", "pipe", "pipe"] });
}

/** Asks until it is healthy; what it says where it never is. */
async function healthy(run) {
  for (let turn = 0; ; turn += 1) {
    try {
      return run("podman", "exec", "service", "/holdergraph", "health");
    } catch (error) {
      if (turn === 60) throw new Error(`${error.message}\n${run("podman", "logs", "service")}`);
      await setTimeout(500);
    }
  }
}

/** The checks of the running image. */
export async function ofTheRunning(check, store) {
  const { run } = store;
  const facts = await sandbox(store);
  const told = settings(store.folder, facts);
  const pid = serve(store, told);
  // Its file system, as this machine sees it.
  const root = join("/proc", pid, "root");

  await check("it starts hardened, and is healthy by its own word", () => healthy(run));
  await check("podman's health check says the same", () => run("podman", "healthcheck", "run", "service"));
  await check("the flow runs: create, link, read", () => {
    const version = within(pid, process.execPath, path("tests/image/flow.mjs"), "http://127.0.0.1:4003/graphql", facts);
    const [, crate] = /^version = "(.+)"$/m.exec(text("Cargo.toml"));
    assert.deepEqual(JSON.parse(version), { version: crate, commit: run("podman", "inspect", "--format", '{{index .Config.Labels "org.opencontainers.image.revision"}}', "service") });
  });
  await check("the process is 10001 of 10001, without capabilities and without a way to more, behind a filter of system calls", () => {
    const status = readFileSync(`/proc/${pid}/status`, "utf8");
    const field = (name) => new RegExp(`^${name}:\\s+(.*)$`, "m").exec(status)[1];
    assert.match(field("Uid"), /^(10001\s*){4}$/);
    assert.match(field("Gid"), /^(10001\s*){4}$/);
    for (const name of ["CapInh", "CapPrm", "CapEff", "CapBnd", "CapAmb"]) assert.match(field(name), /^0+$/, name);
    assert.equal(field("NoNewPrivs"), "1");
    assert.equal(field("Seccomp"), "2");
  });
  await check("nobody can write in it but to /data and /tmp", () => {
    for (const folder of ["", "/etc", "/licenses", "/lib64", "/run", INSIDE]) {
      assert.throws(() => writeFileSync(`${root}${folder}/written`, "x"), { code: "EROFS" }, folder || "/");
    }
    for (const folder of ["/data", "/tmp"]) {
      writeFileSync(`${root}${folder}/written`, "x");
      unlinkSync(`${root}${folder}/written`);
    }
  });
  await check("the store is in the volume, and no other user reads it", () => {
    const files = run("find", join(root, "data"), "-type", "f", "-name", "holdergraph.db*", "-printf", "%U:%G %m\n").split("\n");
    assert.ok(files.length >= 1);
    for (const file of files) assert.match(file, /^10001:10001 6[0-4]0$/);
  });
  await check("there is no shell in it", () => {
    for (const shell of ["/bin/sh", "/bin/bash", "sh", "/busybox"]) {
      assert.throws(() => run("podman", "exec", "service", shell, "-c", "true"), /executable file.*not found|no such file/i, shell);
    }
  });
  await check("SIGTERM ends it with 0", () => {
    run("podman", "stop", "--time", "60", "service");
    assert.equal(run("podman", "inspect", "--format", "{{.State.ExitCode}}", "service"), "0", run("podman", "logs", "service"));
  });
  await check("without a volume at /data nobody can write there either, so the embedded store does not open", () => {
    const why = /\/data\/holdergraph\.lock is on a read-only file system: mount it writable/;
    assert.throws(() => run("podman", "run", "--rm", "--network", "none", ...HARDENED, ...told, TAG), why);
  });
  await check("without keys it does not start, and names the setting", () => {
    assert.throws(() => run("podman", "run", "--rm", "--network", "none", ...HARDENED, TAG), /LCRYPTO_ENCRYPT_SECRET_KEY/);
  });
}
