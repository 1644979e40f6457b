//! What a connection asks: files of the browser and finished pages are answered here, at the cost of a look-up; everything
//! else goes on to the router, unless its client or all of them together ask for more than there is time for.

use super::{
    answer::{Unsent, with},
    clients::{Clients, Held, Place, Work},
    log,
    metrics::{Connected, Measures, Route},
    page_cache::{HasRoom, LARGE, PageCache},
    router::{MOMENTARY, is_probe},
    security,
    state::Site,
    trace::{Trace, Tracer},
};
use crate::{
    app,
    content::watch::Watched,
    i18n::Lang,
    messages,
    ui::{little_data::DataUse, theme::Theme},
};
use axum::{
    Router,
    body::{Body, HttpBody},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, Uri, Version, header, request::Parts, uri::Authority},
    response::{Html, IntoResponse as _, Response},
};
use bytes::{Bytes, BytesMut};
use http_body_util::{BodyExt as _, Collected};
use std::{
    net::IpAddr,
    num::NonZero,
    pin::pin,
    sync::{Arc, atomic::Ordering},
    time::Duration,
};
use tokio::{
    sync::{Semaphore, SemaphorePermit},
    time::{Instant, timeout, timeout_at},
};
use tower_service::Service as _;
use tracing::Instrument as _;

/// How many bytes a form may have, of all forms together.
const BODY: usize = messages::page::LARGEST;
/// How long a client may take to send a form, and how long it may send nothing of it.
const SENDING: Duration = Duration::from_secs(30);
const SILENCE: Duration = Duration::from_secs(10);
/// How many forms are read at once: what they take in memory is bounded by this.
const READ_AT_ONCE: usize = 1024;
/// How many answers are made at once on each processor: enough for it to have work while some of them wait for the store, and so
/// few that what is asked of the memory meanwhile comes between them.
const MADE_AT_ONCE: usize = 8;
/// How long a reader waits for others' answers before one is made: longer, and it would be better to come again.
const WAITING: Duration = Duration::from_millis(500);
/// How long an answer may take to be made. Only a store that says nothing makes it longer, and it would keep its turn from others.
const MAKING: Duration = Duration::from_secs(10);
/// How many forms are answered at once. They wait for the store's one writer, which is no reason for pages to wait.
const SENT_AT_ONCE: usize = 512;
/// How many answers are on their way at once that are made while they are sent: each has a compressor of a third of a megabyte.
const STREAMED_AT_ONCE: usize = 64;
/// How many kilobytes of large answers are on their way at once that are not in memory anyway, such as pictures from the store: clients
/// that take nothing must not fill the memory with them.
const LARGE_AT_ONCE: usize = 256 * 1024;
/// When those who are sent away as there is no time for them may come again.
const LATER: Duration = Duration::from_secs(1);

/// The way in.
pub struct Front {
    site: Site,
    pages: PageCache,
    router: Router,
    clients: Arc<Clients>,
    measures: Arc<Measures>,
    tracer: Arc<Tracer>,
    reading: Semaphore,
    sending: Semaphore,
    making: Semaphore,
    streaming: Arc<Semaphore>,
    large: Arc<Semaphore>,
    watched: Option<Arc<Watched>>,
}

/// Why a request is not answered.
struct Refused {
    status: StatusCode,
    /// How long to wait before asking again.
    wait: Option<Duration>,
}

impl Front {
    /// A way in to `router`, by way of the finished pages, for `clients`. Under `cargo leptos watch`, with the content folder.
    pub fn new(
        site: Site,
        pages: PageCache,
        router: Router,
        clients: Arc<Clients>,
        measures: Arc<Measures>,
        tracer: Arc<Tracer>,
        watched: Option<Arc<Watched>>,
    ) -> Self {
        let processors = std::thread::available_parallelism().map_or(1, NonZero::get);
        let (reading, sending) = (Semaphore::new(READ_AT_ONCE), Semaphore::new(SENT_AT_ONCE));
        let making = Semaphore::new(MADE_AT_ONCE * processors);
        let streaming = Arc::new(Semaphore::new(STREAMED_AT_ONCE));
        let large = Arc::new(Semaphore::new(LARGE_AT_ONCE));
        Self { site, pages, router, clients, measures, tracer, reading, sending, making, streaming, large, watched }
    }

