//! Traces: whether spans are made, and where they go. The names are OpenTelemetry's own, so that what is known of them
//! holds here; what else they may be there and is not here is refused.

use super::access::check_url;
use super::file::told;
use super::mode::Mode;
use super::reader::{Faulted, Reader};
use super::secret::{optional_secret, reread};
use super::setting::{Group, Secret, Setting, Unset};
use super::values::{Wrong, base_url, boolean, choice, shown, whole_number};
use crate::reload::Fresh;
use crate::telemetry::traces::{Headers, Sampling, Settings};
use percent_encoding::percent_decode_str;
use reqwest::header::{HeaderName, HeaderValue};
use secrecy::{ExposeSecret, SecretString};
use std::sync::Arc;
use std::time::Duration;
use url::{Host, Url};

static ENABLE_TELEMETRY: Setting = Setting {
    name: "ENABLE_TELEMETRY",
    flag: "enable-telemetry",
    value: "true|false",
    unset: Unset::Default("false"),
    help: "Whether requests leave spans, which are sent to a collector over OTLP (HTTP, protobuf).\n\
           Without it no setting whose name begins with OTEL_ is looked at. Metrics and logs do not depend on it.",
};

static ENDPOINT: Setting = Setting {
    name: "OTEL_EXPORTER_OTLP_ENDPOINT",
    flag: "otel-exporter-otlp-endpoint",
    value: "URL",
    unset: Unset::Means("required with ENABLE_TELEMETRY=true"),
    help: "Base URL of the collector, for example https://collector.internal:4318; spans go to its /v1/traces.\n\
           Outside local plain http is for a collector on this machine only. UPSTREAM_CA_FILE holds for it too.",
};

static PROTOCOL: Setting = Setting {
    name: "OTEL_EXPORTER_OTLP_PROTOCOL",
    flag: "otel-exporter-otlp-protocol",
    value: "http/protobuf",
    unset: Unset::Default("http/protobuf"),
    help: "How the collector is spoken to: http/protobuf is the one way.",
};

static TIMEOUT: Setting = Setting {
    name: "OTEL_EXPORTER_OTLP_TIMEOUT",
    flag: "otel-exporter-otlp-timeout",
    value: "MILLISECONDS",
    unset: Unset::Default("10000"),
    help: "How long one export may take, in milliseconds. What was not taken in that time is lost; no request waits.",
};

static HEADERS: Secret = Secret {
    name: "OTEL_EXPORTER_OTLP_HEADERS",
    file: Setting {
        name: "OTEL_EXPORTER_OTLP_HEADERS_FILE",
        flag: "otel-exporter-otlp-headers-file",
        value: "PATH",
        unset: Unset::Means("the variable OTEL_EXPORTER_OTLP_HEADERS, or no headers"),
        help: "File with the headers of each export: name=value, with commas between them and values \
               percent-encoded.\n\
               The variable OTEL_EXPORTER_OTLP_HEADERS may hold them itself; there is no flag for that, since other \
               processes can read command lines. The file is read again every 10 s and on SIGHUP.",
    },
};

static SERVICE_NAME: Setting = Setting {
    name: "OTEL_SERVICE_NAME",
    flag: "otel-service-name",
    value: "NAME",
    unset: Unset::Default("holdergraph"),
    help: "What this service is called in traces.",
};

static RESOURCE_ATTRIBUTES: Setting = Setting {
    name: "OTEL_RESOURCE_ATTRIBUTES",
    flag: "otel-resource-attributes",
    value: "NAME=VALUE,...",
    unset: Unset::Means("none"),
    help: "What else is said of this process with its spans, for example deployment.environment.name=production.",
};

static SAMPLER: Setting = Setting {
    name: "OTEL_TRACES_SAMPLER",
    flag: "otel-traces-sampler",
    value: "SAMPLER",
    unset: Unset::Default("parentbased_always_on"),
    help: "Which requests leave spans: always_on, always_off, traceidratio, parentbased_always_on,\n\
           parentbased_always_off or parentbased_traceidratio. parentbased: where the caller's traceparent says so.",
};

static SAMPLER_ARG: Setting = Setting {
    name: "OTEL_TRACES_SAMPLER_ARG",
    flag: "otel-traces-sampler-arg",
    value: "RATIO",
    unset: Unset::Means("1 where the sampler takes a ratio"),
    help: "Of traceidratio and parentbased_traceidratio: which share of the traces, from 0 to 1, for example 0.1.",
};

