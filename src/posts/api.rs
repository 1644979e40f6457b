//! Posts for pages, islands and any other client: `GET /api/latest_posts`, `/api/list_posts`, `/api/get_post`,
//! `/api/find_posts`, `/api/list_reports`, `/api/list_periods`.

#![expect(missing_docs, reason = "`#[server]` makes a struct of each function's arguments, which their docs describe")]

#[cfg(feature = "ssr")]
use super::LONGEST_QUERY;
use super::{Cursor, Period, Post, PostList, PostSummary, Report, Slug};
#[cfg(feature = "ssr")]
use super::{store, store::Selection};
#[cfg(feature = "ssr")]
use crate::server::db;
use crate::{error::AppError, i18n::Lang, plan::PlanYear};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The newest posts in `lang` (the site's default where none is given), newest first; at most `limit`, which is 1 to 100.
#[server(prefix = "/api", endpoint = "latest_posts", input = GetUrl)]
pub async fn latest_posts(
    #[server(default)] lang: Lang,
    #[server(default)] limit: Option<u32>,
) -> Result<Vec<PostSummary>, AppError> {
    let limit = page_size(limit)?;
    Ok(store::latest(&db(), lang, limit).await?)
}

/// A page of posts in `lang`, newest first: all, or those about a `topic`, by an `author`, published in a `period` (`2023`
/// or `2023-03`). It begins with the newest, after the post at `before`, or ends before the one at `after`; at most `limit`,
/// 1 to 100.
#[server(prefix = "/api", endpoint = "list_posts", input = GetUrl)]
pub async fn list_posts(
    #[server(default)] lang: Lang,
    #[server(default)] topic: Option<Slug>,
    #[server(default)] author: Option<Slug>,
    #[server(default)] period: Option<Period>,
    #[server(default)] before: Option<Cursor>,
    #[server(default)] after: Option<Cursor>,
    #[server(default)] limit: Option<u32>,
) -> Result<PostList, AppError> {
    let limit = page_size(limit)?;
    let (from, until) = period.map(Period::seconds).unzip();
    // Of two places, one would have to be meant: the way back.
    let before = before.filter(|_| after.is_none());
    let selection = Selection { topic, author, from, until, before, after };
    // One more than is shown tells whether there are more in this direction.
    let mut posts = store::list(&db(), lang, &selection, limit + 1).await?;
    let more = posts.len() > limit as usize;
    if more && after.is_some() {
        posts.remove(0);
    } else if more {
        posts.pop();
    }
    let (has_newer, has_older) = match after {
        Some(_) => (more, true),
        None => (before.is_some(), more),
    };
    let newer = posts.first().filter(|_| has_newer).map(|post| post.cursor);
    let older = posts.last().filter(|_| has_older).map(|post| post.cursor);
    Ok(PostList { posts, newer, older })
}

/// The years that have posts, latest first; or the months of the year `of`.
#[server(prefix = "/api", endpoint = "list_periods", input = GetUrl)]
pub async fn list_periods(#[server(default)] of: Option<Period>) -> Result<Vec<Period>, AppError> {
    let mut periods = store::periods(&db()).await?;
    periods.retain(|period| match of {
        Some(of) => period.year == of.year && period.month.is_some(),
        None => period.month.is_none(),
    });
    periods.sort_unstable_by_key(|period| std::cmp::Reverse((period.year, period.month)));
    Ok(periods)
}

/// The reports of posts on commitments of the plan of `year`, newest first; at most 500.
#[server(prefix = "/api", endpoint = "list_reports", input = GetUrl)]
pub async fn list_reports(#[server(default)] lang: Lang, year: PlanYear) -> Result<Vec<Report>, AppError> {
    let reports = store::reports(&db(), lang, year).await?.into_iter();
    Ok(reports.map(|(commitment, post)| Report { commitment, post }).collect())
}

/// The post with this `slug`; `NotFound` where there is none.
#[server(prefix = "/api", endpoint = "get_post", input = GetUrl)]
pub async fn get_post(#[server(default)] lang: Lang, slug: Slug) -> Result<Post, AppError> {
    store::by_slug(&db(), lang, &slug).await?.ok_or(AppError::NotFound)
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
    Ok(store::find(&db(), lang, &q, limit).await?)
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
