//! Terms of the tests (`common::re`, `common::schema`) out of a fuzzer's bytes.

use crate::common::multiples::Multiples;
use crate::common::re::{CHARS, Re, class, rep};
use crate::common::schema::{Array, KEYS, Object, Schema, Val, whole_numbers};
use crate::input::Input;
use grammarlib_automata::expr::Spelling;

/// How many terms one input may make.
const TERMS: usize = 80;

/// Makes terms until there were enough of them; all later ones are the simplest.
pub struct Maker<'a, 'b> {
    pub input: &'a mut Input<'b>,
    room: usize,
    definitions: usize,
}

impl<'a, 'b> Maker<'a, 'b> {
    pub fn new(input: &'a mut Input<'b>) -> Self {
        Maker {
            input,
            room: TERMS,
            definitions: 0,
        }
    }

    fn enough(&mut self, depth: usize) -> bool {
        self.room = self.room.saturating_sub(1);
        self.room == 0 || depth == 0
    }

    fn char(&mut self) -> char {
        CHARS[self.input.below(CHARS.len())]
    }

    fn text(&mut self) -> Vec<u8> {
        let chars: String = (0..self.input.below(5)).map(|_| self.char()).collect();
        chars.into_bytes()
    }

    fn bounds(&mut self) -> (u32, Option<u32>) {
        let min = self.input.below(4) as u32;
        match self.input.below(8) {
            0 => (min, None),
            1..=4 => (min, Some(min + self.input.below(4) as u32)),
            5 => (min * 10, Some(min * 10 + self.input.below(300) as u32)),
            6 => (min * 1_000, None),
            _ => (min, Some(4_000_000_000)),
        }
    }

    fn ranges(&mut self) -> Re {
        match self.input.below(6) {
            0 => Re::Class(vec![(0, 0x10_FFFF)]),
            1 => Re::Class(vec![(0, 0x60), (0x63, 0xD7FF), (0xE000, 0x10_FFFF)]),
            2 => Re::Class(vec![(0x7F, 0x80), (0x7FF, 0x800), (0xFFFF, 0x1_0000)]),
            3 => Re::Class(vec![(0xD800, 0xDFFF)]),
            _ => {
                let (a, b) = (self.char(), self.char());
                class(a.min(b), a.max(b))
            }
        }
    }

    fn list(&mut self, depth: usize, most: usize) -> Vec<Re> {
        (0..self.input.below(most + 1))
            .map(|_| self.re(depth - 1))
            .collect()
    }

    /// Any expression.
    pub fn re(&mut self, depth: usize) -> Re {
        if self.enough(depth) {
            return Re::Blank;
        }
        match self.input.below(16) {
            0 => Re::Blank,
            1..=3 => {
                let c = self.char();
                class(c, c)
            }
            4 => self.ranges(),
            5 => Re::Lit(self.text()),
            6 => Re::Set((0..self.input.below(6)).map(|_| self.text()).collect()),
            7 | 8 => Re::Cat(self.list(depth, 4)),
            9 => Re::Or(self.list(depth, 4)),
            10 => Re::And(self.list(depth, 3)),
            11 => Re::Not(Box::new(self.re(depth - 1))),
            12..=14 => {
                let x = self.re(depth - 1);
                let (min, max) = self.bounds();
                rep(x, min, max)
            }
            _ => match self.input.below(4) {
                0 => Re::Nothing,
                1 => Re::Bytes(vec![(0, 0xFF)]),
                2 => Re::Bytes(vec![(0xC3, 0xC3)]),
                _ => Re::Lit(vec![0xC3]),
            },
        }
    }

    /// Numbers are always spelled as JSON wants it; that much a front end promises.
    fn numbers(&mut self) -> Re {
        match self.input.below(6) {
            0 => whole_numbers(),
            1 => Re::Set(
                ["1", "12", "-0.5", "1.0", "1e1"]
                    .map(|t| t.as_bytes().to_vec())
                    .into(),
            ),
            2 => Re::Nothing,
            3 | 4 => self.multiples(),
            _ => Re::And(vec![whole_numbers(), self.re(2)]),
        }
    }

    fn multiples(&mut self) -> Re {
        let spelling = match self.input.below(3) {
            0 => Spelling::Whole,
            1 => Spelling::Plain,
            _ => Spelling::Scientific,
        };
        let digits = |n: usize| n.to_string().into_bytes();
        let bounded = self.input.once_in(2);
        let high = bounded.then(|| digits(self.input.below(2_000)));
        Re::Multiples(Multiples {
            spelling,
            modulus: 1 + self.input.below(300) as u64,
            places: if spelling == Spelling::Whole {
                0
            } else {
                self.input.below(3) as u32
            },
            low: digits(self.input.below(500)),
            high,
        })
    }

