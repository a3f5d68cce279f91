//! What the sandbox says when it is up: nicely for a person, as one line of JSON for a script.

use super::super::failure::Failure;
use super::super::service::Service;
use super::is_terminal;
use super::tabs::{free_account, new_holder};
use crate::domain::ids::AccountId;
use crate::http::graphiql::examples::CREATE;
use crate::registry::Registry;
use crate::sandbox::{Running, World};
use serde_json::json;
use std::collections::BTreeMap;
use std::fmt::Write;

/// What there is to tell.
pub(super) struct Facts<'a> {
    pub(super) world: &'a World,
    pub(super) service: &'a Service,
    pub(super) access_manager: &'a Running,
    pub(super) ledger: &'a Running,
}

impl Facts<'_> {
    /// One line for scripts.
    pub(super) fn json(&self) -> Result<String, Failure> {
        let (base, ops) = self.urls()?;
        let (organization, other, refused) =
            (self.world.organization(), self.world.other(), self.world.refused());
        let tokens = self.world.tokens();
        let line = json!({
            "graphql": format!("{base}/graphql"),
            "graphiql": format!("{base}/graphiql"),
            "ops": ops,
            "organizationId": organization.id,
            "ledgerId": organization.ledger.id,
            "accountIds": organization.open_accounts,
            "blockedAccountId": refused.blocked,
            "externalAccountId": refused.external,
            "deletedAccountId": refused.deleted,
            "other": {
                "organizationId": other.id,
                "ledgerId": other.ledger.id,
                "accountIds": other.open_accounts,
            },
            "tokens": {
                "admin": tokens.admin,
                "editor": tokens.editor,
                "contributor": tokens.contributor,
                "viewer": tokens.viewer,
                "nobody": tokens.nobody,
            },
            "client": {
                "id": self.world.application().client_id,
                "secret": self.world.application().client_secret,
            },
            "subjects": BTreeMap::from(self.world.subjects()),
            "accessManager": self.access_manager.url(),
            "ledger": self.ledger.url(),
        });
        Ok(format!("{line}\n"))
    }

    /// The welcome for a person.
    pub(super) async fn text(&self, registry: &Registry) -> Result<String, Failure> {
        let (base, ops) = self.urls()?;
        let organization = self.world.organization();
        let mut page = Page::default();
        page.title("holdergraph sandbox", "everything on this machine, nothing to set up");
        page.line("Start here", &format!("{base}/"));
        page.line("GraphiQL", &format!("{base}/graphiql  (press play in the tabs, from left to right)"));
        page.line("GraphQL", &format!("{base}/graphql"));
        page.line("Health", &format!("{base}/readyz"));
        page.line("Metrics", &format!("{ops}/metrics"));
        page.line("Access Manager", &self.access_manager.url());
        page.line("Ledger", &self.ledger.url());
        page.line("Rehearse outages", "PUT /_sandbox/faults at either of the two; see docs/rehearsing.md");
        page.title("Organization", "the header X-Organization-Id");
        page.line("Organization", &organization.id.to_string());
        page.line("Ledger id", &organization.ledger.id.to_string());
        let next = free_account(self.world, registry).await;
        for (index, account) in open_accounts(&organization.open_accounts, next).into_iter().enumerate() {
            page.line(if index == 0 { "Open accounts" } else { "" }, &account.to_string());
        }
        let refused = self.world.refused();
        page.line("Blocked account", &refused.blocked.to_string());
        page.line("External account", &refused.external.to_string());
        page.line("Deleted account", &refused.deleted.to_string());
        page.title("Tokens", "the header Authorization: Bearer …");
        let tokens = self.world.tokens();
        for (name, may, token) in [
            ("admin", "everything: get, post, patch, delete, purge, audit", &tokens.admin),
            ("editor", "get, post, patch, delete", &tokens.editor),
            ("contributor", "get, post, patch", &tokens.contributor),
            ("viewer", "get", &tokens.viewer),
            ("nobody", "nothing", &tokens.nobody),
        ] {
            page.line(name, may);
            page.plain(token);
        }
        page.title("Try it", "this line works when pasted, also twice");
        page.plain(&self.curl(&base));
        Ok(page.0 + "\nStop with Ctrl+C; start over with --fresh.\n\n")
    }

    fn urls(&self) -> Result<(String, String), Failure> {
        Ok((format!("http://{}", self.service.address()?), format!("http://{}", self.service.ops_address()?)))
    }

    fn curl(&self, base: &str) -> String {
        let query: String = CREATE.split_whitespace().collect::<Vec<_>>().join(" ");
        let body = json!({"query": query, "variables": {"input": new_holder()}});
        format!(
            "curl -s {base}/graphql -H 'Content-Type: application/json' -H 'X-Organization-Id: {}' \
             -H 'Authorization: Bearer {}' -d '{body}'",
            self.world.organization().id,
            self.world.tokens().contributor,
        )
    }
}

/// Three accounts, the one that is free first.
fn open_accounts(accounts: &[AccountId], free: Option<AccountId>) -> Vec<AccountId> {
    let others = accounts.iter().copied().filter(|account| Some(*account) != free);
    free.into_iter().chain(others).take(3).collect()
}

/// Text in two columns, with colours where the terminal has them.
#[derive(Default)]
struct Page(String);

impl Page {
    fn title(&mut self, title: &str, explanation: &str) {
        let (bold, dim, plain) = if is_terminal() { ("\x1b[1m", "\x1b[2m", "\x1b[0m") } else { ("", "", "") };
        let _ = writeln!(self.0, "\n  {bold}{title}{plain} {dim}· {explanation}{plain}");
    }

    fn line(&mut self, name: &str, value: &str) {
        let _ = writeln!(self.0, "    {name:<17} {value}");
    }

    /// Something to be copied: at the left margin, so that the terminal adds nothing to it.
    fn plain(&mut self, text: &str) {
        let _ = writeln!(self.0, "{text}");
    }
}
