//! The flow itself: is it alive, which version, create, link, read.

use super::operations::{CREATE_HOLDER, LINK_ACCOUNT, Operation, READ_BOTH, READ_HOLDER};
use super::service::{Service, Trouble, text};
use super::told::Told;
use crate::domain::ids::{AccountId, LedgerId};
use serde_json::{Value, json};
use uuid::Uuid;

/// A record, as far as is known.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) enum Record {
    /// It was not asked for, or refused.
    #[default]
    None,
    /// It was asked for with this input, and nobody has said what became of it.
    Unsure(Value),
    /// It is there, with this id.
    There(String),
}

/// One run.
pub(super) struct Flow<'a> {
    pub(super) service: &'a Service,
    account: Option<(LedgerId, AccountId)>,
    /// Marks what this run makes, and no other.
    pub(super) mark: String,
    pub(super) holder: Record,
    pub(super) alias_account: Record,
    pub(super) told: Told,
}

impl<'a> Flow<'a> {
    /// One that has not begun.
    pub(super) fn new(service: &'a Service, account: Option<(LedgerId, AccountId)>, told: Told) -> Self {
        let (holder, alias_account) = (Record::None, Record::None);
        Self { service, account, mark: mark(Uuid::new_v4()), holder, alias_account, told }
    }

    /// All steps but those that erase; the first one that fails is the last.
    pub(super) async fn make_and_read(&mut self) {
        if let Err((step, trouble)) = self.steps().await {
            self.told.failed(step, &trouble.text);
        }
    }

    /// Somebody wants it to end.
    pub(super) fn interrupted(&mut self) {
        self.told
            .failed("interrupted", "by a signal: what was made is erased, and a second signal ends that too");
    }

    async fn steps(&mut self) -> Result<(), (&'static str, Trouble)> {
        self.alive().await.map_err(|trouble| ("alive", trouble))?;
        self.version().await.map_err(|trouble| ("version", trouble))?;
        let (holder, masked) = self.create_holder().await.map_err(|trouble| ("create holder", trouble))?;
        let alias_account = match self.account {
            Some((ledger, account)) => {
                let linked = self.link_account(&holder, ledger, account).await;
                Some(linked.map_err(|trouble| ("link account", trouble))?)
            }
            None => None,
        };
        self.read(&holder, &masked, alias_account.as_deref()).await.map_err(|trouble| ("read", trouble))
    }

    async fn alive(&mut self) -> Result<(), Trouble> {
        let answer = self.service.get("health").await?;
        if answer.get("status").and_then(Value::as_str) != Some("alive") {
            return Err(Trouble::plain("whoever answers is not holdergraph: is --url its base URL?"));
        }
        self.told.ok("alive", "");
        Ok(())
    }

    async fn version(&mut self) -> Result<(), Trouble> {
        let answer = Value::Object(self.service.get("version").await?);
        let told: Vec<String> = ["/version", "/commit"].iter().map(|path| text(&answer, path)).collect();
        self.told.ok("version", told.join(" ").trim_end());
        Ok(())
    }

    /// Its id, and its document's mask.
    async fn create_holder(&mut self) -> Result<(String, String), Trouble> {
        let input = json!({
            "type": "NATURAL_PERSON",
            "name": "holdergraph smoke",
            "document": format!("SMOKE {}", self.mark),
            "externalId": self.external_id(),
            "idempotencyKey": format!("smoke-{}-holder", self.mark),
        });
        // Before it is sent: whatever ends this, it may be there.
        self.holder = Record::Unsure(input.clone());
        let made = make(self.service, &CREATE_HOLDER, &input, "/holder/id").await;
        let (id, payload) = learn(&mut self.holder, made)?;
        self.told.ok("create holder", &id);
        Ok((id, text(&payload, "/holder/documentMasked")))
    }

    async fn link_account(
        &mut self,
        holder: &str,
        ledger: LedgerId,
        account: AccountId,
    ) -> Result<String, Trouble> {
        let input = json!({
            "holderId": holder,
            "ledgerId": ledger.to_string(),
            "accountId": account.to_string(),
            "idempotencyKey": format!("smoke-{}-alias-account", self.mark),
        });
        self.alias_account = Record::Unsure(input.clone());
        let made = make(self.service, &LINK_ACCOUNT, &input, "/aliasAccount/id").await;
        let (id, payload) = learn(&mut self.alias_account, made)?;
        verified(&payload, "/aliasAccount/link/status")?;
        self.told.ok("link account", &format!("{id} VERIFIED"));
        Ok(id)
    }

    async fn read(&mut self, holder: &str, masked: &str, alias_account: Option<&str>) -> Result<(), Trouble> {
        let operation = if alias_account.is_some() { &READ_BOTH } else { &READ_HOLDER };
        let found = self.service.ask(operation, json!({"id": holder})).await?;
        for (path, expected) in
            [("/id", holder), ("/externalId", self.external_id().as_str()), ("/documentMasked", masked)]
        {
            if found.pointer(path).and_then(Value::as_str) != Some(expected) {
                let name = path.trim_start_matches('/');
                return Err(Trouble::plain(&format!("the holder's {name} is not what was written")));
            }
        }
        let Some(alias_account) = alias_account else {
            self.told.ok("read", "the holder is as it was written");
            return Ok(());
        };
        let linked = found.pointer("/aliasAccounts/nodes").and_then(Value::as_array);
        match linked.map(Vec::as_slice) {
            Some([one]) if one.pointer("/id").and_then(Value::as_str) == Some(alias_account) => {
                verified(one, "/link/status")?;
            }
            _ => return Err(Trouble::plain("the holder has not the one alias account that was linked")),
        }
        self.told.ok("read", "holder and alias account are as they were written");
        Ok(())
    }

    /// By which its holder can be found.
    pub(super) fn external_id(&self) -> String {
        format!("holdergraph-smoke-{}", self.mark)
    }
}

/// Makes a record, and tells its id with the whole payload.
pub(super) async fn make(
    service: &Service,
    operation: &Operation,
    input: &Value,
    id: &str,
) -> Result<(String, Value), Trouble> {
    let payload = service.ask(operation, json!({"input": input})).await?;
    match payload.pointer(id).and_then(Value::as_str) {
        Some(id) => Ok((id.to_owned(), payload)),
        None => Err(Trouble { perhaps_done: true, ..Trouble::plain("the answer names no record") }),
    }
}

/// What its maker was told is known of a record from now on.
pub(super) fn learn(
    record: &mut Record,
    made: Result<(String, Value), Trouble>,
) -> Result<(String, Value), Trouble> {
    match &made {
        Ok((id, _)) => *record = Record::There(id.clone()),
        Err(trouble) if !trouble.perhaps_done => *record = Record::None,
        Err(_) => {}
    }
    made
}

fn verified(of: &Value, path: &str) -> Result<(), Trouble> {
    match text(of, path).as_str() {
        "VERIFIED" => Ok(()),
        other => Err(Trouble::plain(&format!("the link is {other} and not VERIFIED"))),
    }
}

/// Letters alone: what has digits in it may look like somebody's document.
fn mark(id: Uuid) -> String {
    id.as_bytes().iter().flat_map(|byte| [byte >> 4, byte & 15]).map(|half| char::from(b'a' + half)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_run_has_a_mark_of_its_own_without_a_digit() {
        let (one, other) = (mark(Uuid::new_v4()), mark(Uuid::new_v4()));
        assert_ne!(one, other);
        assert!(one.len() == 32 && one.bytes().all(|byte| byte.is_ascii_lowercase()), "{one}");
    }
}
