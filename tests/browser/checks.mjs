// One line a check, and the counts at the end.
const counts = { passed: 0, failed: 0 };

export async function check(name, body) {
  try {
    await body();
    counts.passed += 1;
    console.log(`  ok      ${name}`);
  } catch (error) {
    counts.failed += 1;
    console.log(`  FAILED  ${name}\n${String(error.stack ?? error).replace(/^/gm, "          ")}`);
  }
}

export const failed = () => counts.failed;

/** Prints the last line, and says whether all went well. */
export function total() {
  console.log(`${counts.passed} passed, ${counts.failed} failed`);
  return counts.failed === 0 && counts.passed > 0;
}
