//! A change of a sandbox account, as `PUT …/_sandbox/…` takes it.

use super::accounts::{Account, DEFAULT_TYPE};
use crate::domain::time::Timestamp;
use serde_json::{Map, Value};

/// How long a type or a holder's id may be, as in the ledger.
const LONGEST_TEXT: usize = 256;

/// What shall be different; a field that is left out stays as it is.
#[derive(Clone, Default, PartialEq)]
pub(super) struct Change {
    blocked: Option<Option<bool>>,
    account_type: Option<Option<String>>,
    holder_id: Option<Option<String>>,
    deleted_at: Option<Option<Timestamp>>,
}

impl Change {
    /// Reads a request's body; what is wrong with it is told all at once.
    pub(super) fn read(body: &[u8]) -> Result<Self, String> {
        let fields: Map<String, Value> = serde_json::from_slice(body)
            .map_err(|_| "the body must be a JSON object, such as {\"blocked\": true}".to_owned())?;
        let mut change = Self::default();
        let mut faults = Vec::new();
        for (name, value) in fields {
            let taken = match name.as_str() {
                "blocked" => boolean(value).map(|value| change.blocked = Some(value)),
                "type" => text(value).map(|value| change.account_type = Some(value)),
                "holderId" => text(value).map(|value| change.holder_id = Some(value)),
                "deletedAt" => instant(value).map(|value| change.deleted_at = Some(value)),
                _ => Err("is unknown; there are `blocked`, `type`, `holderId` and `deletedAt`"),
            };
            if let Err(fault) = taken {
                faults.push(format!("`{}` {fault}", name.escape_debug()));
            }
        }
        if faults.is_empty() { Ok(change) } else { Err(faults.join("; ")) }
    }

    /// Makes the change. A type that is cleared is a new account's again: the ledger knows none without.
    pub(super) fn apply(self, account: &mut Account, at: Timestamp) {
        if let Some(blocked) = self.blocked {
            account.blocked = blocked;
        }
        if let Some(account_type) = self.account_type {
            account.account_type = account_type.unwrap_or_else(|| DEFAULT_TYPE.to_owned());
        }
        if let Some(holder_id) = self.holder_id {
            account.holder_id = holder_id;
        }
        if let Some(deleted_at) = self.deleted_at {
            account.deleted_at = deleted_at;
        }
        account.updated_at = at;
    }
}

type Read<T> = Result<Option<T>, &'static str>;

fn boolean(value: Value) -> Read<bool> {
    match value {
        Value::Null => Ok(None),
        Value::Bool(value) => Ok(Some(value)),
        _ => Err("must be true, false or null"),
    }
}

fn text(value: Value) -> Read<String> {
    match value {
        Value::Null => Ok(None),
        Value::String(text) if (1..=LONGEST_TEXT).contains(&text.chars().count()) => Ok(Some(text)),
        _ => Err("must be a string of 1 to 256 characters, or null"),
    }
}

fn instant(value: Value) -> Read<Timestamp> {
    const FAULT: &str = "must be an RFC 3339 date-time such as \"2026-11-23T19:13:05Z\", or null";
    match value {
        Value::Null => Ok(None),
        Value::String(text) => {
            let instant: jiff::Timestamp = text.parse().map_err(|_| FAULT)?;
            Ok(Some(Timestamp(instant.as_millisecond())))
        }
        _ => Err(FAULT),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use serde_json::json;

    fn read(body: Value) -> Result<Change, String> {
        Change::read(body.to_string().as_bytes())
    }

    fn account() -> Account {
        Account::open("n".to_owned(), "@n".to_owned(), "savings", Timestamp(1))
    }

    #[test]
    fn given_fields_change_null_clears_and_the_rest_stays() {
        let mut account = account();
        let all = json!({"blocked": true, "type": "external", "holderId": "h",
            "deletedAt": "2026-01-02T03:04:05.006Z"});
        read(all).unwrap().apply(&mut account, Timestamp(2));
        assert_eq!(account.blocked, Some(true));
        assert_eq!(account.account_type, "external");
        assert_eq!(account.holder_id.as_deref(), Some("h"));
        assert_eq!(account.deleted_at.unwrap().to_string(), "2026-01-02T03:04:05.006Z");
        assert_eq!((account.created_at, account.updated_at), (Timestamp(1), Timestamp(2)));

        read(json!({})).unwrap().apply(&mut account, Timestamp(3));
        assert_eq!(account.blocked, Some(true));
        assert_eq!(account.account_type, "external");

        let none = json!({"blocked": null, "type": null, "holderId": null, "deletedAt": null});
        read(none).unwrap().apply(&mut account, Timestamp(4));
        assert_eq!((account.blocked, account.holder_id, account.deleted_at), (None, None, None));
        assert_eq!(account.account_type, DEFAULT_TYPE);
    }

    #[test]
    fn every_fault_is_told_and_named() {
        let fault = read(json!({"blocked": "yes", "type": "", "holderId": 7, "deletedAt": "monday", "x": 1}))
            .err()
            .unwrap();
        for name in ["`blocked`", "`type`", "`holderId`", "`deletedAt`", "`x` is unknown"] {
            assert!(fault.contains(name), "{name}: {fault}");
        }
        for wrong in ["", "[]", "null", "{", "{\"blocked\": true} {}"] {
            assert!(Change::read(wrong.as_bytes()).err().unwrap().contains("JSON object"), "{wrong}");
        }
        assert!(read(json!({"type": "é".repeat(256)})).is_ok());
        assert!(read(json!({"type": "é".repeat(257)})).is_err());
    }

    proptest! {
        #[test]
        fn a_field_that_is_not_known_is_never_swallowed(name in "[a-zA-Z_]{1,12}", value: bool) {
            prop_assume!(!["blocked", "type", "holderId", "deletedAt"].contains(&name.as_str()));
            let fault = read(json!({ &name: value, "blocked": true })).err();
            let named = format!("`{}` is unknown", name);
            prop_assert!(fault.is_some_and(|fault| fault.contains(&named)));
        }
    }
}
