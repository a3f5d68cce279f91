//! Claims and tokens: equal where values are equal after normalisation, different everywhere else.

use super::fixtures::*;
use crate::domain::alias_account::{AliasAccount, AliasAccountPersonal, RelatedPartyRole};
use crate::domain::holder::{Holder, HolderPersonal};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId, RelatedPartyId};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::domain::normal::Normalised;
use crate::registry::ports::record::{KeyId, Protected};
use crate::registry::ports::vault::{Index, SealError, SearchField, Vault};
use proptest::prelude::*;
use std::collections::BTreeSet;

fn protected(organization: OrganizationId, document: &str) -> Protected {
    let personal = HolderPersonal { document: document.to_owned(), ..bare_holder() };
    keys().protect_holder(&Holder { organization, ..holder() }, &personal).unwrap()
}

fn of_alias_account(personal: &AliasAccountPersonal) -> Vec<String> {
    let protected = keys().protect_alias_account(&alias_account(), personal).unwrap();
    protected.tokens.into_iter().map(|token| token.0).collect()
}

/// What stands after the field and the key.
fn secret(token: &str) -> &str {
    token.rsplit('/').next().unwrap()
}

#[test]
fn writings_of_one_document_have_one_token_and_one_claim() {
    let dotted = protected(organization(), DOCUMENT);
    let bare = protected(organization(), "91315026015");
    assert!(dotted.tokens == bare.tokens && dotted.claims == bare.claims);
    let other = protected(organization(), "91315026016");
    assert!(dotted.tokens != other.tokens && dotted.claims != other.claims);
}

proptest! {
    #[test]
    fn tokens_are_equal_where_and_only_where_normalised_values_are(
        a in "[aA1 .-]{0,3}[aA1]", b in "[aA1 .-]{0,3}[aA1]",
    ) {
        let equal = Normalised::of(&a) == Normalised::of(&b);
        let tokens = |text: &str| protected(organization(), text).tokens;
        prop_assert_eq!(tokens(&a) == tokens(&b), equal);
    }
}

#[test]
fn a_document_has_other_tokens_in_another_organization() {
    let (here, there) = (protected(organization(), DOCUMENT), protected(other_organization(), DOCUMENT));
    assert!(here.tokens != there.tokens && here.claims != there.claims);
}

#[test]
fn a_value_has_other_tokens_in_another_field() {
    let mut personal = full_alias_account();
    personal.account = Some(DOCUMENT.to_owned());
    personal.iban = Some(DOCUMENT.to_owned());
    personal.regulatory.as_mut().unwrap().participant_document = Some(DOCUMENT.to_owned());
    let tokens = of_alias_account(&personal);
    let secrets: BTreeSet<&str> =
        tokens.iter().filter(|token| !token.starts_with("meta/")).map(|token| secret(token)).collect();
    assert_eq!(secrets.len(), 8, "document, account, IBAN, participant, party, and three roles");
    assert!(secrets.iter().all(|secret| secret.len() == 22));
}

#[test]
fn the_fields_are_named_with_the_normalisers_number() {
    let tokens = of_alias_account(&full_alias_account());
    let names: Vec<&str> = tokens.iter().map(|token| token.rsplit_once('/').unwrap().0).collect();
    assert_eq!(
        names,
        [
            "bankingDetails.account.1/1",
            "bankingDetails.iban.1/1",
            "document.1/1",
            "participantDocument.1/1",
            "party.1/1",
            "party.1:LEGAL_REPRESENTATIVE/1",
            "party.1:PRIMARY_HOLDER/1",
            "party.1:RESPONSIBLE_PARTY/1",
        ]
    );
}

#[test]
fn tokens_and_claims_have_no_duplicates_and_are_sorted() {
    let protected = rotating().protect_alias_account(&alias_account(), &full_alias_account()).unwrap();
    assert!(protected.tokens.is_sorted_by(|a, b| a < b));
    assert_eq!(protected.tokens.len(), 2 * 8, "each blind token under both generations");
    let claims = rotating().protect_holder(&holder(), &bare_holder()).unwrap().claims;
    assert!(claims.is_sorted_by(|a, b| a < b));
    assert_eq!(claims.len(), 2);
}

#[test]
fn a_party_in_another_role_is_not_the_same_by_role_and_document() {
    let in_role = |role| {
        let mut clear = alias_account();
        clear.parties.truncate(1);
        clear.parties[0].role = role;
        let mut personal = full_alias_account();
        personal.parties.retain(|id, _| *id == clear.parties[0].id);
        let tokens = keys().protect_alias_account(&clear, &personal).unwrap().tokens;
        tokens.into_iter().map(|token| token.0).filter(|token| token.starts_with("party")).collect::<Vec<_>>()
    };
    let (owner, agent) =
        (in_role(RelatedPartyRole::PrimaryHolder), in_role(RelatedPartyRole::LegalRepresentative));
    assert_eq!(owner[0], agent[0], "by document alone");
    assert_ne!(secret(&owner[1]), secret(&agent[1]));
}

