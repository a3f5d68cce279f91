//! The main job: create a holder, link a verified ledger account, read both in one query.

use super::app::{App, CREATE_ALIAS, CREATE_HOLDER, code, new_holder, send};
use serde_json::{Value, json};

const WHOLE_HOLDER: &str = "fragment Whole on Holder {
    id organizationId externalId type name document documentMasked metadata version createdAt updatedAt deletedAt
    addresses { primary { line1 line2 zipCode city state country description } additional1 { city } additional2 { city } }
    contact { primaryEmail secondaryEmail mobilePhone otherPhone }
    naturalPerson { favoriteName socialName gender birthDate civilStatus nationality motherName fatherName status }
    legalPerson { tradeName activity type foundingDate size status representative { name document email role } }
}";

const WHOLE_ALIAS: &str = "fragment Whole on AliasAccount {
    id organizationId ledgerId accountId document type metadata version createdAt updatedAt deletedAt
    bankingDetails { branch account accountMasked type openingDate closingDate iban ibanMasked countryCode bankId }
    regulatoryFields { participantDocument }
    relatedParties { id document name role startDate endDate }
    link { status checkedAt detail }
}";

fn whole_holder_input() -> Value {
    json!({
        "type": "LEGAL_PERSON", "name": "Açaí & Filhos Ltda — 李", "document": "11.222.333/0001-81",
        "externalId": "crm-42", "metadata": {"segment": "gold", "score": 7.5, "vip": true, "level": 3},
        "addresses": {"primary": {"line1": "Rua A, 1", "line2": "fundos", "zipCode": "01000-000",
            "city": "São Paulo", "state": "SP", "country": "BR", "description": "sede"}},
        "contact": {"primaryEmail": "a@example.com", "secondaryEmail": "b@example.com",
            "mobilePhone": "+55 11 91234-5678", "otherPhone": "1234"},
        "naturalPerson": {"favoriteName": "f", "socialName": "s", "gender": "g", "birthDate": "1990-02-28",
            "civilStatus": "c", "nationality": "n", "motherName": "m", "fatherName": "p", "status": "ok"},
        "legalPerson": {"tradeName": "t", "activity": "a", "type": "LTDA", "foundingDate": "2001-01-01",
            "size": "small", "status": "ok",
            "representative": {"name": "R", "document": "X-1", "email": "r@example.com", "role": "CEO"}},
    })
}

fn holds(answer: &Value, expected: &Value, path: &str) {
    match expected {
        Value::Object(fields) => {
            fields.iter().for_each(|(name, value)| holds(&answer[name], value, &format!("{path}.{name}")));
        }
        Value::Array(values) => {
            values.iter().enumerate().for_each(|(i, value)| holds(&answer[i], value, &format!("{path}.{i}")));
        }
        value => assert_eq!(answer, value, "{path}"),
    }
}

