//! Search, as far as it does not matter who searches: words, their forms, queries, and an index of a few texts.
//!
//! `fold.rs` makes letters comparable, `analyse.rs` takes a text apart into words, `stem.rs` takes off their endings, `query.rs`
//! is what a reader asks and how it is answered, `passage.rs` what is shown of a text, `texts.rs` an index in memory. The server
//! has a larger index of its own; `worker.rs` searches in the browser what is kept there.

pub mod analyse;
pub mod fold;
pub mod passage;
pub mod query;
pub mod stem;
pub mod texts;
#[cfg(feature = "worker")]
pub mod worker;
