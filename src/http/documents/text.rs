//! The text of a document, as the validator understands it: the specification of September 2025 has descriptions of
//! operations, fragments and variables, which it does not know.

use std::borrow::Cow;
use std::ops::Range;

/// Words that may follow a description at the top of a document.
const DESCRIBED: [&str; 4] = ["query", "mutation", "subscription", "fragment"];

/// Most digits of an escape in braces.
const BRACED_MAX: usize = 8;

/// The text without its descriptions: spaces stand for them, so that places stay what they are. Where a text literal is
/// none (a line's end in it, an escape that is not known, in a description too) its line and column are answered, from 1.
pub(super) fn without_descriptions(text: &str) -> Result<Cow<'_, str>, (usize, usize)> {
    if !text.contains('"') {
        return Ok(Cow::Borrowed(text));
    }
    let mut scan = Scan::of(text);
    let found: Vec<Range<usize>> =
        scan.by_ref().filter(|found| found.is_description).map(|found| found.range).collect();
    match scan.fault {
        Some(at) => Err(place(text, at)),
        None => Ok(blanked(text, &found)),
    }
}

/// The text with spaces in these places. Line ends are kept.
fn blanked<'a>(text: &'a str, ranges: &[Range<usize>]) -> Cow<'a, str> {
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut all, mut done) = (String::with_capacity(text.len()), 0);
    for range in ranges {
        all.push_str(text.get(done..range.start).unwrap_or_default());
        for c in text.get(range.clone()).unwrap_or_default().chars() {
            match c {
                '\n' | '\r' => all.push(c),
                // The parser counts columns in bytes.
                c => all.extend(std::iter::repeat_n(' ', c.len_utf8())),
            }
        }
        done = range.end;
    }
    all.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(all)
}

/// Line and column, in bytes, from 1, of a byte of the text.
fn place(text: &str, at: usize) -> (usize, usize) {
    let before = text.get(..at).unwrap_or(text);
    let lines = before.matches('\n').count() + before.matches('\r').count() - before.matches("\r\n").count();
    let begin = before.rfind(['\n', '\r']).map_or(0, |end| end + 1);
    (lines + 1, at - begin + 1)
}

/// A text literal of the document.
struct Literal {
    range: Range<usize>,
    is_description: bool,
}

/// Walks through a document from one text literal to the next. It ends where a literal does not, or is none.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    braces: usize,
    parentheses: usize,
    brackets: usize,
    /// The last mark that means something.
    before: Option<char>,
    /// Where a literal is none.
    fault: Option<usize>,
}

impl<'a> Scan<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, braces: 0, parentheses: 0, brackets: 0, before: None, fault: None }
    }

    fn rest(&self) -> &'a str {
        self.text.get(self.at..).unwrap_or_default()
    }

    fn see(&mut self, c: char) {
        match c {
            '{' => self.braces += 1,
            '}' => self.braces = self.braces.saturating_sub(1),
            '(' => self.parentheses += 1,
            ')' => self.parentheses = self.parentheses.saturating_sub(1),
            '[' => self.brackets += 1,
            ']' => self.brackets = self.brackets.saturating_sub(1),
            _ => {}
        }
        if !is_ignored(c) {
            self.before = Some(c);
        }
        self.at += c.len_utf8();
    }

    /// Whether a literal that is followed by this describes what follows.
    fn describes(&self, rest: &str) -> bool {
        let next = meaningful(rest);
        match (self.braces, self.parentheses, self.brackets) {
            // At the start, or behind a definition, all of which end in a brace.
            (0, 0, 0) if matches!(self.before, None | Some('}')) => DESCRIBED.iter().any(|word| {
                let after = next.strip_prefix(word).map(|rest| rest.chars().next());
                after.is_some_and(|c| !c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'))
            }),
            // A default value comes behind an equals sign, an argument behind a colon.
            (0, 1, 0) => next.starts_with('$') && !matches!(self.before, Some('=' | ':')),
            _ => false,
        }
    }
}

impl Iterator for Scan<'_> {
    type Item = Literal;

    fn next(&mut self) -> Option<Literal> {
        loop {
            let rest = self.rest();
            match rest.chars().next()? {
                '#' => self.at += rest.find(['\n', '\r']).unwrap_or(rest.len()),
                '"' => {
                    let is_block = rest.starts_with("\"\"\"");
                    let length = match if is_block { Ok(block(rest)) } else { line(rest) } {
                        Ok(length) => length?,
                        Err(at) => {
                            self.fault = Some(self.at + at);
                            return None;
                        }
                    };
                    let range = self.at..self.at + length;
                    let is_description = self.describes(rest.get(length..).unwrap_or_default());
                    self.at = range.end;
                    self.before = Some('"');
                    return Some(Literal { range, is_description });
                }
                c => self.see(c),
            }
        }
    }
}

fn is_ignored(c: char) -> bool {
    matches!(c, ' ' | '\t' | '\n' | '\r' | ',' | '\u{FEFF}')
}

/// What follows without spaces and comments.
fn meaningful(mut text: &str) -> &str {
    loop {
        text = text.trim_start_matches(is_ignored);
        match text.strip_prefix('#') {
            Some(comment) => {
                text = comment.find(['\n', '\r']).and_then(|end| comment.get(end..)).unwrap_or_default()
            }
            None => return text,
        }
    }
}

/// How long a literal is that ends on its line; nothing where it does not end, and where it is none its first fault.
fn line(text: &str) -> Result<Option<usize>, usize> {
    let mut at = 1;
    loop {
        let rest = text.get(at..).unwrap_or_default();
        match rest.chars().next() {
            Some('"') => return Ok(Some(at + 1)),
            Some('\\') => at += escape(rest).ok_or(at)?,
            Some('\n' | '\r') => return Err(at),
            Some(c) => at += c.len_utf8(),
            None => return Ok(None),
        }
    }
}

/// How long an escape is, of two surrogates both.
fn escape(text: &str) -> Option<usize> {
    let escaped = text.strip_prefix('\\')?;
    let Some(digits) = escaped.strip_prefix('u') else {
        return escaped.starts_with(['"', '\\', '/', 'b', 'f', 'n', 'r', 't']).then_some(2);
    };
    if let Some(digits) = digits.strip_prefix('{') {
        let (digits, _) = digits.split_once('}')?;
        let is_short = (1..=BRACED_MAX).contains(&digits.len());
        return char::from_u32(hexadecimal(digits).filter(|_| is_short)?).map(|_| digits.len() + 4);
    }
    let first = hexadecimal(digits.get(..4)?)?;
    if char::from_u32(first).is_some() {
        return Some(6);
    }
    let second = hexadecimal(digits.get(4..)?.strip_prefix("\\u")?.get(..4)?)?;
    ((0xD800..0xDC00).contains(&first) && (0xDC00..0xE000).contains(&second)).then_some(12)
}

fn hexadecimal(digits: &str) -> Option<u32> {
    let are_digits = digits.bytes().all(|digit| digit.is_ascii_hexdigit());
    u32::from_str_radix(digits, 16).ok().filter(|_| are_digits)
}

/// How long a literal between three quotation marks is.
fn block(text: &str) -> Option<usize> {
    let mut at = 3;
    loop {
        let rest = text.get(at..)?;
        let end = rest.find("\"\"\"")?;
        at += end + 3;
        if !rest.get(..end)?.ends_with('\\') {
            return Some(at);
        }
    }
}

#[cfg(test)]
mod tests;
