//! Tokens: by which keys they are proven here, and what their claims must say.

use super::access::check_url;
use super::file::{PUBLIC_KEYS, optional_file, optional_reread, told};
use super::mode::Mode;
use super::reader::{Faulted, Reader};
use super::setting::{Group, Setting, Unset};
use super::values::{Wrong, shown};
use crate::access::{ExpectedClaims, PublicKeys};
use crate::reload::Fresh;
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use url::Url;

static AUTH_JWKS_URL: Setting = Setting {
    name: "AUTH_JWKS_URL",
    flag: "auth-jwks-url",
    value: "URL",
    unset: Unset::Means(
        "AUTH_PUBLIC_KEY_FILE; without both, tokens are decoded here and proven by Access Manager alone",
    ),
    help: "Where the keys that prove tokens are published (JWKS), for example https://sso.internal/jwks.json.\n\
           They are read again every 5 minutes, and at once for a key that is not known yet.",
};

static AUTH_PUBLIC_KEY_FILE: Setting = Setting {
    name: "AUTH_PUBLIC_KEY_FILE",
    flag: "auth-public-key-file",
    value: "PATH",
    unset: Unset::Means("AUTH_JWKS_URL"),
    help: "A PEM file with the keys that prove tokens instead: RSA of 2048 bits and more, P-256 or Ed25519.\n\
           Read again every 10 s and on SIGHUP: a token is proven by the keys that stand there then.",
};

static AUTH_ISSUER: Setting = Setting {
    name: "AUTH_ISSUER",
    flag: "auth-issuer",
    value: "TEXT",
    unset: Unset::Means("any"),
    help: "What a token's iss must be, to the letter.",
};

static AUTH_AUDIENCE: Setting = Setting {
    name: "AUTH_AUDIENCE",
    flag: "auth-audience",
    value: "TEXT",
    unset: Unset::Means("any"),
    help: "What a token's aud must be or, where that is a list, hold.",
};

static AUTH_ORGANIZATIONS_CLAIM: Setting = Setting {
    name: "AUTH_ORGANIZATIONS_CLAIM",
    flag: "auth-organizations-claim",
    value: "NAME",
    unset: Unset::Means("tokens are not bound to organizations"),
    help: "The claim that names the organizations of a token: a UUID or a list of them.\n\
           For any other organization, and where a token has no such claim, all is FORBIDDEN.",
};

pub(super) static GROUP: Group = Group {
    heading: "Tokens",
    settings: &[
        &AUTH_JWKS_URL,
        &AUTH_PUBLIC_KEY_FILE,
        &AUTH_ISSUER,
        &AUTH_AUDIENCE,
        &AUTH_ORGANIZATIONS_CLAIM,
    ],
};

/// By which keys tokens are proven, and what their claims must say.
#[derive(Clone, Debug)]
pub struct Tokens {
    /// By which keys.
    pub keys: TokenKeys,
    /// What the claims are compared with.
    pub expected: ExpectedClaims,
}

/// The keys that prove tokens.
#[derive(Clone, Debug)]
pub enum TokenKeys {
    /// None here: Access Manager proves tokens.
    None,
    /// Those that are published at this URL.
    Published(Url),
    /// Those of a file, as it is now.
    OfFile(Arc<Fresh<PublicKeys>>),
}

