//! A finished answer: its bytes in each encoding, made once, with what a client needs to know whether it has them already.
//!
//! Assets and finished pages are both of this kind. A client gets the smallest form that it takes.

use super::hash;
use axum::{
    body::{Body, HttpBody},
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    response::Response,
};
use bytes::Bytes;
use flate2::{Compression, write::GzEncoder};
use http_body::{Frame, SizeHint};
use std::{
    convert::Infallible,
    io::Write as _,
    pin::Pin,
    sync::{
        OnceLock,
        atomic::{AtomicBool, Ordering},
    },
    task::{Context, Poll},
};

/// How bytes are made smaller on their way.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Encoding {
    Brotli,
    Zstd,
    Gzip,
}

impl Encoding {
    /// From the smallest result to the largest.
    const ALL: [Self; 3] = [Self::Brotli, Self::Zstd, Self::Gzip];

    fn name(self) -> &'static str {
        match self {
            Self::Brotli => "br",
            Self::Zstd => "zstd",
            Self::Gzip => "gzip",
        }
    }

    /// The best that the client takes: it is named, and not with a weight of nothing.
    fn taken_by(request: &HeaderMap) -> Option<Self> {
        let mut best = None;
        for value in request.get_all(header::ACCEPT_ENCODING) {
            for part in value.to_str().unwrap_or_default().split(',') {
                let (name, weight) = part.split_once(';').unwrap_or((part, ""));
                let refused = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse().ok()) == Some(0.0_f32);
                let named = Self::ALL.iter().position(|known| name.trim().eq_ignore_ascii_case(known.name()));
                if let Some(named) = named.filter(|named| !refused && best.is_none_or(|best| *named < best)) {
                    best = Some(named);
                }
            }
        }
        best.map(|best| Self::ALL[best])
    }
}

/// The bytes in one encoding, with the headers of an answer that has them.
#[derive(Debug)]
struct Form {
    headers: HeaderMap,
    body: Bytes,
}

/// A finished answer.
#[derive(Debug)]
pub struct Answer {
    status: StatusCode,
    headers: HeaderMap,
    /// What an ETag of it begins with; none where it is no 200.
    name: Option<String>,
    /// The bytes in the form that is always there: brotli where that makes them smaller.
    source: Form,
    is_brotli: bool,
    /// In brotli at its best.
    best: OnceLock<Form>,
    /// Whether someone has set out to make that.
    best_is_begun: AtomicBool,
    identity: OnceLock<Form>,
    zstd: OnceLock<Form>,
    gzip: OnceLock<Form>,
}

/// A level that takes half a millisecond for a page; the best takes 30, for a tenth of the bytes.
const QUICK: i32 = 5;
const BEST: i32 = 11;

impl Answer {
    /// An answer with these headers and bytes, compressed quickly.
    pub fn new(status: StatusCode, headers: HeaderMap, identity: Bytes) -> Self {
        Self::made(status, headers, identity, Some(QUICK))
    }

    /// An answer whose bytes are compressed as well as can be at once: it is made at the start and kept for ever.
    pub fn lasting(headers: HeaderMap, identity: Bytes) -> Self {
        let answer = Self::made(StatusCode::OK, headers, identity, Some(BEST));
        answer.best_is_begun.store(true, Ordering::Relaxed);
        answer
    }

    /// An answer that is not compressed: it goes to the next program, and is soon another.
    pub fn fleeting(headers: HeaderMap, identity: Bytes) -> Self {
        Self::made(StatusCode::OK, headers, identity, None)
    }

