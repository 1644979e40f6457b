//! A name for each request, by which its line in the log and the causes of its failure are found: the trace that a proxy before this
//! program says it belongs to (W3C Trace Context), else one of its own. Where there is a collector (OpenTelemetry), it is told of each.

use super::{log, metrics::Route};
use axum::{
    http::{HeaderMap, HeaderName, HeaderValue, Method},
    response::Response,
};
use opentelemetry::{
    Context, KeyValue,
    trace::{
        Span as _, SpanContext, SpanId, SpanKind, Status, TraceContextExt as _, TraceFlags, TraceId, TraceState,
        Tracer as _, TracerProvider as _,
    },
};
use opentelemetry_otlp::{ExporterBuildError, SpanExporter, WithExportConfig as _};
use opentelemetry_sdk::{
    Resource,
    trace::{IdGenerator as _, RandomIdGenerator, SdkTracer, SdkTracerProvider, Span},
};
use std::{fmt, time::Duration};

/// Where a trace is named, by who asks and by who answers.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");
/// How long the program waits at its end for the collector to take what it has not heard yet.
const LAST: Duration = Duration::from_secs(2);

/// The trace that a request belongs to, and this program's piece of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    id: TraceId,
    piece: SpanId,
    flags: TraceFlags,
    /// Whether who asks has named it.
    pub is_named: bool,
}

impl Trace {
    /// The header that names it in an answer.
    pub fn header(self) -> (HeaderName, HeaderValue) {
        let value = HeaderValue::try_from(format!("00-{}-{}-{:02x}", self.id, self.piece, self.flags));
        (TRACEPARENT, value.unwrap_or(HeaderValue::from_static("")))
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.id.fmt(f)
    }
}

/// Names requests, and tells the collector of them, if there is one.
pub struct Tracer(Option<(SdkTracerProvider, SdkTracer)>);

impl Tracer {
    /// One that tells the collector at `endpoint`, to which paths such as `/v1/traces` are added (OTLP over HTTP). Which requests it
    /// tells of, under which name and how many at once is OpenTelemetry's own to set: `OTEL_TRACES_SAMPLER`, `OTEL_SERVICE_NAME`,
    /// `OTEL_EXPORTER_OTLP_HEADERS`, `OTEL_BSP_…`.
    pub fn new(endpoint: Option<&str>) -> Result<Self, ExporterBuildError> {
        let Some(endpoint) = endpoint else { return Ok(Self(None)) };
        let exporter = SpanExporter::builder().with_http().with_endpoint(format!("{endpoint}/v1/traces")).build()?;
        let name = std::env::var("OTEL_SERVICE_NAME").unwrap_or_else(|_| env!("CARGO_PKG_NAME").to_owned());
        let version = KeyValue::new("service.version", env!("CARGO_PKG_VERSION"));
        let resource = Resource::builder().with_service_name(name).with_attribute(version).build();
        let provider = SdkTracerProvider::builder().with_batch_exporter(exporter).with_resource(resource).build();
        let tracer = provider.tracer(env!("CARGO_PKG_NAME"));
        Ok(Self(Some((provider, tracer))))
    }

    /// The trace of a request that has just come, and what the collector will hear of it. The headers of a `request` name it, where
    /// they are believed.
    pub fn begin(&self, method: &Method, path: &str, request: Option<&HeaderMap>) -> (Trace, Told) {
        let parent = request.and_then(|request| request.get(TRACEPARENT)).and_then(|value| parse(value.as_bytes()));
        let is_named = parent.is_some();
        let Some((_, tracer)) = &self.0 else {
            let ids = RandomIdGenerator::default();
            let id = parent.map_or_else(|| ids.new_trace_id(), |parent| parent.trace_id());
            return (Trace { id, piece: ids.new_span_id(), flags: TraceFlags::default(), is_named }, Told(None));
        };
        let context = parent.map_or_else(Context::new, |parent| Context::new().with_remote_span_context(parent));
        // Queries and addresses stay out: they are the reader's own.
        let asked = [
            KeyValue::new("http.request.method", method.as_str().to_owned()),
            KeyValue::new("url.path", log::printable(path)),
            KeyValue::new("url.scheme", "http"),
        ];
        let builder =
            tracer.span_builder(method.as_str().to_owned()).with_kind(SpanKind::Server).with_attributes(asked);
        let span = builder.start_with_context(tracer, &context);
        let named = span.span_context();
        let trace = Trace { id: named.trace_id(), piece: named.span_id(), flags: named.trace_flags(), is_named };
        (trace, Told(span.is_recording().then(|| Box::new(span))))
    }

