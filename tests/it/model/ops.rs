//! The operations of a sequence, and the requests that they become.

use super::world::{MHolder, World, pick};
use proptest::prelude::*;
use serde_json::{Map, Value, json};

/// Documents, each in two writings that are one after normalisation.
pub(super) const DOCUMENTS: [[&str; 2]; 4] = [
    ["913.150.260-15", "91315026015"],
    ["ab-12 345", "AB12345"],
    ["Straße 7", "STRASSE7"],
    ["٤٢-é", "٤٢e\u{301}"],
];

/// So many accounts the ledger may have.
pub(super) const ACCOUNTS: usize = 5;

/// What an operation says of the version.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Expected {
    None,
    Right,
    Wrong,
}

/// Absent, null or a value.
pub(super) type Patched = Option<Option<String>>;

#[derive(Clone, Debug)]
pub(super) enum Op {
    CreateHolder {
        document: usize,
        writing: usize,
        name: String,
    },
    UpdateHolder {
        holder: usize,
        name: Option<String>,
        external_id: Patched,
        phone: Patched,
        tier: Patched,
        version: Expected,
    },
    DeleteHolder {
        holder: usize,
        hard: bool,
        version: Expected,
    },
    RestoreHolder {
        holder: usize,
        version: Expected,
    },
    Onboard {
        document: usize,
        name: String,
        accounts: Vec<usize>,
    },
    CreateAlias {
        holder: usize,
        account: usize,
        branch: Option<String>,
    },
    UpdateAlias {
        alias: usize,
        branch: Patched,
        version: Expected,
    },
    DeleteAlias {
        alias: usize,
        hard: bool,
        version: Expected,
    },
    RestoreAlias {
        alias: usize,
        version: Expected,
    },
    Verify {
        alias: usize,
    },
    AddParty {
        alias: usize,
        document: usize,
        name: String,
        version: Expected,
    },
    UpdateParty {
        alias: usize,
        party: usize,
        name: String,
    },
    RemoveParty {
        alias: usize,
        party: usize,
    },
    /// The ledger's own affair: an account appears, is blocked, or goes.
    Ledger {
        account: usize,
        blocked: Option<bool>,
    },
}

/// One step of a sequence.
#[derive(Clone, Debug)]
pub(super) enum Step {
    /// An operation; with a key of so many, if any.
    Do(Op, Option<u8>),
    /// One of the earlier requests that carried a key, letter by letter.
    Again(usize),
}

pub(super) fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        9 => (op(), prop::option::weighted(0.3, 0u8..6)).prop_map(|(op, key)| Step::Do(op, key)),
        1 => any::<usize>().prop_map(Step::Again),
    ];
    prop::collection::vec(step, 50)
}

fn name() -> impl Strategy<Value = String> {
    prop::sample::select(vec!["Maria Souza", "José Ção", "李小龍", "مريم"]).prop_map(str::to_owned)
}

fn patched() -> impl Strategy<Value = Patched> {
    let text = prop::sample::select(vec!["one", "two"]).prop_map(str::to_owned);
    prop::option::of(prop::option::of(text))
}

fn version() -> impl Strategy<Value = Expected> {
    prop_oneof![3 => Just(Expected::None), 2 => Just(Expected::Right), 1 => Just(Expected::Wrong)]
}

/// Small numbers, so that operations meet.
fn index() -> impl Strategy<Value = usize> {
    0usize..12
}

fn op() -> impl Strategy<Value = Op> {
    let (document, account) = (0..DOCUMENTS.len(), 0..ACCOUNTS);
    prop_oneof![
        4 => (document.clone(), 0..2usize, name())
            .prop_map(|(document, writing, name)| Op::CreateHolder { document, writing, name }),
        3 => (index(), prop::option::of(name()), patched(), patched(), patched(), version()).prop_map(
            |(holder, name, external_id, phone, tier, version)| Op::UpdateHolder { holder, name, external_id, phone, tier, version }
        ),
        2 => (index(), prop::bool::weighted(0.3), version())
            .prop_map(|(holder, hard, version)| Op::DeleteHolder { holder, hard, version }),
        2 => (index(), version()).prop_map(|(holder, version)| Op::RestoreHolder { holder, version }),
        2 => (document.clone(), name(), prop::collection::vec(account.clone(), 0..4))
            .prop_map(|(document, name, accounts)| Op::Onboard { document, name, accounts }),
        4 => (index(), account.clone(), prop::option::of(Just("0001".to_owned())))
            .prop_map(|(holder, account, branch)| Op::CreateAlias { holder, account, branch }),
        2 => (index(), patched(), version())
            .prop_map(|(alias, branch, version)| Op::UpdateAlias { alias, branch, version }),
        2 => (index(), prop::bool::weighted(0.3), version())
            .prop_map(|(alias, hard, version)| Op::DeleteAlias { alias, hard, version }),
        2 => (index(), version()).prop_map(|(alias, version)| Op::RestoreAlias { alias, version }),
        1 => index().prop_map(|alias| Op::Verify { alias }),
        3 => (index(), document, name(), version())
            .prop_map(|(alias, document, name, version)| Op::AddParty { alias, document, name, version }),
        2 => (index(), index(), name()).prop_map(|(alias, party, name)| Op::UpdateParty { alias, party, name }),
        2 => (index(), index()).prop_map(|(alias, party)| Op::RemoveParty { alias, party }),
        4 => (account, prop_oneof![6 => Just(Some(false)), 2 => Just(Some(true)), 1 => Just(None)])
            .prop_map(|(account, blocked)| Op::Ledger { account, blocked }),
    ]
}