#[tokio::test]
async fn what_was_written_is_read_back_in_every_field_of_holder_and_alias_account() {
    let app = App::sandbox();
    let create = format!(
        "mutation($input: CreateHolderInput!) {{ createHolder(input: $input) {{ holder {{ ...Whole }} userErrors {{ code field message }} }} }} {WHOLE_HOLDER}"
    );
    let answer = app.ask(&create, json!({"input": whole_holder_input()})).await;
    let created = &answer["data"]["createHolder"]["holder"];
    holds(created, &whole_holder_input(), "holder");
    holds(created, &json!({"documentMasked": "11**********81", "version": 1, "deletedAt": null}), "holder");
    assert_eq!(created["createdAt"], created["updatedAt"]);

    let id = created["id"].as_str().unwrap();
    let input = json!({
        "holderId": id, "ledgerId": app.ledger_id(), "accountId": app.account(0),
        "bankingDetails": {"branch": "0001", "account": "12345-6", "type": "CACC", "openingDate": "2020-01-01",
            "closingDate": "2020-01-01", "iban": "GB82 WEST 1234 5698 7654 32", "countryCode": "GB", "bankId": "077"},
        "regulatoryFields": {"participantDocument": "99.888-P"},
        "relatedParties": [
            {"document": "A-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-02-29"},
            {"document": "B-2", "name": "Bento", "role": "LEGAL_REPRESENTATIVE", "startDate": "2024-01-01", "endDate": "2024-01-01"},
        ],
        "metadata": {"channel": "app"},
    });
    let link = format!(
        "mutation($input: CreateAliasAccountInput!) {{ createAliasAccount(input: $input) {{ aliasAccount {{ ...Whole holder {{ id }} }} userErrors {{ code field message }} }} }} {WHOLE_ALIAS}"
    );
    let answer = app.ask(&link, json!({"input": input})).await;
    let alias = &answer["data"]["createAliasAccount"]["aliasAccount"];
    let mut expected = input.clone();
    expected.as_object_mut().unwrap().remove("holderId");
    holds(alias, &expected, "aliasAccount");
    let more = json!({"document": "11.222.333/0001-81", "type": "LEGAL_PERSON", "holder": {"id": id}, "version": 1,
        "link": {"status": "VERIFIED", "detail": null},
        "bankingDetails": {"accountMasked": "12**56", "ibanMasked": "GB******************32"}});
    holds(alias, &more, "aliasAccount");

    let read = format!("query($id: ID!, $d: String!, $l: UUID!, $a: UUID!, $alias: ID!) {{
        holder(id: $id) {{ ...Whole aliasAccounts {{ nodes {{ ...A }} edges {{ cursor node {{ id }} }} pageInfo {{ hasNextPage hasPreviousPage startCursor endCursor }} }} }}
        holderByDocument(document: $d) {{ ...Whole }}
        aliasAccount(id: $alias) {{ ...A holder {{ ...Whole }} }}
        aliasAccountByLedgerAccount(ledgerId: $l, accountId: $a) {{ ...A }}
        h: node(id: $id) {{ __typename id ... on Holder {{ ...Whole }} }}
        n: node(id: $alias) {{ __typename id ... on AliasAccount {{ ...A }} }}
    }} {WHOLE_HOLDER} {}", WHOLE_ALIAS.replace("fragment Whole", "fragment A"));
    let variables = json!({"id": id, "d": "11222333000181", "l": app.ledger_id(), "a": app.account(0), "alias": alias["id"]});
    let answer = app.ask(&read, variables).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let data = &answer["data"];
    for holder in [&data["holder"], &data["holderByDocument"], &data["aliasAccount"]["holder"], &data["h"]] {
        holds(holder, created, "holder");
    }
    let mut alias = alias.clone();
    alias.as_object_mut().unwrap().remove("holder");
    let page = &data["holder"]["aliasAccounts"];
    for found in [&page["nodes"][0], &data["aliasAccount"], &data["aliasAccountByLedgerAccount"], &data["n"]]
    {
        holds(found, &alias, "aliasAccount");
    }
    assert_eq!(page["pageInfo"]["endCursor"], page["edges"][0]["cursor"]);
    assert_eq!(page["pageInfo"]["hasNextPage"], json!(false));
    assert_eq!(
        (&data["h"]["__typename"], &data["n"]["__typename"]),
        (&json!("Holder"), &json!("AliasAccount"))
    );
}

#[tokio::test]
async fn data_tokens_and_ids_survive_a_restart_and_fresh_starts_over() {
    let app = App::sandbox();
    let id = app.holder().await;
    let alias = app.link(&id, &app.account(0)).await;
    let before = app.info.clone();
    let app = App::sandbox_in(app.stop(), &[]);
    for same in ["organizationId", "ledgerId", "accountIds", "tokens", "other", "blockedAccountId"] {
        assert_eq!(app.info[same], before[same], "{same}");
    }
    let read = "query($id: ID!) { holder(id: $id) { name aliasAccounts { nodes { id } } } }";
    let answer = app.ask(read, json!({"id": id})).await;
    assert_eq!(answer["data"]["holder"]["aliasAccounts"]["nodes"][0]["id"], json!(alias), "{answer}");
    assert_eq!(answer["data"]["holder"]["name"], json!("Maria Souza"));

    let dir = app.stop();
    let fresh = super::app::binary()
        .args(["sandbox", "--fresh", "--json", "--server-address", "127.0.0.1:0", "--ops-address", "no"])
        .env("DATA_DIR", dir.path())
        .output()
        .unwrap();
    assert_eq!(fresh.status.code(), Some(2), "an address that cannot be one ends it after it erased");
    let app = App::sandbox_in(dir, &[]);
    assert_ne!(app.info["organizationId"], before["organizationId"]);
    assert_eq!(app.stored(), (0, 0));
}

#[tokio::test]
async fn a_page_has_a_cursor_that_only_its_own_list_takes() {
    let app = App::sandbox();
    let (one, two) = (app.holder().await, app.holder().await);
    let mut linked = Vec::new();
    for index in 0..7 {
        linked.push(app.link(&one, &app.account(index)).await);
    }
    let read = "query($id: ID!, $first: Int, $after: String) { holder(id: $id) { aliasAccounts(first: $first, after: $after) {
        nodes { id } pageInfo { hasNextPage hasPreviousPage endCursor } } } }";
    let (mut seen, mut after) = (Vec::new(), Value::Null);
    loop {
        let answer = app.ask(read, json!({"id": one, "first": 3, "after": after})).await;
        let page = &answer["data"]["holder"]["aliasAccounts"];
        assert_eq!(page["pageInfo"]["hasPreviousPage"], json!(!after.is_null()));
        seen.extend(
            page["nodes"].as_array().unwrap().iter().map(|node| node["id"].as_str().unwrap().to_owned()),
        );
        after = page["pageInfo"]["endCursor"].clone();
        if page["pageInfo"]["hasNextPage"] == json!(false) {
            break;
        }
    }
    assert_eq!(seen, linked);
    let cursor = after.as_str().unwrap().to_owned();
    let flipped: String = cursor
        .char_indices()
        .map(|(i, c)| if i == 9 { if c == 'A' { 'B' } else { 'A' } } else { c })
        .collect();
    for (id, after) in [(&one, json!(flipped)), (&two, json!(cursor)), (&one, json!("")), (&one, json!("x"))]
    {
        let answer = app.ask(read, json!({"id": id, "first": 3, "after": after})).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{answer}");
        assert_eq!(answer["data"]["holder"]["aliasAccounts"], Value::Null);
        assert_eq!(answer["errors"][0]["path"], json!(["holder", "aliasAccounts"]));
    }
    for first in [0, -1, 101] {
        let answer = app.ask(read, json!({"id": one, "first": first})).await;
        assert_eq!(code(&answer), "BAD_USER_INPUT", "{first}");
    }
}

