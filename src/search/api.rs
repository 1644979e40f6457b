//! Search for pages, the island and any other client: `GET /api/search`, `/api/suggest`.

#![expect(missing_docs, reason = "`#[server]` makes a struct of each function's arguments, which their docs describe")]

use super::{Results, Suggestion};
#[cfg(feature = "ssr")]
use super::{index::Narrow, results};
use crate::{
    error::AppError,
    i18n::Lang,
    posts::{Period, Slug},
};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// How many pages of results there are: who has read so far asks otherwise.
pub const PAGES: u32 = 10;

/// What has the words of `q`, for a reader of `lang`, the best first: `page`, 1 to 10, of ten each. All that is published, or
/// posts about a `topic`, by an `author`, published in a `year`; or what there is in a `language`.
#[server(prefix = "/api", endpoint = "search", input = GetUrl)]
pub async fn search(
    #[server(default)] lang: Lang,
    q: String,
    #[server(default)] topic: Option<Slug>,
    #[server(default)] author: Option<Slug>,
    #[server(default)] year: Option<Period>,
    #[server(default)] language: Option<Lang>,
    #[server(default)] page: Option<u32>,
) -> Result<Results, AppError> {
    let page = page.unwrap_or(1);
    if !(1..=PAGES).contains(&page) {
        return Err(AppError::BadRequest(format!("`page` must be 1 to {PAGES}")));
    }
    let narrow = Narrow {
        topic: topic.map(|topic| topic.to_string()),
        author: author.map(|author| author.to_string()),
        period: year.map(Period::seconds),
        lang: language,
    };
    results::of(lang, &q, narrow, page).await
}

/// The titles of what may be meant by `q`, which a reader of `lang` is still typing, the best first; at most eight.
#[server(prefix = "/api", endpoint = "suggest", input = GetUrl)]
pub async fn suggest(#[server(default)] lang: Lang, q: String) -> Result<Vec<Suggestion>, AppError> {
    results::suggestions(lang, &q).await
}
