//! Sealing: what is sealed opens again at its own place, and nowhere else.

use super::fixtures::*;
use crate::domain::alias_account::AliasAccount;
use crate::domain::holder::{Contact, Holder, HolderPersonal, HolderType};
use crate::domain::ids::{AccountId, AliasAccountId, HolderId, LedgerId};
use crate::domain::time::Timestamp;
use crate::registry::ports::record::{KeyId, Sealed, Stored};
use crate::registry::ports::vault::{Unreadable, Vault};
use crate::seal::Keys;
use proptest::prelude::*;
use std::io::Write;
use std::sync::{Arc, Mutex};

fn sealed_holder() -> Sealed {
    keys().protect_holder(&holder(), &full_holder()).unwrap().sealed
}

fn sealed_alias_account() -> Sealed {
    keys().protect_alias_account(&alias_account(), &full_alias_account()).unwrap().sealed
}

#[test]
fn what_is_sealed_opens_again() {
    for personal in [bare_holder(), full_holder()] {
        let sealed = keys().protect_holder(&holder(), &personal).unwrap().sealed;
        assert!(keys().open_holder(&stored(holder(), &sealed)) == Ok(personal));
    }
    let opened = keys().open_alias_account(&stored(alias_account(), &sealed_alias_account()));
    assert!(opened == Ok(full_alias_account()));
}

proptest! {
    #[test]
    fn any_text_is_read_back_as_it_was_written(
        name in any::<String>(),
        document in "[A-Z0-9]\\PC{0,64}",
        email in prop::option::of(any::<String>()),
        length in 0_usize..5000,
    ) {
        let contact = Contact { primary_email: email, other_phone: Some("9".repeat(length)), ..Contact::default() };
        let personal = HolderPersonal { name, document, contact: Some(contact), ..full_holder() };
        let sealed = keys().protect_holder(&holder(), &personal).unwrap().sealed;
        prop_assert!(keys().open_holder(&stored(holder(), &sealed)) == Ok(personal));
    }
}

#[test]
fn clear_fields_that_may_change_do_not_hinder_opening() {
    let changed =
        Holder { external_id: None, updated_at: Timestamp(2), deleted_at: Some(Timestamp(2)), ..holder() };
    assert!(keys().open_holder(&stored(changed, &sealed_holder())).is_ok());
    let changed = AliasAccount { parties: Vec::new(), deleted_at: Some(Timestamp(2)), ..alias_account() };
    assert!(keys().open_alias_account(&stored(changed, &sealed_alias_account())).is_ok());
}

#[test]
fn a_message_at_another_place_does_not_open() {
    let sealed = sealed_holder();
    for moved in [
        Holder { id: HolderId(uuid(0xb2)), ..holder() },
        Holder { organization: other_organization(), ..holder() },
        Holder { holder_type: HolderType::LegalPerson, ..holder() },
    ] {
        assert!(keys().open_holder(&stored(moved, &sealed)) == Err(Unreadable));
    }
    let sealed = sealed_alias_account();
    for moved in [
        AliasAccount { id: AliasAccountId(uuid(0xc2)), ..alias_account() },
        AliasAccount { organization: other_organization(), ..alias_account() },
        AliasAccount { holder_id: HolderId(uuid(0xb2)), ..alias_account() },
        AliasAccount { holder_type: HolderType::NaturalPerson, ..alias_account() },
        AliasAccount { ledger_id: LedgerId(uuid(0xd2)), ..alias_account() },
        AliasAccount { account_id: AccountId(uuid(0xe2)), ..alias_account() },
    ] {
        assert!(keys().open_alias_account(&stored(moved, &sealed)) == Err(Unreadable));
    }
}

#[test]
fn a_message_in_the_other_collection_does_not_open() {
    let same_id = AliasAccount { id: AliasAccountId(holder().id.0), ..alias_account() };
    let sealed = keys().protect_alias_account(&same_id, &full_alias_account()).unwrap().sealed;
    assert!(keys().open_holder(&stored(holder(), &sealed)) == Err(Unreadable));
    assert!(keys().open_alias_account(&stored(same_id, &sealed_holder())) == Err(Unreadable));
}

#[test]
fn one_flipped_bit_anywhere_does_not_open() {
    let sealed = sealed_holder();
    for bit in 0..sealed.0.len() * 8 {
        let mut damaged = sealed.clone();
        damaged.0[bit / 8] ^= 1 << (bit % 8);
        assert!(keys().open_holder(&stored(holder(), &damaged)) == Err(Unreadable), "bit {bit}");
    }
}

