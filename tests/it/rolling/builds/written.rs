//! What one build writes, the other reads and changes.

use super::super::super::app::{App, CREATE_HOLDER, new_holder};
use super::super::super::calls::text;
use super::{BOTH, Pair, prove};
use serde_json::{Value, json};

const READ: &str = "query($id: ID!) { holder(id: $id, state: ANY) {
    id name document externalId metadata version createdAt updatedAt deletedAt contact { primaryEmail }
    aliasAccounts(filter: {state: ANY}) { nodes {
        id accountId document type metadata version createdAt updatedAt deletedAt bankingDetails { branch account iban }
        relatedParties { id document name role startDate } link { status } } }
} }";

/// All of a holder, as a server tells it.
async fn told(app: &App, id: &str) -> Value {
    let answer = app.ask(READ, json!({"id": id})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    answer["data"]["holder"].clone()
}

/// Both tell the same of a holder, and that is it.
async fn agreed(pair: &Pair, id: &str) -> Value {
    let (one, other) = (told(&pair.one, id).await, told(&pair.other, id).await);
    assert_eq!(one, other);
    one
}

#[tokio::test]
async fn each_build_reads_changes_archives_restores_and_erases_what_the_other_wrote() {
    for both in BOTH {
        let pair = Pair::start(both);
        let (one, other) = (&pair.one, &pair.other);
        let mut input = new_holder();
        input["externalId"] = json!("crm-7");
        input["metadata"] = json!({"tier": "gold", "score": 7.25});
        input["contact"] = json!({"primaryEmail": "maria@example.com"});
        let created = one.mutate("createHolder", "holder { id }", &input).await;
        let id = text(&created, "/holder/id");
        let mut link = one.link_input(id, &one.open_account().await);
        link["bankingDetails"] =
            json!({"branch": "0001", "account": "12345-6", "iban": "GB82WEST12345698765432"});
        link["relatedParties"] = json!([
            {"document": "A-1", "name": "Ana", "role": "PRIMARY_HOLDER", "startDate": "2024-02-29"},
        ]);
        let linked = one.mutate("createAliasAccount", "aliasAccount { id }", &link).await;
        let alias = text(&linked, "/aliasAccount/id");
        let first = agreed(&pair, id).await;
        assert_eq!((&first["name"], &first["metadata"]["score"]), (&json!("Maria Souza"), &json!(7.25)));
        assert_eq!(first["aliasAccounts"]["nodes"][0]["link"]["status"], "VERIFIED");

        // The one's records are changed by the other, and then again by the one, each with the version that it reads.
        for (app, version, name) in [(other, 1, "Maria Silva"), (one, 2, "Maria Santos")] {
            let change = json!({"id": id, "name": name, "expectedVersion": version});
            app.mutate("updateHolder", "holder { id }", &change).await;
            let change = json!({"id": alias, "bankingDetails": {"branch": name}, "expectedVersion": version});
            app.mutate("updateAliasAccount", "aliasAccount { id }", &change).await;
            let now = agreed(&pair, id).await;
            assert_eq!((&now["name"], &now["version"]), (&json!(name), &json!(version + 1)));
            assert_eq!(now["aliasAccounts"]["nodes"][0]["bankingDetails"]["branch"], json!(name));
        }
        // Found by what is sealed, and taken.
        for app in [one, other] {
            let query = "query($d: String!) { holderByDocument(document: $d) { id } }";
            let found = app.ask(query, json!({"d": input["document"]})).await;
            assert_eq!(found["data"]["holderByDocument"]["id"], json!(id));
            let again = app.ask(CREATE_HOLDER, json!({"input": input})).await;
            assert_eq!(again["data"]["createHolder"]["userErrors"][0]["code"], "DOCUMENT_IN_USE");
        }
        other.mutate("deleteAliasAccount", "deletedId", &json!({"id": alias})).await;
        one.mutate("deleteHolder", "deletedId", &json!({"id": id})).await;
        assert!(agreed(&pair, id).await["deletedAt"].is_string());
        other.mutate("restoreHolder", "holder { id }", &json!({"id": id})).await;
        one.mutate("restoreAliasAccount", "aliasAccount { id }", &json!({"id": alias})).await;
        other.mutate("verifyAliasAccount", "aliasAccount { id }", &json!({"id": alias})).await;
        assert_eq!(agreed(&pair, id).await["aliasAccounts"]["nodes"][0]["deletedAt"], Value::Null);

        let erase = |id: &str| json!({"id": id, "mode": "HARD"});
        other.mutate("deleteAliasAccount", "deletedId", &erase(alias)).await;
        other.mutate("deleteHolder", "deletedId", &erase(id)).await;
        assert_eq!(agreed(&pair, id).await, Value::Null);
        assert_eq!(one.stored(), (0, 0));
        prove(pair.dir.path());
    }
}
