//! The first try of a write has no answer, and is carried out when others have gone on: what was told by then stays true.

use super::super::super::app::{App, PATIENCE, fresh_document, new_holder};
use super::super::super::calls::check_json;
use super::super::super::folder::Folder;
use super::super::super::mutations::{Ready, Service, holder, keyed, ready, with};
use super::super::attempt::{Attempt, Told, told, version};
use super::super::proxy::{Fault, Which};
use super::super::rest::{at_rest, until};
use super::late::Slow;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// Two servers of one database, each behind a proxy.
struct Two {
    _upstreams: App,
    dir: Arc<Folder>,
    first: Slow,
    second: Slow,
}

impl Two {
    fn start() -> Self {
        Self::with(|_| Vec::new())
    }

    /// The first one has these settings too.
    fn with(settings: impl FnOnce(&Folder) -> Vec<(&'static str, String)>) -> Self {
        let upstreams = App::upstreams();
        let dir = Folder::in_mongo();
        let settings = settings(&dir);
        let settings: Vec<(&str, &str)> =
            settings.iter().map(|(name, value)| (*name, value.as_str())).collect();
        let first = Slow::start(&dir, &upstreams, &settings);
        let second = Slow::start(&dir, &upstreams, &[]);
        Self { _upstreams: upstreams, dir, first, second }
    }

    /// Waits until the first server has sent so many of these commands.
    async fn sent(&self, which: &Which, count: usize) {
        sent(&self.first, which, count).await;
    }

    /// Nothing is unfinished, and a check finds nothing.
    async fn judge(&self) {
        at_rest(self.dir.path()).await;
        let checked = check_json(self.dir.path());
        assert_eq!(checked["faults"], json!(0), "{checked:#}");
    }
}

async fn sent(by: &Slow, which: &Which, count: usize) {
    until("a command is not sent", || by.proxy.count(which) >= count).await;
}

fn inserts(collection: &'static str) -> Which {
    Which::command("insert").on(collection)
}

/// Calls it until the store answers.
async fn answered(app: &App, mutation: &str, input: &Value) -> Told {
    let began = Instant::now();
    loop {
        match told(app, mutation, input).await {
            Told::Unavailable => tokio::time::sleep(Duration::from_millis(50)).await,
            answer => return answer,
        }
        assert!(began.elapsed() < PATIENCE, "{mutation} does not work again");
    }
}

/// The answer of the insertion is lost, and that of the document which then uses up its id: neither is taken for the
/// other.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_only_uses_up_an_id_is_not_taken_for_a_record() {
    let two = Two::start();
    let (proxy, app) = (&two.first.proxy, &two.first.app);
    let kinds = [
        ("createHolder", "holders", "DOCUMENT_IN_USE"),
        ("createAliasAccount", "alias_accounts", "ACCOUNT_IN_USE"),
        ("onboardHolder", "holders", "DOCUMENT_IN_USE"),
    ];
    for (mutation, collection, refused) in kinds {
        for has_key in [false, true] {
            let Ready { input, .. } = ready(app, mutation).await;
            let Told::Done(taker) = told(app, mutation, &input).await else { panic!("{mutation}") };
            let key = Uuid::now_v7().to_string();
            let input = if has_key { keyed(&input, &key) } else { input };
            let before = app.stored();
            // The insertion, its second try, then what uses up its id.
            proxy.nth(1, inserts(collection), Fault::Lost);
            proxy.nth(3, inserts(collection), Fault::Lost);
            let end = told(app, mutation, &input).await;
            assert!(!proxy.calm(), "{mutation}: so many insertions were there");
            assert!(
                end == Told::Refused(refused.to_owned()) || end == Told::Unavailable,
                "{mutation}: {end:?}"
            );
            assert_eq!(
                answered(app, mutation, &input).await,
                Told::Refused(refused.to_owned()),
                "{mutation}"
            );
            two.judge().await;
            assert_eq!(app.stored(), before, "{mutation}: nothing was written");
            if has_key && mutation == "createHolder" {
                app.mutate("deleteHolder", "deletedId", &json!({"id": taker[0]})).await;
                let again = answered(app, mutation, &input).await;
                assert!(matches!(again, Told::Done(_)), "the key is free: {again:?}");
            }
        }
    }
}

