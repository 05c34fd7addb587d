//! The journal: events appended to files in a folder, one process at a time.
//!
//! An event is written with one write when it is recorded, so a crash of the process loses none. What a crash of the machine cuts off at
//! the end of the last file is left out when the journal is opened; damage anywhere else is not glossed over. A file that holds nothing
//! but what is too old is removed, so nothing is ever rewritten.

mod form;
mod segment;

use crate::error::OpenError;
use crate::event::{Event, Store, Ticket};
use crate::key::{Key, private};
use crate::options::{Fsync, OnDamage, VelocityOptions};
use cartwright_contract::types::Instant;
use form::Form;
use segment::{Active, Closed};
use std::fs::{self, File, OpenOptions, TryLockError};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Instant as Monotonic;

/// Seconds after which a new file is begun even if little is in the last one: nothing is kept for much longer than it is needed.
const FILE_AGE: i64 = 86_400;

/// The journal of one folder.
#[derive(Debug)]
pub struct Files {
    folder: PathBuf,
    form: Form,
    fsync: Fsync,
    on_damage: OnDamage,
    file_bytes: u64,
    clock: Arc<dyn crate::clock::Clock>,
    writing: Mutex<Writing>,
    /// Up to which ticket everything is on the disk, and since when.
    synced: Mutex<(Ticket, Monotonic)>,
    /// Held for as long as the folder is ours.
    _lock: File,
}

#[derive(Debug)]
struct Writing {
    closed: Vec<Closed>,
    active: Option<Active>,
    next_number: u64,
    ticket: Ticket,
}

impl Files {
    /// Takes the folder for this process, and finds its key.
    pub(crate) fn open(folder: &Path, options: &VelocityOptions) -> Result<(Self, Key), OpenError> {
        let failed = |error| OpenError::Io { path: folder.to_owned(), error };
        fs::create_dir_all(folder).map_err(failed)?;
        let lock = lock(folder)?;
        let key = options.key.clone().map_or_else(|| Key::in_file(&folder.join("key")), Ok)?;
        let files = Self {
            folder: folder.to_owned(),
            form: Form::new(&key),
            fsync: options.fsync,
            on_damage: options.on_damage,
            file_bytes: options.file_bytes,
            clock: Arc::clone(&options.clock),
            writing: Mutex::new(Writing { closed: Vec::new(), active: None, next_number: 1, ticket: Ticket(0) }),
            synced: Mutex::new((Ticket(0), Monotonic::now())),
            _lock: lock,
        };
        Ok((files, key))
    }

    fn lock(&self) -> MutexGuard<'_, Writing> {
        self.writing.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The file to append to; a new one when the last is full, old, or cannot be written any more.
    fn active<'w>(&self, writing: &'w mut Writing) -> io::Result<&'w mut Active> {
        let now = self.clock.now();
        let full = |active: &Active| {
            active.length() >= self.file_bytes || now.saturating_sub(active.begun()) >= FILE_AGE || active.is_broken()
        };
        if writing.active.as_ref().is_some_and(full) {
            // Before anything newer is written, so that only the last file can lose its end.
            if self.fsync != Fsync::Never
                && let Some(active) = &writing.active
            {
                active.file().sync_data()?;
            }
            writing.closed.extend(writing.active.take().map(Active::close));
        }
        if writing.active.is_none() {
            let active = Active::create(&self.folder, writing.next_number, now, &self.form)?;
            if self.fsync != Fsync::Never {
                sync_folder(&self.folder)?;
            }
            writing.next_number += 1;
            writing.active = Some(active);
        }
        Ok(writing.active.as_mut().expect("made above when there was none"))
    }

    /// Forces everything that was appended onto the disk.
    fn sync(&self, wanted: Ticket) -> io::Result<()> {
        // Whoever waits here finds that the one before has synced its events too.
        let mut synced = self.synced.lock().unwrap_or_else(PoisonError::into_inner);
        if synced.0 >= wanted {
            return Ok(());
        }
        let (file, ticket) = {
            let writing = self.lock();
            (writing.active.as_ref().map(Active::file), writing.ticket)
        };
        if let Some(file) = file {
            file.sync_data()?;
        }
        *synced = (ticket, Monotonic::now());
        Ok(())
    }
}

