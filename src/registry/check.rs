//! Walking a whole store and proving that its records are what they should be: `holdergraph check`.

use super::ports::inspection::{Inspection, Kept, KeptAliasAccount, Place};
use super::ports::record::{Claim, Token};
use super::ports::store::StoreError;
use super::ports::terms;
use super::ports::vault::{Index, Vault};
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::Holder;
use crate::domain::ids::OrganizationId;
use crate::domain::time::Timestamp;
use sha2::{Digest, Sha256};
use std::collections::{BTreeSet, HashMap};
use uuid::Uuid;

/// So many records are read at once.
const AT_ONCE: usize = 200;
/// Most faults of the store's own tables that are told.
const STRAYS_MAX: usize = 1_000;

/// Something that is not as it should be. It names no value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// `holders`, `alias_accounts`, or `store` for what belongs to none.
    pub collection: &'static str,
    /// The tenant, where it is known.
    pub organization: Option<OrganizationId>,
    /// The record's id, where it is known.
    pub record: Option<Uuid>,
    /// What is wrong.
    pub what: String,
}

/// How many records were looked at.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Looked {
    /// Holders.
    pub holders: u64,
    /// Alias accounts.
    pub alias_accounts: u64,
}

/// Who is told while the walk goes on.
pub trait Witness: Send {
    /// So many more records were looked at.
    fn looked(&mut self, records: u64);
    /// Something is wrong.
    fn found(&mut self, finding: Finding);
}

/// Looks at every record of a store; a server may work on it meanwhile.
///
/// # Errors
/// The store cannot be read to its end.
pub async fn check(
    store: &dyn Inspection,
    vault: &dyn Vault,
    witness: &mut dyn Witness,
) -> Result<Looked, StoreError> {
    let mut walk = Walk { store, vault, witness, owners: HashMap::new() };
    let holders = walk.holders().await?;
    let alias_accounts = walk.alias_accounts().await?;
    for stray in store.strays(STRAYS_MAX).await? {
        let (organization, record, what) = (stray.organization, stray.record, stray.what);
        walk.witness.found(Finding { collection: "store", organization, record, what });
    }
    Ok(Looked { holders, alias_accounts })
}

struct Walk<'a> {
    store: &'a dyn Inspection,
    vault: &'a dyn Vault,
    witness: &'a mut dyn Witness,
    /// Who holds which claim, by digests: a walk over many millions must fit into memory.
    owners: HashMap<[u8; 16], (&'static str, Place)>,
}

impl Walk<'_> {
    async fn holders(&mut self) -> Result<u64, StoreError> {
        let (mut place, mut looked) = (None, 0);
        loop {
            let page = self.store.holders_after(place, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(looked) };
            place = Some(place_of_holder(&last.record.clear));
            let count = page.len() as u64;
            for kept in page {
                let mut told = self.judge_holder(&kept);
                let at = place_of_holder(&kept.record.clear);
                told.extend(self.claimed_twice("holders", at, &kept.claims).await?);
                self.tell("holders", at, told);
            }
            looked += count;
            self.witness.looked(count);
        }
    }

    async fn alias_accounts(&mut self) -> Result<u64, StoreError> {
        let (mut place, mut looked) = (None, 0);
        loop {
            let page = self.store.alias_accounts_after(place, AT_ONCE).await?;
            let Some(last) = page.last() else { return Ok(looked) };
            place = Some(place_of_alias_account(&last.kept.record.clear));
            let count = page.len() as u64;
            for KeptAliasAccount { kept, holder } in page {
                let mut told = self.judge_alias_account(&kept);
                told.extend(judge_link(&kept.record.clear, holder.as_ref()));
                let at = place_of_alias_account(&kept.record.clear);
                told.extend(self.claimed_twice("alias_accounts", at, &kept.claims).await?);
                self.tell("alias_accounts", at, told);
            }
            looked += count;
            self.witness.looked(count);
        }
    }

    fn judge_holder(&self, kept: &Kept<Holder>) -> Vec<&'static str> {
        let clear = &kept.record.clear;
        let mut told = judge_times(clear.created_at, clear.updated_at, clear.deleted_at);
        told.extend(judge_numbers(kept.record.version, kept.record.revision));
        let Ok(personal) = self.vault.open_holder(&kept.record) else {
            told.push(UNREADABLE);
            return told;
        };
        let index = self.vault.index_of_holder(clear, &personal, &kept.generations);
        let live = clear.deleted_at.is_none();
        told.extend(judge_index(index, terms::of_holder(clear), live, &kept.claims, &kept.tokens));
        told
    }

    fn judge_alias_account(&self, kept: &Kept<AliasAccount>) -> Vec<&'static str> {
        let clear = &kept.record.clear;
        let mut told = judge_times(clear.created_at, clear.updated_at, clear.deleted_at);
        told.extend(judge_numbers(kept.record.version, kept.record.revision));
        let Ok(personal) = self.vault.open_alias_account(&kept.record) else {
            told.push(UNREADABLE);
            return told;
        };
        let index = self.vault.index_of_alias_account(clear, &personal, &kept.generations);
        let live = clear.deleted_at.is_none();
        told.extend(judge_index(index, terms::of_alias_account(clear), live, &kept.claims, &kept.tokens));
        told
    }

    /// Rule 1 over the whole store. A claim may have wandered from one record to another while the walk went on, so
    /// the first is looked at again before anything is told.
    async fn claimed_twice(
        &mut self,
        collection: &'static str,
        at: Place,
        claims: &[Claim],
    ) -> Result<Option<&'static str>, StoreError> {
        let mut twice = None;
        for claim in claims {
            let Some((other, first)) = self.owners.insert(digest(at.organization, claim), (collection, at))
            else {
                continue;
            };
            if self.still_claims(other, first, claim).await?
                && self.still_claims(collection, at, claim).await?
            {
                twice =
                    Some("it holds a claim (a document or a ledger account) that another live record holds");
            }
        }
        Ok(twice)
    }

    async fn still_claims(&self, collection: &str, at: Place, claim: &Claim) -> Result<bool, StoreError> {
        let before = Place { id: Uuid::from_u128(at.id.as_u128().wrapping_sub(1)), ..at };
        Ok(if collection == "holders" {
            let found = self.store.holders_after(Some(before), 1).await?;
            found.iter().any(|kept| kept.record.clear.id.0 == at.id && kept.claims.contains(claim))
        } else {
            let found = self.store.alias_accounts_after(Some(before), 1).await?;
            let mut found = found.iter().map(|found| &found.kept);
            found.any(|kept| kept.record.clear.id.0 == at.id && kept.claims.contains(claim))
        })
    }

    fn tell(&mut self, collection: &'static str, at: Place, told: Vec<&'static str>) {
        for what in told {
            self.witness.found(Finding {
                collection,
                organization: Some(at.organization),
                record: Some(at.id),
                what: what.to_owned(),
            });
        }
    }
}

