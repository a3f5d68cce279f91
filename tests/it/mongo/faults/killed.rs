//! The server itself is killed, and comes back.

use super::super::proxy::Which;
use super::super::rest::until;
use super::{Behind, done};
use std::path::Path;
use std::process::Command;
use tempfile::TempDir;

/// A server of the test's own.
struct Own {
    data: TempDir,
}

impl Own {
    fn new() -> Self {
        Self { data: TempDir::new().unwrap() }
    }

    /// Starts it, or starts it again where it was; its URI.
    fn start(&self) -> String {
        let output = self.script("start");
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        String::from_utf8(output.stdout).unwrap().trim().to_owned()
    }

    /// Kills all of it at once: a process of the database that outlives the first one keeps the next from starting.
    fn kill(&self) {
        for name in ["ferretdb", "postgres"] {
            let recorded = std::fs::read_to_string(self.data.path().join(format!("{name}.pid"))).unwrap();
            let id = recorded.split_whitespace().next().unwrap();
            // Stopped first, so that no child is born between the look and the kill.
            assert!(signal("STOP", &[id]));
            let children = Command::new("ps").args(["-o", "pid=", "--ppid", id]).output().unwrap();
            let children = String::from_utf8(children.stdout).unwrap();
            assert!(signal("KILL", &[id]));
            // Some may have ended by themselves meanwhile.
            let children: Vec<&str> = children.split_whitespace().collect();
            let _ = children.is_empty() || signal("KILL", &children);
        }
    }

    fn script(&self, command: &str) -> std::process::Output {
        let script = Path::new(env!("CARGO_MANIFEST_DIR")).join("scripts/mongo");
        // One that is to be killed must keep what it acknowledged, whatever is set for the others.
        let settings = [("MONGO_TEST_PORT", "0"), ("MONGO_TEST_PG_PORT", "0"), ("MONGO_TEST_FSYNC", "on")];
        let mut run = Command::new(script);
        run.arg(command).env("MONGO_TEST_DATA", self.data.path()).envs(settings).output().unwrap()
    }
}

fn signal(name: &str, ids: &[&str]) -> bool {
    let output = Command::new("kill").arg(format!("-{name}")).args(ids).output();
    output.unwrap().status.success()
}

impl Drop for Own {
    fn drop(&mut self) {
        self.script("stop");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_server_that_is_killed_with_kill_9_and_started_again() {
    let own = Own::new();
    let uri = own.start();
    let behind = Behind::on_server(&uri);
    for _ in 0..2 {
        let told = behind.through(async { own.kill() }, || drop(own.start())).await;
        assert_eq!(done(&told), 0, "nobody answers");
    }
    // Also in the middle of writes.
    for after in [5, 20, 50] {
        behind.proxy.forget();
        let among = async {
            until("too few writes", || behind.proxy.count(&Which::writes()) >= after).await;
            own.kill();
        };
        behind.through(among, || drop(own.start())).await;
    }
}
