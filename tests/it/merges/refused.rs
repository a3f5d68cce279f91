//! Updates that change nothing: of another version, of a deleted record, of what can never change.

use super::record::{KINDS, Kind, Record, values};
use crate::app::{App, code, send, user_errors};
use crate::shape::schema;
use serde_json::{Value, json};

#[tokio::test]
async fn another_version_than_expected_is_a_conflict_and_the_right_one_is_none() {
    for kind in KINDS {
        let record = Record::new(kind).await;
        let with = |version: i32, turn: usize| {
            let mut change = values(kind.input(), turn);
            change["expectedVersion"] = json!(version);
            change
        };
        for version in [0, 2, -1, i32::MAX] {
            record.refuses(with(version, 1), &[("VERSION_CONFLICT", "expectedVersion")]).await;
            // Also where nothing would change.
            record.refuses(with(version, 0), &[("VERSION_CONFLICT", "expectedVersion")]).await;
        }
        // A conflict leaves the key free.
        let mut keyed = with(2, 1);
        keyed["idempotencyKey"] = json!("version");
        record.refuses(keyed.clone(), &[("VERSION_CONFLICT", "expectedVersion")]).await;
        keyed["expectedVersion"] = json!(1);
        let payload = record.update(keyed.clone()).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
        // The key is looked at before the version, which is another by now.
        assert_eq!(record.update(keyed).await, payload);
        record.refuses(with(1, 2), &[("VERSION_CONFLICT", "expectedVersion")]).await;
        let payload = record.update(with(2, 2)).await;
        assert_eq!(payload["userErrors"], json!([]), "{payload}");
    }
}

#[tokio::test]
async fn a_deleted_record_is_not_found_by_updates_and_never_comes_back_by_one() {
    for kind in KINDS {
        let record = Record::new(kind).await;
        let delete = async |mutation: &str, id: &str| {
            let payload =
                record.bench.mutate(record.organization, mutation, "deletedId", json!({"id": id})).await;
            assert_eq!(payload["deletedId"], json!(id), "{payload}");
        };
        delete("deleteAliasAccount", &record.alias).await;
        let (code, field) = match kind {
            Kind::Holder => {
                delete("deleteHolder", &record.holder).await;
                ("HOLDER_NOT_FOUND", "id")
            }
            Kind::AliasAccount => ("ALIAS_ACCOUNT_NOT_FOUND", "id"),
            Kind::RelatedParty => ("ALIAS_ACCOUNT_NOT_FOUND", "aliasAccountId"),
        };
        for mut change in [json!({}), values(kind.input(), 0), values(kind.input(), 1)] {
            record.refuses(change.clone(), &[(code, field)]).await;
            // Not even with its version: it is not found, whatever is expected of it.
            change["expectedVersion"] = json!(2);
            record.refuses(change, &[(code, field)]).await;
        }
        let mut read = record.read().await;
        assert!(record.versioned(&mut read)["deletedAt"].is_string(), "{read}");
        let party =
            json!({"document": "D-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-01-01"});
        for (mutation, input) in [
            ("addRelatedParty", json!({"aliasAccountId": record.alias, "relatedParty": party})),
            ("removeRelatedParty", json!({"aliasAccountId": record.alias, "id": record.party})),
            ("verifyAliasAccount", json!({"id": record.alias})),
        ] {
            let payload = record
                .bench
                .mutate(record.organization, mutation, "aliasAccount { id }", input.clone())
                .await;
            let field = if input["id"] == json!(record.alias) { "input/id" } else { "input/aliasAccountId" };
            assert_eq!(user_errors(&payload), [("ALIAS_ACCOUNT_NOT_FOUND".to_owned(), field.to_owned())]);
        }
        assert_eq!(record.read().await, read);
    }
}

#[tokio::test]
async fn what_can_never_change_is_no_field_of_an_update() {
    let app = App::sandbox();
    let holder = app.holder().await;
    for (input, fields) in [
        (
            "UpdateHolderInput",
            &["document", "type", "version", "createdAt", "deletedAt", "organizationId"][..],
        ),
        (
            "UpdateAliasAccountInput",
            &["holderId", "ledgerId", "accountId", "document", "type", "relatedParties", "link", "deletedAt"],
        ),
        ("UpdateRelatedPartyInput", &["document", "relatedParty"]),
    ] {
        let mutation = format!("{}{}", input[..1].to_lowercase(), input[1..].trim_end_matches("Input"));
        for field in fields {
            let known = &schema().get_input_object(input).unwrap().fields;
            assert!(!known.contains_key(*field), "{input}.{field}");
            let party = if input.contains("Party") {
                format!("aliasAccountId: \"{holder}\", ")
            } else {
                String::new()
            };
            let query = format!(
                "mutation {{ {mutation}(input: {{ {party}id: \"{holder}\", {field}: \"X\" }}) {{ userErrors {{ code }} }} }}"
            );
            let literal = send(app.request(&query, json!({}))).await;
            assert_eq!(
                (literal.status, literal.code()),
                (400, "GRAPHQL_VALIDATION_FAILED"),
                "{}",
                literal.body
            );
            let query = format!(
                "mutation($input: {input}!) {{ {mutation}(input: $input) {{ userErrors {{ code }} }} }}"
            );
            let variables = json!({"input": {"id": holder, "aliasAccountId": holder, *field: "X"}});
            let variable = send(app.request(&query, variables)).await;
            assert_eq!((variable.status, variable.code()), (400, "BAD_USER_INPUT"), "{}", variable.body);
            assert_eq!(variable.body["data"], Value::Null);
        }
    }
    let read = app.ask("query($id: ID!) { holder(id: $id) { version } }", json!({"id": holder})).await;
    assert_eq!((code(&read), &read["data"]["holder"]["version"]), ("", &json!(1)));
}
