// Where the project's files are.
import { readFileSync } from "node:fs";
import { fileURLToPath } from "node:url";

/** The full path of a file of the project. */
export const path = (relative) => fileURLToPath(new URL(`../../${relative}`, import.meta.url));

/** What a file of the project holds. */
export const text = (relative) => readFileSync(path(relative), "utf8");
