//! The trail of a server that worked: proven beside it and after it, exported and counted, with no key but its own.

use super::super::process::{start, wait_for};
use super::*;
use std::io::{BufRead, BufReader};
use std::process::Stdio;

#[tokio::test]
async fn what_a_server_did_is_in_its_trail_when_it_has_left_and_the_log_has_the_head() {
    let left = left(Folder::new(), 3).await;
    let (code, told) = verified(left.dir.path(), &["--lag", "1ms"]);
    assert_eq!((code, &told["faults"]), (Some(0), &json!(0)), "{told}");
    let head = &told["heads"][0];
    assert_eq!(
        (&head["organizationId"], &head["number"], &head["hmac"], &head["sealedAt"]),
        (&json!(left.organization), &left.head["number"], &left.head["hmac"], &left.head["sealed_at"])
    );
    let anchor = left.head["anchor"].as_str().unwrap();
    assert_eq!(verified(left.dir.path(), &["--anchor", anchor]).0, Some(0));
    let lines = exported(left.dir.path(), &[]);
    assert_eq!(lines.len() as u64, told["links"].as_u64().unwrap());
    let made = of(&lines, "createHolder");
    let holders: Vec<&str> =
        made.iter().map(|line| line["holdergraph"]["records"][0]["id"].as_str().unwrap()).collect();
    assert!(left.holders.iter().all(|holder| holders.contains(&holder.as_str())), "{lines:#?}");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn beside_a_working_server_the_trail_is_proven_and_entries_arrive_in_it() {
    let app = App::sandbox();
    app.holder().await;
    until("the entry never arrived", || !of(&exported(app.dir(), &[]), "createHolder").is_empty());
    let (code, told) = verified(app.dir(), &[]);
    assert_eq!((code, &told["organizations"]), (Some(0), &json!(1)), "{told}");
    let metrics = app.metrics().await;
    assert!(metrics.contains("# HELP holdergraph_audit_lag_seconds"), "{metrics}");
    let links = metrics.lines().find_map(|line| line.strip_prefix("holdergraph_audit_links_total "));
    assert!(links.is_some_and(|links| links.parse::<u64>().unwrap() > 0), "{metrics}");
}

#[tokio::test]
async fn a_report_tells_who_did_what_to_whom_in_a_time() {
    let left = left(Folder::new(), 2).await;
    let (code, text, stderr) =
        audit(left.dir.path(), &["report", "--by", "record", "--record", &left.holders[0]]);
    assert_eq!(code, Some(0), "{stderr}");
    assert!(text.contains(&format!("organization {}", left.organization)), "{text}");
    assert!(
        text.contains(&format!("Holder {}", left.holders[0])) && !text.contains(&left.holders[1]),
        "{text}"
    );
    let json = |arguments: &[&str]| {
        let (code, text, stderr) =
            audit(left.dir.path(), &[&["report", "--json", "--by", "subject"], arguments].concat());
        assert_eq!(code, Some(0), "{stderr}");
        serde_json::from_str::<Value>(&text).unwrap()
    };
    let rows = json(&[])["rows"].as_array().unwrap().clone();
    let changes: u64 = rows.iter().map(|row| row["changes"].as_u64().unwrap()).sum();
    assert_eq!(changes, 2, "{rows:#?}");
    let subject = rows[0]["subject"].as_str().unwrap();
    assert_eq!(
        json(&["--subject", subject, "--from", "2026-01-01"])["rows"].as_array().unwrap().len(),
        rows.len()
    );
    assert_eq!(json(&["--subject", "nobody"]), json!({"entries": 0, "rows": []}));
    assert_eq!(json(&["--to", "2026-01-01"]), json!({"entries": 0, "rows": []}));
    assert_eq!(exported(left.dir.path(), &["--to", "2026-01-01"]), Vec::<Value>::new());
}

#[tokio::test]
async fn wrong_arguments_and_keys_are_named_with_what_would_be_right() {
    let left = left(Folder::embedded(), 1).await;
    let dir = left.dir.path();
    for (arguments, code, told) in [
        (&["export", "--from", "March"] as &[&str], 2, "write a day such as 2026-03-01"),
        (&["export", "--from", "2026-03-02", "--to", "2026-03-01"], 1, "is not before --to"),
        (&["export", "--organization", "acme"], 2, "is no organization's id"),
        (&["report"], 2, "--by"),
        (&["report", "--by", "record", "--record", "x"], 2, "is no record's id"),
        (&["verify", "--anchor", "x"], 2, "write ORGANIZATION:NUMBER:HMAC"),
        (&["verify", "--lag", "5"], 2, "is no duration"),
    ] {
        let (ended, _, stderr) = audit(dir, arguments);
        assert!(ended == Some(code) && stderr.contains(told), "{arguments:?}: {ended:?} {stderr}");
    }
    let anchor = left.head["anchor"].as_str().unwrap();
    let other = "00000000-0000-0000-0000-000000000001";
    let (code, _, stderr) = audit(dir, &["verify", "--anchor", anchor, "--organization", other]);
    assert!(code == Some(1) && stderr.contains("is of another organization"), "{stderr}");
    for (key, told) in [
        (KEYS[2].1, "is not the key that this store's audit trail was made with"),
        ("my-audit-key", "has 12 characters"),
        ("", "is required and not set"),
    ] {
        let mut command = binary();
        command.args(["audit", "verify"]).env("DATA_DIR", dir).env("AUDIT_SECRET_KEY", key);
        let (code, stdout, stderr) = said(&command.output().unwrap());
        assert!(code == Some(2) && stdout.is_empty() && stderr.contains(told), "{code:?} {stderr}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_entry_is_a_line_on_standard_output_where_that_is_asked_for() {
    let upstreams = App::upstreams();
    let dir = Folder::new();
    let mut command = binary();
    command.arg("serve").stdout(Stdio::piped()).envs(KEYS);
    let settings = [
        ("DEPLOYMENT_MODE", "local"),
        ("PLUGIN_AUTH_ADDRESS", upstreams.info["accessManager"].as_str().unwrap()),
        ("MIDAZ_LEDGER_URL", upstreams.info["ledger"].as_str().unwrap()),
        ("OPERATION_NAME_REQUIRED", "false"),
        ("LOG_FORMAT", "json"),
        ("AUDIT_STREAM", "stdout"),
    ];
    let (mut child, log, _) = start(command, dir.path(), &settings);
    let serving = wait_for(&mut child, &log, |line| line.contains("\"serving\""));
    let address = serde_json::from_str::<Value>(&serving).unwrap()["address"].as_str().unwrap().to_owned();
    let request = upstreams
        .request(super::super::app::CREATE_HOLDER, json!({"input": super::super::app::new_holder()}));
    let mut request = request.build().unwrap();
    *request.url_mut() = format!("http://{address}/graphql").parse().unwrap();
    assert!(upstreams.client.execute(request).await.unwrap().status().is_success());
    let lines = BufReader::new(child.stdout.take().unwrap()).lines().map(Result::unwrap);
    let found = lines
        .map(|line| serde_json::from_str::<Value>(&line).unwrap())
        .find(|line| line["event"]["action"] == "createHolder")
        .unwrap();
    assert_eq!(found["organization"]["id"], json!(upstreams.organization()));
    child.kill().unwrap();
    child.wait().unwrap();
}