impl Op {
    /// What an update makes of a holder.
    pub(super) fn patch_holder(&self, holder: &mut MHolder) {
        let Self::UpdateHolder { name, external_id, phone, tier, .. } = self else { return };
        let set = |old: &mut Option<String>, new: &Patched| {
            if let Some(new) = new {
                old.clone_from(new);
            }
        };
        if let Some(name) = name {
            holder.name.clone_from(name);
        }
        set(&mut holder.external_id, external_id);
        set(&mut holder.phone, phone);
        holder.contact |= phone.is_some();
        set(&mut holder.tier, tier);
    }

    /// Whether it is an onboarding with one account twice.
    pub(super) fn names_an_account_twice(&self) -> bool {
        let Self::Onboard { accounts, .. } = self else { return false };
        accounts.iter().collect::<std::collections::BTreeSet<_>>().len() < accounts.len()
    }

    /// The mutation and its input, as things are now.
    pub(super) fn request(&self, world: &World, ids: &Ids) -> (&'static str, Value) {
        let holder_version = |index: usize| pick(&world.holders, index).map(|holder| holder.version);
        let alias_version = |index: usize| pick(&world.aliases, index).map(|alias| alias.version);
        let (mutation, mut input, version) = match self {
            Self::CreateHolder { document, writing, name } => (
                "createHolder",
                json!({"type": "NATURAL_PERSON", "name": name, "document": DOCUMENTS[*document][*writing]}),
                None,
            ),
            Self::UpdateHolder { holder, name, external_id, phone, tier, version } => {
                let mut input = json!({"id": world.holder_id(*holder)});
                put(&mut input, "name", &name.clone().map(Some), |text| json!(text));
                put(&mut input, "externalId", external_id, |text| json!(text));
                put(&mut input, "contact", phone, |text| json!({"mobilePhone": text}));
                if let Some(None) = phone {
                    input["contact"] = json!({"mobilePhone": null});
                }
                if let Some(tier) = tier {
                    input["metadata"] = json!({"tier": tier});
                }
                ("updateHolder", input, world.expected(holder_version(*holder), *version))
            }
            Self::DeleteHolder { holder, hard, version } => (
                "deleteHolder",
                json!({"id": world.holder_id(*holder), "mode": mode(*hard)}),
                world.expected(holder_version(*holder), *version),
            ),
            Self::RestoreHolder { holder, version } => (
                "restoreHolder",
                json!({"id": world.holder_id(*holder)}),
                world.expected(holder_version(*holder), *version),
            ),
            Self::Onboard { document, name, accounts } => {
                let accounts: Vec<Value> = accounts.iter().map(|account| ids.account(*account)).collect();
                (
                    "onboardHolder",
                    json!({
                        "holder": {"type": "NATURAL_PERSON", "name": name, "document": DOCUMENTS[*document][0]},
                        "aliasAccounts": accounts,
                    }),
                    None,
                )
            }
            Self::CreateAlias { holder, account, branch } => {
                let mut input = ids.account(*account);
                input["holderId"] = json!(world.holder_id(*holder));
                if let Some(branch) = branch {
                    input["bankingDetails"] = json!({"branch": branch});
                }
                ("createAliasAccount", input, None)
            }
            Self::UpdateAlias { alias, branch, version } => {
                let mut input = json!({"id": world.alias_id(*alias)});
                put(&mut input, "bankingDetails", branch, |text| json!({"branch": text}));
                if let Some(None) = branch {
                    input["bankingDetails"] = json!({"branch": null});
                }
                ("updateAliasAccount", input, world.expected(alias_version(*alias), *version))
            }
            Self::DeleteAlias { alias, hard, version } => (
                "deleteAliasAccount",
                json!({"id": world.alias_id(*alias), "mode": mode(*hard)}),
                world.expected(alias_version(*alias), *version),
            ),
            Self::RestoreAlias { alias, version } => (
                "restoreAliasAccount",
                json!({"id": world.alias_id(*alias)}),
                world.expected(alias_version(*alias), *version),
            ),
            Self::Verify { alias } => ("verifyAliasAccount", json!({"id": world.alias_id(*alias)}), None),
            Self::AddParty { alias, document, name, version } => {
                let party = json!({"document": DOCUMENTS[*document][0], "name": name, "role": "PRIMARY_HOLDER", "startDate": "2024-02-01"});
                (
                    "addRelatedParty",
                    json!({"aliasAccountId": world.alias_id(*alias), "relatedParty": party}),
                    world.expected(alias_version(*alias), *version),
                )
            }
            Self::UpdateParty { alias, party, name } => (
                "updateRelatedParty",
                json!({"aliasAccountId": world.alias_id(*alias), "id": world.party_id(*alias, *party), "name": name}),
                None,
            ),
            Self::RemoveParty { alias, party } => (
                "removeRelatedParty",
                json!({"aliasAccountId": world.alias_id(*alias), "id": world.party_id(*alias, *party)}),
                None,
            ),
            Self::Ledger { .. } => ("", json!({}), None),
        };
        if let Some(version) = version {
            input["expectedVersion"] = json!(version);
        }
        (mutation, input)
    }
}

/// The ids of the ledger's accounts.
pub(super) struct Ids {
    pub(super) ledger: String,
    pub(super) accounts: Vec<String>,
}

impl Ids {
    fn account(&self, index: usize) -> Value {
        json!({"ledgerId": self.ledger, "accountId": self.accounts[index]})
    }
}

fn mode(hard: bool) -> &'static str {
    if hard { "HARD" } else { "SOFT" }
}

fn put(input: &mut Value, field: &str, patched: &Patched, value: impl Fn(&String) -> Value) {
    let object: &mut Map<String, Value> = input.as_object_mut().unwrap();
    match patched {
        None => {}
        Some(None) => drop(object.insert(field.to_owned(), Value::Null)),
        Some(Some(text)) => drop(object.insert(field.to_owned(), value(text))),
    }
}