    fn made(status: StatusCode, mut headers: HeaderMap, identity: Bytes, level: Option<i32>) -> Self {
        headers.remove(header::ETAG);
        headers.remove(header::CONTENT_LENGTH);
        // The headers are a part of it: who keeps the bytes keeps the policy that came with them.
        let mut named = identity.to_vec();
        headers.values().for_each(|value| named.extend(value.as_bytes()));
        let name = (status == StatusCode::OK).then(|| hash::hex(&named, 12));
        let level = level.filter(|_| is_compressible(&headers));
        let compressed = level.map(|level| (level, brotli(&identity, level)));
        let compressed = compressed.filter(|(_, compressed)| compressed.len() < identity.len());
        let is_brotli = compressed.is_some();
        if is_brotli {
            let others = headers.get(header::VARY).and_then(|vary| vary.to_str().ok());
            let all = others.map_or("accept-encoding".to_owned(), |others| format!("{others}, accept-encoding"));
            headers.insert(header::VARY, HeaderValue::from_str(&all).unwrap_or(HeaderValue::from_static("*")));
        }
        let mut answer = Self {
            status,
            headers,
            name,
            source: Form { headers: HeaderMap::new(), body: Bytes::new() },
            is_brotli,
            best: OnceLock::new(),
            best_is_begun: AtomicBool::new(!is_brotli),
            identity: OnceLock::new(),
            zstd: OnceLock::new(),
            gzip: OnceLock::new(),
        };
        answer.source = match compressed {
            // Strong: the same bytes under the same name. So each level has its own.
            Some((level, compressed)) => answer.form(Some(Encoding::Brotli), &format!("-br{level}"), compressed),
            None => answer.form(None, "", identity),
        };
        answer
    }

    fn form(&self, encoding: Option<Encoding>, suffix: &str, body: Bytes) -> Form {
        let mut headers = self.headers.clone();
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding.name()));
        }
        if let Some(name) = &self.name
            && let Ok(etag) = HeaderValue::from_str(&format!("\"{name}{suffix}\""))
        {
            headers.insert(header::ETAG, etag);
        }
        Form { headers, body }
    }

    /// How many bytes of memory it takes.
    pub fn weight(&self) -> usize {
        /// The headers of one form, roughly.
        const HEADERS: usize = 2048;
        let more = [&self.best, &self.identity, &self.zstd, &self.gzip].into_iter().filter_map(OnceLock::get);
        2 * HEADERS + self.source.body.len() + more.map(|form| HEADERS + form.body.len()).sum::<usize>()
    }

    /// Answers a GET or HEAD: 304 where the client has it, else the form that suits the client.
    pub fn respond(&self, method: &Method, request: &HeaderMap) -> Response {
        self.respond_keeping(method, request, |bytes| bytes)
    }

    /// The same, with what `keep` makes of the bytes.
    pub fn respond_keeping(&self, method: &Method, request: &HeaderMap, keep: impl FnOnce(Bytes) -> Bytes) -> Response {
        if let Some(etag) = self.held_by(request) {
            let mut response = Response::new(Body::empty());
            *response.status_mut() = StatusCode::NOT_MODIFIED;
            for name in [header::CACHE_CONTROL, header::VARY] {
                if let Some(value) = self.headers.get(&name) {
                    response.headers_mut().insert(name, value.clone());
                }
            }
            response.headers_mut().insert(header::ETAG, etag);
            return response;
        }
        let form = self.form_for(request);
        let body = match *method {
            Method::HEAD => Body::new(Unsent(SizeHint::with_exact(form.body.len() as u64))),
            _ => Body::from(keep(form.body.clone())),
        };
        let mut response = Response::new(body);
        *response.status_mut() = self.status;
        response.headers_mut().clone_from(&form.headers);
        response
    }

    fn form_for(&self, request: &HeaderMap) -> &Form {
        if !self.is_brotli {
            return &self.source;
        }
        match Encoding::taken_by(request) {
            Some(Encoding::Brotli) => self.best.get().unwrap_or(&self.source),
            Some(Encoding::Zstd) => self.encoded(&self.zstd, Encoding::Zstd, zstd),
            Some(Encoding::Gzip) => self.encoded(&self.gzip, Encoding::Gzip, gzip),
            None => self.identity.get_or_init(|| self.form(None, "", self.plain())),
        }
    }

    /// The form in this encoding, which is made when it is first asked for.
    fn encoded<'a>(&'a self, form: &'a OnceLock<Form>, encoding: Encoding, compress: fn(&[u8]) -> Bytes) -> &'a Form {
        form.get_or_init(|| self.form(Some(encoding), &format!("-{}", encoding.name()), compress(&self.plain())))
    }

    /// The bytes as they were given.
    pub fn plain(&self) -> Bytes {
        match self.identity.get() {
            Some(form) => form.body.clone(),
            None if self.is_brotli => unbrotli(&self.source.body),
            None => self.source.body.clone(),
        }
    }

    /// Whether a better form can be made, which nobody has begun: the one who is told so has to.
    pub fn begin_best(&self) -> bool {
        !self.best_is_begun.load(Ordering::Relaxed) && !self.best_is_begun.swap(true, Ordering::Relaxed)
    }

    /// Makes the form that is the smallest. It takes long.
    pub fn make_best(&self) {
        let body = brotli(&self.plain(), BEST);
        let _ = self.best.set(self.form(Some(Encoding::Brotli), &format!("-br{BEST}"), body));
    }

    /// The ETag of the form that the client says it has, compared weakly as RFC 9110, 13.1.2 has it. The form does not matter:
    /// what is in it is the same.
    fn held_by(&self, request: &HeaderMap) -> Option<HeaderValue> {
        let name = self.name.as_ref()?;
        let tags = request.get_all(header::IF_NONE_MATCH).iter().filter_map(|value| value.to_str().ok());
        let tags = tags.flat_map(|value| value.split(',')).map(str::trim);
        for tag in tags {
            if tag == "*" {
                return self.source.headers.get(header::ETAG).cloned();
            }
            let tag = tag.trim_start_matches("W/");
            if tag.strip_prefix('"').is_some_and(|tag| tag.starts_with(name.as_str())) {
                return HeaderValue::from_str(tag).ok();
            }
        }
        None
    }
}

