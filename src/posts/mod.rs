//! Posts: what the organisation publishes, newest first.
//!
//! This file has the nouns and rules, for both halves. `file.rs` is a post as a file in `content/`, `store.rs` its SQL,
//! `api.rs` the server functions, `page.rs` and `card.rs` what a reader sees, `island.rs` the filter in the browser.

pub mod api;
#[cfg(feature = "ssr")]
mod card;
#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
mod filter;
pub mod island;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod store;

#[cfg(feature = "ssr")]
pub use card::PostCards;
#[cfg(feature = "ssr")]
pub use filter::{Filter, PostFilterForm};

use crate::{i18n::Lang, media::Picture};
use jiff::{Timestamp, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a list of posts shows of one post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostSummary {
    /// The language of the words below.
    pub lang: Lang,
    /// The post's name in its address.
    pub slug: Slug,
    /// The headline.
    pub title: String,
    /// One or two sentences for cards and descriptions.
    pub summary: String,
    /// When it was published.
    pub published: Timestamp,
    /// The picture beside the headline, if there is one.
    pub picture: Option<Picture>,
}

impl PostSummary {
    /// The post's address on this site: `/blog/2023/03/<slug>/`.
    pub fn path(&self) -> String {
        let day = TimeZone::UTC.to_datetime(self.published).date();
        format!("/blog/{:04}/{:02}/{}/", day.year(), day.month(), self.slug)
    }
}

/// A post as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: PostSummary,
    /// The body as safe HTML, made from its Markdown.
    pub html: String,
}

/// The name of a thing in its address: lower-case letters, digits and single hyphens between them.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Slug(String);

impl Slug {
    /// The longest slug in bytes; longer ones break links in mail.
    pub const MAX: usize = 120;

    /// Takes `text` as it stands, or says what a slug looks like.
    pub fn parse(text: impl Into<String>) -> Result<Self, InvalidSlug> {
        let text = text.into();
        let word = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_lowercase() || b.is_ascii_digit());
        if text.len() <= Self::MAX && text.split('-').all(word) { Ok(Self(text)) } else { Err(InvalidSlug(text)) }
    }

    /// The slug as text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Slug {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl TryFrom<String> for Slug {
    type Error = InvalidSlug;

    fn try_from(text: String) -> Result<Self, InvalidSlug> {
        Self::parse(text)
    }
}

impl From<Slug> for String {
    fn from(slug: Slug) -> String {
        slug.0
    }
}

/// The text is not a slug.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{0}` is not a slug: use lower-case letters, digits and single hyphens, at most 120 characters")]
pub struct InvalidSlug(String);

/// The longest query of the filter, in characters: more does not narrow further.
pub const LONGEST_QUERY: usize = 100;

/// Whether each word of `query` stands somewhere in `text`. Both are given folded (case and accents taken off).
///
/// The one rule of the filter, for the server's answer and for the browser's.
pub fn matches(text: &str, query: &str) -> bool {
    query.split_whitespace().all(|word| text.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_slug_is_lower_case_words_joined_by_hyphens() {
        for good in ["a", "2023", "we-testified", "sender-pays-2"] {
            assert!(Slug::parse(good).is_ok(), "{good}");
        }
        for bad in ["", "-", "a-", "-a", "a--b", "Über", "A", "a b", "a/b", "..", "a.b", "a\0", &"a".repeat(121)] {
            assert!(Slug::parse(bad).is_err(), "{bad}");
        }
    }

    #[test]
    fn the_address_of_a_post_has_the_month_of_its_publication() {
        let post = PostSummary {
            lang: Lang::DEFAULT,
            slug: Slug::parse("a-post").expect("a slug"),
            title: "A post".into(),
            summary: "About it.".into(),
            published: "2023-03-01T00:00:00Z".parse().expect("a timestamp"),
            picture: None,
        };
        assert_eq!(post.path(), "/blog/2023/03/a-post/");
    }

    #[test]
    fn every_word_of_a_query_must_be_found() {
        assert!(matches("old rules in new regulations", "new old"));
        assert!(matches("old rules in new regulations", "regul"));
        assert!(matches("anything", "  "));
        assert!(!matches("old rules in new regulations", "old phone"));
    }
}
