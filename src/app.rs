//! The site's contents page: every address and what answers there.
//!
//! A page is a handler that calls server functions and puts what they give into a view; `ui/page.rs` makes the document.
//! Routing is axum's: a page then has HTTP's own statuses, redirects and methods, and nothing of a router is sent to the
//! browser. ARCHITECTURE.md has the measured reasons.

use crate::{
    error::AppError,
    home,
    i18n::Lang,
    media, plan, posts,
    server::{router::page, state::Site},
    ui::{page::Page, t, theme},
};
use axum::{
    Router,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use leptos::prelude::*;

/// Every page. The server functions under `/api/` are in the slices' `api.rs`, the browser's files in `server/assets.rs`.
pub fn pages() -> Router<Site> {
    Router::new()
        .merge(page("/", get(home::page::show)))
        .merge(page("/blog/{year}/{month}/{slug}/", get(posts::page::show)))
        .merge(page("/action-plan/", get(plan::page::index)))
        .merge(page("/action-plan/{year}/", get(plan::page::show)))
        .route("/media/{hash}/{file}", get(media::page::show))
        .route("/theme", post(theme::choose))
}

/// The page of a failure: what happened, in words that give nothing away, and a way on.
pub fn error_page(status: StatusCode) -> Response {
    let lang = Lang::DEFAULT;
    let (title, words) = match status {
        StatusCode::NOT_FOUND => (t!(lang, "not-found-title"), t!(lang, "not-found")),
        StatusCode::SERVICE_UNAVAILABLE => (t!(lang, "unavailable-title"), t!(lang, "unavailable")),
        status if status.is_client_error() => (t!(lang, "bad-request-title"), t!(lang, "bad-request")),
        _ => (t!(lang, "internal-title"), t!(lang, "internal")),
    };
    let main = view! {
        <section class="notice">
            <p class="notice-code">{status.as_u16()}</p>
            <h1>{title.clone()}</h1>
            <p>{words}</p>
            <p>
                <a href="/">{t!(lang, "way-home")}</a>
                " · "
                <a href="/action-plan/">{t!(lang, "way-plan")}</a>
            </p>
        </section>
    };
    Page::new(lang, title, "/", main).with_status(status).into_response()
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        error_page(StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }
}
