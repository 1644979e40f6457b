//! Languages: which ones the site speaks, their addresses and direction, and (on the server) every word of the interface.
//!
//! Read `messages.rs` next: it looks words up in `locales/*.ftl`. `formats.rs` writes dates and numbers.

#[cfg(feature = "ssr")]
mod formats;
#[cfg(feature = "ssr")]
mod messages;

#[cfg(feature = "ssr")]
pub use formats::{is_rtl, long_date, long_day, month, number, with_territory, year};
#[cfg(feature = "ssr")]
pub use messages::{Args, load, message, missing};

use serde::{Deserialize, Serialize};
use std::{fmt, sync::OnceLock};

/// A language that the site speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Lang(u8);

/// The languages that the site speaks where no setting says otherwise, by their BCP 47 tags, the default one first.
pub const SHIPPED: [&str; 4] = ["en", "fr", "es", "ar"];

static TAGS: OnceLock<Vec<&'static str>> = OnceLock::new();

/// Sets the languages of the site by their tags, the default one first; once, before anything asks.
#[cfg(feature = "ssr")]
pub fn speak(tags: &[String]) {
    // They live as long as the program. A second call changes nothing.
    TAGS.get_or_init(|| tags.iter().map(|tag| &*tag.clone().leak()).collect());
}

fn tags() -> &'static [&'static str] {
    TAGS.get().map_or(&SHIPPED, Vec::as_slice)
}

impl Lang {
    /// The language of the pages at the root.
    pub const DEFAULT: Lang = Lang(0);

    /// Finds the language with this tag; `None` if the site does not speak it.
    pub fn parse(tag: &str) -> Option<Self> {
        Self::all().find(|lang| lang.tag() == tag)
    }

    /// The language of words that are stored. Where the site no longer speaks it, the default: the words are still words.
    #[cfg(feature = "ssr")]
    pub fn stored(tag: &str) -> Self {
        Self::parse(tag).unwrap_or_default()
    }

    /// All languages of the site, the default one first.
    pub fn all() -> impl Iterator<Item = Lang> {
        (0..tags().len() as u8).map(Lang)
    }

    /// The BCP 47 tag, for `lang` attributes and the store.
    pub fn tag(self) -> &'static str {
        tags()[usize::from(self.0)]
    }

    /// The address in this language of what has `path` in the default one: `/blog/` as `/fr/blog/`.
    pub fn path(self, path: &str) -> String {
        if self == Self::DEFAULT { path.to_owned() } else { format!("/{}{path}", self.tag()) }
    }

    /// Takes an address apart into its language and the path that it has in the default one: the reverse of [`Lang::path`].
    pub fn of_path(path: &str) -> (Self, &str) {
        let named = || {
            let (tag, _) = path.strip_prefix('/')?.split_once('/')?;
            let lang = Self::parse(tag).filter(|lang| *lang != Self::DEFAULT)?;
            Some((lang, &path[1 + tag.len()..]))
        };
        named().unwrap_or((Self::DEFAULT, path))
    }

    /// An address as an editor writes it: a page of the site gets this language, a file or another site stays as it is.
    pub fn link(self, url: &str) -> String {
        let is_here = url.starts_with('/') && !url.starts_with("//");
        let is_file = url.split(['?', '#']).next().unwrap_or(url).rsplit('/').next().unwrap_or("").contains('.');
        if is_here && !is_file && Self::of_path(url).0 == Self::DEFAULT { self.path(url) } else { url.to_owned() }
    }

    /// The writing direction, for `dir` attributes.
    #[cfg(feature = "ssr")]
    pub fn dir(self) -> &'static str {
        if is_rtl(self.tag()) { "rtl" } else { "ltr" }
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

/// How the words that a reader gets stand to their original.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Wording {
    /// They are the original.
    Original,
    /// They are a translation of the original as it is.
    Translated,
    /// They are a translation of an earlier original.
    Stale,
    /// The reader's language has no translation: they are the original in its own.
    Untranslated,
}

#[cfg(test)]
pub mod testing {
    //! The languages by name, for tests.

    use super::Lang;

    /// French.
    pub const FR: Lang = Lang(1);
    /// Spanish.
    pub const ES: Lang = Lang(2);
    /// Arabic, written from right to left.
    pub const AR: Lang = Lang(3);
}

#[cfg(test)]
mod tests {
    use super::{testing::*, *};

    #[test]
    fn the_default_language_is_at_the_root_and_others_below_their_tag() {
        assert_eq!(Lang::DEFAULT.path("/blog/"), "/blog/");
        assert_eq!(FR.path("/blog/"), "/fr/blog/");
        for (path, lang, rest) in [
            ("/blog/", Lang::DEFAULT, "/blog/"),
            ("/fr/blog/", FR, "/blog/"),
            ("/ar/", AR, "/"),
            ("/fr", Lang::DEFAULT, "/fr"),
            ("/en/blog/", Lang::DEFAULT, "/en/blog/"),
            ("/french/", Lang::DEFAULT, "/french/"),
        ] {
            assert_eq!(Lang::of_path(path), (lang, rest), "{path}");
        }
    }

    #[test]
    fn a_link_to_a_page_stays_in_the_readers_language_and_a_file_where_it_is() {
        for (url, link) in [
            ("/blog/", "/fr/blog/"),
            ("/blog/#a.b", "/fr/blog/#a.b"),
            ("/report.pdf", "/report.pdf"),
            ("/es/blog/", "/es/blog/"),
            ("//example.org/", "//example.org/"),
            ("https://example.org/", "https://example.org/"),
            ("#here", "#here"),
        ] {
            assert_eq!(FR.link(url), link);
        }
    }

    #[test]
    fn arabic_is_written_from_right_to_left() {
        assert_eq!((AR.dir(), FR.dir()), ("rtl", "ltr"));
    }
}
