//! The connection: the driver's client, set up as the adapter needs it.

use super::connect_error::ConnectError;
use super::events::{self, Pool};
use super::settings::{Settings, Tls};
use super::unnamed_file::UnnamedFile;
use mongodb::bson::doc;
use mongodb::error::ErrorKind;
use mongodb::options::{
    Acknowledgment, ClientOptions, ReadConcern, ReadPreference, SelectionCriteria, TlsOptions, WriteConcern,
};
use mongodb::{Client, Database};
use secrecy::ExposeSecret;

/// What servers and their logs call us, unless the connection string says otherwise.
const NAME: &str = "holdergraph";

/// Connects, with a pool of its own, and asks the server for a sign of life.
pub(super) async fn open(settings: &Settings, pool: &Pool) -> Result<Database, ConnectError> {
    let in_all = settings.connect_timeout + settings.server_selection_timeout + settings.timeout;
    match tokio::time::timeout(in_all, reach(settings, pool)).await {
        Ok(end) => end,
        Err(_) => Err(ConnectError::Late { time: in_all }),
    }
}

async fn reach(settings: &Settings, pool: &Pool) -> Result<Database, ConnectError> {
    let options = ClientOptions::parse(settings.uri.expose_secret()).await;
    let mut options = options.map_err(|error| match error.kind.as_ref() {
        ErrorKind::DnsResolve { .. } => ConnectError::UnknownName,
        // The driver's words may quote the connection string.
        _ => ConnectError::Uri,
    })?;
    set_up(&mut options, settings, pool);
    let client = {
        let files = certificates(&mut options, &settings.tls)?;
        let client = Client::with_options(options).map_err(|error| ConnectError::of_client(&error))?;
        // The driver has read them by now, once and for all.
        drop(files);
        client
    };
    let database = client.database(&settings.database);
    events::watched(database.run_command(doc! { "ping": 1 }))
        .await
        .map_err(|error| ConnectError::of_command(&error, &settings.database))?;
    Ok(database)
}

/// A write counts once a majority has it in its journal, and a read never sees what might be taken back. The driver
/// repeats nothing by itself: a repeat must know its own first try again, and only the adapter can tell.
fn set_up(options: &mut ClientOptions, settings: &Settings, pool: &Pool) {
    options.write_concern = Some(WriteConcern::builder().w(Acknowledgment::Majority).journal(true).build());
    options.read_concern = Some(ReadConcern::majority());
    options.selection_criteria = Some(SelectionCriteria::ReadPreference(ReadPreference::Primary));
    options.retry_writes = Some(false);
    options.retry_reads = Some(false);
    options.max_pool_size = Some(settings.max_pool_size);
    options.min_pool_size = Some(settings.min_pool_size);
    options.connect_timeout = Some(settings.connect_timeout);
    options.server_selection_timeout = Some(settings.server_selection_timeout);
    options.app_name.get_or_insert_with(|| NAME.to_owned());
    events::listen(options, pool, settings.max_pool_size);
}

/// Hands the certificates of the settings to the driver, which takes files only. They must live until it has read
/// them.
fn certificates(options: &mut ClientOptions, tls: &Tls) -> Result<Vec<UnnamedFile>, ConnectError> {
    if tls.is_empty() {
        return Ok(Vec::new());
    }
    let mut files = Vec::new();
    let mut keep = |text: &str| {
        let file = UnnamedFile::holding(text).map_err(|error| ConnectError::Certificates {
            reason: format!("no temporary file can be made ({error})"),
        })?;
        let path = file.path();
        files.push(file);
        Ok(path)
    };
    let mut given = match options.tls.take() {
        Some(mongodb::options::Tls::Enabled(given)) => given,
        _ => TlsOptions::default(),
    };
    if let Some(authorities) = &tls.authorities {
        given.ca_file_path = Some(keep(authorities)?);
    }
    if let Some(identity) = &tls.identity {
        given.cert_key_file_path = Some(keep(identity.expose_secret())?);
    }
    options.tls = Some(mongodb::options::Tls::Enabled(given));
    Ok(files)
}
