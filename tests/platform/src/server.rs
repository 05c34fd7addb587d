//! One server, as a process.

use crate::api::Api;
use crate::built::binary;
use crate::until::PATIENCE;
use std::ffi::OsString;
use std::fs::{self, File};
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::path::{Path, PathBuf};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

/// A server that runs. It is killed when this is dropped, and when this test's process is gone without having come so far.
pub struct Server {
    child: Child,
    /// Ends when nobody holds the other end of its stdin any more, and the server with it.
    watchdog: Child,
    /// `http://127.0.0.1:PORT`
    pub address: String,
    log: PathBuf,
}

impl Server {
    /// Starts `cartwright` with these arguments and waits until it listens; its log goes to `log`.
    ///
    /// # Panics
    /// With its log, when it ends instead.
    pub(crate) fn start(arguments: &[OsString], folder: &Path, log: &Path) -> Self {
        let output = File::options().create(true).append(true).open(log).expect("a log");
        let mut command = Command::new(binary());
        command.args(arguments).args(["--listen", "127.0.0.1:0"]).current_dir(folder);
        for (name, _) in std::env::vars_os().filter(|(name, _)| name.to_string_lossy().starts_with("CARTWRIGHT_")) {
            command.env_remove(name);
        }
        command.env("XDG_CONFIG_HOME", folder).env("HOME", folder);
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(output);
        let mut child = command.spawn().expect("the binary runs");
        let stdout = child.stdout.take().expect("it is piped");
        let mut watchdog = Command::new("sh");
        watchdog.args(["-c", "read -r _; kill -s KILL \"$1\"", "watchdog", &child.id().to_string()]);
        watchdog.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).process_group(0);
        let watchdog = watchdog.spawn().expect("sh is everywhere");
        let mut server = Self { child, watchdog, address: String::new(), log: log.to_owned() };
        let read = BufReader::new(stdout).read_line(&mut server.address);
        server.address.truncate(server.address.trim_end().len());
        if read.is_err() || !server.address.starts_with("http://") {
            let ended = server.child.wait();
            panic!("the server did not start ({ended:?}):\n{}", server.log_end());
        }
        server
    }

    /// As whoever has this token.
    pub fn api(&self, token: &str) -> Api {
        Api::new(&self.address, Some(token))
    }

    /// `kill -9`, and waits until it is gone.
    pub fn kill(mut self) {
        self.slay();
    }

    /// SIGTERM, and waits until it has ended in order.
    ///
    /// # Panics
    /// When it does not end, or not in order.
    pub fn terminate(mut self) {
        self.signal("TERM");
        let status = self.wait();
        assert!(status.success(), "asked to end, it ended with {status}:\n{}", self.log_end());
    }

    /// Asks it to end, and does not wait.
    pub fn ask_to_end(&self) {
        self.signal("TERM");
    }

    /// Waits until it has ended.
    ///
    /// # Panics
    /// When it does not.
    pub fn wait(&mut self) -> ExitStatus {
        let start = Instant::now();
        loop {
            if let Some(status) = self.child.try_wait().expect("our own child") {
                return status;
            }
            assert!(start.elapsed() < PATIENCE, "it does not end:\n{}", self.log_end());
            sleep(Duration::from_millis(10));
        }
    }

    /// Whether it still runs.
    ///
    /// # Panics
    /// Never: a process may ask for its child.
    pub fn runs(&mut self) -> bool {
        self.child.try_wait().expect("our own child").is_none()
    }

    /// Lets it hang: connections stay open, nothing is answered.
    pub fn pause(&self) {
        self.signal("STOP");
    }

    /// Lets it go on.
    pub fn resume(&self) {
        self.signal("CONT");
    }

    /// Its resident memory, in bytes.
    ///
    /// # Panics
    /// When it has ended.
    pub fn memory(&self) -> u64 {
        let status = fs::read_to_string(format!("/proc/{}/status", self.child.id())).expect("it runs");
        let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
        let kilobytes = line.and_then(|line| line.trim().strip_suffix(" kB")?.parse::<u64>().ok());
        kilobytes.unwrap_or_else(|| panic!("no VmRSS: {status}")) * 1024
    }

    /// The last lines of its log.
    pub fn log_end(&self) -> String {
        let log = fs::read_to_string(&self.log).unwrap_or_default();
        let lines: Vec<_> = log.lines().collect();
        lines[lines.len().saturating_sub(40)..].join("\n")
    }

    /// All of its log, also of those that ran before it with the same name.
    pub fn log(&self) -> String {
        fs::read_to_string(&self.log).unwrap_or_default()
    }

    fn slay(&mut self) {
        // First, while the server's number is still its own.
        let _ = self.watchdog.kill();
        let _ = self.watchdog.wait();
        // It may have ended by itself already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }

    fn signal(&self, name: &str) {
        let sent = Command::new("kill").args(["-s", name, &self.child.id().to_string()]).status();
        assert!(sent.is_ok_and(|status| status.success()), "kill -s {name}");
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // SIGKILL ends a process that stands, too.
        self.slay();
    }
}
