use super::coordinates::HARMLESS;
use crate::http::documents::Documents;
use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use std::collections::BTreeMap;

/// Coordinates that may hold personal data, or free text; a type alone stands for all of its coordinates. Here too is
/// what only mutations have, which are never sent over GET.
const MAY_HOLD: &[&str] = &[
    "AccountLink.detail",
    "Address",
    "Addresses",
    "AliasAccount.bankingDetails",
    "AliasAccount.document",
    "AliasAccount.metadata",
    "AliasAccount.regulatoryFields",
    "AliasAccountFilter.bankingDetailsAccount",
    "AliasAccountFilter.bankingDetailsBranch",
    "AliasAccountFilter.bankingDetailsIban",
    "AliasAccountFilter.document",
    "AliasAccountFilter.metadata",
    "AliasAccountFilter.participantDocument",
    "AuditEntry.clientAddress",
    "AuditEntry.requestId",
    "AuditEntry.subject",
    "AuditEntryFilter.operation",
    "AuditEntryFilter.subject",
    "BankingDetails",
    "Contact",
    "Holder.addresses",
    "Holder.contact",
    "Holder.document",
    "Holder.documentMasked",
    "Holder.externalId",
    "Holder.legalPerson",
    "Holder.metadata",
    "Holder.name",
    "Holder.naturalPerson",
    "HolderFilter.document",
    "HolderFilter.externalId",
    "HolderFilter.metadata",
    "LegalPerson",
    "MetadataFilter",
    "Mutation",
    "NaturalPerson",
    "Query.holderByDocument(document:)",
    "RegulatoryFields",
    "RelatedParty.document",
    "RelatedParty.name",
    "RelatedPartyFilter.document",
    "Representative",
    "UserError",
    // Answers and inputs of mutations.
    "AddRelatedPartyInput",
    "AddRelatedPartyPayload",
    "AddressInput",
    "AddressesInput",
    "BankingDetailsInput",
    "ContactInput",
    "CreateAliasAccountInput",
    "CreateAliasAccountPayload",
    "CreateHolderInput",
    "CreateHolderPayload",
    "DeleteAliasAccountInput",
    "DeleteAliasAccountPayload",
    "DeleteHolderInput",
    "DeleteHolderPayload",
    "LegalPersonInput",
    "NaturalPersonInput",
    "OnboardAliasAccountInput",
    "OnboardHolderInput",
    "OnboardHolderPayload",
    "RegulatoryFieldsInput",
    "RelatedPartyInput",
    "RemoveRelatedPartyInput",
    "RemoveRelatedPartyPayload",
    "RepresentativeInput",
    "RestoreAliasAccountInput",
    "RestoreAliasAccountPayload",
    "RestoreHolderInput",
    "RestoreHolderPayload",
    "UpdateAliasAccountInput",
    "UpdateAliasAccountPayload",
    "UpdateHolderInput",
    "UpdateHolderPayload",
    "UpdateRelatedPartyInput",
    "UpdateRelatedPartyPayload",
    "VerifyAliasAccountInput",
    "VerifyAliasAccountPayload",
];

/// Every coordinate of our schema, with its own description and its type's and, of a field, that of the type that it
/// gives.
fn coordinates() -> BTreeMap<String, String> {
    let schema = Schema::parse_and_validate(crate::graphql::sdl(), "schema.graphql").unwrap();
    let described = |name: &str| schema.types.get(name).and_then(|of| of.description()).cloned();
    let mut found = BTreeMap::new();
    let mut see = |coordinate: String, descriptions: &[Option<&str>]| {
        found.insert(coordinate, descriptions.iter().flatten().copied().collect::<Vec<_>>().join(" "));
    };
    for (name, of) in schema.types.iter().filter(|(_, of)| !of.is_built_in()) {
        let whole = of.description().map(|text| text.as_str());
        let fields = match of {
            ExtendedType::Object(object) => Some(&object.fields),
            ExtendedType::Interface(interface) => Some(&interface.fields),
            _ => None,
        };
        for (field, of) in fields.into_iter().flatten() {
            let inner = described(of.ty.inner_named_type());
            see(format!("{name}.{field}"), &[whole, of.description.as_deref(), inner.as_deref()]);
            for argument in &of.arguments {
                let own = argument.description.as_deref();
                see(format!("{name}.{field}({}:)", argument.name), &[own]);
            }
        }
        if let ExtendedType::InputObject(input) = of {
            for (field, of) in &input.fields {
                see(format!("{name}.{field}"), &[whole, of.description.as_deref()]);
            }
        }
    }
    found
}

