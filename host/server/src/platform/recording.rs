//! Decision records on their way to the store: how each shop wants them, and the store as the recorder's sink.
//!
//! What this module must not know: what a record says.

use super::keys::Keys;
use super::merchant::{Merchant, Personal as Wish};
use cartwright_records::{
    Call, Closed, Personal, Recorder, RecorderOptions, RecorderStats, SealedRecord, ShopRecording, Sink, SinkError,
};
use cartwright_store::{RecordStage, Store, StoreError, StoredRecord};
use std::io;
use std::sync::{Arc, PoisonError};
use std::time::{Duration, Instant};
use tokio::runtime::Handle;

/// How long a call waits for the key of its shop's records.
const PATIENCE: Duration = Duration::from_millis(250);
/// How soon it is asked for again.
const AGAIN: Duration = Duration::from_secs(5);

/// The version of the record's form, for whoever reads old ones.
const FORM: i64 = 1;

/// Records decisions.
#[derive(Debug)]
pub struct Recording {
    recorder: Recorder,
    store: Store,
    keys: Arc<Keys>,
    runtime: Handle,
}

impl Recording {
    /// On the current tokio runtime.
    ///
    /// # Errors
    /// When the system gives no thread.
    pub fn start(store: Store, keys: Arc<Keys>, options: RecorderOptions) -> io::Result<Self> {
        let recorder = Recorder::start(options, Records(store.clone()))?;
        Ok(Self { recorder, store, keys, runtime: Handle::current() })
    }

    /// How a shop's decisions are recorded. Reads its key on first use, so not to be called on a thread of the runtime.
    ///
    /// While the key cannot be had, what is personal is left out: better a record that cannot be replayed than one that anybody can read.
    pub fn of(&self, merchant: &Merchant) -> Arc<ShopRecording> {
        if let Some(known) = merchant.recording.get() {
            return known.clone();
        }
        // Of a shop's first calls one asks the store, not for long, and those beside it wait for what it finds.
        let mut again = merchant.key_asked.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = merchant.recording.get() {
            return known.clone();
        }
        let too_soon = again.is_some_and(|again| Instant::now() < again);
        let personal = match merchant.document.recording.personal {
            Wish::Omit => Some(Personal::Omit),
            Wish::Encrypt if too_soon => None,
            Wish::Encrypt => self.data_key(merchant),
        };
        let found = personal.is_some();
        if !found && !too_soon {
            *again = Some(Instant::now() + AGAIN);
        }
        let recording = Arc::new(ShopRecording {
            shop: (&*merchant.id).into(),
            class: (&*merchant.class).into(),
            sampling: merchant.document.recording.sampling(),
            personal: personal.unwrap_or(Personal::Omit),
        });
        if found { merchant.recording.get_or_init(|| recording).clone() } else { recording }
    }

    /// Shoppers wait for this.
    fn data_key(&self, merchant: &Merchant) -> Option<Personal> {
        // The timer is the runtime's, which the lane's threads are not in.
        let asked = async { tokio::time::timeout(PATIENCE, self.keys.data_key(&self.store, &merchant.id)).await };
        let error = match self.runtime.block_on(asked) {
            Ok(Ok(key)) => return Some(Personal::Encrypt(key)),
            Ok(Err(error)) => error.to_string(),
            Err(_) => format!("the store did not give it within {PATIENCE:?}"),
        };
        tracing::warn!(
            shop = &*merchant.id,
            error,
            "without their key, records are kept without what is personal in them"
        );
        None
    }

    pub fn push(&self, call: Call) {
        self.recorder.push(call);
    }

    pub fn stats(&self) -> RecorderStats {
        self.recorder.stats()
    }

    /// Takes no more and brings the rest to the store, as far as there is time.
    pub async fn close(&self, within: Duration) -> Closed {
        self.recorder.close(within).await
    }
}

/// The store, as the recorder sees it.
struct Records(Store);

impl Sink for Records {
    async fn append(&self, records: &[SealedRecord]) -> Result<(), SinkError> {
        let rows: Vec<_> = records.iter().map(stored).collect();
        match self.0.append_records(&rows).await {
            Ok(()) => Ok(()),
            Err(error @ StoreError::Unavailable { .. }) => Err(SinkError::Unavailable(error.to_string())),
            Err(error) => Err(SinkError::Refused(error.to_string())),
        }
    }
}

fn stored(record: &SealedRecord) -> StoredRecord {
    let number = |number: u64| i64::try_from(number).unwrap_or(i64::MAX);
    StoredRecord {
        id: record.id.to_string(),
        at_millis: record.at_millis,
        shop: record.shop.to_string(),
        hook: record.hook.name().to_owned(),
        stage: match record.stage {
            cartwright_records::Stage::Live => RecordStage::Live,
            cartwright_records::Stage::Canary => RecordStage::Canary,
            cartwright_records::Stage::Shadow => RecordStage::Shadow,
        },
        installs: record.plugins.iter().map(|plugin| plugin.install.clone()).collect(),
        plugins: serde_json::to_value(&record.plugins[..]).unwrap_or_default(),
        fallback: record.fallback.clone(),
        fuel: number(record.fuel),
        micros: number(record.micros),
        summary: record.summary.clone(),
        request_id: record.request_id.as_deref().map(str::to_owned),
        form: FORM,
        body: record.body.clone(),
        sealed: record.sealed.clone(),
        log: None,
    }
}
