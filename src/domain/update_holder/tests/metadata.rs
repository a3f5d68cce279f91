//! Metadata in an update.

use super::*;

fn metadata_after(
    change: Patch<Map<String, Value>>,
    stored: Value,
) -> Result<Value, Vec<(FaultCode, String)>> {
    let stored = Holder { metadata: serde_json::from_value(stored).unwrap(), ..clear() };
    let input = UpdateHolder { metadata: change, ..update() };
    let (checked, _) = input.checked(&Guard::default()).map_err(paths)?;
    let (clear, _) = checked.merged(&stored, &personal()).map_err(paths)?;
    Ok(serde_json::to_value(&clear.metadata).unwrap())
}

#[test]
fn metadata_is_merged_key_by_key_and_null_removes_a_key() {
    let stored = json!({"a": 1, "b": "x", "cpf": "imported"});
    let after = |change| metadata_after(change, stored.clone());
    assert_eq!(after(Patch::Keep), Ok(stored.clone()));
    assert_eq!(after(Patch::Clear), Ok(json!({})));
    assert_eq!(after(entries(json!({}))), Ok(stored.clone()));
    let change = entries(json!({"a": null, "b": true, "c": 2.5, "cpf": null, "$gone": null}));
    assert_eq!(after(change), Ok(json!({"b": true, "c": 2.5})));
    assert_eq!(after(entries(json!({"b": "y"}))), Ok(json!({"a": 1, "b": "y", "cpf": "imported"})));
    let sensitive = (FaultCode::MetadataSensitive, "input/metadata/cpf".to_owned());
    assert_eq!(after(entries(json!({"cpf": "x"}))), Err(vec![sensitive]));
}

fn keys(range: std::ops::Range<usize>, value: Value) -> Value {
    Value::Object(range.map(|i| (format!("k{i}"), value.clone())).collect())
}

#[test]
fn metadata_has_at_most_100_keys_after_the_merge() {
    let refused = Err(vec![(FaultCode::MetadataInvalid, "input/metadata".to_owned())]);
    let hundred = || keys(0..100, json!(1));
    assert_eq!(metadata_after(entries(json!({"new": 1})), hundred()), refused);
    assert_eq!(metadata_after(entries(json!({"k0": 2})), hundred()).unwrap()["k0"], 2);
    assert!(metadata_after(entries(json!({"new": 1, "k0": null})), hundred()).is_ok());
    assert!(metadata_after(entries(keys(0..100, json!(1))), json!({})).is_ok());
    assert_eq!(metadata_after(entries(keys(0..101, json!(1))), json!({})), refused);
    assert_eq!(metadata_after(entries(keys(0..101, Value::Null)), hundred()), Ok(json!({})));
    // What an import brought in beyond the limit may shrink or change, and not grow.
    let imported = || keys(0..120, json!(1));
    assert!(metadata_after(entries(json!({"k0": null, "k1": 2})), imported()).is_ok());
    assert_eq!(metadata_after(entries(json!({"new": 1})), imported()), refused);
}
