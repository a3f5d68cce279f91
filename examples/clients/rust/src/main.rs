//! The flow: create a holder, link an account, read both, change some fields and leave the others alone, clear some.

mod change;
mod client;
mod operations;

use change::Change::{Clear, Set};
use client::{Answer, Client};
use cynic::{GraphQlErrorPathSegment, Id, MutationBuilder, QueryBuilder};
use operations::*;
use serde_json::{Value, json};
use std::error::Error;

fn setting(name: &str) -> Result<String, String> {
    std::env::var(name).map_err(|_| format!("{name} is not set"))
}

/// Every mutation answers a refusal that the caller can mend in userErrors, at the field that is at fault.
fn none_refused(errors: &[UserError]) -> Result<(), String> {
    let said: Vec<_> =
        errors.iter().map(|error| format!("{}: {}", error.field.join("."), error.message)).collect();
    if said.is_empty() { Ok(()) } else { Err(format!("refused: {}", said.join("; "))) }
}

async fn read(client: &Client, id: &Id) -> Result<Answer<ReadHolder>, Box<dyn Error>> {
    client.request(ReadHolder::build(ReadHolderVariables { id: id.clone() })).await
}

/// What the service says to an update: nothing where it is done.
async fn update(client: &Client, input: UpdateHolderInput) -> Result<Vec<UserError>, Box<dyn Error>> {
    let answer = client.request(UpdateHolder::build(UpdateHolderVariables { input })).await?;
    Ok(answer.data.update_holder.ok_or("the mutation was refused; the errors say why")?.user_errors)
}

async fn create(client: &Client, input: CreateHolderInput) -> Result<Id, Box<dyn Error>> {
    let created = client.request(CreateHolder::build(CreateHolderVariables { input })).await?.data;
    let created = created.create_holder.ok_or("the holder was refused")?;
    none_refused(&created.user_errors)?;
    Ok(created.holder.ok_or("the new holder has been purged since")?.id)
}

/// Of a holder that has no more than a name: an object that is left alone is not sent, as an empty one would be made.
async fn rename_bare(client: &Client) -> Result<Option<Holder>, Box<dyn Error>> {
    let input = CreateHolderInput {
        holder_type: HolderType::NaturalPerson,
        name: "Ana Souza".into(),
        document: format!("{}-BARE", setting("DOCUMENT")?),
        external_id: None,
        contact: None,
        natural_person: None,
        metadata: None,
    };
    let id = create(client, input).await?;
    let input = UpdateHolderInput { name: Set("Ana Lima".into()), ..UpdateHolderInput::of(&id) };
    none_refused(&update(client, input).await?)?;
    Ok(read(client, &id).await?.data.holder)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let (url, organization_id) = (setting("URL")?, setting("ORGANIZATION_ID")?);
    let client = Client::new(url.clone(), organization_id.clone(), setting("TOKEN")?)?;
    let restricted = Client::new(url, organization_id, setting("RESTRICTED_TOKEN")?)?;

    let input = CreateHolderInput {
        holder_type: HolderType::NaturalPerson,
        name: "Maria Souza".into(),
        document: setting("DOCUMENT")?,
        external_id: Some("customer-1".into()),
        contact: Some(ContactInput {
            primary_email: Set("maria@example.com".into()),
            secondary_email: Set("souza@example.com".into()),
            mobile_phone: Set("+55 11 90000-0001".into()),
        }),
        natural_person: Some(NaturalPersonInput { birth_date: Some(Date("1990-02-28".into())) }),
        metadata: Some(Metadata(json!({"segment": "retail"}))),
    };
    let id = create(&client, input).await?;

    let input = CreateAliasAccountInput {
        holder_id: id.clone(),
        ledger_id: Uuid(setting("LEDGER_ID")?),
        account_id: Uuid(setting("ACCOUNT_ID")?),
    };
    let linked = client.request(LinkAccount::build(LinkAccountVariables { input })).await?.data;
    let linked = linked.create_alias_account.ok_or("the link was refused")?;
    none_refused(&linked.user_errors)?;
    let account = linked.alias_account.ok_or("the new alias account has been purged since")?;

    let before = read(&client, &id).await?.data.holder.ok_or("no holder")?;

    // Absent leaves alone: of the contact only the telephone number changes, and all else of the holder but its name stays.
    let contact = ContactInput { mobile_phone: Set("+55 11 90000-0002".into()), ..ContactInput::default() };
    let errors = update(
        &client,
        UpdateHolderInput {
            expected_version: Some(before.version),
            name: Set("Maria Lima".into()),
            contact: Set(contact),
            ..UpdateHolderInput::of(&id)
        },
    )
    .await?;
    none_refused(&errors)?;
    let changed = read(&client, &id).await?.data.holder;

    // Null clears: the external id, and of the contact the first e-mail address.
    let contact = ContactInput { primary_email: Clear, ..ContactInput::default() };
    let input = UpdateHolderInput { external_id: Clear, contact: Set(contact), ..UpdateHolderInput::of(&id) };
    none_refused(&update(&client, input).await?)?;
    let cleared = read(&client, &id).await?.data.holder;

    // Bad input is no error of GraphQL: the payload says which field is wrong, and how.
    let contact = ContactInput { primary_email: Set("no address".into()), ..ContactInput::default() };
    let refused =
        update(&client, UpdateHolderInput { contact: Set(contact), ..UpdateHolderInput::of(&id) }).await?;

    // This token may read holders and no alias accounts: the holder is there, its accounts are null, and an error says why.
    let partial = read(&restricted, &id).await?;

    let bare = rename_bare(&client).await?;

    let seen = json!({
        "holderId": id,
        "aliasAccountId": account.id,
        "linkUsable": matches!(account.link.status, LinkStatus::Verified),
        "before": before,
        "changed": changed,
        "cleared": cleared,
        "refused": refused.iter().map(|error| json!({"code": error.code, "field": error.field})).collect::<Vec<_>>(),
        "partial": {
            "holder": partial.data.holder,
            "errors": partial.errors.iter().map(|error| json!({
                "code": error.extensions.as_ref().map(|extensions| &extensions.code),
                "path": error.path.iter().flatten().map(segment).collect::<Vec<_>>(),
            })).collect::<Vec<_>>(),
        },
        "bare": bare,
    });
    println!("{seen}");
    Ok(())
}

fn segment(segment: &GraphQlErrorPathSegment) -> Value {
    match segment {
        GraphQlErrorPathSegment::Field(name) => json!(name),
        GraphQlErrorPathSegment::Index(index) => json!(index),
    }
}