/// Whether bytes of this kind become smaller, and are not so already.
fn is_compressible(headers: &HeaderMap) -> bool {
    let media_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = media_type.split(';').next().unwrap_or_default().trim();
    !headers.contains_key(header::CONTENT_ENCODING)
        && (media_type.starts_with("text/")
            || media_type.ends_with("+xml")
            || media_type.ends_with("json")
            || matches!(media_type, "application/xml" | "application/wasm" | "image/x-icon"))
}

fn brotli(bytes: &[u8], quality: i32) -> Bytes {
    let mut out = Vec::new();
    // A window that is no larger than what it looks back on: the largest one is 8 MB to be cleared. Below 17 bits this
    // encoder takes another way that is 20 times slower.
    let lgwin = (usize::BITS - bytes.len().leading_zeros()).clamp(17, 22) as i32;
    let params = brotli::enc::BrotliEncoderParams { quality, lgwin, size_hint: bytes.len(), ..Default::default() };
    match brotli::BrotliCompress(&mut &bytes[..], &mut out, &params) {
        Ok(_) => out.into(),
        // Writing to memory does not fail; if it did, this is not smaller and so not used.
        Err(_) => Bytes::copy_from_slice(bytes),
    }
}

fn unbrotli(bytes: &[u8]) -> Bytes {
    let mut out = Vec::new();
    // It is what the function above made.
    let _ = brotli::BrotliDecompress(&mut &bytes[..], &mut out);
    out.into()
}

fn zstd(bytes: &[u8]) -> Bytes {
    zstd::bulk::compress(bytes, 12).unwrap_or_default().into()
}

fn gzip(bytes: &[u8]) -> Bytes {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(bytes).and_then(|()| encoder.finish()).unwrap_or_default().into()
}

/// A body that is not sent but has the size of the one that would be: hyper writes `Content-Length` from it, or leaves it
/// out where the size of a GET is not known before it is sent.
pub(super) struct Unsent(pub(super) SizeHint);

impl HttpBody for Unsent {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(self: Pin<&mut Self>, _: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        Poll::Ready(None)
    }

    fn size_hint(&self) -> SizeHint {
        self.0
    }
}

