//! What stands in the tables beside what the port reads.

use super::Sqlite;
use crate::registry::ports::operation::Operation;
use crate::registry::ports::record::AuditEntry;
use crate::registry::ports::store::{Commit, Store};
use crate::store::conformance::records::{alias_account, holder, holder_with, operation, organization};

const TABLES: [&str; 5] = ["holders", "alias_accounts", "claims", "tokens", "operations"];

#[tokio::test]
async fn a_record_is_written_with_its_tokens_generations_and_audit_entries() {
    let stores = Sqlite::new();
    let owner = holder(organization());
    let account = alias_account(&owner);
    assert_eq!(stores.sqlite().create_holder(owner.clone(), None).await.unwrap(), Commit::Stored);
    assert_eq!(stores.sqlite().link(account.clone(), None).await.unwrap(), Commit::Stored);
    let db = stores.beside();
    for (table, expected) in [("holders", &owner.audit), ("alias_accounts", &account.audit)] {
        let select = format!("SELECT generations, audit, operation IS NULL FROM {table}");
        let (generations, audit, settled): (String, String, bool) =
            db.query_row(&select, [], |row| row.try_into()).unwrap();
        assert_eq!(generations, r#"["1","2026-b"]"#);
        assert_eq!(&serde_json::from_str::<Vec<AuditEntry>>(&audit).unwrap(), expected);
        assert!(settled);
    }
    // One of its three tokens is there twice.
    for (kind, id, tokens) in [
        (1, *owner.clear.id.as_bytes(), &owner.protected.tokens),
        (2, *account.clear.id.as_bytes(), &account.protected.tokens),
    ] {
        let mut select = db
            .prepare(
                "SELECT token FROM tokens WHERE organization = ?1 AND kind = ?2 AND id = ?3 ORDER BY token",
            )
            .unwrap();
        let written: Vec<String> = select
            .query_map((owner.clear.organization, kind, id), |row| row.get(0))
            .unwrap()
            .map(Result::unwrap)
            .collect();
        assert_eq!(written, [tokens[0].0.clone(), tokens[2].0.clone()]);
    }
}

#[tokio::test]
async fn a_refused_write_leaves_no_row_in_any_table() {
    let stores = Sqlite::new();
    let organization = organization();
    let owner = holder_with(organization, &["m"]);
    let key = operation(organization, 1);
    assert_eq!(
        stores.sqlite().create_holder(owner.clone(), Some(key.clone())).await.unwrap(),
        Commit::Stored
    );
    let before = TABLES.map(|table| stores.count(table));
    let mut same_id = holder_with(organization, &["b"]);
    same_id.clear.id = owner.clear.id;
    let taken = holder_with(organization, &["a", "m"]);
    let orphan = alias_account(&holder(organization));
    let other = operation(organization, 2);
    for refused in [
        stores.sqlite().create_holder(taken, Some(other.clone())).await,
        stores.sqlite().create_holder(same_id, Some(other.clone())).await,
        stores.sqlite().link(orphan, Some(other)).await,
        stores.sqlite().create_holder(holder(organization), Some(key)).await,
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
            stores.sqlite().create_holder(holder(organization), Some(key)).await.unwrap(),
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
        let end = stores.sqlite().create_holder(holder(organization), Some(later)).await.unwrap();
        assert_eq!((end, stores.count("operations")), (Commit::Stored, left));
    }
}

#[tokio::test]
async fn a_holder_row_cannot_go_before_its_alias_accounts() {
    let stores = Sqlite::new();
    let owner = holder(organization());
    assert_eq!(stores.sqlite().create_holder(owner.clone(), None).await.unwrap(), Commit::Stored);
    assert_eq!(stores.sqlite().link(alias_account(&owner), None).await.unwrap(), Commit::Stored);
    let write = stores.sqlite().writer.write(|()| true, |db| db.execute_batch("DELETE FROM holders")).await;
    assert!(write.is_err());
    assert_eq!(stores.count("holders"), 1);
}