impl Store for Files {
    fn load(&mut self, oldest: Instant, each: &mut dyn FnMut(Event)) -> Result<(), OpenError> {
        let paths = segment::list(&self.folder).map_err(|error| OpenError::Io { path: self.folder.clone(), error })?;
        let mut writing = self.lock();
        let last = paths.len().saturating_sub(1);
        for (index, (number, path)) in paths.into_iter().enumerate() {
            let closed = segment::read(&path, number, index == last, &self.form, self.on_damage, each)?;
            writing.next_number = number + 1;
            // One that was cut off in its first bytes has nothing in it.
            let Some(closed) = closed else { continue };
            writing.closed.push(closed);
        }
        // The last file goes on where it ended.
        if let Some(last) = writing.closed.pop() {
            let path = last.path().to_owned();
            writing.active = Some(Active::reopen(last).map_err(|error| OpenError::Io { path, error })?);
        }
        drop(writing);
        self.forget_before(oldest).map_err(|error| OpenError::Io { path: self.folder.clone(), error })
    }

    fn append(&self, event: &Event) -> io::Result<Ticket> {
        let mut writing = self.lock();
        self.active(&mut writing)?.append(event, &self.form)?;
        writing.ticket.0 += 1;
        Ok(writing.ticket)
    }

    fn settle(&self, ticket: Ticket) -> io::Result<()> {
        match self.fsync {
            Fsync::Always => self.sync(ticket),
            Fsync::Every(pause) => {
                let due = |synced: &(Ticket, Monotonic)| synced.1.elapsed() >= pause;
                // Whoever finds it taken leaves it to the one who has it.
                if self.synced.try_lock().is_ok_and(|synced| due(&synced)) { self.sync(ticket) } else { Ok(()) }
            }
            Fsync::Never => Ok(()),
        }
    }

    fn forget_before(&self, oldest: Instant) -> io::Result<()> {
        let mut writing = self.lock();
        let (mut old, kept): (Vec<_>, Vec<_>) =
            std::mem::take(&mut writing.closed).into_iter().partition(|closed| closed.newest() < oldest);
        writing.closed = kept;
        // A last file of which nothing is young enough goes as well: the next event begins a new one.
        let active = writing.active.take_if(|active| active.newest() < oldest && !active.is_empty());
        old.extend(active.map(Active::close));
        drop(writing);
        let mut result = Ok(());
        for closed in old {
            // The others go also when one cannot be removed.
            result = fs::remove_file(closed.path()).and(result);
        }
        result
    }
}

impl Drop for Files {
    fn drop(&mut self) {
        if self.fsync == Fsync::Never {
            return;
        }
        let ticket = self.lock().ticket;
        if let Err(error) = self.sync(ticket) {
            tracing::warn!(%error, "the last of the velocity journal may not be on the disk");
        }
    }
}

fn lock(folder: &Path) -> Result<File, OpenError> {
    let path = folder.join("lock");
    let mut options = OpenOptions::new();
    options.write(true).create(true).truncate(false);
    private(&mut options);
    let file = options.open(&path).map_err(|error| OpenError::Io { path: path.clone(), error })?;
    match file.try_lock() {
        Ok(()) => Ok(file),
        Err(TryLockError::WouldBlock) => Err(OpenError::InUse { folder: folder.to_owned() }),
        Err(TryLockError::Error(error)) => Err(OpenError::Io { path, error }),
    }
}

/// So that a new file's name is on the disk as well as its bytes.
#[cfg(unix)]
fn sync_folder(folder: &Path) -> io::Result<()> {
    File::open(folder)?.sync_all()
}

#[cfg(not(unix))]
fn sync_folder(_: &Path) -> io::Result<()> {
    Ok(())
}
