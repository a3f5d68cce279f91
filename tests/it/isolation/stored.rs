//! What two organizations store of the same values has nothing in common: nobody who reads the files can tell that
//! they have the same customer.

use super::super::bench::Bench;
use super::super::mutations::{Service, Tenant, keyed};
use super::{holder, link, tenant};
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use rusqlite::Connection;
use std::collections::BTreeSet;
use uuid::Uuid;

/// What begins so is stored in clear and may be the same.
const CLEAR: [&str; 10] =
    ["", "type/", "externalId/", "holder/", "ledger/", "account/", "branch/", "link/", "role/", "meta/"];

fn column(db: &Connection, organization: OrganizationId, query: &str) -> BTreeSet<Vec<u8>> {
    let mut select = db.prepare(query).unwrap();
    let rows = select.query_map([organization.as_bytes().as_slice()], |row| row.get(0)).unwrap();
    rows.map(Result::unwrap).collect()
}

fn is_clear(token: &[u8]) -> bool {
    let token = String::from_utf8_lossy(token);
    token.is_empty() || CLEAR.iter().skip(1).any(|field| token.starts_with(field))
}

async fn fill(tenant: Tenant<'_>, ledger: LedgerId, account: AccountId) {
    tenant.bench.ledger.set(tenant.organization, ledger, account, |_| {});
    let made = tenant.call("createHolder", "holder { id }", &keyed(&holder(), "key")).await;
    let account = serde_json::json!({"ledgerId": ledger.to_string(), "accountId": account.to_string()});
    let alias = link(tenant, made["holder"]["id"].as_str().unwrap(), &account).await;
    assert!(alias["id"].is_string(), "{alias}");
}

#[tokio::test]
async fn blind_tokens_claims_keys_and_sealed_parts_of_the_same_values_differ() {
    let bench = Bench::new();
    let (one, two) = (tenant(&bench), tenant(&bench));
    let (ledger, account) = (LedgerId(Uuid::now_v7()), AccountId(Uuid::now_v7()));
    for tenant in [one, two] {
        fill(tenant, ledger, account).await;
    }
    let (one, two) = (one.organization, two.organization);
    let dir = bench.close();
    let db = Connection::open(dir.path().join("holdergraph.db")).unwrap();
    for (query, least) in [
        // document of the holder (and its alias account), account, IBAN, participant, party, party with its role
        ("SELECT CAST(token AS BLOB) FROM tokens WHERE organization = ?1", 6),
        ("SELECT CAST(claim AS BLOB) FROM claims WHERE organization = ?1", 1),
        ("SELECT key FROM operations WHERE organization = ?1", 1),
        ("SELECT fingerprint FROM operations WHERE organization = ?1", 1),
        ("SELECT sealed FROM holders WHERE organization = ?1", 1),
        ("SELECT sealed FROM alias_accounts WHERE organization = ?1", 1),
    ] {
        let blind = |organization| {
            let mut found = column(&db, organization, query);
            found.retain(|value| !is_clear(value));
            found
        };
        let (one, two) = (blind(one), blind(two));
        assert_eq!((one.len(), two.len()), (least, least), "{query}");
        assert_eq!(one.intersection(&two).count(), 0, "{query}");
    }
}
