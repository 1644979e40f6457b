//! The server: settings, store, middleware. It knows no feature; `app.rs` says which pages there are.

pub mod answer;
pub mod assets;
pub mod certificate;
pub mod changes;
pub mod clients;
pub mod config;
pub mod db;
pub mod disk;
pub mod front;
pub mod handover;
pub mod hash;
pub mod log;
pub mod metrics;
pub mod page_cache;
pub mod router;
pub mod security;
pub mod serve;
pub mod state;
pub mod styles;
pub mod trace;

pub use state::{db, site};
