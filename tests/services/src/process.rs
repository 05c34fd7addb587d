//! One running program, with those it started.

use std::fs::{self, File};
use std::io::Write;
use std::os::unix::process::CommandExt;
use std::path::Path;
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// How often what has to be polled is looked at.
pub(crate) const TICK: Duration = Duration::from_millis(10);

/// Ends the program and removes its folder once our end of its standard input closes, so when this process ends in whatever way.
/// Each line that it reads names the processes that are paused.
const WATCHDOG: &str = r#"
trap '' INT TERM HUP
while read -r line; do paused=$line; done
[ -n "$paused" ] && kill -s CONT $paused 2>/dev/null
kill -s "$2" "$1" 2>/dev/null
tries=0
while kill -s 0 "$1" 2>/dev/null && [ $tries -lt 100 ]; do sleep 0.05; tries=$((tries + 1)); done
kill -s KILL "$1" 2>/dev/null
rm -rf -- "$3"
"#;

/// A program that runs, and its watchdog.
pub(crate) struct Process {
    child: Child,
    watchdog: Child,
    paused: bool,
}

impl Process {
    /// Starts it with its output going to `log`. `last_signal` ends it at once, when it is no longer wanted; `folder` goes with it then.
    pub(crate) fn start(mut command: Command, log: &Path, folder: &Path, last_signal: &str) -> Process {
        let name = command.get_program().to_string_lossy().into_owned();
        let output = File::options().create(true).append(true).open(log).expect("the log of a service");
        let errors = output.try_clone().expect("the log of a service");
        // A group of its own, so that Ctrl-C reaches the test, and the watchdog does the rest.
        command.stdin(Stdio::null()).stdout(output).stderr(errors).process_group(0);
        let child = command.spawn().unwrap_or_else(|error| panic!("{name} could not be started: {error}"));
        let mut watchdog = Command::new("sh");
        watchdog.args(["-c", WATCHDOG, "watchdog"]).arg(child.id().to_string()).arg(last_signal).arg(folder);
        watchdog.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let watchdog = watchdog.spawn().expect("sh is everywhere");
        Process { child, watchdog, paused: false }
    }

    /// How it ended, if it has.
    pub(crate) fn ended(&mut self) -> Option<ExitStatus> {
        self.child.try_wait().expect("our own child can be asked for")
    }

    /// Stops it and all its children in their tracks; returns when they stand.
    pub(crate) fn pause(&mut self) {
        self.paused = true;
        signal("STOP", &[self.child.id()]);
        wait_until("it stands", || stands(self.child.id()));
        // No new ones from here on.
        let family = self.family();
        let list: Vec<String> = family.iter().map(u32::to_string).collect();
        self.tell_watchdog(&list.join(" "));
        signal("STOP", &family);
        wait_until("its children stand", || family.iter().copied().all(stands));
    }

    /// Lets it go on.
    pub(crate) fn resume(&mut self) {
        if self.paused {
            signal("CONT", &self.family());
            self.tell_watchdog("");
            self.paused = false;
        }
    }

    /// Ends it by a signal and waits for it; by force when that takes longer than `patience`.
    pub(crate) fn end(mut self, by: &str, patience: Duration) {
        self.resume();
        // The watchdog goes first: once we have waited for the program, its number may be another's.
        self.dismiss_watchdog();
        signal(by, &[self.child.id()]);
        let started = Instant::now();
        while self.ended().is_none() {
            if started.elapsed() > patience {
                self.slay();
                return;
            }
            sleep(TICK);
        }
    }

    /// Ends it and all its children as `kill -9` does, and waits until none is left.
    pub(crate) fn kill(mut self) {
        self.dismiss_watchdog();
        self.slay();
    }

    fn slay(&mut self) {
        signal("STOP", &[self.child.id()]);
        let family = self.family();
        signal("KILL", &family);
        let _ = self.child.wait();
        let others = family.into_iter().filter(|pid| *pid != self.child.id());
        let others: Vec<u32> = others.collect();
        wait_until("its children end", || others.iter().all(|pid| state(*pid).is_none_or(|state| state == 'Z')));
    }

    fn tell_watchdog(&mut self, line: &str) {
        if let Some(ear) = &mut self.watchdog.stdin {
            let _ = writeln!(ear, "{line}");
        }
    }

    fn dismiss_watchdog(&mut self) {
        let _ = self.watchdog.kill();
        let _ = self.watchdog.wait();
    }

    /// The program and its children.
    fn family(&self) -> Vec<u32> {
        let own = self.child.id();
        let all =
            fs::read_dir("/proc").expect("/proc").filter_map(|entry| entry.ok()?.file_name().to_str()?.parse().ok());
        std::iter::once(own).chain(all.filter(|pid| parent(*pid) == Some(own))).collect()
    }
}

/// Waits for what is bound to happen.
fn wait_until(what: &str, happened: impl Fn() -> bool) {
    let started = Instant::now();
    while !happened() {
        assert!(started.elapsed() < Duration::from_secs(30), "waited 30 s until {what}");
        sleep(Duration::from_millis(2));
    }
}

/// The fields of `/proc/PID/stat` after the name, which may hold spaces: state, parent, …
fn stat(pid: u32) -> Option<(char, u32)> {
    let text = fs::read_to_string(format!("/proc/{pid}/stat")).ok()?;
    let mut fields = text.rsplit_once(')')?.1.split_whitespace();
    Some((fields.next()?.chars().next()?, fields.next()?.parse().ok()?))
}

fn state(pid: u32) -> Option<char> {
    stat(pid).map(|(state, _)| state)
}

/// Stopped, or ended: one whose parent stands stays a zombie.
fn stands(pid: u32) -> bool {
    state(pid).is_none_or(|state| matches!(state, 'T' | 'Z'))
}

fn parent(pid: u32) -> Option<u32> {
    stat(pid).map(|(_, parent)| parent)
}

/// By the shell's own `kill`: the standard library has none, and this is not worth a dependency.
fn signal(name: &str, pids: &[u32]) {
    let mut shell = Command::new("sh");
    shell.args(["-c", "name=$1; shift; for pid; do kill -s \"$name\" \"$pid\"; done", "kill", name]);
    let _ = shell.args(pids.iter().map(u32::to_string)).stderr(Stdio::null()).status();
}
