//! Who settles what another one left may be late too: by then the other one has begun anew.

use super::super::super::app::App;
use super::super::super::calls::{PATIENT_OVER_MONGO, refusal};
use super::super::super::folder::{Folder, database, uri};
use super::super::super::mutations::{Ready, holder, ready, with};
use super::super::proxy::{Fault, Proxy, Which};
use super::super::rest::{at_rest, until};
use serde_json::json;
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// So long whoever began something is left alone with it.
const LEASE: Duration = Duration::from_secs(3);

/// A server behind a proxy of its own.
pub(super) struct Slow {
    pub(super) proxy: Proxy,
    pub(super) app: App,
}

impl Slow {
    pub(super) fn start(dir: &Arc<Folder>, upstreams: &App, settings: &[(&str, &str)]) -> Self {
        let proxy = Proxy::before(&uri(dir.path()));
        let (through, name) = (proxy.uri(), database(dir.path()));
        let mut all = PATIENT_OVER_MONGO.to_vec();
        all.extend([("MONGO_URI", through.as_str()), ("MONGO_NAME", name.as_str())]);
        all.extend(settings);
        let app = App::serve_in(dir.clone(), upstreams, &all);
        Self { proxy, app }
    }
}

/// One onboards and sleeps; another one takes its records back, and is held up between the holder and the alias
/// accounts; the first one wakes, begins anew and is told that all is done: so it is, whatever the other one does then.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_is_taken_back_late_is_not_what_was_made_meanwhile() {
    let upstreams = App::upstreams();
    let dir = Folder::in_mongo();
    let file = dir.path().join(format!("stopped-{}", Uuid::now_v7()));
    let stop = [
        ("HOLDERGRAPH_TEST_STOP_AT", "create: alias accounts joining"),
        ("HOLDERGRAPH_TEST_STOP_FILE", file.to_str().unwrap()),
    ];
    // The first one keeps the trail, so the sleeper's updates are not all of its call.
    let sleeper = Slow::start(&dir, &upstreams, &stop);
    let other = Slow::start(&dir, &upstreams, &[]);
    let Ready { input, .. } = ready(&other.app, "onboardHolder").await;
    let another = holder(&other.app).await;

    let fields = "holder { id } aliasAccounts { id }";
    let onboard = sleeper.app.mutate("onboardHolder", fields, &input);
    let meanwhile = async {
        until("the onboarding does not come to its step", || file.exists()).await;
        // The rival wants an account of it, and comes as far as the holder.
        other.proxy.nth(1, Which::command("delete").on("alias_accounts"), Fault::Freeze);
        let wanted = with(input["aliasAccounts"][0].clone(), "holderId", another.as_str());
        let link = other.app.mutate("createAliasAccount", "aliasAccount { id }", &wanted);
        let wake = async {
            until("nobody takes it back", || {
                other.proxy.count(&Which::command("delete").on("alias_accounts")) > 0
            })
            .await;
            // The sleeper makes all of it once more, and is held up before the write that decides: its first one
            // misses.
            let decides = Which::command("update").on("holders").of_calls();
            sleeper.proxy.nth(2, decides.clone(), Fault::Freeze);
            let woken = Instant::now();
            std::fs::remove_file(&file).unwrap();
            until("it does not begin anew", || sleeper.proxy.count(&decides) > 1).await;
            other.proxy.thaw();
            let gone = other.proxy.count(&Which::reads());
            until("the other one does not go on", || other.proxy.count(&Which::reads()) > gone).await;
            sleeper.proxy.thaw();
            woken
        };
        futures::join!(link, wake)
    };
    let (made, (linked, woken)) = futures::join!(onboard, meanwhile);
    if woken.elapsed() > LEASE && refusal(&made) == "ACCOUNT_IN_USE" {
        // So slow a machine that the lease of the second try was over too: the other one took that back and links.
        assert_eq!(refusal(&linked), "", "{made} {linked}");
        at_rest(dir.path()).await;
        other.app.check();
        return;
    }
    assert_eq!((refusal(&made), refusal(&linked)), ("", "ACCOUNT_IN_USE"), "{made} {linked}");
    assert_eq!(made["aliasAccounts"].as_array().map(Vec::len), Some(2), "{made}");
    at_rest(dir.path()).await;
    let query = "query($id: ID!) { holder(id: $id) { aliasAccounts { totalCount } } }";
    let read = other.app.ask(query, json!({"id": made["holder"]["id"]})).await;
    assert_eq!(read["data"]["holder"]["aliasAccounts"]["totalCount"], json!(2), "{read}");
}
