//! A record: made of a call, sealed, and opened again.

use crate::call::{Call, Contents, Failed, Part, PluginRef, Stage};
use crate::container::{self, Compression, Piece};
use crate::cut::{self, Cut};
use crate::error::{OpenError, SealError};
use crate::hook::Hook;
use crate::keys::DataKey;
use crate::personal::{self, Personal};
use crate::record_id::RecordId;
use crate::summary;
use serde_json::Value;
use std::sync::Arc;

pub use crate::keys::sealed_with;

/// What a piece of a document is.
mod tag {
    /// One byte: what became of the personal part.
    pub const STATE: u8 = 1;
    pub const REQUEST: u8 = 2;
    pub const ANSWER: u8 = 3;
    /// JSON.
    pub const PARTS: u8 = 4;
    pub const CUTS: u8 = 5;
}

/// What became of the personal part.
mod state {
    pub const NOTHING: u8 = 0;
    pub const SEALED: u8 = 1;
    pub const OMITTED: u8 = 2;
}

/// A record as a store keeps it: everything that lists filter by, and two documents whose form is this crate's.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SealedRecord {
    pub id: RecordId,
    pub at_millis: i64,
    pub shop: Box<str>,
    pub hook: Hook,
    pub stage: Stage,
    pub plugins: Arc<[PluginRef]>,
    /// The code of the fallback that answered.
    pub fallback: Option<String>,
    /// Some plugin gave no answer.
    pub failed: bool,
    pub fuel: u64,
    /// Bytes.
    pub memory: u64,
    pub micros: u64,
    pub request_id: Option<Box<str>>,
    /// Figures for statistics; nothing personal.
    pub summary: Value,
    /// The public part.
    pub body: Vec<u8>,
    /// The personal part; absent when there is nothing personal, or it is left out.
    pub sealed: Option<Vec<u8>>,
}

/// Whether the personal part could be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PersonalState {
    /// Everything is here: the request and the answer are the bytes that they were.
    Present,
    /// The shop's key was destroyed.
    Erased,
    /// The shop wants nothing personal kept.
    Omitted,
}

/// A record that was opened.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Opened {
    pub personal: PersonalState,
    /// With [`PersonalState::Present`] byte for byte as recorded; otherwise still a request, whose personal fields are empty.
    pub request: Vec<u8>,
    /// Byte for byte as it was sent; absent when it may quote personal data and those are out of reach.
    pub answer: Option<Vec<u8>>,
    /// One for each plugin; messages, logs and plans only with [`PersonalState::Present`].
    pub parts: Vec<Part>,
}

/// Splits, compresses and seals a call's record.
///
/// # Errors
/// When the system gives no random numbers, or the record is above 4 GiB.
pub fn seal(call: Call, compression: Compression) -> Result<SealedRecord, SealError> {
    let Call { id, at_millis, shop, hook, stage, plugins, fallback, failed, fuel, memory, micros, request_id, .. } =
        call;
    let contents = (call.contents)();
    let summary = summary::of(hook, &contents.request, &contents.answer);
    let quotes = personal::answer_quotes(hook, plugins.iter().any(|plugin| plugin.sees_personal));
    let (public, private) = split(hook, &contents, quotes)?;
    let state = match (&private, &shop.personal) {
        (None, _) => state::NOTHING,
        (Some(_), Personal::Encrypt(_)) => state::SEALED,
        (Some(_), Personal::Omit) => state::OMITTED,
    };
    let body = public.pack(Some(state), compression)?;
    let sealed = match (private, &shop.personal) {
        (Some(private), Personal::Encrypt(key)) => {
            Some(key.seal(&about(&shop.shop, id, &body), &private.pack(None, compression)?)?)
        }
        _ => None,
    };
    let fallback = fallback.map(str::to_owned);
    let shop = shop.shop.clone();
    Ok(SealedRecord {
        id,
        at_millis,
        shop,
        hook,
        stage,
        plugins,
        fallback,
        failed,
        fuel,
        memory,
        micros,
        request_id,
        summary,
        body,
        sealed,
    })
}

