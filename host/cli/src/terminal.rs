//! What a user sees on stderr besides errors: status lines in cargo's manner, warnings, a spinner for what takes long.

use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use owo_colors::OwoColorize;
use std::fmt::Display;
use std::io::Write;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// What ends sooner than this draws nothing: a flash tells nobody anything.
const PATIENCE: Duration = Duration::from_millis(400);

static QUIET: AtomicBool = AtomicBool::new(false);

#[derive(Clone, Copy, Default, clap::ValueEnum)]
pub enum Color {
    #[default]
    Auto,
    Always,
    Never,
}

impl Color {
    /// Sets it for everything that is printed from now on.
    pub fn apply(self) {
        let choice = match self {
            // anstream looks for a terminal, NO_COLOR, CLICOLOR and TERM=dumb by itself.
            Self::Auto => anstream::ColorChoice::Auto,
            Self::Always => anstream::ColorChoice::Always,
            Self::Never => anstream::ColorChoice::Never,
        };
        choice.write_global();
    }
}

/// `--quiet`: no status lines, no spinner; errors only.
pub fn set_quiet(quiet: bool) {
    QUIET.store(quiet, Ordering::Relaxed);
}

fn quiet() -> bool {
    QUIET.load(Ordering::Relaxed)
}

/// A line such as `   Installed my-quote 0.1.0`.
pub fn status(verb: &str, message: impl Display) {
    if !quiet() {
        let verb = format!("{verb:>12}");
        let _ = writeln!(anstream::stderr(), "{} {message}", verb.green().bold());
    }
}

/// What the user should know, but that stops nothing.
pub fn warn(message: impl Display) {
    if !quiet() {
        let _ = writeln!(anstream::stderr(), "{}: {message}", "warning".yellow().bold());
    }
}

/// What is going on, drawn on stderr until it is dropped; draws nothing when stderr is no terminal.
pub struct Progress {
    bar: ProgressBar,
}

impl Progress {
    /// For work of unknown length.
    pub fn spinner(message: impl Display) -> Self {
        let bar = ProgressBar::new_spinner().with_message(message.to_string());
        Self::draw(bar, "{spinner} {msg} ({elapsed})")
    }

    /// For `steps` steps.
    pub fn bar(steps: usize, message: impl Display) -> Self {
        let bar = ProgressBar::new(steps as u64).with_message(message.to_string());
        Self::draw(bar, "{spinner} {msg} {human_pos} of {human_len} ({elapsed})")
    }

    fn draw(bar: ProgressBar, template: &str) -> Self {
        bar.set_draw_target(ProgressDrawTarget::hidden());
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style);
        }
        let later = bar.clone();
        let show = move || {
            std::thread::sleep(PATIENCE);
            if !later.is_finished() {
                later.set_draw_target(ProgressDrawTarget::stderr());
                later.enable_steady_tick(Duration::from_millis(120));
            }
        };
        if !quiet() {
            // Without a thread to draw it, the work goes on all the same.
            let _ = std::thread::Builder::new().name("progress".into()).spawn(show);
        }
        Self { bar }
    }

    pub fn step(&self) {
        self.bar.inc(1);
    }

    /// So many steps are done altogether.
    pub fn reach(&self, steps: u64) {
        self.bar.set_position(steps);
    }

    /// Prints while the bar is not drawn, so that the two do not write over each other.
    pub fn aside<T>(&self, print: impl FnOnce() -> T) -> T {
        self.bar.suspend(print)
    }
}

impl Drop for Progress {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}
