// Starts the real binary on free ports of this machine, each time in an empty folder of its own.
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";

// Only what stops a hung start or end; nothing is measured by it.
const PATIENCE = 60_000;

function withPatience(promise, what) {
  let timer;
  const late = new Promise((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${what}: nothing for ${PATIENCE / 1000} s`)), PATIENCE);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

/** Starts one command of the binary and waits for the line, of stdout or of the log, that `ready` makes something of. */
async function start(binary, args, settings, stream, ready) {
  const data = mkdtempSync(join(tmpdir(), "holdergraph-reference-"));
  const env = { ...process.env, SERVER_ADDRESS: "127.0.0.1:0", OPS_ADDRESS: "127.0.0.1:0", DATA_DIR: data, ...settings };
  const child = spawn(binary, args, { env, stdio: ["ignore", "pipe", "pipe"] });
  let log = "";
  const ended = once(child, "exit");
  const forget = () => {
    child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
  };
  const found = new Promise((resolve, reject) => {
    child.on("error", (error) => reject(new Error(`${binary} does not start: ${error.message}. Run \`cargo build\` first.`)));
    child.on("exit", (code, signal) => reject(new Error(`${args[0]} ended (${code ?? signal}) before it served:\n${log}`)));
    for (const name of ["stdout", "stderr"]) {
      createInterface({ input: child[name] }).on("line", (line) => {
        log += `${line}\n`;
        const facts = name === stream ? ready(line) : undefined;
        if (facts !== undefined) resolve(facts);
      });
    }
  });
  try {
    const facts = await withPatience(found, `the start of ${args[0]}`);
    const stop = async () => {
      child.kill("SIGTERM");
      try {
        const [code, signal] = await withPatience(ended, `the end of ${args[0]}`);
        if (code !== 0) throw new Error(`${args[0]} ended with ${code ?? signal}:\n${log}`);
      } finally {
        forget();
      }
    };
    return { ...facts, log: () => log, stop };
  } catch (error) {
    forget();
    throw error;
  }
}

/** `holdergraph sandbox`: what its line of JSON says (`graphql`, `tokens`, `organizationId`, …), `log()` and `stop()`. */
export function startSandbox(binary, settings = {}) {
  return start(binary, ["sandbox", "--json"], settings, "stdout", (line) => JSON.parse(line));
}

/** `holdergraph serve` on the upstreams of a sandbox: `graphql`, `log()` and `stop()`. */
export function startServe(binary, sandbox, settings = {}) {
  const all = {
    LCRYPTO_ENCRYPT_SECRET_KEY: "7f3a1c9be04d52a8861fd07ac3559e1240b8d6ef9a23c75d118e64fb02c9a7d3",
    LCRYPTO_HASH_SECRET_KEY: "c2905de81ab7f4463390ce5d7d1f08a6e4b35917fd62ac80195b7e03d8f46a21",
    AUDIT_SECRET_KEY: "5e0b93d4f7a16c28d1459ab07fe36c82904dbe7153fa08c6e21d7b94a56f30c8",
    DEPLOYMENT_MODE: "local",
    PLUGIN_AUTH_ADDRESS: sandbox.accessManager,
    MIDAZ_LEDGER_URL: sandbox.ledger,
    DRAIN_SECONDS: "0",
    LOG_FORMAT: "json",
    ...settings,
  };
  return start(binary, ["serve"], all, "stderr", (line) => {
    if (!line.includes('"serving"')) return undefined;
    const said = JSON.parse(line);
    const address = said.address ?? said.fields?.address;
    return { graphql: `http://${address}/graphql` };
  });
}
