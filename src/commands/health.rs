//! `holdergraph health`: asks the server of this machine how it is, for images and machines without another client.

use super::failure::Failure;
use super::runtime::runtime;
use crate::config::command::HealthFlags;
use crate::config::ops::OpsConfig;
use crate::config::process_environment;
use clap::Args;
use reqwest::redirect::Policy;
use reqwest::{Client, Response};
use serde_json::{Map, Value, json};
use std::io::Write;
use std::net::SocketAddr;
use std::time::Duration;

/// Connecting, asking and reading together: whoever probes waits no longer either.
const WITHIN: Duration = Duration::from_secs(3);

/// More than any such answer has; whatever listens there cannot fill the memory.
const LONGEST_ANSWER: usize = 64 * 1024;

/// What is asked.
#[derive(Args)]
#[command(after_help = "\
It asks /health, or with --ready /readyz, on OPS_ADDRESS, where all interfaces stand for loopback: over plain HTTP, without a \
token and without a certificate, whatever SERVER_ADDRESS wants, and for 3 s at most. A server that is alive but not \
ready (its store cannot be reached, or it is about to leave) is not to be restarted: for that, ask without --ready.

Exit codes: 0 alive, or ready; 1 not, and why is said on standard error; 2 settings.

Examples:
  holdergraph health                                  is the process alive?
  holdergraph health --ready                          should it get requests?
  OPS_ADDRESS=:9200 holdergraph health --json         on another port; one JSON object
  HEALTHCHECK CMD [\"holdergraph\", \"health\"]           in an image without a shell")]
pub(super) struct Arguments {
    #[command(flatten)]
    flags: HealthFlags,
    /// Ask whether it should get requests, and not only whether it is alive
    #[arg(long)]
    ready: bool,
    /// Print one JSON object instead of a word
    #[arg(long)]
    json: bool,
}

/// Runs it to its end.
pub(super) fn run(arguments: &Arguments) -> Result<(), Failure> {
    let OpsConfig(addresses) =
        OpsConfig::load(&arguments.flags, process_environment).map_err(Failure::Settings)?;
    let path = if arguments.ready { "readyz" } else { "health" };
    let found = runtime()?.block_on(ask(&addresses, path));
    let judged = found.as_ref().map_err(Clone::clone).and_then(|found| found.judged());
    print(arguments.json, &found, &judged)?;
    judged.map(drop).map_err(Failure::Other)
}

/// What a server answered.
struct Found {
    url: String,
    status: u16,
    body: Map<String, Value>,
}

impl Found {
    /// What it says of itself.
    fn word(&self) -> &str {
        self.body.get("status").and_then(Value::as_str).unwrap_or_default()
    }

    /// The same where that is good, or else what is not, and what to do.
    fn judged(&self) -> Result<String, String> {
        let (url, status) = (&self.url, self.status);
        let what = match (status, self.word()) {
            (200, "alive" | "ready" | "degraded") => return Ok(self.word().to_owned()),
            (503, "draining") => "it is about to leave, and wants no new requests".to_owned(),
            (503, "unavailable") => {
                let down = self.down();
                format!("what it needs is down ({down}): look there; it gets ready again by itself")
            }
            _ => "that is no answer of holdergraph: set OPS_ADDRESS as the server has it".to_owned(),
        };
        Err(format!("{url} answered {status}: {what}"))
    }

    /// The names of what it says is down.
    fn down(&self) -> String {
        let checks = self.body.get("checks").and_then(Value::as_object);
        let down = checks
            .into_iter()
            .flatten()
            .filter(|(_, check)| check.get("status").and_then(Value::as_str) == Some("down"));
        down.map(|(name, _)| name.as_str()).collect::<Vec<_>>().join(", ")
    }
}

