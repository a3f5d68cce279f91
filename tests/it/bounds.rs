//! One request must not take all memory, nor keep the store from all others.

use super::bench::Bench;
use holdergraph::domain::ids::OrganizationId;
use serde_json::{Map, Value, json};
use uuid::Uuid;

#[tokio::test]
async fn a_request_reads_at_most_32_mib_of_records() {
    let (bench, organization) = (Bench::new(), OrganizationId(Uuid::now_v7()));
    let text = "x".repeat(2_000);
    let metadata: Map<String, Value> = (0..100).map(|i| (format!("k{i}"), json!(text))).collect();
    for index in 0..10 {
        let input = json!({"type": "LEGAL_PERSON", "name": "Big", "document": format!("BIG-{index}"), "metadata": metadata});
        let made = bench.mutate(organization, "createHolder", "holder { id }", input).await;
        assert_eq!(made["userErrors"], json!([]));
    }
    let lists = |count: usize| -> String {
        (0..count).map(|i| format!("l{i}: holders(first: 10) {{ nodes {{ id }} }} ")).collect()
    };
    // Ten records of 200 kB: 15 lists of them are below the bound, 20 are not.
    let answer = bench.answer(organization, &format!("{{ {} }}", lists(15)), json!({})).await;
    assert_eq!(answer["errors"], Value::Null, "{answer}");
    let answer = bench.answer(organization, &format!("{{ {} }}", lists(20)), json!({})).await;
    let errors = answer["errors"].as_array().unwrap();
    assert!(errors.iter().all(|error| error["extensions"]["code"] == "QUERY_TOO_COMPLEX"), "{errors:?}");
    let served = (0..20).filter(|i| answer["data"][format!("l{i}")].is_object()).count();
    assert!((15..20).contains(&served), "what was read before the bound is served: {served}");
    assert_eq!(served + errors.len(), 20);
}
