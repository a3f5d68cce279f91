//! Keys and records for the tests.

use crate::domain::alias_account::{
    AccountLink, AliasAccount, AliasAccountPersonal, LinkStatus, RegulatoryFields, RelatedParty,
    RelatedPartyPersonal, RelatedPartyRole,
};
use crate::domain::holder::{Address, Addresses, Contact, Holder, HolderPersonal, HolderType, NaturalPerson};
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId, OrganizationId, RelatedPartyId};
use crate::domain::metadata::{Metadata, MetadataValue};
use crate::domain::time::{Date, Timestamp};
use crate::registry::ports::record::{KeyId, Sealed, Stored};
use crate::seal::binding::Binding;
use crate::seal::key::MasterKey;
use crate::seal::keyring::{Generation, Keyring};
use crate::seal::{KeyUse, Keys};
use std::sync::Once;
use uuid::Uuid;

pub(super) const ENCRYPT: &str = "c1f0a86e52d94b7730e8d65a19bc4f2287ad630ef1954cb83d7e20d91b46fa05";
pub(super) const HASH: &str = "5b92e7104dc83fa6f12d7ce0883b5419a06fd2c57e419b3308dcf56a24b7910e";
const NEW_ENCRYPT: &str = "7e30ad92c55b18f4069ed1738b2f4ac6e35d0b9417f8a26c4de1750398bac241";
const NEW_HASH: &str = "e80d5f3ab6197cc24a7190fe35d8628b1f9ac4570e63b2d98c24f5176b03aded";

pub(super) const DOCUMENT: &str = "913.150.260-15";
pub(super) const NAME: &str = "José da Silva Ção";
pub(super) const IBAN: &str = "BR18 0036 0305 0000 1000 9795 493C 1";

/// Has the log line of unreadable records registered with `tracing` before a test listens to it: where another test's
/// thread registers it while the one subscriber starts, `tracing` takes it that nobody listens.
fn log_line_is_registered() {
    static REGISTERED: Once = Once::new();
    REGISTERED.call_once(|| {
        let subscriber = tracing_subscriber::fmt().with_writer(std::io::sink).finish();
        tracing::subscriber::with_default(subscriber, || Binding::of_holder(&holder()).unreadable(None));
    });
}

pub(super) fn keyring() -> Keyring {
    log_line_is_registered();
    Keyring::single(ENCRYPT, HASH).unwrap()
}

pub(super) fn keys() -> Keys {
    Keys::new(keyring())
}

pub(super) fn generation(id: &str, encrypt: &str, hash: &str) -> Generation {
    let key = |text| MasterKey::parse("test", text).unwrap();
    Generation::new(KeyId(id.to_owned()), key(encrypt), key(hash))
}

pub(super) fn two_generations() -> Keyring {
    log_line_is_registered();
    Keyring::of(vec![generation("1", ENCRYPT, HASH)], generation("two", NEW_ENCRYPT, NEW_HASH))
}

pub(super) fn rotating() -> Keys {
    let keyring = two_generations();
    let key_use = KeyUse::between(keyring.find("1").unwrap(), keyring.newest());
    Keys { keyring, key_use }
}

pub(super) fn uuid(last: u8) -> Uuid {
    let mut bytes = *Uuid::parse_str("0190a3b4-0000-7000-8000-000000000000").unwrap().as_bytes();
    bytes[15] = last;
    Uuid::from_bytes(bytes)
}

pub(super) fn organization() -> OrganizationId {
    OrganizationId(uuid(0xa1))
}

pub(super) fn other_organization() -> OrganizationId {
    OrganizationId(uuid(0xa2))
}

pub(super) fn holder() -> Holder {
    Holder {
        id: HolderId(uuid(0xb1)),
        organization: organization(),
        holder_type: HolderType::NaturalPerson,
        external_id: Some("crm-7".to_owned()),
        metadata: Metadata::default(),
        created_at: Timestamp(1_763_925_185_042),
        updated_at: Timestamp(1_763_925_185_042),
        deleted_at: None,
    }
}

/// A holder with nothing but what is required.
pub(super) fn bare_holder() -> HolderPersonal {
    HolderPersonal {
        name: NAME.to_owned(),
        document: DOCUMENT.to_owned(),
        addresses: None,
        contact: None,
        natural_person: None,
        legal_person: None,
    }
}

pub(super) fn full_holder() -> HolderPersonal {
    let address =
        Address { line1: Some("Rua Um, 7".to_owned()), country: Some("BR".to_owned()), ..Address::default() };
    HolderPersonal {
        addresses: Some(Addresses {
            primary: Some(address.clone()),
            additional2: Some(address),
            ..Addresses::default()
        }),
        contact: Some(Contact { primary_email: Some("jose@example.com".to_owned()), ..Contact::default() }),
        natural_person: Some(NaturalPerson {
            birth_date: Date::parse("1980-02-29"),
            ..NaturalPerson::default()
        }),
        ..bare_holder()
    }
}

pub(super) fn alias_account() -> AliasAccount {
    let party = |last, role| RelatedParty {
        id: RelatedPartyId(uuid(last)),
        role,
        start_date: Date::parse("2024-01-01").unwrap(),
        end_date: None,
    };
    AliasAccount {
        id: AliasAccountId(uuid(0xc1)),
        organization: organization(),
        holder_id: HolderId(uuid(0xb1)),
        holder_type: HolderType::LegalPerson,
        ledger_id: LedgerId(uuid(0xd1)),
        account_id: AccountId(uuid(0xe1)),
        banking: None,
        parties: vec![
            party(0xf1, RelatedPartyRole::PrimaryHolder),
            party(0xf2, RelatedPartyRole::LegalRepresentative),
            party(0xf3, RelatedPartyRole::ResponsibleParty),
        ],
        link: AccountLink { status: LinkStatus::Verified, checked_at: Some(Timestamp(1)), detail: None },
        metadata: Metadata([("a/b".to_owned(), MetadataValue::Number(7.into()))].into()),
        created_at: Timestamp(1_763_925_185_042),
        updated_at: Timestamp(1_763_925_185_042),
        deleted_at: None,
    }
}

/// Three related parties with one document.
pub(super) fn full_alias_account() -> AliasAccountPersonal {
    let party = RelatedPartyPersonal { name: "Ana".to_owned(), document: DOCUMENT.to_owned() };
    AliasAccountPersonal {
        document: DOCUMENT.to_owned(),
        account: Some("12345-0".to_owned()),
        iban: Some(IBAN.to_owned()),
        regulatory: Some(RegulatoryFields { participant_document: Some("12.345.678/9123-45".to_owned()) }),
        parties: [0xf1, 0xf2, 0xf3].map(|last| (RelatedPartyId(uuid(last)), party.clone())).into(),
    }
}

/// A record as a store gives it back.
pub(super) fn stored<C>(clear: C, sealed: &Sealed) -> Stored<C> {
    Stored { clear, version: 1, revision: 1, sealed: Some(sealed.clone()) }
}