pub(super) static GROUP: Group = Group {
    heading: "Traces",
    settings: &[
        &ENABLE_TELEMETRY,
        &ENDPOINT,
        &PROTOCOL,
        &TIMEOUT,
        &HEADERS.file,
        &SERVICE_NAME,
        &RESOURCE_ATTRIBUTES,
        &SAMPLER,
        &SAMPLER_ARG,
    ],
};

/// Longest name or value of a resource attribute.
const ATTRIBUTE_MAX: usize = 256;
/// Most pairs of a list.
const PAIRS_MAX: usize = 64;
/// Headers that the connection itself needs.
const OWN_HEADERS: [&str; 5] = ["connection", "content-length", "content-type", "host", "transfer-encoding"];

/// Reads all of them; `None`: no spans are made.
pub(super) fn read(
    reader: &mut Reader<'_>,
    mode: Result<&Mode, Faulted>,
) -> Result<Option<Settings>, Faulted> {
    if !reader.value(&ENABLE_TELEMETRY, boolean)? {
        return Ok(None);
    }
    let endpoint = endpoint(reader, mode);
    let protocol = reader.value(&PROTOCOL, |text| choice(text, &[("http/protobuf", ())]));
    let timeout = reader.value(&TIMEOUT, |text| whole_number(text, 1..=60_000));
    let headers = headers(reader);
    let service = reader.value(&SERVICE_NAME, service);
    let attributes = reader.optional(&RESOURCE_ATTRIBUTES, attributes);
    let sampling = sampling(reader);
    protocol?;
    Ok(Some(Settings {
        endpoint: endpoint?,
        headers: headers?,
        timeout: Duration::from_millis(timeout?.into()),
        service: service?,
        attributes: attributes?.unwrap_or_default(),
        sampling: sampling?,
    }))
}

fn endpoint(reader: &mut Reader<'_>, mode: Result<&Mode, Faulted>) -> Result<Url, Faulted> {
    let Some(url) = reader.optional(&ENDPOINT, base_url)? else {
        let remedy = "set the collector's base URL, for example https://collector.internal:4318, or \
                      ENABLE_TELEMETRY=false";
        return Err(reader.fault(ENDPOINT.name, Wrong::new("is required with ENABLE_TELEMETRY=true", remedy)));
    };
    if !is_on_this_machine(&url) {
        check_url(reader, mode, &ENDPOINT, &url)?;
    }
    Ok(url)
}

/// Whether nobody else can listen on the way there.
pub(super) fn is_on_this_machine(url: &Url) -> bool {
    match url.host() {
        Some(Host::Ipv4(address)) => address.is_loopback(),
        Some(Host::Ipv6(address)) => address.is_loopback(),
        Some(Host::Domain(name)) => name == "localhost",
        None => false,
    }
}

/// A list of `name=value` pairs, percent-decoded. What is wrong is told by its place: a pair may be a secret.
fn pairs(text: &str) -> Result<Vec<(String, String)>, Wrong> {
    const REMEDY: &str = "write name=value, with commas between pairs and values percent-encoded";
    let mut pairs = Vec::new();
    for (index, pair) in text.split(',').enumerate().filter(|(_, pair)| !pair.trim().is_empty()) {
        let wrong = |what: &str| Wrong::new(format!("is at fault in pair {}: {what}", index + 1), REMEDY);
        let (name, value) = pair.split_once('=').ok_or_else(|| wrong("it has no ="))?;
        let decoded =
            |text: &str| percent_decode_str(text.trim()).decode_utf8().map(|text| text.into_owned());
        let value = decoded(value).map_err(|_| wrong("its value is no UTF-8 text"))?;
        let name = name.trim();
        if name.is_empty() || !name.bytes().all(|b| b.is_ascii_graphic()) {
            return Err(wrong("its name is blank, or not of printable ASCII"));
        }
        pairs.push((name.to_owned(), value));
    }
    match pairs.len() {
        0..=PAIRS_MAX => Ok(pairs),
        _ => Err(Wrong::new(format!("has more than {PAIRS_MAX} pairs"), "leave some out")),
    }
}

fn headers(reader: &mut Reader<'_>) -> Result<Arc<Fresh<Headers>>, Faulted> {
    let Some(text) = optional_secret(reader, &HEADERS)? else {
        return Ok(Arc::new(Fresh::fixed(Headers::default())));
    };
    let first = headers_of(&text).map_err(|wrong| reader.fault(HEADERS.name, wrong))?;
    let reread = reread(reader, &HEADERS)?
        .map(|text| text.then(|text| headers_of(&text).map_err(|wrong| told(HEADERS.file.name, wrong))));
    Ok(Arc::new(Fresh::new("otlp_headers", first, reread)))
}

