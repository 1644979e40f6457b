//! Conditional requests: pages get an ETag made from their bytes, and a client that has those bytes gets 304.

use super::hash;
use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::fmt::rfc2822;

/// Adds an ETag to a successful GET or HEAD that has none, and answers 304 where the client has the same bytes.
///
/// The ETag is weak: the same page goes out in several encodings.
pub async fn answer(request: Request, next: Next) -> Response {
    let method = request.method().clone();
    let conditions = request.headers().clone();
    let response = next.run(request).await;
    if response.status() != StatusCode::OK || !matches!(method, Method::GET | Method::HEAD) {
        return response;
    }
    let (mut parts, body) = response.into_parts();
    let body = match parts.headers.get(header::ETAG) {
        Some(_) => body,
        // What is streamed is not gathered here to be named.
        None if body.size_hint().exact().is_none() => return Response::from_parts(parts, body),
        None => {
            let Ok(bytes) = whole(body).await else {
                return StatusCode::INTERNAL_SERVER_ERROR.into_response();
            };
            if let Ok(etag) = HeaderValue::from_str(&format!("W/\"{}\"", hash::hex(&bytes, 12))) {
                parts.headers.insert(header::ETAG, etag);
            }
            // The compression layer says so too, but not of a 304, which has to carry what a 200 would.
            parts.headers.append(header::VARY, HeaderValue::from_static("accept-encoding"));
            Body::from(bytes)
        }
    };
    match parts.headers.get(header::ETAG) {
        Some(etag) if matches_etag(&conditions, etag) || is_unchanged(&conditions, &parts.headers) => {
            parts.status = StatusCode::NOT_MODIFIED;
            parts.headers.remove(header::CONTENT_LENGTH);
            parts.headers.remove(header::CONTENT_TYPE);
            Response::from_parts(parts, Body::empty())
        }
        _ => Response::from_parts(parts, body),
    }
}

/// Whether `If-None-Match` names `etag`, compared weakly as RFC 9110, 13.1.2 has it.
pub fn matches_etag(request: &HeaderMap, etag: &HeaderValue) -> bool {
    let strong = |tag: &str| tag.trim().trim_start_matches("W/").to_owned();
    let Ok(etag) = etag.to_str().map(strong) else { return false };
    request
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|tag| tag.trim() == "*" || strong(tag) == etag)
}

/// Whether the answer has not changed since the date that the client has, as RFC 9110, 13.1.3 has it: only where the client
/// names no ETag.
fn is_unchanged(request: &HeaderMap, answer: &HeaderMap) -> bool {
    let date = |headers: &HeaderMap, name| {
        let text: &str = headers.get(name)?.to_str().ok()?;
        rfc2822::DateTimeParser::new().parse_timestamp(text).ok()
    };
    let (since, changed) = (date(request, header::IF_MODIFIED_SINCE), date(answer, header::LAST_MODIFIED));
    !request.contains_key(header::IF_NONE_MATCH) && since.zip(changed).is_some_and(|(since, changed)| changed <= since)
}

/// The bytes of a body that a handler made, which is whole already.
async fn whole(body: Body) -> Result<Bytes, axum::Error> {
    let length = body.size_hint().upper().and_then(|upper| usize::try_from(upper).ok());
    to_bytes(body, length.unwrap_or(usize::MAX)).await
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_counts_where_no_etag_is_named() {
        let headers = |name, value: &'static str| HeaderMap::from_iter([(name, HeaderValue::from_static(value))]);
        let changed = headers(header::LAST_MODIFIED, "Tue, 14 Mar 2023 00:00:00 GMT");
        let since = |value| headers(header::IF_MODIFIED_SINCE, value);
        assert!(is_unchanged(&since("Tue, 14 Mar 2023 00:00:00 GMT"), &changed));
        assert!(is_unchanged(&since("Wed, 15 Mar 2023 00:00:00 GMT"), &changed));
        assert!(!is_unchanged(&since("Mon, 13 Mar 2023 23:59:59 GMT"), &changed));
        assert!(!is_unchanged(&since("yesterday"), &changed));
        let mut both = since("Tue, 14 Mar 2023 00:00:00 GMT");
        both.insert(header::IF_NONE_MATCH, HeaderValue::from_static("\"other\""));
        assert!(!is_unchanged(&both, &changed));
    }

    #[test]
    fn an_etag_is_found_among_several_and_weakly() {
        let etag = HeaderValue::from_static("W/\"abc\"");
        let request =
            |value: &'static str| HeaderMap::from_iter([(header::IF_NONE_MATCH, HeaderValue::from_static(value))]);
        assert!(matches_etag(&request("\"x\", W/\"abc\""), &etag));
        assert!(matches_etag(&request("\"abc\""), &etag));
        assert!(matches_etag(&request("*"), &etag));
        assert!(!matches_etag(&request("\"abcd\""), &etag));
        assert!(!matches_etag(&HeaderMap::new(), &etag));
    }
}
