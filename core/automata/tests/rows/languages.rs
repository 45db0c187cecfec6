//! Small languages with known texts, for each kind of recursion.

use crate::grammars::Grammar;
use crate::machine::Machine;

/// All texts over `letters` up to this length.
fn texts(letters: &[u8], longest: usize) -> Vec<Vec<u8>> {
    let mut all = vec![Vec::new()];
    let mut last = all.clone();
    for _ in 0..longest {
        let longer = |text: &Vec<u8>| {
            let text = text.clone();
            letters
                .iter()
                .map(move |&byte| [&text[..], &[byte]].concat())
        };
        last = last.iter().flat_map(longer).collect();
        all.extend(last.iter().cloned());
    }
    all
}

fn check(grammar: &str, letters: &str, longest: usize, is_member: impl Fn(&str) -> bool) {
    let mut machine = Machine::new(Grammar::parse(grammar));
    let mut members = 0;
    for text in texts(letters.as_bytes(), longest) {
        let expected = is_member(std::str::from_utf8(&text).unwrap());
        let shown = String::from_utf8_lossy(&text).into_owned();
        assert_eq!(machine.matches(&text), expected, "{grammar} on {shown:?}");
        members += usize::from(expected);
    }
    assert!(members > 0, "{grammar}: no text of the language was tried");
}

fn is_balanced(text: &str) -> bool {
    let mut depth = 0_i32;
    for byte in text.bytes() {
        depth += if byte == b'(' { 1 } else { -1 };
        if depth < 0 {
            return false;
        }
    }
    depth == 0
}

#[test]
fn left_and_right_recursion() {
    let list = |t: &str| !t.is_empty() && t.bytes().all(|b| b == b'a');
    check(r#"L: L "a" | "a""#, "ab", 6, list);
    check(r#"L: "a" L | "a""#, "ab", 6, list);
    check(r#"L: L L | "a""#, "ab", 7, list);
    check(r#"L: L L L | L L | "a""#, "ab", 7, list);
    check(r#"L: L L L | "a""#, "ab", 8, |t| {
        list(t) && t.len() % 2 == 1
    });
}

#[test]
fn mutual_left_recursion() {
    // A: a (yx)*, B: b after (xy)* ..., as texts: A = (b|ay) x ... unrolled by hand
    let grammar = r#"A: B "x" | "a" ; B: A "y" | "b""#;
    check(grammar, "abxy", 6, |t| {
        let rest = match t.strip_prefix("bx") {
            Some(rest) => rest,
            None => match t.strip_prefix('a') {
                Some(rest) => rest,
                None => return false,
            },
        };
        rest.len() % 2 == 0 && rest.as_bytes().chunks(2).all(|pair| pair == b"yx")
    });
}

#[test]
fn left_recursion_hidden_behind_the_empty_string() {
    // n* a x*, with as many x as there are levels, and at most one n for each
    check(r#"A: N A "x" | "a" ; N: "n" |"#, "nax", 6, |t| {
        let (before, after) = match t.split_once('a') {
            Some(parts) => parts,
            None => return false,
        };
        before.bytes().all(|b| b == b'n')
            && after.bytes().all(|b| b == b'x')
            && before.len() <= after.len()
    });
}

#[test]
fn cycles_of_unit_rules() {
    check(r#"A: A | "a""#, "ab", 4, |t| t == "a");
    check(r#"A: B | "a" ; B: A | "b""#, "ab", 4, |t| {
        t == "a" || t == "b"
    });
    check(r#"A: B | A "x" ; B: C ; C: A | "c" C |"#, "cx", 5, |t| {
        !t.contains("xc")
    });
    check(r#"A: A A | "a" |"#, "ab", 6, |t| {
        t.bytes().all(|b| b == b'a')
    });
    check(r#"A: N A N | "a" ; N: N N |"#, "ab", 5, |t| t == "a");
}

#[test]
fn ambiguity_and_empty_rules() {
    let grammar = r#"E: E "+" E | E "*" E | "(" E ")" | "1""#;
    check(grammar, "1+()", 6, |t| {
        let inner: String = t.chars().filter(|c| matches!(c, '(' | ')')).collect();
        let flat = t.replace(['(', ')'], "");
        let alternates = flat.len() % 2 == 1
            && flat
                .bytes()
                .enumerate()
                .all(|(i, b)| (b == b'1') == (i % 2 == 0));
        let sides = t.as_bytes().windows(2).all(|w| {
            !matches!(
                w,
                [b'(', b'+' | b')'] | [b'+', b')'] | [b'1', b'('] | [b')', b'(' | b'1']
            )
        });
        is_balanced(&inner) && alternates && sides && !t.starts_with('+') && !t.ends_with('+')
    });
    check(r#"S: "(" S ")" S |"#, "()", 8, is_balanced);
    check(r#"S: S S | "(" S ")" |"#, "()", 8, is_balanced);
    check(
        r#"S: X Y Z ; X: Y | "x" ; Y: Z | "y" ; Z: | "z""#,
        "xyz",
        4,
        |t| {
            // X = x|y|z|ε, Y = y|z|ε, Z = z|ε
            let choices = |s: &'static str| s.chars().map(|c| c.to_string()).chain([String::new()]);
            choices("xyz")
                .any(|x| choices("yz").any(|y| choices("z").any(|z| format!("{x}{y}{z}") == t)))
        },
    );
    check(r#"P: "a" P "a" | "b" P "b" | "a" | "b" |"#, "ab", 7, |t| {
        t.bytes().eq(t.bytes().rev())
    });
}

#[test]
fn words_that_end_at_the_same_byte_and_words_inside_words() {
    check(r#"S: "a" S | "aa" S | "ab" | "b" S "aab""#, "ab", 7, |t| {
        // b^k a* ab (aab)^k with the a's anywhere among the b's: count by recursive descent
        fn matches(t: &str) -> bool {
            t == "ab"
                || t.strip_prefix('a').is_some_and(matches)
                || t.strip_prefix('b')
                    .and_then(|rest| rest.strip_suffix("aab"))
                    .is_some_and(matches)
        }
        matches(t)
    });
}

#[test]
fn rules_without_any_text_do_no_harm() {
    check(r#"S: "a" S | D | "b" ; D: "a" D ; U: "u""#, "ab", 5, |t| {
        t.strip_suffix('b')
            .is_some_and(|a| a.bytes().all(|b| b == b'a'))
    });
    let mut dead = Machine::new(Grammar::parse(r#"S: "a" D | "b" ; D: D "a""#));
    let place = dead.feed_all(b"a");
    assert_eq!(place.row, None, "nothing can ever follow");
    let mut empty = Machine::new(Grammar::parse(r#"S: D "x" ; D: D | D "a""#));
    let start = empty.start();
    assert!(!empty.accepts(&start));
    assert!(empty.rows.terminals(start.row.unwrap()).is_empty());
    assert!(!empty.matches(b"ax"));
}

#[test]
fn the_empty_text_alone() {
    check(r#"S: N N ; N: M ; M: | N"#, "a", 3, str::is_empty);
}
