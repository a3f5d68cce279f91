//! The operations that are asked for. None reads personal data in clear, so no right to it is needed.

use serde_json::{Map, Value};

/// One operation.
pub(super) struct Operation {
    /// Its name.
    pub(super) name: &'static str,
    /// Its one field.
    pub(super) field: &'static str,
    /// Its text.
    pub(super) text: &'static str,
}

pub(super) static CREATE_HOLDER: Operation = Operation {
    name: "SmokeCreateHolder",
    field: "createHolder",
    text: "mutation SmokeCreateHolder($input: CreateHolderInput!) {
  createHolder(input: $input) { holder { id documentMasked } userErrors { code field message } }
}",
};

pub(super) static LINK_ACCOUNT: Operation = Operation {
    name: "SmokeLinkAccount",
    field: "createAliasAccount",
    text: "mutation SmokeLinkAccount($input: CreateAliasAccountInput!) {
  createAliasAccount(input: $input) { aliasAccount { id link { status } } userErrors { code field message } }
}",
};

pub(super) static READ_HOLDER: Operation = Operation {
    name: "SmokeReadHolder",
    field: "holder",
    text: "query SmokeReadHolder($id: ID!) { holder(id: $id) { id externalId documentMasked } }",
};

pub(super) static READ_BOTH: Operation = Operation {
    name: "SmokeReadBoth",
    field: "holder",
    text: "query SmokeReadBoth($id: ID!) {
  holder(id: $id) { id externalId documentMasked aliasAccounts(first: 2) { nodes { id link { status } } } }
}",
};

pub(super) static DELETE_ALIAS_ACCOUNT: Operation = Operation {
    name: "SmokeDeleteAliasAccount",
    field: "deleteAliasAccount",
    text: "mutation SmokeDeleteAliasAccount($input: DeleteAliasAccountInput!) {
  deleteAliasAccount(input: $input) { deletedId userErrors { code field message } }
}",
};

pub(super) static DELETE_HOLDER: Operation = Operation {
    name: "SmokeDeleteHolder",
    field: "deleteHolder",
    text: "mutation SmokeDeleteHolder($input: DeleteHolderInput!) {
  deleteHolder(input: $input) { deletedId userErrors { code field message } }
}",
};

static ALL: [&Operation; 6] =
    [&CREATE_HOLDER, &LINK_ACCOUNT, &READ_HOLDER, &READ_BOTH, &DELETE_ALIAS_ACCOUNT, &DELETE_HOLDER];

/// All of them as a manifest of trusted documents.
pub(super) fn manifest() -> String {
    let documents: Map<String, Value> =
        ALL.iter().map(|operation| (operation.name.to_owned(), operation.text.into())).collect();
    format!("{:#}\n", Value::Object(documents))
}

#[cfg(test)]
mod tests {
    use super::*;
    use apollo_compiler::{ExecutableDocument, Schema};

    #[test]
    fn every_operation_is_valid_and_is_called_as_it_is_named() {
        let schema = Schema::parse_and_validate(crate::graphql::sdl(), "schema.graphql").unwrap();
        for operation in ALL {
            let document =
                ExecutableDocument::parse_and_validate(&schema, operation.text, operation.name).unwrap();
            let found = document.operations.get(Some(operation.name)).unwrap();
            let fields: Vec<_> =
                found.selection_set.root_fields(&document).map(|field| field.name.as_str()).collect();
            assert_eq!(fields, [operation.field]);
        }
    }
}