/// One onboards, and the insertion of its holder has no answer; before its next try another one takes the holder back,
/// and is held up before it takes back the alias accounts that came with it.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_came_with_a_first_try_is_taken_back_and_not_what_came_with_the_second() {
    let two = Two::start();
    let (first, second) = (&two.first, &two.second);
    let Ready { input, .. } = ready(&second.app, "onboardHolder").await;
    let holders = inserts("holders");
    first.proxy.nth(1, holders.clone(), Fault::LostLater);
    let onboard = told(&first.app, "onboardHolder", &input);
    let meanwhile = async {
        two.sent(&holders, 1).await;
        let orphans = Which::command("delete").on("alias_accounts");
        second.proxy.nth(1, orphans.clone(), Fault::Freeze);
        let create = told(&second.app, "createHolder", &input["holder"]);
        let wake = async {
            sent(second, &orphans, 1).await;
            let decides = Which::command("update").on("holders").of_calls();
            let before = first.proxy.count(&decides);
            first.proxy.nth(1, decides.clone(), Fault::Freeze);
            first.proxy.lose();
            two.sent(&decides, before + 1).await;
            let gone = second.proxy.count(&Which::reads());
            second.proxy.thaw();
            sent(second, &Which::reads(), gone + 1).await;
            first.proxy.thaw();
        };
        futures::join!(create, wake).0
    };
    let (made, created) = futures::join!(onboard, meanwhile);
    two.judge().await;
    let in_use = Told::Refused("DOCUMENT_IN_USE".to_owned());
    let Told::Done(ids) = &made else {
        // So slow a machine that the lease of the second try was over too.
        assert!(made == in_use && matches!(created, Told::Done(_)), "{made:?} {created:?}");
        return;
    };
    assert_eq!((ids.len(), created), (3, in_use));
    for id in ids {
        assert_eq!(version(&second.app, id).await, Some(1), "{id}");
    }
}

/// One links, and the first try of its insertion is late. Another one takes back the second try, deletes the holder,
/// and only then the first try is there.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_link_whose_insertion_comes_late_is_no_link_to_a_deleted_holder() {
    let two = Two::with(|dir| {
        let file = dir.path().join("stopped");
        vec![
            ("HOLDERGRAPH_TEST_STOP_AT", "link: holder seen".to_owned()),
            ("HOLDERGRAPH_TEST_STOP_FILE", file.to_str().unwrap().to_owned()),
        ]
    });
    let file = two.dir.path().join("stopped");
    let (first, second) = (&two.first, &two.second);
    let id = holder(&second.app).await;
    let input = with(second.app.new_account().await, "holderId", id.as_str());
    first.proxy.nth(1, inserts("alias_accounts"), Fault::Late);
    let link = told(&first.app, "createAliasAccount", &input);
    let meanwhile = async {
        until("the link does not come to its step", || file.exists()).await;
        let deleted = answered(&second.app, "deleteHolder", &json!({"id": id})).await;
        assert!(matches!(deleted, Told::Done(_)), "{deleted:?}");
        assert_eq!(first.proxy.deliver().await, 1);
        std::fs::remove_file(&file).unwrap();
    };
    let (linked, ()) = futures::join!(link, meanwhile);
    assert!(!matches!(linked, Told::Done(_)), "{linked:?}");
    two.judge().await;
    let other = with(input, "holderId", holder(&second.app).await);
    let again = answered(&second.app, "createAliasAccount", &other).await;
    assert!(matches!(again, Told::Done(_)), "the account is free: {again:?}");
}

