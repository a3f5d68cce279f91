//! The settings of `smoke`: which running service it is a client of, and who it is there.

use super::command::SmokeFlags;
use super::faults::Faults;
use super::file::{SECRET, optional_file};
use super::mode::Mode;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, base_url, shown};
use crate::domain::ids::{AccountId, LedgerId, OrganizationId};
use crate::tls::{NamedFile, UpstreamFiles, UpstreamTls};
use secrecy::SecretString;
use std::ffi::OsString;
use std::path::PathBuf;
use url::{Host, Url};

static URL: Setting = Setting {
    name: "SMOKE_URL",
    flag: "url",
    value: "URL",
    unset: Unset::Refused,
    help: "Base URL of the service, without /graphql, for example https://holdergraph:4003.",
};

static TOKEN_FILE: Setting = Setting {
    name: "SMOKE_TOKEN_FILE",
    flag: "token-file",
    value: "FILE",
    unset: Unset::Means("no token is sent"),
    help: "File with a token that may post, get and purge holders, and alias accounts where an account is linked.\n\
           Without `purge` the records are archived (`delete`) and left there.",
};

static ORGANIZATION: Setting = Setting {
    name: "SMOKE_ORGANIZATION",
    flag: "organization",
    value: "UUID",
    unset: Unset::Refused,
    help: "The organization to work in.",
};

static LEDGER: Setting = Setting {
    name: "SMOKE_LEDGER",
    flag: "ledger",
    value: "UUID",
    unset: Unset::Means("no account is linked"),
    help: "The ledger of the account to link.",
};

static ACCOUNT: Setting = Setting {
    name: "SMOKE_ACCOUNT",
    flag: "account",
    value: "UUID",
    unset: Unset::Means("required with --ledger"),
    help: "An account of that ledger which nobody has linked and which nothing else uses: it is linked, and freed again.",
};

static CA_FILE: Setting = Setting {
    name: "SMOKE_CA_FILE",
    flag: "ca-file",
    value: "FILE",
    unset: Unset::Means("the system's authorities"),
    help: "The service's certificate must be of one of these authorities (PEM), instead of the system's.",
};

pub(super) static GROUP: Group =
    Group { heading: "Service", settings: &[&URL, &TOKEN_FILE, &ORGANIZATION, &LEDGER, &ACCOUNT, &CA_FILE] };

/// The settings of `smoke`, checked.
#[derive(Clone, Debug)]
pub struct SmokeConfig {
    /// The service.
    pub base: Url,
    /// Who asks; `None`: nobody says.
    pub token: Option<SecretString>,
    /// The organization to work in.
    pub organization: OrganizationId,
    /// The account to link.
    pub account: Option<(LedgerId, AccountId)>,
    /// Whom to trust.
    pub tls: UpstreamTls,
}

impl SmokeConfig {
    /// Reads and checks all of them.
    ///
    /// # Errors
    /// Every fault of every setting.
    pub fn load(flags: &SmokeFlags, environment: impl Fn(&str) -> Option<OsString>) -> Result<Self, Faults> {
        let mut reader = Reader::new(&flags.0, &environment);
        let mode = Mode::read(&mut reader);
        let token = optional_file(&mut reader, &TOKEN_FILE, &SECRET);
        let base = base(&mut reader, mode, matches!(token, Ok(Some(_))));
        let organization = reader.value(&ORGANIZATION, |text| id(text, OrganizationId::parse));
        let account = account(&mut reader);
        let tls = tls(&mut reader);
        let read = || {
            Ok::<_, Faulted>(Self {
                base: base?,
                token: token?,
                organization: organization?,
                account: account?,
                tls: tls?,
            })
        };
        match read() {
            Ok(config) if reader.faults.is_empty() => Ok(config),
            _ => Err(reader.faults),
        }
    }
}

/// Its base URL, to which a token goes in clear only where nobody else can listen or the operator says so.
fn base(reader: &mut Reader<'_>, mode: Result<Mode, Faulted>, has_token: bool) -> Result<Url, Faulted> {
    let base = reader.value(&URL, service)?;
    if has_token && base.scheme() == "http" && !is_of_this_machine(&base) {
        let passed = mode?.check_plain("a token over plain http to another machine", "set an https URL");
        passed.map_err(|wrong| reader.fault(URL.name, wrong))?;
    }
    Ok(base)
}

fn is_of_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

fn service(text: &str) -> Result<Url, Wrong> {
    let url = base_url(text)?;
    if url.path().ends_with("/graphql") {
        return Err(Wrong::new(
            "ends with /graphql",
            "set the base URL, for example https://holdergraph:4003",
        ));
    }
    Ok(url)
}

fn id<T>(text: &str, parse: impl FnOnce(&str) -> Option<T>) -> Result<T, Wrong> {
    let wrong = || {
        let remedy = "set a UUID of 36 characters, for example 01a20a34-95ae-74da-bded-eb65d1d4a5f0";
        Wrong::new(format!("{} is no UUID", shown(text)), remedy)
    };
    parse(text).ok_or_else(wrong)
}

