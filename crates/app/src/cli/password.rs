//! A password for a command: from its flag or variable, from stdin, or asked for unseen.

use std::io::{BufRead, IsTerminal};

use clap::Args;

use super::Failure;
use crate::password::{BYTES_MAX, CHARS_MIN};

/// Where a password comes from.
#[derive(Args)]
pub struct PasswordArgs {
    /// The password; better in the variable, where other users of this machine do not see it
    #[arg(long, env = "LOTBOOK_PASSWORD", hide_env_values = true)]
    password: Option<String>,
    /// Read the password from the first line of stdin
    #[arg(long, env = "LOTBOOK_PASSWORD_STDIN", conflicts_with = "password")]
    password_stdin: bool,
}

impl PasswordArgs {
    /// The password; `None` where none was given and nobody can be asked.
    pub fn get(self, name: &str) -> Result<Option<String>, Failure> {
        let password = if let Some(password) = self.password {
            Some(password)
        } else if self.password_stdin {
            let mut line = String::new();
            std::io::stdin().lock().read_line(&mut line)?;
            Some(line.trim_end_matches(['\r', '\n']).to_owned())
        } else if std::io::stdin().is_terminal() && std::io::stderr().is_terminal() {
            Some(ask(name)?)
        } else {
            None
        };
        if let Some(password) = &password {
            check(password)?;
        }
        Ok(password)
    }
}

fn ask(name: &str) -> Result<String, Failure> {
    let password = rpassword::prompt_password(format!("password for {name}: "))?;
    if rpassword::prompt_password("again: ")? != password {
        return Err(Failure("the two passwords are not the same; nothing was changed".to_owned()));
    }
    Ok(password)
}

/// What is wrong with a password.
pub fn check(password: &str) -> Result<(), Failure> {
    if password.is_empty() {
        return Err(Failure("the password is empty".to_owned()));
    }
    if password.len() > BYTES_MAX {
        return Err(Failure(format!("the password has {} bytes; at most {BYTES_MAX} fit", password.len())));
    }
    if password.chars().count() < CHARS_MIN {
        eprintln!("warning: a password of fewer than {CHARS_MIN} characters is soon guessed");
    }
    Ok(())
}
