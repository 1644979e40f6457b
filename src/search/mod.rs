//! Search: what readers look for, in their language, and where it stands.
//!
//! One analyser is under everything, and one way of asking: they are a crate of their own (`../../search/`), which the server,
//! the pages' module and the service worker share. The server looks words up in `index.rs`, which `follow.rs` keeps up with the
//! store; `store.rs` reads what is indexed, `results.rs` makes of it what is shown, `api.rs` has the server functions, `page.rs`
//! the page, `shared.rs` what other programs share with the site, `island.rs` the suggestions while one types.

pub mod api;
#[cfg(feature = "ssr")]
pub mod follow;
#[cfg(feature = "ssr")]
pub mod index;
pub mod island;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod results;
#[cfg(feature = "ssr")]
pub mod shared;
#[cfg(feature = "ssr")]
pub mod store;

pub use pavise_search::{analyse, fold, passage, query, stem, texts};

use crate::{documents::Kind, i18n::Lang};
use jiff::Timestamp;
use passage::Piece;
use serde::{Deserialize, Serialize};

/// A page of what was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Results {
    /// The texts, the best first.
    pub found: Vec<Found>,
    /// How they were found.
    pub how: How,
    /// Which page it is, from 1.
    pub page: u32,
    /// Whether there is another page.
    pub has_more: bool,
    /// Whether everything was looked through. If not, there was no time, or the index is being made.
    pub is_complete: bool,
}

/// How texts were found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum How {
    /// They have everything that was asked for.
    Asked,
    /// They have what may have been meant, which is this query.
    Respelled(String),
    /// They have a part of it.
    Partly,
}

/// A text that was found.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// Its address.
    pub path: String,
    /// What it is.
    pub subject: Subject,
    /// The language of the title.
    pub lang: Lang,
    /// The title.
    pub title: Vec<Piece>,
    /// The language of the passage.
    pub passage_lang: Lang,
    /// The part of the text that shows best why it was found.
    pub passage: Vec<Piece>,
}

/// What can be found.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Subject {
    /// A post, with when it was published.
    Post(Timestamp),
    /// A topic, an author, a page of the organisation.
    Document(Kind),
    /// A plan.
    Plan,
}

/// A text that a reader may mean while they type.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Suggestion {
    /// Its address.
    pub path: String,
    /// The language of its title.
    pub lang: Lang,
    /// Its title.
    pub title: String,
}
