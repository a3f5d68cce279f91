//! Values that are one after normalisation, each in several writings; an oracle looks them up, and normalises nothing.

use std::collections::HashMap;
use std::sync::LazyLock;

/// So many different values there are.
pub(super) const VALUES: usize = 64;

/// The writings of one value.
pub(super) fn writings(value: usize) -> [String; 4] {
    match value % 4 {
        0 => [
            format!("913.150.{value:03}-15"),
            format!("913150{value:03}15"),
            format!(" 913 150 {value:03} / 15"),
            full_width(&format!("913150{value:03}15")),
        ],
        1 => [
            format!("Straße {value:02}"),
            format!("STRASSE{value:02}"),
            format!("strasse-{value:02}"),
            format!("ｓｔｒａße#{value:02}"),
        ],
        2 => [
            format!("é-{value:02}-ﬁ"),
            format!("E\u{301}{value:02}FI"),
            format!("É {value:02} fi"),
            format!("e\u{301}.{value:02}.Fi"),
        ],
        _ => [
            format!("паспорт № {value:02}"),
            format!("ПАСПОРТNO{value:02}"),
            format!("Паспорт-no-{value:02}"),
            format!("паспорт № {}", full_width(&format!("{value:02}"))),
        ],
    }
}

fn full_width(digits: &str) -> String {
    digits.chars().map(|digit| char::from_u32(u32::from(digit) - 0x30 + 0xff10).unwrap()).collect()
}

/// Which value a writing means; none where nobody has it.
pub(super) fn meant(writing: &str) -> Option<usize> {
    static MEANT: LazyLock<HashMap<String, usize>> = LazyLock::new(|| {
        (0..VALUES).flat_map(|value| writings(value).map(|writing| (writing, value))).collect()
    });
    MEANT.get(writing).copied()
}
