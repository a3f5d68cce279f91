//! Filling an embedded store with people who do not exist.

use crate::generator::People;
use crate::ledger;
use async_graphql::{Request, Variables};
use holdergraph::access::Open;
use holdergraph::audit::recorder::Direct;
use holdergraph::domain::ids::OrganizationId;
use holdergraph::domain::time::Timestamp;
use holdergraph::graphql::{Schema, Session, schema};
use holdergraph::registry::caller::Caller;
use holdergraph::registry::lookup_guard::LookupGuard;
use holdergraph::registry::mint::Mint;
use holdergraph::registry::ports::access::Identity;
use holdergraph::registry::ports::call::{Asked, Call, Organizations};
use holdergraph::registry::turns::Turns;
use holdergraph::registry::{Registry, Rules};
use holdergraph::seal::{Keyring, Keys};
use holdergraph::store::sqlite::{Role, SqliteStore};
use indicatif::{ProgressBar, ProgressStyle};
use serde_json::{Value, json};
use std::path::PathBuf;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use uuid::Uuid;

/// How much of what.
#[derive(clap::Args)]
pub(crate) struct Options {
    /// The directory of the new store
    #[arg(long, value_name = "PATH")]
    data_dir: PathBuf,
    /// How many holders
    #[arg(long, value_name = "NUMBER", default_value_t = 100_000)]
    holders: u64,
    /// How many alias accounts each of them has
    #[arg(long, value_name = "NUMBER", default_value_t = 3)]
    alias_accounts: usize,
    /// Which people: any number up to 2^64-1
    #[arg(long, value_name = "NUMBER", default_value_t = 1)]
    seed: u64,
}

/// So many calls are under way at once: the store commits them together.
const AT_ONCE: usize = 64;

const ONBOARD: &str = "mutation O($input: OnboardHolderInput!) { onboardHolder(input: $input) {
    holder { id } userErrors { code field message } } }";

const STYLE: &str = "{bar:40} {pos}/{len} holders  {per_sec}  {eta} left";

/// The service, in this process.
struct Service {
    schema: Schema,
    registry: Arc<Registry>,
    organization: OrganizationId,
}

pub(crate) async fn fill(options: &Options) -> Result<(), String> {
    let store = SqliteStore::open(&options.data_dir, Role::Server).map_err(|error| error.to_string())?;
    let store = Arc::new(store);
    // Nobody will open this store again.
    let key = || format!("{}{}", Uuid::new_v4().simple(), Uuid::new_v4().simple());
    let (encrypt, hash) = (key(), key());
    let keyring = Keyring::single(&encrypt, &hash).map_err(|_| "the keys of the example do not fit")?;
    let registry = Registry {
        store: store.clone(),
        walks: store.clone(),
        vault: Arc::new(Keys::new(keyring)),
        access: Arc::new(Open::default()),
        ledger: Arc::new(ledger::Everything),
        rules: Rules::default(),
        mint: Mint::new(Arc::new(Timestamp::now)),
        turns: Turns::default(),
        audit: Arc::new(Direct(store.clone())),
        trail: store,
        lookups: Arc::new(LookupGuard::new(None)),
    };
    let organization = OrganizationId(Uuid::now_v7());
    let service = Arc::new(Service { schema: schema(), registry: Arc::new(registry), organization });
    let bar = ProgressBar::new(options.holders);
    bar.set_style(ProgressStyle::with_template(STYLE).map_err(|error| error.to_string())?);
    let mut people = People::new(options.seed);
    let mut calls = JoinSet::new();
    for _ in 0..options.holders {
        let input = input(&mut people, options.alias_accounts)?;
        let service = service.clone();
        calls.spawn(async move { service.onboard(input).await });
        if calls.len() == AT_ONCE
            && let Some(ended) = calls.join_next().await
        {
            ended.map_err(|error| error.to_string())??;
            bar.inc(1);
        }
    }
    while let Some(ended) = calls.join_next().await {
        ended.map_err(|error| error.to_string())??;
        bar.inc(1);
    }
    bar.finish();
    Ok(())
}

/// The next person, with so many accounts: their own ones again and again.
fn input(people: &mut People, alias_accounts: usize) -> Result<Value, String> {
    loop {
        let person = people.next().ok_or("there are no more people")?;
        if person.alias_accounts.is_empty() && alias_accounts > 0 {
            continue;
        }
        let accounts: Vec<Value> = person
            .alias_accounts
            .iter()
            .cycle()
            .take(alias_accounts)
            .cloned()
            .map(|mut account| {
                if let Some(fields) = account.as_object_mut() {
                    fields.insert("ledgerId".to_owned(), json!("01900000-0000-7000-8000-000000000001"));
                    fields.insert("accountId".to_owned(), json!(Uuid::now_v7()));
                }
                account
            })
            .collect();
        return Ok(json!({"holder": person.holder, "aliasAccounts": accounts}));
    }
}

impl Service {
    async fn onboard(&self, input: Value) -> Result<(), String> {
        let call = Call {
            identity: Identity {
                token: None,
                subject: "sizing".to_owned(),
                expires: None,
                asked_as: Asked::Application,
                organizations: Organizations::Any,
            },
            request_id: "sizing".to_owned(),
            traceparent: String::new(),
            client_address: None,
            deadline: Instant::now() + Duration::from_secs(60),
        };
        let caller = Arc::new(Caller::new(call, self.organization, Arc::new(Open::default())));
        let session = Session::new(self.registry.clone(), caller);
        let variables = Variables::from_json(json!({"input": input}));
        let answer = self.schema.execute(Request::new(ONBOARD).variables(variables).data(session)).await;
        let answer = serde_json::to_value(answer).map_err(|error| error.to_string())?;
        match answer.pointer("/data/onboardHolder/holder/id") {
            Some(Value::String(_)) => Ok(()),
            _ => Err(format!("a call was refused: {answer}")),
        }
    }
}
