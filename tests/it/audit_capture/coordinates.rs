//! Every field of a record, read alone: what is sealed leaves its path in an entry, and nothing else does.

use super::super::bench::Bench;
use super::super::calls::text;
use super::super::mutations::{Service, Tenant, holder as new_holder};
use super::{alias_account, holder};
use apollo_compiler::Schema;
use apollo_compiler::schema::ExtendedType;
use holdergraph::domain::ids::OrganizationId;
use holdergraph::graphql::sdl;
use holdergraph::registry::ports::audit::{AuditedRecord, EntryKind, EntryOutcome};
use serde_json::{Value, json};
use uuid::Uuid;

/// Types that are records of their own, or hold such.
const OTHERS: [&str; 3] = ["Holder", "AliasAccount", "AliasAccountConnection"];

/// A field of a record, by the names on the way to it.
struct Leaf {
    path: Vec<String>,
    sealed: bool,
}

/// All that can be read of a type without asking for another record. A field is sealed where its description says so,
/// and so is all below it.
fn leaves(schema: &Schema, of: &str, path: &[String], sealed: bool) -> Vec<Leaf> {
    let Some(ExtendedType::Object(object)) = schema.types.get(of) else { panic!("{of} is no object") };
    let mut leaves = Vec::new();
    for (name, field) in &object.fields {
        let told = field.description.as_ref().is_some_and(|told| told.contains("Sealed at rest"));
        let path: Vec<String> = path.iter().cloned().chain([name.to_string()]).collect();
        let sealed = sealed || told;
        let inner = field.ty.inner_named_type().as_str();
        match schema.types.get(inner) {
            Some(ExtendedType::Object(_)) if OTHERS.contains(&inner) => {}
            Some(ExtendedType::Object(_)) => leaves.extend(self::leaves(schema, inner, &path, sealed)),
            _ => leaves.push(Leaf { path, sealed }),
        }
    }
    leaves
}

/// `a { b { c } }`
fn selection(path: &[String]) -> String {
    path.iter().rev().fold(String::new(), |below, name| match below.as_str() {
        "" => name.clone(),
        below => format!("{name} {{ {below} }}"),
    })
}

/// A holder and an alias account with a value in every field.
async fn full(tenant: Tenant<'_>) -> (String, String) {
    let address = json!({"line1": "a", "line2": "b", "zipCode": "c", "city": "d", "state": "e", "country": "BR",
        "description": "f"});
    let full = json!({
        "type": "LEGAL_PERSON", "name": "Maria Souza", "document": "913.150.260-15", "externalId": "crm-1",
        "addresses": {"primary": address, "additional1": address, "additional2": address},
        "contact": {"primaryEmail": "a@example.com", "secondaryEmail": "b@example.com", "mobilePhone": "+5511",
            "otherPhone": "+5512"},
        "naturalPerson": {"favoriteName": "a", "socialName": "b", "gender": "c", "birthDate": "1990-01-01",
            "civilStatus": "d", "nationality": "e", "motherName": "f", "fatherName": "g", "status": "h"},
        "legalPerson": {"tradeName": "a", "activity": "b", "type": "c", "foundingDate": "1990-01-01", "size": "d",
            "status": "e", "representative": {"name": "a", "document": "b", "email": "c@example.com", "role": "d"}},
        "metadata": {"tier": "gold"},
    });
    let made = tenant.call("createHolder", "holder { id }", &full).await;
    let id = text(&made, "/holder/id").to_owned();
    let mut full = tenant.new_account().await;
    full.as_object_mut().unwrap().extend(
        json!({
            "holderId": id, "metadata": {"tier": "gold"},
            "bankingDetails": {"branch": "0001", "account": "12345-6", "type": "CACC", "openingDate": "2020-01-01",
                "closingDate": "2021-01-01", "iban": "GB82 WEST 1234 5698 7654 32", "countryCode": "BR",
                "bankId": "001"},
            "regulatoryFields": {"participantDocument": "99.888-P"},
            "relatedParties": [{"document": "A-1", "name": "Ana", "role": "PRIMARY_HOLDER",
                "startDate": "2024-01-01", "endDate": "2025-01-01"}],
        })
        .as_object()
        .unwrap()
        .clone(),
    );
    let made = tenant.call("createAliasAccount", "aliasAccount { id }", &full).await;
    (id, text(&made, "/aliasAccount/id").to_owned())
}