#[test]
fn a_message_cut_short_or_lengthened_does_not_open() {
    let sealed = sealed_holder();
    for length in 0..sealed.0.len() {
        let cut = Sealed(sealed.0[..length].to_vec());
        assert!(keys().open_holder(&stored(holder(), &cut)) == Err(Unreadable), "{length}");
    }
    let longer = Sealed([sealed.0.as_slice(), &[0]].concat());
    assert!(keys().open_holder(&stored(holder(), &longer)) == Err(Unreadable));
    let without = Stored { clear: holder(), version: 1, revision: 1, sealed: None };
    assert!(keys().open_holder(&without) == Err(Unreadable));
}

#[test]
fn an_unknown_key_or_another_master_does_not_open() {
    let newer = rotating().protect_holder(&holder(), &full_holder()).unwrap();
    assert!(keys().open_holder(&stored(holder(), &newer.sealed)) == Err(Unreadable));
    let swapped = Keys::new(crate::seal::Keyring::single(HASH, ENCRYPT).unwrap());
    assert!(swapped.open_holder(&stored(holder(), &sealed_holder())) == Err(Unreadable));
}

#[test]
fn each_record_that_does_not_open_is_counted_by_its_collection_and_one_that_opens_is_not() {
    let recorder = metrics_exporter_prometheus::PrometheusBuilder::new().build_recorder();
    let (of_holder, of_alias) = (sealed_holder(), sealed_alias_account());
    metrics::with_local_recorder(&recorder, || {
        keys().open_holder(&stored(holder(), &of_holder)).unwrap();
        keys().open_alias_account(&stored(alias_account(), &of_alias)).unwrap();
        for _ in 0..2 {
            assert!(keys().open_holder(&stored(holder(), &of_alias)) == Err(Unreadable));
        }
        assert!(keys().open_alias_account(&stored(alias_account(), &of_holder)) == Err(Unreadable));
    });
    let told = recorder.handle().render();
    for line in [
        "holdergraph_unreadable_records_total{collection=\"holders\"} 2\n",
        "holdergraph_unreadable_records_total{collection=\"alias_accounts\"} 1\n",
    ] {
        assert!(told.contains(line), "{told}");
    }
}

#[test]
fn every_generation_of_the_keyring_opens_its_own() {
    let rotating = rotating();
    let newer = rotating.protect_holder(&holder(), &full_holder()).unwrap();
    assert_eq!(&newer.sealed.0[..5], b"\x01\x03two");
    assert_eq!(newer.generations, [KeyId("1".to_owned()), KeyId("two".to_owned())]);
    for sealed in [sealed_holder(), newer.sealed] {
        assert!(rotating.open_holder(&stored(holder(), &sealed)) == Ok(full_holder()));
    }
}

#[test]
fn two_seals_of_one_value_differ() {
    assert!(sealed_holder() != sealed_holder());
    assert!(sealed_alias_account() != sealed_alias_account());
}

/// Where a test's log lines go.
#[derive(Clone, Default)]
struct Lines(Arc<Mutex<Vec<u8>>>);

impl Write for Lines {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        self.0.lock().unwrap().write(bytes)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        Ok(())
    }
}

fn logged(act: impl FnOnce()) -> String {
    let lines = Lines::default();
    let writer = lines.clone();
    let subscriber = tracing_subscriber::fmt()
        .without_time()
        .with_target(false)
        .with_ansi(false)
        .with_writer(move || writer.clone())
        .finish();
    tracing::subscriber::with_default(subscriber, act);
    String::from_utf8(lines.0.lock().unwrap().clone()).unwrap()
}

#[test]
fn what_does_not_open_is_one_log_line_with_collection_record_and_key_and_nothing_else() {
    let mut damaged = sealed_holder();
    *damaged.0.last_mut().unwrap() ^= 1;
    let log = logged(|| assert!(keys().open_holder(&stored(holder(), &damaged)) == Err(Unreadable)));
    assert_eq!(
        log,
        "ERROR sealed data does not open collection=\"holders\" record=0190a3b4-0000-7000-8000-0000000000b1 \
         key_id=\"1\"\n"
    );

    let mut no_id = sealed_alias_account();
    no_id.0[2] = b'\n';
    let log = logged(|| {
        assert!(keys().open_alias_account(&stored(alias_account(), &no_id)) == Err(Unreadable));
    });
    assert_eq!(
        log,
        "ERROR sealed data does not open collection=\"alias_accounts\" \
         record=0190a3b4-0000-7000-8000-0000000000c1 key_id=\"none\"\n"
    );
}

#[test]
fn what_opens_logs_nothing() {
    let log = logged(|| {
        let sealed = keys().protect_holder(&holder(), &full_holder()).unwrap().sealed;
        assert!(keys().open_holder(&stored(holder(), &sealed)).is_ok());
    });
    assert_eq!(log, "");
}
