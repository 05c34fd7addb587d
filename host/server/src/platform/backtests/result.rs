//! What comes of a shard: its figures and its rows, as the store keeps them.
//!
//! What this module must not know: how they were found.

use cartwright_records::{Report, Row};
use serde::{Deserialize, Serialize};
use std::io::{self, Read};

/// The form's version stands before everything else.
const FORM: u8 = 1;
/// Brotli's: half a thousand rows are some 20 kB, in a few milliseconds.
const QUALITY: u32 = 4;
const WINDOW: u32 = 20;
const BUFFER: usize = 1 << 16;
/// A shard's result is never near this.
const LARGEST: u64 = 256 << 20;

/// One shard's part.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct ShardResult {
    pub report: Report,
    pub rows: Vec<Row>,
}

impl ShardResult {
    /// # Errors
    /// When a figure cannot be told in JSON.
    pub fn write(&self) -> io::Result<Vec<u8>> {
        let json = serde_json::to_vec(self)?;
        let mut bytes = vec![FORM];
        brotli::CompressorReader::new(&json[..], BUFFER, QUALITY, WINDOW).read_to_end(&mut bytes)?;
        Ok(bytes)
    }

    /// # Errors
    /// When the bytes are something else, or of a version of the software that this one does not know.
    pub fn read(bytes: &[u8]) -> io::Result<Self> {
        let wrong =
            || io::Error::new(io::ErrorKind::InvalidData, "this is not a shard's result as this version writes it");
        let Some((&FORM, packed)) = bytes.split_first() else { return Err(wrong()) };
        let mut json = Vec::new();
        brotli::Decompressor::new(packed, BUFFER).take(LARGEST).read_to_end(&mut json)?;
        Ok(serde_json::from_slice(&json)?)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_result_comes_back_and_what_is_none_is_refused() {
        let mut result = ShardResult::default();
        result.report.skip("erased");
        result.rows = vec![Row { record: "019aa9d0-3c00-7000-8000-000000000001".into(), ..Row::default() }; 300];
        let bytes = result.write().expect("bytes");
        assert!(bytes.len() < 5_000, "{}", bytes.len());
        assert_eq!(ShardResult::read(&bytes).expect("read"), result);
        assert!(ShardResult::read(&bytes[..bytes.len() / 2]).is_err());
        assert!(ShardResult::read(&[9, 9]).is_err());
        assert!(ShardResult::read(&[]).is_err());
    }
}
