//! Servers of both builds at work on one database at the same time.

use super::super::super::calls::{refusal, text};
use super::super::super::mutations::{MUTATIONS, fields, ids, keyed, ready};
use super::super::super::process::Build;
use super::super::super::tls::eventually;
use super::{BOTH, Pair, prove, run};
use serde_json::{Value, json};

const PAGE: &str = "query($first: Int!, $after: String) { holders(first: $first, after: $after) {
    totalCount nodes { id } pageInfo { hasNextPage endCursor } } }";

#[tokio::test]
async fn a_call_with_a_key_is_done_once_whichever_build_is_asked_again() {
    for both in BOTH {
        let pair = Pair::start(both);
        for mutation in MUTATIONS {
            let ready = ready(&pair.one, mutation).await;
            let input = keyed(&ready.input, &format!("key of {mutation}"));
            let first = pair.one.mutate(mutation, fields(mutation), &input).await;
            assert_eq!(refusal(&first), "", "{mutation}: {first}");
            let stored = pair.one.stored();
            let again = pair.other.mutate(mutation, fields(mutation), &input).await;
            assert_eq!((refusal(&again), ids(&again)), ("", ids(&first)), "{mutation}: {again}");
            assert_eq!(pair.other.stored(), stored, "{mutation}");
            let other = keyed(&ready.other, &format!("key of {mutation}"));
            let refused = pair.other.mutate(mutation, fields(mutation), &other).await;
            assert_eq!(refusal(&refused), "IDEMPOTENCY_KEY_REUSED", "{mutation}");
        }
        prove(pair.dir.path());
    }
}

#[tokio::test]
async fn a_cursor_of_one_build_is_followed_at_the_other() {
    for both in BOTH {
        let pair = Pair::start(both);
        let mut made = Vec::new();
        for number in 0..10 {
            made.push(if number % 2 == 0 { pair.one.holder().await } else { pair.other.holder().await });
        }
        let (mut seen, mut after, mut turn) = (Vec::new(), Value::Null, 0);
        loop {
            let app = if turn % 2 == 0 { &pair.one } else { &pair.other };
            let answer = app.ask(PAGE, json!({"first": 3, "after": after})).await;
            let page = &answer["data"]["holders"];
            assert_eq!(page["totalCount"], json!(10), "{answer}");
            let nodes = page["nodes"].as_array().unwrap();
            seen.extend(nodes.iter().map(|node| text(node, "/id").to_owned()));
            if page["pageInfo"]["hasNextPage"] == json!(false) {
                break;
            }
            after = page["pageInfo"]["endCursor"].clone();
            turn += 1;
        }
        seen.sort();
        made.sort();
        assert_eq!(seen, made);
    }
}

#[tokio::test]
async fn the_trail_of_both_builds_is_one_and_either_moves_proves_and_tells_it() {
    for both in BOTH {
        let pair = Pair::start(both);
        let mut known = Vec::new();
        for _ in 0..5 {
            known.extend([pair.one.holder().await, pair.other.holder().await]);
        }
        let created = |build| {
            let said = run(build, pair.dir.path(), &["audit", "export"]);
            assert_eq!(said.code, Some(0), "{}", said.stderr);
            let lines = said.stdout.lines().map(|line| serde_json::from_str::<Value>(line).unwrap());
            // Whoever creates a holder and is answered its document has read it, too.
            let is_creation = |line: &Value| {
                line["event"]["action"] == "createHolder" && line["holdergraph"]["kind"] == "change"
            };
            lines.filter(is_creation).collect::<Vec<Value>>()
        };
        // Whichever of the two moves them.
        eventually("all is moved", async || created(Build::This).len() == known.len()).await;
        assert_eq!(created(Build::This), created(Build::Older));
        let mut told: Vec<String> = created(Build::This)
            .iter()
            .map(|line| text(line, "/holdergraph/records/0/id").to_owned())
            .collect();
        told.sort();
        known.sort();
        assert_eq!(told, known);
        let entries =
            "query($id: ID!) { auditEntries(filter: {recordId: $id}) { nodes { operation hmac } } }";
        for id in &known {
            let (one, other) = (
                pair.one.ask(entries, json!({"id": id})).await,
                pair.other.ask(entries, json!({"id": id})).await,
            );
            assert_eq!(one, other);
            assert_eq!(one["data"]["auditEntries"]["nodes"][0]["operation"], "createHolder", "{one}");
        }
        // One of them leaves, and the other goes on with the chain.
        let Pair { one, other, dir, .. } = pair;
        one.stop();
        let last = other.holder().await;
        eventually("the last one is moved", async || {
            run(Build::This, dir.path(), &["audit", "export"]).stdout.contains(&last)
        })
        .await;
        prove(dir.path());
    }
}
