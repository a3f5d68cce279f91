//! What each part of a store takes, by the store's own word.

use mongodb::bson::{Bson, Document, doc};
use mongodb::options::ClientOptions;
use mongodb::{Client, Database};
use rusqlite::{Connection, OpenFlags};
use std::path::Path;

/// One table, collection or index.
struct Part {
    name: String,
    entries: u64,
    bytes: u64,
}

/// What a server takes in and gives out; it keeps them otherwise.
const AS_BSON: &str = "as BSON";

/// Prints the parts of a store.
pub(crate) async fn measure(store: &str) -> Result<(), String> {
    let parts = match store.split_once("://") {
        Some(("sqlite", directory)) => embedded(Path::new(directory)).map_err(|error| error.to_string())?,
        Some(("mongodb" | "mongodb+srv", _)) => {
            collections(store).await.map_err(|error| error.to_string())?
        }
        _ => return Err(format!("{store} is no store: write sqlite://DIRECTORY or mongodb://HOST/DATABASE")),
    };
    println!("| part | entries | MiB | bytes an entry |\n| --- | ---: | ---: | ---: |");
    for Part { name, entries, bytes } in &parts {
        println!("| {name} | {entries} | {} | {} |", bytes >> 20, bytes.checked_div(*entries).unwrap_or(0));
    }
    let stored = parts.iter().filter(|part| !part.name.ends_with(AS_BSON));
    println!("\n{} MiB in all", stored.map(|part| part.bytes).sum::<u64>() >> 20);
    Ok(())
}

/// Whole pages, with what is free in them.
fn embedded(directory: &Path) -> rusqlite::Result<Vec<Part>> {
    let file = directory.join("holdergraph.db");
    let connection = Connection::open_with_flags(file, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    // In a table without a rowid the inner pages hold rows too; in others only the leaves do.
    let mut parts = connection.prepare(
        "SELECT d.name, sum(CASE WHEN d.pagetype = 'leaf' OR m.type = 'index' OR m.sql LIKE '%WITHOUT ROWID%'
                    THEN d.ncell ELSE 0 END), sum(d.pgsize)
         FROM dbstat d LEFT JOIN sqlite_schema m ON m.name = d.name GROUP BY d.name ORDER BY 3 DESC",
    )?;
    let rows = parts.query_map([], |row| {
        let number = |column: usize| row.get::<_, i64>(column).map(i64::unsigned_abs);
        Ok(Part { name: format!("`{}`", row.get::<_, String>(0)?), entries: number(1)?, bytes: number(2)? })
    })?;
    rows.collect()
}

async fn collections(uri: &str) -> mongodb::error::Result<Vec<Part>> {
    let options = ClientOptions::parse(uri).await?;
    let name = options.default_database.clone().unwrap_or_else(|| "crm".to_owned());
    let database = Client::with_options(options)?.database(&name);
    let mut parts = Vec::new();
    for collection in ["holders", "alias_accounts", "operations"] {
        parts.extend(collection_parts(&database, collection).await?);
    }
    Ok(parts)
}

async fn collection_parts(database: &Database, name: &str) -> mongodb::error::Result<Vec<Part>> {
    let stats = database.run_command(doc! { "collStats": name }).await?;
    let documents = whole(&stats, "count");
    let part = |name: String, entries, bytes| Part { name, entries, bytes };
    let mut parts = vec![
        part(format!("`{name}`, documents {AS_BSON}"), documents, whole(&stats, "size")),
        part(format!("`{name}`, documents as stored"), documents, whole(&stats, "storageSize")),
    ];
    let none = Document::new();
    let sizes = stats.get_document("indexSizes").unwrap_or(&none);
    for index in sizes.keys() {
        let entries = entries(database, name, index).await?;
        parts.push(part(format!("`{name}.{index}`"), entries, whole(sizes, index)));
    }
    Ok(parts)
}

/// How many entries an index has: one a document, or one an element of the array that it is over.
async fn entries(database: &Database, collection: &str, index: &str) -> mongodb::error::Result<u64> {
    let elements = |array: &str| doc! { "$size": { "$ifNull": [format!("${array}"), []] } }.into();
    let each: Bson = match index {
        "claims" => elements("claims"),
        "created" | "updated" => elements("tokens"),
        "unsettled" => doc! { "$cond": [{ "$eq": [{ "$type": "$unsettled" }, "missing"] }, 0, 1] }.into(),
        _ => Bson::Int32(1),
    };
    let pipeline = [doc! { "$group": { "_id": null, "entries": { "$sum": each } } }];
    let mut told = database.collection::<Document>(collection).aggregate(pipeline).await?;
    Ok(if told.advance().await? { whole(&told.deserialize_current()?, "entries") } else { 0 })
}

/// A number in whatever type the server gives it.
fn whole(document: &Document, name: &str) -> u64 {
    let number = document.get(name);
    #[expect(clippy::cast_possible_truncation, reason = "sizes are far below 2^53")]
    let number = number.and_then(|number| {
        number.as_i64().or(number.as_i32().map(i64::from)).or(number.as_f64().map(|number| number as i64))
    });
    number.and_then(|number| u64::try_from(number).ok()).unwrap_or(0)
}