    fn keys(&mut self) -> Vec<String> {
        let mut out: Vec<String> = Vec::new();
        for _ in 0..self.input.below(5) {
            let key = KEYS[self.input.below(KEYS.len())].to_string();
            if !out.contains(&key) {
                out.push(key);
            }
        }
        out
    }

    fn values(&mut self, depth: usize, most: usize) -> Vec<Val> {
        (0..self.input.below(most + 1))
            .map(|_| self.val(depth - 1))
            .collect()
    }

    /// Any value set; with definitions, it may refer to them.
    pub fn val(&mut self, depth: usize) -> Val {
        if self.enough(depth) {
            return Val::Any;
        }
        match self.input.below(20) {
            0 => Val::Any,
            1 => Val::Never,
            2 | 3 => Val::Types(self.input.byte() % 64),
            4 => Val::Bools(self.input.byte() % 4),
            5 => Val::Strings(self.re(3)),
            6 => Val::IfString(self.re(3)),
            7 => Val::Numbers(self.numbers()),
            8 => Val::IfNumber(self.numbers()),
            9 | 10 => self.array(depth),
            11..=13 => self.object(depth),
            14 => Val::All(self.values(depth, 4)),
            15 => Val::AnyOf(self.values(depth, 4)),
            16 => Val::Not(Box::new(self.val(depth - 1))),
            17 => Val::Names(Box::new(self.val(depth - 1))),
            _ if self.definitions > 0 => Val::Ref(self.input.below(self.definitions)),
            _ => Val::Types(63),
        }
    }

    fn few(&mut self) -> (u32, Option<u32>) {
        let min = self.input.below(4) as u32;
        let max = (!self.input.once_in(2)).then(|| min + self.input.below(4) as u32);
        (min, max)
    }

    fn array(&mut self, depth: usize) -> Val {
        let prefix = self.values(depth, 2);
        let rest = self.val(depth - 1);
        let (min, max) = self.few();
        let contains = if self.input.once_in(3) {
            let (min, max) = self.few();
            Some((self.val(depth - 1), min, max))
        } else {
            None
        };
        Val::IfArray(Box::new(Array {
            prefix,
            rest,
            min,
            max,
            contains,
            unique: self.input.once_in(6),
        }))
    }

    fn object(&mut self, depth: usize) -> Val {
        let properties = self.keys().into_iter();
        let properties = properties.map(|key| (key, self.val(depth - 1))).collect();
        let patterns = match self.input.below(4) {
            n @ (1 | 2) => (0..n).map(|_| (self.re(2), self.val(depth - 1))).collect(),
            _ => vec![],
        };
        let additional = self.val(depth - 1);
        let (min, max) = match self.input.once_in(3) {
            true => self.few(),
            false => (0, None),
        };
        Val::IfObject(Box::new(Object {
            properties,
            patterns,
            additional,
            required: self.keys(),
            min,
            max,
        }))
    }

    /// A schema with definitions that may refer to each other.
    pub fn schema(&mut self) -> Schema {
        self.definitions = self.input.below(4);
        let defs = (0..self.definitions).map(|_| self.val(5)).collect();
        let blank = match self.input.below(5) {
            0 => Re::Blank,
            1 => rep(Re::Lit(b" ".to_vec()), 0, Some(1)),
            2 => rep(
                Re::Bytes(vec![(b' ', b' '), (b'\n', b'\n'), (b'\t', b'\t')]),
                0,
                None,
            ),
            3 => Re::Lit(b" ".to_vec()),
            _ => Re::Or(vec![
                Re::Cat(vec![
                    Re::Lit(b"\n".to_vec()),
                    rep(Re::Lit(b" ".to_vec()), 0, Some(40)),
                ]),
                rep(Re::Lit(b" ".to_vec()), 0, Some(2)),
            ]),
        };
        Schema {
            declared: self.input.once_in(2),
            blank,
            root: self.val(6),
            defs,
        }
    }
}

/// Whether no reference leads to itself without an array or an object between.
pub fn is_guarded(schema: &Schema) -> bool {
    fn reaches(schema: &Schema, v: &Val, path: &mut Vec<usize>) -> bool {
        match v {
            Val::All(list) | Val::AnyOf(list) => list.iter().all(|x| reaches(schema, x, path)),
            Val::Not(x) | Val::Names(x) => reaches(schema, x, path),
            Val::Ref(i) => {
                if path.contains(i) {
                    return false;
                }
                path.push(*i);
                let fine = reaches(schema, &schema.defs[*i], path);
                path.pop();
                fine
            }
            _ => true,
        }
    }
    (0..schema.defs.len()).all(|i| reaches(schema, &Val::Ref(i), &mut Vec::new()))
}
