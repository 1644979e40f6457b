//! Posts: what the organisation publishes, newest first.
//!
//! This file has the nouns and rules, for both halves. `file.rs` is a post as files in `content/`, `store.rs` what readers get
//! from the database, `write.rs` how posts come in and go out, `related.rs` what belongs together, `api.rs` the server functions;
//! `page.rs`, `list.rs`, `card.rs`, `filter.rs` and `share.rs` are what a reader sees, `island.rs` is in the browser.

pub mod api;
#[cfg(feature = "ssr")]
pub mod card;
#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
mod filter;
pub mod island;
#[cfg(feature = "ssr")]
pub mod list;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod related;
#[cfg(feature = "ssr")]
pub mod share;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod write;

#[cfg(feature = "ssr")]
pub use card::FilteredCards;
#[cfg(feature = "ssr")]
pub use filter::{Filter, PostFilterForm};

use crate::{
    i18n::{Lang, Wording},
    media::Picture,
};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What a list of posts shows of one post.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostSummary {
    /// The language of the words below: the reader's, or the original's where there is no translation.
    pub lang: Lang,
    /// The post's name in its address.
    pub slug: Slug,
    /// The post's name in feeds: the slug that it had first.
    pub uid: Slug,
    /// The headline.
    pub title: String,
    /// One or two sentences for cards and descriptions.
    pub summary: String,
    /// When it was published.
    pub published: Timestamp,
    /// When it was last changed, if it was.
    pub updated: Option<Timestamp>,
    /// The picture beside the headline, if there is one.
    pub picture: Option<Picture>,
    /// Where it stands in a list.
    pub cursor: Cursor,
}

impl PostSummary {
    /// The post's address in the default language: `/blog/2023/03/<slug>/`.
    pub fn path(&self) -> String {
        path(self.published, &self.slug)
    }

    /// When it last changed: when it was published, if it did not change since.
    pub fn changed(&self) -> Timestamp {
        self.updated.unwrap_or(self.published)
    }

    /// The day of its publication, in UTC.
    pub fn day(&self) -> Date {
        TimeZone::UTC.to_datetime(self.published).date()
    }
}

/// The address of a post in the default language.
pub fn path(published: Timestamp, slug: &Slug) -> String {
    let day = TimeZone::UTC.to_datetime(published).date();
    format!("/blog/{:04}/{:02}/{slug}/", day.year(), day.month())
}

/// A post as it is read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Post {
    /// What lists show of it.
    #[serde(flatten)]
    pub summary: PostSummary,
    /// The language of the body.
    pub body_lang: Lang,
    /// The language that it was written in.
    pub original_lang: Lang,
    /// How the words stand to the original.
    pub wording: Wording,
    /// The body as safe HTML, made from its Markdown.
    pub html: String,
    /// The headings of the body.
    pub headings: Vec<Heading>,
    /// How long it takes to read, in minutes.
    pub minutes: u32,
    /// Who wrote it.
    pub author: Option<Named>,
    /// What it is about.
    pub topics: Vec<Named>,
    /// Posts that a reader of this one may want next.
    pub related: Vec<PostSummary>,
    /// The post that was published after this one.
    pub newer: Option<PostSummary>,
    /// The post that was published before this one.
    pub older: Option<PostSummary>,
}

/// A heading within a text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Heading {
    /// 2 to 6.
    pub level: u8,
    /// Its name in the address, after the `#`.
    pub id: String,
    /// Its words.
    pub text: String,
}

/// A page of a list of posts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PostList {
    /// The posts, newest first.
    pub posts: Vec<PostSummary>,
    /// Where newer posts end, if there are any.
    pub newer: Option<Cursor>,
    /// Where older posts begin, if there are any.
    pub older: Option<Cursor>,
}

/// A post that reports on a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The name of the commitment in its plan.
    pub commitment: Slug,
    /// The post.
    pub post: PostSummary,
}

/// A year, 1970 to 9999, or a month of one: `2023`, `2023-03`.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Period {
    /// The year.
    pub year: i16,
    /// The month, 1 to 12.
    pub month: Option<i8>,
}

impl Period {
    /// Reads the year, and the month where there is one, as addresses have them: four digits and two.
    pub fn parse(year: &str, month: Option<&str>) -> Option<Self> {
        let digits = |text: &str, count| text.len() == count && text.bytes().all(|byte| byte.is_ascii_digit());
        let year = year.parse().ok().filter(|it| digits(year, 4) && (1970..=9999).contains(it))?;
        let month = match month {
            Some(text) => Some(text.parse().ok().filter(|it| digits(text, 2) && (1..=12).contains(it))?),
            None => None,
        };
        Some(Self { year, month })
    }

