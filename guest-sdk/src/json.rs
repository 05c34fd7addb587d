//! Reading JSON in place: a value is the slice of the document that holds it.
//!
//! No tree is built: a merchant's 40 000 rows go straight into the plugin's own types, and a complaint can quote what the
//! merchant wrote. [`check`] goes over the whole document once; everything after it may rely on the syntax.
//! What this module must not know: what the values mean.

use alloc::borrow::Cow;
use alloc::string::String;

/// How deep objects and lists may lie within each other.
pub const DEEPEST: usize = 128;

/// What is wrong with a text that is not JSON, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Syntax {
    /// Counted from 1.
    pub line: usize,
    /// Counted from 1, in characters.
    pub column: usize,
    /// The offset in bytes.
    pub at: usize,
    /// What stands there is not what JSON asks for.
    pub message: &'static str,
}

/// A value of a document that passed [`check`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Node<'a>(&'a str);

/// The kinds of value that JSON knows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Null,
    Boolean,
    Number,
    String,
    List,
    Object,
}

/// Makes sure that the text is one JSON value (RFC 8259), no deeper than [`DEEPEST`].
///
/// # Errors
/// The first place where it is not.
pub fn check(text: &str) -> Result<Node<'_>, Syntax> {
    let mut scan = Scan { bytes: text.as_bytes(), at: 0 };
    let outcome = scan.document();
    let at = scan.at.min(text.len());
    outcome.map(|()| Node(trim(text))).map_err(|message| {
        let before = text.get(..at).unwrap_or(text);
        let last = before.rsplit('\n').next().unwrap_or("");
        Syntax { line: before.matches('\n').count() + 1, column: last.chars().count() + 1, at, message }
    })
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\n', '\r', '\t'])
}

impl<'a> Node<'a> {
    /// The value as the document writes it.
    #[must_use]
    pub fn text(self) -> &'a str {
        self.0
    }

    #[must_use]
    pub fn kind(self) -> Kind {
        match self.0.as_bytes().first() {
            Some(b'{') => Kind::Object,
            Some(b'[') => Kind::List,
            Some(b'"') => Kind::String,
            Some(b't' | b'f') => Kind::Boolean,
            Some(b'n') | None => Kind::Null,
            Some(_) => Kind::Number,
        }
    }

    /// The string's characters; `None` for what is no string.
    #[must_use]
    pub fn string(self) -> Option<Cow<'a, str>> {
        let inside = self.0.strip_prefix('"')?.strip_suffix('"')?;
        Some(if inside.contains('\\') { Cow::Owned(unescape(inside)) } else { Cow::Borrowed(inside) })
    }

    /// The number, when it is written without fraction and exponent; `None` otherwise.
    #[must_use]
    pub fn integer(self) -> Option<i128> {
        self.0.parse().ok()
    }

    #[must_use]
    pub fn boolean(self) -> Option<bool> {
        match self.0 {
            "true" => Some(true),
            "false" => Some(false),
            _ => None,
        }
    }

    /// The elements of a list; none for anything else.
    #[must_use]
    pub fn elements(self) -> Elements<'a> {
        Elements(Scan::inside(self, b'['))
    }

    /// The members of an object; none for anything else. A name may come twice.
    #[must_use]
    pub fn members(self) -> Members<'a> {
        Members(Scan::inside(self, b'{'))
    }
}

/// See [`Node::elements`].
pub struct Elements<'a>(Scan<'a>);

impl<'a> Iterator for Elements<'a> {
    type Item = Node<'a>;

    fn next(&mut self) -> Option<Node<'a>> {
        self.0.node()
    }
}

/// See [`Node::members`].
pub struct Members<'a>(Scan<'a>);

impl<'a> Iterator for Members<'a> {
    type Item = (Cow<'a, str>, Node<'a>);

    fn next(&mut self) -> Option<Self::Item> {
        let name = self.0.node()?.string()?;
        Some((name, self.0.node()?))
    }
}

