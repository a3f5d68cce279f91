//! Personal data in clear needs a permission of its own where `AUTH_PII_RESOURCE` names a resource; masks, the clear
//! part and searches do not.

use super::super::app::{App, CREATE_HOLDER, code, new_holder, send};
use super::super::inside;
use super::manager::{Manager, json as of_json, yes};
use super::patient;
use serde_json::{Map, Value, json};
use std::collections::BTreeSet;

const GUARDED: [(&str, &str); 1] = [("AUTH_PII_RESOURCE", "holders-pii")];

/// Every field that tells personal data in clear, by its type, with what is selected under it.
const SEALED: [(&str, &str, &str); 13] = [
    ("Holder", "name", ""),
    ("Holder", "document", ""),
    ("Holder", "addresses", "{ primary { line1 } }"),
    ("Holder", "contact", "{ primaryEmail }"),
    ("Holder", "naturalPerson", "{ motherName }"),
    ("Holder", "legalPerson", "{ representative { name } }"),
    ("AliasAccount", "document", ""),
    ("AliasAccount", "regulatoryFields", "{ participantDocument }"),
    ("BankingDetails", "account", ""),
    ("BankingDetails", "iban", ""),
    ("RelatedParty", "document", ""),
    ("RelatedParty", "name", ""),
    ("Representative", "name", ""),
];

/// These fields of a type, as a selection.
fn sealed(of: &str) -> String {
    SEALED.iter().filter(|(on, ..)| *on == of).map(|(_, field, under)| format!("{field} {under} ")).collect()
}

/// A holder with an alias account, every field of both.
fn holder_fields() -> String {
    format!(
        "id type externalId metadata documentMasked {} aliasAccounts {{ nodes {{ {} }} }}",
        sealed("Holder"),
        alias_account_fields()
    )
}

fn alias_account_fields() -> String {
    format!(
        "id {} bankingDetails {{ branch accountMasked ibanMasked {} }} relatedParties {{ id role {} }}",
        sealed("AliasAccount"),
        sealed("BankingDetails"),
        sealed("RelatedParty")
    )
}

const NATURAL: &str = "91315026015";
const IBAN: &str = "DE89370400440532013000";

/// The input of a holder with one alias account, with everything that is personal.
fn onboarding(app: &App, index: usize) -> Value {
    let address =
        json!({"line1": "Rua A, 1", "zipCode": "01000-000", "city": "X", "state": "SP", "country": "BR"});
    json!({
        "holder": {
            "type": "NATURAL_PERSON", "name": "Maria Souza", "document": format!("{NATURAL}{index}"),
            "externalId": "crm-1", "addresses": {"primary": address}, "contact": {"primaryEmail": "m@example.com"},
            "naturalPerson": {"motherName": "Ana Souza"},
            "legalPerson": {"representative": {"name": "Joana Lima"}},
        },
        "aliasAccounts": [{
            "ledgerId": app.ledger_id(), "accountId": app.account(index),
            "bankingDetails": {"branch": "0001", "account": "12345-6", "iban": IBAN},
            "regulatoryFields": {"participantDocument": "44555666000181"},
            "relatedParties": [{"document": "52998224725", "name": "José Dias", "role": "PRIMARY_HOLDER",
                "startDate": "2026-01-01"}],
        }],
    })
}

const ONBOARD: &str = "mutation($input: OnboardHolderInput!) { onboardHolder(input: $input) {
    holder { id } aliasAccounts { id } userErrors { code field message } } }";

async fn onboard(app: &App, index: usize) -> (String, String) {
    let answer = app.ask(ONBOARD, json!({"input": onboarding(app, index)})).await;
    let made = &answer["data"]["onboardHolder"];
    let id = |path: &str| {
        made.pointer(path).and_then(Value::as_str).unwrap_or_else(|| panic!("{answer}")).to_owned()
    };
    (id("/holder/id"), id("/aliasAccounts/0/id"))
}

/// The paths of an answer's errors, each of which must be FORBIDDEN.
fn forbidden(answer: &Value) -> BTreeSet<String> {
    let errors = answer["errors"].as_array().cloned().unwrap_or_default();
    errors
        .iter()
        .map(|error| {
            assert_eq!(error["extensions"]["code"], json!("FORBIDDEN"), "{answer}");
            assert_eq!(error["extensions"]["retryable"], json!(false), "{answer}");
            assert!(error["locations"][0]["line"].is_number(), "{answer}");
            error["path"].to_string()
        })
        .collect()
}

/// Where the sealed fields of a type stand under these steps.
fn paths(at: &[Value], of: &str) -> BTreeSet<String> {
    let fields = SEALED.iter().filter(|(on, ..)| *on == of);
    fields.map(|(_, field, _)| json!([at, &[json!(field)]].concat()).to_string()).collect()
}

