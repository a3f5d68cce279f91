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
