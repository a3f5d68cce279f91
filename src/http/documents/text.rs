//! The text of a document, as the validator understands it: the specification of September 2025 has descriptions of
//! operations, fragments and variables, which it does not know.

use std::borrow::Cow;
use std::ops::Range;

/// Words that may follow a description at the top of a document.
const DESCRIBED: [&str; 4] = ["query", "mutation", "subscription", "fragment"];

/// The text without its descriptions; their line ends are kept, so that places stay what they are.
pub(super) fn without_descriptions(text: &str) -> Cow<'_, str> {
    if !text.contains('"') {
        return Cow::Borrowed(text);
    }
    let found: Vec<Range<usize>> =
        Scan::of(text).filter(|found| found.is_description).map(|found| found.range).collect();
    replaced(text, &found, |description| description.chars().filter(|c| matches!(c, '\n' | '\r')).collect())
}

fn replaced<'a>(text: &'a str, ranges: &[Range<usize>], by: impl Fn(&str) -> String) -> Cow<'a, str> {
    if ranges.is_empty() {
        return Cow::Borrowed(text);
    }
    let (mut all, mut done) = (String::with_capacity(text.len()), 0);
    for range in ranges {
        all.push_str(text.get(done..range.start).unwrap_or_default());
        all.push_str(&by(text.get(range.clone()).unwrap_or_default()));
        done = range.end;
    }
    all.push_str(text.get(done..).unwrap_or_default());
    Cow::Owned(all)
}

/// A text literal of the document.
struct Literal {
    range: Range<usize>,
    is_description: bool,
}

/// Walks through a document from one text literal to the next. It ends where a literal does not.
struct Scan<'a> {
    text: &'a str,
    at: usize,
    braces: usize,
    parentheses: usize,
    brackets: usize,
    /// The last mark that means something.
    before: char,
}

impl<'a> Scan<'a> {
    fn of(text: &'a str) -> Self {
        Self { text, at: 0, braces: 0, parentheses: 0, brackets: 0, before: ' ' }
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
            self.before = c;
        }
        self.at += c.len_utf8();
    }

    /// Whether a literal that is followed by this describes what follows.
    fn describes(&self, rest: &str) -> bool {
        let next = meaningful(rest);
        match (self.braces, self.parentheses, self.brackets) {
            (0, 0, 0) => DESCRIBED.iter().any(|word| {
                let after = next.strip_prefix(word).map(|rest| rest.chars().next());
                after.is_some_and(|c| !c.is_some_and(|c| c.is_ascii_alphanumeric() || c == '_'))
            }),
            // A default value comes behind an equals sign, an argument behind a colon.
            (0, 1, 0) => next.starts_with('$') && !matches!(self.before, '=' | ':'),
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
                    let length = if is_block { block(rest) } else { line(rest) }?;
                    let range = self.at..self.at + length;
                    let is_description = self.describes(rest.get(length..).unwrap_or_default());
                    self.at = range.end;
                    self.before = '"';
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

/// How long a literal is that ends on its line.
fn line(text: &str) -> Option<usize> {
    let mut letters = text.char_indices().skip(1);
    while let Some((at, c)) = letters.next() {
        match c {
            '"' => return Some(at + 1),
            '\\' => {
                letters.next();
            }
            '\n' | '\r' => return None,
            _ => {}
        }
    }
    None
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