    /// Says that the program ends: readers should be sent elsewhere.
    pub fn end(&self) {
        self.site.is_ending.store(true, Ordering::Relaxed);
    }

    /// Whether the program ends.
    pub fn is_ending(&self) -> bool {
        self.site.is_ending.load(Ordering::Relaxed)
    }

    /// A place for a connection from `peer`, unless it has too many.
    pub fn enter(&self, peer: IpAddr) -> Option<Place> {
        self.clients.enter(peer)
    }

    /// Counts a connection for as long as it is there.
    pub fn connected(&self) -> Connected {
        self.measures.connected()
    }

    /// The answer to a request for which there is no place, counted as a connection is, with its line in the log.
    pub fn turn_back(&self, method: &Method, uri: &Uri, status: StatusCode) -> Response {
        let (trace, told) = self.tracer.begin(method, uri.path(), None);
        self.turn_away(status);
        log::Line::begin(method, uri, trace, told).end(self.refuse(uri, &Refused { status, wait: Some(LATER) }))
    }

    /// Counts a connection for which there was no place.
    pub fn turn_away(&self, status: StatusCode) {
        self.measures.count_refused(status);
    }

    /// Answers a request that came from `peer`, and writes its line in the log.
    pub async fn answer<B>(&self, request: Request<B>, peer: IpAddr) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let mut since = Instant::now();
        // Who asks must not say which requests are found together, or told to the collector.
        let named = self.clients.is_trusted(peer).then(|| request.headers());
        let (trace, told) = self.tracer.begin(request.method(), request.uri().path(), named);
        let line = log::Line::begin(request.method(), request.uri(), trace, told);
        if let Some(watched) = &self.watched {
            watched.import_changed().await;
        }
        let mut response = match *request.method() {
            _ if let Some(status) = misframed(&request) => self.hang_up(request.uri(), &Refused::with(status)),
            Method::GET | Method::HEAD if request.body().is_end_stream() => {
                self.get(request.into_parts().0, peer, trace).await
            }
            Method::GET | Method::HEAD => {
                let (parts, body) = request.into_parts();
                // What comes with it means nothing (RFC 9110, 9.3.1), and takes the time of a form.
                let taken = Box::pin(self.take_in(body, peer, &parts.headers)).await;
                since = Instant::now();
                match taken {
                    Ok(_) => self.get(parts, peer, trace).await,
                    Err(refused) => self.hang_up(&parts.uri, &refused),
                }
            }
            _ => Box::pin(self.send(request, peer, trace, &mut since)).await,
        };
        if (trace.is_named && !is_for_others(response.headers())) || response.status().is_server_error() {
            response.headers_mut().extend([trace.header()]);
        }
        self.measures.count(&response, since.elapsed());
        line.end(response)
    }

    async fn get(&self, mut parts: Parts, peer: IpAddr, trace: Trace) -> Response {
        let path = parts.uri.path();
        if let Some(asset) = self.site.assets.get(path) {
            let mut response = asset.respond(&parts.method, &parts.headers);
            response.extensions_mut().insert(Route::File);
            return response;
        }
        // Whether the program is well has nothing to do with the store.
        if !is_probe(path) {
            self.pages.keep_up(&self.site.db).await;
        }
        if let Some(uri) = with_meaning(&parts.uri) {
            parts.uri = uri;
        }
        let key = key(&parts.uri, &parts.headers);
        if let Some(response) = self.pages.find(&key, &parts.method, &parts.headers).await {
            return match large(&response) {
                Some(kilobytes) if parts.method != Method::HEAD => {
                    Box::pin(self.weigh(&parts, peer, response, kilobytes)).await
                }
                _ => response,
            };
        }
        let _turn = match self.turn_to_make(&parts, peer).await {
            Ok(turn) => turn,
            Err(refused) => return self.refuse(&parts.uri, &refused),
        };
        let make = || {
            let mut request = Request::from_parts(parts.clone(), Body::empty());
            *request.method_mut() = Method::GET;
            self.route(request, trace)
        };
        // The future of a page in the making is large, and most requests need none.
        let made = Box::pin(timeout(MAKING, self.pages.make(key, &parts.method, &parts.headers, make))).await;
        let response = made.unwrap_or_else(|_| self.refuse(&parts.uri, &Refused::busy()));
        match parts.method {
            Method::HEAD => response.map(|body| Body::new(Unsent(body.size_hint()))),
            _ if response.body().size_hint().exact().is_none() => self.stream(&parts, peer, response),
            _ => match large(&response) {
                Some(kilobytes) => Box::pin(self.weigh(&parts, peer, response, kilobytes)).await,
                None => response,
            },
        }
    }

    /// Counts a large answer of so many kilobytes, for its client and, where it is not kept, among all of these, until its last
    /// byte is gone; refuses it where they would be too many.
    async fn weigh(&self, asked: &Parts, peer: IpAddr, response: Response, kilobytes: u32) -> Response {
        let is_kept = response.extensions().get::<HasRoom>().is_some();
        let place = match self.hold(Held::Kilobyte, kilobytes, peer, &asked.headers) {
            Ok(place) => place,
            Err(refused) => return self.refuse(&asked.uri, &refused),
        };
        let weight = Arc::clone(&self.large).try_acquire_many_owned(if is_kept { 0 } else { kilobytes });
        let Ok(weight) = weight else {
            return self.refuse(&asked.uri, &Refused::busy());
        };
        let (head, body) = response.into_parts();
        match body.collect().await.map(Collected::to_bytes) {
            Ok(bytes) => Response::from_parts(head, Body::from(with(bytes, (weight, place)))),
            Err(_) => self.refuse(&asked.uri, &Refused::with(StatusCode::INTERNAL_SERVER_ERROR)),
        }
    }

    /// An answer of unknown length on its way, if there is time for one more, also for this client.
    fn stream(&self, asked: &Parts, peer: IpAddr, response: Response) -> Response {
        let place = match self.hold(Held::Stream, 1, peer, &asked.headers) {
            Ok(place) => place,
            Err(refused) => return self.refuse(&asked.uri, &refused),
        };
        let Ok(turn) = Arc::clone(&self.streaming).try_acquire_owned() else {
            return self.refuse(&asked.uri, &Refused::busy());
        };
        let keep = move |frame| {
            let _ = (&turn, &place);
            frame
        };
        response.map(|body| Body::new(body.map_frame(keep)))
    }

    /// Takes in what a client sends, and passes it on when it is there: a slow client keeps nobody else waiting. Its answer takes
    /// time from then on: `since`.
    async fn send<B>(&self, request: Request<B>, peer: IpAddr, trace: Trace, since: &mut Instant) -> Response
    where
        B: HttpBody<Data = Bytes> + Send + 'static,
        B::Error: Into<axum::BoxError>,
    {
        let (parts, body) = request.into_parts();
        let uri = parts.uri.clone();
        let answered = async {
            let body = self.take_in(body, peer, &parts.headers).await?;
            *since = Instant::now();
            let _turn = turn(&self.sending)?;
            Ok(self.route(Request::from_parts(parts, Body::from(body)), trace).await)
        };
        answered.await.unwrap_or_else(|refused| self.refuse(&uri, &refused))
    }

    /// The bytes that a client sends, which is allowed so often.
    async fn take_in<B: HttpBody<Data = Bytes>>(
        &self,
        body: B,
        peer: IpAddr,
        request: &HeaderMap,
    ) -> Result<Bytes, Refused> {
        self.allow(Work::Form, peer, request)?;
        let _place = self.hold(Held::Form, 1, peer, request)?;
        let _reading = turn(&self.reading)?;
        read(body).await
    }

    /// Counts one piece of work for whoever asks on a connection from `peer`.
    fn allow(&self, work: Work, peer: IpAddr, request: &HeaderMap) -> Result<(), Refused> {
        self.clients.allow(self.clients.who(peer, request), work).map_err(Refused::too_many)
    }

    /// A place for so many more of what whoever asks on a connection from `peer` has at once.
    fn hold(&self, what: Held, more: u32, peer: IpAddr, request: &HeaderMap) -> Result<Place, Refused> {
        let place = self.clients.hold(self.clients.who(peer, request), what, more);
        place.ok_or_else(|| Refused::too_many(LATER))
    }

    /// An answer that costs next to nothing: nobody else's is to suffer from it.
    fn refuse(&self, uri: &Uri, refused: &Refused) -> Response {
        let Refused { status, wait } = *refused;
        let (kind, body) = match uri.path().starts_with("/api/") {
            true => ("application/json", app::error_json(status)),
            false => ("text/html; charset=utf-8", app::brief_error_page(Lang::of_path(uri.path()).0, status)),
        };
        let mut response = (status, MOMENTARY, [(header::CONTENT_TYPE, kind)], body).into_response();
        if let Some(wait) = wait {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds(wait)));
        }
        self.site.assets.csp.protect(response.headers_mut());
        response.extensions_mut().insert(Route::Refused);
        response
    }

    /// Refuses what cannot be told from what comes after it on its connection, and closes that.
    fn hang_up(&self, uri: &Uri, refused: &Refused) -> Response {
        let mut response = self.refuse(uri, refused);
        response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
        response
    }

    /// Waits until an answer may be made, or is sent away. Probes take no turn: how the program fares is to be heard when it is busy,
    /// too.
    async fn turn_to_make(&self, asked: &Parts, peer: IpAddr) -> Result<Option<SemaphorePermit<'_>>, Refused> {
        let path = asked.uri.path();
        self.allow(if is_search(path) { Work::Search } else { Work::Page }, peer, &asked.headers)?;
        if is_probe(path) {
            return Ok(None);
        }
        let turn = timeout(WAITING, self.making.acquire()).await;
        turn.ok().and_then(Result::ok).map(Some).ok_or_else(Refused::busy)
    }

    async fn route(&self, request: Request, trace: Trace) -> Response {
        // With what goes wrong, the log has the request that it happened to.
        let span = tracing::error_span!("request", %trace);
        let answered = self.router.clone().call(request).instrument(span).await;
        answered.unwrap_or_else(|never| match never {})
    }
}

