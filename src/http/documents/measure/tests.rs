use super::*;
use crate::http::documents::Documents;
use apollo_compiler::Schema;
use serde_json::{Map, Value as Json, json};

/// The shape of the contract's lists, each field and no record counting 1, so that lengths can be read from costs.
const SDL: &str = "
    directive @cost(weight: String!) on FIELD_DEFINITION | OBJECT
    directive @listSize(
      assumedSize: Int, slicingArguments: [String!], sizedFields: [String!], requireOneSlicingArgument: Boolean = true
    ) on FIELD_DEFINITION
    type Query {
      holder(id: ID!): Holder
      holders(first: Int, after: String, last: Int, before: String): HolderConnection
        @listSize(assumedSize: 20, slicingArguments: [\"first\", \"last\"], sizedFields: [\"edges\", \"nodes\"])
      nodes(ids: [ID!]!): [Node] @listSize(slicingArguments: [\"ids\"])
      aliasAccountsByLedgerAccounts(ledgerId: ID!, accountIds: [ID!]!): [AliasAccount]
        @listSize(slicingArguments: [\"accountIds\"])
      tagged(tags: [String!]): [Holder] @listSize(slicingArguments: [\"tags\"])
      unknownList: [Holder]
    }
    type Mutation {
      createHolder(input: CreateHolderInput!): CreateHolderPayload
      onboardHolder(input: OnboardHolderInput!): OnboardHolderPayload
        @listSize(slicingArguments: [\"input.aliasAccounts\"], sizedFields: [\"aliasAccounts\"])
    }
    interface Node { id: ID! }
    type Holder implements Node {
      id: ID! name: String document: String documentMasked: String
      aliasAccounts(first: Int, after: String, last: Int, before: String): AliasAccountConnection
        @listSize(assumedSize: 20, slicingArguments: [\"first\", \"last\"], sizedFields: [\"edges\", \"nodes\"])
    }
    type AliasAccount implements Node {
      id: ID! accountId: ID! holder: Holder link: Link! bankingDetails: BankingDetails
      relatedParties: [RelatedParty!]! @listSize(assumedSize: 10)
    }
    type Link { status: String! }
    type BankingDetails { branch: String accountMasked: String }
    type RelatedParty { id: ID! name: String }
    type PageInfo { hasNextPage: Boolean! endCursor: String }
    type HolderConnection {
      edges: [HolderEdge!]! nodes: [Holder!]! pageInfo: PageInfo! totalCount: Int! totalCountExact: Boolean!
    }
    type HolderEdge { node: Holder! cursor: String! }
    type AliasAccountConnection { nodes: [AliasAccount!]! pageInfo: PageInfo! totalCount: Int! }
    input CreateHolderInput { name: String! }
    input OnboardHolderInput { holder: CreateHolderInput! aliasAccounts: [OnboardAliasAccountInput!]! }
    input OnboardAliasAccountInput { accountId: ID! }
    type UserError { code: String! field: [String!]! }
    type CreateHolderPayload { holder: Holder userErrors: [UserError!]! @listSize(assumedSize: 1) }
    type OnboardHolderPayload { holder: Holder aliasAccounts: [AliasAccount!]! userErrors: [UserError!]! @listSize(assumedSize: 1) }
";

/// What is answered, and how many arguments take a value from a variable, with these values.
fn work_with(text: &str, values: &Json) -> (u64, u64) {
    let schema = Schema::parse_and_validate(SDL, "schema").unwrap();
    let document = ExecutableDocument::parse_and_validate(&schema, text, "document").unwrap();
    let (costs, lists) = (Costs::of(&schema).unwrap(), Lists::of(&schema));
    let limits = Limits { cost: u64::MAX, ..Limits::default() };
    let works = Measure { limits: &limits, costs: &costs, lists: &lists }.check(&document).unwrap();
    let operation = document.operations.iter().next().unwrap();
    let values = Values { operation, given: values.as_object().unwrap() };
    let Amount { cost, uses, .. } = works[&operation.name].amount(Some(values));
    (cost, uses)
}

fn work(text: &str) -> (u64, u64) {
    work_with(text, &json!({}))
}

fn answered(text: &str) -> u64 {
    work(text).0
}

/// Whether a document of the contract itself, with its weights, is refused.
fn refused(text: &str) -> bool {
    let documents = Documents::new(&crate::graphql::sdl(), Limits::default()).unwrap();
    documents.prepare(text).is_err_and(|errors| errors.iter().any(|error| error.code == "QUERY_TOO_COMPLEX"))
}

#[test]
fn a_page_is_as_long_as_first_or_last_say() {
    // `holders` and `nodes`, and for each record `id`. A variable without a value is as if nothing were given.
    for (arguments, length) in [
        ("", 20),
        ("(first: 7)", 7),
        ("(last: 7)", 7),
        ("(first: null, last: 7)", 7),
        ("(first: null)", 20),
        ("(first: 1, last: 50)", 50),
        ("(first: $n)", 20),
        ("(last: $n)", 20),
        ("(last: $n, first: 1)", 1),
        ("(first: 5000)", 100),
        ("(last: -1)", 1),
        ("(first: 0)", 0),
        ("(before: $c, last: 3)", 3),
    ] {
        let mut text = format!("{{ holders{arguments} {{ nodes {{ id }} }} }}");
        for (name, of_type) in [("n", "Int"), ("c", "String")] {
            if arguments.contains(&format!("${name}")) {
                text = format!("query(${name}: {of_type}) {text}");
            }
        }
        assert_eq!(answered(&text), 2 + length, "{text}");
    }
}

#[test]
fn of_a_connection_only_edges_and_nodes_are_as_many_as_the_page() {
    for (selected, times, once) in [
        ("nodes { id }", 1, 1),
        ("edges { cursor node { id } }", 3, 1),
        ("pageInfo { hasNextPage endCursor } totalCount totalCountExact __typename", 0, 6),
        ("nodes { id } pageInfo { endCursor } totalCount", 1, 4),
        ("... on HolderConnection { nodes { id } totalCount }", 1, 2),
        ("page: nodes { id } count: totalCount", 1, 2),
    ] {
        let text = format!("{{ holders(first: 10) {{ {selected} }} }}");
        assert_eq!(answered(&text), 1 + 10 * times + once, "{text}");
    }
}

#[test]
fn a_fragment_weighs_what_the_page_around_it_weighs() {
    let text = "{ short: holders(first: 2) { ...P } long: holders(last: 50) { ...P } }
        fragment P on HolderConnection { totalCount ...N } fragment N on HolderConnection { nodes { id } }";
    assert_eq!(answered(text), (1 + 1 + 1 + 2) + (1 + 1 + 1 + 50));
}

#[test]
fn pages_within_pages_multiply_and_so_do_their_variables() {
    let text = "query($c: String) { holders(first: 10, after: $c) {
        nodes { aliasAccounts(first: 5, after: $c) { nodes { id } totalCount } } totalCount } }";
    // Each holder: `aliasAccounts`, its `nodes` and `totalCount`, and five times `id`.
    assert_eq!(work(text), (1 + 1 + 1 + 10 * (1 + 1 + 1 + 5), 1 + 10));
}

#[test]
fn a_list_by_ids_is_as_long_as_the_ids_that_are_written() {
    for (arguments, length) in [
        ("nodes(ids: [1, 2, 3])", 3),
        ("nodes(ids: [])", 0),
        ("nodes(ids: 1)", 1),
        ("nodes(ids: [$i, $i])", 2),
        ("nodes(ids: $l)", 3),
        ("aliasAccountsByLedgerAccounts(ledgerId: $i, accountIds: [1, 2])", 2),
        ("aliasAccountsByLedgerAccounts(ledgerId: 1, accountIds: $l)", 3),
        ("tagged(tags: [\"a\"])", 1),
        ("tagged", 100),
        ("tagged(tags: null)", 100),
    ] {
        let mut text = format!("{{ {arguments} {{ id }} }}");
        for (name, of_type) in [("i", "ID!"), ("l", "[ID!]!")] {
            if arguments.contains(&format!("${name}")) {
                text = format!("query(${name}: {of_type}) {text}");
            }
        }
        assert_eq!(work_with(&text, &json!({"l": [1, 2, 3]})).0, 1 + length, "{text}");
    }
    let many = format!("{{ nodes(ids: [{}]) {{ id }} }}", "1 ".repeat(5_000));
    assert_eq!(answered(&many), 1 + 100);
}

#[test]
fn related_parties_are_taken_for_ten_and_a_list_that_nobody_knows_for_a_hundred() {
    let text = "{ holder(id: 1) { aliasAccounts(first: 1) { nodes { relatedParties { id name } } } } }";
    assert_eq!(answered(text), 1 + 1 + 1 + (1 + 10 * 2));
    assert_eq!(answered("{ unknownList { id } }"), 1 + 100);
}

#[test]
fn the_list_of_a_payload_is_as_long_as_the_list_of_its_input() {
    const SELECTED: &str = "holder { id } aliasAccounts { id accountId } userErrors { code field }";
    let holder = "holder: {name: \"n\"}";
    let four = json!([{"accountId": 1}, {"accountId": 2}, {"accountId": 3}, {"accountId": 4}]);
    let values =
        json!({"h": {"name": "n"}, "a": four, "i": {"holder": {"name": "n"}, "aliasAccounts": four}});
    for (declared, input, length) in [
        ("", format!("{{{holder}, aliasAccounts: [{{accountId: 1}}, {{accountId: 2}}]}}"), 2),
        ("", format!("{{{holder}, aliasAccounts: {{accountId: 1}}}}"), 1),
        ("($a: [OnboardAliasAccountInput!]!)", format!("{{{holder}, aliasAccounts: $a}}"), 4),
        ("($h: CreateHolderInput!)", "{holder: $h, aliasAccounts: [{accountId: 1}]}".to_owned(), 1),
        ("($i: OnboardHolderInput!)", "$i".to_owned(), 4),
    ] {
        let plain = format!("mutation{declared} {{ onboardHolder(input: {input}) {{ {SELECTED} }} }}");
        let spread = format!(
            "mutation{declared} {{ onboardHolder(input: {input}) {{ ...S }} }} fragment S on OnboardHolderPayload {{ {SELECTED} }}"
        );
        for text in [plain, spread] {
            // The mutation, its holder, its errors and `aliasAccounts` once; `id` and `accountId` for each.
            assert_eq!(work_with(&text, &values).0, 1 + 2 + 3 + 1 + 2 * length, "{text}");
        }
    }
    let text =
        "mutation($i: CreateHolderInput!) { createHolder(input: $i) { holder { id } userErrors { code } } }";
    assert_eq!(answered(text), 1 + 2 + 2);
}

#[test]
fn a_full_page_of_holders_with_their_alias_accounts_is_allowed_and_no_more_than_that() {
    let holders = |alias: &str| {
        format!(
            "{{ holders(first: 100) {{ nodes {{ id name documentMasked
                aliasAccounts(first: 20) {{ nodes {{ {alias} }} }} }} }} }}"
        )
    };
    let usual = "id accountId link { status } bankingDetails { branch accountMasked }";
    assert_eq!(answered(&holders(usual)), 1 + 1 + 100 * (3 + 1 + 1 + 20 * 7));
    assert!(!refused(&holders(usual)));
    assert!(refused(&holders(&format!("{usual} relatedParties {{ id name }}"))));
    assert!(refused(&holders(usual).replace("first: 20", "last: 100")));
    let page = |inner: &str| format!("aliasAccounts(last: 100) {{ nodes {{ {inner} }} }}");
    let bomb = page(&format!("holder {{ {} }}", page("id link { status }")));
    assert!(refused(&format!("{{ holder(id: 1) {{ {bomb} }} }}")));
    let ids = |ids: &str| {
        let page = page("id accountId holder { id }");
        format!("{{ nodes(ids: [{ids}]) {{ ... on Holder {{ {page} }} }} }}")
    };
    assert!(refused(&ids(&"1 ".repeat(100))));
    assert!(!refused(&ids("1")));
}

#[test]
fn a_page_whose_length_stands_in_a_variable_is_as_long_as_the_variable_says() {
    let text = "query($n: Int, $d: Int = 7) {
        holders(first: $n) { nodes { id } } last: holders(last: $d) { nodes { id } } }";
    for (values, long, last) in [
        (json!({}), 20, 7),
        (json!({"n": null, "d": null}), 20, 20),
        (json!({"n": 5}), 5, 7),
        (json!({"n": 0, "d": 9}), 0, 9),
        (json!({"n": -3}), 1, 7),
        (json!({"n": 5_000_000_000_i64}), 100, 7),
        (json!({"n": "many"}), 100, 7),
        (json!({"n": 1.5}), 100, 7),
    ] {
        assert_eq!(work_with(text, &values).0, (2 + long) + (2 + last), "{values}");
    }
}

#[test]
fn variables_within_variables_multiply_also_through_fragments() {
    let text = "query($a: Int!, $b: Int!) { holders(first: $a) { ...P } again: holders(first: 2) { ...P } }
        fragment P on HolderConnection { nodes { ...H } }
        fragment H on Holder { id aliasAccounts(last: $b) { nodes { id accountId } } }";
    // Each holder: `id`, `aliasAccounts`, `nodes`, and two fields an alias account. `$b` is used by each holder.
    let expected = |a: u64, b: u64| ((2 + a * (3 + 2 * b)) + (2 + 2 * (3 + 2 * b)), 1 + a + 2);
    for (a, b) in [(0, 0), (1, 1), (3, 50), (100, 100)] {
        assert_eq!(work_with(text, &json!({"a": a, "b": b})), expected(a, b), "{a} {b}");
    }
}

#[test]
fn what_is_remembered_of_a_document_does_not_grow_with_its_spread_fragments() {
    // Doubled twelve times: 4,096 pages, of which one is remembered.
    let fragments: String = (0..11)
        .map(|i| format!("fragment f{i} on Query {{ ...f{j} x{i}: __typename ...f{j} }} ", j = i + 1))
        .collect();
    let text = format!(
        "query($n: Int) {{ ...f0 }} {fragments} fragment f11 on Query {{ holders(first: $n) {{ nodes {{ id }} }} }}"
    );
    let schema = Schema::parse_and_validate(SDL, "schema").unwrap();
    let document = ExecutableDocument::parse_and_validate(&schema, text, "document").unwrap();
    let (costs, lists) = (Costs::of(&schema).unwrap(), Lists::of(&schema));
    let limits = Limits { root_fields: 5_000, aliases: 5_000, cost: u64::MAX, ..Limits::default() };
    let by = Measure { limits: &limits, costs: &costs, lists: &lists };
    // 2,048 times three fields are more than 5,000.
    assert!(by.check(&document).is_err());
    let mut measured = Measured { document: &document, by, known: HashMap::new() };
    let operation = document.operations.iter().next().unwrap();
    let size = measured.set(&operation.selection_set);
    assert!(size.once.distinct(&mut Default::default()) < 40);
    let values = Map::from_iter([("n".to_owned(), json!(1))]);
    let amount = size.once.amount(Some(Values { operation, given: &values }));
    assert_eq!(amount.cost, 2_048 * 3 + 2_047);
}

#[test]
fn each_limit_says_how_much_there_is_and_how_much_is_allowed() {
    let limits =
        Limits { depth: 2, cost: 50, aliases: 1, root_fields: 2, mutations: 1, directives: 1, tokens: 100 };
    let documents = Documents::new(SDL, limits).unwrap();
    let create = "createHolder(input: {name: \"n\"}) { __typename }";
    for (text, within, told) in [
        (
            "{ holders { nodes { id } } }".to_owned(),
            "{ holders { __typename } }",
            "nests fields 3 deep, and at most 2",
        ),
        (
            "{ unknownList { id name } }".to_owned(),
            "{ holder(id: 1) { id name } }",
            "may cost 201, and at most 50",
        ),
        (
            "{ a: __typename ...F } fragment F on Query { b: __typename }".to_owned(),
            "{ a: __typename }",
            "has 2 aliases, and at most 1",
        ),
        (
            "{ ...F ...F ...F } fragment F on Query { __typename }".to_owned(),
            "{ ...F ...F } fragment F on Query { __typename }",
            "has 3 fields at its root, and at most 2",
        ),
        (
            format!("mutation {{ {create} a: {create} }}"),
            "mutation { createHolder(input: {name: \"n\"}) { __typename } }",
            "has 2 mutations, and at most 1",
        ),
        (
            "{ ... @skip(if: false) { __typename @include(if: true) } }".to_owned(),
            "{ __typename @include(if: true) }",
            "has 2 directives, and at most 1",
        ),
        (
            format!("{{ holder(id: 1) {{ {} }} }}", "id ".repeat(60)),
            "{ __typename }",
            "has more than 100 tokens",
        ),
    ] {
        let errors = documents.prepare(&text).err().unwrap();
        assert!(errors.len() == 1 && errors[0].message.contains(told), "{text}: {errors:?}");
        assert!(errors[0].message.contains(": "), "what to do: {errors:?}");
        assert!(documents.prepare(within).is_ok(), "{within}");
    }
}
