//! What is read from an answer with status 200.

use super::{
    ABSENT, ACCOUNT, ANOTHER, LEDGER, ORGANIZATION, OTHER, account, account_body, ledger_body, outcome, there,
};
use super::{unavailable, with};
use crate::registry::ports::ledger::LedgerError;
use crate::upstream::stand_in::json;
use serde_json::{Value, json as value};

#[tokio::test]
async fn type_holder_and_whether_it_is_blocked_are_read() {
    let rows: [(Value, &str, bool, Option<&str>); 17] = [
        (value!({"blocked": true}), "deposit", true, None),
        (value!({"blocked": true, "status": ABSENT}), "deposit", true, None),
        (value!({"blocked": null}), "deposit", false, None),
        (value!({"blocked": ABSENT}), "deposit", false, None),
        (value!({"blocked": null, "status": {"code": "BLOCKED"}}), "deposit", true, None),
        (value!({"blocked": ABSENT, "status": {"code": "BLOCKED"}}), "deposit", true, None),
        (value!({"blocked": false, "status": {"code": "BLOCKED"}}), "deposit", false, None),
        (value!({"blocked": ABSENT, "status": ABSENT}), "deposit", false, None),
        (value!({"blocked": ABSENT, "status": {"code": null}}), "deposit", false, None),
        (value!({"type": "external"}), "external", false, None),
        (value!({"holderId": OTHER}), "deposit", false, Some(OTHER)),
        (value!({"holderId": "Not-A-UUID"}), "deposit", false, Some("Not-A-UUID")),
        (value!({"holderId": null}), "deposit", false, None),
        (value!({"holderId": ""}), "deposit", false, None),
        (value!({"deletedAt": ABSENT}), "deposit", false, None),
        (value!({"id": ACCOUNT.to_uppercase(), "ledgerId": LEDGER.to_uppercase()}), "deposit", false, None),
        (value!({"something": {"new": [1, 2]}}), "deposit", false, None),
    ];
    for (changes, account_type, blocked, holder) in rows {
        let found = outcome(there(), json(200, &with(account_body(), &changes))).await.unwrap();
        assert_eq!(found.account_type, account_type, "{changes}");
        assert_eq!(found.blocked, blocked, "{changes}");
        assert_eq!(found.holder_id.as_deref(), holder, "{changes}");
    }
}

#[tokio::test]
async fn what_is_deleted_is_not_there() {
    for at in [value!("2026-02-01T00:00:00Z"), value!(""), value!(0), value!({})] {
        let deleted = value!({"deletedAt": at});
        let ledger = json(200, &with(ledger_body(), &deleted));
        assert_eq!(outcome(ledger, account()).await, Err(LedgerError::LedgerNotFound), "{deleted}");
        let account = json(200, &with(account_body(), &deleted));
        assert_eq!(outcome(there(), account).await, Err(LedgerError::AccountNotFound), "{deleted}");
    }
}

#[tokio::test]
async fn an_answer_about_something_else_is_none() {
    for changes in [
        value!({"id": OTHER}),
        value!({"id": ABSENT}),
        value!({"id": null}),
        value!({"organizationId": OTHER}),
        value!({"organizationId": ABSENT}),
        value!({"id": OTHER, "deletedAt": "2026-02-01T00:00:00Z"}),
    ] {
        let ledger = json(200, &with(ledger_body(), &changes));
        assert_eq!(outcome(ledger, account()).await, unavailable(ANOTHER), "ledger {changes}");
        let account = json(200, &with(account_body(), &changes));
        assert_eq!(outcome(there(), account).await, unavailable(ANOTHER), "account {changes}");
    }
    for changes in
        [value!({"ledgerId": OTHER}), value!({"ledgerId": ABSENT}), value!({"ledgerId": ORGANIZATION})]
    {
        let account = json(200, &with(account_body(), &changes));
        assert_eq!(outcome(there(), account).await, unavailable(ANOTHER), "{changes}");
    }
}

#[tokio::test]
async fn an_account_that_does_not_say_what_a_link_depends_on_is_none() {
    for (changes, reason) in [
        (value!({"type": ABSENT}), "`type` is no text"),
        (value!({"type": null}), "`type` is no text"),
        (value!({"type": ""}), "`type` is no text"),
        (value!({"type": ["deposit"]}), "`type` is no text"),
        (value!({"blocked": "true"}), "`blocked` is neither true, false nor null"),
        (value!({"blocked": 0}), "`blocked` is neither true, false nor null"),
        (value!({"blocked": null, "status": "BLOCKED"}), "`status` is no object"),
        (value!({"blocked": null, "status": ["BLOCKED"]}), "`status` is no object"),
        (value!({"blocked": null, "status": {"code": ["BLOCKED"]}}), "`status.code` is no text"),
        (value!({"holderId": 7}), "`holderId` is no text"),
    ] {
        let account = json(200, &with(account_body(), &changes));
        assert_eq!(outcome(there(), account).await, unavailable(reason), "{changes}");
    }
}