    /// Tells what has not been told yet.
    pub async fn end(&self) {
        let Some((provider, _)) = &self.0 else { return };
        let provider = provider.clone();
        // It waits for the thread that tells.
        let told = tokio::task::spawn_blocking(move || provider.shutdown_with_timeout(LAST)).await;
        if let Ok(Err(error)) = told {
            tracing::warn!(%error, "the collector was not told of the last requests");
        }
    }
}

/// What the collector hears of a request, if it is to hear of it. Dropped, it is told.
pub struct Told(Option<Box<Span>>);

impl Told {
    /// Whether nobody will hear of it.
    pub fn is_nothing(&self) -> bool {
        self.0.is_none()
    }

    /// Says how it is answered. A client may have gone before that.
    pub fn answered(&mut self, method: &Method, response: &Response) {
        let Some(span) = &mut self.0 else { return };
        let (route, status) = (Route::of(response).name(), response.status());
        span.update_name(format!("{method} {route}"));
        span.set_attributes([
            KeyValue::new("http.route", route.to_owned()),
            KeyValue::new("http.response.status_code", i64::from(status.as_u16())),
        ]);
        if status.is_server_error() {
            span.set_attribute(KeyValue::new("error.type", status.as_str().to_owned()));
            span.set_status(Status::error(""));
        }
    }

    /// Says how many bytes were sent.
    pub fn sent(&mut self, bytes: u64) {
        if let Some(span) = &mut self.0 {
            span.set_attribute(KeyValue::new("http.response.body.size", i64::try_from(bytes).unwrap_or(i64::MAX)));
        }
    }
}

/// `00-<32 digits>-<16 digits>-<2 digits>`; a later version than 00 may go on after that.
fn parse(value: &[u8]) -> Option<SpanContext> {
    let text = str::from_utf8(value).ok()?;
    let mut parts = text.splitn(5, '-');
    let mut next = |length: usize| {
        let digits = |part: &&str| part.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
        parts.next().filter(|part| part.len() == length).filter(digits)
    };
    let (version, trace, piece, flags) = (next(2)?, next(32)?, next(16)?, next(2)?);
    let is_over = parts.next().is_none();
    let is_known = version != "ff" && (is_over || version != "00");
    let flags = TraceFlags::new(u8::from_str_radix(flags, 16).ok()?) & TraceFlags::SAMPLED;
    let (id, piece) = (TraceId::from_hex(trace).ok()?, SpanId::from_hex(piece).ok()?);
    let named = SpanContext::new(id, piece, flags, true, TraceState::NONE);
    (is_known && named.is_valid()).then_some(named)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn trace_of(headers: &[(HeaderName, HeaderValue)]) -> Trace {
        Tracer(None).begin(&Method::GET, "/", Some(&headers.iter().cloned().collect())).0
    }

    #[test]
    fn a_trace_is_taken_from_who_asks_if_it_is_one() {
        let trace = |value: &'static str| trace_of(&[(TRACEPARENT, HeaderValue::from_static(value))]);
        let named = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01";
        assert_eq!(trace(named).to_string(), "4bf92f3577b34da6a3ce929d0e0e4736");
        assert!(trace("cc-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-what-comes").is_named);
        for wrong in [
            "",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01-more",
            "ff-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
            "00-4BF92F3577B34DA6A3CE929D0E0E4736-00f067aa0ba902b7-01",
            "00-00000000000000000000000000000000-00f067aa0ba902b7-01",
            "00-4bf92f3577b34da6a3ce929d0e0e4736-0000000000000000-01",
            "00-+bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01",
        ] {
            assert!(!trace(wrong).is_named, "{wrong}");
        }
        let (_, given) = trace(named).header();
        assert_eq!(trace_of(&[(TRACEPARENT, given)]).id, trace(named).id);
    }

    #[test]
    fn each_request_has_its_own() {
        let [one, other] = [trace_of(&[]), trace_of(&[])];
        assert_ne!(one, other);
        assert!(!one.is_named && one.to_string().len() == 32);
    }
}
