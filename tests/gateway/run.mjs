// Our subgraph in a supergraph: composed by The Guild's library, served by Hive's gateway, beside two subgraphs of ours.
//
//   node run.mjs [BINARY]    target/debug/holdergraph unless named
//
// Prints one line a check and ends with "N passed, N failed".
import { fileURLToPath } from "node:url";
import { tally } from "../reference/tally.mjs";
import { suite } from "./checks.mjs";

const binary = process.argv[2] ?? fileURLToPath(new URL("../../target/debug/holdergraph", import.meta.url));

const { check, end } = tally();

await check("every server started and stopped", () => suite({ check, binary }));
end();
