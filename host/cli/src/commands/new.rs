use crate::complaint::Exit;
#[derive(clap::Args)]
pub struct New {}
pub fn new(_: &New) -> anyhow::Result<Exit> { Ok(Exit::Done) }
