// Our subgraph in a supergraph: composed by The Guild's library, served by Hive's gateway, beside two subgraphs of ours.
//
//   node run.mjs [BINARY]    target/debug/holdergraph unless named
//
// Prints one line a check and ends with "N passed, N failed".
import { fileURLToPath } from "node:url";
import { suite } from "./checks.mjs";

const binary = process.argv[2] ?? fileURLToPath(new URL("../../target/debug/holdergraph", import.meta.url));

const counts = { passed: 0, failed: 0 };

async function check(name, body) {
  try {
    await body();
    counts.passed += 1;
    console.log(`  ok      ${name}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`  FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, "          ")}`);
  }
}

await check("every server started and stopped", () => suite({ check, binary }));
console.log(`${counts.passed} passed, ${counts.failed} failed`);
process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
