// How each client is made from schema.graphql, and run. Every command stops the client's turn when it fails.
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of a client. */
export const folder = (client) => `${ROOT}examples/clients/${client}`;

/** Runs one command to its end and gives what it printed; nothing of the caller's but what `env` names is passed on. */
export async function command(cwd, line, env = {}) {
  const [program, ...args] = line;
  try {
    const { stdout } = await run(program, args, { cwd, env: { ...process.env, ...env }, maxBuffer: 16 << 20 });
    return stdout;
  } catch (error) {
    throw new Error(`${line.join(" ")} failed (${error.code})\n${error.stdout ?? ""}${error.stderr ?? error}`);
  }
}

/** What was generated before is thrown away: a client that compiles was made from the schema as it is now. */
const fresh = (client, ...paths) => Promise.all(paths.map((path) => rm(`${folder(client)}/${path}`, { recursive: true, force: true })));

const target = process.env.CARGO_TARGET_DIR ?? "target";
const rustTarget = target.startsWith("/") ? target : `${ROOT}${target}`;
const python = process.env.CLIENTS_PYTHON ?? "python3";

/** By name: `make` generates and compiles, `start` is the command that runs it. */
export const LANGUAGES = {
  typescript: {
    async make(at) {
      await fresh("typescript", "src/graphql", "build");
      await command(at, ["npm", "ci", "--no-audit", "--no-fund", "--loglevel=error"]);
      await command(at, ["npm", "run", "generate"]);
      await command(at, ["npm", "run", "build"]);
    },
    start: () => ["node", "build/main.js"],
  },
  rust: {
    make: (at) => command(at, ["cargo", "build", "--locked"], { CARGO_TARGET_DIR: rustTarget }),
    start: () => [`${rustTarget}/debug/holdergraph-client`],
  },
  go: {
    async make(at) {
      await command(at, ["go", "generate", "./..."]);
      await command(at, ["go", "vet", "./..."]);
      await command(at, ["go", "build", "-o", "build/client", "."]);
    },
    start: () => ["build/client"],
  },
  python: {
    async make(at) {
      await fresh("python", "holdergraph_client");
      await command(at, [python, "-m", "ariadne_codegen"]);
    },
    start: () => [python, "main.py"],
  },
};