impl Refused {
    fn with(status: StatusCode) -> Self {
        Self { status, wait: None }
    }

    fn too_many(wait: Duration) -> Self {
        Self { status: StatusCode::TOO_MANY_REQUESTS, wait: Some(wait) }
    }

    fn busy() -> Self {
        Self { status: StatusCode::SERVICE_UNAVAILABLE, wait: Some(LATER) }
    }
}

/// The kilobytes of a whole answer that is a large one; most are not, and need nothing more.
fn large(response: &Response) -> Option<u32> {
    let kilobytes = response.body().size_hint().lower() / 1024;
    (kilobytes >= LARGE as u64).then(|| u32::try_from(kilobytes).unwrap_or(u32::MAX))
}

/// One of a number of turns, if one is left.
fn turn(turns: &Semaphore) -> Result<SemaphorePermit<'_>, Refused> {
    turns.try_acquire().map_err(|_| Refused::busy())
}

/// Whether others are given this answer, too, by who keeps it; with all of its headers.
fn is_for_others(answer: &HeaderMap) -> bool {
    answer
        .get(header::CACHE_CONTROL)
        .and_then(|it| it.to_str().ok())
        .is_some_and(|it| it.starts_with("public, max-age"))
}

/// What is wrong with how a request is put, where a proxy before this program might understand it otherwise (RFC 9112, 3.2, 6.1).
fn misframed<B>(request: &Request<B>) -> Option<StatusCode> {
    let (uri, headers) = (request.uri(), request.headers());
    if request.version() > Version::HTTP_11 {
        // The address says it there, and a host may only say the same (RFC 9113, 8.3.1).
        let own = uri.authority().map(|it| it.as_str().as_bytes());
        let is_other = |host: &HeaderValue| own.is_some_and(|own| !own.eq_ignore_ascii_case(host.as_bytes()));
        return headers.get_all(header::HOST).iter().any(is_other).then_some(StatusCode::BAD_REQUEST);
    }
    let mut hosts = headers.get_all(header::HOST).iter();
    let has_host = match (hosts.next(), hosts.next()) {
        (Some(host), None) => is_host(host),
        (None, None) => request.version() < Version::HTTP_11,
        _ => false,
    };
    let has_path = uri.path().starts_with('/') || uri.path() == "*";
    let mut codings = headers.get_all(header::TRANSFER_ENCODING).iter();
    let is_decoded = match (codings.next(), codings.next()) {
        (None, _) => true,
        (Some(coding), None) => coding.as_bytes().eq_ignore_ascii_case(b"chunked"),
        _ => false,
    };
    match (has_host && has_path, is_decoded) {
        (false, _) => Some(StatusCode::BAD_REQUEST),
        (true, false) => Some(StatusCode::NOT_IMPLEMENTED),
        (true, true) => None,
    }
}

