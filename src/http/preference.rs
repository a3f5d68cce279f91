//! What a caller would rather read: a person's browser HTML, a program JSON, a terminal text.

use super::weights;
use axum::http::HeaderMap;

/// A form of one and the same answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Form {
    /// `text/html`
    Html,
    /// `application/json`
    Json,
    /// `text/plain`: also where the caller does not mind.
    Text,
}

/// The form that the caller likes best, among equals the first one named. Text where none of them is named: an answer
/// that somebody can read is better than a 406.
pub(super) fn preferred(headers: &HeaderMap) -> Form {
    let mut best = (Form::Text, 0);
    for (range, weight) in weights::ranges(headers) {
        if let Some(form) = form(range)
            && weight > best.1
        {
            best = (form, weight);
        }
    }
    best.0
}

fn form(range: &str) -> Option<Form> {
    Some(match range.to_ascii_lowercase().as_str() {
        "text/html" | "application/xhtml+xml" => Form::Html,
        "application/json" => Form::Json,
        "text/plain" | "text/*" | "*/*" => Form::Text,
        _ => return None,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::header::ACCEPT;

    #[test]
    fn a_browser_reads_html_a_program_json_and_a_terminal_text() {
        let browser = "text/html,application/xhtml+xml,application/xml;q=0.9,image/avif,*/*;q=0.8";
        for (accept, expected) in [
            (None, Form::Text),
            (Some("*/*"), Form::Text),
            (Some(browser), Form::Html),
            (Some("TEXT/HTML"), Form::Html),
            (Some("application/json"), Form::Json),
            (Some("application/json, text/plain, */*"), Form::Json),
            (Some("text/html;q=0.5, application/json;q=0.9"), Form::Json),
            (Some("text/html; q=0, */*; q=0.1"), Form::Text),
            (Some("text/plain, text/html"), Form::Text),
            (Some("image/png"), Form::Text),
            (Some(""), Form::Text),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(preferred(&headers), expected, "{accept:?}");
        }
    }
}