/// One restores a holder, the first try is late, and the next one is refused: the document is taken. When it is free
/// again the first try comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_was_refused_is_not_done_later() {
    let two = Two::start();
    let app = &two.first.app;
    for has_key in [true, false] {
        let document = fresh_document();
        let person = with(new_holder(), "document", document.as_str());
        let made = app.mutate("createHolder", "holder { id }", &person).await;
        let id = made["holder"]["id"].as_str().unwrap().to_owned();
        app.mutate("deleteHolder", "deletedId", &json!({"id": id})).await;
        let rival = app.mutate("createHolder", "holder { id }", &person).await;
        let input = json!({"id": id});
        let input = if has_key { keyed(&input, &Uuid::now_v7().to_string()) } else { input };
        let restores = Which::command("update").on("holders").of_calls();
        two.first.proxy.nth(1, restores, Fault::Late);
        let refused = told(app, "restoreHolder", &input).await;
        assert!(!two.first.proxy.calm(), "it was sent");
        assert_eq!(refused, Told::Refused("DOCUMENT_IN_USE".to_owned()));
        app.mutate("deleteHolder", "deletedId", &json!({"id": rival["holder"]["id"]})).await;
        assert_eq!(two.first.proxy.deliver().await, 1);
        assert_eq!(version(app, &id).await, Some(2), "it stays deleted");
        let again = answered(app, "restoreHolder", &input).await;
        assert!(matches!(again, Told::Done(_)), "{again:?}");
        assert_eq!(version(app, &id).await, Some(3));
        two.judge().await;
    }
}

/// An update of each kind, whose first try is late: it is done once, whenever that comes.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_change_whose_first_try_comes_late_is_made_once() {
    let two = Two::start();
    let app = &two.first.app;
    let kinds = [
        ("updateHolder", "holders"),
        ("deleteHolder", "holders"),
        ("restoreHolder", "holders"),
        ("updateAliasAccount", "alias_accounts"),
        ("deleteAliasAccount", "alias_accounts"),
        ("restoreAliasAccount", "alias_accounts"),
        ("addRelatedParty", "alias_accounts"),
    ];
    for (mutation, collection) in kinds {
        for has_key in [true, false] {
            for n in 1..=2 {
                let attempt = Attempt::new(app, mutation, false, has_key).await;
                let updates = Which::command("update").on(collection).of_calls();
                two.first.proxy.nth(n, updates, Fault::Late);
                let end = attempt.call(app).await;
                let late = !two.first.proxy.calm();
                assert!(matches!(end, Told::Done(_)), "{}: {end:?}", attempt.name());
                assert_eq!(two.first.proxy.deliver().await, usize::from(late));
                attempt.finish(app, &end).await;
                attempt.judge(app).await;
            }
        }
    }
    two.judge().await;
}

/// The insertion of an operation has no answer; before the next try another one has decided and forgotten it, and what
/// forgets it comes once more, late.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn an_operation_that_is_forgotten_late_is_not_the_one_that_was_begun_meanwhile() {
    let two = Two::start();
    let (first, second) = (&two.first, &two.second);
    let operations = inserts("operations");
    let Ready { input, .. } = ready(&second.app, "createHolder").await;
    let input = keyed(&input, "forgotten late");
    first.proxy.nth(1, operations.clone(), Fault::LostLater);
    let create = told(&first.app, "createHolder", &input);
    let meanwhile = async {
        two.sent(&operations, 1).await;
        second.proxy.nth(1, Which::command("delete").on("operations"), Fault::Late);
        second.proxy.nth(1, operations.clone(), Fault::Freeze);
        let repeat = told(&second.app, "createHolder", &input);
        let wake = async {
            sent(second, &operations, 1).await;
            let commits = Which::command("update").on("operations");
            first.proxy.nth(1, commits.clone(), Fault::Freeze);
            first.proxy.lose();
            two.sent(&commits, 1).await;
            assert_eq!(second.proxy.deliver().await, 1);
            first.proxy.thaw();
            second.proxy.thaw();
        };
        futures::join!(repeat, wake).0
    };
    let (made, repeated) = futures::join!(create, meanwhile);
    let Told::Done(ids) = &made else { panic!("{made:?} {repeated:?}") };
    for again in [repeated, answered(&second.app, "createHolder", &input).await] {
        assert!(again == Told::Done(ids.clone()) || again == Told::Unavailable, "{again:?} {ids:?}");
    }
    assert_eq!(answered(&first.app, "createHolder", &input).await, made);
    two.judge().await;
}
