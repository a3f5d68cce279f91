//! Conditions hold together: all pairs, and all that a record fulfils at once.

use super::conditions::Condition;
use super::values::writings;
use super::world::World;
use super::{conditions_of, expected, filter, proven};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

#[tokio::test]
async fn all_pairs_of_conditions_of_holders_hold_together() {
    let world = World::new().await;
    all_pairs(&world, "holders").await;
}

#[tokio::test]
async fn all_pairs_of_conditions_of_alias_accounts_hold_together() {
    let world = World::new().await;
    all_pairs(&world, "aliasAccounts").await;
}

/// Of each pair of fields: whether both hold for a record, and whether one takes away what the other lets through.
type Seen<'a> = BTreeMap<(&'a str, &'a str), (bool, bool)>;

async fn all_pairs(world: &World, field: &str) {
    let conditions = conditions_of(world, field);
    let alone = |condition: &Condition| expected(world, field, &filter(&[condition])).len();
    let alone: Vec<usize> = conditions.iter().map(alone).collect();
    let mut seen = Seen::new();
    for (i, one) in conditions.iter().enumerate() {
        for (j, two) in conditions.iter().enumerate().skip(i + 1).filter(|(_, two)| one.0 != two.0) {
            let found = proven(world, field, &filter(&[one, two])).await.len();
            let pair = seen.entry((one.0.min(two.0), one.0.max(two.0))).or_default();
            pair.0 |= found > 0;
            pair.1 |= alone[i] > 0 && alone[j] > 0 && found < alone[i] && found < alone[j];
        }
    }
    let fields = conditions.iter().map(|(field, _)| field).collect::<BTreeSet<_>>().len();
    assert_eq!(seen.len(), fields * (fields - 1) / 2);
    let blind: Vec<_> = seen.iter().filter(|(_, seen)| **seen != (true, true)).collect();
    assert!(blind.is_empty(), "these pairs show too little: {blind:?}");
}

#[tokio::test]
async fn all_that_a_record_fulfils_finds_it_and_one_that_it_does_not_loses_it() {
    let world = World::new().await;
    for alias in world.aliases.iter().filter(|alias| alias.bank_account.is_some() && alias.iban.is_some()) {
        let mut all = json!({
            "ids": [alias.id], "holderId": alias.holder, "ledgerId": alias.ledger, "accountId": alias.account,
            "document": writings(alias.document)[2], "bankingDetailsAccount": writings(alias.bank_account.unwrap())[3],
            "bankingDetailsIban": writings(alias.iban.unwrap())[1], "linkStatus": alias.link, "state": "ANY",
            "createdAt": {"from": alias.created_at},
        });
        let mut add = |name: &str, value: Option<Value>| {
            if let Some(value) = value {
                all[name] = value;
            }
        };
        add("bankingDetailsBranch", alias.branch.map(|branch| json!(branch)));
        add("participantDocument", alias.participant.map(|value| json!(writings(value)[1])));
        let party = alias.parties.last();
        add(
            "relatedParty",
            party.map(|(role, value)| json!({"role": role, "document": writings(*value)[0]})),
        );
        assert_eq!(proven(&world, "aliasAccounts", &all).await, [alias.id.clone()].into());
        for (name, wrong) in [
            ("ids", json!([world.foreign[1]])),
            ("holderId", json!(world.foreign[0])),
            ("accountId", json!(alias.ledger)),
            ("bankingDetailsIban", json!("GB00")),
            ("relatedParty", json!({"role": "RESPONSIBLE_PARTY"})),
            ("linkStatus", json!("UNVERIFIED")),
            ("state", json!(if alias.deleted { "LIVE" } else { "DELETED" })),
            ("createdAt", json!({"to": alias.created_at})),
        ] {
            let mut almost = all.clone();
            almost[name] = wrong;
            assert_eq!(proven(&world, "aliasAccounts", &almost).await, BTreeSet::new(), "{name}");
        }
    }
}

#[tokio::test]
async fn role_and_document_must_be_of_one_and_the_same_party() {
    let world = World::new().await;
    // Parties are (PRIMARY_HOLDER, 10), (LEGAL_REPRESENTATIVE, 11): each alone is there, the two together are not.
    let party = |role: &str, document: usize| json!({"role": role, "document": writings(document)[2]});
    let alias =
        world.aliases.iter().find(|alias| alias.parties.len() == 2 && alias.parties[1].1 == 11).unwrap();
    let only = |party: Value| json!({"ids": [alias.id], "relatedParty": party, "state": "ANY"});
    for (wanted, holds) in [
        (json!({"role": "PRIMARY_HOLDER"}), true),
        (json!({"document": writings(11)[1]}), true),
        (party("PRIMARY_HOLDER", 10), true),
        (party("LEGAL_REPRESENTATIVE", 11), true),
        (party("PRIMARY_HOLDER", 11), false),
        (party("LEGAL_REPRESENTATIVE", 10), false),
        (json!({"role": "RESPONSIBLE_PARTY"}), false),
    ] {
        assert_eq!(
            !proven(&world, "aliasAccounts", &only(wanted.clone())).await.is_empty(),
            holds,
            "{wanted}"
        );
    }
}
