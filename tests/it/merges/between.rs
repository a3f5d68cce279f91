//! What only a merge shows: lines that a new address needs, days that are out of order together with what is stored.

use super::record::{Kind, Record};
use serde_json::{Value, json};

const NEEDED: [&str; 5] = ["line1", "zipCode", "city", "state", "country"];

fn address() -> Value {
    json!({"line1": "Rua A, 1", "zipCode": "01000-000", "city": "São Paulo", "state": "SP", "country": "BR"})
}

#[tokio::test]
async fn a_new_address_needs_every_line_of_an_address_and_a_stored_one_only_what_changes() {
    for name in ["primary", "additional1", "additional2"] {
        let record = Record::new(Kind::Holder).await;
        let set = |address: Value| json!({"addresses": {name: address}});
        record.merges(set(json!({"city": "Santos"}))).await;
        for gone in [json!({"addresses": {name: null}}), json!({"addresses": null})] {
            record.merges(gone).await;
            for missing in NEEDED {
                let mut partial = address();
                partial.as_object_mut().unwrap().remove(missing);
                let field = format!("addresses/{name}/{missing}");
                record.refuses(set(partial), &[("REQUIRED", &field)]).await;
            }
            let all: Vec<String> = NEEDED.iter().map(|line| format!("addresses/{name}/{line}")).collect();
            let all: Vec<(&str, &str)> = all.iter().map(|field| ("REQUIRED", field.as_str())).collect();
            record.refuses(set(json!({})), &all).await;
            record.refuses(set(json!({"description": "casa", "line2": null})), &all).await;
            record.merges(set(address())).await;
            record.merges(set(json!({"line2": "fundos"}))).await;
        }
    }
}

#[tokio::test]
async fn a_closing_date_before_the_stored_opening_date_is_refused_and_so_is_the_other_way_round() {
    let record = Record::new(Kind::AliasAccount).await;
    let refusal: &[(&str, &str)] = &[("CLOSING_DATE_BEFORE_OPENING_DATE", "bankingDetails/closingDate")];
    let days = |opening: Option<Value>, closing: Option<Value>| {
        let mut details = json!({});
        opening.into_iter().for_each(|day| details["openingDate"] = day);
        closing.into_iter().for_each(|day| details["closingDate"] = day);
        json!({"bankingDetails": details})
    };
    let day = |text: &str| Some(json!(text));
    record.merges(days(day("2024-02-10"), day("2024-02-20"))).await;
    record.refuses(days(None, day("2024-02-09")), refusal).await;
    record.refuses(days(day("2024-02-21"), None), refusal).await;
    record.refuses(days(day("2024-02-21"), day("2024-02-20")), refusal).await;
    record.merges(days(None, day("2024-02-10"))).await;
    record.merges(days(Some(Value::Null), day("2020-01-01"))).await;
    record.refuses(days(day("2020-01-02"), None), refusal).await;
    record.merges(days(day("2020-01-02"), Some(Value::Null))).await;
    record.merges(json!({"bankingDetails": null})).await;
    record.merges(days(None, day("1999-01-01"))).await;
}

#[tokio::test]
async fn a_partys_last_day_before_its_stored_first_day_is_refused_and_so_is_the_other_way_round() {
    let record = Record::new(Kind::RelatedParty).await;
    let refusal: &[(&str, &str)] = &[("RELATED_PARTY_DATES", "endDate")];
    record.merges(json!({"startDate": "2024-02-10", "endDate": "2024-02-20"})).await;
    record.refuses(json!({"endDate": "2024-02-09"}), refusal).await;
    record.refuses(json!({"startDate": "2024-02-21"}), refusal).await;
    record.refuses(json!({"startDate": "2024-02-21", "endDate": "2024-02-20"}), refusal).await;
    record.merges(json!({"startDate": "2024-02-20"})).await;
    record.merges(json!({"endDate": null, "startDate": "2030-01-01"})).await;
}

#[tokio::test]
async fn what_an_update_takes_away_is_not_found_any_more_and_what_it_gives_is() {
    let record = Record::new(Kind::AliasAccount).await;
    let found = async |filter: &Value| {
        let query = "query($filter: AliasAccountFilter) { aliasAccounts(filter: $filter) { totalCount } }";
        let answer = record.bench.ask(record.organization, query, json!({"filter": filter})).await;
        answer["aliasAccounts"]["totalCount"] == json!(1)
    };
    let values = |turn: &str| {
        let details =
            json!({"branch": turn, "account": format!("conta {turn}"), "iban": format!("iban {turn}")});
        json!({"bankingDetails": details, "regulatoryFields": {"participantDocument": format!("doc {turn}")},
            "metadata": {"entry": turn}})
    };
    let filters = |turn: &str| {
        [
            json!({"bankingDetailsBranch": turn}),
            json!({"bankingDetailsAccount": format!("CONTA-{turn}")}),
            json!({"bankingDetailsIban": format!("IBAN{turn}")}),
            json!({"participantDocument": format!("DOC.{turn}")}),
            json!({"metadata": [{"key": "entry", "string": turn}]}),
        ]
    };
    let mut last: Option<&str> = None;
    for turn in ["one", "two", "three"] {
        record.merges(values(turn)).await;
        for filter in filters(turn) {
            assert!(found(&filter).await, "{filter}");
        }
        for filter in last.into_iter().flat_map(filters) {
            assert!(!found(&filter).await, "{filter}");
        }
        last = Some(turn);
    }
    record.merges(json!({"bankingDetails": null, "regulatoryFields": null, "metadata": null})).await;
    for filter in filters("three") {
        assert!(!found(&filter).await, "{filter}");
    }
}
