//! What stands in the tables beside what the port reads.

use super::Sqlite;
use crate::registry::ports::operation::{Operation, Outcome};
use crate::registry::ports::record::AuditEntry;
use crate::registry::ports::store::{Commit, Refused, Store};
use crate::registry::ports::terms;
use crate::store::conformance::records::{
    NOW, alias_account, concluding, holder, holder_with, operation, organization, wrote,
};
use std::collections::BTreeSet;

const TABLES: [&str; 6] = ["holders", "alias_accounts", "claims", "tokens", "operations", "audit_outbox"];

#[tokio::test]
async fn a_record_is_written_with_its_tokens_generations_and_audit_entries() {
    let stores = Sqlite::new();
    let owner = holder(organization());
    let account = alias_account(&owner);
    assert_eq!(stores.sqlite().create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(stores.sqlite().link(account.clone(), None).await.unwrap(), Commit::Stored);
    let db = stores.beside();
    for (table, id, expected) in [
        ("holders", *owner.clear.id.as_bytes(), &owner.audit),
        ("alias_accounts", *account.clear.id.as_bytes(), &account.audit),
    ] {
        let select = format!("SELECT generations FROM {table}");
        let generations: String = db.query_row(&select, [], |row| row.get(0)).unwrap();
        assert_eq!(generations, r#"["1","2026-b"]"#);
        let select = "SELECT entry FROM audit_outbox WHERE organization = ?1 AND record = ?2";
        let entry: String = db.query_row(select, (owner.clear.organization, id), |row| row.get(0)).unwrap();
        assert_eq!(&[serde_json::from_str::<AuditEntry>(&entry).unwrap()], expected.as_slice());
    }
    // One of its three tokens is there twice; the empty one is that of all records.
    for (kind, id, protected, terms) in [
        (1, *owner.clear.id.as_bytes(), &owner.protected, terms::of_holder(&owner.clear)),
        (2, *account.clear.id.as_bytes(), &account.protected, terms::of_alias_account(&account.clear)),
    ] {
        let mut select = db
            .prepare(
                "SELECT token FROM tokens WHERE organization = ?1 AND kind = ?2 AND id = ?3 AND live
                 AND created_at = ?4 AND updated_at = ?4 ORDER BY token",
            )
            .unwrap();
        let written: Vec<String> = select
            .query_map((owner.clear.organization, kind, id, NOW), |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        let mut expected: BTreeSet<String> = terms.into_iter().map(|token| token.0).collect();
        expected.extend(protected.tokens.iter().map(|token| token.0.clone()));
        expected.insert(String::new());
        assert_eq!(written, expected.into_iter().collect::<Vec<_>>());
    }
}

#[tokio::test]
async fn a_refused_write_leaves_no_row_in_any_table() {
    let stores = Sqlite::new();
    let organization = organization();
    let owner = holder_with(organization, &["m"]);
    let key = operation(organization, 1);
    assert_eq!(
        stores.sqlite().create_holder(owner.clone(), vec![], concluding(&key, wrote(&owner))).await.unwrap(),
        Commit::Stored
    );
    let before = TABLES.map(|table| stores.count(table));
    let mut same_id = holder_with(organization, &["b"]);
    same_id.clear.id = owner.clear.id;
    let taken = holder_with(organization, &["a", "m"]);
    let orphan = alias_account(&holder(organization));
    let other = operation(organization, 2);
    for refused in [
        stores.sqlite().create_holder(taken, vec![], concluding(&other, Outcome::default())).await,
        stores.sqlite().create_holder(same_id, vec![], concluding(&other, Outcome::default())).await,
        stores.sqlite().link(orphan, concluding(&other, Outcome::default())).await,
        stores
            .sqlite()
            .create_holder(holder(organization), vec![], concluding(&key, Outcome::default()))
            .await,
    ] {
        assert!(!matches!(refused, Ok(Commit::Stored)));
    }
    assert_eq!(TABLES.map(|table| stores.count(table)), before);
}

#[tokio::test]
async fn expired_operations_are_swept_a_few_at_a_time() {
    let stores = Sqlite::new();
    let organization = organization();
    let first = operation(organization, 0);
    for key in 1..=20 {
        let key = operation(organization, key);
        assert_eq!(
            stores
                .sqlite()
                .create_holder(holder(organization), vec![], concluding(&key, Outcome::default()))
                .await
                .unwrap(),
            Commit::Stored
        );
    }
    assert_eq!(stores.count("operations"), 20);
    for (key, left) in [(21, 13), (22, 6), (23, 3), (24, 4)] {
        let later = Operation {
            at: first.expires_at,
            expires_at: first.expires_at.plus(1_000),
            ..operation(organization, key)
        };
        let end = stores
            .sqlite()
            .create_holder(holder(organization), vec![], concluding(&later, Outcome::default()))
            .await
            .unwrap();
        assert_eq!((end, stores.count("operations")), (Commit::Stored, left));
    }
}

#[tokio::test]
async fn a_holder_row_cannot_go_before_its_alias_accounts() {
    let stores = Sqlite::new();
    let owner = holder(organization());
    assert_eq!(stores.sqlite().create_holder(owner.clone(), vec![], None).await.unwrap(), Commit::Stored);
    assert_eq!(stores.sqlite().link(alias_account(&owner), None).await.unwrap(), Commit::Stored);
    let write = stores.sqlite().writer.write(|()| true, |db| db.execute_batch("DELETE FROM holders")).await;
    assert!(write.is_err());
    assert_eq!(stores.count("holders"), 1);
}

#[tokio::test]
async fn an_onboarding_links_to_no_other_holder() {
    let stores = Sqlite::new();
    let (owner, other) = (holder(organization()), holder(organization()));
    assert_eq!(stores.sqlite().create_holder(other.clone(), vec![], None).await.unwrap(), Commit::Stored);
    let mut elsewhere = alias_account(&owner);
    elsewhere.clear.organization = other.clear.organization;
    for foreign in [alias_account(&other), elsewhere] {
        let end = stores.sqlite().create_holder(owner.clone(), vec![foreign], None).await.unwrap();
        assert_eq!(end, Commit::Refused(Refused::HolderNotLive));
    }
    assert_eq!((stores.count("holders"), stores.count("alias_accounts")), (1, 0));
}
