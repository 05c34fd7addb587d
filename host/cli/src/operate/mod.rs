//! The commands that work against a server: what merchants do with their shop, and what the platform does with all of them.
//!
//! [`client`] asks what [`ask`] holds, [`contexts`] knows whom and as whom, [`problem`] tells what the server refused, [`names`] reads what a user types,
//! [`show`] prints; each other file is a subject with its commands.
//!
//! What this part must not know: how the server does any of it. It has the HTTP API, as everybody has.

pub mod access;
mod ask;
pub mod audit;
pub mod authors;
pub mod backtests;
pub mod bootstrap;
mod client;
pub mod contexts;
pub mod dead_letters;
pub mod history;
mod import;
pub mod installs;
pub mod login;
mod names;
pub mod packages;
mod problem;
pub mod publish;
pub mod records;
pub mod replay;
pub mod secrets;
pub mod shops;
mod show;
pub mod stages;
pub mod webhooks;

use crate::complaint::Exit;
use clap::Subcommand;

/// Commands that ask a server.
#[derive(Subcommand)]
pub enum Operate {
    Login(login::Login),
    Context(login::ContextCommand),
    Packages(packages::Packages),
    Versions(packages::Versions),
    Install(installs::InstallCommand),
    Installs(installs::Installs),
    Settings(installs::Settings),
    Set(installs::Set),
    Uninstall(installs::Uninstall),
    Shadow(stages::Shadow),
    Canary(stages::Canary),
    Activate(stages::Activate),
    Withdraw(stages::Withdraw),
    Rollback(stages::Rollback),
    Policy(stages::Policy),
    History(history::History),
    Diff(history::Diff),
    Stats(history::Stats),
    Records(records::Records),
    Record(records::RecordCommand),
    Logs(records::Logs),
    Replay(replay::Replay),
    Backtest(Box<backtests::Backtest>),
    Secret(secrets::SecretCommand),
    Webhook(webhooks::WebhookCommand),
    Erase(secrets::Erase),
    Publish(publish::Publish),
    Bootstrap(bootstrap::Bootstrap),
    Author(authors::AuthorCommand),
    Shop(shops::ShopCommand),
    Token(access::TokenCommand),
    Audit(audit::Audit),
    DeadLetters(dead_letters::DeadLetters),
}

impl Operate {
    pub fn run(self) -> anyhow::Result<Exit> {
        match self {
            Self::Login(it) => login::login(&it),
            Self::Context(it) => login::context(&it),
            Self::Packages(it) => packages::packages(&it),
            Self::Versions(it) => packages::versions(&it),
            Self::Install(it) => installs::install(&it),
            Self::Installs(it) => installs::installs(&it),
            Self::Settings(it) => installs::settings(&it),
            Self::Set(it) => installs::set(&it),
            Self::Uninstall(it) => installs::uninstall(&it),
            Self::Shadow(it) => stages::shadow(&it),
            Self::Canary(it) => stages::canary(&it),
            Self::Activate(it) => stages::activate(&it),
            Self::Withdraw(it) => stages::withdraw(&it),
            Self::Rollback(it) => stages::rollback(&it),
            Self::Policy(it) => stages::policy(&it),
            Self::History(it) => history::history(&it),
            Self::Diff(it) => history::diff(&it),
            Self::Stats(it) => history::stats(&it),
            Self::Records(it) => records::records(&it),
            Self::Record(it) => records::record(&it),
            Self::Logs(it) => records::logs(&it),
            Self::Replay(it) => replay::replay(&it),
            Self::Backtest(it) => backtests::backtest(&it),
            Self::Secret(it) => secrets::secret(&it),
            Self::Webhook(it) => webhooks::webhook(&it),
            Self::Erase(it) => secrets::erase(&it),
            Self::Publish(it) => publish::publish(&it),
            Self::Bootstrap(it) => bootstrap::bootstrap(&it),
            Self::Author(it) => authors::author(&it),
            Self::Shop(it) => shops::shop(&it),
            Self::Token(it) => access::token(&it),
            Self::Audit(it) => audit::audit(&it),
            Self::DeadLetters(it) => dead_letters::dead_letters(&it),
        }
    }
}
