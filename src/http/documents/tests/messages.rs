//! What a refusal says, and what it never repeats.

use super::*;

#[test]
fn no_message_repeats_a_literal() {
    for text in [
        "{ holder(id: 1) { aliasAccounts(first: 91315026015) { nodes { id } } } }",
        "{ holder(id: 1) { aliasAccounts(first: \"91315026015\") { nodes { id } } } }",
        "{ holder(id: \"91315026015\" }",
        "{ holder(id: \"91315026015) }",
        "{ holderByDocument(document: 91315026015) { id } }",
        "{ aliasAccountByLedgerAccount(ledgerId: \"91315026015\", accountId: \"91315026015\") { id } }",
    ] {
        let errors = documents().prepare(text).err().unwrap();
        assert!(!format!("{errors:?}").contains("91315026015"), "{errors:?}");
    }
}

#[test]
fn no_message_repeats_a_name_that_the_schema_does_not_have() {
    for text in [
        "mutation { createHolder(input: {JohnSmith: \"x\"}) { holder { id } } }",
        "{ holder(id: \"x\", JohnSmith: 1) { id } }",
        "{ holder(id: \"x\") { JohnSmith } }",
        "{ holder(id: \"x\") { JohnSmith: id JohnSmith: name } }",
        "{ holder(id: $JohnSmith) { id } }",
        "query($JohnSmith: ID!) { holder(id: \"x\") { id } }",
        "query($JohnSmith: JohnSmith) { holder(id: $JohnSmith) { id } }",
        "query($JohnSmith: Int!) { holder(id: $JohnSmith) { id } }",
        "query($id: ID!, $JohnSmith: Int!, $JohnSmith: Int!) { holder(id: $id) { id @include(if: $JohnSmith) } }",
        "query JohnSmith { holder(id: 1) { id } } query JohnSmith { holder(id: 1) { id } }",
        "{ ...JohnSmith }",
        "{ holder(id: 1) { id } } fragment JohnSmith on Holder { id }",
        "{ holder(id: 1) { ...JohnSmith } } fragment JohnSmith on Holder { ...JohnSmith }",
        "{ holder(id: 1) { ...JohnSmith } } fragment JohnSmith on AliasAccount { id }",
        "{ holder(id: 1) { ...f } } fragment f on JohnSmith { id }",
        "{ holder(id: 1) @JohnSmith { id } }",
        "{ holders(sort: JohnSmith) { nodes { id } } }",
        "{ holder(id: JohnSmith) { id } }",
        "mutation { createHolder(input: JohnSmith) { holder { id } } }",
    ] {
        let errors = documents().prepare(text).err().unwrap();
        assert!(!errors.is_empty() && !format!("{errors:?}").contains("JohnSmith"), "{text}: {errors:?}");
        assert!(errors.iter().all(|error| error.location.is_some()), "{text}: {errors:?}");
    }
    let told = |text: &str| documents().prepare(text).err().unwrap()[0].message.clone();
    assert_eq!(
        told("{ holder(id: \"x\", JohnSmith: 1) { id } }"),
        "the argument (a name that is not shown) is not supported by `Query.holder`"
    );
    for written in ["JohnSmith", "LIV"] {
        let told = told(&format!("{{ holder(id: 1, state: {written}) {{ id }} }}"));
        let known = "a value that `RecordState` does not have, it must be one of LIVE, DELETED, ANY";
        assert!(told.starts_with(known), "{told}");
    }
    let near = told("{ holder(id: 1) { nam } }");
    assert!(near.contains("`Holder`") && near.ends_with("did you mean `name`?"), "{near}");
    let text = "query($JohnSmith: ID!) { holder(id: $JohnSmith) { id } }";
    assert_eq!(
        variables(text, json!({})),
        ["$1 is required: give a value of type ID! ($1: variable 1 of the operation)"]
    );
    let text = "mutation($input: CreateHolderInput!) { createHolder(input: $input) { holder { id } } }";
    let told = variables(text, json!({"input": {"JohnSmith": 1, "ledgerId": 1}}));
    assert!(!told.concat().contains("JohnSmith"));
    // Another type has it, so it is no value.
    assert!(
        told.contains(&"$input has a field ledgerId, which CreateHolderInput has not".to_owned()),
        "{told:?}"
    );
}

#[test]
fn no_more_faults_are_told_than_help_and_none_is_longer_than_a_line() {
    let text =
        "mutation($i: CreateAliasAccountInput!) { createAliasAccount(input: $i) { userErrors { code } } }";
    let told = variables(text, json!({"i": {"relatedParties": vec![json!({}); 50_000]}}));
    assert_eq!(told.len(), 20);
    let long = format!("{{ {} }}", "x".repeat(50_000));
    let errors = documents().prepare(&long).err().unwrap();
    assert!(errors.iter().all(|error| error.message.len() <= 300), "{}", errors[0].message.len());
}

#[test]
fn what_does_not_parse_is_told_once_and_by_its_reason() {
    let message = |text: &str| {
        documents().prepare(text).err().unwrap().iter().map(|e| e.message.clone()).collect::<Vec<_>>()
    };
    assert_eq!(message(" \n"), ["the document is empty: write a query or a mutation"]);
    assert_eq!(message("{ holder(id: \"1) { id } }"), ["syntax error here"]);
    for (large, expected) in [
        (format!("{{ {} }}", "a ".repeat(20_000)), "more than 30000 tokens"),
        ("{ a ".repeat(100), "deeper than 64 levels"),
    ] {
        let told = message(&large);
        assert!(told.len() == 1 && told[0].contains(expected), "{told:?}");
    }
}
