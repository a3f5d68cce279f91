//! Each fault does what it says, and nothing else.

use super::super::super::folder::{self, Folder};
use super::super::server;
use super::{Fault, Proxy, Which, through};
use mongodb::bson::{Document, doc};
use mongodb::error::{Error, ErrorKind, WriteFailure};
use mongodb::options::ClientOptions;
use mongodb::{Client, Collection};
use std::sync::Arc;
use std::time::Duration;

/// A collection of its own by way of a proxy, and the same past it.
struct Behind {
    proxy: Proxy,
    through: Collection<Document>,
    dir: Arc<Folder>,
}

impl Behind {
    async fn new() -> Self {
        let proxy = Proxy::before(&server::uri());
        let mut options = ClientOptions::parse(proxy.uri()).await.unwrap();
        (options.retry_writes, options.retry_reads) = (Some(false), Some(false));
        options.server_selection_timeout = Some(Duration::from_secs(2));
        let dir = Folder::in_mongo();
        let database = Client::with_options(options).unwrap().database(&folder::database(dir.path()));
        let through = database.collection("things");
        through.insert_one(doc! {"_id": 0}).await.unwrap();
        Self { proxy, through, dir }
    }

    async fn insert(&self, id: i32) -> Result<(), Error> {
        self.through.insert_one(doc! {"_id": id}).await.map(drop)
    }

    /// Whether it is there, by the server itself.
    fn has(&self, id: i32) -> bool {
        server::count(self.dir.path(), "things", doc! {"_id": id}) == 1
    }

    /// The same call again and again until it works, as it must soon.
    async fn works_again(&self, id: i32) {
        for _ in 0..20 {
            if self.insert(id).await.is_ok() {
                return;
            }
        }
        panic!("it does not work again");
    }
}

fn is_io(error: &Error) -> bool {
    matches!(*error.kind, ErrorKind::Io(_) | ErrorKind::ConnectionPoolCleared { .. })
}

#[tokio::test]
async fn a_lost_answer_is_of_a_write_that_was_carried_out_and_only_of_that_one() {
    let behind = Behind::new().await;
    behind.proxy.nth(2, Which::writes().on("things"), Fault::Lost);
    behind.insert(1).await.unwrap();
    assert!(is_io(&behind.insert(2).await.unwrap_err()));
    assert!(behind.has(1) && behind.has(2) && !behind.proxy.calm());
    behind.works_again(3).await;
}

#[tokio::test]
async fn an_unsent_write_is_not_carried_out() {
    let behind = Behind::new().await;
    behind.proxy.nth(1, Which::command("insert"), Fault::Unsent);
    assert!(is_io(&behind.insert(1).await.unwrap_err()));
    assert!(!behind.has(1) && !behind.proxy.calm());
    behind.works_again(1).await;
}

#[tokio::test]
async fn a_write_that_comes_late_is_carried_out_when_it_is_delivered() {
    let behind = Behind::new().await;
    behind.proxy.nth(1, Which::command("insert"), Fault::Late);
    assert!(is_io(&behind.insert(1).await.unwrap_err()));
    assert!(!behind.has(1) && !behind.proxy.calm());
    behind.works_again(2).await;
    assert_eq!(behind.proxy.deliver().await, 1);
    assert!(behind.has(1));
    assert_eq!(behind.proxy.deliver().await, 0);
}

#[tokio::test]
async fn an_answer_that_is_cut_is_an_error_of_the_connection_and_the_write_is_there() {
    let behind = Behind::new().await;
    for (id, bytes) in [(1, 0), (2, 9), (3, 30)] {
        behind.proxy.nth(1, Which::writes(), Fault::Cut(bytes));
        assert!(is_io(&behind.insert(id).await.unwrap_err()), "after {bytes} bytes");
        assert!(behind.has(id) && !behind.proxy.calm());
        behind.works_again(100 + id).await;
    }
}