/// Ledger and account: both or none.
fn account(reader: &mut Reader<'_>) -> Result<Option<(LedgerId, AccountId)>, Faulted> {
    let ledger = reader.optional(&LEDGER, |text| id(text, LedgerId::parse));
    let account = reader.optional(&ACCOUNT, |text| id(text, AccountId::parse));
    let (missing, given) = match (ledger?, account?) {
        (Some(ledger), Some(account)) => return Ok(Some((ledger, account))),
        (None, None) => return Ok(None),
        (Some(_), None) => (&ACCOUNT, &LEDGER),
        (None, Some(_)) => (&LEDGER, &ACCOUNT),
    };
    let wrong = format!("is required with --{}", given.flag);
    Err(reader.fault(missing.name, Wrong::new(wrong, "set both, or none of the two")))
}

fn tls(reader: &mut Reader<'_>) -> Result<UpstreamTls, Faulted> {
    let path = reader.given(&CA_FILE)?;
    let authorities = path.map(|path| NamedFile { setting: CA_FILE.name, path: PathBuf::from(path) });
    let tls = UpstreamTls::load(UpstreamFiles { authorities, identity: None });
    tls.map_err(|problems| {
        for problem in problems {
            reader.fault(problem.setting, Wrong::new(problem.wrong, problem.remedy));
        }
        Faulted
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    const ID: &str = "01a20a34-95ae-74da-bded-eb65d1d4a5f0";

    fn load(settings: &[(&str, &str)]) -> Result<SmokeConfig, String> {
        let settings: BTreeMap<&str, &str> = settings.iter().copied().collect();
        let environment = |name: &str| settings.get(name).map(OsString::from);
        SmokeConfig::load(&SmokeFlags::default(), environment).map_err(|faults| faults.to_string())
    }

    #[test]
    fn a_service_and_an_organization_are_enough() {
        let config = load(&[("SMOKE_URL", "https://holdergraph:4003/"), ("SMOKE_ORGANIZATION", ID)]).unwrap();
        assert_eq!(config.base.as_str(), "https://holdergraph:4003/");
        assert!(config.token.is_none() && config.account.is_none());
    }

    #[test]
    fn a_token_goes_in_clear_to_this_machine_alone_unless_the_operator_says_otherwise() {
        let file = tempfile::NamedTempFile::new().unwrap();
        std::fs::write(file.path(), "token").unwrap();
        let token = file.path().to_str().unwrap();
        let with = |url: &str, more: &[(&str, &str)]| {
            let own = [("SMOKE_URL", url), ("SMOKE_ORGANIZATION", ID), ("SMOKE_TOKEN_FILE", token)];
            load(&[&own[..], more].concat())
        };
        let said = with("http://holdergraph:4003", &[]).unwrap_err();
        assert!(said.contains("SMOKE_URL: a token over plain http to another machine is refused"), "{said}");
        assert!(said.contains("set an https URL, or ALLOW_INSECURE_TLS=true"), "{said}");
        for url in [
            "https://holdergraph:4003",
            "http://127.0.0.1:4003",
            "http://[::1]:4003",
            "http://localhost:4003",
        ] {
            assert!(with(url, &[]).is_ok(), "{url}");
        }
        assert!(with("http://holdergraph:4003", &[("ALLOW_INSECURE_TLS", "true")]).is_ok());
        assert!(with("http://holdergraph:4003", &[("DEPLOYMENT_MODE", "local")]).is_ok());
        assert!(load(&[("SMOKE_URL", "http://holdergraph:4003"), ("SMOKE_ORGANIZATION", ID)]).is_ok());
    }

    #[test]
    fn every_fault_is_named_at_once_and_says_what_would_be_right() {
        let said = load(&[
            ("SMOKE_URL", "http://h:1/graphql"),
            ("SMOKE_ORGANIZATION", "seven"),
            ("SMOKE_LEDGER", ID),
            ("SMOKE_TOKEN_FILE", "/nowhere/at/all"),
            ("SMOKE_CA_FILE", "/nowhere/either"),
        ])
        .unwrap_err();
        for part in [
            "SMOKE_URL: ends with /graphql; set the base URL",
            "SMOKE_ORGANIZATION: \"seven\" is no UUID; set a UUID of 36 characters",
            "SMOKE_ACCOUNT: is required with --ledger",
            "SMOKE_TOKEN_FILE: the file \"/nowhere/at/all\" cannot be read",
            "SMOKE_CA_FILE: the file \"/nowhere/either\" cannot be read",
        ] {
            assert!(said.contains(part), "{part} is not in\n{said}");
        }
        let said = load(&[]).unwrap_err();
        assert!(said.contains("set SMOKE_URL=<URL> or --url") && said.contains("--organization"), "{said}");
    }
}
