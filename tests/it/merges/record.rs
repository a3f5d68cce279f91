//! A full record of each kind, and an update of it, seen from outside.

use crate::bench::Bench;
use crate::shape::{leaves, whole};
use holdergraph::domain::ids::{AccountId, LedgerId, OrganizationId};
use serde_json::{Map, Value, json};
use uuid::Uuid;

/// What may be updated.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Kind {
    Holder,
    AliasAccount,
    RelatedParty,
}

pub(super) const KINDS: [Kind; 3] = [Kind::Holder, Kind::AliasAccount, Kind::RelatedParty];

impl Kind {
    pub(super) fn input(self) -> &'static str {
        match self {
            Self::Holder => "UpdateHolderInput",
            Self::AliasAccount => "UpdateAliasAccountInput",
            Self::RelatedParty => "UpdateRelatedPartyInput",
        }
    }

    fn mutation(self) -> &'static str {
        match self {
            Self::Holder => "updateHolder",
            Self::AliasAccount => "updateAliasAccount",
            Self::RelatedParty => "updateRelatedParty",
        }
    }

    /// The type of what the version belongs to.
    fn of(self) -> &'static str {
        if self == Self::Holder { "Holder" } else { "AliasAccount" }
    }
}

/// A stored record with a value in every field.
pub(super) struct Record {
    pub(super) bench: Bench,
    pub(super) organization: OrganizationId,
    pub(super) kind: Kind,
    pub(super) holder: String,
    pub(super) alias: String,
    pub(super) party: String,
}

impl Record {
    pub(super) async fn new(kind: Kind) -> Self {
        let (bench, organization) = (Bench::new(), OrganizationId(Uuid::now_v7()));
        let mut holder = values("CreateHolderInput", 0);
        holder.as_object_mut().unwrap().retain(|name, _| name != "idempotencyKey");
        let made = bench.mutate(organization, "createHolder", "holder { id }", holder).await;
        let holder = made["holder"]["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let (ledger, account) = (LedgerId(Uuid::now_v7()), AccountId(Uuid::now_v7()));
        bench.ledger.set(organization, ledger, account, |_| {});
        let mut alias = values("UpdateAliasAccountInput", 0);
        alias.as_object_mut().unwrap().retain(|name, _| !TARGET.contains(&name.as_str()));
        let parties = json!([values("RelatedPartyInput", 0), values("RelatedPartyInput", 1)]);
        let link = json!({"holderId": holder, "ledgerId": ledger.to_string(), "accountId": account.to_string(), "relatedParties": parties});
        alias.as_object_mut().unwrap().extend(link.as_object().unwrap().clone());
        let fields = "aliasAccount { id relatedParties { id } }";
        let made = bench.mutate(organization, "createAliasAccount", fields, alias).await;
        let alias = &made["aliasAccount"];
        let id = |value: &Value| value["id"].as_str().unwrap_or_else(|| panic!("{made}")).to_owned();
        let (alias, party) = (id(alias), id(&alias["relatedParties"][0]));
        Self { bench, organization, kind, holder, alias, party }
    }

    /// Everything that can be read of the holder and the alias account.
    pub(super) async fn read(&self) -> Value {
        let query = format!(
            "query($holder: ID!, $alias: ID!) {{ holder(id: $holder, state: ANY) {} aliasAccount(id: $alias, state: ANY) {} }}",
            whole("Holder"),
            whole("AliasAccount")
        );
        let variables = json!({"holder": self.holder, "alias": self.alias});
        self.bench.ask(self.organization, &query, variables).await
    }

    /// The part of what was read that an update of this kind changes.
    pub(super) fn seen<'a>(&self, read: &'a mut Value) -> &'a mut Value {
        match self.kind {
            Kind::Holder => &mut read["holder"],
            Kind::AliasAccount => &mut read["aliasAccount"],
            Kind::RelatedParty => &mut read["aliasAccount"]["relatedParties"][0],
        }
    }

    /// The record that has version and times.
    pub(super) fn versioned<'a>(&self, read: &'a mut Value) -> &'a mut Value {
        if self.kind == Kind::Holder { &mut read["holder"] } else { &mut read["aliasAccount"] }
    }

    /// An update, after a while; its payload.
    pub(super) async fn update(&self, change: Value) -> Value {
        self.bench.pass(7);
        let mut input = match self.kind {
            Kind::Holder => json!({"id": self.holder}),
            Kind::AliasAccount => json!({"id": self.alias}),
            Kind::RelatedParty => json!({"id": self.party, "aliasAccountId": self.alias}),
        };
        input.as_object_mut().unwrap().extend(change.as_object().unwrap().clone());
        let fields = if self.kind == Kind::Holder { "holder" } else { "aliasAccount" };
        let fields = format!("{fields} {}", whole(self.kind.of()));
        self.bench.mutate(self.organization, self.kind.mutation(), &fields, input).await
    }

    /// Makes an update and proves what it did: this part of the record is what was given merged with what was there,
    /// and nothing else is touched.
    pub(super) async fn merges(&self, change: Value) {
        let before = stripped(self.read().await);
        let payload = self.update(change.clone()).await;
        assert_eq!(payload["userErrors"], json!([]), "{:?} {change}: {payload}", self.kind);
        let after = self.read().await;
        let answered = if self.kind == Kind::Holder { "holder" } else { "aliasAccount" };
        assert_eq!(payload[answered], after[answered], "{change}: the payload is what a reader sees");
        let (mut expected, mut after) = (before.clone(), stripped(after));
        let seen = self.seen(&mut expected);
        merge(seen, &change);
        if self.kind != Kind::RelatedParty && seen.get("metadata").is_none() {
            seen["metadata"] = json!({});
        }
        set_masks(&mut expected);
        let changed = expected != before;
        let (old, new) = (self.versioned(&mut expected), self.versioned(&mut after));
        let version = old["version"].as_i64().unwrap();
        if changed {
            assert_eq!(new["version"], json!(version + 1), "{change}");
            assert!(new["updatedAt"].as_str() > old["updatedAt"].as_str(), "{change}");
            old["version"] = new["version"].clone();
            old["updatedAt"] = new["updatedAt"].clone();
        }
        assert_eq!(after, expected, "{:?} {change}", self.kind);
    }

    /// Makes an update and proves that it was refused with these codes at these fields, and changed nothing.
    pub(super) async fn refuses(&self, change: Value, expected: &[(&str, &str)]) {
        let before = self.read().await;
        let payload = self.update(change.clone()).await;
        let told = crate::app::user_errors(&payload);
        let expected: Vec<(String, String)> =
            expected.iter().map(|(code, field)| ((*code).to_owned(), format!("input/{field}"))).collect();
        assert_eq!(told, expected, "{:?} {change}", self.kind);
        assert_eq!(self.read().await, before, "{change}");
    }
}