fn headers_of(text: &SecretString) -> Result<Headers, Wrong> {
    pairs(text.expose_secret()).and_then(checked).map(Headers)
}

fn checked(pairs: Vec<(String, String)>) -> Result<Vec<(String, SecretString)>, Wrong> {
    let checked = pairs.into_iter().enumerate().map(|(index, (name, value))| {
        let wrong = |what: &str, remedy: &str| {
            Wrong::new(format!("is at fault in header {}: {what}", index + 1), remedy)
        };
        let known = HeaderName::try_from(name.as_str());
        let known = known.map_err(|_| wrong("its name is none of HTTP's", "write it as x-api-key"))?;
        if OWN_HEADERS.contains(&known.as_str()) {
            return Err(wrong("the connection sets this one itself", "leave it out"));
        }
        HeaderValue::try_from(value.as_str()).map_err(|_| {
            wrong("its value cannot be sent", "leave out line breaks and other control characters")
        })?;
        Ok((name, value.into()))
    });
    checked.collect()
}

fn service(text: &str) -> Result<String, Wrong> {
    if text.len() <= ATTRIBUTE_MAX && !text.chars().any(char::is_control) {
        return Ok(text.to_owned());
    }
    Err(Wrong::new("is no name", format!("set up to {ATTRIBUTE_MAX} bytes without control characters")))
}

fn attributes(text: &str) -> Result<Vec<(String, String)>, Wrong> {
    let pairs = pairs(text)?;
    if let Some((name, _)) = pairs.iter().find(|(name, value)| name.len().max(value.len()) > ATTRIBUTE_MAX) {
        let remedy = format!("write at most {ATTRIBUTE_MAX} bytes for a name and for a value");
        return Err(Wrong::new(format!("holds {}, which is too long", shown(name)), remedy));
    }
    if let Some((name, _)) = pairs.iter().find(|(name, _)| is_own_attribute(name)) {
        let remedy = "leave it out; OTEL_SERVICE_NAME sets the name";
        return Err(Wrong::new(format!("holds {}, which this service sets itself", shown(name)), remedy));
    }
    Ok(pairs)
}

fn is_own_attribute(name: &str) -> bool {
    matches!(name, "service.name" | "service.version")
}

/// The kinds of sampler, by OpenTelemetry's names.
#[derive(Clone, Copy)]
enum Sampler {
    Fixed(Sampling),
    Ratio(fn(f64) -> Sampling),
}

const SAMPLERS: [(&str, Sampler); 6] = [
    ("always_on", Sampler::Fixed(Sampling::Always)),
    ("always_off", Sampler::Fixed(Sampling::Never)),
    ("traceidratio", Sampler::Ratio(Sampling::Ratio)),
    ("parentbased_always_on", Sampler::Fixed(Sampling::ParentOrAlways)),
    ("parentbased_always_off", Sampler::Fixed(Sampling::ParentOrNever)),
    ("parentbased_traceidratio", Sampler::Ratio(Sampling::ParentOrRatio)),
];

fn sampling(reader: &mut Reader<'_>) -> Result<Sampling, Faulted> {
    let sampler = reader.value(&SAMPLER, |text| choice(text, &SAMPLERS));
    let ratio = reader.optional(&SAMPLER_ARG, ratio);
    match (sampler?, ratio?) {
        (Sampler::Fixed(sampling), None) => Ok(sampling),
        (Sampler::Ratio(sampling), ratio) => Ok(sampling(ratio.unwrap_or(1.0))),
        (Sampler::Fixed(_), Some(_)) => {
            let remedy = "leave it out, or set traceidratio or parentbased_traceidratio";
            let wrong = Wrong::new("is set, and OTEL_TRACES_SAMPLER takes no ratio", remedy);
            Err(reader.fault(SAMPLER_ARG.name, wrong))
        }
    }
}

fn ratio(text: &str) -> Result<f64, Wrong> {
    match text.parse() {
        Ok(ratio) if (0.0..=1.0).contains(&ratio) => Ok(ratio),
        _ => Err(Wrong::new(
            format!("{} is no number from 0 to 1", shown(text)),
            "write the share of traces, for example 0.1",
        )),
    }
}
