//! What every outgoing question needs to know of the request that it is asked for.

use crate::domain::ids::OrganizationId;
use crate::domain::redacted;
use crate::domain::time::Timestamp;
use secrecy::SecretString;
use std::net::IpAddr;
use std::time::{Duration, Instant};
use uuid::Uuid;

/// One request's caller, trace and time limit.
#[derive(Clone, Debug)]
pub struct Call {
    /// Who calls.
    pub identity: Identity,
    /// The request's id, in logs and errors.
    pub request_id: String,
    /// W3C trace context, passed on to both upstreams.
    pub traceparent: String,
    /// Where its connection comes from; `None` where there is none.
    pub client_address: Option<IpAddr>,
    /// When the request must have ended.
    pub deadline: Instant,
}

/// A trace context that nothing came before (W3C Trace Context, sampled).
pub fn fresh_traceparent() -> String {
    // The half of a UUID that holds its version is never zero, which no parent id may be.
    let (trace, parent) = (Uuid::new_v4().simple(), Uuid::new_v4().as_u64_pair().0);
    format!("00-{trace}-{parent:016x}-01")
}

impl Call {
    /// A call that nobody asked for: by this service itself, or by an operator's command. It has no token.
    pub fn of_service(subject: &str, patience: Duration) -> Self {
        let identity = Identity {
            token: None,
            subject: subject.to_owned(),
            expires: None,
            asked_as: Asked::Application,
            organizations: Organizations::Any,
        };
        Self {
            identity,
            request_id: Uuid::now_v7().to_string(),
            traceparent: fresh_traceparent(),
            client_address: None,
            deadline: tokio::time::Instant::now().into_std() + patience,
        }
    }
}

/// Who calls, as their token says. The token is proven here where keys are configured, and in any case by Access
/// Manager, which gets it with each question.
#[derive(Clone)]
pub struct Identity {
    /// The bearer token; `None` where authorisation is off and none was sent.
    pub token: Option<SecretString>,
    /// Who it is in logs and the audit trail: `<owner>/<sub>` of a person, an application's own id, or `anonymous`.
    pub subject: String,
    /// Until when the token holds; `None` where it does not say, or where there is no token.
    pub expires: Option<Timestamp>,
    /// What Access Manager is asked about.
    pub asked_as: Asked,
    /// For which organizations the token may act at all, whatever Access Manager says.
    pub organizations: Organizations,
}
redacted!(Identity);

/// The organizations that a token is for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Organizations {
    /// Tokens are not bound to organizations.
    Any,
    /// These alone; none where the token does not name any.
    Only(Vec<OrganizationId>),
}

impl Organizations {
    /// Whether this is one of them.
    pub fn include(&self, organization: OrganizationId) -> bool {
        match self {
            Self::Any => true,
            Self::Only(named) => named.contains(&organization),
        }
    }
}

/// The `sub` of a question to Access Manager.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Asked {
    /// A person: `<owner>/<sub>`; the product goes with the question.
    Person(String),
    /// An application: asked by its product's role, without the product.
    Application,
}
