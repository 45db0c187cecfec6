//! Sets of code points by their Unicode properties, from the tables of `regex-syntax`.

use regex_syntax::hir::{Class, ClassUnicode, ClassUnicodeRange, HirKind};

/// The code points of a property: `Script=Greek`, `Script_Extensions=Greek`, `General_Category=Lu`,
/// `Alphabetic`; `None` if there is none of this name. Surrogates are in none of them.
pub fn property(query: &str) -> Option<Vec<(u32, u32)>> {
    let known = |c: char| c.is_ascii_alphanumeric() || c == '_' || c == '=';
    if query.is_empty() || !query.chars().all(known) {
        return None;
    }
    let parsed = regex_syntax::parse(&format!("\\p{{{query}}}")).ok()?;
    match parsed.kind() {
        HirKind::Class(Class::Unicode(class)) => Some(
            class
                .ranges()
                .iter()
                .map(|r| (r.start().into(), r.end().into()))
                .collect(),
        ),
        // A set of one character.
        HirKind::Literal(text) => {
            let text = std::str::from_utf8(&text.0).ok()?;
            Some(text.chars().map(|c| (c.into(), c.into())).collect())
        }
        HirKind::Class(Class::Bytes(class)) => Some(
            class
                .ranges()
                .iter()
                .map(|r| (r.start().into(), r.end().into()))
                .collect(),
        ),
        _ => None,
    }
}

/// The code points that differ from some of these by case alone, these included: all that have the
/// same simple case folding. Surrogates are left out.
pub fn case_closure(ranges: &[(u32, u32)]) -> Vec<(u32, u32)> {
    let characters = ranges.iter().filter_map(|&(lo, hi)| {
        let lo = if char::from_u32(lo).is_some() {
            lo
        } else {
            lo.max(0xE000)
        };
        let hi = hi.min(char::MAX.into());
        let hi = if char::from_u32(hi).is_some() {
            hi
        } else {
            hi.min(0xD7FF)
        };
        let (lo, hi) = (char::from_u32(lo)?, char::from_u32(hi)?);
        (lo <= hi).then(|| ClassUnicodeRange::new(lo, hi))
    });
    let mut class = ClassUnicode::new(characters);
    class.case_fold_simple();
    let found = class.ranges().iter();
    found.map(|r| (r.start().into(), r.end().into())).collect()
}

#[cfg(test)]
mod tests {
    use super::{case_closure, property};

    #[test]
    fn case_is_the_only_difference() {
        let of = |c: char| case_closure(&[(c.into(), c.into())]);
        assert_eq!(of('k'), [(0x4B, 0x4B), (0x6B, 0x6B), (0x212A, 0x212A)]);
        assert_eq!(of('ß'), [(0xDF, 0xDF), (0x1E9E, 0x1E9E)]);
        assert_eq!(of('1'), [(0x31, 0x31)]);
        assert_eq!(of('İ'), [(0x130, 0x130)]);
    }

    #[test]
    fn surrogates_have_no_case() {
        assert_eq!(case_closure(&[(0xD800, 0xDFFF)]), []);
        assert_eq!(case_closure(&[(0xD7FF, 0xE000)]), [(0xD7FF, 0xE000)]);
        assert_eq!(case_closure(&[(0x110000, 0x110001), (9, 3)]), []);
    }

    fn holds(query: &str, c: char) -> bool {
        let ranges = property(query).expect("a property");
        ranges
            .iter()
            .any(|&(lo, hi)| lo <= c.into() && u32::from(c) <= hi)
    }

    #[test]
    fn properties_of_each_kind() {
        assert!(holds("Script=Greek", 'α') && !holds("Script=Greek", 'a'));
        assert!(holds("Script_Extensions=Hira", 'ー') && !holds("Script=Hira", 'ー'));
        assert!(holds("General_Category=Lu", 'É') && !holds("General_Category=Lu", 'é'));
        assert!(holds("Emoji", '😀') && holds("ASCII", 'a') && !holds("ASCII", 'é'));
        assert!(holds("Any", '\u{10ffff}'));
    }

    #[test]
    fn what_is_no_property() {
        for query in [
            "",
            "Nothing",
            "Script=Nowhere",
            "a}b",
            "Script=Greek}|\\p{Latin",
            "é",
        ] {
            assert_eq!(property(query), None, "{query}");
        }
    }
}
