//! One file of the journal.

use super::form::{EVENT, Form, HEAD, Head};
use crate::error::OpenError;
use crate::event::Event;
use crate::key::private;
use crate::options::OnDamage;
use cartwright_contract::types::Instant;
use std::fs::{self, File, OpenOptions};
use std::io::{self, Seek, SeekFrom, Write};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A file that nothing is appended to.
#[derive(Debug)]
pub(super) struct Closed {
    path: PathBuf,
    number: u64,
    begun: Instant,
    /// The latest time of an event in it.
    newest: Instant,
    /// Bytes up to the end of the last whole event.
    length: u64,
}

/// The file that is appended to.
#[derive(Debug)]
pub(super) struct Active {
    file: Arc<File>,
    closed: Closed,
    /// A write went wrong, and what it left behind could not be taken away.
    broken: bool,
}

/// The files of a folder with their numbers, the oldest first.
pub(super) fn list(folder: &Path) -> io::Result<Vec<(u64, PathBuf)>> {
    let mut all = Vec::new();
    for entry in fs::read_dir(folder)? {
        let path = entry?.path();
        let number = path
            .file_name()
            .and_then(|name| name.to_str())
            .and_then(|name| name.strip_prefix("velocity-")?.strip_suffix(".journal")?.parse().ok());
        if let Some(number) = number {
            all.push((number, path));
        }
    }
    all.sort_unstable();
    Ok(all)
}

/// Hands over every event of a file. `None` when the file was cut off in its head, and is removed.
///
/// What is damaged with nothing whole after it was being written when the machine stopped: the last file may end so.
pub(super) fn read(
    path: &Path,
    number: u64,
    is_last: bool,
    form: &Form,
    on_damage: OnDamage,
    each: &mut dyn FnMut(Event),
) -> Result<Option<Closed>, OpenError> {
    let failed = |error| OpenError::Io { path: path.to_owned(), error };
    let damaged = |offset: usize| OpenError::Damaged { path: path.to_owned(), offset: offset as u64 };
    let bytes = fs::read(path).map_err(failed)?;
    let Some((head, events)) = bytes.split_first_chunk::<HEAD>() else {
        if is_last || on_damage == OnDamage::LeaveOut {
            fs::remove_file(path).map_err(failed)?;
            return Ok(None);
        }
        return Err(damaged(bytes.len()));
    };
    let begun = match form.read_head(head, number) {
        Head::Good { begun } => begun,
        Head::OtherKey => return Err(OpenError::OtherKey { path: path.to_owned() }),
        // Nothing tells when it was begun; as old as can be, so that it is soon left for a new one.
        Head::Damaged if on_damage == OnDamage::LeaveOut => Instant::MIN,
        // A head that the machine had no time to write is zeros up to the end.
        Head::Damaged if is_last && bytes.iter().all(|byte| *byte == 0) => {
            fs::remove_file(path).map_err(failed)?;
            return Ok(None);
        }
        Head::Damaged => return Err(damaged(0)),
    };
    let mut closed = Closed { path: path.to_owned(), number, begun, newest: Instant::MIN, length: HEAD as u64 };
    let (whole, rest) = events.as_chunks::<EVENT>();
    let mut first_damaged = None;
    let mut left_out = 0_u64;
    for (index, bytes) in whole.iter().enumerate() {
        let Some(event) = form.read_event(bytes, number, index as u64) else {
            first_damaged.get_or_insert(index);
            continue;
        };
        if let Some(damaged_index) = first_damaged.take() {
            if on_damage == OnDamage::Refuse {
                return Err(damaged(HEAD + damaged_index * EVENT));
            }
            left_out += (index - damaged_index) as u64;
        }
        closed.newest = closed.newest.max(event.at);
        closed.length = (HEAD + (index + 1) * EVENT) as u64;
        each(event);
    }
    let cut = bytes.len() as u64 - closed.length;
    if cut > 0 && !is_last {
        if on_damage == OnDamage::Refuse {
            let at = first_damaged.unwrap_or(whole.len());
            return Err(damaged(HEAD + at * EVENT));
        }
        left_out += cut.div_ceil(EVENT as u64);
    }
    if left_out > 0 {
        tracing::warn!(path = %path.display(), left_out, "damaged events of the velocity journal are left out");
    }
    if cut > 0 && is_last {
        let events = first_damaged.map_or(0, |index| whole.len() - index) + usize::from(!rest.is_empty());
        tracing::warn!(path = %path.display(), bytes = cut, events, "the end of the velocity journal was not whole, and is cut off");
    }
    metrics::counter!("cartwright_velocity_journal_left_out_total").increment(left_out);
    Ok(Some(closed))
}

impl Closed {
    pub fn path(&self) -> &Path {
        &self.path
    }

    pub fn newest(&self) -> Instant {
        self.newest
    }
}

impl Active {
    pub fn create(folder: &Path, number: u64, begun: Instant, form: &Form) -> io::Result<Self> {
        let path = folder.join(format!("velocity-{number:010}.journal"));
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true);
        private(&mut options);
        let mut file = options.open(&path)?;
        // On a failure a part of the head may stay: the next try begins the same file anew.
        file.write_all(&form.head(number, begun))?;
        let closed = Closed { path, number, begun, newest: Instant::MIN, length: HEAD as u64 };
        Ok(Self { file: Arc::new(file), closed, broken: false })
    }

    /// Goes on with a file where its last whole event ends.
    pub fn reopen(closed: Closed) -> io::Result<Self> {
        let mut file = OpenOptions::new().write(true).open(&closed.path)?;
        file.set_len(closed.length)?;
        file.seek(SeekFrom::Start(closed.length))?;
        // A file whose head is damaged is not added to: whoever reads it strictly would lose the new events too.
        let broken = closed.begun == Instant::MIN;
        Ok(Self { file: Arc::new(file), closed, broken })
    }

    pub fn append(&mut self, event: &Event, form: &Form) -> io::Result<()> {
        let index = (self.closed.length - HEAD as u64) / EVENT as u64;
        let bytes = form.event(event, self.closed.number, index);
        let mut file = &*self.file;
        if let Err(error) = file.write_all(&bytes) {
            // A full disk may have taken the first half; the next event must not come after that.
            let cut = file.set_len(self.closed.length).and_then(|()| file.seek(SeekFrom::Start(self.closed.length)));
            self.broken = cut.is_err();
            return Err(error);
        }
        self.closed.length += EVENT as u64;
        self.closed.newest = self.closed.newest.max(event.at);
        Ok(())
    }

    pub fn file(&self) -> Arc<File> {
        Arc::clone(&self.file)
    }

    pub fn close(self) -> Closed {
        self.closed
    }

    pub fn length(&self) -> u64 {
        self.closed.length
    }

    pub fn begun(&self) -> Instant {
        self.closed.begun
    }

    pub fn newest(&self) -> Instant {
        self.closed.newest
    }

    pub fn is_empty(&self) -> bool {
        self.closed.length == HEAD as u64
    }

    pub fn is_broken(&self) -> bool {
        self.broken
    }
}