/// Whether this is a name or address, with or without a port, and nothing else.
fn is_host(host: &HeaderValue) -> bool {
    let authority = Authority::try_from(host.as_bytes());
    authority.is_ok_and(|authority| !authority.as_str().contains('@'))
}

/// The bytes of a form.
async fn read<B: HttpBody<Data = Bytes>>(body: B) -> Result<Bytes, Refused> {
    if body.size_hint().lower() > BODY as u64 {
        return Err(Refused::with(StatusCode::PAYLOAD_TOO_LARGE));
    }
    let (mut body, mut bytes) = (pin!(body), BytesMut::new());
    let end = Instant::now() + SENDING;
    loop {
        let frame = timeout_at(end, timeout(SILENCE, body.frame())).await;
        let frame = frame.flatten().map_err(|_| Refused::with(StatusCode::REQUEST_TIMEOUT))?;
        let data = match frame {
            None => return Ok(bytes.freeze()),
            Some(Err(_)) => return Err(Refused::with(StatusCode::BAD_REQUEST)),
            Some(Ok(frame)) => frame.into_data().unwrap_or_default(),
        };
        if bytes.len() + data.len() > BODY {
            return Err(Refused::with(StatusCode::PAYLOAD_TOO_LARGE));
        }
        bytes.extend_from_slice(&data);
    }
}

