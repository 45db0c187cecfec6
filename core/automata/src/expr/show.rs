//! Expressions as text for people: the notation of regular expressions, cut off at a length.
//!
//! It is for looking at, never read back. Literal sets are listed as words, `~` is complement, `&`
//! intersection; the decoders of JSON strings and of UTF-8 are left out, so that a string shows its
//! decoded language.
//!
//! *Cost.* Bounded by the length asked for and by [`DEPTH`]; an arena is not changed.

use super::{Arena, Escape, ExprId, FULL, Node, UNBOUNDED};
use crate::byteset::ByteSet;

/// How deep a term is followed.
const DEPTH: usize = 60;

/// Words of a literal set that are listed before the rest is counted.
const WORDS: usize = 6;

/// How tightly the surroundings bind.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Level {
    Or,
    And,
    Concat,
    Atom,
}

/// What a component of a string reads next, taken out of its decoder.
pub(crate) struct InString {
    /// The decoded language.
    pub inner: ExprId,
    /// Whether it stands inside a character or an escape.
    pub within: bool,
}

struct Writer {
    out: String,
    room: usize,
}

impl Writer {
    fn push(&mut self, text: &str) {
        for c in text.chars() {
            if self.room == 0 {
                return;
            }
            self.room -= 1;
            self.out.push(if self.room == 0 { '…' } else { c });
        }
    }

    fn is_full(&self) -> bool {
        self.room == 0
    }
}

impl Arena {
    /// The expression, in at most `length` characters.
    pub(crate) fn show(&self, e: ExprId, length: usize) -> String {
        let mut w = Writer {
            out: String::new(),
            room: length,
        };
        self.write(e, &mut w, Level::Or, 0);
        w.out
    }

    /// The words of a finite set, if it is one evidently; at most `most` of them, with the number
    /// of all.
    pub(crate) fn words(&self, e: ExprId, most: usize) -> Option<(Vec<Vec<u8>>, usize)> {
        let mut found = (Vec::new(), 0);
        self.collect_words(e, &mut Vec::new(), &mut found, most)
            .then_some(found)
    }

    fn collect_words(
        &self,
        e: ExprId,
        prefix: &mut Vec<u8>,
        found: &mut (Vec<Vec<u8>>, usize),
        most: usize,
    ) -> bool {
        const LONGEST: usize = 400;
        const MOST: usize = 100_000;
        if prefix.len() > LONGEST || found.1 > MOST {
            return false;
        }
        let end = |found: &mut (Vec<Vec<u8>>, usize), prefix: &[u8]| {
            found.1 += 1;
            if found.0.len() < most {
                found.0.push(prefix.to_vec());
            }
        };
        match self.node(e) {
            Node::Epsilon | Node::Mark(_) => end(found, prefix),
            Node::Switch(label, arms) => {
                if label.is_some() {
                    end(found, prefix);
                }
                for &(b, rest) in arms {
                    prefix.push(b);
                    let finite = self.collect_words(rest, prefix, found, most);
                    prefix.pop();
                    if !finite {
                        return false;
                    }
                }
            }
            _ => return false,
        }
        true
    }

    /// What an expression of a JSON string reads; `None` if it is none.
    pub(crate) fn in_string(&self, e: ExprId) -> Option<InString> {
        let json = match *self.node(e) {
            Node::Concat(_, tail) => tail,
            _ => e,
        };
        match *self.node(json) {
            Node::Json(inner, escape) => Some(InString {
                inner,
                within: escape != Escape::START,
            }),
            _ => None,
        }
    }

    /// The members of a union, or the expression itself.
    pub(crate) fn members(&self, e: ExprId) -> Vec<ExprId> {
        match self.node(e) {
            Node::Or(list) => list.to_vec(),
            _ => vec![e],
        }
    }

    /// The byte that every member ends with, if the expression says so itself.
    pub(crate) fn last_byte(&self, e: ExprId) -> Option<u8> {
        let mut rest = e;
        while let Node::Concat(_, tail) = *self.node(rest) {
            rest = tail;
        }
        match self.node(rest) {
            Node::Bytes(set) => {
                let mut bytes = set.iter();
                bytes.next().filter(|_| bytes.next().is_none())
            }
            _ => None,
        }
    }

