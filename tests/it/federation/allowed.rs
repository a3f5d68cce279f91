//! Each entity needs the permission to read its type, asked for once it is known to be there.

use super::{
    ENTITIES, FEDERATED, Linked, UNKNOWN, alias_account, holder, ledger_account, representations, told,
};
use crate::app::App;
use crate::folder::Folder;
use crate::permissions::access_manager;
use serde_json::{Value, json};

#[tokio::test]
async fn refused_types_are_null_with_a_located_error_and_the_others_are_served() {
    let upstreams = App::upstreams();
    let dir = Folder::new();
    let app = App::serve_in(dir.clone(), &upstreams, &FEDERATED);
    let one = Linked::new(&app, 0).await;
    let ledger = app.ledger_id();
    app.stop();
    let asked = representations(json!([
        alias_account(&one.alias_account),
        holder(&one.holder),
        ledger_account(&ledger, &one.account),
        alias_account(UNKNOWN),
        holder(UNKNOWN),
        {"__typename": "Holder"},
        holder(&one.holder),
    ]));
    let whole = |index: usize| [1, 6].contains(&index).then(|| one.as_holder());
    for (allowed, expected, refused) in [
        (
            &[("holders", "get")][..],
            (0..7).map(|index| json!(whole(index))).collect::<Vec<Value>>(),
            vec![0, 2],
        ),
        (
            &[("aliases", "get")],
            {
                let mut bare = one.as_alias_account();
                bare["holder"] = Value::Null;
                (0..7).map(|index| json!([0, 2].contains(&index).then(|| bare.clone()))).collect()
            },
            vec![1, 6],
        ),
        (&[], vec![Value::Null; 7], vec![0, 1, 2, 6]),
    ] {
        let (url, questions) = access_manager(allowed).await;
        let app = App::serve_in(dir.clone(), &upstreams, &[FEDERATED[0], ("PLUGIN_AUTH_ADDRESS", &url)]);
        let answer = app.ask(ENTITIES, asked.clone()).await;
        assert_eq!(answer["data"]["_entities"], json!(expected), "{allowed:?}");
        let told = told(&answer);
        let at = |code: &str| {
            let of_entities = told.iter().filter(|(path, _)| path.as_array().unwrap().len() == 2);
            let of_code = of_entities.filter(|(_, told)| *told == code);
            of_code.map(|(path, _)| path[1].as_u64().unwrap()).collect::<Vec<_>>()
        };
        assert_eq!((at("FORBIDDEN"), at("BAD_USER_INPUT")), (refused, vec![5]), "{allowed:?}");
        let questions = questions.lock().unwrap();
        let asked = |resource: &str| questions.iter().filter(|q| q["resource"] == json!(resource)).count();
        assert_eq!((asked("holders"), asked("aliases"), questions.len()), (1, 1, 2), "{questions:?}");
        drop(questions);
        app.stop();
    }
}

#[tokio::test]
async fn no_unverified_token_learns_what_exists() {
    let app = App::sandbox_with(&FEDERATED);
    let one = Linked::new(&app, 0).await;
    let stranger = App::sandbox();
    for asked in [
        json!([]),
        json!([holder(&one.holder)]),
        json!([holder(UNKNOWN)]),
        json!([ledger_account(&app.ledger_id(), &one.account)]),
        json!([{"__typename": "Holder", "id": "1"}]),
        json!([{"__typename": "Person"}]),
        json!(vec![holder(UNKNOWN); 101]),
    ] {
        let mut request = app.request(ENTITIES, representations(asked.clone())).build().unwrap();
        let forged = format!("Bearer {}", stranger.token("admin")).parse().unwrap();
        request.headers_mut().insert("Authorization", forged);
        assert_eq!(app.client.execute(request).await.unwrap().status(), 401, "{asked}");
    }
    let asked = representations(json!([holder(UNKNOWN), holder(&one.holder)]));
    let answer = app.ask_as("nobody", ENTITIES, asked).await;
    assert_eq!(told(&answer), [(json!(["_entities", 1]), "FORBIDDEN")]);
    assert_eq!(answer["data"], json!({"_entities": [null, null]}));
}

#[tokio::test]
async fn personal_data_of_entities_needs_the_permission_for_it() {
    let settings = [FEDERATED[0], ("AUTH_PII_RESOURCE", "holders-pii")];
    let upstreams = App::upstreams();
    let (url, _) =
        access_manager(&[("holders", "get"), ("holders", "post"), ("aliases", "get"), ("aliases", "post")])
            .await;
    let app =
        App::serve_in(Folder::new(), &upstreams, &[settings[0], settings[1], ("PLUGIN_AUTH_ADDRESS", &url)]);
    let one = Linked::new(&app, 0).await;
    let query = "query($representations: [_Any!]!) { _entities(representations: $representations) {
        ... on Holder { documentMasked name } ... on AliasAccount { accountId document } } }";
    let asked = json!([holder(&one.holder), alias_account(&one.alias_account)]);
    let answer = app.ask(query, representations(asked)).await;
    assert_eq!(
        answer["data"]["_entities"],
        json!([{"documentMasked": "****", "name": null}, {"accountId": one.account, "document": null}])
    );
    let expected =
        [(json!(["_entities", 0, "name"]), "FORBIDDEN"), (json!(["_entities", 1, "document"]), "FORBIDDEN")];
    assert_eq!(told(&answer), expected);
}

#[tokio::test]
async fn an_outage_of_access_manager_is_told_at_each_record_that_was_found() {
    let app = App::sandbox_with(&[FEDERATED[0], ("AUTH_CACHE_TTL", "off")]);
    let one = Linked::new(&app, 0).await;
    let faults = format!("{}/_sandbox/faults", app.info["accessManager"].as_str().unwrap());
    let down = json!({"rules": [{"kind": "status", "path": "/v1/authorize"}]});
    assert_eq!(app.client.put(faults).json(&down).send().await.unwrap().status(), 200);
    let asked = json!([holder(&one.holder), alias_account(&one.alias_account), holder(UNKNOWN)]);
    let answer = app.ask(ENTITIES, representations(asked)).await;
    let expected = [0, 1].map(|index| (json!(["_entities", index]), "AUTHORIZATION_UNAVAILABLE"));
    assert_eq!(told(&answer), expected);
    assert_eq!(answer["data"], json!({"_entities": [null, null, null]}));
    let answer = app.ask(ENTITIES, representations(json!([holder(UNKNOWN)]))).await;
    assert_eq!(told(&answer), [(json!(["_entities"]), "AUTHORIZATION_UNAVAILABLE")]);
    assert_eq!(answer["data"], Value::Null);
}