/// The answer to a request that came before the site was there.
pub fn starting(uri: &Uri) -> Response {
    let wait = [(header::RETRY_AFTER, HeaderValue::from(seconds(LATER)))];
    let away = StatusCode::SERVICE_UNAVAILABLE;
    let mut response = match uri.path() {
        "/healthz" => (MOMENTARY, "ok\n").into_response(),
        "/readyz" => (away, MOMENTARY, wait, "the program is starting\n").into_response(),
        path => {
            let page = app::brief_error_page(Lang::of_path(path).0, away);
            (away, MOMENTARY, wait, Html(page)).into_response()
        }
    };
    let safe = security::of_words().map(|(name, value)| (name, HeaderValue::from_static(value)));
    response.headers_mut().extend(safe);
    response
}

/// An answer to a client whose connection is closed with it, whole.
pub fn refusal(status: StatusCode) -> Vec<u8> {
    let body = app::brief_error_page(Lang::DEFAULT, status);
    let (length, wait) = (body.len(), seconds(LATER));
    let safe: String = security::of_words().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    format!(
        "HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {length}\r\n\
         cache-control: no-store\r\nretry-after: {wait}\r\n{safe}connection: close\r\n\r\n{body}"
    )
    .into_bytes()
}

/// Whole seconds, so that who waits for them waits long enough.
fn seconds(wait: Duration) -> u64 {
    wait.as_secs() + 1
}

fn is_search(path: &str) -> bool {
    path.ends_with("/search/") || matches!(path, "/api/search" | "/api/suggest")
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
