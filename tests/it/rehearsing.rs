//! docs/rehearsing.md is true: every `curl` on it is made, in its order, and answered as the page says. Ids and instants
//! are other each time; everything else is compared letter by letter.

use super::app::{App, send};
use super::docs::blocks;
use reqwest::Method;
use serde_json::{Value, json};
use std::collections::BTreeMap;

const PAGE: &str = include_str!("../../docs/rehearsing.md");

type Variables = BTreeMap<String, String>;

/// A command of the page, as it stands there, and what it prints.
fn commands() -> Vec<(String, String)> {
    let mut commands: Vec<(String, String)> = Vec::new();
    for (_, text) in blocks(PAGE).into_iter().filter(|(kind, _)| kind == "console") {
        for line in text.lines() {
            if let Some(command) = line.strip_prefix("$ ") {
                commands.push((command.to_owned(), String::new()));
                continue;
            }
            let (command, output) = commands.last_mut().unwrap();
            let goes_on = command.ends_with('\\') || command.matches('\'').count() % 2 == 1;
            let text = if goes_on { command } else { output };
            text.push('\n');
            text.push_str(line);
        }
    }
    commands
}

/// The words of a command, as a shell reads them.
fn words(command: &str, variables: &Variables) -> Vec<String> {
    let (mut words, mut word, mut quote) = (Vec::new(), None::<String>, None);
    let mut rest = command.chars().peekable();
    while let Some(c) = rest.next() {
        match (c, quote) {
            ('\'' | '"', None) => {
                quote = Some(c);
                word.get_or_insert_default();
            }
            (c, Some(open)) if c == open => quote = None,
            ('\\', None) => drop(rest.next_if_eq(&'\n')),
            ('$', None | Some('"')) => {
                let mut name = String::new();
                while let Some(c) = rest.next_if(|c| c.is_ascii_uppercase() || *c == '_') {
                    name.push(c);
                }
                word.get_or_insert_default().push_str(&variables[&name]);
            }
            (c, None) if c.is_whitespace() => words.extend(word.take()),
            (c, _) => word.get_or_insert_default().push(c),
        }
    }
    assert_eq!(quote, None, "{command}");
    words.extend(word);
    words
}

/// Learns what `export NAME=$(jq -r PATH sandbox.json) …` sets.
fn export(command: &str, info: &Value, variables: &mut Variables) {
    for part in command.split(") ") {
        let (name, path) = part.trim_start_matches("export ").split_once("=$(jq -r ").unwrap();
        let path = path.trim_end_matches(')').strip_suffix(" sandbox.json").unwrap().trim_matches('\'');
        let pointer = path.replace(['.', '['], "/").replace(']', "");
        let value = info.pointer(&pointer).and_then(Value::as_str).unwrap_or_else(|| panic!("{path}"));
        variables.insert(name.to_owned(), value.to_owned());
    }
}

/// The request that `curl` would make, on a connection of its own.
fn request(words: &[String]) -> reqwest::RequestBuilder {
    let (mut method, mut url, mut headers, mut body) = (None, None, Vec::new(), None);
    let mut words = words.iter().skip(1);
    while let Some(word) = words.next() {
        match word.as_str() {
            "-s" => {}
            "-X" => method = words.next(),
            "-H" => headers.push(words.next().unwrap().split_once(": ").unwrap()),
            "-d" => body = words.next().cloned(),
            _ => assert_eq!(url.replace(word), None),
        }
    }
    let default = if body.is_some() { "POST" } else { "GET" };
    let method = Method::from_bytes(method.map_or(default, String::as_str).as_bytes()).unwrap();
    let request = reqwest::Client::new().request(method, url.unwrap());
    let request = headers.into_iter().fold(request, |request, (name, value)| request.header(name, value));
    match body {
        Some(body) => request.body(body),
        None => request,
    }
}

/// Without what no page can say beforehand.
fn plain(value: &Value) -> Value {
    match value {
        Value::String(text) if text.parse::<jiff::Timestamp>().is_ok() => json!("<instant>"),
        Value::String(text) => json!(without_ids(text)),
        Value::Array(values) => values.iter().map(plain).collect(),
        Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), plain(value))).collect(),
        other => other.clone(),
    }
}

fn without_ids(text: &str) -> String {
    let parts = text.split('/').map(|part| if uuid::Uuid::parse_str(part).is_ok() { "<id>" } else { part });
    parts.collect::<Vec<_>>().join("/")
}

#[tokio::test]
async fn every_request_of_the_page_about_rehearsals_is_answered_as_it_says() {
    let app = App::upstreams();
    let mut variables = Variables::new();
    let mut made = 0;
    for (command, output) in commands() {
        if command.starts_with("export ") {
            export(&command, &app.info, &mut variables);
        } else if command.starts_with("curl ") {
            let answer = send(request(&words(&command, &variables))).await;
            let said: Value =
                serde_json::from_str(&output).unwrap_or_else(|error| panic!("{error}: {output}"));
            assert_eq!(plain(&answer.body), plain(&said), "{command}");
            made += 1;
        } else {
            assert_eq!(command, "holdergraph sandbox --json > sandbox.json &");
        }
    }
    assert!(made > 15, "{made}");
}

#[test]
fn every_kind_and_every_field_of_a_rule_is_on_the_page() {
    for word in [
        "status",
        "delay",
        "hang",
        "cut",
        "garbage",
        "content-type",
        "big",
        "drip",
        "redirect",
        "flap",
        "kind",
        "method",
        "path",
        "times",
        "delayMs",
    ] {
        assert!(PAGE.contains(&format!("| `{word}` |")), "{word}");
    }
}
