//! JSON strings whose decoded text is in a language: whole ones, and beginnings of them.

use super::chance::Chance;
use super::json::{Reading, read_string};
use super::re::Re;
use std::collections::BTreeSet;

/// Whether `raw` is a whole JSON string with a text of `re`.
pub fn is_string_of(re: &Re, raw: &[u8]) -> bool {
    judge_string(re, raw).expect("a text that the judge can take")
}

/// The same; `None` where the judge cannot take the text.
pub fn judge_string(re: &Re, raw: &[u8]) -> Option<bool> {
    let Some(inside) = raw.strip_prefix(b"\"") else {
        return Some(false);
    };
    match read_string(inside) {
        Reading::Closed(text, n) if n == inside.len() => re.judge(&text),
        _ => Some(false),
    }
}

/// Whether some JSON string with a text of `re` begins with `raw`; `re` as [`Re::begins`] wants it.
pub fn begins_string_of(re: &Re, raw: &[u8]) -> bool {
    let Some(inside) = raw.strip_prefix(b"\"") else {
        return raw.is_empty();
    };
    match read_string(inside) {
        Reading::Bad => false,
        Reading::Closed(text, n) => n == inside.len() && re.matches(&text),
        Reading::Open(text, None) => re.begins(&text),
        Reading::Open(text, Some(ranges)) => {
            let mut bounds = BTreeSet::new();
            re.bounds(&mut bounds);
            let within = |c: &u32| ranges.iter().any(|(lo, hi)| (lo..=hi).contains(&c));
            let chosen = bounds.iter().copied().filter(within);
            // Within a range, the term tells characters apart at its bounds only.
            let all: BTreeSet<u32> = chosen.chain(ranges.iter().map(|r| r.0)).collect();
            all.into_iter().filter_map(char::from_u32).any(|c| {
                let mut longer = text.clone();
                longer.extend_from_slice(c.to_string().as_bytes());
                re.begins(&longer)
            })
        }
    }
}

/// One spelling of a text as a JSON string, quotes included; every escape form occurs.
pub fn spell(text: &str, chance: &mut Chance) -> Vec<u8> {
    let mut out = vec![b'"'];
    for c in text.chars() {
        let short = "\"\\/\u{8}\u{c}\n\r\t".chars().position(|x| x == c);
        let must = matches!(c, '"' | '\\' | '\0'..='\u{1f}');
        match (chance.below(6), short) {
            (0..=1, Some(i)) => out.extend([b'\\', b"\"\\/bfnrt"[i]]),
            (4, _) => unit_escapes(c, chance, &mut out),
            _ if must => unit_escapes(c, chance, &mut out),
            _ => out.extend_from_slice(c.to_string().as_bytes()),
        }
    }
    out.push(b'"');
    out
}

fn unit_escapes(c: char, chance: &mut Chance, out: &mut Vec<u8>) {
    for unit in c.encode_utf16(&mut [0; 2]) {
        let digits = if chance.once_in(2) {
            format!("\\u{unit:04x}")
        } else {
            format!("\\u{unit:04X}")
        };
        out.extend_from_slice(digits.as_bytes());
    }
}

/// Damages a spelling in one place, or leaves it.
pub fn damage(raw: &mut Vec<u8>, chance: &mut Chance) {
    const PIECES: [&[u8]; 17] = [
        b"\\ud83d",
        b"\\udc00",
        b"\\ud83d\\u0061",
        b"\\ud83d\\",
        b"\\ud8",
        b"\\x",
        b"\\u12",
        b"\\",
        b"\n",
        b"\0",
        b"\x1f",
        b"\"",
        b"\xC3",
        b"\xFF",
        b"\xED\xA0\x80",
        b"\xC0\xAF",
        b"\x7f",
    ];
    let at = chance.below(raw.len() + 1);
    match chance.below(6) {
        0 | 1 => {
            let piece = *chance.pick(&PIECES);
            raw.splice(at..at, piece.iter().copied());
        }
        2 => raw.truncate(at),
        3 if at < raw.len() => {
            raw.remove(at);
        }
        _ => {}
    }
}
