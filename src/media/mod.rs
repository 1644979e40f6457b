//! Pictures: what a page says of one, for both halves. `file.rs` reads and checks one, `store.rs` keeps it, `page.rs` serves it.

#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod store;

use serde::{Deserialize, Serialize};

/// A picture as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The name of its bytes: 16 hexadecimal digits.
    pub hash: String,
    /// The file name that the editor gave it.
    pub file: String,
    /// What it says to a reader who does not see it.
    pub alt: Alt,
    /// The width in CSS pixels.
    pub width: i32,
    /// The height in CSS pixels.
    pub height: i32,
}

impl Picture {
    /// The address of the picture's bytes; another picture has another address.
    pub fn path(&self) -> String {
        format!("/media/{}/{}", self.hash, self.file)
    }
}

/// What a picture says to a reader who does not see it: never left open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alt {
    /// What the picture shows.
    Text(String),
    /// Nothing that the words beside it do not say.
    Decorative,
}

impl Alt {
    /// The form in front matter: `decorative`, or the text itself; `None` where it is empty.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "" => None,
            "decorative" => Some(Self::Decorative),
            text => Some(Self::Text(text.to_owned())),
        }
    }

    /// The form in the database, where no text means decorative.
    pub fn stored(text: Option<String>) -> Self {
        text.map_or(Self::Decorative, Self::Text)
    }

    /// The text, unless the picture is decorative.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Decorative => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_without_words_must_say_so() {
        assert_eq!(Alt::parse("a flag"), Some(Alt::Text("a flag".into())));
        assert_eq!(Alt::parse(" decorative "), Some(Alt::Decorative));
        assert_eq!(Alt::parse("  "), None);
    }
}
