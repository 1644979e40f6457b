//! `GET /cards/<lang>.png`, `GET /cards/<lang>/<slug>.png`: what a link to the site or a post shows elsewhere.

use super::card::{Card, draw};
use crate::{
    error::AppError,
    i18n::{Lang, long_date},
    posts::{Slug, store},
    server::{db, security::SHOWN_ELSEWHERE},
    ui::t,
};
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use bytes::Bytes;
use tokio::sync::Semaphore;

/// The card of the site in a language.
pub async fn of_site(Path(file): Path<String>) -> Result<Response, AppError> {
    let lang = file.strip_suffix(".png").and_then(Lang::parse).ok_or(AppError::NotFound)?;
    answer(lang, t!(lang, "home-title"), String::new()).await
}

/// The card of a post in a language.
pub async fn of_post(Path((lang, file)): Path<(String, String)>) -> Result<Response, AppError> {
    let lang = Lang::parse(&lang).ok_or(AppError::NotFound)?;
    let slug = file.strip_suffix(".png").and_then(|slug| Slug::parse(slug).ok()).ok_or(AppError::NotFound)?;
    let post = store::plain(&db(), lang, &slug).await?.ok_or(AppError::NotFound)?.summary;
    answer(post.lang, post.title, long_date(post.lang, post.published)).await
}

async fn answer(lang: Lang, title: String, note: String) -> Result<Response, AppError> {
    let drawn = drawn(lang, title, note).await?;
    let (shown, elsewhere) = SHOWN_ELSEWHERE;
    let headers = [
        (shown, elsewhere.to_owned()),
        (header::CONTENT_TYPE, "image/png".to_owned()),
        (header::CACHE_CONTROL, "public, max-age=86400".to_owned()),
    ];
    Ok((headers, drawn).into_response())
}

/// Draws on a thread of its own: it is work for the processor, and a panic in it is an error here.
async fn drawn(lang: Lang, title: String, note: String) -> Result<Bytes, AppError> {
    // Each takes some megabytes while it is drawn: two at a time are enough, the others wait.
    static AT_ONCE: Semaphore = Semaphore::const_new(2);
    let _permit = AT_ONCE.acquire().await.map_err(|_| AppError::Unavailable)?;
    let card = move || {
        let (site, is_rtl) = (t!(lang, "site-name"), lang.dir() == "rtl");
        draw(&Card { title: &title, site: &site, lang: lang.tag(), is_rtl, note: &note })
    };
    match tokio::task::spawn_blocking(card).await {
        Ok(Some(png)) => Ok(png.into()),
        failed => {
            tracing::error!(?failed, "a card could not be drawn");
            Err(AppError::Internal)
        }
    }
}
