//! Postal code patterns: a matcher of the few signs that `data/generate.py` compiles the countries' patterns to.
//!
//! There is no backtracking: what is carried along is the set of places at which reading may stand, one bit each, so a
//! pattern costs its own length, whatever the code. What this module must not know: countries.

/// Codes are compared up to so many characters; the longest of any country has ten.
pub const LONGEST: usize = 16;

/// The places at which reading may stand, a bit each.
type Places = u32;

/// A compiled pattern over upper-case letters and digits; the empty one takes everything.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default)]
pub struct Pattern<'a>(&'a str);

impl<'a> Pattern<'a> {
    /// Takes the signs that the head of `data/generate.py` lists; unknown ones stand for themselves.
    #[must_use]
    pub const fn new(signs: &'a str) -> Self {
        Self(signs)
    }

    /// Whether there is anything to compare with.
    #[must_use]
    pub fn is_empty(self) -> bool {
        self.0.is_empty()
    }

    /// Whether the whole code fits. `code` is upper case, without separators, at most [`LONGEST`] long.
    #[must_use]
    pub fn matches(self, code: &str) -> bool {
        self.is_empty() || (code.len() <= LONGEST && self.places(code) >> code.len() & 1 == 1)
    }

    /// Whether the code begins with something that fits.
    #[must_use]
    pub fn begins(self, code: &str) -> bool {
        self.is_empty() || self.places(code) != 0
    }

    /// Where reading may stand behind the pattern.
    fn places(self, code: &str) -> Places {
        if code.len() > LONGEST {
            return 0;
        }
        Reader { signs: self.0.as_bytes(), at: 0, code: code.as_bytes() }.ways(1)
    }
}

struct Reader<'a> {
    signs: &'a [u8],
    at: usize,
    code: &'a [u8],
}

impl Reader<'_> {
    /// Reads ways with `|` between them, up to a closing bracket or the end. A pattern's brackets lie at most a few deep.
    fn ways(&mut self, from: Places) -> Places {
        let (mut all, mut here) = (0, from);
        loop {
            match self.signs.get(self.at) {
                None | Some(b')') => return all | here,
                Some(b'|') => {
                    self.at += 1;
                    all |= here;
                    here = from;
                }
                Some(_) => here = self.element(here),
            }
        }
    }

    fn element(&mut self, from: Places) -> Places {
        let Some(&sign) = self.signs.get(self.at) else { return from };
        self.at += 1;
        match sign {
            b'?' => from | self.element(from),
            b'(' => {
                let places = self.ways(from);
                self.at += 1;
                places
            }
            b'[' => {
                let rest = self.signs.get(self.at..).unwrap_or_default();
                let end = rest.iter().position(|sign| *sign == b']').unwrap_or(rest.len());
                self.at += end + 1;
                let class = &rest[..end];
                self.step(from, |byte| within(class, byte))
            }
            b'#' => self.step(from, |byte| byte.is_ascii_digit()),
            b'@' => self.step(from, |byte| byte.is_ascii_uppercase()),
            b'*' => self.step(from, |byte| byte.is_ascii_alphanumeric()),
            literal => self.step(from, |byte| byte == literal),
        }
    }

    /// One character further, from wherever the next one is taken.
    fn step(&self, from: Places, takes: impl Fn(u8) -> bool) -> Places {
        if from == 0 {
            return 0;
        }
        let mut to = 0;
        for (place, byte) in self.code.iter().enumerate() {
            if from >> place & 1 == 1 && takes(*byte) {
                to |= 1 << (place + 1);
            }
        }
        to
    }
}

/// Whether a class such as `A-HJ-NP` holds the character.
fn within(class: &[u8], byte: u8) -> bool {
    let mut rest = class;
    loop {
        match rest {
            [low, b'-', high, more @ ..] => {
                if (*low..=*high).contains(&byte) {
                    return true;
                }
                rest = more;
            }
            [one, more @ ..] => {
                if *one == byte {
                    return true;
                }
                rest = more;
            }
            [] => return false,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_sign_means_what_the_generator_says() {
        let cases: [(&str, &[&str], &[&str]); 7] = [
            ("#####?(####)", &["12345", "123456789"], &["1234", "123456", "12345678", "1234A"]),
            ("@#", &["A1"], &["11", "AA", "a1"]),
            ("?(AI)2640", &["AI2640", "2640"], &["I2640", "AI"]),
            ("#?(#?#)", &["1", "12", "123"], &["", "1234"]),
            ("(AB|A|B)*", &["AB1", "A1", "B9", "AB", "AA"], &["AB11", "C1"]),
            ("[A-CX2]Z", &["AZ", "XZ", "2Z"], &["DZ", "1Z"]),
            ("29|2540|02", &["29", "2540", "02"], &["2", "254", "292540"]),
        ];
        for (signs, fit, others) in cases {
            for code in fit {
                assert!(Pattern::new(signs).matches(code), "{signs} takes {code}");
            }
            for code in others {
                assert!(!Pattern::new(signs).matches(code), "{signs} does not take {code}");
            }
        }
    }

    #[test]
    fn a_prefix_is_enough_where_only_the_beginning_is_asked_for() {
        let oregon = Pattern::new("97");
        assert!(oregon.begins("97209") && !oregon.matches("97209"));
        assert!(!oregon.begins("9"));
    }

    #[test]
    fn the_empty_pattern_takes_everything_and_a_code_that_is_too_long_is_never_taken() {
        assert!(Pattern::new("").matches("") && Pattern::new("").begins("X"));
        assert!(!Pattern::new("#?#").matches("12345678901234567"));
        assert!(!Pattern::new("#?#").matches(&"1".repeat(100)));
    }
}
