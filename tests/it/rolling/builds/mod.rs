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

/// A command of a build on the records of a folder: its exit code, and what it printed.
fn run(build: Build, dir: &Path, arguments: &[&str]) -> (Option<i32>, String) {
    let output = binary_of(build).args(arguments).envs(folder::settings(dir)).envs(KEYS).output().unwrap();
    let text = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).unwrap();
    (output.status.code(), text(&output.stdout) + &text(&output.stderr))
}

/// Neither build finds anything wrong with the records or the trail.
fn prove(dir: &Path) {
    for build in [Build::Older, Build::This] {
        let (code, said) = run(build, dir, &["check", "--json"]);
        let found: Value = serde_json::from_str(&said).unwrap_or_else(|_| panic!("{build:?}: {said}"));
        assert_eq!((code, &found["faults"]), (Some(0), &json!(0)), "{build:?}: {found:#}");
        let (code, said) = run(build, dir, &["audit", "verify", "--lag", "1h"]);
        assert_eq!(code, Some(0), "{build:?}: {said}");
    }
}
