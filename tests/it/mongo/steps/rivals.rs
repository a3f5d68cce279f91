//! Others that want the same as a call that stopped: its document, its account, or its record.

use super::super::super::app::{PATIENCE, new_holder};
use super::super::super::mutations::{Service, holder, with};
use super::super::attempt::{Attempt, Told, told, version};
use super::stage::Stage;
use serde_json::{Value, json};
use std::time::{Duration, Instant};

/// What a rival did.
pub(super) struct Rival {
    mutation: &'static str,
    input: Value,
    told: Told,
    /// Whether it and the call cannot both be done.
    excludes: bool,
}

/// Makes those calls that would break a rule if the first one were done too, or lose a change of it.
pub(super) async fn against(stage: &Stage, attempt: &Attempt) -> Vec<Rival> {
    let mut rivals = Vec::new();
    for (mutation, input, excludes) in wanted(stage, attempt).await {
        let told = answered(stage, mutation, &input).await;
        rivals.push(Rival { mutation, input, told, excludes });
    }
    rivals
}

/// The store's answer, which may have to wait for the end of a lease.
async fn answered(stage: &Stage, mutation: &str, input: &Value) -> Told {
    let began = Instant::now();
    loop {
        match told(&stage.witness, mutation, input).await {
            Told::Unavailable => tokio::time::sleep(Duration::from_millis(20)).await,
            answered => return answered,
        }
        assert!(began.elapsed() < PATIENCE, "{mutation} waits for ever");
    }
}

async fn wanted(stage: &Stage, attempt: &Attempt) -> Vec<(&'static str, Value, bool)> {
    let (app, input) = (&stage.witness, &attempt.input);
    let another = holder(app).await;
    let link = |account: &Value, holder: &str| json!({"holderId": holder, "ledgerId": account["ledgerId"], "accountId": account["accountId"]});
    let same = |document: &Value| with(new_holder(), "document", document.clone());
    let id = attempt.record.as_ref().map_or(Value::Null, |(id, _)| json!(id));
    match attempt.mutation {
        "createHolder" => vec![("createHolder", same(&input["document"]), true)],
        "onboardHolder" => vec![
            ("createAliasAccount", link(&input["aliasAccounts"][1], &another), true),
            ("createHolder", same(&input["holder"]["document"]), true),
        ],
        "createAliasAccount" => vec![
            ("deleteHolder", json!({"id": input["holderId"]}), true),
            ("createAliasAccount", link(input, &another), true),
        ],
        "updateHolder" => vec![("updateHolder", json!({"id": id, "externalId": "rival"}), false)],
        "deleteHolder" => {
            let account = app.new_account().await;
            let link = link(&account, id.as_str().unwrap());
            vec![
                ("createAliasAccount", link, true),
                ("updateHolder", json!({"id": id, "externalId": "r"}), false),
            ]
        }
        "restoreHolder" => {
            let query = "query($id: ID!) { holder(id: $id, state: ANY) { document } }";
            let answer = app.ask(query, json!({"id": id})).await;
            vec![("createHolder", same(&answer["data"]["holder"]["document"]), true)]
        }
        "restoreAliasAccount" => {
            let query =
                "query($id: ID!) { aliasAccount(id: $id, state: ANY) { ledgerId accountId holder { id } } }";
            let found = app.ask(query, json!({"id": id})).await["data"]["aliasAccount"].clone();
            vec![
                ("deleteHolder", json!({"id": found["holder"]["id"]}), true),
                ("createAliasAccount", link(&found, &another), true),
            ]
        }
        "deleteAliasAccount" => {
            vec![("updateAliasAccount", json!({"id": id, "metadata": {"rival": true}}), false)]
        }
        _ => vec![("updateAliasAccount", json!({"id": id, "metadata": {"rival": true}}), false)],
    }
}

/// Of those that exclude each other at most one is done; changes of one record that were acknowledged are all there.
pub(super) async fn judge(stage: &Stage, attempt: &Attempt, rivals: Vec<Rival>, late: Option<Told>) {
    let changes =
        rivals.iter().filter(|rival| !rival.excludes && matches!(rival.told, Told::Done(_))).count();
    let excluding: Vec<&Rival> =
        rivals.iter().filter(|rival| rival.excludes && matches!(rival.told, Told::Done(_))).collect();
    let is_done = match late {
        Some(Told::Done(_)) => Some(true),
        Some(Told::Refused(_)) => Some(false),
        Some(Told::Unavailable) | None => None,
    };
    let story = || {
        let told: Vec<_> = rivals.iter().map(|rival| (rival.mutation, &rival.input, &rival.told)).collect();
        format!("{} {}: {late:?}, {told:?}", attempt.name(), attempt.input)
    };
    assert!(is_done != Some(true) || excluding.is_empty(), "{}", story());
    if let Some((id, before)) = &attempt.record {
        let now = version(&stage.witness, id).await;
        let changes = i64::try_from(changes).unwrap();
        let undone = Some(before + changes);
        let done = if attempt.removes { None } else { Some(before + changes + 1) };
        let expected = match is_done {
            Some(true) => vec![done],
            Some(false) => vec![undone],
            None if excluding.is_empty() => vec![done, undone],
            None => vec![undone],
        };
        assert!(expected.contains(&now), "{now:?} of {expected:?}: {}", story());
    }
}
