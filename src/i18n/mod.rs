//! Languages: which ones the site speaks, their direction, and (on the server) every word of the interface.
//!
//! Read `messages.rs` next: it looks words up in `locales/*.ftl`. `dates.rs` writes dates.

#[cfg(feature = "ssr")]
mod dates;
#[cfg(feature = "ssr")]
mod messages;

#[cfg(feature = "ssr")]
pub use dates::{long_date, long_day};
#[cfg(feature = "ssr")]
pub use messages::{Args, message};

use serde::{Deserialize, Serialize};
use std::fmt;

/// A language that the site speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang(u8);

/// The languages of the site by their BCP 47 tags, the default one first.
const TAGS: [&str; 1] = ["en"];

impl Lang {
    /// The language of the pages at the root.
    pub const DEFAULT: Lang = Lang(0);

    /// Finds the language with this tag; `None` if the site does not speak it.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::all().find(|lang| lang.tag() == tag)
    }

    /// All languages of the site, the default one first.
    pub fn all() -> impl Iterator<Item = Lang> {
        (0..TAGS.len() as u8).map(Lang)
    }

    /// The BCP 47 tag, for `lang` attributes and the store.
    pub fn tag(self) -> &'static str {
        TAGS[usize::from(self.0)]
    }

    /// The writing direction, for `dir` attributes.
    pub fn dir(self) -> &'static str {
        match self.tag() {
            "ar" | "fa" | "he" | "ur" => "rtl",
            _ => "ltr",
        }
    }
}

impl Default for Lang {
    fn default() -> Self {
        Self::DEFAULT
    }
}

impl fmt::Display for Lang {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.tag())
    }
}

impl TryFrom<String> for Lang {
    type Error = String;

    fn try_from(tag: String) -> Result<Self, String> {
        Self::parse(&tag).ok_or_else(|| format!("the site does not speak `{tag}`"))
    }
}

impl From<Lang> for String {
    fn from(lang: Lang) -> String {
        lang.tag().to_owned()
    }
}
