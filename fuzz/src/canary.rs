//! Values that stand for somebody's data: the seeds and the dictionary have them, and no message may.

/// A text. Neither a name nor a request's id can hold its tildes, so it only ever stands where a value may.
const TEXT: &str = "~canary~";
/// A number.
const NUMBER: &str = "77310946825";

/// Panics where a message repeats a value of its request.
pub(crate) fn told(message: &str) {
    assert!(!message.contains(TEXT), "a message repeats a text of the request: {message}");
    let mut rest = message;
    while let Some((before, after)) = rest.split_once(NUMBER) {
        // Behind a letter it is a part of a name, which may be told.
        let is_name = before.ends_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        assert!(is_name, "a message repeats a number of the request: {message}");
        rest = after;
    }
}
