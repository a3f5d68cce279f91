//! One client that writes to records of its own, so that it always knows what must be there.

use super::super::app::App;
use super::super::bench::mutation_document;
use super::super::calls::refusal;
use super::super::mutations::{ids, keyed};
use super::super::seeded::Seeded;
use super::Traffic;
use super::audited::{Changes, about};
use super::kept::{Holder, READ_MAX, read};
use super::op::Op;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// A call, letter by letter.
struct Call {
    mutation: &'static str,
    fields: &'static str,
    input: Value,
}

/// A call without an answer.
struct Pending {
    call: Call,
    before: Option<Holder>,
    after: Option<Holder>,
}

pub(crate) struct Writer {
    number: usize,
    seeded: Seeded,
    ledger: String,
    accounts: Vec<String>,
    /// By their documents.
    holders: BTreeMap<String, Holder>,
    purged: BTreeSet<String>,
    /// The ids of the holders that something was done to and that were not compared since.
    changed: BTreeSet<String>,
    serial: usize,
    pending: Option<Pending>,
    /// What has been done, since they were taken.
    pub(super) changes: Changes,
    /// The last call that had a key and was answered, and the ids that it was told.
    last_keyed: Option<(Call, Vec<String>)>,
}

impl Writer {
    /// So many that have written nothing yet, each with so many open accounts of its own.
    pub(crate) async fn several(
        app: &App,
        seeded: &mut Seeded,
        writers: usize,
        accounts: usize,
    ) -> Vec<Self> {
        let mut several = Vec::new();
        for number in 0..writers {
            let mut own = Vec::new();
            for _ in 0..accounts {
                own.push(app.open_account().await);
            }
            several.push(Self::new(number, seeded.split(), app.ledger_id(), own));
        }
        several
    }

    pub(super) fn new(number: usize, seeded: Seeded, ledger: String, accounts: Vec<String>) -> Self {
        Self {
            number,
            seeded,
            ledger,
            accounts,
            holders: BTreeMap::new(),
            purged: BTreeSet::new(),
            changed: BTreeSet::new(),
            serial: 0,
            pending: None,
            changes: Changes::new(),
            last_keyed: None,
        }
    }

    /// Does one thing after the other until there is no answer any more, or enough was done.
    pub(crate) async fn write(&mut self, traffic: &impl Traffic) {
        while traffic.goes_on() {
            let Pending { call, before, after } = self.next();
            let query = mutation_document(call.mutation, call.fields);
            let request = traffic.app().request(&query, json!({"input": call.input}));
            let answer = match request.send().await {
                Ok(answer) => answer.json::<Value>().await,
                Err(lost) => Err(lost),
            };
            let Ok(answer) = answer else {
                self.pending = Some(Pending { call, before, after });
                return;
            };
            traffic.acknowledged();
            assert_eq!(answer["errors"], Value::Null, "{} {}: {answer}", call.mutation, call.input);
            let payload = &answer["data"][call.mutation];
            assert_eq!(refusal(payload), "", "{} {}: {payload}", call.mutation, call.input);
            self.acknowledged(call, payload, before, after);
        }
    }

    /// The next thing to do, and what becomes of the holder that it is done to.
    fn next(&mut self) -> Pending {
        self.serial += 1;
        // A letter between the numbers: documents are compared without punctuation.
        let fresh = format!("{}x{}", self.number, self.serial);
        let (op, before) = loop {
            let free = self.free_accounts();
            if self.holders.is_empty() || self.seeded.below(8) == 0 {
                let document = format!("W-{fresh}");
                let accounts: Vec<String> = free.into_iter().take(self.seeded.below(4)).collect();
                let onboard = self.seeded.below(2) == 0;
                let op = if onboard { Op::Onboard { document, accounts } } else { Op::Create { document } };
                break (op, None);
            }
            // Two times of three one that has alias accounts: more can be done to it.
            let rich = self.seeded.below(3) > 0;
            let holders = self.holders.values().filter(|holder| !rich || !holder.alias_accounts.is_empty());
            let holders: Vec<&Holder> = holders.collect();
            let Some(holder) = self.seeded.one_of(&holders).copied() else { continue };
            if let Some(op) = Op::of(holder, &free, &fresh, &mut self.seeded) {
                break (op, Some(holder.clone()));
            }
        };
        let (mutation, fields, input) = op.request(before.as_ref(), &self.ledger);
        let has_key = self.seeded.below(2) == 0;
        let input = if has_key { keyed(&input, &format!("key {fresh}")) } else { input };
        let after = op.after(before.as_ref());
        Pending { call: Call { mutation, fields, input }, before, after }
    }

    /// Those of its accounts that no live alias account has.
    fn free_accounts(&self) -> Vec<String> {
        let alias_accounts = self.holders.values().flat_map(|holder| &holder.alias_accounts);
        let held: Vec<&String> = alias_accounts.filter(|one| !one.deleted).map(|one| &one.account).collect();
        self.accounts.iter().filter(|account| !held.contains(account)).cloned().collect()
    }

    fn acknowledged(&mut self, call: Call, payload: &Value, before: Option<Holder>, after: Option<Holder>) {
        let after = after.map(|mut after| {
            learn(&mut after, payload);
            after
        });
        self.note(&call, before.as_ref(), after.as_ref());
        self.keep(before, after);
        if call.input["idempotencyKey"].is_string() {
            self.last_keyed = Some((call, ids(payload)));
        }
    }

