//! `cartwright serve`: the HTTP server over a folder of shops.

use crate::complaint::{Complaint, Exit};
use crate::limits::{LimitFlags, Time};
use crate::load::CacheFlags;
use crate::outside::OutsideFlags;
use crate::terminal::{Progress, status};
use crate::words;
use cartwright_records::RecorderOptions;
use cartwright_server::traces::Traces;
use cartwright_server::{ClientLimits, PlatformOptions, Progress as Step, Server, ServerOptions, StartError, Tls};
use cartwright_store::StoreOptions;
use cartwright_velocity::VelocityOptions;
use clap::{Args, ValueEnum};
use std::io::{IsTerminal, Write};
use std::net::SocketAddr;
use std::path::PathBuf;
use tracing_subscriber::filter::{EnvFilter, filter_fn};
use tracing_subscriber::layer::{Layer, SubscriberExt};
use tracing_subscriber::util::SubscriberInitExt;

const AFTER_HELP: &str = "\
Examples:
  cartwright serve --shops shops/
  cartwright serve --store sqlite:cartwright.db
  cartwright serve --shops shops/ --listen 0.0.0.0:8080 --log json --notice 10s

The folder holds one folder for each shop, named by the shop's id, with a shop.json:
  { \"name\": \"Demo Outfitters\",
    \"plugins\": {
      \"shipping-quote\": { \"component\": \"quote.wasm\", \"settings\": \"quote.json\" },
      \"address-validation\": { \"component\": \"address.wasm\", \"settings\": \"address.json\" } },
    \"secrets\": { \"ADDRESS_KEY\": { \"env\": \"ADDRESS_KEY\" } },
    \"fallbacks\": { \"shipping-quote\": [
      { \"service\": \"standard\", \"name\": \"Standard\", \"price\": 895, \"currency\": \"USD\" } ] } }
Paths are relative to shop.json; a hook takes one plugin or a list of them. Then:
  curl http://127.0.0.1:8080/v1/shops/demo/quotes \\
    -H 'content-type: application/json' -d @cart.json

SIGINT and SIGTERM end it: /readyz says no for the notice, then no more connections are taken,
then what is under way ends within the drain. RUST_LOG chooses what is logged, as RUST_LOG=debug.

Exit codes:
  0  it was asked to end
  1  it cannot listen there
  2  the command line was not understood
  3  the shops' configuration or a plugin was refused";

/// Serves shops over HTTP: those of a folder, those of a store, or both
#[derive(Args)]
#[command(after_help = AFTER_HELP)]
pub struct Serve {
    /// A folder with one folder for each shop; these shops are open to whoever reaches the server
    #[arg(long, value_name = "DIR", env = "CARTWRIGHT_SHOPS", required_unless_present = "store")]
    shops: Option<PathBuf>,
    /// Address and port; port 0 lets the system choose
    #[arg(long, value_name = "ADDR", default_value = "127.0.0.1:8080", env = "CARTWRIGHT_LISTEN")]
    listen: SocketAddr,
    /// How log lines are written; by default for people at a terminal, else as JSON
    #[arg(long, value_enum, value_name = "FORM")]
    log: Option<LogForm>,
    #[command(flatten)]
    cache: CacheFlags,
    /// A folder of files to serve at / beside the API, such as a storefront
    #[arg(long, value_name = "DIR", env = "CARTWRIGHT_SITE")]
    site: Option<PathBuf>,
    /// Where the velocity counters of order screening and the key of the estimate bundles outlive a restart; without it both begin anew
    #[arg(long, value_name = "DIR", env = "CARTWRIGHT_STATE")]
    state: Option<PathBuf>,
    /// Calls of plugins at the same moment; more are answered with 503
    #[arg(long, value_name = "N", default_value_t = ClientLimits::default().calls)]
    calls: usize,
    /// Of these, calls of one shop [default: three quarters of --calls]
    #[arg(long, value_name = "N")]
    calls_of_a_shop: Option<usize>,
    /// Connections at the same moment; more wait
    #[arg(long, value_name = "N", default_value_t = ClientLimits::default().connections)]
    connections: usize,
    /// How long /readyz says no before a shutdown
    #[arg(long, value_name = "TIME", default_value_t = Time(ClientLimits::default().notice))]
    notice: Time,
    /// How long requests under way may go on at a shutdown
    #[arg(long, value_name = "TIME", default_value_t = Time(ClientLimits::default().drain))]
    drain: Time,
    /// Serves by TLS only, with the certificate in this PEM file (and behind it those that lead to its authority); it is read again when it changes, and on SIGHUP
    #[arg(long, value_name = "FILE", requires = "tls_key", env = "CARTWRIGHT_TLS_CERTIFICATES")]
    tls_certificates: Option<PathBuf>,
    /// The certificate's private key, a PEM file without a password
    #[arg(long, value_name = "FILE", requires = "tls_certificates", env = "CARTWRIGHT_TLS_KEY")]
    tls_key: Option<PathBuf>,
    /// Sends a span of each request to this collector by OTLP over HTTP, such as http://127.0.0.1:4318
    #[arg(long, value_name = "URL", env = "CARTWRIGHT_OTLP")]
    otlp: Option<String>,
    #[command(flatten)]
    outside: OutsideFlags,
    #[command(flatten)]
    limits: LimitFlags,
    #[command(flatten)]
    platform: PlatformFlags,
}

/// A store of shops that change while the server runs
#[derive(Args)]
#[command(next_help_heading = "Shops of a store")]
struct PlatformFlags {
    /// Where shops, packages, installs and records are kept: sqlite:PATH or postgres://USER@HOST/DATABASE
    #[arg(long, value_name = "URL", env = "CARTWRIGHT_STORE", hide_env_values = true)]
    store: Option<String>,
    /// A NATS server with JetStream, for several servers on one store: nats://HOST
    #[arg(long, value_name = "URL", env = "CARTWRIGHT_BUS", hide_env_values = true, requires = "store")]
    bus: Option<String>,
    /// The file with the key under which secrets are sealed [default: beside an SQLite store, made when it is missing]
    #[arg(long, value_name = "FILE", env = "CARTWRIGHT_MASTER_KEY")]
    master_key: Option<PathBuf>,
    /// Takes packages that no known author has signed
    #[arg(long, env = "CARTWRIGHT_UNSIGNED")]
    unsigned: bool,
    /// Hooks of shops that are kept installed in memory, each 3 to 6 MB with plugins as large as the reference ones; others are installed when they are asked
    #[arg(long, value_name = "N", default_value_t = 1_024)]
    resident: usize,
}

impl PlatformFlags {
    fn options(&self, serve: &Serve) -> Result<Option<PlatformOptions>, Complaint> {
        let Some(store) = &self.store else { return Ok(None) };
        let beside = store.strip_prefix("sqlite:").filter(|path| !path.starts_with(':'));
        let made = beside.map(|path| PathBuf::from(path.trim_start_matches("//")).with_file_name("master.key"));
        let master_key = self.master_key.clone().or_else(|| made.clone()).ok_or_else(|| {
            Complaint::usage("--store needs --master-key: the file with the key under which secrets are sealed")
                .hint("`cartwright bootstrap --store URL --master-key FILE` makes one; all servers of a store share it")
        })?;
        Ok(Some(PlatformOptions {
            store: StoreOptions::new(store),
            bus: self.bus.clone(),
            make_master_key: self.master_key.is_none(),
            master_key,
            cache: serve.cache.folder()?,
            records: RecorderOptions::default(),
            resident: self.resident,
            calls_of_a_shop: serve.of_a_shop(),
            unsigned: self.unsigned,
        }))
    }
}

#[derive(Clone, Copy, PartialEq, Eq, ValueEnum)]
enum LogForm {
    Human,
    Json,
}

impl Serve {
    fn of_a_shop(&self) -> usize {
        self.calls_of_a_shop.unwrap_or_else(|| (self.calls - self.calls / 4).max(1))
    }

    fn options(&self) -> Result<ServerOptions, Complaint> {
        let clients = ClientLimits {
            calls: self.calls,
            calls_of_a_shop: self.of_a_shop(),
            connections: self.connections,
            notice: self.notice.0,
            drain: self.drain.0,
            ..ClientLimits::default()
        };
        let cache = self.cache.folder()?;
        Ok(ServerOptions {
            listen: self.listen,
            cache,
            clients,
            plugins: self.limits.limits(),
            outside: self.outside.options(),
            velocity: VelocityOptions {
                folder: self.state.as_ref().map(|folder| folder.join("velocity")),
                ..VelocityOptions::default()
            },
            state: self.state.clone(),
            site: self.site.clone(),
            tls: self
                .tls_certificates
                .clone()
                .zip(self.tls_key.clone())
                .map(|(certificates, key)| Tls { certificates, key }),
            platform: self.platform.options(self)?,
            shops: self.shops.clone(),
        })
    }
}

pub fn serve(arguments: &Serve) -> anyhow::Result<Exit> {
    let traces = arguments.otlp.as_deref().map(Traces::to).transpose();
    let traces = traces.map_err(|error| Complaint::usage(format!("--otlp: {error}")))?;
    let form = log_to_stderr(arguments.log, traces.as_ref());
    let options = arguments.options()?;
    let server = install(options, form).map_err(|error| refusal(&error))?;
    tokio::runtime::Builder::new_multi_thread().enable_all().build()?.block_on(run(server, arguments.listen, form))?;
    drop(traces);
    Ok(Exit::Done)
}

/// A step of the server's life, in the form that the log has.
fn tell(form: LogForm, verb: &str, message: &str) {
    match form {
        LogForm::Human => status(verb, message),
        LogForm::Json => tracing::info!(step = verb, "{message}"),
    }
}

fn install(options: ServerOptions, form: LogForm) -> Result<Server, StartError> {
    let mut spinner = None;
    Server::prepare(options, &mut |step| match step {
        Step::Installing { shop, hook, component, number, of } => {
            let plugin = component.display();
            spinner = Some(Progress::spinner(format!("installing {plugin} for {shop} ({hook}), {number} of {of}")));
        }
        Step::Installed { shop, hook, plugin, warnings, took } => {
            spinner = None;
            let (name, version) = (&plugin.name, &plugin.version);
            let took = words::time(took);
            tell(form, "Installed", &format!("{name} {version} for {shop} ({hook}) in {took}"));
            for warning in warnings {
                tell(form, "Warning", &format!("in {shop}'s settings for {hook}, {warning}"));
            }
        }
    })
}

fn refusal(error: &StartError) -> Complaint {
    match error {
        StartError::Tls(_) => {
            Complaint::failed(error.to_string()).hint("--tls-certificates and --tls-key name two PEM files")
        }
        StartError::Option { .. } => {
            Complaint::usage(error.to_string()).hint("`cartwright serve --help` lists the options")
        }
        StartError::Configuration(_) => {
            Complaint::refused(error.to_string()).hint("`cartwright serve --help` shows a shop.json")
        }
        StartError::Nothing => Complaint::usage(error.to_string()).hint("give --shops, --store, or both"),
        StartError::Platform(_)
        | StartError::Engine(_)
        | StartError::Outside(_)
        | StartError::Velocity(_)
        | StartError::SigningKey(_)
        | StartError::Listen(_)
        | StartError::Thread(_) => Complaint::failed(error.to_string()),
    }
}

async fn run(server: Server, listen: SocketAddr, form: LogForm) -> anyhow::Result<()> {
    // Before listening, so that a signal that comes at once ends it in order too.
    let shutdown = asked_to_end(form)?;
    let bound = server.bind().await.map_err(|error| {
        let StartError::Listen(error) = error else { return refusal(&error) };
        let complaint = Complaint::failed(format!("cannot listen on {listen}: {error}"));
        match error.kind() {
            std::io::ErrorKind::AddrInUse => {
                complaint.hint("another program has the port; give --listen with another one")
            }
            std::io::ErrorKind::PermissionDenied => complaint.hint("ports below 1024 need a privilege; take one above"),
            _ => complaint.hint("give --listen with an address of this machine, such as 127.0.0.1:8080"),
        }
    })?;
    tell(form, "Listening", &format!("on {}", bound.url()));
    // The address is this command's output: with port 0, a program that started it learns it here.
    let mut output = std::io::stdout().lock();
    writeln!(output, "{}", bound.url()).and_then(|()| output.flush())?;
    drop(output);
    bound.serve(shutdown).await;
    tell(form, "Ended", "every request under way was answered or had its time");
    Ok(())
}

#[cfg(unix)]
fn asked_to_end(form: LogForm) -> std::io::Result<impl Future<Output = ()>> {
    use tokio::signal::unix::{SignalKind, signal};
    let (mut interrupt, mut terminate) = (signal(SignalKind::interrupt())?, signal(SignalKind::terminate())?);
    Ok(async move {
        tokio::select! {
            _ = interrupt.recv() => {}
            _ = terminate.recv() => {}
        }
        tell(form, "Ending", "what is under way; a second signal ends at once");
        // Whoever asks twice does not want to wait.
        tokio::spawn(async move {
            tokio::select! {
                _ = interrupt.recv() => {}
                _ = terminate.recv() => {}
            }
            std::process::exit(Exit::Failed as i32);
        });
    })
}

#[cfg(not(unix))]
#[allow(clippy::unnecessary_wraps)] // as on Unix
fn asked_to_end(_form: LogForm) -> std::io::Result<impl Future<Output = ()>> {
    Ok(async {
        if tokio::signal::ctrl_c().await.is_err() {
            // Without signals it runs until it is killed.
            std::future::pending::<()>().await;
        }
    })
}

/// Says which form it took.
fn log_to_stderr(form: Option<LogForm>, traces: Option<&Traces>) -> LogForm {
    let terminal = std::io::stderr().is_terminal();
    let form = form.unwrap_or(if terminal { LogForm::Human } else { LogForm::Json });
    let filter = EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("info"));
    let lines = tracing_subscriber::fmt::layer().with_writer(std::io::stderr);
    let lines = match form {
        LogForm::Human => {
            let colour = anstream::AutoStream::choice(&std::io::stderr()) != anstream::ColorChoice::Never;
            lines.with_ansi(colour).boxed()
        }
        // With the request that a line belongs to, once.
        LogForm::Json => lines.json().flatten_event(true).with_span_list(false).boxed(),
    };
    // Spans go out whatever is logged; what is logged stays here.
    let spans = filter_fn(|metadata| metadata.is_span() && metadata.target() == "cartwright::request");
    let traces = traces.map(|traces| traces.layer().with_filter(spans));
    tracing_subscriber::registry().with(lines.with_filter(filter)).with(traces).init();
    form
}
