//! How a whole connection string is spelled. Where a password stands in it as it is, its parts look like hosts, names
//! of databases and parameters; so no message repeats anything of it.

use crate::config::values::Wrong;
use mongodb::options::ServerAddress;

/// The form that messages hold up.
pub(super) const FORM: &str = "compare it with mongodb://USER:PASSWORD@HOST:PORT/?NAME=VALUE&NAME=VALUE";

/// What to do about a password that is cut at one of its characters.
const ENCODE: &str = "write @ as %40, : as %3A, / as %2F, ? as %3F, # as %23 and % as %25 in user and \
     password, or set MONGO_URI=mongodb, MONGO_USER and MONGO_PASSWORD, which take them as they are";

/// What the driver would quote, take for something else, or panic at: a `%` before a letter of several bytes.
pub(super) fn check(uri: &str) -> Result<(), Wrong> {
    if uri.contains(char::is_control) {
        let wrong = "holds a line break, or another character that does not show";
        return Err(Wrong::new(wrong, "set the connection string alone, in one line"));
    }
    let schemes = ["mongodb://", "mongodb+srv://"];
    let Some(rest) = schemes.iter().find_map(|scheme| uri.strip_prefix(scheme)) else {
        return Err(Wrong::new("begins with neither mongodb:// nor mongodb+srv://", FORM));
    };
    let (before, parameters) = rest.split_once('?').unwrap_or((rest, ""));
    if parameters.split('&').any(has_stray_at) {
        return Err(Wrong::new(
            "has an @ after a ?, so one of them is not percent-encoded",
            "write %3F for a ? in user and password, %40 for an @ that is not before the host",
        ));
    }
    hosts(after_credentials(before)?)
}

fn after_credentials(before: &str) -> Result<&str, Wrong> {
    let Some((credentials, place)) = before.rsplit_once('@') else { return Ok(before) };
    let (user, password) = credentials.split_once(':').unwrap_or((credentials, ""));
    if is_encoded(user) && is_encoded(password) {
        return Ok(place);
    }
    Err(Wrong::new("has a user name or password that is not percent-encoded", ENCODE))
}

fn hosts(place: &str) -> Result<(), Wrong> {
    let hosts = place.split_once('/').map_or(place, |(hosts, _)| hosts);
    if hosts.split(',').all(is_host) {
        return Ok(());
    }
    Err(Wrong::new("names what is no host or port, or lacks the @ before the host", FORM))
}

/// Whether the `@` before the host may be in this parameter: the `?` before it was a part of the password then. Only
/// Azure writes `@` here, as `appName=@NAME@`, and no host follows the second one.
fn has_stray_at(parameter: &str) -> bool {
    let (name, value) = parameter.split_once('=').unwrap_or((parameter, ""));
    let inner = value.strip_prefix('@').and_then(|value| value.strip_suffix('@'));
    name.contains('@') || inner.unwrap_or(value).contains('@')
}

/// Whether nothing in it ends it for the driver, and each `%` has two digits.
fn is_encoded(text: &str) -> bool {
    let is_pair = |after: &str| match after.as_bytes() {
        [first, second, ..] => first.is_ascii_hexdigit() && second.is_ascii_hexdigit(),
        _ => false,
    };
    !text.contains([':', '/', '?', '#', '[', ']', '@']) && text.split('%').skip(1).all(is_pair)
}

/// Whether it may be a host with its port, or the path of a socket, which is percent-encoded.
pub(super) fn is_host(text: &str) -> bool {
    let allowed = |b: u8| b.is_ascii_alphanumeric() || b".-_:[]%".contains(&b);
    text.bytes().all(allowed) && ServerAddress::parse(text).is_ok()
}