fn of_alias_account(at: &[Value]) -> BTreeSet<String> {
    let under = |steps: &[Value]| [at, steps].concat();
    let mut all = paths(at, "AliasAccount");
    all.extend(paths(&under(&[json!("bankingDetails")]), "BankingDetails"));
    all.extend(paths(&under(&[json!("relatedParties"), json!(0)]), "RelatedParty"));
    all
}

/// Every leaf of an answer, null where nothing is shown.
fn leaves(value: &Value) -> usize {
    match value {
        Value::Object(fields) => fields.values().map(leaves).sum(),
        Value::Array(items) => items.iter().map(leaves).sum(),
        Value::Null => 0,
        _ => 1,
    }
}

#[tokio::test]
async fn without_the_permission_every_sealed_field_is_forbidden_and_the_rest_is_served() {
    let app = App::sandbox_with(&GUARDED);
    let (holder, alias) = onboard(&app, 0).await;
    let query = format!(
        "query($holder: ID!, $alias: ID!) {{ holder(id: $holder) {{ {} }} aliasAccount(id: $alias) {{ {} }} }}",
        holder_fields(),
        alias_account_fields()
    );
    let ids = json!({"holder": holder, "alias": alias});
    let all = app.ask(&query, ids.clone()).await;
    assert_eq!(all["errors"], Value::Null, "{all}");
    assert_eq!(all["data"]["holder"]["legalPerson"]["representative"]["name"], json!("Joana Lima"));
    let nested = [json!("holder"), json!("aliasAccounts"), json!("nodes"), json!(0)];
    let mut expected = paths(&[json!("holder")], "Holder");
    expected.extend(of_alias_account(&nested));
    expected.extend(of_alias_account(&[json!("aliasAccount")]));
    assert_eq!(expected.len(), 6 + 6 + 6);
    for token in ["editor", "contributor", "viewer"] {
        let answer = app.ask_as(token, &query, ids.clone()).await;
        assert_eq!(forbidden(&answer), expected, "{token}");
        let holder = &answer["data"]["holder"];
        assert_eq!(holder["documentMasked"], json!("91********50"), "{answer}");
        assert_eq!((&holder["externalId"], &holder["type"]), (&json!("crm-1"), &json!("NATURAL_PERSON")));
        let alias = &answer["data"]["aliasAccount"];
        let banking = json!({"branch": "0001", "accountMasked": "12**56", "ibanMasked": "DE******************00",
            "account": null, "iban": null});
        assert_eq!(alias["bankingDetails"], banking);
        assert_eq!(alias["relatedParties"][0]["role"], json!("PRIMARY_HOLDER"));
        assert_eq!(
            leaves(&answer["data"]) + expected.len(),
            leaves(&all["data"]),
            "all else is served: {answer}"
        );
    }
    let answer = app.ask_as("nobody", &query, ids).await;
    assert_eq!(answer["data"], json!({"holder": null, "aliasAccount": null}), "{answer}");
}

#[tokio::test]
async fn the_table_knows_every_field_that_the_schema_calls_sealed() {
    let app = App::sandbox();
    let mut told = BTreeSet::new();
    for of in ["Holder", "AliasAccount", "BankingDetails", "RelatedParty"] {
        let query = format!("{{ __type(name: \"{of}\") {{ fields {{ name description }} }} }}");
        let answer = app.ask(&query, json!({})).await;
        for field in answer["data"]["__type"]["fields"].as_array().unwrap() {
            if field["description"].as_str().unwrap().contains("Sealed at rest") {
                told.insert((of.to_owned(), field["name"].as_str().unwrap().to_owned()));
            }
        }
    }
    let known = SEALED.iter().filter(|(of, ..)| *of != "Representative");
    assert_eq!(told, known.map(|(of, field, _)| ((*of).to_owned(), (*field).to_owned())).collect());
}

