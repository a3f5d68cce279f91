//! Normalisation (rule 10): when two writings are one document, account or IBAN.

use super::redacted;
use serde::Serialize;
use unicode_normalization::UnicodeNormalization;
use unicode_properties::{GeneralCategory, GeneralCategoryGroup, UnicodeGeneralCategory};

/// The number of this normaliser: part of the token fields' names (`document.1`). A change of the algorithm
/// (or of what it answers) needs a new number and a re-index.
pub const NORMALISER: &str = "1";

/// A value after normalisation; never empty.
#[derive(Clone, PartialEq, Eq, Hash, Serialize)]
#[serde(transparent)]
pub struct Normalised(String);
redacted!(Normalised);

impl Normalised {
    /// Normalises: NFKC, full upper-case mapping, NFKC, then only letters (L*) and decimal digits (Nd) stay.
    /// `None` where nothing is left.
    pub fn of(text: &str) -> Option<Self> {
        let upper: String = text.nfkc().flat_map(char::to_uppercase).collect();
        let kept: String = upper.nfkc().filter(|c| is_letter_or_digit(*c)).collect();
        (!kept.is_empty()).then_some(Self(kept))
    }

    /// The normalised text: personal data, for tokens only.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

fn is_letter_or_digit(c: char) -> bool {
    c.general_category_group() == GeneralCategoryGroup::Letter
        || c.general_category() == GeneralCategory::DecimalNumber
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn of(text: &str) -> Option<String> {
        Normalised::of(text).map(|n| n.as_str().to_owned())
    }

    #[test]
    fn writings_of_one_document_are_one_after_normalisation() {
        for (written, expected) in [
            ("913.150.260-15", "91315026015"),
            ("91315026015", "91315026015"),
            (" ab-12 ", "AB12"),
            ("ab１２", "AB12"),
            ("ﬁ-7", "FI7"),
            ("straße 1", "STRASSE1"),
            ("00012", "00012"),
            ("é", "É"),
            ("e\u{301}", "É"),
            ("паспорт № 45", "ПАСПОРТNO45"),
            ("٤٢", "٤٢"),
            ("Ⅳ", "IV"),
        ] {
            assert_eq!(of(written).as_deref(), Some(expected), "{written}");
        }
    }

    #[test]
    fn a_value_of_which_nothing_is_left_is_none() {
        for nothing in ["", " ", ".-/", "\u{301}", "🦀", "\u{200b}"] {
            assert_eq!(of(nothing), None, "{nothing:?}");
        }
    }

    proptest! {
        #[test]
        fn normalising_twice_changes_nothing(text in any::<String>()) {
            if let Some(once) = of(&text) {
                prop_assert_eq!(of(&once), Some(once));
            }
        }

        #[test]
        fn punctuation_between_ascii_characters_is_ignored(text in "[A-Z0-9]{1,20}") {
            let dotted: String = text.chars().flat_map(|c| [c, '.', '-']).collect();
            prop_assert_eq!(of(&dotted), Some(text));
        }
    }
}
