//! Masks (rule 17): enough of a document to recognise it, too little to know it.

/// Letters and digits of the value as written: fewer than 6 are all `*`; of others the first and the last two stay
/// and each other is one `*`.
pub fn mask(value: &str) -> String {
    let kept: Vec<char> = value.chars().filter(|c| c.is_alphanumeric()).collect();
    let last = kept.len().saturating_sub(2);
    let hidden = |i: usize| kept.len() < 6 || (2..last).contains(&i);
    kept.iter().enumerate().map(|(i, c)| if hidden(i) { '*' } else { *c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn masks_show_the_first_and_last_two_letters_or_digits() {
        for (value, masked) in [
            ("913.150.260-15", "91*******15"),
            ("91315026015", "91*******15"),
            ("12345", "*****"),
            ("123456", "12**56"),
            ("a-b-c", "***"),
            ("", ""),
            ("ÀB çdé f", "ÀB**éf"),
        ] {
            assert_eq!(mask(value), masked, "{value}");
        }
    }
}
