//! An older build and this one on one store: side by side, and one replaced by the other. The older one is of the commit
//! that `tests/it/rolling/older` names; `scripts/test --only upgrade` builds it.

mod layouts;
mod replaced;
mod side_by_side;
mod written;

use super::super::app::{App, KEYS};
use super::super::calls::PATIENT_OVER_MONGO;
use super::super::folder::{self, Folder};
use super::super::process::{Build, binary_of};
use serde_json::{Value, json};
use std::path::Path;
use std::sync::Arc;

/// Both, in either order.
const BOTH: [[Build; 2]; 2] = [[Build::Older, Build::This], [Build::This, Build::Older]];

/// A server of each build over one database, and the upstreams of both.
struct Pair {
    one: App,
    other: App,
    dir: Arc<Folder>,
    _upstreams: App,
}

impl Pair {
    fn start([one, other]: [Build; 2]) -> Self {
        let (dir, upstreams) = (Folder::in_mongo(), App::upstreams());
        let start = |build| App::serve_build(build, dir.clone(), &upstreams, &PATIENT_OVER_MONGO);
        let (one, other) = (start(one), start(other));
        Self { one, other, dir, _upstreams: upstreams }
    }
}

/// What a command of a build said of the records of a folder.
struct Said {
    code: Option<i32>,
    stdout: String,
    stderr: String,
}

fn run(build: Build, dir: &Path, arguments: &[&str]) -> Said {
    let output = binary_of(build).args(arguments).envs(folder::settings(dir)).envs(KEYS).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    Said { code: output.status.code(), stdout: text(&output.stdout), stderr: text(&output.stderr) }
}

/// Neither build finds anything wrong with the records or the trail.
fn prove(dir: &Path) {
    for build in [Build::Older, Build::This] {
        let Said { code, stdout, stderr } = run(build, dir, &["check", "--json"]);
        let found: Value = serde_json::from_str(&stdout).unwrap_or_else(|_| panic!("{build:?}: {stderr}"));
        assert_eq!((code, &found["faults"]), (Some(0), &json!(0)), "{build:?}: {found:#}");
        let Said { code, stdout, stderr } = run(build, dir, &["audit", "verify", "--lag", "1h"]);
        assert_eq!(code, Some(0), "{build:?}: {stdout}{stderr}");
    }
}
