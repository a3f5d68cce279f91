use super::*;

#[test]
fn spaces_stand_for_descriptions_and_line_ends_are_kept() {
    for (text, expected) in [
        ("\"a\" query A { b }", "    query A { b }"),
        ("\"é😀\" query A { b }", "         query A { b }"),
        ("\"\"\"a\n\\\"\"\" b\r\n\"\"\"\nmutation { b }", "    \n      \r\n   \nmutation { b }"),
        ("{ a } # \"x\n \"f\"\n# c\nfragment F on T { a }", "{ a } # \"x\n    \n# c\nfragment F on T { a }"),
        (
            "query A(\"i\" $i: ID \"j\", $j: ID = \"k\" $k: ID) { a }",
            "query A(    $i: ID    , $j: ID = \"k\" $k: ID) { a }",
        ),
        ("query A($i: ID = \"x\" \"j\" $j: ID) { a }", "query A($i: ID = \"x\"     $j: ID) { a }"),
    ] {
        assert_eq!(without_descriptions(text).unwrap(), expected);
        assert_eq!(text.len(), expected.len());
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
        "query \"x\" query { a }",
        "fragment \"x\" fragment F on T { a }",
        "query A @d \"x\" query { a }",
        "{ a(b: \"\"\"\\q \\u{110000}\n\"\"\") }",
    ] {
        assert_eq!(without_descriptions(same).unwrap(), same);
    }
}

#[test]
fn a_description_stands_at_the_start_or_behind_a_definition() {
    for text in ["\"a\" query A { b } \"c\" query B { b }", "#x\n,\u{FEFF} \"a\" fragment F on T { b }"] {
        assert!(!without_descriptions(text).unwrap().contains('"'), "{text}");
    }
}

#[test]
fn a_text_that_is_none_is_told_where_it_breaks() {
    for (text, at) in [
        ("{ a(b: \"c\nd\") }", (1, 10)),
        ("{ a(b: \"c\rd\") }", (1, 10)),
        ("{\r\n a(b: \"é\\\n\") }", (2, 10)),
        ("\"\\q\" query A { a }", (1, 2)),
        ("\n\n \"\\u{110000}\" query A { a }", (3, 3)),
        ("query A(\"\\u{}\" $a: Int) { a }", (1, 10)),
        ("{ a(b: \"\\u{000000041}\") }", (1, 9)),
        ("{ a(b: \"\\u{D83D}\") }", (1, 9)),
        ("{ a(b: \"\\uD83D\") }", (1, 9)),
        ("{ a(b: \"\\uD83D\\n\") }", (1, 9)),
        ("{ a(b: \"\\uDE00\\uD83D\") }", (1, 9)),
        ("{ a(b: \"\\u+041\") }", (1, 9)),
        ("{ a(b: \"\\u{+41}\") }", (1, 9)),
        ("{ a(b: \"\\u04é\") }", (1, 9)),
    ] {
        assert_eq!(without_descriptions(text), Err(at), "{text:?}");
    }
    for text in [
        "{ a(b: \"\\u{00000041}\\u0041\\uD83D\\uDE00\\\"\\\\\\/\\b\\f\\n\\r\\t\t😀\\u{10FFFF}\") }",
        "{ a(b: \"c",
    ] {
        assert_eq!(without_descriptions(text).unwrap(), text);
    }
}
