//! Several servers of one database check all links: one at a time, and another one goes on when that is killed.

use super::super::app::App;
use super::super::folder::Folder;
use super::super::links::front::Front;
use super::super::links::{metric, onboarded, own_token, until, verify_json};
use std::sync::Arc;

/// Of two pages: a server that has ended the first one pauses for a minute.
const LINKS: usize = 60;
const PAGE: usize = 50;

fn serve(dir: &Arc<Folder>, upstreams: &App, front: Option<&Front>) -> App {
    let client = own_token(upstreams);
    let mut settings: Vec<(&str, &str)> =
        client.iter().map(|(name, value)| (*name, value.as_str())).collect();
    if let Some(front) = front {
        settings.extend([("MIDAZ_LEDGER_URL", front.url.as_str()), ("LINK_CHECK_INTERVAL", "1h")]);
    }
    App::serve_in(dir.clone(), upstreams, &settings)
}

#[tokio::test]
async fn a_record_that_cannot_be_written_as_it_is_holds_nothing_up() {
    let (upstreams, dir) = (App::upstreams(), Folder::in_mongo());
    let app = serve(&dir, &upstreams, None);
    let linked = onboarded(&app, 3).await;
    let id = linked[0].0.parse().unwrap();
    let damage = mongodb::bson::doc! { "$set": { "tokens": [1] } };
    super::server::change(dir.path(), "alias_accounts", id, damage);
    let (code, told) = verify_json(&app, &[]);
    assert_eq!(
        (code, &told["complete"], &told["links"], &told["skipped"]),
        (Some(0), &true.into(), &3.into(), &1.into()),
        "{told}"
    );
}

async fn walked(app: &App) -> bool {
    metric(app, "holdergraph_link_check_ended_timestamp").await.is_some()
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn two_servers_ask_about_each_link_once_an_interval() {
    let (upstreams, dir) = (App::upstreams(), Folder::in_mongo());
    let front = Front::of(&upstreams);
    let linked = onboarded(&serve(&dir, &upstreams, None), PAGE - 1).await;
    let servers = [serve(&dir, &upstreams, Some(&front)), serve(&dir, &upstreams, Some(&front))];
    for server in &servers {
        until("a server does not hear of the end", || walked(server)).await;
    }
    // Neither they nor one that starts later ask again: the interval is not over.
    let late = serve(&dir, &upstreams, Some(&front));
    until("a server that starts does not hear of the end", || walked(&late)).await;
    let mut accounts: Vec<String> = linked.into_iter().map(|(_, account)| account).collect();
    accounts.sort();
    assert_eq!(front.asked(), accounts);
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn when_the_server_that_is_at_it_is_killed_another_one_goes_on_at_its_place() {
    let (upstreams, dir) = (App::upstreams(), Folder::in_mongo());
    let front = Front::of(&upstreams);
    let linked = onboarded(&serve(&dir, &upstreams, None), LINKS).await;

    let mut first = serve(&dir, &upstreams, Some(&front));
    let at_second_page = || async {
        let noted = super::server::select(dir.path(), "link_walks", mongodb::bson::doc! {});
        noted.iter().any(|noted| noted.get_str("walk").is_ok_and(|walk| walk.contains(r#""place":{"#)))
    };
    until("the first page does not end", at_second_page).await;
    first.signal("KILL");
    first.wait();
    let accounts = |range: std::ops::Range<usize>| {
        let mut accounts: Vec<String> = linked[range].iter().map(|(_, account)| account.clone()).collect();
        accounts.sort();
        accounts
    };
    assert_eq!(front.asked(), accounts(0..PAGE));
    let second = serve(&dir, &upstreams, Some(&front));
    until("nobody goes on", || walked(&second)).await;
    assert_eq!(front.asked(), accounts(PAGE..LINKS));
    second.check();
}