#[tokio::test]
async fn two_organizations_never_see_each_other() {
    let app = App::sandbox();
    let input = new_holder();
    let answer = app.ask(CREATE_HOLDER, json!({"input": input})).await;
    let id = answer["data"]["createHolder"]["holder"]["id"].as_str().unwrap();
    let alias = app.link(id, &app.account(0)).await;
    let other = app.info["other"]["organizationId"].as_str().unwrap();
    let as_other = |query: &str, variables: Value| {
        let mut request = app.request(query, variables).build().unwrap();
        request.headers_mut().insert("X-Organization-Id", other.parse().unwrap());
        let client = app.client.clone();
        async move { client.execute(request).await.unwrap().json::<Value>().await.unwrap() }
    };
    let read = "query($id: ID!, $alias: ID!, $d: String!, $l: UUID!, $a: UUID!) {
        holder(id: $id) { id } aliasAccount(id: $alias) { id } holderByDocument(document: $d) { id } node(id: $id) { id }
        aliasAccountByLedgerAccount(ledgerId: $l, accountId: $a) { id } }";
    let variables =
        json!({"id": id, "alias": alias, "d": input["document"], "l": app.ledger_id(), "a": app.account(0)});
    let answer = as_other(read, variables).await;
    let nothing = json!({"holder": null, "aliasAccount": null, "holderByDocument": null, "node": null, "aliasAccountByLedgerAccount": null});
    assert_eq!(answer["data"], nothing);
    // The same document is free there, and neither the holder nor the ledger can be used from there.
    let answer = as_other(CREATE_HOLDER, json!({"input": input})).await;
    let theirs = answer["data"]["createHolder"]["holder"]["id"].as_str().unwrap().to_owned();
    for (holder, expected) in [(id, "HOLDER_NOT_FOUND"), (&theirs, "LEDGER_NOT_FOUND")] {
        let answer = as_other(CREATE_ALIAS, json!({"input": app.link_input(holder, &app.account(1))})).await;
        assert_eq!(answer["data"]["createAliasAccount"]["userErrors"][0]["code"], json!(expected));
    }
}

#[tokio::test]
async fn an_answer_keeps_the_order_of_the_selection() {
    let app = App::sandbox();
    let id = app.holder().await;
    let query = "query($id: ID!) { holder(id: $id) { version type id name createdAt } __typename }";
    let text = app.request(query, json!({"id": id})).send().await.unwrap().text().await.unwrap();
    let places: Vec<usize> = ["data", "holder", "version", "type", "id", "name", "createdAt", "__typename"]
        .iter()
        .map(|name| text.find(&format!("\"{name}\"")).unwrap())
        .collect();
    assert!(places.is_sorted(), "{text}");
}

#[tokio::test]
async fn ids_are_taken_in_any_case_and_what_is_no_id_is_refused() {
    let app = App::sandbox();
    let id = app.holder().await;
    let read = "query($id: ID!) { holder(id: $id) { id } }";
    assert_eq!(app.ask(read, json!({"id": id.to_uppercase()})).await["data"]["holder"]["id"], json!(id));
    assert_eq!(
        app.ask(read, json!({"id": "0190a3b4-7c2d-7e1f-8a9b-0c1d2e3f4a5b"})).await,
        json!({"data": {"holder": null}})
    );
    for field in ["holder", "aliasAccount", "node"] {
        let answer = app.ask(&format!("{{ {field}(id: \"7\") {{ id }} }}"), json!({})).await;
        assert_eq!((code(&answer), &answer["errors"][0]["path"]), ("BAD_USER_INPUT", &json!([field])));
    }
    let answer = app.ask("{ holderByDocument(document: \".-/\") { id } }", json!({})).await;
    assert_eq!(code(&answer), "BAD_USER_INPUT");
    let upper = send(app.request(read, json!({"id": id})).header("X-Request-Id", "bff-1")).await;
    assert_eq!(upper.headers["x-request-id"], "bff-1");
}
