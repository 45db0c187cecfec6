//! Sets of code points by their Unicode properties, from the tables of `regex-syntax`.

use regex_syntax::hir::{Class, HirKind};

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

#[cfg(test)]
mod tests {
    use super::property;

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