#[tokio::test]
async fn what_is_sealed_leaves_its_path_in_an_entry_and_neither_a_mask_nor_a_clear_field_does() {
    let bench = Bench::new();
    let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
    let (of_holder, of_alias) = full(tenant).await;
    let schema = Schema::parse_and_validate(sdl(), "schema.graphql").unwrap();
    let mut sealed = Vec::new();
    for (kind, field, id, record) in [
        ("Holder", "holder", &of_holder, holder(&of_holder)),
        ("AliasAccount", "aliasAccount", &of_alias, alias_account(&of_alias)),
    ] {
        for leaf in leaves(&schema, kind, &[], false) {
            bench.trail.take();
            let query = format!("query($id: ID!) {{ {field}(id: $id) {{ {} }} }}", selection(&leaf.path));
            bench.ask(tenant.organization, &query, json!({"id": id})).await;
            let told = bench.trail.take();
            let path = format!("{kind}.{}", leaf.path.join("."));
            if !leaf.sealed {
                assert_eq!(told, [], "{path}");
                continue;
            }
            assert_eq!(told.len(), 1, "{path}");
            let entry = &told[0];
            assert_eq!((entry.kind, entry.outcome), (EntryKind::Read, EntryOutcome::Done), "{path}");
            assert_eq!((&entry.records[..], entry.record_count), (&[record][..], 1), "{path}");
            assert_eq!(entry.fields, [path.as_str()]);
            sealed.push(path);
        }
    }
    // The table is not empty because nothing was found to be sealed.
    for known in [
        "Holder.name",
        "Holder.addresses.additional2.zipCode",
        "Holder.legalPerson.representative.document",
        "AliasAccount.document",
        "AliasAccount.bankingDetails.iban",
        "AliasAccount.regulatoryFields.participantDocument",
        "AliasAccount.relatedParties.name",
    ] {
        assert!(sealed.iter().any(|path| path == known), "{known} is not among {sealed:?}");
    }
}

#[tokio::test]
async fn a_request_is_one_entry_with_each_record_and_each_field_once() {
    let bench = Bench::new();
    let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
    let (of_holder, of_alias) = full(tenant).await;
    let other = new_holder(&tenant).await;
    bench.trail.take();
    let query = "query($id: ID!) {
        a: holder(id: $id) { name legalPerson { __typename tradeName representative { role } }
            aliasAccounts { nodes { document bankingDetails { branch ibanMasked } relatedParties { name } } } }
        b: holder(id: $id) { document name } holders { nodes { name } } }";
    bench.ask(tenant.organization, query, json!({"id": of_holder})).await;
    let told = bench.trail.take();
    assert_eq!(told.len(), 1, "{told:#?}");
    let mut records = told[0].records.clone();
    records.sort_unstable();
    let mut expected: Vec<AuditedRecord> = vec![holder(&of_holder), holder(&other), alias_account(&of_alias)];
    expected.sort_unstable();
    assert_eq!((records, told[0].record_count), (expected, 3));
    let fields = [
        "AliasAccount.document",
        "AliasAccount.relatedParties.name",
        "Holder.document",
        "Holder.legalPerson.representative.role",
        "Holder.legalPerson.tradeName",
        "Holder.name",
    ];
    assert_eq!(told[0].fields, fields);
}

#[tokio::test]
async fn a_field_without_a_value_tells_nobody_anything() {
    let bench = Bench::new();
    let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
    let id = new_holder(&tenant).await;
    bench.trail.take();
    let query = "query($id: ID!) { holder(id: $id) { contact { primaryEmail } addresses { __typename } } }";
    let read = bench.ask(tenant.organization, query, json!({"id": id})).await;
    assert_eq!(read["holder"], json!({"contact": Value::Null, "addresses": Value::Null}));
    assert_eq!(bench.trail.take(), []);
}

#[tokio::test]
async fn a_payload_in_clear_is_an_answer_in_clear_beside_the_change() {
    let bench = Bench::new();
    let tenant = Tenant { bench: &bench, organization: OrganizationId(Uuid::now_v7()) };
    let input = json!({"type": "NATURAL_PERSON", "name": "Maria Souza", "document": "1234"});
    let made = tenant.call("createHolder", "holder { id name documentMasked }", &input).await;
    let told = bench.trail.take();
    assert_eq!(told.len(), 1, "{told:#?}");
    assert_eq!(told[0].kind, EntryKind::Read);
    assert_eq!(told[0].records, [holder(text(&made, "/holder/id"))]);
    assert_eq!(told[0].fields, ["Holder.name"]);
}
