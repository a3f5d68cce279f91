//! What traces are set up with.

use crate::domain::redacted;
use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::Sampler;
use secrecy::SecretString;
use std::time::Duration;
use url::Url;

/// Where spans go, and which are made.
#[derive(Clone)]
pub struct Settings {
    /// The collector's base URL, without a slash at its end.
    pub endpoint: Url,
    /// Headers of each export, by name: most often a token among them.
    pub headers: Vec<(String, SecretString)>,
    /// How long one export may take.
    pub timeout: Duration,
    /// What this service is called there.
    pub service: String,
    /// What else is said of this process with each batch.
    pub attributes: Vec<(String, String)>,
    /// Which requests leave spans.
    pub sampling: Sampling,
}
redacted!(Settings);

/// Which requests leave spans.
#[derive(Clone, Copy, Debug, PartialEq)]
pub enum Sampling {
    /// Each, whatever the caller says.
    Always,
    /// None.
    Never,
    /// This share of them, by the trace's id.
    Ratio(f64),
    /// As the caller has decided; each where nobody has.
    ParentOrAlways,
    /// As the caller has decided; none where nobody has.
    ParentOrNever,
    /// As the caller has decided; this share where nobody has.
    ParentOrRatio(f64),
}

impl Sampling {
    pub(super) fn sampler(self) -> Sampler {
        let parent_or = |root: Sampler| Sampler::ParentBased(Box::new(root));
        match self {
            Self::Always => Sampler::AlwaysOn,
            Self::Never => Sampler::AlwaysOff,
            Self::Ratio(ratio) => Sampler::TraceIdRatioBased(ratio),
            Self::ParentOrAlways => parent_or(Sampler::AlwaysOn),
            Self::ParentOrNever => parent_or(Sampler::AlwaysOff),
            Self::ParentOrRatio(ratio) => parent_or(Sampler::TraceIdRatioBased(ratio)),
        }
    }
}

impl Settings {
    /// What is said of this process. The service's name and version are not for `OTEL_RESOURCE_ATTRIBUTES` to change.
    pub(super) fn resource(&self) -> Resource {
        let given = self.attributes.iter().map(|(name, value)| KeyValue::new(name.clone(), value.clone()));
        Resource::builder_empty()
            .with_attributes(given)
            .with_attribute(KeyValue::new("service.version", env!("CARGO_PKG_VERSION")))
            .with_service_name(self.service.clone())
            .build()
    }
}
