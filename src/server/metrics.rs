//! `GET /metrics` on an address of its own, for the operator's Prometheus: what is asked and how long it takes, and how the page cache,
//! the store, the search index and the program itself fare.

use super::{page_cache::PageCache, state::Site};
use crate::i18n::Lang;
use axum::{
    Router,
    extract::MatchedPath,
    http::{StatusCode, header},
    response::{IntoResponse, Response},
    routing::get,
};
use prometheus_client::{
    encoding::{
        EncodeLabelSet, EncodeLabelValue, LabelValueEncoder,
        text::{encode_eof, encode_registry},
    },
    metrics::{counter::Counter, family::Family, gauge::Gauge, histogram::Histogram, info::Info},
    registry::{Registry, Unit},
};
use std::{
    fmt,
    hash::{Hash, Hasher},
    sync::Arc,
    time::{Duration, SystemTime, UNIX_EPOCH},
};
use tokio::time::timeout;

/// Up to how many seconds answers take that are counted together.
const SECONDS: [f64; 13] = [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0];

/// How long the measures wait for a store that says nothing.
const PATIENCE: Duration = Duration::from_secs(1);

/// What an answer is counted as: the pattern of its address, without the language.
#[derive(Clone, Debug)]
pub enum Route {
    /// A page, or whatever else the router knows.
    Known(MatchedPath),
    /// One of the browser's files.
    File,
    /// Nothing: the client was sent away before it was looked up.
    Refused,
    /// What the router does not know.
    Unknown,
}

impl Route {
    /// The route as operators see it.
    pub fn name(&self) -> &str {
        match self {
            Self::Known(pattern) => Lang::of_path(pattern.as_str()).1,
            Self::File => "file",
            Self::Refused => "refused",
            Self::Unknown => "none",
        }
    }

    /// The route that was written on an answer.
    pub fn of(response: &Response) -> &Self {
        response.extensions().get().unwrap_or(&Self::Unknown)
    }
}

impl PartialEq for Route {
    fn eq(&self, other: &Self) -> bool {
        self.name() == other.name()
    }
}

impl Eq for Route {}

impl Hash for Route {
    fn hash<H: Hasher>(&self, state: &mut H) {
        self.name().hash(state);
    }
}

impl EncodeLabelValue for Route {
    fn encode(&self, encoder: &mut LabelValueEncoder<'_>) -> fmt::Result {
        self.name().encode(encoder)
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfRoute {
    route: Route,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct OfStatus {
    route: Route,
    status: u16,
}

/// What is counted while the program runs.
pub struct Measures {
    connections: Gauge,
    requests: Family<OfStatus, Counter>,
    seconds: Family<OfRoute, Histogram, fn() -> Histogram>,
    registry: Registry,
}

impl Measures {
    /// Nothing yet.
    pub fn new() -> Arc<Self> {
        let requests = Family::<OfStatus, Counter>::default();
        let seconds = Family::new_with_constructor((|| Histogram::new(SECONDS)) as fn() -> Histogram);
        let connections = Gauge::default();
        let mut registry = Registry::with_prefix("pavise");
        registry.register("connections", "Connections of readers", connections.clone());
        registry.register("requests", "Answers by route and status", requests.clone());
        registry.register_with_unit("response_begins", "Until an answer begins", Unit::Seconds, seconds.clone());
        let build = Info::new(vec![("version", env!("CARGO_PKG_VERSION"))]);
        registry.register("build", "The program", build);
        let started = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
        registry.register_with_unit("start_time", "When it was started", Unit::Seconds, gauge(started.as_secs()));
        Arc::new(Self { connections, requests, seconds, registry })
    }

    /// Counts a connection for as long as it is there.
    pub fn connected(&self) -> Connected {
        self.connections.inc();
        Connected(self.connections.clone())
    }

    /// Counts an answer that begins after this time.
    pub fn count(&self, response: &Response, time: Duration) {
        let route = Route::of(response);
        self.count_request(route, response.status());
        self.seconds.get_or_create(&OfRoute { route: route.clone() }).observe(time.as_secs_f64());
    }

    /// Counts a connection that was sent away before it asked for anything.
    pub fn count_refused(&self, status: StatusCode) {
        self.count_request(&Route::Refused, status);
    }

    fn count_request(&self, route: &Route, status: StatusCode) {
        self.requests.get_or_create(&OfStatus { route: route.clone(), status: status.as_u16() }).inc();
    }
}

/// A connection that is counted.
pub struct Connected(Gauge);

impl Drop for Connected {
    fn drop(&mut self) {
        self.0.dec();
    }
}

/// The measures as they are asked for.
pub fn router(measures: Arc<Measures>, cache: PageCache, site: Site) -> Router {
    let give = async move || match text(&measures, &cache, &site).await {
        Ok(text) => {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text).into_response()
        }
        Err(_) => StatusCode::INTERNAL_SERVER_ERROR.into_response(),
    };
    Router::new().route("/metrics", get(give))
}

async fn text(measures: &Measures, cache: &PageCache, site: &Site) -> Result<String, std::fmt::Error> {
    let mut now = Registry::with_prefix("pavise");
    let answers = Family::<[(&str, &str); 1], Counter>::default();
    for (result, count) in cache.counts().all() {
        answers.get_or_create(&[("result", result)]).inc_by(count);
    }
    let (entries, bytes) = cache.size();
    let pages = now.sub_registry_with_prefix("page_cache");
    pages.register("answers", "Answers by where they came from", answers);
    pages.register("pages", "Finished pages that are kept", gauge(entries));
    pages.register_with_unit("size", "What they take in memory", Unit::Bytes, gauge(bytes));

    let (used, idle) = site.db.connections();
    let connections = Family::<[(&str, &str); 1], Gauge>::default();
    for (state, count) in [("used", used), ("idle", idle)] {
        connections.get_or_create(&[("state", state)]).set(i64::from(count));
    }
    let store = now.sub_registry_with_prefix("store");
    let is_ready = timeout(PATIENCE, site.db.is_ready()).await.unwrap_or(false);
    store.register("ready", "Whether it answers and has all tables", gauge(is_ready));
    store.register("connections", "Connections to it", connections);

    let index = now.sub_registry_with_prefix("search");
    index.register("texts", "Texts in the index", gauge(site.search.texts()));
    index.register(
        "current",
        "Whether the index has all that this machine has heard of",
        gauge(site.search.is_current_now()),
    );
    if let Some(bytes) = resident() {
        now.register_with_unit("resident_memory", "What the program takes", Unit::Bytes, gauge(bytes));
    }

    let mut text = String::new();
    encode_registry(&mut text, &measures.registry)?;
    encode_registry(&mut text, &now)?;
    encode_eof(&mut text)?;
    Ok(text)
}

fn gauge(value: impl Into<u64>) -> Gauge {
    let gauge = Gauge::default();
    gauge.set(i64::try_from(value.into()).unwrap_or(i64::MAX));
    gauge
}

/// The memory that the system has given to this program, in bytes (Linux: `statm` counts pages).
fn resident() -> Option<u64> {
    let pages: u64 = std::fs::read_to_string("/proc/self/statm").ok()?.split(' ').nth(1)?.parse().ok()?;
    Some(pages * rustix::param::page_size() as u64)
}
