// Starts the real binary's sandbox on free ports of this machine, with an empty data folder.
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

/** Starts `BINARY sandbox --json`; gives its URLs, its log and `stop()`. */
export async function startSandbox(binary) {
  const data = mkdtempSync(join(tmpdir(), "holdergraph-browser-"));
  const child = spawn(binary, ["sandbox", "--json"], {
    env: { ...process.env, SERVER_ADDRESS: "127.0.0.1:0", OPS_ADDRESS: "127.0.0.1:0", DATA_DIR: data },
    stdio: ["ignore", "pipe", "pipe"],
  });
  let log = "";
  child.stderr.on("data", (piece) => (log += piece));
  const ended = once(child, "exit");
  const failed = new Promise((_, reject) => {
    child.on("error", (error) => reject(new Error(`${binary} does not start: ${error.message}. Run \`cargo build\` first.`)));
    child.on("exit", (code, signal) => reject(new Error(`the sandbox ended (${code ?? signal}) before its first line:\n${log}`)));
  });
  failed.catch(() => {});
  const lines = createInterface({ input: child.stdout });
  const firstLine = once(lines, "line").then(([line]) => line);

  let urls;
  try {
    urls = JSON.parse(await withPatience(Promise.race([firstLine, failed]), "the sandbox's first line"));
  } catch (error) {
    child.kill("SIGKILL");
    rmSync(data, { recursive: true, force: true });
    throw error;
  }
  lines.on("line", (line) => (log += `${line}\n`));

  return {
    graphiql: urls.graphiql,
    graphql: urls.graphql,
    log: () => log,
    async stop() {
      child.kill("SIGTERM");
      try {
        const [code, signal] = await withPatience(ended, "the sandbox's end");
        if (code !== 0) throw new Error(`the sandbox ended with ${code ?? signal}:\n${log}`);
      } finally {
        child.kill("SIGKILL");
        rmSync(data, { recursive: true, force: true });
      }
    },
  };
}
