use super::*;

#[test]
fn descriptions_are_taken_away_and_line_ends_kept() {
    for (text, expected) in [
        ("\"a\" query A { b }", " query A { b }"),
        ("\"\"\"a\n\\\"\"\" b\n\"\"\"\nmutation { b }", "\n\n\nmutation { b }"),
        ("{ a } # \"x\n \"f\"\n# c\nfragment F on T { a }", "{ a } # \"x\n \n# c\nfragment F on T { a }"),
        (
            "query A(\"i\" $i: ID \"j\", $j: ID = \"k\" $k: ID) { a }",
            "query A( $i: ID , $j: ID = \"k\" $k: ID) { a }",
        ),
        ("query A($i: ID = \"x\" \"j\" $j: ID) { a }", "query A($i: ID = \"x\"  $j: ID) { a }"),
    ] {
        assert_eq!(without_descriptions(text), expected);
    }
    for same in [
        "{ a(b: \"c\") }",
        "{ a(b: [\"c\" $d]) }",
        "{ a(b: \"c\" $d) }",
        "\"a\" { b }",
        "\"a\" queries { b }",
        "\"a\"",
        "{ \"a\" b }",
        "query A($i: [ID] = [\"x\" $j]) { a }",
        "\"a query A { b }",
        "\"\"\"a\"\" query A { b }",
        "{ a(b: \"\\\" query\") }",
    ] {
        assert_eq!(without_descriptions(same), same);
    }
}

#[test]
fn escapes_become_what_every_parser_reads() {
    for (text, expected) in [
        (r#"{ a(b: "\u{1F600}") }"#, "{ a(b: \"😀\") }"),
        (r#"{ a(b: "x\uD83D\uDE00y") }"#, "{ a(b: \"x😀y\") }"),
        (r#"{ a(b: "\u{22}\u{A}\u{e9}") }"#, r#"{ a(b: "\u0022\u000A\u00E9") }"#),
    ] {
        assert_eq!(with_plain_escapes(text), expected);
    }
    for same in [
        r#"{ a(b: "\\u{1F600}") }"#,
        r#"{ a(b: """\u{1F600}""") }"#,
        r#"{ a(b: "é") } # "\u{1F600}""#,
        r#"{ a(b: "\uD83D") }"#,
        r#"{ a(b: "\uD83Dé\uDE00") }"#,
        r#"{ a(b: "\u{D83D}") }"#,
        r#"{ a(b: "\u{110000}") }"#,
        r#"{ a(b: "\u{}") }"#,
        r#"{ a(b: "\u{FFFFFFFFFF}") }"#,
        r#"{ a(b: "\u"#,
        "{ a(b: \"\\",
    ] {
        assert_eq!(with_plain_escapes(same), same);
    }
}
