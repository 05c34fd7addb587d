//! Several pieces of bytes as one, compressed where that pays.
//!
//! Form: version (1 byte), compression (1: 0 none, 1 deflate), length of the content (4, little-endian), content; the content is a tag (1),
//! a length (4) and the bytes for each piece.

use crate::error::OpenError;
use flate2::write::DeflateEncoder;
use flate2::{Compression, Decompress, FlushDecompress, Status};
use std::io::Write;

const FORM: u8 = 1;
const HEAD: usize = 6;
const PLAIN: u8 = 0;
const DEFLATE: u8 = 1;
/// Shorter contents are not worth the time.
const SHORTEST: usize = 256;

/// A piece and what it is.
pub type Piece<'a> = (u8, &'a [u8]);

/// One of several; `None` above 4 GiB.
pub fn pack(pieces: &[Piece<'_>]) -> Option<Vec<u8>> {
    let length = pieces.iter().map(|(_, bytes)| 5 + bytes.len()).sum::<usize>();
    let head = |compression| -> Option<[u8; HEAD]> {
        let [a, b, c, d] = u32::try_from(length).ok()?.to_le_bytes();
        Some([FORM, compression, a, b, c, d])
    };
    let content = |out: &mut dyn Write| -> Option<()> {
        for (tag, bytes) in pieces {
            let [a, b, c, d] = u32::try_from(bytes.len()).ok()?.to_le_bytes();
            out.write_all(&[*tag, a, b, c, d]).ok()?;
            out.write_all(bytes).ok()?;
        }
        Some(())
    };
    if length >= SHORTEST {
        let mut packed = Vec::with_capacity(HEAD + length / 3);
        packed.extend_from_slice(&head(DEFLATE)?);
        let mut encoder = DeflateEncoder::new(packed, Compression::fast());
        content(&mut encoder)?;
        let packed = encoder.finish().ok()?;
        if packed.len() < HEAD + length - length / 8 {
            return Some(packed);
        }
    }
    let mut packed = Vec::with_capacity(HEAD + length);
    packed.extend_from_slice(&head(PLAIN)?);
    content(&mut packed)?;
    Some(packed)
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

    #[test]
    fn what_compresses_is_compressed_and_what_does_not_is_left() {
        let text = "the same again, ".repeat(100);
        let packed = pack(&[(1, text.as_bytes())]).unwrap();
        assert!(packed.len() < text.len() / 10, "{}", packed.len());
        let short = pack(&[(1, b"short")]).unwrap();
        assert_eq!(short.len(), HEAD + 5 + 5);
        let noise: Vec<u8> = (0..4000_u32).map(|n| (n.wrapping_mul(2_654_435_761) >> 13) as u8).collect();
        assert!(pack(&[(1, &noise)]).unwrap().len() <= HEAD + 5 + noise.len());
    }

    #[test]
    fn what_was_cut_or_changed_is_refused_and_never_a_panic() {
        let text = "some text with some more text ".repeat(20);
        let packed = pack(&[(1, text.as_bytes()), (2, b"x")]).unwrap();
        for end in 0..packed.len() {
            assert!(unpack(&packed[..end]).is_err(), "{end}");
        }
        assert_eq!(unpack(&[9, 0, 0, 0, 0, 0]), Err(OpenError::Form(9)));
        assert_eq!(unpack(&[FORM, 7, 0, 0, 0, 0]), Err(OpenError::Damaged("its compression is unknown")));
        let bomb = [FORM, DEFLATE, 255, 255, 255, 255, 1, 2, 3];
        assert_eq!(unpack(&bomb), Err(OpenError::Damaged("its length is wrong")));
    }

    proptest! {
        #[test]
        fn pieces_come_back(a in any::<Vec<u8>>(), b in "[a-c]{0,2000}") {
            let content = unpack(&pack(&[(1, &a), (2, b.as_bytes())]).unwrap()).unwrap();
            prop_assert_eq!(piece(&content, 1).unwrap(), Some(a.as_slice()));
            prop_assert_eq!(piece(&content, 2).unwrap(), Some(b.as_bytes()));
            prop_assert_eq!(piece(&content, 3).unwrap(), None);
        }

        #[test]
        fn any_bytes_are_refused_or_read_without_a_panic(bytes in any::<Vec<u8>>(), mut packed in any::<Vec<u8>>()) {
            packed.splice(0..0, [FORM, DEFLATE, 100, 0, 0, 0]);
            let _ = unpack(&packed);
            let _ = piece(&bytes, 1);
        }
    }
}
