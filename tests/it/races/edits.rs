//! Rules 7 and 8: what is changed at once and acknowledged is there; of those that expect a version, one changes it.

use super::super::app::App;
use super::super::bench::rounds;
use super::super::calls::text;
use super::super::mutations::{Service, holder, party, with};
use super::super::seeded::Seeded;
use super::{CLIENTS, Call, race, tally};
use serde_json::{Value, json};
use std::collections::BTreeMap;

/// An alias account with so many related parties: its id and theirs.
async fn alias_account(app: &App, holder: &str, parties: usize) -> (String, Vec<String>) {
    let mut input = with(app.new_account().await, "holderId", holder);
    input["relatedParties"] = (0..parties).map(|index| party(&format!("OLD-{index}"))).collect();
    let payload = app.mutate("createAliasAccount", "aliasAccount { id relatedParties { id } }", &input).await;
    let parties = payload["aliasAccount"]["relatedParties"].as_array().unwrap();
    let ids = parties.iter().map(|party| text(party, "/id").to_owned()).collect();
    (text(&payload, "/aliasAccount/id").to_owned(), ids)
}

/// Its version, its metadata, and its related parties' names by their documents.
async fn now(app: &App, alias: &str) -> (Value, Value, BTreeMap<String, String>) {
    let query =
        "query($id: ID!) { aliasAccount(id: $id) { version metadata relatedParties { document name } } }";
    let answer = app.ask(query, json!({"id": alias})).await;
    let found = &answer["data"]["aliasAccount"];
    let name = |party: &Value| (text(party, "/document").to_owned(), text(party, "/name").to_owned());
    let names = found["relatedParties"].as_array().unwrap().iter().map(name).collect();
    (found["version"].clone(), found["metadata"].clone(), names)
}

#[tokio::test]
async fn edits_of_one_alias_account_and_its_related_parties_at_once_are_all_there() {
    let app = App::raced();
    let holder = holder(&app).await;
    let mut seeded = Seeded(11);
    for _ in 0..rounds(200) {
        let (renamed, removed, added) = (8, 8, 16);
        let (alias, old) = alias_account(&app, &holder, renamed + removed).await;
        let of_alias = json!({"aliasAccountId": alias});
        let (mut calls, mut parties): (Vec<Call>, _) = (Vec::new(), BTreeMap::new());
        for (index, id) in old.iter().enumerate() {
            let input = with(of_alias.clone(), "id", id.as_str());
            if index < renamed {
                let name = format!("Name {index}");
                calls.push(("updateRelatedParty", "relatedParty { id }", with(input, "name", name.as_str())));
                parties.insert(format!("OLD-{index}"), name);
            } else {
                calls.push(("removeRelatedParty", "removedId", input));
            }
        }
        for index in 0..added {
            let document = format!("NEW-{index}");
            let input = with(of_alias.clone(), "relatedParty", party(&document));
            calls.push(("addRelatedParty", "relatedParty { id }", input));
            parties.insert(document, "Ana".to_owned());
        }
        let entry = |index: usize| (format!("key{index}"), json!(index));
        let own = calls.len()..CLIENTS;
        calls.extend(own.clone().map(|index| {
            let metadata: Value = [entry(index)].into_iter().collect();
            ("updateAliasAccount", "aliasAccount { id }", json!({"id": alias, "metadata": metadata}))
        }));
        seeded.shuffle(&mut calls);
        let payloads = race(&app, &calls).await;
        assert_eq!(tally(&payloads), BTreeMap::from([("", CLIENTS)]));
        assert_eq!(now(&app, &alias).await, (json!(1 + CLIENTS), own.map(entry).collect(), parties));
    }
    app.check();
}

