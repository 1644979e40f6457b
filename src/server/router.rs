//! From a request that no finished page answers to a handler and back: the layers that its answer passes, outermost last.

use super::{changes::Shows, metrics::Route, security, state::Site};
use crate::{
    app, documents,
    error::AppError,
    i18n::Lang,
    posts::{
        Slug,
        store::{self as posts, Moved},
    },
    ui::{
        little_data::DataUse,
        page::{finish, is_page},
        plain::text_path,
        theme::Theme,
    },
};
use axum::{
    Router,
    body::HttpBody,
    extract::{FromRequestParts, MatchedPath, Request, State},
    http::{HeaderName, HeaderValue, Method, StatusCode, Uri, header, request::Parts},
    middleware::{self, Next},
    response::{Html, IntoResponse, Redirect, Response},
    routing::{MethodFilter, MethodRouter, get, on},
};
use leptos::{
    prelude::{Owner, provide_context},
    reactive::computed::ScopedFuture,
    server_fn::axum::server_fn_paths,
};
use percent_encoding::percent_decode_str;
use std::{
    any::Any,
    sync::{Arc, atomic::Ordering},
};
use tower_http::{
    catch_panic::CatchPanicLayer,
    compression::{
        CompressionLayer, CompressionLevel,
        predicate::{DefaultPredicate, Predicate},
    },
    csrf::CsrfLayer,
};

/// When a store that cannot be reached is worth another try, in seconds.
const SOON: HeaderValue = HeaderValue::from_static("5");

/// An answer of this moment, not to be kept.
pub(crate) const MOMENTARY: [(HeaderName, &str); 1] = [(header::CACHE_CONTROL, "no-store")];

/// Everything that the site answers, but for the browser's files.
pub fn router(site: Site) -> Router {
    // Behind a proxy the Host header may be the machine's own; readers' forms come from the address they know.
    let csrf = CsrfLayer::new();
    let csrf = csrf.clone().add_trusted_origin(&site.settings.base_url).unwrap_or(csrf);
    // What is whole is compressed once, with its other forms (answer.rs); what is streamed, on its way, and by gzip: the others
    // take megabytes for each stream.
    let streamed = DefaultPredicate::new().and(IsStreamed);
    let compression = CompressionLayer::new().quality(CompressionLevel::Precise(5)).compress_when(streamed);
    app::pages()
        .merge(api())
        .route("/healthz", get(|| async { (MOMENTARY, "ok\n") }))
        .route("/readyz", get(ready))
        .fallback(asset)
        .with_state(site.clone())
        .layer(CatchPanicLayer::new())
        .layer(csrf)
        .layer(middleware::from_fn_with_state(site.clone(), moved))
        .layer(middleware::from_fn(explain))
        .layer(middleware::from_fn_with_state(site.clone(), finish))
        .layer(middleware::from_fn_with_state(site.clone(), scope))
        .layer(CatchPanicLayer::custom(broken))
        .layer(compression)
        .layer(middleware::from_fn_with_state(site, security::headers))
}

/// The answer where even the page of a failure cannot be made. The log has the cause.
fn broken(_: Box<dyn Any + Send>) -> Response {
    let failed = StatusCode::INTERNAL_SERVER_ERROR;
    (failed, MOMENTARY, Html(app::brief_error_page(Lang::DEFAULT, failed))).into_response()
}

/// A page at `path`, which ends in a slash; without the slash, readers are sent there for good.
pub fn page(path: &str, handler: MethodRouter<Site>) -> Router<Site> {
    let router = Router::new().route(path, handler);
    match path.strip_suffix('/') {
        Some(bare) if !bare.is_empty() => router.route(bare, get(add_slash)),
        _ => router,
    }
}

/// Leads to the same address with a slash at its end, for good.
pub async fn add_slash(uri: Uri) -> Redirect {
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    Redirect::permanent(&format!("{}/{query}", uri.path()))
}

/// The server functions, each at its own address, so that unknown ones and wrong methods are told apart.
fn api() -> Router<Site> {
    // Else the page of that name would be looked for.
    let router = Router::new().route("/api/", get(|| async { StatusCode::NOT_FOUND }));
    server_fn_paths().fold(router, |router, (path, method)| {
        let filter = MethodFilter::try_from(method).unwrap_or(MethodFilter::POST);
        router.route(path, on(filter, server_function))
    })
}

