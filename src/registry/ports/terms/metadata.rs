//! Metadata entries as terms: `meta/<key>/<typed value>`.
//!
//! In the key, `~` is written `~0` and `/` is written `~1` (as in RFC 6901), so that the first `/` after `meta/`
//! ends the key. The value is `b:true`, `n:<number>` or `s:<text>`; of a long text it is `h:<SHA-256>`, since the
//! entries of an index have a longest size in some stores.

use super::Token;
use crate::domain::metadata::{Metadata, MetadataValue};
use serde_json::Number;
use sha2::{Digest, Sha256};

/// Longest text, in bytes, that stands in a term as it is.
const PLAIN_MAX: usize = 256;

/// The entries of a record.
pub(super) fn entries(metadata: &Metadata) -> impl Iterator<Item = Token> {
    metadata.0.iter().map(|(key, value)| entry(key, value))
}

/// One entry.
pub fn entry(key: &str, value: &MetadataValue) -> Token {
    let key = key.replace('~', "~0").replace('/', "~1");
    let value = match value {
        MetadataValue::Boolean(value) => format!("b:{value}"),
        MetadataValue::Number(value) => format!("n:{}", by_value(value)),
        MetadataValue::Text(value) if value.len() > PLAIN_MAX => {
            format!("h:{}", hex::encode(Sha256::digest(value)))
        }
        MetadataValue::Text(value) => format!("s:{value}"),
    };
    Token(format!("meta/{key}/{value}"))
}

/// One text for all writings of one number: whole numbers in full, all others by the shortest digits that give the
/// same double again.
fn by_value(number: &Number) -> String {
    /// Doubles from here on are no 64-bit integers, so no integer is equal to them.
    const TWO_TO_64: f64 = 18_446_744_073_709_551_616.0;
    if let Some(whole) = number.as_i128() {
        return whole.to_string();
    }
    match number.as_f64() {
        Some(double) if double.fract() == 0.0 && double.abs() < TWO_TO_64 => (double as i128).to_string(),
        Some(double) => format!("{double:e}"),
        None => number.to_string(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;
    use std::collections::BTreeSet;

    fn number(text: &str) -> String {
        entry("k", &MetadataValue::Number(serde_json::from_str(text).unwrap())).0
    }

    #[test]
    fn numbers_compare_by_value() {
        for writings in [
            &["1", "1.0", "1e0", "10e-1", "1.000"][..],
            &["0", "-0", "0.0", "-0.0", "0e5"],
            &["-42", "-42.0", "-4.2e1"],
            &["9007199254740991", "9007199254740991.0", "9.007199254740991e15"],
            &["0.1", "1e-1", "0.10"],
            &["1e300", "10e299"],
            &["18446744073709551616", "18446744073709551616.0", "1.8446744073709551616e19"],
        ] {
            let tokens: BTreeSet<String> = writings.iter().map(|text| number(text)).collect();
            assert_eq!(tokens.len(), 1, "{writings:?}: {tokens:?}");
        }
        let different =
            ["0", "1", "-1", "0.1", "1.5", "1e300", "-1e300", "9007199254740991", "9007199254740990"];
        let tokens: BTreeSet<String> = different.iter().map(|text| number(text)).collect();
        assert_eq!(tokens.len(), different.len());
    }

    #[test]
    fn entries_are_written_in_clear_with_their_type() {
        for (key, value, expected) in [
            ("channel", MetadataValue::Text("web".to_owned()), "meta/channel/s:web"),
            ("n", MetadataValue::Number(1.into()), "meta/n/n:1"),
            ("n", MetadataValue::Text("1".to_owned()), "meta/n/s:1"),
            ("vip", MetadataValue::Boolean(true), "meta/vip/b:true"),
            ("vip", MetadataValue::Text("true".to_owned()), "meta/vip/s:true"),
            ("a/b", MetadataValue::Text("c".to_owned()), "meta/a~1b/s:c"),
            ("a", MetadataValue::Text("b/s:c".to_owned()), "meta/a/s:b/s:c"),
            ("a/s:b", MetadataValue::Text("c".to_owned()), "meta/a~1s:b/s:c"),
            ("a~1b", MetadataValue::Text("c".to_owned()), "meta/a~01b/s:c"),
        ] {
            assert_eq!(entry(key, &value).0, expected);
        }
    }

    #[test]
    fn a_long_text_is_told_apart_by_its_digest() {
        let of = |text: &str| entry("k", &MetadataValue::Text(text.to_owned())).0;
        let (long, other) = ("é".repeat(1_000), format!("{}e", "é".repeat(999)));
        assert_eq!(of(&"x".repeat(256)), format!("meta/k/s:{}", "x".repeat(256)));
        assert!(of(&long).starts_with("meta/k/h:") && of(&long).len() == "meta/k/h:".len() + 64);
        assert_ne!(of(&long), of(&other));
    }

    proptest! {
        #[test]
        fn different_entries_never_meet(
            a in "[a~/:s01]{1,4}", x in "[a~/:s01]{0,4}", b in "[a~/:s01]{1,4}", y in "[a~/:s01]{0,4}",
        ) {
            let one = entry(&a, &MetadataValue::Text(x.clone()));
            let other = entry(&b, &MetadataValue::Text(y.clone()));
            prop_assert_eq!(one == other, (a, x) == (b, y));
        }

        #[test]
        fn a_whole_number_is_the_same_as_a_double(whole in -9_007_199_254_740_991_i64..=9_007_199_254_740_991) {
            prop_assert_eq!(by_value(&whole.into()), by_value(&Number::from_f64(whole as f64).unwrap()));
        }

        #[test]
        fn different_doubles_never_meet(a in any::<f64>(), b in any::<f64>()) {
            prop_assume!(a.is_finite() && b.is_finite());
            let one = by_value(&Number::from_f64(a).unwrap());
            prop_assert_eq!(one == by_value(&Number::from_f64(b).unwrap()), a == b);
        }
    }
}