    /// Notes that a call has changed something.
    fn note(&mut self, call: &Call, before: Option<&Holder>, after: Option<&Holder>) {
        let made = || match (before, after) {
            (Some(before), Some(after)) => {
                let known = |id: &str| before.alias_accounts.iter().any(|one| one.id == id);
                let new = after.alias_accounts.iter().find(|one| !known(&one.id));
                new.expect("a link makes an alias account").id.clone()
            }
            (None, Some(after)) => after.id.clone(),
            (_, None) => unreachable!("what was removed was named"),
        };
        let change = (call.mutation.to_owned(), about(&call.input, made));
        *self.changes.entry(change).or_default() += 1;
    }

    fn keep(&mut self, before: Option<Holder>, after: Option<Holder>) {
        self.changed.extend([&before, &after].into_iter().flatten().map(|holder| holder.id.clone()));
        match (before, after) {
            (_, Some(after)) => drop(self.holders.insert(after.document.clone(), after)),
            (Some(before), None) => {
                self.holders.remove(&before.document);
                self.purged.insert(before.id);
            }
            (None, None) => {}
        }
    }

    /// After a restart: finds out what became of the call without an answer. Half of it is never there; with a key it
    /// is repeated, and then it is done, once.
    pub(crate) async fn settle(&mut self, app: &App) {
        if let Some((call, first)) = &self.last_keyed {
            let payload = app.mutate(call.mutation, call.fields, &call.input).await;
            assert_eq!(refusal(&payload), "", "{} {}", call.mutation, call.input);
            let again = ids(&payload);
            // Purged meanwhile: null, or left out.
            assert!(again.iter().all(|id| first.contains(id)), "{}: {again:?} of {first:?}", call.mutation);
        }
        let Some(Pending { call, before, mut after }) = self.pending.take() else { return };
        let document = [&before, &after].into_iter().flatten().next().unwrap().document.clone();
        let stored = stored(app, &document).await;
        if let (Some(after), Some(stored)) = (&mut after, &stored) {
            after.learn(stored);
        }
        let done = stored == after;
        assert!(done || stored == before, "{} {}: {stored:?}", call.mutation, call.input);
        if !call.input["idempotencyKey"].is_string() {
            if done {
                self.note(&call, before.as_ref(), stored.as_ref());
            }
            return self.keep(before, stored);
        }
        let payload = app.mutate(call.mutation, call.fields, &call.input).await;
        assert_eq!(refusal(&payload), "", "{} {}: {payload}", call.mutation, call.input);
        self.acknowledged(call, &payload, before, after);
    }

    /// What it was told of the records that were changed since the last time is there, letter by letter.
    pub(crate) async fn compare_changed(&mut self, app: &App) {
        let changed = std::mem::take(&mut self.changed);
        self.compare(app, changed).await;
    }

    /// All that it was ever told is there.
    pub(crate) async fn compare_all(&self, app: &App) {
        let known = self.holders.values().map(|holder| &holder.id);
        self.compare(app, known.chain(&self.purged).cloned().collect()).await;
    }

    /// Holders that it purged are not there, and the others are as it was told.
    async fn compare(&self, app: &App, ids: BTreeSet<String>) {
        let ids: Vec<String> = ids.into_iter().collect();
        for ids in ids.chunks(READ_MAX) {
            let mut stored = read(app, json!({"ids": ids, "state": "ANY"})).await;
            stored.sort_by(|a, b| a.document.cmp(&b.document));
            let known: Vec<&Holder> =
                self.holders.values().filter(|holder| ids.contains(&holder.id)).collect();
            assert_eq!(stored.iter().collect::<Vec<_>>(), known, "writer {}", self.number);
        }
    }

    /// How many holders and alias accounts it has.
    pub(crate) fn count(&self) -> (i64, i64) {
        let alias_accounts: usize = self.holders.values().map(|holder| holder.alias_accounts.len()).sum();
        (i64::try_from(self.holders.len()).unwrap(), i64::try_from(alias_accounts).unwrap())
    }
}

/// The holder of a document, live or soft-deleted; a writer never takes one twice.
async fn stored(app: &App, document: &str) -> Option<Holder> {
    let mut found = read(app, json!({"document": document, "state": "ANY"})).await;
    assert!(found.len() <= 1, "{found:?}");
    found.pop()
}

/// Learns the ids of what a call made.
fn learn(after: &mut Holder, payload: &Value) {
    let fill = |known: &mut String, told: &Value| {
        if let (true, Some(id)) = (known.is_empty(), told.as_str()) {
            id.clone_into(known);
        }
    };
    fill(&mut after.id, &payload["holder"]["id"]);
    let new = after.alias_accounts.iter_mut().filter(|one| one.id.is_empty());
    for (place, alias) in new.enumerate() {
        fill(&mut alias.id, &payload["aliasAccounts"][place]["id"]);
        fill(&mut alias.id, &payload["aliasAccount"]["id"]);
    }
    for party in after.alias_accounts.iter_mut().flat_map(|alias| &mut alias.parties) {
        fill(&mut party.id, &payload["relatedParty"]["id"]);
    }
}
