//! Pavise publishes the site of an organisation that defends the open Internet: one crate, two halves.
//!
//! The server (feature `ssr`) renders whole pages. The browser's half (feature `hydrate`, compiled to WebAssembly) wakes
//! the islands in them and turns links into in-page navigation; a page is complete without it.
//!
//! A tour, in reading order:
//!
//! 1. `app` is the site's contents page: every address with its page, and the shell around each.
//! 2. [`posts`] is a slice with everything that has to do with posts: nouns and rules in `mod.rs`, then `file`, `store`,
//!    [`api`](posts::api), `page`, [`island`](posts::island). [`plan`] has the same shape; `home` and [`media`] are smaller.
//! 3. `content` brings the files of `content/` into the store and writes them out again; `generate` fills it without any.
//! 4. [`browser`] is what runs in the reader's browser and belongs to no slice: the loader, [navigation](browser), the theme.
//! 5. [`offline`] is what a reader keeps for when there is no network, and the service worker that keeps it; [`search`] finds it.
//! 6. [`messages`] is what readers write back.
//! 7. `server` is settings, store engine, finished pages, styles, middleware and the accept loop. [`i18n`] has every word of the interface, `ui` what
//!    all pages share.

#[cfg(feature = "ssr")]
pub mod app;
#[cfg(feature = "ssr")]
pub mod backup;
#[cfg(feature = "bench")]
mod bench;
pub mod browser;
#[cfg(feature = "ssr")]
pub mod content;
pub mod documents;
#[cfg(feature = "ssr")]
pub mod drawing;
pub mod error;
#[cfg(feature = "ssr")]
pub mod feeds;
#[cfg(feature = "ssr")]
pub mod generate;
#[cfg(feature = "ssr")]
pub mod home;
pub mod i18n;
pub mod media;
#[cfg(feature = "ssr")]
pub mod messages;
pub mod offline;
pub mod plan;
pub mod posts;
pub mod search;
#[cfg(feature = "ssr")]
pub mod server;
#[cfg(feature = "ssr")]
pub mod sitemap;
#[cfg(feature = "ssr")]
pub mod styleguide;
#[cfg(feature = "ssr")]
pub mod ui;
#[cfg(feature = "ssr")]
pub mod wellknown;
