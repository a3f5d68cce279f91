//! Names that a message may repeat. A name in a document can be anything, so it may be a value in the wrong place.

/// Whether this is a name as schemas have them. Their names have a digit at most; more of them may be somebody's
/// document number.
pub(super) fn is_name(name: &str) -> bool {
    name.len() <= 64
        && !name.is_empty()
        && name.bytes().filter(u8::is_ascii_digit).count() <= 1
        && name.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_')
        && !name.starts_with(|c: char| c.is_ascii_digit())
}

/// A message without the names, in backticks, that may be values.
pub(super) fn without_values(message: &str) -> String {
    let pieces = message.split('`').enumerate().map(|(index, piece)| {
        let digits = piece.bytes().filter(u8::is_ascii_digit).count();
        // Every second piece stands between backticks.
        if index % 2 == 1 && (digits > 1 || piece.len() > 130) { "…" } else { piece }
    });
    pieces.collect::<Vec<_>>().join("`")
}