#[tokio::test]
async fn a_mutation_is_done_although_its_own_record_may_not_be_seen_in_clear() {
    let app = App::sandbox_with(&GUARDED);
    let document = format!(
        "mutation($input: OnboardHolderInput!) {{ onboardHolder(input: $input) {{
            holder {{ id documentMasked {} }} aliasAccounts {{ {} }} userErrors {{ code }} }} }}",
        sealed("Holder"),
        alias_account_fields()
    );
    let answer = app.ask_as("contributor", &document, json!({"input": onboarding(&app, 0)})).await;
    let at = |steps: &[Value]| [&[json!("onboardHolder")], steps].concat();
    let mut expected = paths(&at(&[json!("holder")]), "Holder");
    expected.extend(of_alias_account(&at(&[json!("aliasAccounts"), json!(0)])));
    assert_eq!(forbidden(&answer), expected);
    let payload = &answer["data"]["onboardHolder"];
    assert_eq!(payload["holder"]["documentMasked"], json!("91********50"), "{answer}");
    assert_eq!((&payload["userErrors"], app.stored()), (&json!([]), (1, 1)));
    let party = json!({"document": "1", "name": "N", "role": "RESPONSIBLE_PARTY", "startDate": "2026-01-01"});
    let party = json!({"aliasAccountId": payload["aliasAccounts"][0]["id"], "relatedParty": party});
    let add = "mutation($input: AddRelatedPartyInput!) { addRelatedParty(input: $input) {
        relatedParty { id name } userErrors { code } } }";
    let answer = app.ask_as("contributor", add, json!({"input": party})).await;
    assert_eq!(forbidden(&answer), [r#"["addRelatedParty","relatedParty","name"]"#.to_owned()].into());
    assert!(answer["data"]["addRelatedParty"]["relatedParty"]["id"].is_string(), "{answer}");
}

#[tokio::test]
async fn a_search_by_personal_data_needs_no_permission_to_see_it() {
    let app = App::sandbox_with(&GUARDED);
    let (holder, alias) = onboard(&app, 0).await;
    let query = format!(
        "{{ holderByDocument(document: \"{NATURAL}0\") {{ id }} holders(filter: {{document: \"{NATURAL}0\"}}) {{ nodes {{ id }} }}
            aliasAccounts(filter: {{bankingDetailsIban: \"{IBAN}\", participantDocument: \"44555666000181\",
                relatedParty: {{document: \"52998224725\"}}}}) {{ nodes {{ id }} }} }}"
    );
    let answer = app.ask_as("viewer", &query, json!({})).await;
    let found = json!({"holderByDocument": {"id": holder}, "holders": {"nodes": [{"id": holder}]},
        "aliasAccounts": {"nodes": [{"id": alias}]}});
    assert_eq!(answer, json!({"data": found}));
}

#[tokio::test]
async fn nothing_is_opened_for_who_may_not_see_it() {
    let app = App::sandbox_with(&GUARDED);
    let (holder, _) = onboard(&app, 0).await;
    let mut sealed = inside::sealed(app.dir(), "holders", &holder);
    let middle = sealed.len() / 2;
    sealed[middle] ^= 1;
    inside::put_sealed(app.dir(), "holders", &holder, &sealed);
    let query = "query($id: ID!) { holder(id: $id) { id name } }";
    let answer = app.ask(query, json!({"id": holder})).await;
    assert_eq!(code(&answer), "UNREADABLE", "it does not open: {answer}");
    let answer = app.ask_as("viewer", query, json!({"id": holder})).await;
    assert_eq!(forbidden(&answer), [r#"["holder","name"]"#.to_owned()].into(), "and nobody tried");
}

/// What is asked, `resource:action` each, for this request.
async fn asked(settings: &[(&str, &str)], query: &str, variables: Value) -> (Value, Vec<String>) {
    let upstreams = App::upstreams();
    let manager = Manager::always(yes());
    let app = App::serve(&upstreams, &[&patient(&manager.url, "off"), settings].concat());
    let answer = send(app.request(query, variables)).await;
    assert_eq!(answer.body["errors"], Value::Null, "{}", answer.body);
    (answer.body, manager.asked().iter().map(|asked| asked.permission()).collect())
}

#[tokio::test]
async fn the_permission_is_asked_for_once_a_request_and_only_where_something_needs_it() {
    let input = json!({"input": new_holder()});
    let create = |fields: &str| {
        format!(
            "mutation($input: CreateHolderInput!) {{ createHolder(input: $input) {{ holder {{ {fields} }} userErrors {{ code }} }} }}"
        )
    };
    let clear = create("id documentMasked metadata");
    let personal = create("id name document contact { primaryEmail } addresses { primary { line1 } }");
    let (_, questions) = asked(&GUARDED, &personal, input.clone()).await;
    assert_eq!(questions, ["holders:post", "holders-pii:get"]);
    let (_, questions) = asked(&GUARDED, &clear, input.clone()).await;
    assert_eq!(questions, ["holders:post"]);
    let (answer, questions) = asked(&[], &personal, input).await;
    assert_eq!(questions, ["holders:post"], "where no resource is named, nothing is asked");
    assert_eq!(answer["data"]["createHolder"]["holder"]["name"], json!("Maria Souza"));
}

#[tokio::test]
async fn an_outage_of_that_permission_alone_is_told_at_its_fields_and_undoes_nothing() {
    let upstreams = App::upstreams();
    let manager = Manager::start(|asked| match asked.permission().as_str() {
        "holders-pii:get" => of_json("500 Internal Server Error", "{}"),
        _ => yes(),
    });
    let app = App::serve(&upstreams, &[&patient(&manager.url, "off")[..], &GUARDED].concat());
    let answer = app.ask(CREATE_HOLDER, json!({"input": new_holder()})).await;
    assert_eq!(code(&answer), "AUTHORIZATION_UNAVAILABLE");
    assert_eq!(answer["errors"][0]["path"], json!(["createHolder", "holder", "document"]));
    let holder: &Map<String, Value> = answer["data"]["createHolder"]["holder"].as_object().unwrap();
    assert!(holder["id"].is_string() && holder["document"].is_null());
    assert_eq!(app.stored(), (1, 0));
}
