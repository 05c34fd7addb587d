//! JSON text that the compiler puts together: the settings' JSON Schema and the manifest, as custom sections of the plugin.
//!
//! A type's text is a tree of [`Piece`]s in associated constants, because a constant of a generic type (`Vec<T>`) may
//! refer to other constants but not grow a string. [`length`] and [`text`] lay the tree out while compiling; at run time
//! none of it exists. What this module must not know: settings and hooks.

/// A part of a JSON text.
#[derive(Debug, Clone, Copy)]
pub enum Piece {
    /// Text as it is.
    Text(&'static str),
    /// Text that stands inside a JSON string.
    Escaped(&'static str),
    /// A whole number.
    Number(i128),
    /// A tree of its own.
    Tree(&'static [Piece]),
    /// Trees with commas between those that are not empty.
    Joined(&'static [Piece]),
}

/// Bytes that the tree takes as text.
#[must_use]
pub const fn length(pieces: &[Piece]) -> usize {
    let mut sum = 0;
    let mut index = 0;
    while index < pieces.len() {
        sum += match pieces[index] {
            Piece::Text(text) => text.len(),
            Piece::Escaped(text) => escaped_length(text.as_bytes()),
            Piece::Number(number) => number_length(number),
            Piece::Tree(tree) => length(tree),
            Piece::Joined(parts) => joined_length(parts),
        };
        index += 1;
    }
    sum
}

const fn joined_length(parts: &[Piece]) -> usize {
    let (mut sum, mut index) = (0, 0);
    while index < parts.len() {
        let part = length(&[parts[index]]);
        sum += if part > 0 && sum > 0 { part + 1 } else { part };
        index += 1;
    }
    sum
}

/// The tree as text. `N` is its [`length`]; any other is a compile error.
#[must_use]
pub const fn text<const N: usize>(pieces: &[Piece]) -> [u8; N] {
    let mut out = [0; N];
    let end = write(pieces, &mut out, 0);
    assert!(end == N, "the array is as long as the text");
    out
}

const fn write(pieces: &[Piece], out: &mut [u8], mut at: usize) -> usize {
    let mut index = 0;
    while index < pieces.len() {
        at = match pieces[index] {
            Piece::Text(text) => write_bytes(text.as_bytes(), out, at),
            Piece::Escaped(text) => write_escaped(text.as_bytes(), out, at),
            Piece::Number(number) => write_number(number, out, at),
            Piece::Tree(tree) => write(tree, out, at),
            Piece::Joined(parts) => write_joined(parts, out, at),
        };
        index += 1;
    }
    at
}

const fn write_joined(parts: &[Piece], out: &mut [u8], start: usize) -> usize {
    let (mut at, mut index) = (start, 0);
    while index < parts.len() {
        let part = &[parts[index]];
        if length(part) > 0 {
            if at > start {
                at = write_bytes(b",", out, at);
            }
            at = write(part, out, at);
        }
        index += 1;
    }
    at
}

const fn write_bytes(bytes: &[u8], out: &mut [u8], at: usize) -> usize {
    let (_, rest) = out.split_at_mut(at);
    let (here, _) = rest.split_at_mut(bytes.len());
    here.copy_from_slice(bytes);
    at + bytes.len()
}

/// JSON asks for an escape of quotes, backslashes and what is below a space.
const fn escape_length(byte: u8) -> usize {
    match byte {
        b'"' | b'\\' | b'\n' => 2,
        0..0x20 => 6,
        _ => 1,
    }
}

const fn escaped_length(bytes: &[u8]) -> usize {
    let mut sum = 0;
    let mut index = 0;
    while index < bytes.len() {
        sum += escape_length(bytes[index]);
        index += 1;
    }
    sum
}

const fn write_escaped(bytes: &[u8], out: &mut [u8], mut at: usize) -> usize {
    const HEX: &[u8; 16] = b"0123456789abcdef";
    let mut index = 0;
    while index < bytes.len() {
        let byte = bytes[index];
        at = match byte {
            b'"' => write_bytes(b"\\\"", out, at),
            b'\\' => write_bytes(b"\\\\", out, at),
            b'\n' => write_bytes(b"\\n", out, at),
            0..0x20 => {
                let hex = [b'\\', b'u', b'0', b'0', HEX[(byte >> 4) as usize], HEX[(byte & 15) as usize]];
                write_bytes(&hex, out, at)
            }
            _ => write_bytes(&[byte], out, at),
        };
        index += 1;
    }
    at
}

const fn number_length(number: i128) -> usize {
    let mut length = if number < 0 { 2 } else { 1 };
    let mut rest = number.unsigned_abs() / 10;
    while rest > 0 {
        length += 1;
        rest /= 10;
    }
    length
}

const fn write_number(number: i128, out: &mut [u8], at: usize) -> usize {
    let end = at + number_length(number);
    let mut position = end;
    let mut rest = number.unsigned_abs();
    loop {
        position -= 1;
        out[position] = b'0' + (rest % 10) as u8;
        rest /= 10;
        if rest == 0 {
            break;
        }
    }
    if number < 0 {
        out[at] = b'-';
    }
    end
}

/// The whole schema document of a settings type.
#[must_use]
pub const fn document<S: crate::settings::Settings>() -> &'static [Piece] {
    const {
        &[
            Piece::Text("{\"$schema\":\"https://json-schema.org/draft/2020-12/schema\","),
            Piece::Tree(S::SHAPE),
            Piece::Tree(S::MINIMUM),
            Piece::Tree(S::MAXIMUM),
            Piece::Tree(S::WORDS),
            Piece::Text("}"),
        ]
    }
}

/// The tree as a string, for tests and tools on this machine; a plugin carries it in a section instead.
#[must_use]
pub fn to_string(pieces: &[Piece]) -> alloc::string::String {
    let mut out = alloc::vec![0; length(pieces)];
    write(pieces, &mut out, 0);
    alloc::string::String::from_utf8(out).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_tree_is_laid_out_as_written_with_strings_escaped() {
        const TREE: &[Piece] = &[
            Piece::Text("{\"a\":\""),
            Piece::Escaped("say \"hi\" \\ \n\u{1} grüß"),
            Piece::Text("\",\"b\":["),
            Piece::Tree(&[
                Piece::Number(i128::MIN),
                Piece::Text(","),
                Piece::Number(0),
                Piece::Text(","),
                Piece::Number(-10),
            ]),
            Piece::Text("]}"),
        ];
        const TEXT: [u8; length(TREE)] = text(TREE);
        let expected =
            "{\"a\":\"say \\\"hi\\\" \\\\ \\n\\u0001 grüß\",\"b\":[-170141183460469231731687303715884105728,0,-10]}";
        assert_eq!(core::str::from_utf8(&TEXT), Ok(expected));
        assert_eq!(to_string(TREE), expected);
    }
}
