//! What traces are set up with.

use crate::domain::redacted;
use crate::reload::{Content, Fresh, Watched};
use opentelemetry::KeyValue;
use opentelemetry_sdk::Resource;
use opentelemetry_sdk::trace::Sampler;
use secrecy::SecretString;
use std::sync::Arc;
use std::time::Duration;
use url::Url;

/// Where spans go, and which are made.
#[derive(Clone)]
pub struct Settings {
    /// The collector's base URL, without a slash at its end.
    pub endpoint: Url,
    /// Headers of each export, as their file says now where one holds them.
    pub headers: Arc<Fresh<Headers>>,
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

/// Headers by name: most often a token among them.
#[derive(Clone, Default)]
pub struct Headers(pub Vec<(String, SecretString)>);
redacted!(Headers);

impl Content for Headers {
    fn is(&self, other: &Self) -> bool {
        let same = |((name, value), (other, its)): (&(String, SecretString), &(String, SecretString))| {
            name == other && value.is(its)
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }
}

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
    /// The file of the headers, to be read again when it changes.
    pub fn watched(&self) -> Option<Arc<dyn Watched>> {
        self.headers.changes().then(|| -> Arc<dyn Watched> { self.headers.clone() })
    }

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
