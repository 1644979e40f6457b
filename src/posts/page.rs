//! `GET /blog/<yyyy>/<mm>/<slug>/`: a post.

use super::{Slug, api::get_post};
use crate::{
    error::AppError,
    i18n::Lang,
    ui::{
        page::Page,
        picture::{Loading, PictureView},
        t,
        time::PublishedOn,
    },
};
use axum::{
    extract::Path,
    http::header,
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

/// The post with this slug. A wrong month leads to the right one: the slug says which post is meant.
pub async fn show(Path((year, month, slug)): Path<(String, String, String)>) -> Result<Response, AppError> {
    let slug = Slug::parse(slug).map_err(|_| AppError::NotFound)?;
    let lang = Lang::DEFAULT;
    let post = get_post(lang, slug).await?;
    let path = post.summary.path();
    if path != format!("/blog/{year}/{month}/{}/", post.summary.slug) {
        // Asked about again each time: an editor may move the post back.
        return Ok(([(header::CACHE_CONTROL, "no-cache")], Redirect::permanent(&path)).into_response());
    }
    let summary = post.summary;
    let main = view! {
        <article class="post">
            <header class="post-header">
                <p class="post-date"><PublishedOn lang=lang at=summary.published /></p>
                <h1>{summary.title.clone()}</h1>
                <p class="post-summary">{summary.summary.clone()}</p>
            </header>
            {summary.picture.map(|picture| view! { <PictureView picture=picture loading=Loading::Eager class="post-picture" /> })}
            <div class="prose" inner_html=post.html></div>
            <footer class="post-footer">
                <p><a href="/#latest-posts">{t!(lang, "all-latest-posts")}</a></p>
                <p><a href="/action-plan/">{t!(lang, "way-plan")}</a></p>
            </footer>
        </article>
    };
    Ok(Page::new(lang, summary.title, path, main).describe(summary.summary).into_response())
}
