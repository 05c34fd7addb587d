//! From the words of a command line to an installed plugin: which component, which settings, which limits, which cache.

use crate::complaint::Complaint;
use crate::limits::LimitFlags;
use crate::project::Project;
use crate::terminal::{Progress, status, warn};
use crate::words;
use cartwright_runtime::cache::Cache;
use cartwright_runtime::component;
use cartwright_runtime::hooks::ALL;
use cartwright_runtime::{Engine, EngineOptions, InstallError, Limits, Plugin};
use clap::Args;
use std::fs::{self, File};
use std::io::Read;
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The plugin that `run` and `bench` ask, and what they ask it.
#[derive(Args)]
pub struct Asked {
    /// The plugin; may be left out in a plugin project, which has one. Its name ends in `.wasm`
    component: Option<PathBuf>,
    /// JSON files: one request each, or an array, or one on each line; `-` is stdin. In a plugin project, by default,
    /// every file of `requests/`
    #[arg(value_name = "INPUT")]
    inputs: Vec<PathBuf>,
    /// The merchant's settings, a JSON file; in a plugin project, by default, its `settings.json`, elsewhere `{}`
    #[arg(long, short, value_name = "FILE")]
    settings: Option<PathBuf>,
    /// The hook that is asked, such as `order-routing`; needed only for a plugin that serves several
    #[arg(long, value_name = "HOOK")]
    hook: Option<String>,
    #[command(flatten)]
    cache: CacheFlags,
    #[command(flatten)]
    limits: LimitFlags,
}

#[derive(Args)]
pub struct CacheFlags {
    /// Where compiled plugins are kept [default: $XDG_CACHE_HOME/cartwright or ~/.cache/cartwright]
    #[arg(long, value_name = "DIR", env = "CARTWRIGHT_CACHE", conflicts_with = "no_cache")]
    cache: Option<PathBuf>,
    /// Compiles the plugin anew, and keeps nothing
    #[arg(long)]
    no_cache: bool,
}

impl CacheFlags {
    /// A folder that can be used. Doing without is slower, no failure; unless the user named the folder.
    pub fn folder(&self) -> Result<Option<PathBuf>, Complaint> {
        if self.no_cache {
            return Ok(None);
        }
        let Some(folder) = self.cache.clone().or_else(per_user) else { return Ok(None) };
        match Cache::open(folder.clone()) {
            Ok(_) => Ok(Some(folder)),
            Err(error) if self.cache.is_some() => {
                Err(Complaint::io("opening the cache", &folder, &error).hint("name another folder, or give --no-cache"))
            }
            Err(error) => {
                let why = words::of_io(&error);
                warn(format!("compiled plugins are not kept: `{}` cannot be used: {why}", folder.display()));
                Ok(None)
            }
        }
    }
}

fn per_user() -> Option<PathBuf> {
    let folder = |name| std::env::var_os(name).map(PathBuf::from).filter(|folder| folder.is_absolute());
    let caches = folder("XDG_CACHE_HOME").or_else(|| folder("HOME").map(|home| home.join(".cache")))?;
    Some(caches.join("cartwright"))
}

/// What [`Asked`] comes to.
pub struct Question {
    component: PathBuf,
    bytes: Vec<u8>,
    settings: String,
    settings_file: Option<PathBuf>,
    /// The name of the hook that is asked.
    pub hook: &'static str,
    cache: CacheFlags,
    limits: Limits,
    /// At least one.
    pub inputs: Vec<PathBuf>,
}

impl Asked {
    /// Finds and reads the files.
    pub fn resolve(self) -> anyhow::Result<Question> {
        // The component may be left out, and then the first word is an input.
        let (component, mut inputs) = match self.component {
            Some(word) if !is_component(&word) => (None, [vec![word], self.inputs].concat()),
            component => (component, self.inputs),
        };
        let (component, project) = if let Some(component) = component {
            (component, None)
        } else {
            let project = current_project(inputs.first().map(PathBuf::as_path))?;
            (built(&project)?, Some(project))
        };
        let in_project = |name: &str| project.as_ref().map(|project| shortest(project.folder.join(name)));
        if inputs.is_empty() {
            inputs = in_project("requests").map(|requests| files_of(&requests)).unwrap_or_default();
        }
        if inputs.is_empty() {
            return Err(Complaint::usage("there is nothing to ask the plugin: no INPUT was given")
                .hint("give JSON files with requests, or `-` for stdin")
                .into());
        }
        let settings_file = self.settings.or_else(|| in_project("settings.json").filter(|file| file.is_file()));
        let settings = match &settings_file {
            Some(file) => text_of(file, "the settings")?,
            None => "{}".into(),
        };
        let bytes = bytes_of(&component)?;
        let limits = self.limits.limits();
        let hook = hook_of(&bytes, self.hook.as_deref(), &component)?;
        Ok(Question { component, bytes, settings, settings_file, hook, cache: self.cache, limits, inputs })
    }
}

impl Question {
    /// Installs the plugin, for so many calls at the same moment.
    pub fn install(&self, sandboxes: u32) -> anyhow::Result<Plugin> {
        let options = EngineOptions {
            sandboxes,
            cache: self.cache.folder()?,
            limits: self.limits.clone(),
            ..EngineOptions::default()
        };
        install(options, &self.bytes, &self.settings, &self.component, self.settings_file.as_deref())
    }
}

