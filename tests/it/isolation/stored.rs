//! What two organizations store of the same values has nothing in common: nobody who reads the store can tell that
//! they have the same customer.

use super::super::bench::Bench;
use super::super::inside;
use super::super::mutations::{Service, Tenant, keyed};
use super::{holder, link, tenant};
use holdergraph::domain::ids::{AccountId, LedgerId};
use std::collections::BTreeSet;
use uuid::Uuid;

/// What begins so is stored in clear and may be the same.
const CLEAR: [&str; 10] =
    ["", "type/", "externalId/", "holder/", "ledger/", "account/", "branch/", "link/", "role/", "meta/"];

fn is_clear(token: &[u8]) -> bool {
    let token = String::from_utf8_lossy(token);
    token.is_empty() || CLEAR.iter().skip(1).any(|field| token.starts_with(field))
}

/// What is left of them without what is stored in clear.
fn blind(values: &BTreeSet<Vec<u8>>) -> BTreeSet<&Vec<u8>> {
    values.iter().filter(|value| !is_clear(value)).collect()
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
    let (one, two) = (inside::blind(dir.path(), one), inside::blind(dir.path(), two));
    // document of the holder (and its alias account), account, IBAN, participant, party, party with its role
    for (what, least) in [
        ("tokens", 6),
        ("claims", 1),
        ("keys", 1),
        ("fingerprints", 1),
        ("holders", 1),
        ("alias accounts", 1),
    ] {
        let (one, two) = (blind(&one[what]), blind(&two[what]));
        assert_eq!((one.len(), two.len()), (least, least), "{what}");
        assert_eq!(one.intersection(&two).count(), 0, "{what}");
    }
}