fn may_hold(coordinate: &str) -> bool {
    let of = coordinate.split('.').next().unwrap();
    MAY_HOLD.contains(&coordinate) || MAY_HOLD.contains(&of)
}

#[test]
fn every_coordinate_is_either_harmless_or_known_to_hold_what_it_may() {
    let known = coordinates();
    assert!(known.len() > 250, "{}", known.len());
    for coordinate in known.keys() {
        let (harmless, may_hold) = (HARMLESS.contains(&coordinate.as_str()), may_hold(coordinate));
        assert!(harmless != may_hold, "put {coordinate} into exactly one of HARMLESS and MAY_HOLD");
    }
    let types: Vec<&str> = known.keys().map(|coordinate| coordinate.split('.').next().unwrap()).collect();
    for listed in HARMLESS.iter().chain(MAY_HOLD) {
        assert!(known.contains_key(*listed) || types.contains(listed), "{listed} is not in the schema");
    }
}

#[test]
fn nothing_that_is_sealed_at_rest_or_free_text_is_harmless() {
    let known = coordinates();
    assert!(known.values().filter(|described| described.contains("Sealed at rest")).count() > 50);
    for coordinate in HARMLESS {
        let described = &known[*coordinate];
        assert!(!described.contains("Sealed at rest"), "{coordinate}: {described}");
        assert!(!described.contains("Stored in clear"), "{coordinate}: {described}");
        assert!(!described.contains("own words"), "{coordinate}: {described}");
    }
}

/// Why this document may not be sent over GET.
fn why(text: &str) -> Option<String> {
    let (_, sdl) = crate::graphql::subgraph().unwrap();
    let documents =
        Documents::new(&sdl, crate::http::documents::Limits::default()).unwrap().with_introspection(true);
    let document = documents.prepare(text).map_err(|errors| format!("{text}: {errors:?}")).unwrap();
    documents.why_personal(&document)
}

const ID: &str = "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b";

#[test]
fn ids_versions_times_states_and_pages_may_be_sent_over_get() {
    for text in [
        "{ __typename }",
        "{ __schema { types { name fields(includeDeprecated: true) { name args { name } } } } }",
        "{ __type(name: \"Holder\") { name } }",
        "query($id: ID!) { holder(id: $id) { id type version createdAt updatedAt deletedAt organizationId __typename } }",
        "query($id: ID! = \"1\", $yes: Boolean!) { node(id: $id) { id ... on Holder @include(if: $yes) { version } } }",
        "query($f: Int, $a: String) { holders(first: $f, after: $a, sort: UPDATED_AT, direction: DESC) { edges { cursor node { id } } pageInfo { endCursor hasNextPage } totalCount totalCountExact } }",
        "query($r: DateTimeRange) { holders(filter: {createdAt: $r, state: ANY, type: LEGAL_PERSON, ids: [\"1\"]}) { nodes { id } } }",
        "{ holders(filter: {createdAt: {from: \"2026-01-01T00:00:00Z\"}}) { nodes { id } } }",
        "query($r: RelatedPartyRole) { aliasAccounts(filter: {relatedParty: {role: $r}, linkStatus: BLOCKED}) { nodes { link { status checkedAt } relatedParties { id role startDate } } } }",
        "query($id: ID!) { holder(id: $id) { ...h ...h } } fragment h on Holder { id aliasAccounts(last: 1) { nodes { holder { version } } } }",
        "{ holders(filter: null) { nodes { id } } }",
        "query A { _service { sdl } } query B($r: DateTimeRange = {from: \"2026-01-01T00:00:00Z\"}) { holders(filter: {createdAt: $r}) { nodes { ...h } } } fragment h on Holder { id }",
    ] {
        assert_eq!(why(text), None, "{text}");
    }
    let by_account = format!(
        "{{ aliasAccountByLedgerAccount(ledgerId: \"{ID}\", accountId: \"{ID}\") {{ id accountId ledgerId holder {{ id }} }} }}"
    );
    assert_eq!(why(&by_account), None);
}