/// The answer at the first address where somebody listens.
async fn ask(addresses: &[SocketAddr], path: &str) -> Result<Found, String> {
    let client = client().map_err(|error| format!("preparing the HTTP client: {error}"))?;
    let deadline = tokio::time::Instant::now() + WITHIN;
    let mut nobody = "OPS_ADDRESS names no address: set it as the server has it".to_owned();
    for address in addresses {
        let url = format!("http://{address}/{path}");
        let asked = async {
            let answer = client.get(&url).send().await?;
            let status = answer.status().as_u16();
            Ok::<_, reqwest::Error>((status, body(answer).await?))
        };
        match tokio::time::timeout_at(deadline, asked).await {
            Ok(Ok((status, body))) => return Ok(Found { url, status, body }),
            Ok(Err(error)) if error.is_connect() => {
                nobody = format!(
                    "nobody listens at {url}: start the server, or set OPS_ADDRESS as the server has it"
                );
            }
            Ok(Err(_)) => {
                return Err(format!("{url} broke off its answer: look at the log of whoever listens there"));
            }
            Err(_) => {
                let within = WITHIN.as_secs();
                return Err(format!(
                    "{url} gave no answer within {within} s: the process hangs, or the machine is overloaded"
                ));
            }
        }
    }
    Err(nobody)
}

fn client() -> reqwest::Result<Client> {
    // Nothing is verified without TLS: an image without CA certificates must do.
    Client::builder().no_proxy().redirect(Policy::none()).tls_certs_only([]).build()
}

/// The JSON object of an answer; an empty one where it is anything else.
async fn body(mut answer: Response) -> reqwest::Result<Map<String, Value>> {
    let mut body = Vec::new();
    while let Some(chunk) = answer.chunk().await? {
        body.extend_from_slice(&chunk);
        if body.len() > LONGEST_ANSWER {
            return Ok(Map::new());
        }
    }
    Ok(serde_json::from_slice(&body).unwrap_or_default())
}

fn print(
    as_json: bool,
    found: &Result<Found, String>,
    judged: &Result<String, String>,
) -> Result<(), Failure> {
    let text = match (as_json, judged) {
        (true, _) => json(found.as_ref().ok(), judged),
        (false, Ok(word)) => format!("{word}\n"),
        (false, Err(_)) => return Ok(()),
    };
    let printed = std::io::stdout().write_all(text.as_bytes());
    printed.map_err(|error| Failure::because("printing the result", error))
}

fn json(found: Option<&Found>, judged: &Result<String, String>) -> String {
    let object = json!({
        "ok": judged.is_ok(),
        "url": found.map(|found| &found.url),
        "httpStatus": found.map(|found| found.status),
        "answer": found.map(|found| &found.body),
        "problem": judged.as_ref().err(),
    });
    object.to_string() + "\n"
}

#[cfg(test)]
mod tests {
    use super::*;

    fn judged(status: u16, body: Value) -> Result<String, String> {
        let Value::Object(body) = body else { panic!("{body}") };
        Found { url: "http://127.0.0.1:9103/readyz".to_owned(), status, body }.judged()
    }

    #[test]
    fn a_server_that_is_alive_ready_or_degraded_is_well() {
        for word in ["alive", "ready", "degraded"] {
            assert_eq!(judged(200, json!({ "status": word })), Ok(word.to_owned()));
        }
    }

    #[test]
    fn what_is_not_well_says_what_came_and_what_to_do() {
        let checks = json!({"store": {"status": "down", "detail": "x"}, "ledger": {"status": "up"}});
        for (status, body, part) in [
            (503, json!({"status": "draining", "checks": {}}), "answered 503: it is about to leave"),
            (
                503,
                json!({"status": "unavailable", "checks": checks}),
                "what it needs is down (store): look there",
            ),
            (200, json!({"status": "up"}), "that is no answer of holdergraph: set OPS_ADDRESS"),
            (404, json!({}), "answered 404: that is no answer of holdergraph"),
            (503, json!({"status": "ready"}), "answered 503: that is no answer of holdergraph"),
        ] {
            let said = judged(status, body).unwrap_err();
            assert!(
                said.starts_with("http://127.0.0.1:9103/readyz answered") && said.contains(part),
                "{said}"
            );
        }
    }
}