#[tokio::test]
async fn of_64_edits_that_expect_one_version_exactly_one_is_made() {
    let app = App::raced();
    let holder = holder(&app).await;
    for _ in 0..rounds(200) {
        let (alias, old) = alias_account(&app, &holder, 2).await;
        let calls: Vec<Call> = (0..CLIENTS)
            .map(|index| {
                let of = json!({"aliasAccountId": alias, "expectedVersion": 1});
                match index % 4 {
                    0 => {
                        let new = party(&format!("NEW-{index}"));
                        ("addRelatedParty", "aliasAccount { version }", with(of, "relatedParty", new))
                    }
                    1 => {
                        let input = with(with(of, "id", old[0].as_str()), "name", format!("Name {index}"));
                        ("updateRelatedParty", "aliasAccount { version }", input)
                    }
                    2 => ("removeRelatedParty", "aliasAccount { version }", with(of, "id", old[1].as_str())),
                    _ => {
                        let branch = json!({"branch": index.to_string()});
                        let of = json!({"id": alias, "expectedVersion": 1, "bankingDetails": branch});
                        ("updateAliasAccount", "aliasAccount { version }", of)
                    }
                }
            })
            .collect();
        let payloads = race(&app, &calls).await;
        assert_eq!(tally(&payloads), BTreeMap::from([("", 1), ("VERSION_CONFLICT", CLIENTS - 1)]));
        let winner = payloads.iter().find(|payload| payload["aliasAccount"].is_object()).unwrap();
        assert_eq!(winner["aliasAccount"]["version"], json!(2));
        assert_eq!(now(&app, &alias).await.0, json!(2));
    }
    app.check();
}

/// Changes of one holder that have nothing to do with each other: one a client.
fn changes() -> Vec<Value> {
    let address = |line: &str| json!({"addresses": {"primary": {line: format!("new {line}")}}});
    let mut changes = vec![
        json!({"name": "New Name"}),
        json!({"externalId": "crm-1"}),
        json!({"contact": {"primaryEmail": "new@example.com"}}),
        json!({"contact": {"mobilePhone": "new mobile"}}),
        json!({"contact": {"otherPhone": null}}),
        json!({"naturalPerson": {"motherName": "new mother"}}),
        json!({"naturalPerson": {"birthDate": "1990-02-28"}}),
        json!({"legalPerson": {"tradeName": "new trade"}}),
        json!({"legalPerson": {"representative": {"role": "new role"}}}),
        address("line1"),
        address("line2"),
        address("zipCode"),
        address("city"),
        json!({"addresses": {"additional1": null}}),
    ];
    changes.extend((changes.len()..CLIENTS).map(|index| json!({"metadata": {format!("key{index}"): index}})));
    changes
}

#[tokio::test]
async fn changes_of_64_different_fields_of_one_holder_all_survive() {
    let app = App::raced();
    let address = json!({"line1": "a", "zipCode": "1", "city": "c", "state": "SP", "country": "BR"});
    for _ in 0..rounds(200) {
        let mut input = super::super::app::new_holder();
        input["addresses"] = json!({"primary": address, "additional1": address});
        input["contact"] = json!({"otherPhone": "old phone"});
        let holder = app.mutate("createHolder", "holder { id }", &input).await;
        let id = text(&holder, "/holder/id");
        let calls: Vec<Call> = changes()
            .into_iter()
            .map(|change| ("updateHolder", "holder { id }", with(change, "id", id)))
            .collect();
        let payloads = race(&app, &calls).await;
        assert_eq!(tally(&payloads), BTreeMap::from([("", CLIENTS)]));
        let query = "query($id: ID!) { holder(id: $id) { version name externalId metadata
            addresses { primary { line1 line2 zipCode city state country } additional1 { city } }
            contact { primaryEmail mobilePhone otherPhone } naturalPerson { motherName birthDate }
            legalPerson { tradeName representative { role } } } }";
        let now = app.ask(query, json!({"id": id})).await["data"]["holder"].clone();
        let metadata: Value = (14..CLIENTS).map(|index| (format!("key{index}"), json!(index))).collect();
        let expected = json!({"version": 1 + CLIENTS, "name": "New Name", "externalId": "crm-1", "metadata": metadata,
            "addresses": {"primary": {"line1": "new line1", "line2": "new line2", "zipCode": "new zipCode",
                "city": "new city", "state": "SP", "country": "BR"}, "additional1": null},
            "contact": {"primaryEmail": "new@example.com", "mobilePhone": "new mobile", "otherPhone": null},
            "naturalPerson": {"motherName": "new mother", "birthDate": "1990-02-28"},
            "legalPerson": {"tradeName": "new trade", "representative": {"role": "new role"}}});
        assert_eq!(now, expected);
    }
    app.check();
}
