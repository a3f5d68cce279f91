use super::*;

fn uuid() -> String {
    "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b".to_owned()
}

fn entry(string: Option<&str>, number: Option<f64>, boolean: Option<bool>) -> MetadataFilter {
    MetadataFilter { key: "k".to_owned(), string: string.map(str::to_owned), number, boolean }
}

#[test]
fn nothing_given_is_no_condition_and_live_records_only() {
    assert_eq!(HolderFilter::default().read(), Ok(Conditions::default()));
    assert_eq!(AliasAccountFilter::default().read(), Ok(Conditions::default()));
}

#[test]
fn a_condition_that_can_be_none_is_told_by_its_name() {
    let blank = || Some(" ".to_owned());
    for (filter, name) in [
        (HolderFilter { external_id: blank(), ..HolderFilter::default() }, "filter.externalId is blank"),
        (HolderFilter { document: blank(), ..HolderFilter::default() }, "filter.document is blank"),
        (
            HolderFilter { document: Some("-./".to_owned()), ..HolderFilter::default() },
            "filter.document holds no letter and no digit",
        ),
        (
            HolderFilter { document: Some("1".repeat(65)), ..HolderFilter::default() },
            "filter.document has 65 characters",
        ),
        (
            HolderFilter { ids: Some(vec![uuid(), "x".to_owned()]), ..HolderFilter::default() },
            "filter.ids.1 is no UUID",
        ),
        (HolderFilter { ids: Some(vec![uuid(); 101]), ..HolderFilter::default() }, "filter.ids has 101 ids"),
        (
            HolderFilter { created_at: Some(TimeRange::default()), ..HolderFilter::default() },
            "filter.createdAt is empty",
        ),
        (HolderFilter { metadata: Some(vec![]), ..HolderFilter::default() }, "filter.metadata is empty"),
        (
            HolderFilter { metadata: Some(vec![entry(None, None, None)]), ..HolderFilter::default() },
            "filter.metadata.0 needs exactly one",
        ),
        (
            HolderFilter {
                metadata: Some(vec![entry(Some("a"), Some(1.0), None)]),
                ..HolderFilter::default()
            },
            "filter.metadata.0 needs exactly one",
        ),
        (
            HolderFilter { metadata: Some(vec![entry(Some(""), None, None)]), ..HolderFilter::default() },
            "filter.metadata.0.string is blank",
        ),
    ] {
        let told = filter.read().unwrap_err().0;
        assert!(told.starts_with(name), "{told}");
    }
}

#[test]
fn the_conditions_of_alias_accounts_are_told_by_their_names_too_and_all_at_once() {
    let blank = || Some("\u{3000}".to_owned());
    let filter = AliasAccountFilter {
        holder_id: Some("x".to_owned()),
        document: blank(),
        branch: blank(),
        account: blank(),
        iban: blank(),
        participant_document: blank(),
        related_party: Some(RelatedPartyFilter::default()),
        ..AliasAccountFilter::default()
    };
    let told = filter.read().unwrap_err().0;
    for name in [
        "holderId",
        "document",
        "bankingDetailsBranch",
        "bankingDetailsAccount",
        "bankingDetailsIban",
        "participantDocument",
        "relatedParty",
    ] {
        assert!(told.contains(&format!("filter.{name} ")), "{name}: {told}");
    }
}

#[test]
fn a_related_partys_blank_document_never_leaves_only_its_role_to_look_for() {
    let party =
        RelatedPartyFilter { document: Some(String::new()), role: Some(RelatedPartyRole::PrimaryHolder) };
    let filter = AliasAccountFilter { related_party: Some(party), ..AliasAccountFilter::default() };
    assert!(filter.read().unwrap_err().0.starts_with("filter.relatedParty.document is blank"));
}

#[test]
fn writings_of_one_document_are_one_condition() {
    let of = |document: &str| {
        HolderFilter { document: Some(document.to_owned()), ..HolderFilter::default() }.read().unwrap()
    };
    assert_eq!(of("913.150.260-15"), of("91315026015"));
    assert_eq!(of("91315026015").all.len(), 1);
}

#[test]
fn no_ids_is_a_condition_that_no_record_meets() {
    let filter = HolderFilter { ids: Some(vec![]), ..HolderFilter::default() };
    assert_eq!(filter.read().unwrap().ids, Some(BTreeSet::new()));
}