/// Opens a record: what the store has of it, and the data key whose id [`sealed_with`] tells, or `None` when that key was destroyed.
///
/// # Errors
/// When the key is another one, or the bytes are not what was written for this shop and id.
pub fn open(
    shop: &str,
    id: RecordId,
    body: &[u8],
    sealed: Option<&[u8]>,
    key: Option<&DataKey>,
) -> Result<Opened, OpenError> {
    let public = container::unpack(body)?;
    let request = container::piece(&public, tag::REQUEST)?.ok_or(OpenError::Damaged("it has no request"))?;
    let answer = container::piece(&public, tag::ANSWER)?;
    let parts = container::piece(&public, tag::PARTS)?.ok_or(OpenError::Damaged("it has no parts"))?;
    let partial = |personal| {
        Ok(Opened {
            personal,
            request: request.to_vec(),
            answer: answer.map(<[u8]>::to_vec),
            parts: read_parts(parts)?,
        })
    };
    let sealed = match (container::piece(&public, tag::STATE)?, sealed) {
        (Some([state::NOTHING]), None) => return partial(PersonalState::Present),
        (Some([state::OMITTED]), None) => return partial(PersonalState::Omitted),
        (Some([state::SEALED]), Some(sealed)) => sealed,
        (Some([state::SEALED]), None) => return Err(OpenError::Damaged("its personal part is missing")),
        // Also a public part that was changed to say that nothing was sealed.
        _ => return Err(OpenError::Damaged("it does not say what became of its personal part")),
    };
    let Some(key) = key else { return partial(PersonalState::Erased) };
    let private = container::unpack(&key.open(&about(shop, id, body), sealed)?)?;
    let cuts = container::piece(&private, tag::CUTS)?.map_or(Some(Vec::new()), cut::read);
    let request = cuts.and_then(|cuts| cut::join(request, &cuts));
    let answer = container::piece(&private, tag::ANSWER)?.or(answer);
    Ok(Opened {
        personal: PersonalState::Present,
        request: request.ok_or(OpenError::Damaged("its personal part does not fit its public part"))?,
        answer: answer.map(<[u8]>::to_vec),
        parts: read_parts(container::piece(&private, tag::PARTS)?.unwrap_or(parts))?,
    })
}

fn read_parts(json: &[u8]) -> Result<Vec<Part>, OpenError> {
    serde_json::from_slice(json).map_err(|_| OpenError::Damaged("its parts cannot be read"))
}

/// What the personal part belongs to: moved to another record, or beside another public part, it does not open.
fn about(shop: &str, id: RecordId, body: &[u8]) -> Vec<u8> {
    let mut about = Vec::with_capacity(32 + shop.len() + body.len());
    about.extend_from_slice(b"cartwright record 1\0");
    about.extend_from_slice(&(shop.len() as u64).to_be_bytes());
    about.extend_from_slice(shop.as_bytes());
    about.extend_from_slice(&id.0.to_be_bytes());
    about.extend_from_slice(body);
    about
}

/// One of a record's two documents.
#[derive(Default)]
struct Document<'a> {
    request: Option<Vec<u8>>,
    answer: Option<&'a [u8]>,
    parts: Option<Vec<u8>>,
    cuts: Option<Vec<u8>>,
}

impl Document<'_> {
    fn pack(&self, state: Option<u8>, compression: Compression) -> Result<Vec<u8>, SealError> {
        let state = state.map(|state| [state]);
        let pieces: [(u8, Option<&[u8]>); 5] = [
            (tag::STATE, state.as_ref().map(<[u8; 1]>::as_slice)),
            (tag::REQUEST, self.request.as_deref()),
            (tag::ANSWER, self.answer),
            (tag::PARTS, self.parts.as_deref()),
            (tag::CUTS, self.cuts.as_deref()),
        ];
        let pieces: Vec<Piece<'_>> =
            pieces.into_iter().filter_map(|(tag, bytes)| bytes.map(|bytes| (tag, bytes))).collect();
        container::pack(&pieces, compression).ok_or(SealError::TooLarge)
    }
}

/// The public document, and the personal one where there is something personal.
fn split(hook: Hook, contents: &Contents, quotes: bool) -> Result<(Document<'_>, Option<Document<'_>>), SealError> {
    let (request, cuts) = cut::split(&contents.request, personal::fields(hook));
    let public_parts: Vec<Part> = contents.parts.iter().map(without_texts).collect();
    let talkative = public_parts != contents.parts;
    // Parts are plain data: text, numbers, enums.
    let json = |parts: &[Part]| serde_json::to_vec(parts).unwrap_or_default();
    let answer = Some(contents.answer.as_slice());
    let public = Document {
        request: Some(request),
        answer: answer.filter(|_| !quotes),
        parts: Some(json(&public_parts)),
        cuts: None,
    };
    let telling = |cut: &Cut| cut.text != b"null" && cut.text != b"[]";
    if !quotes && !talkative && !cuts.iter().any(telling) {
        return Ok((public, None));
    }
    let private = Document {
        request: None,
        answer: answer.filter(|_| quotes),
        parts: talkative.then(|| json(&contents.parts)),
        cuts: Some(cut::write(&cuts).ok_or(SealError::TooLarge)?),
    };
    Ok((public, Some(private)))
}

/// The same without what a plugin or the outside world wrote.
fn without_texts(part: &Part) -> Part {
    let code = |failed: &Failed| Failed { code: failed.code.clone(), message: None };
    Part { failed: part.failed.as_ref().map(code), log: Vec::new(), plan: None, ..*part }
}
