//! Starts `owltype lsp`, which has to be on the path or named in the settings.
use zed_extension_api::{self as zed, settings::LspSettings, Command, LanguageServerId, Result, Worktree};

struct Owltype;

impl zed::Extension for Owltype {
    fn new() -> Self {
        Owltype
    }

    fn language_server_command(&mut self, _: &LanguageServerId, worktree: &Worktree) -> Result<Command> {
        let binary = LspSettings::for_worktree("owltype", worktree).ok().and_then(|settings| settings.binary);
        let path = binary.as_ref().and_then(|binary| binary.path.clone()).or_else(|| worktree.which("owltype"));
        Ok(Command {
            command: path.ok_or("owltype is not on the path: pip install \"owltype[lsp]\"")?,
            args: binary.and_then(|binary| binary.arguments).unwrap_or_else(|| vec!["lsp".into()]),
            env: worktree.shell_env(),
        })
    }
}

zed::register_extension!(Owltype);
