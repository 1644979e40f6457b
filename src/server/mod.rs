//! The server: settings, store, middleware. It knows no feature; `app.rs` says which pages there are.

pub mod assets;
pub mod conditional;
pub mod config;
pub mod db;
pub mod hash;
pub mod head;
pub mod log;
pub mod router;
pub mod security;
pub mod serve;
pub mod state;

pub use state::{db, site};
