//! Several pieces of bytes as one, compressed where that pays.
//!
//! Form: version (1 byte), compression (1: 0 none, 1 deflate, 2 snappy), length of the content (4, little-endian), content; the content is a tag (1),
//! a length (4) and the bytes for each piece.

use crate::error::OpenError;
use flate2::write::DeflateEncoder;
use flate2::{Decompress, FlushDecompress, Status};
use serde::{Deserialize, Serialize};
use std::cell::RefCell;
use std::io::Write;

const FORM: u8 = 1;
const HEAD: usize = 6;
const PLAIN: u8 = 0;
const DEFLATE: u8 = 1;
const SNAPPY: u8 = 2;
/// Shorter contents are not worth the time.
const SHORTEST: usize = 256;

/// How records are compressed; whichever it was, they can be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub enum Compression {
    /// Snappy: half of the size, for a small part of the time.
    #[default]
    Fast,
    /// Deflate: a quarter of the size.
    Small,
}

/// A piece and what it is.
pub type Piece<'a> = (u8, &'a [u8]);

thread_local! {
    /// Its tables are as large as a record.
    static SNAP: RefCell<snap::raw::Encoder> = RefCell::new(snap::raw::Encoder::new());
}

/// One of several; `None` above 4 GiB.
pub fn pack(pieces: &[Piece<'_>], compression: Compression) -> Option<Vec<u8>> {
    let length = pieces.iter().map(|(_, bytes)| 5 + bytes.len()).sum::<usize>();
    let [a, b, c, d] = u32::try_from(length).ok()?.to_le_bytes();
    let mut plain = Vec::with_capacity(HEAD + length);
    plain.extend_from_slice(&[FORM, PLAIN, a, b, c, d]);
    for (tag, bytes) in pieces {
        let [a, b, c, d] = u32::try_from(bytes.len()).ok()?.to_le_bytes();
        plain.extend_from_slice(&[*tag, a, b, c, d]);
        plain.extend_from_slice(bytes);
    }
    if length < SHORTEST {
        return Some(plain);
    }
    let packed = match compression {
        Compression::Fast => {
            let compressed = SNAP.with_borrow_mut(|snap| snap.compress_vec(&plain[HEAD..])).ok()?;
            // A vector of the right size: what is kept until it is stored has no room to spare.
            [&[FORM, SNAPPY, a, b, c, d], compressed.as_slice()].concat()
        }
        Compression::Small => {
            let mut packed = Vec::with_capacity(HEAD + length / 3);
            packed.extend_from_slice(&[FORM, DEFLATE, a, b, c, d]);
            let mut encoder = DeflateEncoder::new(packed, flate2::Compression::fast());
            encoder.write_all(&plain[HEAD..]).ok()?;
            let mut packed = encoder.finish().ok()?;
            packed.shrink_to_fit();
            packed
        }
    };
    let pays = packed.len() < HEAD + length - length / 8;
    Some(if pays { packed } else { plain })
}

/// The content of what [`pack`] gave.
///
/// # Errors
/// When it is something else.
pub fn unpack(packed: &[u8]) -> Result<Vec<u8>, OpenError> {
    let Some(([form, compression, length @ ..], content)) = packed.split_first_chunk::<HEAD>() else {
        return Err(OpenError::Damaged("it is too short"));
    };
    if *form != FORM {
        return Err(OpenError::Form(*form));
    }
    let length = u32::from_le_bytes(*length) as usize;
    let content = match *compression {
        PLAIN => content.to_vec(),
        DEFLATE => inflate(content, length)?,
        SNAPPY => unsnap(content, length)?,
        _ => return Err(OpenError::Damaged("its compression is unknown")),
    };
    if content.len() == length { Ok(content) } else { Err(OpenError::Damaged("it was cut")) }
}

fn inflate(content: &[u8], length: usize) -> Result<Vec<u8>, OpenError> {
    // Deflate makes at the most 1032 bytes of one, so that a wrong length takes no memory that is not there.
    if length / 1032 > content.len() {
        return Err(OpenError::Damaged("its length is wrong"));
    }
    let mut plain = Vec::with_capacity(length);
    match Decompress::new(false).decompress_vec(content, &mut plain, FlushDecompress::Finish) {
        Ok(Status::StreamEnd) => Ok(plain),
        _ => Err(OpenError::Damaged("it cannot be decompressed")),
    }
}

fn unsnap(content: &[u8], length: usize) -> Result<Vec<u8>, OpenError> {
    // Snappy makes at the most 64 bytes of three.
    if snap::raw::decompress_len(content) != Ok(length) || length / 22 > content.len() {
        return Err(OpenError::Damaged("its length is wrong"));
    }
    snap::raw::Decoder::new().decompress_vec(content).map_err(|_| OpenError::Damaged("it cannot be decompressed"))
}

/// The piece of this tag.
///
/// # Errors
/// When the content is not what [`pack`] packs.
pub fn piece(mut content: &[u8], wanted: u8) -> Result<Option<&[u8]>, OpenError> {
    let damaged = OpenError::Damaged("its pieces do not fit");
    while let Some((tag, rest)) = content.split_first() {
        let Some((length, rest)) = rest.split_first_chunk() else { return Err(damaged) };
        let Some((bytes, rest)) = rest.split_at_checked(u32::from_le_bytes(*length) as usize) else {
            return Err(damaged);
        };
        if *tag == wanted {
            return Ok(Some(bytes));
        }
        content = rest;
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const BOTH: [Compression; 2] = [Compression::Fast, Compression::Small];

    #[test]
    fn what_compresses_is_compressed_and_what_does_not_is_left() {
        let text = "the same again, ".repeat(100);
        let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        for how in BOTH {
            let packed = pack(&[(1, text.as_bytes())], how).unwrap();
            assert!(packed.len() < text.len() / 10, "{how:?} {}", packed.len());
            assert_eq!(pack(&[(1, b"short")], how).unwrap().len(), HEAD + 5 + 5);
            assert!(pack(&[(1, &noise)], how).unwrap().len() <= HEAD + 5 + noise.len());
        }
    }

    #[test]
    fn what_was_cut_is_refused_and_so_is_what_nobody_knows() {
        let text = "some text with some more text ".repeat(20);
        for how in BOTH {
            let packed = pack(&[(1, text.as_bytes()), (2, b"x")], how).unwrap();
            for end in 0..packed.len() {
                assert!(unpack(&packed[..end]).is_err(), "{how:?} {end}");
            }
        }
        assert_eq!(unpack(&[9, 0, 0, 0, 0, 0]), Err(OpenError::Form(9)));
        assert_eq!(unpack(&[FORM, 7, 0, 0, 0, 0]), Err(OpenError::Damaged("its compression is unknown")));
    }

    #[test]
    fn a_length_that_cannot_be_takes_no_memory() {
        for bomb in [
            [FORM, DEFLATE, 255, 255, 255, 255, 255, 255, 255, 255, 15],
            [FORM, SNAPPY, 255, 255, 255, 255, 255, 255, 255, 255, 15],
        ] {
            assert_eq!(unpack(&bomb), Err(OpenError::Damaged("its length is wrong")));
        }
    }

    proptest! {
        #[test]
        fn pieces_come_back(a in any::<Vec<u8>>(), b in "[a-c]{0,2000}", which in 0usize..2) {
            let content = unpack(&pack(&[(1, &a), (2, b.as_bytes())], BOTH[which]).unwrap()).unwrap();
            prop_assert_eq!(piece(&content, 1).unwrap(), Some(a.as_slice()));
            prop_assert_eq!(piece(&content, 2).unwrap(), Some(b.as_bytes()));
            prop_assert_eq!(piece(&content, 3).unwrap(), None);
        }

        #[test]
        fn the_most_repetitive_text_comes_back(length in 0usize..300_000, which in 0usize..2) {
            let text = vec![b'x'; length];
            let content = unpack(&pack(&[(1, &text)], BOTH[which]).unwrap()).unwrap();
            prop_assert_eq!(piece(&content, 1).unwrap(), Some(text.as_slice()));
        }

        #[test]
        fn any_bytes_are_refused_or_read_without_a_panic(bytes in any::<Vec<u8>>(), how in DEFLATE..=SNAPPY) {
            let packed = [&[FORM, how, 100, 0, 0, 0], bytes.as_slice()].concat();
            prop_assert!(unpack(&packed).is_err() || unpack(&packed).is_ok_and(|content| content.len() == 100));
            let _ = piece(&bytes, 1);
        }
    }
}
