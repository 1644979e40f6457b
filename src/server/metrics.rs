//! `GET /metrics` on an address of its own, for the operator's Prometheus: how the page cache fares.

use super::page_cache::PageCache;
use axum::{Router, http::header, response::IntoResponse, routing::get};
use prometheus_client::{
    encoding::text::encode,
    metrics::{counter::Counter, family::Family, gauge::Gauge},
    registry::{Registry, Unit},
};

/// The measures as they are asked for.
pub fn router(cache: PageCache) -> Router {
    Router::new().route(
        "/metrics",
        get(async move || {
            let kind = "application/openmetrics-text; version=1.0.0; charset=utf-8";
            ([(header::CONTENT_TYPE, kind)], text(&cache)).into_response()
        }),
    )
}

fn text(cache: &PageCache) -> String {
    let answers = Family::<[(&str, &str); 1], Counter>::default();
    for (result, count) in cache.counts().all() {
        answers.get_or_create(&[("result", result)]).inc_by(count);
    }
    let (entries, bytes) = cache.size();
    let gauge = |value: u64| {
        let gauge = Gauge::<i64>::default();
        gauge.set(i64::try_from(value).unwrap_or(i64::MAX));
        gauge
    };
    let mut registry = Registry::with_prefix("pavise_page_cache");
    registry.register("answers", "Answers by where they came from", answers);
    registry.register("pages", "Finished pages that are kept", gauge(entries));
    registry.register_with_unit("size", "What they take in memory", Unit::Bytes, gauge(bytes));
    let mut text = String::new();
    // Writing to a String does not fail.
    let _ = encode(&mut text, &registry);
    text
}
