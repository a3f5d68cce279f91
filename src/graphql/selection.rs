//! What a selection needs of a record: the sealed blob is fetched only where a sealed field was selected.

use crate::registry::ports::record::Detail;
use async_graphql::SelectionField;

/// Fields of a Holder that are answered from its clear part; any other needs the sealed one.
const HOLDER_CLEAR: [&str; 11] = [
    "__typename",
    "id",
    "organizationId",
    "externalId",
    "type",
    "metadata",
    "version",
    "createdAt",
    "updatedAt",
    "deletedAt",
    "aliasAccounts",
];

/// The same of an AliasAccount.
const ALIAS_ACCOUNT_CLEAR: [&str; 13] = [
    "__typename",
    "id",
    "organizationId",
    "holder",
    "ledgerId",
    "accountId",
    "type",
    "link",
    "metadata",
    "version",
    "createdAt",
    "updatedAt",
    "deletedAt",
];

/// The same of BankingDetails.
const BANKING_CLEAR: [&str; 7] =
    ["__typename", "branch", "type", "openingDate", "closingDate", "countryCode", "bankId"];

/// The same of a RelatedParty.
const PARTY_CLEAR: [&str; 5] = ["__typename", "id", "role", "startDate", "endDate"];

/// What the selection under a field that answers a Holder needs.
pub(super) fn of_holder(field: SelectionField<'_>) -> Detail {
    detail(beyond(field, &HOLDER_CLEAR))
}

/// What the selection under a field that answers an AliasAccount needs.
pub(super) fn of_alias_account(field: SelectionField<'_>) -> Detail {
    detail(field.selection_set().any(|below| match below.name() {
        "bankingDetails" => beyond(below, &BANKING_CLEAR),
        "relatedParties" => beyond(below, &PARTY_CLEAR),
        name => !ALIAS_ACCOUNT_CLEAR.contains(&name),
    }))
}

/// What the selection under a field that answers a RelatedParty needs.
pub(super) fn of_related_party(field: SelectionField<'_>) -> Detail {
    detail(beyond(field, &PARTY_CLEAR))
}

/// What the selection under a connection needs, whose nodes need what `of` says.
pub(super) fn of_connection(field: SelectionField<'_>, of: fn(SelectionField<'_>) -> Detail) -> Detail {
    let sealed = |node: SelectionField<'_>| of(node) == Detail::Sealed;
    detail(field.selection_set().any(|below| match below.name() {
        "nodes" => sealed(below),
        "edges" => below.selection_set().filter(|under| under.name() == "node").any(sealed),
        _ => false,
    }))
}

/// What the selection under a field that answers a Node needs.
pub(super) fn of_node(field: SelectionField<'_>) -> Detail {
    detail(of_holder(field) == Detail::Sealed || of_alias_account(field) == Detail::Sealed)
}

/// What one field of a payload needs.
pub(super) fn of_payload(
    payload: SelectionField<'_>,
    name: &str,
    of: fn(SelectionField<'_>) -> Detail,
) -> Detail {
    detail(
        payload.selection_set().filter(|below| below.name() == name).any(|below| of(below) == Detail::Sealed),
    )
}

fn beyond(field: SelectionField<'_>, clear: &[&str]) -> bool {
    field.selection_set().any(|below| !clear.contains(&below.name()))
}

fn detail(sealed: bool) -> Detail {
    if sealed { Detail::Sealed } else { Detail::Clear }
}
