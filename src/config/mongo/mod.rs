//! MongoDB: where it is, who we are there, and how long anything may take.

mod address;
mod certificates;
mod parameters;
mod rows;
mod spelling;
mod words;

pub(super) use rows::GROUP;

use super::mode::{self, Mode};
use super::reader::{Faulted, Reader};
use super::secret::optional_secret;
use super::setting::Setting;
use super::values::{Wrong, duration, shown, whole_number};
use crate::domain::redacted;
use crate::reload::Reread;
use crate::store::mongo::Settings;
use address::Address;
use mongodb::options::ConnectionString;
use rows::{
    MONGO_CONNECT_TIMEOUT, MONGO_MAX_POOL_SIZE, MONGO_MIN_POOL_SIZE, MONGO_NAME,
    MONGO_SERVER_SELECTION_TIMEOUT, MONGO_TIMEOUT, MONGO_URI,
};
use secrecy::ExposeSecret;
use std::time::Duration;

/// Most connections to one server that may be asked for.
const POOL_MAX: u32 = 10_000;

/// What holds where neither a setting nor the connection string names a database: as in the original.
const NAME: &str = "crm";

/// What a server keeps for itself.
const OWN_DATABASES: [&str; 3] = ["admin", "local", "config"];

/// MongoDB, as it was given.
#[derive(Clone)]
pub struct Mongo {
    settings: Settings,
    reread: Option<Reread<Settings>>,
    /// Whether it is spoken to without TLS.
    pub plain: bool,
    /// Whether its certificates, or the names in them, are not looked at.
    pub unverified: bool,
}
redacted!(Mongo);

impl Mongo {
    /// `None` where `MONGO_URI` is not set.
    pub(super) fn read(
        reader: &mut Reader<'_>,
        mode: Result<&Mode, Faulted>,
    ) -> Result<Option<Self>, Faulted> {
        match Self::once(reader, mode)? {
            None => without_uri(reader).map(|()| None),
            Some(mongo) => Ok(Some(Self { reread: reread(reader)?, ..mongo })),
        }
    }

