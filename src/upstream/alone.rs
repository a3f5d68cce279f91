//! For tests that need a process of their own: another environment, or no other thread that logs.

use std::process::Command;

const ALONE: &str = "HOLDERGRAPH_TEST_ALONE";

/// Whether this process runs the test of this full name alone. Where it does not, such a process is started, with
/// these variables in its environment, and must pass.
pub(crate) fn alone(name: &str, environment: &[(&str, &str)]) -> bool {
    if std::env::var_os(ALONE).is_some() {
        return true;
    }
    let mut test = Command::new(std::env::current_exe().unwrap());
    test.args(["--exact", name]).env(ALONE, "1").envs(environment.iter().copied());
    let run = test.output().unwrap();
    let output = String::from_utf8_lossy(&run.stdout);
    assert!(run.status.success() && output.contains("1 passed"), "{name}: {output}");
    false
}
