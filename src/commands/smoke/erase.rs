//! Erasing what a run has made, whatever became of its steps.

use super::flow::{Flow, Record, learn, make};
use super::operations::{CREATE_HOLDER, DELETE_ALIAS_ACCOUNT, DELETE_HOLDER, LINK_ACCOUNT, Operation};
use super::service::Trouble;
use super::told::Told;
use serde_json::json;

/// How thoroughly a record went.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Gone {
    /// Nothing is left of it.
    Erased,
    /// It is archived: the token may do no more.
    Archived,
}

/// One kind of record.
struct Kind {
    step: &'static str,
    name: &'static str,
    /// Its resource in Access Manager.
    resource: &'static str,
    create: &'static Operation,
    /// Where its id is in the answer to that.
    id: &'static str,
    delete: &'static Operation,
}

static ALIAS_ACCOUNT: Kind = Kind {
    step: "erase alias account",
    name: "alias account",
    resource: "aliases",
    create: &LINK_ACCOUNT,
    id: "/aliasAccount/id",
    delete: &DELETE_ALIAS_ACCOUNT,
};

static HOLDER: Kind = Kind {
    step: "erase holder",
    name: "holder",
    resource: "holders",
    create: &CREATE_HOLDER,
    id: "/holder/id",
    delete: &DELETE_HOLDER,
};

impl Flow<'_> {
    /// Erases all that there is; what was told is handed back.
    pub(super) async fn erase(mut self) -> Told {
        let alias_account = std::mem::take(&mut self.alias_account);
        self.remove(&ALIAS_ACCOUNT, alias_account).await;
        let holder = std::mem::take(&mut self.holder);
        if self.remove(&HOLDER, holder).await == Some(Gone::Erased) {
            // Its archived alias accounts went with it, and it would not have gone before its live ones.
            self.told.nothing_is_left();
        }
        self.told
    }

    async fn remove(&mut self, kind: &Kind, record: Record) -> Option<Gone> {
        let id = match self.known(kind, record).await {
            Ok(id) => id?,
            Err(trouble) => {
                self.told.failed(kind.step, &format!("whether it is there is not known: {}", trouble.text));
                let holder = self.external_id();
                self.told.left(format!("perhaps the {} of the holder with external id {holder}", kind.name));
                return None;
            }
        };
        match self.delete(kind, &id).await {
            Ok(Gone::Erased) => {
                self.told.ok(kind.step, &id);
                Some(Gone::Erased)
            }
            Ok(Gone::Archived) => {
                let resource = kind.resource;
                let detail = format!("{id} is archived, not erased: the token may not purge {resource}");
                self.told.noted(kind.step, &detail);
                self.told.left(format!("archived {} {id}", kind.name));
                Some(Gone::Archived)
            }
            Err(trouble) => {
                self.told.failed(kind.step, &format!("{id}: {}", trouble.text));
                self.told.left(format!("{} {id}", kind.name));
                None
            }
        }
    }

    /// The id of a record; `None` where there is none. Of what nobody knows, the same call with the same key tells.
    async fn known(&self, kind: &Kind, mut record: Record) -> Result<Option<String>, Trouble> {
        if let Record::Unsure(input) = record.clone() {
            let made = make(self.service, kind.create, &input, kind.id).await;
            match learn(&mut record, made) {
                // Any other error says nothing of what the first call has done.
                Err(trouble) if !trouble.refused => return Err(trouble),
                _ => {}
            }
        }
        match record {
            Record::There(id) => Ok(Some(id)),
            Record::None | Record::Unsure(_) => Ok(None),
        }
    }

    async fn delete(&self, kind: &Kind, id: &str) -> Result<Gone, Trouble> {
        match self.delete_by(kind, id, "HARD").await {
            Ok(()) => Ok(Gone::Erased),
            Err(trouble) if trouble.is_forbidden() => {
                self.delete_by(kind, id, "SOFT").await.map(|()| Gone::Archived)
            }
            Err(trouble) => Err(trouble),
        }
    }

    async fn delete_by(&self, kind: &Kind, id: &str, mode: &str) -> Result<(), Trouble> {
        let key = format!("smoke-{}-{}-{mode}", self.mark, kind.delete.field);
        let input = json!({"id": id, "mode": mode, "idempotencyKey": key});
        let payload = self.service.ask(kind.delete, json!({"input": input})).await?;
        match payload.get("deletedId").and_then(|deleted| deleted.as_str()) == Some(id) {
            true => Ok(()),
            false => Err(Trouble::plain("the answer names another record, or none")),
        }
    }
}
