//! The same in a sandbox, which has its keys and tokens beside its store.

use crate::app::{App, CREATE_ALIAS, CREATE_HOLDER, send};
use crate::inside;
use serde_json::json;

/// Values that stand nowhere else.
const CANARIES: [&str; 14] = [
    "Canaria Namewell",
    "CANARYDOC4711",
    "Canary Street 1",
    "Canary Suite",
    "99-CANARY",
    "Canaryville",
    "canary@example.com",
    "+55 11 90000-4711",
    "Canary Mother",
    "Canary Trade",
    "CANARY-ACCOUNT-1",
    "CANARY-IBAN-1",
    "CANARY-PARTICIPANT",
    "CANARY-PARTY-DOC",
];

fn found(bytes: &[u8], canary: &str) -> bool {
    let normalised: String =
        canary.chars().filter(|c| c.is_alphanumeric()).collect::<String>().to_uppercase();
    let text = String::from_utf8_lossy(bytes).to_uppercase();
    text.contains(&canary.to_uppercase()) || text.contains(&normalised)
}

#[tokio::test]
async fn the_store_the_wal_the_log_and_the_metrics_hold_no_personal_datum() {
    let app = App::sandbox_with(&[("LOG_LEVEL", "trace"), ("LOG_FORMAT", "json")]);
    let [
        name,
        document,
        line1,
        line2,
        zip,
        city,
        email,
        phone,
        mother,
        trade,
        account,
        iban,
        participant,
        party,
    ] = CANARIES;
    let input = json!({
        "type": "NATURAL_PERSON", "name": name, "document": document, "idempotencyKey": "canary-key-0815",
        "addresses": {"primary": {"line1": line1, "line2": line2, "zipCode": zip, "city": city, "state": "SP", "country": "BR"}},
        "contact": {"primaryEmail": email, "mobilePhone": phone},
        "naturalPerson": {"motherName": mother}, "legalPerson": {"tradeName": trade},
        "metadata": {"visible": "VISIBLE-MARK"},
    });
    let answer = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    let holder = answer["data"]["createHolder"]["holder"]["id"].as_str().unwrap().to_owned();
    let mut link = app.link_input(&holder, &app.account(0));
    link["bankingDetails"] = json!({"account": account, "iban": iban});
    link["regulatoryFields"] = json!({"participantDocument": participant});
    link["relatedParties"] =
        json!([{"document": party, "name": name, "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"}]);
    app.ask(CREATE_ALIAS, json!({"input": link})).await;
    // Refusals, failures and what does not even parse.
    app.ask(CREATE_HOLDER, json!({"input": input})).await;
    app.ask("query($d: String!) { holderByDocument(document: $d) { id name } }", json!({"d": document}))
        .await;
    app.ask_as("nobody", CREATE_HOLDER, json!({"input": input})).await;
    for query in [
        format!("{{ holderByDocument(document: \"{document}\" }}"),
        format!("{{ holderByDocument(document: \"{document}\", x: \"{name}\") {{ id }} }}"),
        format!("query($d: Int!) {{ holderByDocument(document: \"{document}\") {{ id }} }}"),
    ] {
        let answer = send(app.request(&query, json!({"d": document}))).await;
        assert_eq!(answer.status, 400);
        assert!(!found(answer.body.to_string().as_bytes(), document), "{}", answer.body);
    }

    let mut places: Vec<(String, Vec<u8>)> =
        inside::all(app.dir()).into_iter().map(|holding| (holding.name, holding.bytes)).collect();
    let of_store = places.iter().filter(|(name, _)| inside::is_of_the_store(name));
    let stored: Vec<u8> = of_store.flat_map(|(_, bytes)| bytes.clone()).collect();
    assert!(found(&stored, "VISIBLE-MARK"), "the search itself must be able to find what is there");
    let metrics = app.client.get(format!("{}/metrics", app.ops)).send().await.unwrap().text().await.unwrap();
    assert!(metrics.contains("holdergraph_requests_total"));
    let log = app.log();
    assert!(log.contains("\"request\""));
    places.push(("metrics".to_owned(), metrics.into_bytes()));
    places.push(("log".to_owned(), log.into_bytes()));
    let keys = std::fs::read_to_string(app.dir().join("sandbox-keys.env")).unwrap();
    let keys: Vec<&str> = keys.lines().filter_map(|line| line.split_once('=')).map(|(_, key)| key).collect();
    assert_eq!(keys.len(), 3);
    let token = app.token("admin");
    for (place, bytes) in &places {
        for canary in CANARIES.into_iter().chain(["canary-key-0815"]) {
            assert!(!found(bytes, canary), "{canary} is in {place}");
        }
        if !place.ends_with("sandbox.json") && !place.ends_with("sandbox-keys.env") {
            for secret in keys.iter().copied().chain([token.as_str()]) {
                assert!(!found(bytes, secret), "a key or token is in {place}");
            }
        }
    }
}
