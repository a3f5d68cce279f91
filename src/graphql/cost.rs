//! What the parts of the schema cost, declared where they are defined: the directives of the GraphQL cost
//! specification. Documents are measured by what the printed schema says, so this is the only place of the weights.

use crate::registry::lists::SIZE_DEFAULT;
use async_graphql::TypeDirective;

/// A call of the store, for records by their ids or other keys.
pub(super) const STORE_CALL: &str = "5";
/// A page of a list of a whole organization: where hardly a record fits its filter, it looks at thousands of entries.
pub(super) const LIST: &str = "50";
/// A page of one holder's list. It has fewer entries to look at, and a page of a hundred holders that shows twenty alias
/// accounts of each, with a dozen fields, must stay allowed.
pub(super) const LIST_OF_ONE: &str = "10";
/// A record of an answer: it is read, and opened where something sealed is selected.
pub(super) const RECORD: &str = "2";
/// Counting a list looks at thousands of its entries.
pub(super) const COUNT: &str = "50";
/// A change: permissions, claims, tokens, an audit entry, a commit.
pub(super) const MUTATION: &str = "100";
/// A change that asks the ledger about an account.
pub(super) const LEDGER_MUTATION: &str = "150";
/// A change that asks the ledger about up to a hundred accounts.
pub(super) const ONBOARDING: &str = "1000";

/// A page where the document does not say.
pub(super) const PAGE_DEFAULT: i32 = SIZE_DEFAULT as i32;

/// An alias account may have a hundred related parties; nearly all have a few. Counting the most would refuse every
/// page of alias accounts that shows them.
pub(super) const PARTIES_USUAL: i32 = 10;
/// An entry of the audit trail may name a hundred records; nearly all name one or two.
pub(super) const RECORDS_USUAL: i32 = 10;
/// Refusals of a mutation are few, mostly none.
pub(super) const FAULTS_USUAL: i32 = 1;

/// How much one answer of the field counts, or each record of the type (the GraphQL cost specification). A field without it counts 1, a type 0.
#[TypeDirective(name = "cost", location = "FieldDefinition", location = "Object")]
pub(super) fn cost(weight: String) {}

/// How many records the field answers (the GraphQL cost specification): as many as the largest given argument of slicingArguments says, by its number or by the length of its list, else assumedSize; a list without either is taken for the longest, 100. With sizedFields the length is that of these fields of the answer.
#[TypeDirective(name = "listSize", location = "FieldDefinition")]
pub(super) fn list_size(
    assumed_size: Option<i32>,
    slicing_arguments: Option<Vec<String>>,
    sized_fields: Option<Vec<String>>,
    #[graphql(default_with = "Some(true)")] require_one_slicing_argument: Option<bool>,
) {
}

/// Names of arguments or fields.
pub(super) fn names<const N: usize>(names: [&str; N]) -> Option<Vec<String>> {
    Some(names.map(str::to_owned).into())
}
