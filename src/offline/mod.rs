//! Reading without a network: what a reader's browser keeps, and how they see and change it.
//!
//! `worker.js` is a service worker, the reader's own small server. Every page comes from the network first; where that is out of
//! reach, or silent for long, it answers from what it keeps: pages that were visited, pages that the reader saved, and a pack of the
//! latest posts as text (`pack.rs`, `api.rs`). What it shows itself it fills in from the templates of `page.rs`, so that words and
//! markup are the server's; it searches with the crate in `../../search/`. The button to save a page is in `save.rs`, its part in the
//! browser in `island.rs`.
//!
//! The worker asks for nothing that a reader has not asked for but two small things: the page with those templates, and the search.

pub mod api;
pub mod island;
#[cfg(feature = "ssr")]
mod pack;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod save;

use crate::i18n::Lang;
use serde::{Deserialize, Serialize};

/// Where the worker is: at the root, for it sees only what is below.
pub const WORKER: &str = "/sw.js";

/// The latest posts as text, or what is new of them.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pack {
    /// The names of all versions of posts in the pack, the newest post first.
    pub order: Vec<String>,
    /// Those that the reader does not have.
    pub posts: Vec<PackedPost>,
}

/// A post as text. Its name changes with its words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct PackedPost {
    /// The name of this version: 16 hexadecimal digits.
    pub hash: String,
    /// Its address.
    pub path: String,
    /// The language of title and summary, by its tag.
    pub lang: Lang,
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// When it was published, in seconds since 1970.
    pub published: i64,
    /// The language of the body.
    pub body_lang: Lang,
    /// The body as safe HTML, with words in place of its pictures.
    pub html: String,
}

/// The worker's text for this release. `query` has the parts of a query that mean something to a page; `code` has the addresses of
/// this release's script and WebAssembly, that of the search among them, which `glue` loads.
#[cfg(feature = "ssr")]
pub fn worker(release: &str, query: &[&str], code: &[&str], glue: &str) -> String {
    let languages: Vec<_> = Lang::all().map(|lang| lang.path("/").trim_end_matches('/').to_owned()).collect();
    let site = serde_json::json!({ "release": release, "languages": languages, "lang": Lang::DEFAULT.tag(), "query": query, "code": code });
    format!("const SITE = {site};\n{glue}\n{SCRIPT}")
}

/// The worker's own script, the same for every site.
#[cfg(feature = "ssr")]
pub const SCRIPT: &str = include_str!("worker.js");

/// What takes the worker's place where the operator has switched it off.
#[cfg(feature = "ssr")]
pub const RETIRE: &str = include_str!("retire.js");
