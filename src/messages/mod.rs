//! What readers write to the organisation: a form, and the messages that came in, which `pavise messages` shows.
//!
//! A message is stored once, however often it is sent: its name is made from what it says, so that an answer that was lost on its way
//! or a second press does no harm (`../offline/worker.js` keeps a message until it has the answer).

pub mod page;
pub mod store;

use crate::{i18n::Lang, server::hash};
use jiff::Timestamp;
use serde::Deserialize;
use std::fmt;

/// How many characters a message may have.
pub const LONGEST: usize = 5_000;

/// How many bytes an address has at most (RFC 5321, 4.5.3.1.3).
const LONGEST_REPLY_TO: usize = 254;

/// How many characters of an address of a page are kept.
const LONGEST_ABOUT: usize = 500;

/// What the form sends.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub struct Written {
    message: String,
    reply_to: String,
    about: String,
    /// A field that no person sees.
    homepage: String,
}

/// What is wrong with what was written.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mistake {
    /// There are no words.
    Empty,
    /// There are more than [`LONGEST`] characters.
    Long,
    /// Answers are wanted at what is no address.
    NoAddress,
    /// A program filled in what no person sees.
    Trapped,
}

/// A message from a reader.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Message {
    /// The same for the same message: 16 hexadecimal digits.
    pub name: String,
    /// The words.
    pub message: String,
    /// The e-mail address for an answer, if one is wanted.
    pub reply_to: Option<String>,
    /// The page that it is about, as the reader gave it.
    pub about: Option<String>,
    /// The language of the page on which it was written.
    pub lang: Lang,
    /// When it came in.
    pub received: Timestamp,
}

impl Written {
    /// The message, if nothing is wrong with it.
    pub fn message(&self, lang: Lang, received: Timestamp) -> Result<Message, Mistake> {
        if !self.homepage.is_empty() {
            return Err(Mistake::Trapped);
        }
        let message = plain(&self.message);
        let (reply_to, about) = (line(&self.reply_to), line(&self.about));
        if message.is_empty() {
            return Err(Mistake::Empty);
        }
        if message.chars().count() > LONGEST {
            return Err(Mistake::Long);
        }
        if !reply_to.is_empty() && !is_address(&reply_to) {
            return Err(Mistake::NoAddress);
        }
        let name = [message.as_str(), &reply_to, &about].join("\0");
        let some = |text: String| (!text.is_empty()).then_some(text);
        Ok(Message {
            name: hash::hex(name.as_bytes(), 8),
            message,
            reply_to: some(reply_to),
            about: some(about.chars().take(LONGEST_ABOUT).collect()),
            lang,
            received,
        })
    }
}

/// The words without what is no text: a terminal obeys control characters, PostgreSQL has no NUL.
fn plain(text: &str) -> String {
    let lines = text.replace("\r\n", "\n");
    lines.chars().filter(|it| !it.is_control() || matches!(it, '\n' | '\t')).collect::<String>().trim().to_owned()
}

fn line(text: &str) -> String {
    plain(text).replace('\n', " ")
}

/// Whether a mail could go there, as far as one can tell without sending it.
fn is_address(text: &str) -> bool {
    let parts = text.rsplit_once('@');
    let is_whole = parts.is_some_and(|(name, host)| !name.is_empty() && !host.is_empty());
    is_whole && text.len() <= LONGEST_REPLY_TO && !text.contains(char::is_whitespace)
}

/// As an operator reads it in a terminal.
impl fmt::Display for Message {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        writeln!(out, "{} · {} · {}", self.name, self.received, self.lang)?;
        for (what, value) in [("answer to", &self.reply_to), ("about", &self.about)] {
            if let Some(value) = value {
                writeln!(out, "{what}: {value}")?;
            }
        }
        for line in self.message.lines() {
            writeln!(out, "    {line}")?;
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(message: &str, reply_to: &str) -> Written {
        Written { message: message.into(), reply_to: reply_to.into(), ..Written::default() }
    }

    fn message(written: &Written) -> Result<Message, Mistake> {
        written.message(Lang::DEFAULT, Timestamp::UNIX_EPOCH)
    }

    #[test]
    fn what_is_written_is_kept_without_what_is_no_text() {
        let kept = message(&written(" a\r\nb\0\u{1b}[31m\tc \n", " a@b.org\n")).expect("a message");
        assert_eq!(kept.message, "a\nb[31m\tc");
        assert_eq!((kept.reply_to.as_deref(), kept.about), (Some("a@b.org"), None));
    }

    #[test]
    fn mistakes_are_told_apart() {
        assert_eq!(message(&written(" \n\0", "")), Err(Mistake::Empty));
        assert!(message(&written(&"ä".repeat(LONGEST), "")).is_ok());
        assert_eq!(message(&written(&"ä".repeat(LONGEST + 1), "")), Err(Mistake::Long));
        for address in ["a", "a@", "@b.org", "a b@c.org", &format!("{}@b.org", "a".repeat(250))] {
            assert_eq!(message(&written("a", address)), Err(Mistake::NoAddress), "{address}");
        }
        let trapped = Written { homepage: "https://example.org".into(), ..written("a", "") };
        assert_eq!(message(&trapped), Err(Mistake::Trapped));
    }

    #[test]
    fn the_same_message_has_the_same_name() {
        let name = |text, reply_to| message(&written(text, reply_to)).expect("a message").name;
        assert_eq!(name("a", ""), name(" a\r\n", ""));
        assert_ne!(name("a", ""), name("b", ""));
        assert_ne!(name("a", ""), name("a", "a@example.org"), "the answer goes elsewhere");
    }
}
