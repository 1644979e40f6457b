//! Posts for pages, islands and any other client: `GET /api/latest_posts`, `/api/get_post`, `/api/find_posts`.

#![expect(missing_docs, reason = "`#[server]` makes a struct of each function's arguments, which their docs describe")]

#[cfg(feature = "ssr")]
use super::LONGEST_QUERY;
use super::{Post, PostSummary, Slug};
use crate::{error::AppError, i18n::Lang};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The newest posts in `lang` (the site's default where none is given), newest first; at most `limit`, which is 1 to 100.
#[server(prefix = "/api", endpoint = "latest_posts", input = GetUrl)]
pub async fn latest_posts(
    #[server(default)] lang: Lang,
    #[server(default)] limit: Option<u32>,
) -> Result<Vec<PostSummary>, AppError> {
    let limit = page_size(limit)?;
    Ok(super::store::latest(&crate::server::db(), lang, limit).await?)
}

/// The post with this `slug`; `NotFound` where there is none.
#[server(prefix = "/api", endpoint = "get_post", input = GetUrl)]
pub async fn get_post(#[server(default)] lang: Lang, slug: Slug) -> Result<Post, AppError> {
    super::store::by_slug(&crate::server::db(), lang, &slug).await?.ok_or(AppError::NotFound)
}

/// Those of the 200 newest posts whose title or summary has each word of `q`, newest first; at most `limit`, 1 to 100.
#[server(prefix = "/api", endpoint = "find_posts", input = GetUrl)]
pub async fn find_posts(
    #[server(default)] lang: Lang,
    q: String,
    #[server(default)] limit: Option<u32>,
) -> Result<Vec<PostSummary>, AppError> {
    let limit = page_size(limit)?;
    if q.chars().count() > LONGEST_QUERY {
        return Err(AppError::BadRequest(format!("`q` is longer than {LONGEST_QUERY} characters")));
    }
    Ok(super::store::find(&crate::server::db(), lang, &q, limit).await?)
}

/// How many posts a list has where the client does not say.
pub const DEFAULT_LIMIT: u32 = 8;

#[cfg(feature = "ssr")]
fn page_size(limit: Option<u32>) -> Result<u32, AppError> {
    match limit.unwrap_or(DEFAULT_LIMIT) {
        limit @ 1..=100 => Ok(limit),
        _ => Err(AppError::BadRequest("`limit` must be 1 to 100".into())),
    }
}
