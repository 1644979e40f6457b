//! What a connection asks: files of the browser and finished pages are answered here, at the cost of a look-up; everything
//! else goes on to the router.

use super::{answer::Unsent, log, page_cache::PageCache, state::Site};
use crate::{
    content::watch::Watched,
    ui::{little_data::DataUse, theme::Theme},
};
use axum::{
    Router,
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderMap, Method, Uri, request::Parts},
    response::Response,
};
use bytes::Bytes;
use std::sync::Arc;
use tower_service::Service as _;

/// The way in.
pub struct Front {
    site: Site,
    pages: PageCache,
    router: Router,
    watched: Option<Arc<Watched>>,
}

impl Front {
    /// A way in to `router`, by way of the finished pages. Under `cargo leptos watch`, with the content folder.
    pub fn new(site: Site, pages: PageCache, router: Router, watched: Option<Arc<Watched>>) -> Self {
        Self { site, pages, router, watched }
    }

    /// Answers a request, and writes its line in the log.
    pub async fn answer<B>(&self, request: Request<B>) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let line = log::Line::begin(request.method(), request.uri());
        if let Some(watched) = &self.watched {
            watched.import_changed().await;
        }
        let response = match *request.method() {
            Method::GET | Method::HEAD if request.body().is_end_stream() => self.get(request.into_parts().0).await,
            _ => self.route(request.map(Body::new)).await,
        };
        line.end(response)
    }

    async fn get(&self, mut parts: Parts) -> Response {
        let path = parts.uri.path();
        if let Some(asset) = self.site.assets.get(path) {
            return asset.respond(&parts.method, &parts.headers);
        }
        self.pages.keep_up(&self.site.db).await;
        if let Some(uri) = with_meaning(&parts.uri) {
            parts.uri = uri;
        }
        let key = key(&parts.uri, &parts.headers);
        if let Some(response) = self.pages.find(&key, &parts.method, &parts.headers).await {
            return response;
        }
        let make = || {
            let mut request = Request::from_parts(parts.clone(), Body::empty());
            *request.method_mut() = Method::GET;
            self.route(request)
        };
        // The future of a page in the making is large, and most requests need none.
        let response = Box::pin(self.pages.make(key, &parts.method, &parts.headers, make)).await;
        match parts.method {
            Method::HEAD => response.map(|body| Body::new(Unsent(body.size_hint()))),
            _ => response,
        }
    }

    async fn route(&self, request: Request) -> Response {
        let answered = self.router.clone().call(request).await;
        answered.unwrap_or_else(|never| match never {})
    }
}

/// The parts of a query that pages read, in the order in which a page's key has them.
pub(super) const MEANINGFUL: [&str; 9] =
    ["q", "topic", "author", "year", "language", "area", "before", "after", "page"];

/// The address without what means nothing to a page, such as the marks of a newsletter: it is one page, and kept once. None
/// where the address stays as it is. A page gets to see this address only, so that what is not listed above is not there.
fn with_meaning(uri: &Uri) -> Option<Uri> {
    let (path, query) = (uri.path(), uri.query()?);
    let file = path.rsplit('/').next().unwrap_or_default();
    let parts = match file {
        // A program's own names for what it shares.
        _ if path.starts_with("/api/") || path.ends_with("/search/shared/") => return None,
        "" => {
            let is = |part: &str, name: &str| part.split('=').next() == Some(name);
            MEANINGFUL.iter().flat_map(|name| query.split('&').filter(move |part| is(part, name))).collect()
        }
        // A file; what has no slash at its end is led on as it is.
        file if file.contains('.') => Vec::new(),
        _ => return None,
    };
    let query = parts.join("&");
    let address = if query.is_empty() { path.to_owned() } else { format!("{path}?{query}") };
    address.parse().ok()
}

/// What the answer depends on: address, theme, and how much data it may cost.
fn key(uri: &Uri, request: &HeaderMap) -> String {
    let theme = Theme::of(request).attribute().unwrap_or_default();
    let address = uri.path_and_query().map_or("/", |address| address.as_str());
    let little = if DataUse::of(request).is_little() { "little " } else { "" };
    let mut key = String::with_capacity(little.len() + theme.len() + address.len());
    key.push_str(little);
    key.push_str(theme);
    key.push_str(address);
    key
}

#[cfg(test)]
mod tests {
    use super::*;

    fn meaning(address: &str) -> String {
        let uri: Uri = address.parse().expect("an address");
        with_meaning(&uri).unwrap_or(uri).to_string()
    }

    #[test]
    fn a_page_is_known_by_what_means_something_to_it() {
        assert_eq!(meaning("/?utm_source=x"), "/");
        assert_eq!(meaning("/?b=1&q=caf%C3%A9&q2=x"), "/?q=caf%C3%A9");
        assert_eq!(meaning("/blog/?before=5-1&topic=a"), "/blog/?topic=a&before=5-1");
        assert_eq!(meaning("/blog/?topic=a&topic=b&x"), "/blog/?topic=a&topic=b", "a mistake stays one");
        assert_eq!(meaning("/media/0123456789abcdef/a-640.avif?v=2"), "/media/0123456789abcdef/a-640.avif");
        assert_eq!(meaning("/blog?x=1"), "/blog?x=1", "it is led on with all it has");
        assert_eq!(meaning("/api/list_posts?lang=fr&limit=3"), "/api/list_posts?lang=fr&limit=3");
    }

    #[test]
    fn a_theme_and_little_data_have_pages_of_their_own() {
        let uri = "/a/?q=1".parse().expect("an address");
        let cookie =
            |value: &'static str| HeaderMap::from_iter([(http::header::COOKIE, value.parse().expect("a header"))]);
        assert_eq!(key(&uri, &HeaderMap::new()), "/a/?q=1");
        assert_eq!(key(&uri, &cookie("x=y; theme=dark")), "dark/a/?q=1");
        assert_eq!(key(&uri, &cookie("theme=pink")), "/a/?q=1");
        assert_eq!(key(&uri, &cookie("theme=dark; data=little")), "little dark/a/?q=1");
    }
}
