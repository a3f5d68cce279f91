//! Who a token speaks for.

use super::{identify, open, person_and, token};
use crate::registry::ports::access::{AccessManager, Action, Asked, Decision, Resource};
use crate::upstream::stand_in::call;
use serde_json::{Value, json};

async fn speaker(claims: &Value) -> Result<(String, Asked), &'static str> {
    let identity = identify(Some(&format!("Bearer {}", token(claims)))).await;
    identity.map(|identity| (identity.subject, identity.asked_as)).map_err(|error| error.0)
}

#[tokio::test]
async fn a_normal_user_is_a_person_and_everything_else_an_application() {
    let person = "lerian/7f3c0a52".to_owned();
    assert_eq!(speaker(&person_and(json!({}))).await, Ok((person.clone(), Asked::Person(person))));
    for (claims, subject) in [
        (json!({}), "application"),
        (json!({"type": "application", "owner": "admin", "sub": "admin/app-1"}), "admin/app-1"),
        (json!({"type": "Normal-User", "sub": "s", "owner": "o"}), "s"),
        (json!({"type": ["normal-user"], "sub": "s", "owner": "o"}), "s"),
        (json!({"type": null, "azp": "client-1", "client_id": "client-2"}), "client-1"),
        (json!({"sub": "", "azp": " ", "client_id": "client-2"}), "client-2"),
        (json!({"sub": 7, "azp": {}, "client_id": null}), "application"),
        (json!({"sub": "operators/s"}), "operators/s"),
        (json!({"sub": "é".repeat(256)}), &*"é".repeat(256)),
    ] {
        assert_eq!(speaker(&claims).await, Ok((subject.to_owned(), Asked::Application)), "{claims}");
    }
}

#[tokio::test]
async fn a_subject_that_cannot_be_one_is_refused() {
    let person = |owner: Value, sub: Value| person_and(json!({"owner": owner, "sub": sub}));
    for (claims, why) in [
        (json!({"type": "normal-user"}), "`owner` and `sub`"),
        (json!({"type": "normal-user", "sub": "s"}), "`owner` and `sub`"),
        (json!({"type": "normal-user", "owner": "o"}), "`owner` and `sub`"),
        (person(json!(""), json!("s")), "`owner` and `sub`"),
        (person(json!("o"), json!(" ")), "`owner` and `sub`"),
        (person(json!("o"), json!(7)), "`owner` and `sub`"),
        (person(json!(null), json!("s")), "`owner` and `sub`"),
        (person(json!("o/p"), json!("s")), "slash"),
        (person(json!("o"), json!("s".repeat(255))), "256"),
        (person(json!("o"), json!("s\nlevel=ERROR")), "control"),
        (person(json!("o\u{7f}"), json!("s")), "control"),
        (json!({"sub": "s".repeat(257)}), "256"),
        (json!({"sub": "s\u{0}"}), "control"),
        (json!({"sub": "\u{202e}s"}), "invisible"),
        (json!({"azp": "s\u{200b}"}), "invisible"),
        (json!({"client_id": "s\u{2028}"}), "invisible"),
        (person(json!("operator"), json!("maria.souza")), "`operator/`"),
        (person(json!("system"), json!("link-check")), "`system/`"),
        (json!({"sub": "operator/maria.souza"}), "`operator/`"),
        (json!({"azp": "system/link-check"}), "`system/`"),
    ] {
        assert!(speaker(&claims).await.unwrap_err().contains(why), "{claims}");
    }
}

#[tokio::test]
async fn where_authorisation_is_off_everyone_may_and_a_token_is_optional() {
    let nobody = open().identify(None).await.unwrap();
    assert!(nobody.token.is_none());
    assert_eq!((nobody.subject.as_str(), nobody.asked_as), ("anonymous", Asked::Application));
    let authorization = format!("Bearer {}", token(&person_and(json!({}))));
    let someone = open().identify(Some(&authorization)).await.unwrap();
    assert_eq!(someone.subject, "lerian/7f3c0a52");
    assert!(someone.token.is_some());
    let decision = open().decide(&call(Asked::Application), Resource::Holders, Action::Post).await;
    assert_eq!(decision, Ok(Decision::Allowed));
    assert_eq!(open().health().await, Ok(()));
}
