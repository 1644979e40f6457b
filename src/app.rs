//! The site's contents page: every address and what answers there.
//!
//! A page is a handler that calls server functions and puts what they give into a view; `ui/page.rs` makes the document.
//! Routing is axum's: a page then has HTTP's own statuses, redirects and methods, and nothing of a router is sent to the
//! browser. ARCHITECTURE.md has the measured reasons.

use crate::{
    documents, drawing,
    error::AppError,
    feeds, home,
    i18n::Lang,
    media, messages, offline, plan, posts, search,
    server::{router::page, state::Site},
    sitemap, styleguide,
    ui::{little_data, page::Page, shield::BROKEN, t, theme},
    wellknown,
};
use axum::{
    Router,
    extract::DefaultBodyLimit,
    http::StatusCode,
    response::{IntoResponse, Response},
    routing::{get, post},
};
use leptos::prelude::*;

/// Every page and feed. The server functions under `/api/` are in the slices' `api.rs`, the browser's files in
/// `server/assets.rs`.
pub fn pages() -> Router<Site> {
    let everywhere = Router::new()
        .route("/sitemap.xml", get(sitemap::index))
        .route("/sitemaps/{file}", get(sitemap::shard))
        .route("/robots.txt", get(wellknown::robots))
        .route("/.well-known/security.txt", get(wellknown::security))
        .route("/media/{hash}/{file}", get(media::page::show))
        .route("/cards/{file}", get(drawing::page::of_site))
        .route("/cards/{lang}/{file}", get(drawing::page::of_post))
        .route("/theme", post(theme::choose))
        .route("/data", post(little_data::choose));
    #[cfg(feature = "bench")]
    let everywhere = everywhere.merge(crate::bench::pages());
    Lang::all().fold(everywhere, |router, lang| router.merge(pages_in(lang)))
}

/// The pages of one language: the default one's at the root, the others' below their tags. Each handler takes the language
/// from the address.
fn pages_in(lang: Lang) -> Router<Site> {
    let at = |path: &str| lang.path(path);
    let sent_message = post(messages::page::send).layer(DefaultBodyLimit::max(messages::page::LARGEST));
    Router::new()
        .merge(page(&at("/"), get(home::page::show)))
        .merge(page(&at("/blog/"), get(posts::list::blog)))
        .merge(page(&at("/blog/{year}/"), get(posts::list::year)))
        .merge(page(&at("/blog/{year}/{month}/"), get(posts::list::of_month)))
        .route(&at("/blog/{year}/{month}/{slug}/"), get(posts::page::show))
        .route(&at("/blog/{year}/{month}/{slug}"), get(posts::page::plain))
        .merge(page(&at("/topics/"), get(documents::page::topics)))
        .merge(page(&at("/topics/{slug}/"), get(documents::page::topic)))
        .merge(page(&at("/tag/{slug}/"), get(documents::page::topic_elsewhere)))
        .merge(page(&at("/category/{slug}/"), get(documents::page::topic_elsewhere)))
        .merge(page(&at("/authors/"), get(documents::page::authors)))
        .merge(page(&at("/authors/{slug}/"), get(documents::page::author)))
        .merge(page(&at("/action-plan/"), get(plan::page::index)))
        .route(&at("/action-plan/{year}/"), get(plan::page::show))
        .route(&at("/action-plan/{year}"), get(plan::page::plain))
        .merge(feeds::routes(&at("/")))
        .merge(feeds::routes(&at("/topics/{slug}/")))
        .merge(feeds::routes(&at("/authors/{slug}/")))
        .merge(page(&at("/search/"), get(search::page::show)))
        .route(&at("/search/shared/"), get(search::shared::lead))
        .merge(page(&at("/offline/"), get(offline::page::show)))
        .merge(page(&at("/message/"), get(messages::page::show).merge(sent_message)))
        .merge(page(&at("/message/sent/"), get(messages::page::sent)))
        .merge(page(&at("/styleguide/"), get(styleguide::show)))
        .route(&at("/feeds.opml"), get(feeds::opml))
        .route(&at("/manifest.webmanifest"), get(wellknown::manifest))
        .route(&at("/{slug}/"), get(documents::page::page))
}

/// The page of a failure: what happened, in words that give nothing away, and a way on.
pub fn error_page(status: StatusCode) -> Response {
    let lang = use_context::<Lang>().unwrap_or_default();
    let (title, words) = words_of(lang, status);
    let main = view! {
        <section class="notice">
            <div class="notice-shield" aria-hidden="true" inner_html=BROKEN.as_str()></div>
            <div class="notice-words">
                <p class="notice-code">{status.as_u16()}</p>
                <h1>{title.clone()}</h1>
                <p>{words}</p>
                <p>
                    <a href=lang.path("/")>{t!(lang, "way-home")}</a>
                    " · "
                    <a href=lang.path("/blog/")>{t!(lang, "all-posts")}</a>
                    " · "
                    <a href=lang.path("/action-plan/")>{t!(lang, "way-plan")}</a>
                    " · "
                    <a href=lang.path("/search/")>{t!(lang, "search-title")}</a>
                </p>
            </div>
        </section>
    };
    Page::new(lang, title, "/", main).with_status(status).into_response()
}

/// What happened, for a person: a title and a sentence.
fn words_of(lang: Lang, status: StatusCode) -> (String, String) {
    match status {
        StatusCode::NOT_FOUND => (t!(lang, "not-found-title"), t!(lang, "not-found")),
        StatusCode::GONE => (t!(lang, "gone-title"), t!(lang, "gone")),
        StatusCode::SERVICE_UNAVAILABLE => (t!(lang, "unavailable-title"), t!(lang, "unavailable")),
        StatusCode::TOO_MANY_REQUESTS => (t!(lang, "too-many-title"), t!(lang, "too-many")),
        status if status.is_client_error() => (t!(lang, "bad-request-title"), t!(lang, "bad-request")),
        _ => (t!(lang, "internal-title"), t!(lang, "internal")),
    }
}

/// The page of a failure in a few bytes, which cost next to nothing to make.
pub fn brief_error_page(lang: Lang, status: StatusCode) -> String {
    let (title, words) = words_of(lang, status);
    format!(
        r#"<!DOCTYPE html><html lang="{}" dir="{}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width,initial-scale=1"><meta name="robots" content="noindex"><meta name="color-scheme" content="light dark"><title>{title}</title></head><body><main><h1>{title}</h1><p>{words}</p></main></body></html>"#,
        lang.tag(),
        lang.dir(),
    )
}

/// A failure for a program: `Method Not Allowed` as `{"error":"method_not_allowed"}`.
pub fn error_json(status: StatusCode) -> String {
    let name = status.canonical_reason().unwrap_or("error").to_ascii_lowercase().replace(' ', "_");
    format!(r#"{{"error":"{name}"}}"#)
}

impl IntoResponse for AppError {
    fn into_response(self) -> Response {
        error_page(StatusCode::from_u16(self.status()).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR))
    }
}
