//! The claims and tokens of records: without duplicates, in order.

use super::keyring::Generation;
use super::tokens::token;
use crate::domain::alias_account::{AliasAccount, AliasAccountPersonal};
use crate::domain::holder::{Holder, HolderPersonal};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::domain::normal::Normalised;
use crate::registry::ports::record::{Claim, Token};
use crate::registry::ports::vault::{Index, SearchField};
use std::collections::BTreeSet;
use std::sync::Arc;

/// A holder claims its document. Without that claim rule 1 would not hold, so there is no such holder.
pub(crate) fn of_holder(
    generations: &[Arc<Generation>],
    clear: &Holder,
    personal: &HolderPersonal,
) -> Result<Index, &'static str> {
    let document = Normalised::of(&personal.document).ok_or("its document normalises to nothing")?;
    let mut tokens = Tokens::new(generations, clear.organization);
    tokens.add(SearchField::Document, Some(&document));
    let claims = document_claims(generations, clear.organization, &document);
    Ok(Index { claims, tokens: tokens.sorted() })
}

/// An alias account claims its ledger account.
pub(crate) fn of_alias_account(
    generations: &[Arc<Generation>],
    clear: &AliasAccount,
    personal: &AliasAccountPersonal,
) -> Result<Index, &'static str> {
    let participant = personal.regulatory.as_ref().and_then(|fields| fields.participant_document.as_deref());
    let mut tokens = Tokens::new(generations, clear.organization);
    tokens.add(SearchField::Document, normalised(Some(&personal.document)).as_ref());
    tokens.add(SearchField::Account, normalised(personal.account.as_deref()).as_ref());
    tokens.add(SearchField::Iban, normalised(personal.iban.as_deref()).as_ref());
    tokens.add(SearchField::ParticipantDocument, normalised(participant).as_ref());
    add_parties(&mut tokens, clear, personal)?;
    let claims = vec![account_claim(clear.ledger_id, clear.account_id)];
    Ok(Index { claims, tokens: tokens.sorted() })
}

/// What a value is searched by.
pub(crate) fn search(
    generations: &[Arc<Generation>],
    organization: OrganizationId,
    field: SearchField,
    value: &Normalised,
) -> Vec<Token> {
    let mut tokens = Tokens::new(generations, organization);
    tokens.add(field, Some(value));
    tokens.sorted()
}

/// A party has a token over its document and one over its role and document. Both halves of the record must name the
/// same parties: one that is in one half only would never be found, or never be shown.
fn add_parties(
    tokens: &mut Tokens<'_>,
    clear: &AliasAccount,
    personal: &AliasAccountPersonal,
) -> Result<(), &'static str> {
    const DIFFER: &str = "its clear and its sealed part name different related parties";
    if clear.parties.len() != personal.parties.len() {
        return Err(DIFFER);
    }
    for party in &clear.parties {
        let document = Normalised::of(&personal.parties.get(&party.id).ok_or(DIFFER)?.document);
        tokens.add(SearchField::Party, document.as_ref());
        tokens.add(SearchField::PartyAs(party.role), document.as_ref());
    }
    Ok(())
}

/// The claims of a document, one for each of these generations. A claim is the document's token.
pub(crate) fn document_claims(
    generations: &[Arc<Generation>],
    organization: OrganizationId,
    document: &Normalised,
) -> Vec<Claim> {
    let claims: BTreeSet<Claim> = generations
        .iter()
        .map(|generation| Claim(token(generation, organization, SearchField::Document, document)))
        .collect();
    claims.into_iter().collect()
}

/// The claim of a ledger account; it is no personal data, so no key takes part.
pub(crate) fn account_claim(ledger: LedgerId, account: AccountId) -> Claim {
    Claim(format!("account/{ledger}/{account}"))
}

fn normalised(text: Option<&str>) -> Option<Normalised> {
    text.and_then(Normalised::of)
}

/// The tokens of one record while they are gathered.
struct Tokens<'a> {
    generations: &'a [Arc<Generation>],
    organization: OrganizationId,
    gathered: BTreeSet<Token>,
}

impl<'a> Tokens<'a> {
    fn new(generations: &'a [Arc<Generation>], organization: OrganizationId) -> Self {
        Self { generations, organization, gathered: BTreeSet::new() }
    }

    /// A value has one token for each generation in use; nothing has none.
    fn add(&mut self, field: SearchField, value: Option<&Normalised>) {
        let Some(value) = value else { return };
        for generation in self.generations {
            self.gathered.insert(Token(token(generation, self.organization, field, value)));
        }
    }

    fn sorted(self) -> Vec<Token> {
        self.gathered.into_iter().collect()
    }
}
