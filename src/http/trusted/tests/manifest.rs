//! What a manifest may be, and what is said of one that cannot be used.

use super::super::{entries, files, manifest};
use super::*;

/// What is wrong with this content.
fn wrong(content: &str) -> Vec<String> {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("manifest.json");
    std::fs::write(&path, content).unwrap();
    match load(&path, Mode::Warn, None) {
        Ok(_) => Vec::new(),
        Err(problems) => problems.iter().map(ToString::to_string).collect(),
    }
}

#[test]
fn ids_may_be_sha1_sha256_prefixed_or_of_the_clients_own_making() {
    for id in [
        sha1(HOLDER),
        sha256(HOLDER),
        format!("sha256:{}", sha256(HOLDER)),
        format!("sha1:{}", sha1(HOLDER)),
        "x-app:holder~1.2_3".to_owned(),
        "Holder-page".to_owned(),
        "d41d8cd98f00b204e9800998ecf8427e".to_owned(),
        // Upper case is nobody's writing of a hash.
        sha256(PAGE).to_uppercase(),
    ] {
        assert_eq!(wrong(&json!({ id: HOLDER }).to_string()), [""; 0]);
    }
}

#[test]
fn what_is_wrong_is_told_by_the_id_and_never_by_content() {
    let secret = "91315026015";
    let invalid = format!("{{ holderByDocument(document: \"{secret}\") {{ nothing }} }}");
    let cases = [
        (String::new(), "is no JSON that can be read, at line 1"),
        (format!("{{\"a\": \"{secret}"), "is no JSON that can be read"),
        (format!("[\"{secret}\"]"), "is no JSON object of ids and documents"),
        (format!("\"{secret}\""), "is no JSON object"),
        (format!("{{}} \"{secret}\""), "is no JSON that can be read"),
        ("{}".to_owned(), "holds no document"),
        (json!({ "a": { "body": secret } }).to_string(), "what stands at the id a is no text"),
        (json!({ "a": null }).to_string(), "what stands at the id a is no text"),
        (json!({ "a b": HOLDER }).to_string(), "entry 1 has no id"),
        (json!({ "": HOLDER }).to_string(), "entry 1 has no id"),
        (json!({ "a".repeat(257): HOLDER }).to_string(), "entry 1 has no id"),
        (json!({ "é": HOLDER }).to_string(), "entry 1 has no id"),
        (json!({ "a": "" }).to_string(), "the document of the id a cannot run here: the document is empty"),
        (
            json!({ "a": invalid }).to_string(),
            "the document of the id a cannot run here: at its line 1, column",
        ),
        (json!({ "a": format!("{{ {secret} }}") }).to_string(), "the document of the id a cannot run here"),
        (json!({ sha1(PAGE): HOLDER }).to_string(), "is a hash, and not that of its document"),
        (json!({ sha256(PAGE): HOLDER }).to_string(), "is a hash, and not that of its document"),
        (json!({ format!("sha256:{}", sha256(PAGE)): HOLDER }).to_string(), "is a hash, and not"),
        (json!({ "sha256:abc": HOLDER }).to_string(), "the id sha256:abc is a hash, and not"),
        (json!({ format!("sha1:{}", sha1(PAGE)): HOLDER }).to_string(), "is a hash, and not"),
        (format!("{{\"a\": {HOLDER:?}, \"a\": {HOLDER:?}}}"), "the id a is there twice"),
        (json!({ "a": format!("{HOLDER}{}", " ".repeat(256 * 1024)) }).to_string(), "is over 262144 bytes"),
    ];
    for (content, part) in cases {
        let told = wrong(&content);
        assert_eq!(told.len(), 1, "{part}: {told:?}");
        assert!(told[0].contains(part), "{part}: {told:?}");
        assert!(told[0].contains("manifest.json") && told[0].contains("; "), "{told:?}");
        assert!(!told[0].contains(secret) && !told[0].contains("totalCount"), "{told:?}");
    }
}

#[test]
fn every_document_that_cannot_run_is_told_up_to_a_number_that_helps() {
    let broken = |count: usize| {
        let entries: serde_json::Map<_, _> =
            (0..count).map(|i| (format!("d{i}"), json!("{ nothing }"))).collect();
        wrong(&json!(entries).to_string())
    };
    assert_eq!(broken(3).len(), 3);
    assert_eq!(broken(100).len(), 20);
}

#[test]
fn there_are_bounds_to_how_many_documents_and_how_many_bytes_there_may_be() {
    let many: String = (0..=entries::DOCUMENTS_MAX).map(|i| format!("\"d{i}\":\"{{\",")).collect();
    let told = wrong(&format!("{{{}}}", many.trim_end_matches(',')));
    assert!(told[0].contains("over 10000 documents"), "{told:?}");
    let told = wrong(&" ".repeat(usize::try_from(files::BYTES_MAX).unwrap() + 1));
    assert!(told[0].contains("over 16 MiB"), "{told:?}");
    assert!(manifest::DOCUMENT_BYTES_MAX < usize::try_from(files::BYTES_MAX).unwrap());
}

#[test]
fn a_folder_holds_one_manifest_a_client() {
    let folder = tempfile::tempdir().unwrap();
    let write = |name: &str, content: String| std::fs::write(folder.path().join(name), content).unwrap();
    let told = |part: &str| {
        let problems = load(folder.path(), Mode::Warn, None).map(drop).unwrap_err();
        assert!(problems[0].to_string().contains(part), "{problems:?}");
    };
    told("holds no file that ends in .json");
    // Neither is meant.
    write("README.md", "not JSON".to_owned());
    write(".hidden.json", "not JSON".to_owned());
    told("holds no file that ends in .json");
    write("web.json", json!({ "a": HOLDER, "p": PAGE }).to_string());
    write("app.json", json!({ "a": HOLDER, "b": HOLDER }).to_string());
    let documents = load(folder.path(), Mode::Enforce, None).unwrap();
    for (id, text) in [("a", HOLDER), ("b", HOLDER), ("p", PAGE)] {
        assert_eq!(found(&documents, &by_id(id)), (text.to_owned(), true));
    }
    write("third.json", json!({ "a": PAGE }).to_string());
    told("the id a has another document in another file");
    std::fs::remove_file(folder.path().join("third.json")).unwrap();
    std::fs::create_dir(folder.path().join("sub.json")).unwrap();
    told("is no file");
    std::fs::remove_dir(folder.path().join("sub.json")).unwrap();
    for index in 0..files::FILES_MAX {
        write(&format!("{index}.json"), "{}".to_owned());
    }
    told("over 100 files");
}

#[test]
fn a_file_that_is_not_there_is_told_by_its_path() {
    let problems = load(Path::new("./no/such/manifest.json"), Mode::Warn, None).map(drop).unwrap_err();
    assert!(problems[0].to_string().contains("./no/such/manifest.json"), "{problems:?}");
}
