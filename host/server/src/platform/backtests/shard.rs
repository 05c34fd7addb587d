//! One shard: its records, opened, asked again, compared.
//!
//! What this module must not know: who hands shards out, what becomes of the result.

use super::document::Document;
use super::members::{Members, Missing};
use super::result::ShardResult;
use crate::platform::Platform;
use crate::platform::again;
use crate::platform::replay::{compared, whole};
use cartwright_records::{DataKey, Hook, Opened, PluginRef, RecordId, Report, Row, open, sealed_with};
use cartwright_store::{RecordStage, Shard, StoredRecord};
use tokio::runtime::Handle;

/// Records that are read at once; between two batches the shard is claimed anew.
const BATCH: u32 = 100;

/// Why a shard was not finished.
#[derive(Debug)]
pub enum Broken {
    /// It may work later; says why.
    Later(String),
    /// Somebody else works on it, the job is over, or the server ends.
    Stopped,
}

/// Works on a shard on this thread, which must not be the runtime's. `going_on` is asked before each batch, and ends the work by `false`.
///
/// # Errors
/// When the store cannot be read, or the work is to end.
pub fn work(
    platform: &Platform,
    runtime: &Handle,
    shop: &str,
    document: &Document,
    shard: &Shard,
    going_on: &mut dyn FnMut() -> bool,
) -> Result<ShardResult, Broken> {
    let later = |error: &dyn std::fmt::Display| Broken::Later(error.to_string());
    let hook = Hook::named(&document.hook)
        .ok_or_else(|| Broken::Later(format!("{:?} is no hook of this version of the software", document.hook)))?;
    let filter = document.filter(shop);
    let mut asking = Asking {
        platform,
        document,
        hook,
        members: Members::new(platform, runtime.clone(), &document.exchanges),
        report: Report::default(),
        rows: Vec::new(),
    };
    let mut after = 0;
    loop {
        if !going_on() {
            return Err(Broken::Stopped);
        }
        let records = runtime.block_on(platform.store.shard_records(&filter, shard, after, BATCH));
        let records = records.map_err(|error| later(&error))?;
        let Some((last, _)) = records.last() else { break };
        after = *last;
        // For each batch anew: what was erased in between stays closed.
        let keys = runtime.block_on(platform.keys.data_keys(&platform.store, shop)).map_err(|error| later(&error))?;
        for (_, record) in &records {
            asking.record(record, &keys).map_err(|error| later(&error))?;
        }
        if records.len() < BATCH as usize {
            break;
        }
    }
    Ok(ShardResult { report: asking.report, rows: asking.rows })
}

struct Asking<'a> {
    platform: &'a Platform,
    document: &'a Document,
    hook: Hook,
    members: Members,
    report: Report,
    rows: Vec<Row>,
}

impl Asking<'_> {
    /// Asks one record again. What cannot be asked is counted, by why.
    fn record(&mut self, record: &StoredRecord, keys: &[DataKey]) -> Result<(), cartwright_store::StoreError> {
        // Nobody saw a shadow's answer.
        if record.stage == RecordStage::Shadow {
            return Ok(());
        }
        let Ok(id) = record.id.parse::<RecordId>() else {
            self.report.skip("damaged");
            return Ok(());
        };
        if !self.document.draws(self.hook, id) {
            return Ok(());
        }
        match self.ask(record, id, keys) {
            Ok(()) => Ok(()),
            Err(Missing::Gone(why)) => {
                self.report.skip(why);
                Ok(())
            }
            Err(Missing::Later(error)) => Err(error),
        }
    }

    fn ask(&mut self, record: &StoredRecord, id: RecordId, keys: &[DataKey]) -> Result<(), Missing> {
        let opened = opened(record, id, keys)?;
        let plugins: Vec<PluginRef> =
            serde_json::from_value(record.plugins.clone()).map_err(|_| Missing::Gone("damaged"))?;
        let answer = whole(&opened).map_err(|error| Missing::Gone(error.word()))?;
        let members = self.members.of(&plugins)?;
        let rates = self.platform.rates_of(&record.shop);
        let supply = self.members.supply();
        let off = again::switched_off(&opened.parts, |place| self.members.exchanges(&plugins, place));
        let again = again::ask(&self.document.hook, &members, &rates, &supply, &opened.request, &opened.parts, &off);
        let again = again.map_err(|error| {
            tracing::debug!(record = record.id, error, "a decision cannot be asked again");
            Missing::Gone("refused")
        })?;
        let comparison = compared(record, &opened, answer, &again);
        self.report.add(id, &comparison);
        self.rows.push(Row::new(id, record.at_millis, &comparison));
        Ok(())
    }
}

fn opened(record: &StoredRecord, id: RecordId, keys: &[DataKey]) -> Result<Opened, Missing> {
    let damaged = |error: &dyn std::fmt::Display| {
        tracing::warn!(record = record.id, %error, "a record cannot be opened");
        Missing::Gone("damaged")
    };
    let sealed = record.sealed.as_deref();
    let with = sealed.map(sealed_with).transpose().map_err(|error| damaged(&error))?;
    let key = keys.iter().find(|key| Some(key.id()) == with);
    open(&record.shop, id, &record.body, sealed, key).map_err(|error| damaged(&error))
}
