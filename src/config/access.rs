//! Access Manager: where it is, and how it is asked.

use super::mode::Mode;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, base_url, boolean, name};
use url::Url;

static PLUGIN_AUTH_ENABLED: Setting = Setting {
    name: "PLUGIN_AUTH_ENABLED",
    flag: "plugin-auth-enabled",
    value: "true|false",
    unset: Unset::Default("true"),
    help: "Whether Access Manager is asked.\n\
           false lets every caller do everything, and needs DEPLOYMENT_MODE=local.",
};

static PLUGIN_AUTH_ADDRESS: Setting = Setting {
    name: "PLUGIN_AUTH_ADDRESS",
    flag: "plugin-auth-address",
    value: "URL",
    unset: Unset::Means("PLUGIN_AUTH_HOST; one of the two is required unless PLUGIN_AUTH_ENABLED=false"),
    help: "Base URL of Access Manager, for example https://plugin-auth:4000.",
};

static PLUGIN_AUTH_HOST: Setting = Setting {
    name: "PLUGIN_AUTH_HOST",
    flag: "plugin-auth-host",
    value: "URL",
    unset: Unset::Means("PLUGIN_AUTH_ADDRESS"),
    help: "The same, by its other name. Set one of the two, or both alike.",
};

static AUTH_BEARER_PREFIX: Setting = Setting {
    name: "AUTH_BEARER_PREFIX",
    flag: "auth-bearer-prefix",
    value: "true|false",
    unset: Unset::Default("true"),
    help: "Whether the token is passed on with \"Bearer \" before it; false for older Access Managers.",
};

static AUTH_PRODUCT: Setting = Setting {
    name: "AUTH_PRODUCT",
    flag: "auth-product",
    value: "NAME",
    unset: Unset::Default("plugin-crm"),
    help: "The product that grants are written for; a v4 ledger's grants say midaz.",
};

static AUTH_ALIAS_RESOURCE: Setting = Setting {
    name: "AUTH_ALIAS_RESOURCE",
    flag: "auth-alias-resource",
    value: "NAME",
    unset: Unset::Default("aliases"),
    help: "The resource that grants name alias accounts by; a v4 ledger's grants say instruments.",
};

pub(super) static GROUP: Group = Group {
    heading: "Access Manager",
    settings: &[
        &PLUGIN_AUTH_ENABLED,
        &PLUGIN_AUTH_ADDRESS,
        &PLUGIN_AUTH_HOST,
        &AUTH_BEARER_PREFIX,
        &AUTH_PRODUCT,
        &AUTH_ALIAS_RESOURCE,
    ],
};

/// Where Access Manager is, and how it is asked.
#[derive(Clone, Debug)]
pub struct Access {
    /// Its base URL, without a slash at the end of a path; `None`: nobody is asked, in local mode only.
    pub manager: Option<Url>,
    /// Whether the token is passed on with `Bearer ` before it.
    pub bearer_prefix: bool,
    /// The product that grants are written for.
    pub product: String,
    /// The resource that grants name alias accounts by.
    pub alias_resource: String,
}

impl Access {
    pub(super) fn read(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<Self, Faulted> {
        let enabled = reader.value(&PLUGIN_AUTH_ENABLED, boolean);
        let manager = match enabled {
            Ok(false) => off(reader, mode).map(|()| None),
            Ok(true) => manager(reader, mode).and_then(|url| url.ok_or_else(|| missing(reader))).map(Some),
            Err(faulted) => manager(reader, mode).and(Err(faulted)),
        };
        let bearer_prefix = reader.value(&AUTH_BEARER_PREFIX, boolean);
        let product = reader.value(&AUTH_PRODUCT, name);
        let alias_resource = reader.value(&AUTH_ALIAS_RESOURCE, name);
        Ok(Self {
            manager: manager?,
            bearer_prefix: bearer_prefix?,
            product: product?,
            alias_resource: alias_resource?,
        })
    }
}

/// Without Access Manager everyone may do everything: only where the operator says that it is their own machine.
fn off(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<(), Faulted> {
    if mode?.is_local() {
        return Ok(());
    }
    let wrong = Wrong::new(
        "false is refused outside DEPLOYMENT_MODE=local",
        "set true and PLUGIN_AUTH_ADDRESS, or DEPLOYMENT_MODE=local on a machine of your own",
    );
    Err(reader.fault(PLUGIN_AUTH_ENABLED.name, wrong))
}

/// The base URL, by either of its names.
fn manager(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<Option<Url>, Faulted> {
    let address = address(reader, &PLUGIN_AUTH_ADDRESS);
    let host = self::address(reader, &PLUGIN_AUTH_HOST);
    let (setting, url) = match (address?, host?) {
        (Some(address), Some(host)) if address != host => {
            let wrong = Wrong::new("differs from PLUGIN_AUTH_ADDRESS", "set one of the two, or both alike");
            return Err(reader.fault(PLUGIN_AUTH_HOST.name, wrong));
        }
        (Some(url), _) => (&PLUGIN_AUTH_ADDRESS, url),
        (None, Some(url)) => (&PLUGIN_AUTH_HOST, url),
        (None, None) => return Ok(None),
    };
    check_url(reader, mode, setting, &url)?;
    Ok(Some(url))
}

/// Blank is a fault here and not "unset": a deployment whose template lost the address must not seem to have none.
fn address(reader: &mut Reader<'_>, setting: &Setting) -> Result<Option<Url>, Faulted> {
    let Some(text) = reader.as_given(setting)? else { return Ok(None) };
    if text.is_empty() {
        let wrong = Wrong::new(
            "is blank, and without Access Manager the service refuses to start",
            "set the base URL of Access Manager, for example https://plugin-auth:4000",
        );
        return Err(reader.fault(setting.name, wrong));
    }
    base_url(&text).map(Some).map_err(|wrong| reader.fault(setting.name, wrong))
}

fn missing(reader: &mut Reader<'_>) -> Faulted {
    let wrong = Wrong::new(
        "is required and not set",
        "set the base URL of Access Manager, for example https://plugin-auth:4000",
    );
    reader.fault(PLUGIN_AUTH_ADDRESS.name, wrong)
}

/// Refuses a URL that speaks plain HTTP where that is not let pass.
pub(super) fn check_url(
    reader: &mut Reader<'_>,
    mode: Result<&Mode, Faulted>,
    setting: &Setting,
    url: &Url,
) -> Result<(), Faulted> {
    if url.scheme() == "https" {
        return Ok(());
    }
    mode?.check_plain("plain HTTP", "set an https URL").map_err(|wrong| reader.fault(setting.name, wrong))
}
