//! What this client asks. Each struct is held against the schema when it is compiled: a field that is not there, or of
//! another type, is a compiler error. The name of the struct is the name of the operation.

use crate::change::Change;
use serde::Serialize;

#[cynic::schema("holdergraph")]
mod schema {}

/// JSON object of texts, numbers and booleans.
#[derive(cynic::Scalar, Debug, Clone)]
pub struct Metadata(pub serde_json::Value);

#[derive(cynic::Scalar, Debug, Clone)]
#[cynic(graphql_type = "UUID")]
pub struct Uuid(pub String);

/// `YYYY-MM-DD`.
#[derive(cynic::Scalar, Debug, Clone)]
pub struct Date(pub String);

#[derive(cynic::Enum, Debug, Clone, Copy)]
pub enum HolderType {
    NaturalPerson,
    LegalPerson,
}

/// A newer service may answer what this client has not heard of.
#[derive(cynic::Enum, Debug, Clone)]
pub enum LinkStatus {
    Verified,
    NotFound,
    Blocked,
    Mismatch,
    Unverified,
    #[cynic(fallback)]
    Unknown(String),
}

/// `non_exhaustive`: only the codes that this client decides by, of the many that there are.
#[derive(cynic::Enum, Debug, Clone)]
#[cynic(non_exhaustive)]
pub enum UserErrorCode {
    InvalidValue,
    #[cynic(fallback)]
    Other(String),
}

#[derive(cynic::QueryFragment, Debug)]
pub struct UserError {
    pub code: UserErrorCode,
    pub field: Vec<String>,
    pub message: String,
}

// -- create ----------------------------------------------------------------------------------------------------------

/// Only the fields that this client fills: those of the schema that may be absent need not be here.
#[derive(cynic::InputObject)]
pub struct CreateHolderInput {
    #[cynic(rename = "type")]
    pub holder_type: HolderType,
    pub name: String,
    pub document: String,
    pub external_id: Option<String>,
    pub contact: Option<ContactInput>,
    pub natural_person: Option<NaturalPersonInput>,
    pub metadata: Option<Metadata>,
}

#[derive(cynic::InputObject)]
pub struct NaturalPersonInput {
    pub birth_date: Option<Date>,
}

#[derive(cynic::QueryVariables)]
pub struct CreateHolderVariables {
    pub input: CreateHolderInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "CreateHolderVariables")]
pub struct CreateHolder {
    #[arguments(input: $input)]
    pub create_holder: Option<CreateHolderPayload>,
}

#[derive(cynic::QueryFragment)]
pub struct CreateHolderPayload {
    pub holder: Option<HolderId>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Holder")]
pub struct HolderId {
    pub id: cynic::Id,
}

// -- link ------------------------------------------------------------------------------------------------------------

#[derive(cynic::InputObject)]
pub struct CreateAliasAccountInput {
    pub holder_id: cynic::Id,
    pub ledger_id: Uuid,
    pub account_id: Uuid,
}

#[derive(cynic::QueryVariables)]
pub struct LinkAccountVariables {
    pub input: CreateAliasAccountInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "LinkAccountVariables")]
pub struct LinkAccount {
    #[arguments(input: $input)]
    pub create_alias_account: Option<CreateAliasAccountPayload>,
}

#[derive(cynic::QueryFragment)]
pub struct CreateAliasAccountPayload {
    pub alias_account: Option<LinkedAccount>,
    pub user_errors: Vec<UserError>,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "AliasAccount")]
pub struct LinkedAccount {
    pub id: cynic::Id,
    pub link: AccountLink,
}

#[derive(cynic::QueryFragment)]
pub struct AccountLink {
    pub status: LinkStatus,
}

// -- update ----------------------------------------------------------------------------------------------------------

#[derive(cynic::InputObject)]
pub struct UpdateHolderInput {
    pub id: cynic::Id,
    #[cynic(skip_serializing_if = "Option::is_none")]
    pub expected_version: Option<i32>,
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub name: Change<String>,
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub external_id: Change<String>,
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub contact: Change<ContactInput>,
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub natural_person: Change<NaturalPersonInput>,
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub metadata: Change<Metadata>,
}

#[derive(cynic::InputObject, Default)]
pub struct ContactInput {
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub primary_email: Change<String>,
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub secondary_email: Change<String>,
    #[cynic(skip_serializing_if = "Change::leaves_alone")]
    pub mobile_phone: Change<String>,
}

impl UpdateHolderInput {
    /// Changes nothing yet.
    pub fn of(id: &cynic::Id) -> Self {
        Self {
            id: id.clone(),
            expected_version: None,
            name: Change::Leave,
            external_id: Change::Leave,
            contact: Change::Leave,
            natural_person: Change::Leave,
            metadata: Change::Leave,
        }
    }
}

#[derive(cynic::QueryVariables)]
pub struct UpdateHolderVariables {
    pub input: UpdateHolderInput,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Mutation", variables = "UpdateHolderVariables")]
pub struct UpdateHolder {
    #[arguments(input: $input)]
    pub update_holder: Option<UpdateHolderPayload>,
}

#[derive(cynic::QueryFragment)]
pub struct UpdateHolderPayload {
    pub user_errors: Vec<UserError>,
}

// -- read ------------------------------------------------------------------------------------------------------------

#[derive(cynic::QueryVariables)]
pub struct ReadHolderVariables {
    pub id: cynic::Id,
}

#[derive(cynic::QueryFragment)]
#[cynic(graphql_type = "Query", variables = "ReadHolderVariables")]
pub struct ReadHolder {
    #[arguments(id: $id)]
    pub holder: Option<Holder>,
}

#[derive(cynic::QueryFragment, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Holder {
    pub id: cynic::Id,
    pub name: Option<String>,
    pub external_id: Option<String>,
    pub version: i32,
    pub contact: Option<Contact>,
    pub natural_person: Option<NaturalPerson>,
    pub metadata: Metadata,
    /// Null where the token may read holders only.
    #[arguments(first: 5)]
    pub alias_accounts: Option<AliasAccountConnection>,
}

#[derive(cynic::QueryFragment, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Contact {
    pub primary_email: Option<String>,
    pub secondary_email: Option<String>,
    pub mobile_phone: Option<String>,
}

#[derive(cynic::QueryFragment, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct NaturalPerson {
    pub birth_date: Option<Date>,
}

#[derive(cynic::QueryFragment, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AliasAccountConnection {
    pub nodes: Vec<AliasAccount>,
    pub page_info: PageInfo,
}

#[derive(cynic::QueryFragment, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AliasAccount {
    pub id: cynic::Id,
    pub account_id: Uuid,
}

#[derive(cynic::QueryFragment, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct PageInfo {
    pub has_next_page: bool,
}