    /// Its address in the default language: `/blog/2023/`, `/blog/2023/03/`.
    pub fn path(self) -> String {
        match self.month {
            Some(month) => format!("/blog/{:04}/{month:02}/", self.year),
            None => format!("/blog/{:04}/", self.year),
        }
    }

    /// Its first second and the first one after it, in UTC.
    pub fn seconds(self) -> (i64, i64) {
        let next = match self.month {
            Some(12) => (self.year + 1, 1),
            Some(month) => (self.year, month + 1),
            None => (self.year + 1, 1),
        };
        let first = |(year, month)| {
            let day = Date::new(year, month, 1).unwrap_or(Date::MAX);
            TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).map_or(i64::MAX, |at| at.as_second())
        };
        (first((self.year, self.month.unwrap_or(1))), first(next))
    }

    /// The year, or the month, in which this second is.
    pub fn holding(second: i64, month: bool) -> Option<Self> {
        let day = TimeZone::UTC.to_datetime(Timestamp::from_second(second).ok()?).date();
        Some(Self { year: day.year(), month: month.then(|| day.month()) })
    }
}

impl fmt::Display for Period {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.month {
            Some(month) => write!(f, "{:04}-{month:02}", self.year),
            None => write!(f, "{:04}", self.year),
        }
    }
}

impl TryFrom<String> for Period {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let (year, month) = text.split_once('-').map_or((text.as_str(), None), |(year, month)| (year, Some(month)));
        Self::parse(year, month).ok_or_else(|| format!("`{text}` is not a year or month: expected 2023 or 2023-03"))
    }
}

impl From<Period> for String {
    fn from(period: Period) -> String {
        period.to_string()
    }
}

/// A topic or an author as a post names it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Named {
    /// The language of the title.
    pub lang: Lang,
    /// Its name in its address.
    pub slug: Slug,
    /// Its title.
    pub title: String,
}

/// A place in a list of posts, as it stands in addresses: `1678752000-7`, the second of publication and the post's number.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Cursor {
    /// Seconds since 1970 in UTC.
    pub published_at: i64,
    /// The number of the post, which decides between posts of the same second.
    pub id: i64,
}

impl fmt::Display for Cursor {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.published_at, self.id)
    }
}

impl TryFrom<String> for Cursor {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let parts = || {
            let (published_at, id) = text.rsplit_once('-')?;
            Some(Self { published_at: published_at.parse().ok()?, id: id.parse().ok()? })
        };
        parts().ok_or_else(|| format!("`{text}` is not a place in a list of posts"))
    }
}

impl From<Cursor> for String {
    fn from(cursor: Cursor) -> String {
        cursor.to_string()
    }
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
        let published = "2023-03-01T00:00:00Z".parse().expect("a timestamp");
        assert_eq!(path(published, &Slug::parse("a-post").expect("a slug")), "/blog/2023/03/a-post/");
    }

    #[test]
    fn a_period_is_a_year_or_a_month() {
        let year = Period::try_from("2023".to_owned()).expect("a year");
        let december = Period::try_from("2023-12".to_owned()).expect("a month");
        assert_eq!((year.path().as_str(), december.path().as_str()), ("/blog/2023/", "/blog/2023/12/"));
        assert_eq!(year.seconds(), (1_672_531_200, 1_704_067_200));
        assert_eq!(december.seconds().1, year.seconds().1);
        assert_eq!(Period::holding(year.seconds().1 - 1, true), Some(december));
        for bad in ["", "23", "+023", "2023-3", "2023-13", "2023-00", "1969", "2023-"] {
            assert!(Period::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn a_cursor_is_what_it_says() {
        let cursor = Cursor { published_at: -5, id: 7 };
        assert_eq!(Cursor::try_from(cursor.to_string()), Ok(cursor));
        for bad in ["", "7", "x-7", "7-x", "1678752000-"] {
            assert!(Cursor::try_from(bad.to_owned()).is_err(), "{bad}");
        }
    }

    #[test]
    fn every_word_of_a_query_must_be_found() {
        assert!(matches("old rules in new regulations", "new old"));
        assert!(matches("old rules in new regulations", "regul"));
        assert!(matches("anything", "  "));
        assert!(!matches("old rules in new regulations", "old phone"));
    }
}