    fn write(&self, e: ExprId, w: &mut Writer, level: Level, depth: usize) {
        if w.is_full() {
            return;
        }
        if depth > DEPTH {
            return w.push("…");
        }
        if e == FULL || e == self.text_star() {
            return w.push(".*");
        }
        if e == self.any_char() {
            return w.push(".");
        }
        let group = |w: &mut Writer, own: Level, write: &mut dyn FnMut(&mut Writer)| {
            if own < level {
                w.push("(");
                write(w);
                w.push(")");
            } else {
                write(w);
            }
        };
        match self.node(e) {
            Node::Empty => w.push("∅"),
            Node::Epsilon | Node::Mark(_) => {
                if level != Level::Concat {
                    w.push("\"\"");
                }
            }
            Node::Bytes(set) => w.push(&class(set)),
            Node::Concat(_, _) => group(w, Level::Concat, &mut |w| {
                let mut rest = e;
                while let Node::Concat(head, tail) = *self.node(rest) {
                    if w.is_full() {
                        return;
                    }
                    self.write(head, w, Level::Concat, depth + 1);
                    rest = tail;
                }
                self.write(rest, w, Level::Concat, depth + 1);
            }),
            Node::Or(list) => {
                let optional = list.iter().any(|&x| matches!(self.node(x), Node::Epsilon));
                let rest: Vec<ExprId> = list
                    .iter()
                    .copied()
                    .filter(|&x| !optional || !matches!(self.node(x), Node::Epsilon))
                    .collect();
                if optional {
                    let write = &mut |w: &mut Writer| self.write_list(&rest, "|", w, depth);
                    if rest.len() > 1 {
                        w.push("(");
                        write(w);
                        w.push(")");
                    } else {
                        rest.iter()
                            .for_each(|&x| self.write(x, w, Level::Atom, depth + 1));
                    }
                    return w.push("?");
                }
                group(w, Level::Or, &mut |w| self.write_list(&rest, "|", w, depth));
            }
            Node::And(list) => group(w, Level::And, &mut |w| {
                self.write_list(list, " & ", w, depth);
            }),
            Node::Not(x) => {
                w.push("~");
                self.write(*x, w, Level::Atom, depth + 1);
            }
            Node::Repeat(x, min, max) => {
                self.write(*x, w, Level::Atom, depth + 1);
                w.push(&match (*min, *max) {
                    (0, UNBOUNDED) => "*".into(),
                    (1, UNBOUNDED) => "+".into(),
                    (0, 1) => "?".into(),
                    (min, UNBOUNDED) => format!("{{{min},}}"),
                    (min, max) if min == max => format!("{{{min}}}"),
                    (min, max) => format!("{{{min},{max}}}"),
                });
            }
            Node::Switch(_, arms) => match self.words(e, WORDS) {
                Some((words, count)) => {
                    let own = if count > 1 { Level::Or } else { Level::Concat };
                    group(w, own, &mut |w| {
                        for (i, word) in words.iter().enumerate() {
                            if i > 0 {
                                w.push("|");
                            }
                            w.push(&text(word));
                        }
                        if count > words.len() {
                            w.push(&format!("| {} more", count - words.len()));
                        }
                    });
                }
                None => group(w, Level::Or, &mut |w| {
                    for (i, &(b, rest)) in arms.iter().enumerate() {
                        if i > 0 {
                            w.push("|");
                        }
                        w.push(&class(&ByteSet::single(b)));
                        self.write(rest, w, Level::Concat, depth + 1);
                    }
                }),
            },
            Node::Multiple(state) => w.push(&self.lattices.show(state)),
            Node::State(machine, state) => {
                w.push(&format!("<state {state} of {}>", machine.len()));
            }
            Node::Json(x, _) | Node::Utf8(x, _) => self.write(*x, w, level, depth + 1),
        }
    }

    fn write_list(&self, list: &[ExprId], between: &str, w: &mut Writer, depth: usize) {
        for (i, &x) in list.iter().enumerate() {
            if w.is_full() {
                return;
            }
            if i > 0 {
                w.push(between);
            }
            self.write(x, w, Level::And, depth + 1);
        }
    }
}