/// A place in the text. Every slice that it cuts begins and ends at an ASCII character.
struct Scan<'a> {
    bytes: &'a [u8],
    at: usize,
}

impl<'a> Scan<'a> {
    /// Stands behind the opening bracket, or at the end when the value is of another kind.
    fn inside(node: Node<'a>, bracket: u8) -> Self {
        let bytes = node.0.as_bytes();
        Self { bytes, at: if bytes.first() == Some(&bracket) { 1 } else { bytes.len() } }
    }

    /// The next value of a checked document, with the commas and colons before it passed over.
    #[inline(never)]
    fn node(&mut self) -> Option<Node<'a>> {
        while matches!(self.peek()?, b',' | b':' | b' ' | b'\n' | b'\r' | b'\t') {
            self.at += 1;
        }
        if matches!(self.peek()?, b']' | b'}') {
            return None;
        }
        let start = self.at;
        self.pass();
        core::str::from_utf8(self.bytes.get(start..self.at)?).ok().map(Node)
    }

    /// Goes past one value of a checked document: brackets are known to match, so counting them is enough.
    fn pass(&mut self) {
        let mut depth = 0_usize;
        while let Some(byte) = self.peek() {
            match byte {
                b'{' | b'[' => depth += 1,
                b'}' | b']' if depth <= 1 => {
                    self.at += depth;
                    return;
                }
                b'}' | b']' => depth -= 1,
                b'"' => {
                    self.pass_string();
                    if depth == 0 {
                        return;
                    }
                    continue;
                }
                b',' | b' ' | b'\n' | b'\r' | b'\t' if depth == 0 => return,
                _ => {}
            }
            self.at += 1;
        }
    }

    fn pass_string(&mut self) {
        self.at += 1;
        while let Some(byte) = self.peek() {
            self.at += if byte == b'\\' { 2 } else { 1 };
            if byte == b'"' {
                return;
            }
        }
    }

    fn peek(&self) -> Option<u8> {
        self.bytes.get(self.at).copied()
    }

    fn space(&mut self) {
        while matches!(self.peek(), Some(b' ' | b'\n' | b'\r' | b'\t')) {
            self.at += 1;
        }
    }

    #[inline(never)]
    fn document(&mut self) -> Result<(), &'static str> {
        // What is open, innermost last: `true` for an object. A stack of bits, so that depth costs no stack of the machine.
        let mut open: u128 = 0;
        let mut depth = 0_usize;
        loop {
            self.space();
            match self.peek().ok_or("the document ends too early")? {
                bracket @ (b'{' | b'[') => {
                    if depth == DEEPEST {
                        return Err("objects and lists lie more than 128 deep within each other");
                    }
                    self.at += 1;
                    depth += 1;
                    open = open << 1 | u128::from(bracket == b'{');
                    self.space();
                    let closing = if bracket == b'{' { b'}' } else { b']' };
                    if self.peek() != Some(closing) {
                        if bracket == b'{' {
                            self.name()?;
                        }
                        continue;
                    }
                }
                _ => self.scalar()?,
            }
            // A value has ended: close what ends with it, then go on behind a comma.
            loop {
                self.space();
                if depth == 0 {
                    return if self.at == self.bytes.len() { Ok(()) } else { Err("something follows the value") };
                }
                let object = open & 1 == 1;
                match (self.peek(), object) {
                    (Some(b','), _) => {
                        self.at += 1;
                        if object {
                            self.space();
                            self.name()?;
                        }
                        break;
                    }
                    (Some(b'}'), true) | (Some(b']'), false) => {
                        self.at += 1;
                        depth -= 1;
                        open >>= 1;
                    }
                    (None, _) => return Err("the document ends too early"),
                    (_, true) => return Err("expected `,` or `}`"),
                    (_, false) => return Err("expected `,` or `]`"),
                }
            }
        }
    }

    fn name(&mut self) -> Result<(), &'static str> {
        match self.peek() {
            Some(b'"') => self.quoted()?,
            None => return Err("the document ends too early"),
            _ => return Err("expected a name in double quotes"),
        }
        self.space();
        if self.peek() != Some(b':') {
            return Err("expected `:` after the name");
        }
        self.at += 1;
        Ok(())
    }

    fn scalar(&mut self) -> Result<(), &'static str> {
        match self.peek() {
            Some(b'"') => self.quoted(),
            Some(b'-' | b'0'..=b'9') => self.number(),
            _ => {
                for word in ["true", "false", "null"] {
                    if self.bytes[self.at..].starts_with(word.as_bytes()) {
                        self.at += word.len();
                        return Ok(());
                    }
                }
                Err("expected a value")
            }
        }
    }

    fn number(&mut self) -> Result<(), &'static str> {
        if self.peek() == Some(b'-') {
            self.at += 1;
        }
        if self.peek() == Some(b'0') {
            self.at += 1;
        } else {
            self.digits()?;
        }
        if self.peek() == Some(b'.') {
            self.at += 1;
            self.digits()?;
        }
        if matches!(self.peek(), Some(b'e' | b'E')) {
            self.at += 1;
            if matches!(self.peek(), Some(b'+' | b'-')) {
                self.at += 1;
            }
            self.digits()?;
        }
        Ok(())
    }

    fn digits(&mut self) -> Result<(), &'static str> {
        let start = self.at;
        while matches!(self.peek(), Some(b'0'..=b'9')) {
            self.at += 1;
        }
        if self.at == start { Err("expected a digit") } else { Ok(()) }
    }

    #[inline(never)]
    fn quoted(&mut self) -> Result<(), &'static str> {
        self.at += 1;
        loop {
            match self.peek().ok_or("the document ends within a string")? {
                b'"' => {
                    self.at += 1;
                    return Ok(());
                }
                b'\\' => {
                    self.at += 1;
                    match self.peek() {
                        Some(b'"' | b'\\' | b'/' | b'b' | b'f' | b'n' | b'r' | b't') => self.at += 1,
                        Some(b'u') => {
                            self.at += 1;
                            let digits = self.bytes.get(self.at..self.at + 4);
                            if !digits.is_some_and(|d| d.iter().all(u8::is_ascii_hexdigit)) {
                                return Err("expected four hexadecimal digits");
                            }
                            self.at += 4;
                        }
                        _ => return Err("an unknown escape in a string"),
                    }
                }
                0..0x20 => return Err("a control character in a string; write it as an escape"),
                _ => self.at += 1,
            }
        }
    }
}