/// Fields of an update that say of what it is, and change nothing.
pub(super) const TARGET: [&str; 4] = ["id", "aliasAccountId", "expectedVersion", "idempotencyKey"];

/// RFC 7396, as it is written there.
fn merge(target: &mut Value, patch: &Value) {
    let Value::Object(patch) = patch else {
        *target = patch.clone();
        return;
    };
    if !target.is_object() {
        *target = json!({});
    }
    for (name, patch) in patch {
        if patch.is_null() {
            target.as_object_mut().unwrap().remove(name);
        } else {
            merge(&mut target[name], patch);
        }
    }
}

/// Without what is null: a reader sees null where a merge has nothing.
fn stripped(read: Value) -> Value {
    match read {
        Value::Object(fields) => fields
            .into_iter()
            .filter(|(_, value)| !value.is_null())
            .map(|(name, value)| (name, stripped(value)))
            .collect(),
        Value::Array(values) => values.into_iter().map(stripped).collect(),
        value => value,
    }
}

/// Masks follow what they mask: of six letters or digits and more, the first and the last two stay.
fn set_masks(read: &mut Value) {
    for (object, field) in [
        ("/holder", "document"),
        ("/aliasAccount/bankingDetails", "account"),
        ("/aliasAccount/bankingDetails", "iban"),
    ] {
        if let Some(object) = read.pointer_mut(object).filter(|object| object.is_object()) {
            let mask = |text: &str| {
                let kept: Vec<char> = text.chars().filter(|c| c.is_alphanumeric()).collect();
                assert!(kept.len() >= 6);
                let last = kept.len() - 2;
                kept.iter().enumerate().map(|(i, c)| if (2..last).contains(&i) { '*' } else { *c }).collect()
            };
            let masked: Option<String> = object.get(field).and_then(Value::as_str).map(mask);
            let masks = object.as_object_mut().unwrap();
            masks.remove(&format!("{field}Masked"));
            masks.extend(masked.map(|masked| (format!("{field}Masked"), json!(masked))));
        }
    }
}

/// A value for every field of an input; another turn gives other values.
pub(super) fn values(input: &str, turn: usize) -> Value {
    let mut values = json!({});
    for leaf in leaves(input) {
        if !TARGET.contains(&leaf.name()) {
            put(&mut values, &leaf.way, value(leaf.kind.inner_named_type().as_ref(), &leaf.path(), turn));
        }
    }
    values
}

/// A value for one field.
pub(super) fn value(kind: &str, path: &str, turn: usize) -> Value {
    match (kind, path.rsplit('/').next().unwrap()) {
        (_, "country" | "countryCode") => json!(["BR", "PT", "AO"][turn % 3]),
        (_, name) if name.to_lowercase().ends_with("email") => json!(format!("{name}{turn}@example.com")),
        ("String", _) => json!(format!("{path} — valor {turn}")),
        ("Date", "endDate" | "closingDate") => json!(format!("2031-07-1{turn}")),
        ("Date", _) => json!(format!("2001-02-1{turn}")),
        ("HolderType", _) => json!("NATURAL_PERSON"),
        ("RelatedPartyRole", _) => {
            json!(["PRIMARY_HOLDER", "LEGAL_REPRESENTATIVE", "RESPONSIBLE_PARTY"][turn % 3])
        }
        ("Metadata", _) => json!({"entry0": turn, "entry1": "one", format!("entry2{turn}"): true}),
        (kind, _) => panic!("{path}: no value of the kind {kind} yet"),
    }
}

/// Puts a value at its way.
pub(super) fn put(into: &mut Value, way: &[String], value: Value) {
    let (last, objects) = way.split_last().unwrap();
    let mut at = into;
    for name in objects {
        if !at[name].is_object() {
            at[name] = Value::Object(Map::new());
        }
        at = &mut at[name];
    }
    at[last] = value;
}
