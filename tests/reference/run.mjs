// Holds the real binary against tools that others wrote. Each suite is a file of its own.
//
//   node run.mjs [BINARY [SUITE...]]    BINARY is target/debug/holdergraph unless named; all suites unless some are
//
// Prints one line a check and ends with "N passed, N failed".
import { fileURLToPath } from "node:url";
import { tally } from "./tally.mjs";

const SUITES = ["audits", "verdicts", "changes"];

const [named, ...chosen] = process.argv.slice(2);
const binary = named ?? fileURLToPath(new URL("../../target/debug/holdergraph", import.meta.url));

const { check, end } = tally();

for (const name of chosen.length > 0 ? chosen : SUITES) {
  console.log(`-- ${name}`);
  await check(`${name} ran to its end`, async () => {
    const { suite } = await import(`./${name}.mjs`);
    await suite({ check, binary });
  });
}
end();
