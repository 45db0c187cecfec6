//! JSON texts read by the definition (RFC 8259): values that keep the order and the repeats of keys,
//! and what may still come after a string that is cut off anywhere.

#[derive(Clone, Debug, PartialEq)]
pub enum J {
    Null,
    Bool(bool),
    /// As it is spelled.
    Num(String),
    /// Decoded.
    Str(Vec<u8>),
    Arr(Vec<J>),
    Obj(Vec<(Vec<u8>, J)>),
}

/// The code points whose encodings begin with these bytes, where they are one cut character.
pub fn cut_character(bytes: &[u8]) -> Option<(u32, u32)> {
    let &first = bytes.first()?;
    let (length, bits) = match first {
        0xC2..=0xDF => (2, u32::from(first & 0x1F)),
        0xE0..=0xEF => (3, u32::from(first & 0x0F)),
        0xF0..=0xF4 => (4, u32::from(first & 0x07)),
        _ => return None,
    };
    if bytes.len() >= length {
        return None;
    }
    let mut value = bits;
    for &b in &bytes[1..] {
        if !(0x80..0xC0).contains(&b) {
            return None;
        }
        value = value << 6 | u32::from(b & 0x3F);
    }
    let free = 6 * (length - bytes.len()) as u32;
    let (lo, hi) = (value << free, ((value + 1) << free) - 1);
    let (least, most) = match length {
        2 => (0x80, 0x7FF),
        3 => (0x800, 0xFFFF),
        _ => (0x1_0000, 0x10_FFFF),
    };
    let (lo, hi) = (lo.max(least), hi.min(most));
    let only_surrogates = lo >= 0xD800 && hi <= 0xDFFF;
    (lo <= hi && !only_surrogates).then_some(match (lo, hi) {
        (0xD000.., 0xDFFF) => (lo, 0xD7FF),
        _ => (lo, hi),
    })
}

/// What is known of a JSON string that is read up to some point, its opening quote behind.
#[derive(Clone, Debug, PartialEq)]
pub enum Reading {
    /// It cannot be continued.
    Bad,
    /// The closing quote came, so many bytes in.
    Closed(Vec<u8>, usize),
    /// Decoded so far, and the code points that what is under way may become (`None`: nothing is).
    Open(Vec<u8>, Option<Vec<(u32, u32)>>),
}

/// Reads the inside of a JSON string.
pub fn read_string(raw: &[u8]) -> Reading {
    let mut out = Vec::new();
    let mut at = 0;
    loop {
        let rest = &raw[at..];
        match rest.first() {
            None => return Reading::Open(out, None),
            Some(b'"') => return Reading::Closed(out, at + 1),
            Some(b'\\') => match escape(rest) {
                Escaped::Bad => return Reading::Bad,
                Escaped::Cut(ranges) => return Reading::Open(out, Some(ranges)),
                Escaped::Char(c, n) => {
                    out.extend_from_slice(c.to_string().as_bytes());
                    at += n;
                }
            },
            Some(0..0x20) => return Reading::Bad,
            Some(_) => {
                let whole =
                    (1..=rest.len().min(4)).find(|&n| std::str::from_utf8(&rest[..n]).is_ok());
                match whole {
                    Some(n) => {
                        out.extend_from_slice(&rest[..n]);
                        at += n;
                    }
                    None => match cut_character(rest) {
                        Some(range) => return Reading::Open(out, Some(vec![range])),
                        None => return Reading::Bad,
                    },
                }
            }
        }
    }
}

enum Escaped {
    Bad,
    Cut(Vec<(u32, u32)>),
    Char(char, usize),
}