/// Takes the escapes out of a checked string. Halves of a surrogate pair that stand alone become U+FFFD.
fn unescape(inside: &str) -> String {
    let mut out = String::with_capacity(inside.len());
    let mut rest = inside;
    while let Some(at) = rest.find('\\') {
        out.push_str(&rest[..at]);
        let escape = rest.as_bytes().get(at + 1).copied().unwrap_or(b'\\');
        rest = rest.get(at + 2..).unwrap_or("");
        match escape {
            b'b' => out.push('\u{8}'),
            b'f' => out.push('\u{c}'),
            b'n' => out.push('\n'),
            b'r' => out.push('\r'),
            b't' => out.push('\t'),
            b'u' => {
                let (mut code, mut used) = (hex(rest), 4);
                let low = rest.get(4..).and_then(|r| r.strip_prefix("\\u")).map(hex);
                if let (0xD800..0xDC00, Some(low @ 0xDC00..0xE000)) = (code, low) {
                    code = 0x10000 + ((code - 0xD800) << 10) + (low - 0xDC00);
                    used = 10;
                }
                out.push(char::from_u32(code).unwrap_or(char::REPLACEMENT_CHARACTER));
                rest = rest.get(used..).unwrap_or("");
            }
            other => out.push(char::from(other)),
        }
    }
    out.push_str(rest);
    out
}

fn hex(text: &str) -> u32 {
    text.get(..4).and_then(|digits| u32::from_str_radix(digits, 16).ok()).unwrap_or(0xFFFD)
}