impl Tokens {
    pub(super) fn read(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<Self, Faulted> {
        let keys = keys(reader, mode);
        let issuer = reader.optional_never_blank(&AUTH_ISSUER, text);
        let audience = reader.optional_never_blank(&AUTH_AUDIENCE, text);
        let organizations_claim = reader.optional_never_blank(&AUTH_ORGANIZATIONS_CLAIM, text);
        let expected = ExpectedClaims {
            issuer: issuer?,
            audience: audience?,
            organizations_claim: organizations_claim?,
        };
        Ok(Self { keys: keys?, expected })
    }

    /// Settings that compare claims which nothing here proves.
    pub(super) fn unproven(&self) -> Vec<&'static str> {
        let ExpectedClaims { issuer, audience, organizations_claim } = &self.expected;
        let set = [
            (&AUTH_ISSUER, issuer),
            (&AUTH_AUDIENCE, audience),
            (&AUTH_ORGANIZATIONS_CLAIM, organizations_claim),
        ];
        match self.keys {
            TokenKeys::None => set
                .into_iter()
                .filter(|(_, value)| value.is_some())
                .map(|(setting, _)| setting.name)
                .collect(),
            TokenKeys::Published(_) | TokenKeys::OfFile(_) => Vec::new(),
        }
    }
}

fn keys(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<TokenKeys, Faulted> {
    let url = reader.optional_never_blank(&AUTH_JWKS_URL, key_set_url);
    let named = reader.optional_never_blank(&AUTH_PUBLIC_KEY_FILE, |path| Ok(path.to_owned()));
    if matches!((&url, &named), (Ok(Some(_)) | Err(_), Ok(Some(_)))) {
        let wrong = Wrong::new("is set, and so is AUTH_JWKS_URL", "set one of the two");
        return Err(reader.fault(AUTH_PUBLIC_KEY_FILE.name, wrong));
    }
    named?;
    if let Some(url) = url? {
        return check_url(reader, mode, &AUTH_JWKS_URL, &url).map(|()| TokenKeys::Published(url));
    }
    let Some(text) = optional_file(reader, &AUTH_PUBLIC_KEY_FILE, &PUBLIC_KEYS)? else {
        return Ok(TokenKeys::None);
    };
    let first = public_keys(&text).map_err(|wrong| reader.fault(AUTH_PUBLIC_KEY_FILE.name, wrong))?;
    let reread = optional_reread(reader, &AUTH_PUBLIC_KEY_FILE, &PUBLIC_KEYS)?.map(|text| {
        text.then(|text| public_keys(&text).map_err(|wrong| told(AUTH_PUBLIC_KEY_FILE.name, wrong)))
    });
    Ok(TokenKeys::OfFile(Arc::new(Fresh::new("auth_public_keys", first, reread))))
}

fn public_keys(text: &SecretString) -> Result<PublicKeys, Wrong> {
    PublicKeys::of_pem(text.expose_secret()).map_err(|fault| {
        let remedy = "name a PEM file of public keys (-----BEGIN PUBLIC KEY-----): `openssl pkey -pubout` makes one, \
                      `openssl x509 -noout -pubkey` of a certificate";
        Wrong::new(fault.to_string(), remedy)
    })
}

/// Where a key set is. Unlike a base URL it may have a query. It is never repeated in a fault.
fn key_set_url(text: &str) -> Result<Url, Wrong> {
    const REMEDY: &str =
        "set http(s)://HOST[:PORT]/PATH, for example https://sso.internal/.well-known/jwks.json";
    let url = Url::parse(text).ok().filter(|url| matches!(url.scheme(), "http" | "https"));
    let Some(url) = url.filter(|_| !text.contains(|c: char| c.is_whitespace() || c.is_control())) else {
        return Err(Wrong::new("is no http or https URL", REMEDY));
    };
    if !url.username().is_empty() || url.password().is_some() {
        return Err(Wrong::new("holds a user name or password, which it may not", REMEDY));
    }
    if url.fragment().is_some() {
        return Err(Wrong::new("holds a fragment, which no server ever sees", REMEDY));
    }
    Ok(url)
}

/// Free text, as tokens have it.
fn text(text: &str) -> Result<String, Wrong> {
    if text.len() <= 500 && !text.contains(char::is_control) {
        return Ok(text.to_owned());
    }
    let wrong = format!("{} is longer than 500 bytes, or has control characters", shown(text));
    Err(Wrong::new(wrong, "write it as it stands in the tokens"))
}