async fn server_function(mut request: Request) -> Response {
    // A server function takes a browser's request for a form's and redirects it; these answer with what was asked for.
    request.headers_mut().remove(header::REFERER);
    request.headers_mut().insert(header::ACCEPT, HeaderValue::from_static("application/json"));
    let mut response = leptos_axum::handle_server_fns(request).await.into_response();
    if response.status().is_success() {
        response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("public, no-cache"));
    }
    response
}

/// Whether this machine should get readers: its store answers, its tables are this program's, and it is not about to end.
async fn ready(State(site): State<Site>) -> Response {
    let not = |why: &'static str| (StatusCode::SERVICE_UNAVAILABLE, MOMENTARY, why).into_response();
    let has_store = site.db.is_ready().await;
    // Read last: it may have been told to end meanwhile.
    if site.is_ending.load(Ordering::Relaxed) {
        not("the program is ending\n")
    } else if !has_store {
        not("the store cannot be reached, or its tables are older than this program\n")
    } else {
        (MOMENTARY, "ready\n").into_response()
    }
}

/// What no route knows: nothing, or one of the browser's files by another method than GET.
async fn asset(State(site): State<Site>, request: Request) -> Response {
    let path = request.uri().path();
    if let Some(response) = site.assets.watched(path) {
        response
    } else if site.assets.get(path).is_some() {
        (StatusCode::METHOD_NOT_ALLOWED, [(header::ALLOW, "GET, HEAD")]).into_response()
    } else {
        StatusCode::NOT_FOUND.into_response()
    }
}

/// Answers whose length is not known when they begin.
#[derive(Clone)]
struct IsStreamed;

impl Predicate for IsStreamed {
    fn should_compress<B: HttpBody>(&self, response: &http::Response<B>) -> bool {
        response.body().size_hint().exact().is_none()
    }
}

/// Runs a request within a reactive owner of its own, as Leptos needs it to render and to call server functions.
async fn scope(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (theme, data) = (Theme::of(request.headers()), DataUse::of(request.headers()));
    let (lang, _) = Lang::of_path(request.uri().path());
    let shows = Shows::default();
    let route = request.extensions().get::<MatchedPath>().cloned().map(Route::Known);
    let owner = islands_owner();
    let mut response = owner
        .with(|| {
            provide_context(site);
            provide_context(theme);
            provide_context(data);
            provide_context(lang);
            provide_context(shows.clone());
            ScopedFuture::new_untracked(next.run(request))
        })
        .await;
    owner.unset_with_forced_cleanup();
    response.extensions_mut().insert(shows);
    if let Some(route) = route {
        response.extensions_mut().insert(route);
    }
    response
}

impl<S: Sync> FromRequestParts<S> for Lang {
    type Rejection = std::convert::Infallible;

    /// The language that the address says.
    async fn from_request_parts(parts: &mut Parts, _: &S) -> Result<Self, Self::Rejection> {
        Ok(Self::of_path(parts.uri.path()).0)
    }
}

/// Where nothing is found, looks whether a post was there once: it leads to where the post is now, or says that it was
/// removed. A page of the organisation whose address lacks its slash is found here as well.
async fn moved(State(site): State<Site>, request: Request, next: Next) -> Response {
    let (method, uri) = (request.method().clone(), request.uri().clone());
    let response = next.run(request).await;
    if response.status() != StatusCode::NOT_FOUND || method != Method::GET || uri.path().starts_with("/api/") {
        return response;
    }
    match now_at(&site, uri.path()).await {
        Ok(Some(Moved::To(to))) => {
            let headers = [(header::LOCATION, to), (header::CACHE_CONTROL, "no-cache".to_owned())];
            (StatusCode::MOVED_PERMANENTLY, headers).into_response()
        }
        Ok(Some(Moved::Removed)) => app::error_page(StatusCode::GONE),
        Ok(None) => match is_page_without_slash(&site, uri.path()).await {
            Ok(true) => add_slash(uri).await.into_response(),
            Ok(false) => response,
            Err(error) => AppError::from(error).into_response(),
        },
        Err(error) => AppError::from(error).into_response(),
    }
}