#[tokio::test]
async fn an_error_code_is_told_and_the_server_never_sees_the_command() {
    let behind = Behind::new().await;
    behind.proxy.nth(1, Which::writes(), Fault::DEADLOCK);
    let error = behind.insert(1).await.unwrap_err();
    assert!(matches!(&*error.kind, ErrorKind::Command(told) if told.code == 16_908_292), "{error}");
    behind.proxy.nth(1, Which::writes(), Fault::WriteError(16_908_292, "deadlock detected"));
    let error = behind.insert(1).await.unwrap_err();
    let told =
        |failure: &WriteFailure| matches!(failure, WriteFailure::WriteError(told) if told.code == 16_908_292);
    assert!(matches!(&*error.kind, ErrorKind::Write(failure) if told(failure)), "{error}");
    assert!(!behind.has(1));
    behind.insert(1).await.unwrap();
}

#[tokio::test]
async fn each_of_a_kind_is_struck_until_it_is_calm_and_others_are_not() {
    let behind = Behind::new().await;
    behind.proxy.each(Which::writes().on("things"), Fault::Error(91, "ShutdownInProgress"));
    for id in 1..4 {
        behind.insert(id).await.unwrap_err();
        assert_eq!(behind.through.count_documents(doc! {}).await.unwrap(), 1);
    }
    behind.proxy.calm();
    behind.works_again(1).await;
}

#[tokio::test]
async fn commands_are_counted_by_name() {
    let behind = Behind::new().await;
    behind.proxy.forget();
    behind.insert(1).await.unwrap();
    behind.through.find_one(doc! {}).await.unwrap();
    behind.through.update_one(doc! {"_id": 1}, doc! {"$set": {"a": 1}}).await.unwrap();
    behind.through.delete_one(doc! {"_id": 1}).await.unwrap();
    let count = |which: Which| behind.proxy.count(&which);
    assert_eq!((count(Which::command("insert")), count(Which::reads()), count(Which::writes())), (1, 1, 3));
    assert_eq!(count(Which::writes().on("others")), 0);
}

#[tokio::test]
async fn refused_connections_are_refused_and_are_taken_again_afterwards() {
    let behind = Behind::new().await;
    for id in 1..4 {
        behind.proxy.refuse();
        let refused = tokio::net::TcpStream::connect(behind.proxy.address).await.unwrap_err();
        assert_eq!(refused.kind(), std::io::ErrorKind::ConnectionRefused);
        behind.insert(id).await.unwrap_err();
        assert!(!behind.has(id));
        behind.proxy.accept();
        behind.works_again(id).await;
    }
}

#[tokio::test]
async fn what_is_frozen_goes_by_when_it_thaws() {
    let behind = Behind::new().await;
    behind.proxy.freeze();
    let insert = behind.insert(1);
    tokio::pin!(insert);
    // The order is certain: nothing can be there while it is frozen, however long this looks.
    let early = tokio::time::timeout(Duration::from_millis(200), &mut insert).await;
    assert!(early.is_err() && !behind.has(1));
    behind.proxy.thaw();
    insert.await.unwrap();
    assert!(behind.has(1));
}

#[tokio::test]
async fn a_slow_answer_is_an_answer() {
    let behind = Behind::new().await;
    let began = std::time::Instant::now();
    behind.proxy.slow(Duration::from_millis(150));
    behind.insert(1).await.unwrap();
    assert!(began.elapsed() >= Duration::from_millis(150));
    behind.proxy.slow(Duration::ZERO);
    behind.insert(2).await.unwrap();
}

#[tokio::test]
async fn a_cut_ends_every_connection_and_new_ones_are_taken() {
    let behind = Behind::new().await;
    behind.proxy.freeze();
    let insert = behind.insert(1);
    tokio::pin!(insert);
    let early = tokio::time::timeout(Duration::from_millis(100), &mut insert).await;
    assert!(early.is_err());
    behind.proxy.cut();
    assert!(is_io(&insert.await.unwrap_err()));
    behind.proxy.thaw();
    behind.works_again(2).await;
}

#[test]
fn the_uri_leads_through_the_proxy_and_nowhere_else() {
    let address = "127.0.0.1:5".parse().unwrap();
    for (given, expected) in [
        ("mongodb://host", "mongodb://127.0.0.1:5/?directConnection=true"),
        ("mongodb://host:1/", "mongodb://127.0.0.1:5/?directConnection=true"),
        ("mongodb://a:b@c,d/e?replicaSet=f&w=1", "mongodb://a:b@127.0.0.1:5/e?w=1&directConnection=true"),
    ] {
        assert_eq!(through(given, address), expected);
    }
}
