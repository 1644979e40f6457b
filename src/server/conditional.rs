//! Conditional requests: pages get an ETag made from their bytes, and a client that has those bytes gets 304.

use super::hash;
use axum::{
    body::{Body, Bytes, HttpBody as _, to_bytes},
    extract::Request,
    http::{HeaderMap, HeaderValue, Method, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};

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
        Some(etag) if matches_etag(&conditions, etag) => {
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

/// The bytes of a body that a handler made, which is whole already.
async fn whole(body: Body) -> Result<Bytes, axum::Error> {
    let length = body.size_hint().upper().and_then(|upper| usize::try_from(upper).ok());
    to_bytes(body, length.unwrap_or(usize::MAX)).await
}

#[cfg(test)]
mod tests {
    use super::*;

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