/// What became of the post that once had this address, which may name a language or the words alone: so does where it is now.
async fn now_at(site: &Site, path: &str) -> sqlx::Result<Option<Moved>> {
    let decoded = percent_decode_str(path).decode_utf8_lossy();
    let (lang, rest) = Lang::of_path(&decoded);
    // An editor may have named the address as browsers send it, as people read it, with a language or an end of its own; else
    // language and end are looked away from.
    let mut forms = vec![(path.to_owned(), false), (decoded.to_string(), false), (rest.to_owned(), false)];
    forms.dedup();
    forms.extend(rest.strip_suffix(".txt").map(|stem| (format!("{stem}/"), true)));
    for (form, is_text) in forms {
        match posts::moved(&site.db, &form).await? {
            Some(Moved::To(to)) => {
                let to = if is_text { text_path(&to) } else { to };
                return Ok(Some(Moved::To(lang.path(&to))));
            }
            Some(Moved::Removed) => return Ok(Some(Moved::Removed)),
            None => {}
        }
    }
    Ok(None)
}

async fn is_page_without_slash(site: &Site, path: &str) -> sqlx::Result<bool> {
    let (_, path) = Lang::of_path(path);
    let slug = path.strip_prefix('/').and_then(|slug| Slug::parse(slug).ok());
    let Some(slug) = slug else { return Ok(false) };
    let page = documents::store::by_slug(&site.db, Lang::DEFAULT, documents::Kind::Page, &slug).await?;
    Ok(page.is_some())
}

fn islands_owner() -> Owner {
    let owner = Owner::new_root(Some(Arc::new(hydration_context::SsrSharedContext::new_islands())));
    // A new root makes itself the thread's own; this one is to be current only while its request is polled.
    owner.clone().unset();
    owner
}

/// Whether this is where load balancers and supervisors ask how the program fares.
pub fn is_probe(path: &str) -> bool {
    matches!(path, "/healthz" | "/readyz")
}

/// Gives an error that came without words, from a layer or from axum, the words that a person or a client can use.
async fn explain(request: Request, next: Next) -> Response {
    let is_api = request.uri().path().starts_with("/api/");
    let is_of_probe = is_probe(request.uri().path());
    let mut response = next.run(request).await;
    let status = response.status();
    if status == StatusCode::SERVICE_UNAVAILABLE {
        response.headers_mut().entry(header::RETRY_AFTER).or_insert(SOON);
    }
    let has_words = is_page(&response)
        || response.headers().get(header::CONTENT_TYPE).is_some_and(|value| {
            value.as_bytes().starts_with(b"text/html") || value.as_bytes().starts_with(b"application/json")
        });
    if is_of_probe || has_words || !(status.is_client_error() || status.is_server_error()) {
        return response;
    }
    let headers = response.headers_mut();
    let kept = [header::ALLOW, header::RETRY_AFTER].map(|name| headers.remove(&name).map(|value| (name, value)));
    let mut response = if is_api {
        (status, [(header::CONTENT_TYPE, "application/json")], app::error_json(status)).into_response()
    } else {
        app::error_page(status)
    };
    response.headers_mut().extend(kept.into_iter().flatten());
    response
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::body::{Body, to_bytes};
    use tower_service::Service as _;

    #[tokio::test]
    async fn a_defect_is_an_answer_that_says_nothing_of_it() {
        let defect = get(|| async {
            if true {
                panic!("its words")
            }
        });
        let mut router = Router::new().route("/", defect).layer(CatchPanicLayer::custom(broken));
        let response = router.call(Request::new(Body::empty())).await.expect("an answer");
        assert_eq!(response.status(), StatusCode::INTERNAL_SERVER_ERROR);
        let body = to_bytes(response.into_body(), 10_000).await.expect("a body");
        let text = String::from_utf8_lossy(&body);
        assert!(text.contains("<h1>") && !text.contains("its words"), "{text}");
    }
}