/// Reads an escape, backslash included.
fn escape(raw: &[u8]) -> Escaped {
    match raw.get(1) {
        None => Escaped::Cut(vec![(0, 0xD7FF), (0xE000, 0x10_FFFF)]),
        Some(b'u') => {
            let (units, read) = units(&raw[2..], 0, 0xFFFF);
            let Some((lo, hi)) = units else {
                return Escaped::Bad;
            };
            if read < 4 {
                let ranges = characters_from(lo, hi);
                return if ranges.is_empty() {
                    Escaped::Bad
                } else {
                    Escaped::Cut(ranges)
                };
            }
            if (0xDC00..=0xDFFF).contains(&lo) {
                return Escaped::Bad;
            }
            match char::from_u32(lo) {
                Some(c) => Escaped::Char(c, 6),
                None => low_surrogate(lo, &raw[6..]),
            }
        }
        Some(b) => match b"\"\\/bfnrt".iter().position(|x| x == b) {
            Some(i) => Escaped::Char(['"', '\\', '/', '\u{8}', '\u{c}', '\n', '\r', '\t'][i], 2),
            None => Escaped::Bad,
        },
    }
}

fn low_surrogate(high: u32, rest: &[u8]) -> Escaped {
    let pair = |low: u32| 0x1_0000 + (high - 0xD800) * 0x400 + (low - 0xDC00);
    if let [b'\\', b'u', digits @ ..] = rest {
        match units(digits, 0xDC00, 0xDFFF) {
            (None, _) => Escaped::Bad,
            (Some((lo, _)), 4) => match char::from_u32(pair(lo)) {
                Some(c) => Escaped::Char(c, 12),
                None => Escaped::Bad,
            },
            (Some((lo, hi)), _) => Escaped::Cut(vec![(pair(lo), pair(hi))]),
        }
    } else if rest.is_empty() || rest == b"\\" {
        Escaped::Cut(vec![(pair(0xDC00), pair(0xDFFF))])
    } else {
        Escaped::Bad
    }
}

/// The units within bounds whose four digits begin as given, and how many digits those are.
fn units(digits: &[u8], least: u32, most: u32) -> (Option<(u32, u32)>, usize) {
    let read = digits.len().min(4);
    let mut value = 0;
    for &b in &digits[..read] {
        match char::from(b).to_digit(16) {
            Some(d) => value = value * 16 + d,
            None => return (None, read),
        }
    }
    let span = 16u32.pow(4 - read as u32);
    let (lo, hi) = (
        (value * span).max(least),
        (value * span + span - 1).min(most),
    );
    ((lo <= hi).then_some((lo, hi)), read)
}

/// The characters whose spelling in units begins with one of these units; none, if all of them are
/// low surrogates.
fn characters_from(lo: u32, hi: u32) -> Vec<(u32, u32)> {
    let mut out = Vec::new();
    for (a, b) in [(0, 0xD7FF), (0xE000, 0xFFFF)] {
        if lo.max(a) <= hi.min(b) {
            out.push((lo.max(a), hi.min(b)));
        }
    }
    let (a, b) = (lo.max(0xD800), hi.min(0xDBFF));
    if a <= b {
        let first = 0x1_0000 + (a - 0xD800) * 0x400;
        out.push((first, 0x1_0000 + (b + 1 - 0xD800) * 0x400 - 1));
    }
    out
}

/// Whether JSON calls two values equal: numbers by value, objects whatever the order of keys.
pub fn same(a: &J, b: &J) -> bool {
    match (a, b) {
        (J::Num(a), J::Num(b)) => decimal(a) == decimal(b),
        (J::Arr(a), J::Arr(b)) => a.len() == b.len() && a.iter().zip(b).all(|(x, y)| same(x, y)),
        (J::Obj(a), J::Obj(b)) => {
            let has = |m: &(Vec<u8>, J)| b.iter().any(|n| n.0 == m.0 && same(&m.1, &n.1));
            a.len() == b.len() && a.iter().all(has)
        }
        _ => a == b,
    }
}

/// Sign, digits without zeros at either end, and the power of ten of the last of them.
fn decimal(number: &str) -> (bool, String, i64) {
    let (mantissa, exponent) = number.split_once(['e', 'E']).unwrap_or((number, "0"));
    let (whole, fraction) = mantissa.split_once('.').unwrap_or((mantissa, ""));
    let digits = format!("{}{fraction}", whole.trim_start_matches('-'));
    let kept = digits.trim_end_matches('0');
    let power = exponent.parse::<i64>().unwrap_or(i64::MAX / 2) - fraction.len() as i64;
    let power = power + (digits.len() - kept.len()) as i64;
    match kept.trim_start_matches('0') {
        "" => (false, String::new(), 0),
        shown => (whole.starts_with('-'), shown.to_string(), power),
    }
}

