//! An OCI registry: Debian's docker-registry.

use crate::missing::Missing;
use crate::port::Port;
use crate::programs::on_path;
use crate::service::{Recipe, Service};
use std::fs;
use std::io::{Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::ops::Deref;
use std::process::Command;
use std::time::Duration;

const REMEDY: &str = "as root `cargo xtask setup`, or `apt-get install --no-install-recommends docker-registry`";

/// A registry without users, over plain HTTP, on the file system.
pub struct Registry {
    service: Service,
}

impl Registry {
    /// Starts it, empty.
    ///
    /// # Errors
    /// When its program is not installed.
    pub fn start() -> Result<Registry, Missing> {
        let found = on_path("docker-registry").into_iter().next();
        let program = found.ok_or_else(|| Missing { what: "docker-registry is not on PATH".into(), remedy: REMEDY })?;
        let port = Port::take();
        let folder = tempfile::Builder::new().prefix("cartwright-oci-").tempdir().expect("a temporary folder");
        let settings = folder.path().join("config.yml");
        let root = folder.path().join("blobs");
        let number = port.number;
        // A telemetry address of its own would be one more port; `secret` only quiets a warning.
        let text = format!(
            "version: 0.1\nlog:\n  level: info\n  accesslog:\n    disabled: true\nstorage:\n  filesystem:\n    rootdirectory: \
             '{}'\n  delete:\n    enabled: true\nhttp:\n  addr: 127.0.0.1:{number}\n  secret: for-tests\n",
            root.display()
        );
        fs::write(&settings, text).expect("the registry's settings");
        let recipe = Recipe {
            name: "docker-registry",
            command: Box::new(move || {
                let mut command = Command::new(&program);
                command.arg("serve").arg(&settings);
                command
            }),
            answers: Box::new(move || speaks(number)),
            stop: "TERM",
            last: "KILL",
        };
        Ok(Registry { service: Service::start(recipe, port, folder) })
    }

    /// `127.0.0.1:PORT`, as it stands before the slash of an image's reference.
    pub fn address(&self) -> String {
        format!("127.0.0.1:{}", self.port())
    }
}

impl Deref for Registry {
    type Target = Service;

    fn deref(&self) -> &Service {
        &self.service
    }
}

/// Whether `GET /v2/` answers 200, by which the distribution specification says that a registry is one.
fn speaks(port: u16) -> bool {
    let address = SocketAddr::from((Ipv4Addr::LOCALHOST, port));
    let Ok(mut stream) = TcpStream::connect_timeout(&address, Duration::from_millis(500)) else { return false };
    let _ = stream.set_read_timeout(Some(Duration::from_secs(2)));
    let asked = stream.write_all(b"GET /v2/ HTTP/1.1\r\nhost: registry\r\nconnection: close\r\n\r\n");
    let mut answer = [0; 12];
    asked.is_ok() && stream.read_exact(&mut answer).is_ok() && &answer == b"HTTP/1.1 200"
}
