// Counts checks: one line each, and at the end "N passed, N failed", which scripts/test reads.

/** `check(name, body)` runs one; `end()` prints the counts and sets the exit code. */
export function tally() {
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
  function end() {
    console.log(`${counts.passed} passed, ${counts.failed} failed`);
    process.exitCode = counts.failed === 0 && counts.passed > 0 ? 0 : 1;
  }
  return { check, end };
}
