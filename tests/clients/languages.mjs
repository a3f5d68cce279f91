// How each client is made from schema.graphql, and run. Every command stops the client's turn when it fails.
import { execFile } from "node:child_process";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { promisify } from "node:util";

const run = promisify(execFile);
const ROOT = fileURLToPath(new URL("../..", import.meta.url));

/** The folder of a client. */
export const folder = (client) => `${ROOT}examples/clients/${client}`;

/** Runs one command to its end and gives what it printed; an end other than success is an error that shows it. */
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
const forget = (at, ...paths) => Promise.all(paths.map((path) => rm(`${at}/${path}`, { recursive: true, force: true })));

/** A formatter that lists files has found some that are not as it wants them. */
async function listsNothing(cwd, line) {
  const files = (await command(cwd, line)).trim();
  if (files !== "") throw new Error(`${line.join(" ")}: ${files}`);
}

const target = process.env.CARGO_TARGET_DIR ?? "target";
const rustTarget = target.startsWith("/") ? target : `${ROOT}${target}`;
const python = process.env.CLIENTS_PYTHON ?? "python3";

/** By name: `make` generates, checks the format and compiles; `start` is the command that runs it. */
export const LANGUAGES = {
  typescript: {
    async make(at) {
      await forget(at, "src/graphql", "build");
      await command(at, ["npm", "ci", "--prefer-offline", "--no-audit", "--no-fund", "--loglevel=error"]);
      await command(at, ["npm", "run", "generate"]);
      await command(at, ["npm", "run", "build"]);
    },
    start: ["node", "build/main.js"],
  },
  rust: {
    // Here the generator is a macro: it reads the schema while it compiles.
    async make(at) {
      await command(at, ["cargo", "fmt", "--check"]);
      await command(at, ["cargo", "build", "--locked"], { CARGO_TARGET_DIR: rustTarget });
    },
    start: [`${rustTarget}/debug/holdergraph-client`],
  },
  go: {
    async make(at) {
      await forget(at, "graphql", "build");
      await command(at, ["go", "generate", "."]);
      await listsNothing(at, ["gofmt", "-l", "."]);
      await command(at, ["go", "vet", "./..."]);
      await command(at, ["go", "build", "-o", "build/client", "."]);
    },
    start: ["build/client"],
  },
  python: {
    async make(at) {
      await forget(at, "holdergraph_client");
      await command(at, [python, "-m", "ariadne_codegen"]);
      await command(at, [python, "-m", "ruff", "format", "--check", "."]);
      await command(at, [python, "-m", "compileall", "-q", "main.py", "holdergraph_client"]);
    },
    start: [python, "main.py"],
  },
};
