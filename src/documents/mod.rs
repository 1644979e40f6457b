//! Topics, authors and the organisation's own pages: a title, a summary, perhaps a text.
//!
//! Nouns here, for both halves. `file.rs` is a document as files in `content/`, `store.rs` its SQL, `api.rs` the server
//! functions, `page.rs` what a reader sees.

pub mod api;
#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod store;

use crate::{
    i18n::{Lang, Wording},
    posts::Slug,
};
use serde::{Deserialize, Serialize};

/// What a document is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Kind {
    /// What posts are about.
    Topic,
    /// A desk or team that writes posts.
    Author,
    /// A page of the organisation itself.
    Page,
}

impl Kind {
    /// All kinds, in the order in which they are imported.
    pub const ALL: [Self; 3] = [Self::Topic, Self::Author, Self::Page];

    /// The name of its folder in `content/` and in the store.
    pub fn name(self) -> &'static str {
        match self {
            Self::Topic => "topics",
            Self::Author => "authors",
            Self::Page => "pages",
        }
    }

    /// The address of the document with this slug in the default language.
    pub fn path(self, slug: &Slug) -> String {
        match self {
            Self::Page => format!("/{slug}/"),
            Self::Topic | Self::Author => format!("/{}/{slug}/", self.name()),
        }
    }
}

/// A document as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Document {
    /// What it is.
    pub kind: Kind,
    /// Its name in its address.
    pub slug: Slug,
    /// The language of title and summary: the reader's, or the original's where there is no translation.
    pub lang: Lang,
    /// The language of the text.
    pub body_lang: Lang,
    /// The language that it was written in.
    pub original_lang: Lang,
    /// How the words stand to the original.
    pub wording: Wording,
    /// Its title.
    pub title: String,
    /// One or two sentences about it.
    pub summary: String,
    /// The text as safe HTML; empty where there is none.
    pub html: String,
}

impl Document {
    /// Its address in the default language.
    pub fn path(&self) -> String {
        self.kind.path(&self.slug)
    }
}