    /// As it is now; `None` where `MONGO_URI` is not set.
    fn once(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<Option<Self>, Faulted> {
        let Some(uri) = optional_secret(reader, &MONGO_URI)? else { return Ok(None) };
        Self::of(reader, mode, uri.expose_secret().trim()).map(Some)
    }

    fn of(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>, uri: &str) -> Result<Self, Faulted> {
        let address = Address::read(reader, uri);
        let tls = certificates::read(reader);
        let name = reader.optional(&MONGO_NAME, database_name);
        let timeout = reader.value(&MONGO_TIMEOUT, duration);
        let address = address.and_then(|address| {
            let read = address.judge(reader)?;
            parameters::check(reader, mode, &address, &read)?;
            Ok((address, read))
        });
        // Without the connection string it is not known whether it has a value of its own.
        let given = address.as_ref().map(|(_, given)| given).map_err(|faulted| *faulted);
        let pool = pool(reader, given);
        let times = times(reader, given);
        let (address, given) = address?;
        let (tls, (min_pool_size, max_pool_size)) = (tls?, pool?);
        let (connect_timeout, server_selection_timeout) = times?;
        let once = certificates::once(reader, &given, &tls);
        let name = match name {
            Ok(None) => named_inside(reader, given.default_database.as_deref()),
            name => name,
        };
        let plain = address.is_plain(reader, &given, &tls)?;
        if plain && let Err(wrong) = mode?.check_plain("a connection without TLS", "add tls=true") {
            return Err(reader.fault(address.setting(), wrong));
        }
        let unverified = parameters::unverified(&given);
        let database = name?.unwrap_or_else(|| NAME.to_owned());
        once?;
        let settings = Settings {
            uri: address.uri,
            database,
            tls,
            max_pool_size,
            min_pool_size,
            connect_timeout,
            server_selection_timeout,
            timeout: timeout?,
        };
        Ok(Self { settings, reread: None, plain, unverified })
    }

    /// As the adapter takes it.
    pub fn connection(&self) -> Settings {
        self.settings.clone()
    }

    /// How that is read again while the service runs, where files hold a part of it.
    pub fn reread(&self) -> Option<Reread<Settings>> {
        self.reread.clone()
    }
}

fn reread(reader: &mut Reader<'_>) -> Result<Option<Reread<Settings>>, Faulted> {
    let mut in_files = false;
    for setting in rows::FILES {
        in_files |= reader.given(setting)?.is_some();
    }
    if !in_files {
        return Ok(None);
    }
    let settings = GROUP.settings.iter().chain(mode::GROUP.settings).map(|setting| setting.name);
    let kept = reader.keep(settings.chain(rows::SECRETS.iter().map(|secret| secret.name)));
    Ok(Some(Reread::by(move || {
        let read = kept.read(|reader| {
            let mode = Mode::read(reader);
            Mongo::once(reader, mode.as_ref().map_err(|faulted| *faulted))
        });
        let mongo = read.map_err(|faults| faults.to_string())?;
        mongo.map(|mongo| mongo.settings).ok_or_else(|| format!("{} is not set any more", MONGO_URI.name))
    })))
}

/// Settings of MongoDB without MongoDB: the embedded store is hardly meant.
fn without_uri(reader: &mut Reader<'_>) -> Result<(), Faulted> {
    let mut read = Ok(());
    let variables = rows::SECRETS.iter().map(|secret| secret.name);
    let others: Vec<&str> = variables.filter(|name| *name != MONGO_URI.name).collect();
    for name in others {
        if reader.variable(name)?.is_some_and(|text| !text.trim().is_empty()) {
            read = Err(lonely(reader, name));
        }
    }
    for setting in GROUP.settings {
        if reader.given(setting)?.is_some() {
            read = Err(lonely(reader, setting.name));
        }
    }
    read
}

fn lonely(reader: &mut Reader<'_>, setting: &str) -> Faulted {
    let wrong = Wrong::new(
        "is set, and MONGO_URI is not",
        "set MONGO_URI for MongoDB, or unset this for the embedded store",
    );
    reader.fault(setting, wrong)
}

/// Least and most connections to one server.
fn pool(reader: &mut Reader<'_>, given: Result<&ConnectionString, Faulted>) -> Result<(u32, u32), Faulted> {
    let most = either(
        reader,
        &MONGO_MAX_POOL_SIZE,
        |text| whole_number(text, 1..=POOL_MAX),
        |uri| uri.max_pool_size,
        given,
    );
    let least = either(
        reader,
        &MONGO_MIN_POOL_SIZE,
        |text| whole_number(text, 0..=POOL_MAX),
        |uri| uri.min_pool_size,
        given,
    );
    let (most, least) = (most?, least?);
    if most == 0 || least > most {
        let wrong = Wrong::new(
            format!("{least} is more than the {most} connections that there may be"),
            "set it to at most MONGO_MAX_POOL_SIZE",
        );
        return Err(reader.fault(MONGO_MIN_POOL_SIZE.name, wrong));
    }
    Ok((least, most))
}

/// For connecting, and for finding a server.
fn times(
    reader: &mut Reader<'_>,
    given: Result<&ConnectionString, Faulted>,
) -> Result<(Duration, Duration), Faulted> {
    let connect = either(reader, &MONGO_CONNECT_TIMEOUT, duration, |uri| uri.connect_timeout, given);
    let selection =
        either(reader, &MONGO_SERVER_SELECTION_TIMEOUT, duration, |uri| uri.server_selection_timeout, given);
    Ok((connect?, selection?))
}

/// A value that may stand in a setting or in the connection string, and not in both.
fn either<T>(
    reader: &mut Reader<'_>,
    setting: &'static Setting,
    parse: impl FnOnce(&str) -> Result<T, Wrong>,
    inside: impl FnOnce(&ConnectionString) -> Option<T>,
    given: Result<&ConnectionString, Faulted>,
) -> Result<T, Faulted> {
    let is_set = reader.given(setting)?.is_some();
    let value = reader.value(setting, parse)?;
    match inside(given?) {
        None => Ok(value),
        Some(inside) if !is_set => Ok(inside),
        Some(_) => Err(reader.fault(setting.name, twice())),
    }
}

/// Of a setting that the connection string holds too.
fn twice() -> Wrong {
    Wrong::new("is set, and the connection string has a parameter for it", "set one of the two")
}

/// The database that the connection string names. It may be a part of a password, so only known names are repeated.
fn named_inside(reader: &mut Reader<'_>, name: Option<&str>) -> Result<Option<String>, Faulted> {
    let Some(name) = name else { return Ok(None) };
    let wrong = match database_name(name) {
        Ok(name) => return Ok(Some(name)),
        Err(_) if OWN_DATABASES.contains(&name) => Wrong::new(
            format!("names the database {name}, which is the server's own"),
            "set MONGO_NAME, and authSource=admin in the connection string if admin was meant for the login",
        ),
        Err(_) => Wrong::new(
            "has what is no name of a database after its hosts",
            "use up to 38 letters, digits, dashes and underscores, or set MONGO_NAME",
        ),
    };
    Err(reader.fault(MONGO_URI.name, wrong))
}

/// A name as every server takes it, and none of the server's own databases.
fn database_name(text: &str) -> Result<String, Wrong> {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b"-_".contains(&b);
    if OWN_DATABASES.contains(&text) {
        return Err(Wrong::new(format!("{text:?} is one of the server's own databases"), "set another name"));
    }
    if text.len() <= 38 && text.bytes().all(allowed) {
        return Ok(text.to_owned());
    }
    Err(Wrong::new(
        format!("{} is no name of a database", shown(text)),
        "use up to 38 letters, digits, dashes and underscores",
    ))
}
