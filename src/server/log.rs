//! The log: one line for each request, written when its last byte is sent.

use super::trace::{Told, Trace};
use axum::{
    body::{Body, Bytes, HttpBody},
    http::{Method, StatusCode, Uri},
    response::Response,
};
use http_body::{Frame, SizeHint};
use percent_encoding::{CONTROLS, utf8_percent_encode};
use std::{
    io::IsTerminal,
    pin::Pin,
    task::{Context, Poll},
    time::Instant,
};
use tracing::Level;
use tracing_subscriber::EnvFilter;

/// Sends log lines to standard error. `RUST_LOG` says which; without it, requests and everything that went wrong. With
/// `PAVISE_LOG_FORMAT=json` each is an object.
pub fn start() -> Result<(), String> {
    let wanted = std::env::var("RUST_LOG").unwrap_or_else(|_| "warn,pavise=info".to_owned());
    let filter = EnvFilter::try_new(&wanted).map_err(|_| {
        format!(
            "RUST_LOG is `{wanted}`: expected levels such as `info`, or targets with levels such as `warn,pavise=debug`"
        )
    })?;
    let log = tracing_subscriber::fmt()
        .with_env_filter(filter)
        .with_writer(std::io::stderr)
        // Where the log cannot be written, on a full disk, neither can that: it would panic, and the site end.
        .log_internal_errors(false)
        .with_target(false);
    match std::env::var("PAVISE_LOG_FORMAT").as_deref() {
        Ok("json") => log.json().flatten_event(true).with_span_list(false).init(),
        Ok("text") | Err(_) => log.with_ansi(std::io::stderr().is_terminal()).init(),
        Ok(other) => return Err(format!("PAVISE_LOG_FORMAT is `{other}`: expected `text` or `json`")),
    }
    std::panic::set_hook(Box::new(|panic| tracing::error!(%panic, "a defect: please report it")));
    Ok(())
}

/// A request's line, and with it what the collector of traces hears: method, path, status, time and bytes. Queries stay out: they
/// are the reader's own.
pub struct Line(Option<Begun>);

struct Begun {
    method: Method,
    path: String,
    trace: Trace,
    told: Told,
    start: Instant,
}

impl Line {
    /// The line of a request that has just come.
    pub fn begin(method: &Method, uri: &Uri, trace: Trace, told: Told) -> Self {
        let is_heard = tracing::enabled!(Level::INFO) || !told.is_nothing();
        let begun =
            || Begun { method: method.clone(), path: printable(uri.path()), trace, told, start: Instant::now() };
        Self(is_heard.then(begun))
    }

    /// Lets the line be written when the answer is sent.
    pub fn end(self, response: Response) -> Response {
        let Some(mut request) = self.0 else { return response };
        request.told.answered(&request.method, &response);
        let status = response.status();
        response.map(|body| Body::new(Counted { body, bytes: 0, request, status }))
    }
}

/// A path as a browser would write it: nothing else in it does anything to a terminal.
pub fn printable(path: &str) -> String {
    utf8_percent_encode(path, CONTROLS).to_string()
}

/// A body that counts its bytes and writes its line when it is dropped: sent, or given up by the client.
struct Counted {
    body: Body,
    bytes: u64,
    request: Begun,
    status: StatusCode,
}

impl HttpBody for Counted {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        if let Poll::Ready(Some(Ok(frame))) = &polled {
            self.bytes += frame.data_ref().map_or(0, |data| data.len() as u64);
        }
        polled
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        self.request.told.sent(self.bytes);
        let ms = self.request.start.elapsed().as_secs_f64() * 1000.0;
        tracing::info!(
            method = %self.request.method,
            path = self.request.path,
            status = self.status.as_u16(),
            ms = format_args!("{ms:.1}"),
            bytes = self.bytes,
            trace = %self.request.trace,
            "answered"
        );
    }
}