/// Bytes as text: what is no text, and what is not seen, as escapes.
pub(crate) fn text(bytes: &[u8]) -> String {
    let mut out = String::new();
    for chunk in bytes.utf8_chunks() {
        for c in chunk.valid().chars() {
            if c.is_control() {
                out.extend(c.escape_default());
            } else {
                out.push(c);
            }
        }
        for b in chunk.invalid() {
            out.push_str(&format!("\\x{b:02x}"));
        }
    }
    out
}

/// A set of bytes in brackets, or the byte itself.
fn class(set: &ByteSet) -> String {
    let bytes: Vec<u8> = set.iter().collect();
    if let [b] = bytes[..] {
        return byte(b, b"\\.[](){}*+?|&~^");
    }
    if set.is_full() {
        return "[\\x00-\\xff]".into();
    }
    let mut out = String::from("[");
    let negated = bytes.len() > 128;
    if negated {
        out.push('^');
    }
    let wanted = |b: u8| set.contains(b) != negated;
    let mut b = 0u16;
    while b < 256 {
        if !wanted(b as u8) {
            b += 1;
            continue;
        }
        let from = b;
        while b < 256 && wanted(b as u8) {
            b += 1;
        }
        let to = (b - 1) as u8;
        out.push_str(&byte(from as u8, b"\\]^-["));
        if to > from as u8 {
            if to > from as u8 + 1 {
                out.push('-');
            }
            out.push_str(&byte(to, b"\\]^-["));
        }
    }
    out.push(']');
    out
}

fn byte(b: u8, special: &[u8]) -> String {
    match b {
        b'\n' => "\\n".into(),
        b'\r' => "\\r".into(),
        b'\t' => "\\t".into(),
        0x20..=0x7E if special.contains(&b) => format!("\\{}", char::from(b)),
        0x20..=0x7E => char::from(b).to_string(),
        _ => format!("\\x{b:02x}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::expr::EPSILON;

    fn shown(make: impl FnOnce(&mut Arena) -> crate::Result<ExprId>) -> String {
        let mut arena = Arena::new(10_000).expect("an arena");
        let e = make(&mut arena).expect("an expression");
        arena.show(e, 60)
    }

    #[test]
    fn expressions_read_as_regular_expressions() {
        let lower = ByteSet::range(b'a', b'z');
        assert_eq!(
            shown(|a| {
                let x = a.bytes(lower)?;
                let y = a.repeat(x, 2, 7)?;
                let dot = a.literal(b".")?;
                let z = a.bytes(ByteSet::range(b'0', b'9'))?;
                let z = a.repeat(z, 1, UNBOUNDED)?;
                a.concat_all(&[y, dot, z])
            }),
            "[a-z]{2,7}.[0-9]+"
        );
        assert_eq!(
            shown(|a| a.literals(&[(b"name", 2), (b"age", 3)])),
            "age|name"
        );
        assert_eq!(
            shown(|a| {
                let words = a.literals(&[(b"a", 0), (b"b", 0)])?;
                a.not(words)
            }),
            "~(a|b)"
        );
        assert_eq!(
            shown(|a| {
                let x = a.bytes(lower)?;
                let both = a.concat(x, x)?;
                a.or(vec![EPSILON, both])
            }),
            "([a-z][a-z])?"
        );
        assert_eq!(shown(|a| a.json_string(FULL)), "\".*");
    }

    #[test]
    fn what_is_long_is_cut() {
        let long = shown(|a| a.literal(&[b'x'; 300]));
        assert_eq!(long.chars().count(), 60);
        assert!(long.ends_with('…'));
    }

    #[test]
    fn deep_terms_end() {
        let text = shown(|a| {
            let mut e = a.bytes(ByteSet::range(b'a', b'b'))?;
            for i in 0..500u32 {
                let own = a.bytes(ByteSet::single((i % 200) as u8))?;
                e = a.concat(e, own)?;
                e = a.repeat(e, 2, 3 + i % 5)?;
            }
            Ok(e)
        });
        assert!(text.chars().count() <= 60);
    }

    #[test]
    fn bytes_that_are_no_text_are_escaped() {
        assert_eq!(text(b"a\n\xffb"), "a\\n\\xffb");
        assert_eq!(class(&ByteSet::single(b'*')), "\\*");
    }
}