#[test]
fn what_may_hold_personal_data_is_named_by_its_coordinate() {
    for (text, coordinate) in [
        ("{ holder(id: 1) { id name } }", "Holder.name"),
        ("{ holder(id: 1) { id documentMasked } }", "Holder.documentMasked"),
        ("{ holder(id: 1) { id alias: document } }", "Holder.document"),
        ("{ holder(id: 1) { metadata } }", "Holder.metadata"),
        ("{ holder(id: 1) { contact { primaryEmail } } }", "Holder.contact"),
        ("{ node(id: 1) { id ... on AliasAccount { document } } }", "AliasAccount.document"),
        (
            "{ node(id: 1) { ... on Holder { aliasAccounts { nodes { bankingDetails { bankId } } } } } }",
            "AliasAccount.bankingDetails",
        ),
        (
            "{ holder(id: 1) { ...a } } fragment a on Holder { ...b } fragment b on Holder { externalId }",
            "Holder.externalId",
        ),
        ("{ holderByDocument(document: \"91315026015\") { id } }", "Query.holderByDocument(document:)"),
        ("query($d: String!) { holderByDocument(document: $d) { id } }", "Query.holderByDocument(document:)"),
        ("query($d: String!) { holders(filter: {document: $d}) { nodes { id } } }", "HolderFilter.document"),
        ("{ holders(filter: {externalId: \"x\"}) { nodes { id } } }", "HolderFilter.externalId"),
        (
            "{ holders(filter: {metadata: [{key: \"a\", string: \"b\"}]}) { nodes { id } } }",
            "HolderFilter.metadata",
        ),
        // It may have any field of its type, whatever the request gives it.
        ("query($f: HolderFilter) { holders(filter: $f) { nodes { id } } }", "HolderFilter.externalId"),
        (
            "query($r: RelatedPartyFilter) { aliasAccounts(filter: {relatedParty: $r}) { nodes { id } } }",
            "RelatedPartyFilter.document",
        ),
        (
            "query($f: AliasAccountFilter) { holder(id: 1) { aliasAccounts(filter: $f) { nodes { id } } } }",
            "AliasAccountFilter.document",
        ),
        ("mutation($i: DeleteHolderInput!) { deleteHolder(input: $i) { deletedId } }", "a mutation"),
        // The whole document is in the URL, also what does not run.
        (
            "query A { __typename } query B { holderByDocument(document: \"91315026015\") { id } }",
            "Query.holderByDocument(document:)",
        ),
        ("query A { __typename } query B { holder(id: 1) { name } }", "Holder.name"),
        (
            "query A { __typename } mutation B { deleteHolder(input: {id: 1, mode: SOFT}) { deletedId } }",
            "a mutation",
        ),
        (
            "query A { holder(id: 1) { id } } query B { holder(id: 1) { ...n } } fragment n on Holder { ...m } fragment m on Holder { name }",
            "Holder.name",
        ),
        (
            "query A { __typename } query B($f: HolderFilter = {document: \"91315026015\"}) { holders(filter: $f) { nodes { id } } }",
            "HolderFilter.document",
        ),
        ("query($r: [_Any!]!) { _entities(representations: $r) { __typename } }", "Query._entities"),
    ] {
        assert_eq!(why(text).as_deref(), Some(coordinate), "{text}");
    }
}

#[test]
fn every_field_that_is_not_harmless_is_refused_wherever_it_is_selected() {
    let fields: Vec<String> = coordinates().into_keys().collect();
    let of = |name: &str| {
        let prefix = format!("{name}.");
        fields
            .iter()
            .filter_map(move |c| c.strip_prefix(&prefix).map(str::to_owned))
            .filter(|f| !f.contains('('))
    };
    let mut refused = 0;
    for (name, root) in [("Holder", "holder"), ("AliasAccount", "aliasAccount")] {
        for field in of(name).collect::<Vec<_>>() {
            let coordinate = format!("{name}.{field}");
            if HARMLESS.contains(&coordinate.as_str()) {
                continue;
            }
            // With a selection of its own where it needs one.
            let texts = [
                format!("{{ {root}(id: 1) {{ {field} }} }}"),
                format!("{{ {root}(id: 1) {{ {field} {{ __typename }} }} }}"),
            ];
            let documents = Documents::new(&crate::graphql::sdl(), crate::http::documents::Limits::default())
                .unwrap()
                .with_introspection(true);
            let document = texts.iter().find_map(|text| documents.prepare(text).ok()).unwrap();
            assert_eq!(documents.why_personal(&document), Some(coordinate));
            refused += 1;
        }
    }
    assert_eq!(refused, 13);
}