/// Bytes that keep something until the last part of them is sent, or given up.
pub(super) fn with(bytes: Bytes, kept: impl Send + 'static) -> Bytes {
    struct Keeping<T> {
        bytes: Bytes,
        _kept: T,
    }
    impl<T> AsRef<[u8]> for Keeping<T> {
        fn as_ref(&self) -> &[u8] {
            &self.bytes
        }
    }
    Bytes::from_owner(Keeping { bytes, _kept: kept })
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;

    #[test]
    fn bytes_keep_something_until_their_last_part_is_gone() {
        let kept = Arc::new(());
        let mut first = with(Bytes::from_static(b"a picture"), Arc::clone(&kept));
        let part = first.split_off(2);
        drop(first);
        assert_eq!((&part[..], Arc::strong_count(&kept)), (&b"picture"[..], 2));
        drop(part);
        assert_eq!(Arc::strong_count(&kept), 1);
    }

    fn request(name: header::HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("a header"))])
    }

    fn page(text: &str) -> Answer {
        let headers = request(header::CONTENT_TYPE, "text/html");
        Answer::new(StatusCode::OK, headers, text.repeat(400).into())
    }

    fn header_of(response: &Response, name: header::HeaderName) -> Option<&str> {
        response.headers().get(name).map(|value| value.to_str().expect("text"))
    }

    fn sent(answer: &Answer, accept: &str) -> (Option<String>, String, u64) {
        let response = answer.respond(&Method::GET, &request(header::ACCEPT_ENCODING, accept));
        let owned = |name| header_of(&response, name).map(str::to_owned);
        let size = response.body().size_hint().exact().expect("a size");
        (owned(header::CONTENT_ENCODING), owned(header::ETAG).expect("an ETag"), size)
    }

    #[test]
    fn an_answer_goes_out_in_the_best_encoding_that_the_client_takes() {
        let answer = page("abcdefgh ");
        let encoding = |accept| sent(&answer, accept).0;
        assert_eq!(encoding("gzip, deflate, br, zstd").as_deref(), Some("br"));
        assert_eq!(encoding("gzip, zstd, br;q=0").as_deref(), Some("zstd"));
        assert_eq!(encoding("gzip;q=0.5").as_deref(), Some("gzip"));
        assert_eq!(encoding("identity"), None);
        assert_eq!(sent(&answer, "").2, 3600);
        let picture = Answer::new(StatusCode::OK, request(header::CONTENT_TYPE, "image/avif"), vec![b'a'; 999].into());
        assert_eq!(sent(&picture, "br").0, None);
    }

    #[test]
    fn each_form_has_its_own_strong_etag_and_is_known_by_any_of_them() {
        let answer = page("abcdefgh ");
        let quick = sent(&answer, "br");
        assert!(answer.begin_best() && !answer.begin_best(), "one makes it");
        answer.make_best();
        let best = sent(&answer, "br");
        let known = best.1.clone();
        let tags = [quick.1, best.1, sent(&answer, "gzip").1, sent(&answer, "zstd").1, sent(&answer, "").1];
        let distinct: std::collections::HashSet<_> = tags.iter().collect();
        assert_eq!(distinct.len(), 5);
        for tag in tags {
            let held = answer.respond(&Method::GET, &request(header::IF_NONE_MATCH, &format!("\"x\", W/{tag}")));
            assert_eq!(held.status(), StatusCode::NOT_MODIFIED);
            assert_eq!(header_of(&held, header::ETAG), Some(tag.as_str()));
        }
        let held = |tag| answer.respond(&Method::GET, &request(header::IF_NONE_MATCH, tag)).status();
        assert_eq!(held("*"), StatusCode::NOT_MODIFIED);
        assert_eq!(held("\"other\""), StatusCode::OK);
        assert_eq!(page("other words").respond(&Method::GET, &request(header::IF_NONE_MATCH, &known)).status(), 200);
    }

    #[test]
    fn the_same_words_under_another_policy_are_another_answer() {
        let with = |policy| {
            let headers = request(header::CONTENT_SECURITY_POLICY, policy);
            sent(&Answer::new(StatusCode::OK, headers, "a page".into()), "").1
        };
        assert_ne!(with("default-src 'none'"), with("default-src 'self'"));
    }

    #[test]
    fn an_error_has_no_etag_and_is_never_not_modified() {
        let answer = Answer::new(StatusCode::NOT_FOUND, request(header::CONTENT_TYPE, "text/html"), "gone".into());
        let response = answer.respond(&Method::GET, &request(header::IF_NONE_MATCH, "*"));
        assert_eq!((response.status(), header_of(&response, header::ETAG)), (StatusCode::NOT_FOUND, None));
    }

    #[test]
    fn head_has_the_size_and_no_bytes() {
        let response = page("abcdefgh ").respond(&Method::HEAD, &HeaderMap::new());
        assert_eq!(response.body().size_hint().exact(), Some(3600));
        assert!(!response.body().is_end_stream());
    }
}
