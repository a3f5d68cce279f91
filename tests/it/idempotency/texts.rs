//! What a key may be, and that two that differ, or two organizations, have nothing to do with each other.

use super::super::bench::Bench;
use super::super::calls::refusal;
use super::super::mutations::{MUTATIONS, Service, fields, ids, ready, with};
use super::repeats::{call, everything, tenant};
use serde_json::{Value, json};

#[tokio::test]
async fn keys_of_1_to_128_printable_ascii_characters_are_taken() {
    let bench = Bench::new();
    let longest = "k".repeat(128);
    let printable: String = (b' '..=b'~').map(char::from).collect();
    for mutation in MUTATIONS {
        let tenant = tenant(&bench);
        for key in ["k", &longest, &printable] {
            let ready = ready(&tenant, mutation).await;
            let first = call(tenant, &ready, &ready.input, key).await;
            assert_eq!(refusal(&first), "", "{mutation} {first}");
            assert_eq!(call(tenant, &ready, &ready.input, key).await, first, "{mutation}");
        }
    }
}

#[tokio::test]
async fn any_other_key_is_refused_at_its_field_and_nothing_is_done() {
    let bench = Bench::new();
    let long = "k".repeat(129);
    for mutation in MUTATIONS {
        let tenant = tenant(&bench);
        let ready = ready(&tenant, mutation).await;
        let before = everything(tenant).await;
        for key in ["", &long, "tab\t", "line\nbreak", "\u{7f}", "\u{0}", "é", "k\u{200b}", "١"] {
            let payload = call(tenant, &ready, &ready.input, key).await;
            let code = refusal(&payload);
            assert!(["INVALID_VALUE", "TOO_LONG"].contains(&code), "{mutation} {key:?}: {payload}");
            assert_eq!((code == "TOO_LONG"), key.len() > 128, "{mutation} {key:?}: {payload}");
            assert_eq!(payload["userErrors"].as_array().unwrap().len(), 1, "{payload}");
            assert_eq!(payload["userErrors"][0]["field"], json!(["input", "idempotencyKey"]));
            let message = payload["userErrors"][0]["message"].as_str().unwrap();
            assert!(key.len() < 5 || !message.contains(key), "{message}");
        }
        assert_eq!(everything(tenant).await, before, "{mutation}");
        // No key at all: null is the same as leaving it out.
        let input = with(ready.input.clone(), "idempotencyKey", Value::Null);
        let payload = tenant.call(mutation, fields(mutation), &input).await;
        assert_eq!(refusal(&payload), "", "{mutation} {payload}");
    }
}

#[tokio::test]
async fn keys_that_differ_in_case_or_in_a_space_are_two() {
    let bench = Bench::new();
    let tenant = tenant(&bench);
    let mut seen = std::collections::HashSet::new();
    for key in ["key", "Key", "KEY", " key", "key ", "k ey"] {
        let ready = ready(&tenant, "createHolder").await;
        let payload = call(tenant, &ready, &ready.input, key).await;
        assert!(refusal(&payload).is_empty() && seen.insert(ids(&payload)), "{key:?} {payload}");
    }
}

#[tokio::test]
async fn one_key_in_two_organizations_is_two() {
    let bench = Bench::new();
    for mutation in MUTATIONS {
        let (one, two) = (tenant(&bench), tenant(&bench));
        let (ready_one, ready_two) = (ready(&one, mutation).await, ready(&two, mutation).await);
        let first = call(one, &ready_one, &ready_one.input, "k").await;
        let second = call(two, &ready_two, &ready_two.other, "k").await;
        assert_eq!((refusal(&first), refusal(&second)), ("", ""), "{mutation} {first} {second}");
        assert!(ids(&first).iter().all(|id| !ids(&second).contains(id)), "{mutation}");
        assert_eq!(call(one, &ready_one, &ready_one.input, "k").await, first, "{mutation}");
        assert_eq!(call(two, &ready_two, &ready_two.other, "k").await, second, "{mutation}");
    }
}