const UNREADABLE: &str = "its sealed part does not open with these keys";

/// Claims and tokens against what the opened record must have.
fn judge_index(
    index: Option<Index>,
    terms: BTreeSet<Token>,
    live: bool,
    claims: &[Claim],
    tokens: &[Token],
) -> Vec<&'static str> {
    let Some(index) = index else {
        return vec![
            "its halves do not fit each other, or it names a key generation that is not in the keyring",
        ];
    };
    let wanted: BTreeSet<&Claim> = index.claims.iter().filter(|_| live).collect();
    let held: BTreeSet<&Claim> = claims.iter().collect();
    let sought: BTreeSet<&Token> = index.tokens.iter().chain(&terms).collect();
    let found: BTreeSet<&Token> = tokens.iter().collect();
    [
        (!wanted.is_subset(&held), "a claim of its document or ledger account is missing"),
        (!held.is_subset(&wanted), "it holds a claim that it must not hold"),
        (!sought.is_subset(&found), "a search token is missing: a search would not find it"),
        (
            !found.is_subset(&sought),
            "it has a stale search token: a search would find it by a value it has not",
        ),
    ]
    .into_iter()
    .filter_map(|(wrong, what)| wrong.then_some(what))
    .collect()
}

/// Never an alias account without its holder (rule 3).
fn judge_link(clear: &AliasAccount, holder: Option<&Holder>) -> Vec<&'static str> {
    let Some(holder) = holder else { return vec!["its holder is not there, or cannot be read"] };
    let orphaned = clear.deleted_at.is_none() && holder.deleted_at.is_some();
    let other_type = clear.holder_type != holder.holder_type;
    [(orphaned, "it is live, but its holder is deleted"), (other_type, "its type is not its holder's")]
        .into_iter()
        .filter_map(|(wrong, what)| wrong.then_some(what))
        .collect()
}

fn judge_times(created: Timestamp, updated: Timestamp, deleted: Option<Timestamp>) -> Vec<&'static str> {
    let backwards = updated < created || deleted.is_some_and(|deleted| deleted < created);
    backwards.then_some("it was changed or deleted before it was created").into_iter().collect()
}

fn judge_numbers(version: i32, revision: i64) -> Option<&'static str> {
    let wrong = version < 1 || revision < i64::from(version);
    wrong.then_some("its version or revision was never written so")
}

fn digest(organization: OrganizationId, claim: &Claim) -> [u8; 16] {
    let digest = Sha256::new().chain_update(organization.as_bytes()).chain_update(&claim.0).finalize();
    // A SHA-256 is 32 bytes long, so its first half is always there.
    digest.first_chunk().copied().unwrap_or_default()
}

fn place_of_holder(holder: &Holder) -> Place {
    Place { organization: holder.organization, id: holder.id.0 }
}

fn place_of_alias_account(alias_account: &AliasAccount) -> Place {
    Place { organization: alias_account.organization, id: alias_account.id.0 }
}
