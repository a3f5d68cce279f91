//! `GET` and `PUT /log-levels` of the operators' port: how much is logged, while the service runs.

use crate::config::log_levels::{Given, LogLevels};
use crate::telemetry::logs::LogControl;
use axum::body::{Body, Bytes};
use axum::extract::State;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use http_body_util::{BodyExt, Limited};
use serde_json::json;

/// Longest body: far more than all levels need.
const BODY_MAX: usize = 16 * 1024;

/// The one route.
pub(super) fn routes(control: LogControl) -> Router {
    Router::new().route("/log-levels", get(told).put(set)).with_state(control)
}

async fn told(State(control): State<LogControl>) -> Json<LogLevels> {
    Json(control.levels())
}

/// Replaces all levels at once, and answers with those that hold now.
async fn set(State(control): State<LogControl>, body: Body) -> Response {
    let levels = match read(body).await {
        Ok(levels) => levels,
        Err((status, why)) => return refused(status, &why),
    };
    if control.set(&levels).is_err() {
        return refused(StatusCode::INTERNAL_SERVER_ERROR, "logging has ended");
    }
    Json(levels).into_response()
}

async fn read(body: Body) -> Result<LogLevels, (StatusCode, String)> {
    let whole = Limited::new(body, BODY_MAX).collect().await;
    let too_long =
        |_| (StatusCode::PAYLOAD_TOO_LARGE, format!("the body cannot be read up to {BODY_MAX} bytes"));
    let bytes: Bytes = whole.map_err(too_long)?.to_bytes();
    let bad = |why: String| (StatusCode::BAD_REQUEST, why);
    let given: Given = serde_json::from_slice(&bytes).map_err(|error| {
        let (line, column) = (error.line(), error.column());
        bad(format!(
            "the body is no JSON object of levels (line {line}, column {column}): send for example \
             {{\"default\":\"info\",\"holdergraph::store\":\"debug\"}}"
        ))
    })?;
    given.try_into().map_err(|error: crate::config::log_levels::BadLevels| bad(error.to_string()))
}

fn refused(status: StatusCode, why: &str) -> Response {
    (status, Json(json!({ "error": why }))).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::config::logging::LogLevel;
    use axum::http::Request;
    use tower::ServiceExt;

    async fn put(control: &LogControl, body: &str) -> (u16, serde_json::Value) {
        let request = Request::put("/log-levels").body(Body::from(body.to_owned())).unwrap();
        let answer = routes(control.clone()).oneshot(request).await.unwrap();
        let status = answer.status().as_u16();
        let body = answer.into_body().collect().await.unwrap().to_bytes();
        (status, serde_json::from_slice(&body).unwrap())
    }

    #[tokio::test]
    async fn levels_are_replaced_as_a_whole_and_told() {
        let (_subscriber, control) = LogControl::detached(LogLevel::Info.into());
        let levels = json!({"default": "warn", "holdergraph::store": "debug"});
        assert_eq!(put(&control, &levels.to_string()).await, (200, levels.clone()));
        assert_eq!(serde_json::to_value(control.levels()).unwrap(), levels);
        assert_eq!(put(&control, r#"{"default":"info"}"#).await, (200, json!({"default": "info"})));
    }

    #[tokio::test]
    async fn what_cannot_be_is_refused_with_the_reason_and_changes_nothing() {
        let (_subscriber, control) = LogControl::detached(LogLevel::Info.into());
        for (body, told) in [
            ("", "line 1, column 0"),
            ("[]", "no JSON object"),
            (r#"{"default":7}"#, "no JSON object"),
            (r#"{"default":"loud"}"#, "is no level"),
            (r#"{"holdergraph::store":"debug"}"#, "default is missing"),
            (r#"{"default":"info","hyper":"debug"}"#, "tokens"),
            (r#"{"default":"info","holdergraph::stroe":"debug"}"#, "no module"),
        ] {
            let (status, answer) = put(&control, body).await;
            assert_eq!(status, 400, "{body}");
            assert!(answer["error"].as_str().unwrap().contains(told), "{body}: {answer}");
        }
        let (status, _) = put(&control, &" ".repeat(BODY_MAX + 1)).await;
        assert_eq!(status, 413);
        assert_eq!(control.levels(), LogLevel::Info.into());
    }
}