#[test]
fn a_holder_claims_its_document_and_is_found_by_that_claim() {
    let claims = protected(organization(), DOCUMENT).claims;
    assert!(claims[0].0.starts_with("document.1/1/"));
    let document = Normalised::of(" 91315026015 ").unwrap();
    assert!(keys().document_claims(organization(), &document) == claims);
    assert!(keys().document_claims(other_organization(), &document) != claims);
}

#[test]
fn between_two_generations_a_holder_claims_and_is_looked_for_under_both() {
    let rotating = rotating();
    let written = rotating.protect_holder(&holder(), &bare_holder()).unwrap().claims;
    let document = Normalised::of(DOCUMENT).unwrap();
    assert!(rotating.document_claims(organization(), &document) == written);
    let old = keys().document_claims(organization(), &document);
    assert!(old.iter().all(|claim| written.contains(claim)));
}

#[test]
fn an_alias_account_claims_its_ledger_account() {
    let claims = keys().protect_alias_account(&alias_account(), &full_alias_account()).unwrap().claims;
    let clear = alias_account();
    assert_eq!(
        claims[0].0,
        "account/0190a3b4-0000-7000-8000-0000000000d1/0190a3b4-0000-7000-8000-0000000000e1"
    );
    assert!(claims == [keys().account_claim(clear.ledger_id, clear.account_id)]);
    assert!(claims[0] != keys().account_claim(LedgerId(clear.account_id.0), AccountId(clear.ledger_id.0)));
}

#[test]
fn a_value_that_is_not_there_or_normalises_to_nothing_has_no_token() {
    let clear = AliasAccount { parties: Vec::new(), metadata: Metadata::default(), ..alias_account() };
    for nothing in [None, Some(" - ".to_owned())] {
        let personal = AliasAccountPersonal {
            account: nothing.clone(),
            iban: nothing,
            regulatory: None,
            parties: [].into(),
            ..full_alias_account()
        };
        let tokens = keys().protect_alias_account(&clear, &personal).unwrap().tokens;
        assert_eq!(tokens.len(), 1);
        assert!(tokens[0].0.starts_with("document.1/1/"));
    }
}

#[test]
fn a_holder_whose_document_normalises_to_nothing_is_not_sealed() {
    let personal = HolderPersonal { document: "-".to_owned(), ..bare_holder() };
    assert_eq!(keys().protect_holder(&holder(), &personal).err(), Some(SealError));
}

#[test]
fn an_alias_account_whose_halves_name_different_parties_is_not_sealed() {
    let mut personal = full_alias_account();
    let party = personal.parties.pop_first().unwrap().1;
    assert_eq!(keys().protect_alias_account(&alias_account(), &personal).err(), Some(SealError));
    personal.parties.insert(RelatedPartyId(uuid(0xff)), party);
    assert_eq!(keys().protect_alias_account(&alias_account(), &personal).err(), Some(SealError));
}

#[test]
fn metadata_is_the_stores_affair_and_no_token_of_a_key() {
    let metadata = Metadata([("tier".to_owned(), MetadataValue::Text("gold".to_owned()))].into());
    let clear = Holder { metadata: metadata.clone(), ..holder() };
    let bare = keys().protect_holder(&holder(), &bare_holder()).unwrap().tokens;
    assert!(keys().protect_holder(&clear, &bare_holder()).unwrap().tokens == bare);
    let clear = AliasAccount { metadata, ..alias_account() };
    let full = keys().protect_alias_account(&clear, &full_alias_account()).unwrap().tokens;
    assert!(full.iter().all(|token| !token.0.starts_with("meta/")));
}

#[test]
fn a_search_looks_for_what_a_record_is_found_by() {
    let document = Normalised::of(DOCUMENT).unwrap();
    let sought = rotating().search(organization(), SearchField::Document, &document);
    assert_eq!(sought.len(), 2, "one for each generation that is searched");
    let tokens = rotating().protect_holder(&holder(), &bare_holder()).unwrap().tokens;
    assert!(sought.iter().all(|token| tokens.contains(token)));
}

#[test]
fn the_index_of_a_record_is_made_again_from_its_generations() {
    let protected = rotating().protect_alias_account(&alias_account(), &full_alias_account()).unwrap();
    let index =
        rotating().index_of_alias_account(&alias_account(), &full_alias_account(), &protected.generations);
    assert!(index == Some(Index { claims: protected.claims, tokens: protected.tokens }));
    let unknown = [KeyId("gone".to_owned())];
    assert!(rotating().index_of_holder(&holder(), &bare_holder(), &unknown).is_none());
}

#[test]
fn debug_shows_no_token() {
    let protected = protected(organization(), DOCUMENT);
    assert_eq!(
        format!("{protected:?}"),
        "Protected { sealed: Sealed([redacted]), claims: [Claim([redacted])], tokens: [Token([redacted])], \
         generations: [KeyId(\"1\")] }"
    );
}
