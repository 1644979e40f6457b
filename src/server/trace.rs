//! A name for each request, by which its line in the log and the causes of its failure are found: the trace that a proxy before this
//! program says it belongs to (W3C Trace Context), else one of its own.

use axum::http::{HeaderMap, HeaderName, HeaderValue};
use std::{
    fmt,
    hash::{BuildHasher as _, RandomState},
    sync::{
        LazyLock,
        atomic::{AtomicU64, Ordering},
    },
};

/// Where a trace is named, by who asks and by who answers.
const TRACEPARENT: HeaderName = HeaderName::from_static("traceparent");

/// The name of a trace: not zero.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Trace {
    id: u128,
    /// Whether who asks has named it.
    pub is_named: bool,
}

impl Trace {
    /// The trace that a request belongs to.
    pub fn of(request: &HeaderMap) -> Self {
        let named = request.get(TRACEPARENT).and_then(|value| parse(value.as_bytes()));
        Self { id: named.unwrap_or_else(new), is_named: named.is_some() }
    }

    /// The header that names it in an answer. Its second part would be this program's piece of the trace, and is the trace's own.
    pub fn header(self) -> (HeaderName, HeaderValue) {
        let value = HeaderValue::try_from(format!("00-{self}-{:016x}-00", self.id as u64 | 1));
        (TRACEPARENT, value.unwrap_or(HeaderValue::from_static("")))
    }
}

impl fmt::Display for Trace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{:032x}", self.id)
    }
}

/// A name that nobody else has.
fn new() -> u128 {
    static SEED: LazyLock<RandomState> = LazyLock::new(RandomState::new);
    static COUNT: AtomicU64 = AtomicU64::new(0);
    let count = COUNT.fetch_add(1, Ordering::Relaxed);
    // How many requests there were is nobody's business.
    let [high, low] = [0, 1].map(|half| u128::from(SEED.hash_one((count, half))));
    (high << 64 | low).max(1)
}

/// `00-<32 digits>-<16 digits>-<2 digits>`; a later version than 00 may go on after that.
fn parse(value: &[u8]) -> Option<u128> {
    let text = str::from_utf8(value).ok()?;
    let mut parts = text.splitn(5, '-');
    let mut next = |length: usize| {
        let digits = |part: &&str| part.bytes().all(|it| it.is_ascii_digit() || (b'a'..=b'f').contains(&it));
        parts.next().filter(|part| part.len() == length).filter(digits)
    };
    let (version, trace, span, _) = (next(2)?, next(32)?, next(16)?, next(2)?);
    let is_over = parts.next().is_none();
    let is_known = version != "ff" && (is_over || version != "00");
    let is_named = |id: &str| id.bytes().any(|it| it != b'0');
    (is_known && is_named(trace) && is_named(span)).then(|| u128::from_str_radix(trace, 16).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_trace_is_taken_from_who_asks_if_it_is_one() {
        let trace =
            |value: &'static str| Trace::of(&HeaderMap::from_iter([(TRACEPARENT, HeaderValue::from_static(value))]));
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
        assert_eq!(Trace::of(&HeaderMap::from_iter([(TRACEPARENT, given)])), trace(named));
    }

    #[test]
    fn each_request_has_its_own() {
        let [one, other] = [Trace::of(&HeaderMap::new()), Trace::of(&HeaderMap::new())];
        assert_ne!(one, other);
        assert!(!one.is_named && one.to_string().len() == 32);
    }
}