/// Whether a number is spelled as RFC 8259 wants it.
pub fn is_number(text: &[u8]) -> bool {
    let digits = |text: &[u8]| text.iter().take_while(|b| b.is_ascii_digit()).count();
    let mut rest = text.strip_prefix(b"-").unwrap_or(text);
    let whole = digits(rest);
    if whole == 0 || (rest[0] == b'0' && whole > 1) {
        return false;
    }
    rest = &rest[whole..];
    if let Some(fraction) = rest.strip_prefix(b".") {
        let n = digits(fraction);
        if n == 0 {
            return false;
        }
        rest = &fraction[n..];
    }
    if let [b'e' | b'E', power @ ..] = rest {
        let power = power
            .strip_prefix(b"+")
            .or(power.strip_prefix(b"-"))
            .unwrap_or(power);
        let n = digits(power);
        if n == 0 {
            return false;
        }
        rest = &power[n..];
    }
    rest.is_empty()
}

/// The value of a whole text; `gap` judges every stretch of white space, empty ones too, at each
/// place where JSON allows one within the value.
pub fn parse(text: &[u8], gap: &dyn Fn(&[u8]) -> bool) -> Option<J> {
    let mut parser = Parser { text, at: 0, gap };
    let value = parser.value(0)?;
    (parser.at == text.len()).then_some(value)
}

struct Parser<'a> {
    text: &'a [u8],
    at: usize,
    gap: &'a dyn Fn(&[u8]) -> bool,
}

impl Parser<'_> {
    fn rest(&self) -> &[u8] {
        &self.text[self.at..]
    }

    fn take(&mut self, word: &[u8]) -> bool {
        let hit = self.rest().starts_with(word);
        if hit {
            self.at += word.len();
        }
        hit
    }

    fn gap(&mut self) -> Option<()> {
        let n = self
            .rest()
            .iter()
            .take_while(|b| b" \t\r\n".contains(b))
            .count();
        let blank = &self.text[self.at..self.at + n];
        self.at += n;
        (self.gap)(blank).then_some(())
    }

    fn string(&mut self) -> Option<Vec<u8>> {
        if !self.take(b"\"") {
            return None;
        }
        match read_string(self.rest()) {
            Reading::Closed(text, n) => {
                self.at += n;
                Some(text)
            }
            _ => None,
        }
    }

    fn value(&mut self, depth: usize) -> Option<J> {
        if depth > 100 {
            return None;
        }
        match self.rest().first()? {
            b'"' => self.string().map(J::Str),
            b'[' => {
                self.at += 1;
                self.gap()?;
                let mut items = Vec::new();
                if self.take(b"]") {
                    return Some(J::Arr(items));
                }
                loop {
                    items.push(self.value(depth + 1)?);
                    self.gap()?;
                    if self.take(b"]") {
                        return Some(J::Arr(items));
                    }
                    if !self.take(b",") {
                        return None;
                    }
                    self.gap()?;
                }
            }
            b'{' => {
                self.at += 1;
                self.gap()?;
                let mut members = Vec::new();
                if self.take(b"}") {
                    return Some(J::Obj(members));
                }
                loop {
                    let key = self.string()?;
                    self.gap()?;
                    if !self.take(b":") {
                        return None;
                    }
                    self.gap()?;
                    members.push((key, self.value(depth + 1)?));
                    self.gap()?;
                    if self.take(b"}") {
                        return Some(J::Obj(members));
                    }
                    if !self.take(b",") {
                        return None;
                    }
                    self.gap()?;
                }
            }
            b'n' => self.take(b"null").then_some(J::Null),
            b't' => self.take(b"true").then_some(J::Bool(true)),
            b'f' => self.take(b"false").then_some(J::Bool(false)),
            _ => {
                let part = |b: &&u8| b.is_ascii_digit() || b"+-.eE".contains(b);
                let n = self.rest().iter().take_while(part).count();
                let number = self.text[self.at..self.at + n].to_vec();
                self.at += n;
                is_number(&number).then(|| J::Num(String::from_utf8(number).unwrap_or_default()))
            }
        }
    }
}
