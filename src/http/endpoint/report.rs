//! What an answer tells of its cost and of the rate limit, to clients that ask for it.

use crate::http::documents::Cost;
use crate::http::rate_limit::Left;
use async_graphql::Value;
use axum::http::HeaderMap;
use std::collections::BTreeMap;

/// The header that asks, with the value `report`.
const ASKS: &str = "graphql-cost";

/// What is told beside an answer.
pub(super) struct Report {
    asked: bool,
    rate: Option<Left>,
    /// What all operations of the request cost.
    total: u64,
}

impl Report {
    /// The report of a request whose operations cost so much together.
    pub(super) fn new(headers: &HeaderMap, rate: Option<Left>, total: u64) -> Self {
        let asked = headers.get(ASKS).is_some_and(|value| value == "report");
        Self { asked, rate, total }
    }

    /// The extensions of one operation's answer; none where nobody asked.
    pub(super) fn extensions(&self, cost: Cost) -> BTreeMap<String, Value> {
        let mut told = BTreeMap::new();
        if self.asked {
            let left = cost.limit.saturating_sub(self.total);
            let cost = [("requested", cost.requested), ("limit", cost.limit), ("left", left)];
            told.insert("cost".to_owned(), object(cost));
            if let Some(Left { limit, left }) = self.rate {
                told.insert("rateLimit".to_owned(), object([("limit", limit.into()), ("left", left.into())]));
            }
        }
        told
    }
}

fn object<const N: usize>(entries: [(&str, u64); N]) -> Value {
    Value::Object(
        entries
            .map(|(name, value)| (async_graphql::Name::new(name), Value::from(value)))
            .into_iter()
            .collect(),
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const COST: Cost = Cost { requested: 30, limit: 100 };

    #[test]
    fn only_who_asks_is_told_what_an_operation_costs_and_what_is_left() {
        let mut headers = HeaderMap::new();
        assert!(Report::new(&headers, None, 30).extensions(COST).is_empty());
        headers.insert(ASKS, "report".parse().unwrap());
        let told = |rate, total| {
            let told = Report::new(&headers, rate, total).extensions(COST);
            serde_json::to_value(told).unwrap()
        };
        assert_eq!(told(None, 30), serde_json::json!({"cost": {"requested": 30, "limit": 100, "left": 70}}));
        // Of a batch, what is left after all of it.
        let rate = Some(Left { limit: 60, left: 58 });
        let expected = serde_json::json!({
            "cost": {"requested": 30, "limit": 100, "left": 10}, "rateLimit": {"limit": 60, "left": 58}
        });
        assert_eq!(told(rate, 90), expected);
    }
}
