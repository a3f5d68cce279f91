//! Rule 7 from end to end: what is left out stays, null clears, an object is merged; and rule 8: what counts as a change.

mod between;
mod record;
mod refused;

use crate::shape::{Leaf, leaves, objects};
use record::{KINDS, Kind, Record, TARGET, put, value, values};
use serde_json::{Value, json};

/// The fields of an update that change something.
fn changing(kind: Kind) -> Vec<Leaf> {
    leaves(kind.input()).into_iter().filter(|leaf| !TARGET.contains(&leaf.name())).collect()
}

/// What can never be null, by the rules of each.
fn is_needed(kind: Kind, path: &str) -> bool {
    let lines = ["line1", "zipCode", "city", "state", "country"];
    match kind {
        Kind::Holder => {
            let line = path.rsplit('/').next().unwrap();
            path == "name" || path.starts_with("addresses/") && lines.contains(&line)
        }
        Kind::AliasAccount => false,
        Kind::RelatedParty => path != "endDate",
    }
}

fn one(leaf: &Leaf, value: Value) -> Value {
    let mut change = json!({});
    put(&mut change, &leaf.way, value);
    change
}

fn another(leaf: &Leaf, turn: usize) -> Value {
    value(leaf.kind.inner_named_type(), &leaf.path(), turn)
}

#[tokio::test]
async fn a_field_that_is_left_out_stays_while_all_others_change() {
    for kind in KINDS {
        let record = Record::new(kind).await;
        for (turn, leaf) in changing(kind).iter().enumerate() {
            let mut change = values(kind.input(), turn % 2 + 1);
            let (last, way) = leaf.way.split_last().unwrap();
            let object = way.iter().fold(&mut change, |at, name| &mut at[name]);
            object.as_object_mut().unwrap().remove(last).unwrap();
            record.merges(change).await;
        }
    }
}

#[tokio::test]
async fn a_field_that_is_given_is_replaced_and_no_other_is_touched() {
    for kind in KINDS {
        let record = Record::new(kind).await;
        for leaf in changing(kind) {
            for turn in [1, 2, 0] {
                record.merges(one(&leaf, another(&leaf, turn))).await;
            }
        }
    }
}

#[tokio::test]
async fn null_clears_a_field_or_is_required_and_no_other_is_touched() {
    for kind in KINDS {
        let record = Record::new(kind).await;
        for leaf in changing(kind) {
            let null = one(&leaf, Value::Null);
            if is_needed(kind, &leaf.path()) {
                record.refuses(null, &[("REQUIRED", &leaf.path())]).await;
                continue;
            }
            record.merges(null.clone()).await;
            let mut read = record.read().await;
            let cleared = record.seen(&mut read).pointer(&leaf.pointer()).cloned();
            assert_eq!(cleared, Some(if leaf.name() == "metadata" { json!({}) } else { Value::Null }));
            // Once more it changes nothing, and a value comes back as any other.
            record.merges(null).await;
            record.merges(one(&leaf, another(&leaf, 1))).await;
        }
    }
}

#[tokio::test]
async fn null_clears_an_object_with_all_that_is_in_it_and_an_empty_one_changes_nothing() {
    for kind in KINDS {
        for way in objects(kind.input()) {
            let record = Record::new(kind).await;
            let whole = |value: Value| {
                let mut change = json!({});
                put(&mut change, &way, value);
                change
            };
            record.merges(whole(json!({}))).await;
            record.merges(whole(Value::Null)).await;
            record.merges(whole(Value::Null)).await;
            let given = values(kind.input(), 1);
            let given = way.iter().fold(&given, |at, name| &at[name]);
            record.merges(whole(given.clone())).await;
        }
    }
}

#[tokio::test]
async fn an_update_that_changes_nothing_counts_as_none_and_its_key_is_kept() {
    for kind in KINDS {
        let record = Record::new(kind).await;
        for (turn, change) in [json!({}), values(kind.input(), 0)].into_iter().enumerate() {
            record.merges(change.clone()).await;
            let mut keyed = change;
            keyed["idempotencyKey"] = json!(format!("nothing {turn}"));
            let first = record.update(keyed.clone()).await;
            let mut read = record.read().await;
            assert_eq!(record.versioned(&mut read)["version"], json!(1));
            assert_eq!(record.update(keyed.clone()).await, first);
            let name = if kind == Kind::AliasAccount { "bankingDetails" } else { "name" };
            keyed[name] = if kind == Kind::AliasAccount { json!({"branch": "9"}) } else { json!("Another") };
            record.refuses(keyed, &[("IDEMPOTENCY_KEY_REUSED", "idempotencyKey")]).await;
        }
    }
}

#[tokio::test]
async fn metadata_is_merged_key_by_key() {
    for kind in [Kind::Holder, Kind::AliasAccount] {
        let record = Record::new(kind).await;
        for entries in [
            json!({"entry0": "text"}),
            json!({"entry0": null}),
            json!({"entry0": null}),
            json!({"entry unknown": null}),
            json!({"entry1": false, "entry3": 1.5, "entry20": null}),
            json!({}),
            json!(null),
            json!({"entry4": 1}),
        ] {
            record.merges(json!({"metadata": entries})).await;
        }
        let many = |from: usize, to: usize| {
            (from..to).map(|index| (format!("entry{index:03}"), json!(index))).collect::<Value>()
        };
        record.merges(json!({"metadata": many(0, 99)})).await;
        record.refuses(json!({"metadata": {"entry more": 1}}), &[("METADATA_INVALID", "metadata")]).await;
        record.merges(json!({"metadata": {"entry more": 1, "entry000": null}})).await;
        record
            .refuses(json!({"metadata": {"entry more": []}}), &[("METADATA_INVALID", "metadata/entry more")])
            .await;
    }
}