/// The hook to ask: the one that was named, or the only one that the component serves.
fn hook_of(bytes: &[u8], named: Option<&str>, component: &Path) -> Result<&'static str, Complaint> {
    // What is no component is refused when it is installed, after the inputs were read: a mistyped name is told first.
    let Ok(facts) = component::read(bytes) else { return Ok(ALL[0].name) };
    let served: Vec<_> =
        ALL.iter().map(|hook| hook.name).filter(|name| facts.hooks.iter().any(|hook| hook == name)).collect();
    let list = served.join(", ");
    match (named, served.as_slice()) {
        (None, [only]) => Ok(only),
        // Installing it says in full what is missing.
        (None, []) => Ok(ALL[0].name),
        (None, _) => Err(Complaint::usage(format!("`{}` serves several hooks: {list}", component.display()))
            .hint("name one with --hook")),
        (Some(name), _) => served.iter().find(|hook| **hook == name).copied().ok_or_else(|| {
            Complaint::usage(format!("`{}` does not serve the hook {name:?}", component.display()))
                .hint(format!("it serves {list}"))
        }),
    }
}

fn install(
    options: EngineOptions,
    component: &[u8],
    settings: &str,
    path: &Path,
    settings_file: Option<&Path>,
) -> anyhow::Result<Plugin> {
    let started = Instant::now();
    let progress = Progress::spinner(format!("installing {}", path.display()));
    let installed = Engine::new(options)?.install(component, settings);
    drop(progress);
    let plugin = installed.map_err(|error| refusal(&error, path, settings_file))?;
    for warning in plugin.warnings() {
        warn(format!("in the settings, {warning}"));
    }
    if let Some(why) = plugin.unsnapshotted() {
        warn(format!("each call configures the plugin anew, which takes time: {why}"));
    }
    let manifest = &plugin.facts().manifest;
    status(
        "Installed",
        format!(
            "{} {} in {} (snapshot {})",
            if manifest.name.is_empty() { "a plugin without a name" } else { &manifest.name },
            manifest.version,
            words::time(started.elapsed()),
            plugin.snapshot().get(..12).unwrap_or_default()
        ),
    );
    Ok(plugin)
}

/// What the runtime says, with the file's name in front.
pub fn refusal(error: &InstallError, component: &Path, settings: Option<&Path>) -> Complaint {
    let of_settings = matches!(error, InstallError::SettingsRefused(_) | InstallError::SettingsTooLarge { .. });
    let file = settings.filter(|_| of_settings).unwrap_or(component);
    let complaint = Complaint::refused(format!("`{}`: {error}", file.display()));
    match error {
        _ if of_settings && settings.is_none() => Complaint::refused(error.to_string())
            .hint("no settings were given, so the plugin got {}; give --settings FILE"),
        InstallError::SettingsRefused(_) => complaint
            .hint(format!("`cartwright inspect {} --schema` shows what the plugin expects", component.display())),
        InstallError::ImportNotOffered { .. } => {
            complaint.hint(format!("`cartwright inspect {}` shows every import", component.display()))
        }
        InstallError::Configure(_) => complaint.hint("--configure-fuel and --configure-deadline raise its limits"),
        _ => complaint,
    }
}

/// By its name, or by the bytes that every WebAssembly file starts with.
fn is_component(path: &Path) -> bool {
    let starts_like_one = || {
        let mut magic = [0; 4];
        File::open(path).and_then(|mut file| file.read_exact(&mut magic)).is_ok_and(|()| magic == *b"\0asm")
    };
    path.extension().is_some_and(|extension| extension == "wasm") || starts_like_one()
}

/// The component that a command was given, or the one of the project in the current folder.
pub fn component_or_projects(component: Option<PathBuf>) -> Result<PathBuf, Complaint> {
    match component {
        Some(component) => Ok(component),
        None => built(&current_project(None)?),
    }
}

fn current_project(first_word: Option<&Path>) -> Result<Project, Complaint> {
    Project::around(Path::new("."))?.ok_or_else(|| {
        let what = match first_word {
            Some(word) => format!("`{}` is no component (its name does not end in .wasm)", word.display()),
            None => "no component was given".into(),
        };
        Complaint::usage(format!("{what}, and the current folder is in no plugin project"))
            .hint("name a .wasm file, or start a project with `cartwright new NAME`")
    })
}

fn built(project: &Project) -> Result<PathBuf, Complaint> {
    let component = project.built()?.to_owned();
    if let Some(file) = project.changed_since() {
        warn(format!("`{}` is newer than the component; `cartwright build` builds it anew", file.display()));
    }
    Ok(shortest(component))
}

/// From the current folder, where that is shorter to read.
pub fn shortest(path: PathBuf) -> PathBuf {
    let here = std::env::current_dir().and_then(fs::canonicalize).ok();
    here.and_then(|here| path.strip_prefix(here).map(Path::to_owned).ok()).unwrap_or(path)
}

/// The JSON files of a folder, by name.
fn files_of(folder: &Path) -> Vec<PathBuf> {
    let known = |path: &PathBuf| path.extension().is_some_and(|e| e == "json" || e == "jsonl" || e == "ndjson");
    let mut files: Vec<_> =
        fs::read_dir(folder).into_iter().flatten().flatten().map(|entry| entry.path()).filter(known).collect();
    files.sort();
    files
}

/// A component's file.
pub fn bytes_of(path: &Path) -> Result<Vec<u8>, Complaint> {
    fs::read(path).map_err(|error| Complaint::io("reading the component", path, &error))
}

fn text_of(path: &Path, what: &str) -> Result<String, Complaint> {
    let bytes = fs::read(path).map_err(|error| Complaint::io(&format!("reading {what}"), path, &error))?;
    String::from_utf8(bytes).map_err(|error| {
        let at = error.utf8_error().valid_up_to();
        Complaint::failed(format!("reading {what} `{}` failed: byte {at} is not UTF-8", path.display()))
            .hint("save the file as UTF-8")
    })
}
