use super::*;
use apollo_compiler::Schema;

/// The shape of the contract's lists, and nothing else of it.
const SDL: &str = "
    type Query {
      holder(id: ID!): Holder
      holders(first: Int, after: String, last: Int, before: String): HolderConnection
      nodes(ids: [ID!]!): [Node]
      aliasAccountsByLedgerAccounts(ledgerId: ID!, accountIds: [ID!]!): [AliasAccount]
      tagged(tags: [String!]): [Holder]
      unknownList: [Holder]
    }
    type Mutation {
      createHolder(input: CreateHolderInput!): CreateHolderPayload
      onboardHolder(input: OnboardHolderInput!): OnboardHolderPayload
    }
    interface Node { id: ID! }
    type Holder implements Node {
      id: ID! name: String document: String documentMasked: String
      aliasAccounts(first: Int, after: String, last: Int, before: String): AliasAccountConnection
    }
    type AliasAccount implements Node {
      id: ID! accountId: ID! holder: Holder link: Link! bankingDetails: BankingDetails
      relatedParties: [RelatedParty!]!
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
    type CreateHolderPayload { holder: Holder userErrors: [UserError!]! }
    type OnboardHolderPayload { holder: Holder aliasAccounts: [AliasAccount!]! userErrors: [UserError!]! }
";

/// Fields of the answer, and arguments that take a value from a variable.
fn work(text: &str) -> (usize, usize) {
    let schema = Schema::parse_and_validate(SDL, "schema").unwrap();
    let document = ExecutableDocument::parse_and_validate(&schema, text, "document").unwrap();
    let lists = Lists::of(&schema);
    let mut measured = Measured { document: &document, lists: &lists, known: HashMap::new() };
    let size = measured.set(&document.operations.iter().next().unwrap().selection_set);
    assert_eq!((size.per_record.answered, size.per_record.uses), (0, 0), "{text}");
    (size.once.answered, size.once.uses)
}

fn answered(text: &str) -> usize {
    work(text).0
}

fn refused(text: &str) -> bool {
    let documents = crate::http::documents::Documents::new(SDL).unwrap();
    documents.prepare(text).is_err_and(|errors| errors.iter().any(|error| error.code == "QUERY_TOO_COMPLEX"))
}

#[test]
fn a_page_is_as_long_as_first_or_last_say() {
    // `holders` itself, and for each record `nodes` and `id`.
    for (arguments, length) in [
        ("", 20),
        ("(first: 7)", 7),
        ("(last: 7)", 7),
        ("(first: null, last: 7)", 7),
        ("(first: null)", 20),
        ("(first: 1, last: 50)", 50),
        ("(first: $n)", 100),
        ("(last: $n)", 100),
        ("(last: $n, first: 1)", 100),
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
        assert_eq!(answered(&text), 1 + 2 * length, "{text}");
    }
}

#[test]
fn of_a_connection_only_edges_and_nodes_are_as_many_as_the_page() {
    for (selected, times, once) in [
        ("nodes { id }", 2, 0),
        ("edges { cursor node { id } }", 4, 0),
        ("pageInfo { hasNextPage endCursor } totalCount totalCountExact __typename", 0, 6),
        ("nodes { id } pageInfo { endCursor } totalCount", 2, 3),
        ("... on HolderConnection { nodes { id } totalCount }", 2, 1),
        ("page: nodes { id } count: totalCount", 2, 1),
    ] {
        let text = format!("{{ holders(first: 10) {{ {selected} }} }}");
        assert_eq!(answered(&text), 1 + 10 * times + once, "{text}");
    }
}

#[test]
fn a_fragment_weighs_what_the_page_around_it_weighs() {
    let text = "{ short: holders(first: 2) { ...P } long: holders(last: 50) { ...P } }
        fragment P on HolderConnection { totalCount ...N } fragment N on HolderConnection { nodes { id } }";
    assert_eq!(answered(text), (1 + 1 + 2 * 2) + (1 + 1 + 2 * 50));
}

#[test]
fn pages_within_pages_multiply_and_so_do_their_variables() {
    let text = "query($c: String) { holders(first: 10, after: $c) {
        nodes { aliasAccounts(first: 5, after: $c) { nodes { id } totalCount } } totalCount } }";
    // Each holder: `nodes`, `aliasAccounts`, its `totalCount`, and five times `nodes` and `id`.
    assert_eq!(work(text), (1 + 1 + 10 * (1 + 1 + 1 + 5 * 2), 1 + 10));
}

#[test]
fn a_list_by_ids_is_as_long_as_the_ids_that_are_written() {
    for (arguments, length) in [
        ("nodes(ids: [1, 2, 3])", 3),
        ("nodes(ids: [])", 0),
        ("nodes(ids: 1)", 1),
        ("nodes(ids: [$i, $i])", 2),
        ("nodes(ids: $l)", 100),
        ("aliasAccountsByLedgerAccounts(ledgerId: $i, accountIds: [1, 2])", 2),
        ("aliasAccountsByLedgerAccounts(ledgerId: 1, accountIds: $l)", 100),
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
        assert_eq!(answered(&text), 1 + length, "{text}");
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
    for (declared, input, length) in [
        ("", format!("{{{holder}, aliasAccounts: [{{accountId: 1}}, {{accountId: 2}}]}}"), 2),
        ("", format!("{{{holder}, aliasAccounts: {{accountId: 1}}}}"), 1),
        ("($a: [OnboardAliasAccountInput!]!)", format!("{{{holder}, aliasAccounts: $a}}"), 100),
        ("($h: CreateHolderInput!)", "{holder: $h, aliasAccounts: [{accountId: 1}]}".to_owned(), 1),
        ("($i: OnboardHolderInput!)", "$i".to_owned(), 100),
    ] {
        let plain = format!("mutation{declared} {{ onboardHolder(input: {input}) {{ {SELECTED} }} }}");
        let spread = format!(
            "mutation{declared} {{ onboardHolder(input: {input}) {{ ...S }} }} fragment S on OnboardHolderPayload {{ {SELECTED} }}"
        );
        for text in [plain, spread] {
            // The mutation, its holder and its errors once; `aliasAccounts`, `id` and `accountId` for each.
            assert_eq!(answered(&text), 1 + 2 + 3 + 3 * length, "{text}");
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
    assert_eq!(answered(&holders(usual)), 1 + 100 * (1 + 3 + 1 + 20 * (1 + 7)));
    assert!(!refused(&holders(usual)));
    assert!(refused(&holders(&format!("{usual} relatedParties {{ id name }}"))));
    assert!(refused(&holders(usual).replace("first: 20", "last: 100")));
    let page = |inner: &str| format!("aliasAccounts(last: 100) {{ nodes {{ {inner} }} }}");
    let bomb = page(&format!("holder {{ {} }}", page("id link { status }")));
    assert!(refused(&format!("{{ holder(id: 1) {{ {bomb} }} }}")));
    let ids = format!(
        "query($i: [ID!]!) {{ nodes(ids: $i) {{ ... on Holder {{ {} }} }} }}",
        page("id accountId holder { id }")
    );
    assert!(refused(&ids));
    assert!(!refused(&ids.replace("$i) {", "[1]) {").replace("query($i: [ID!]!)", "query")));
}
