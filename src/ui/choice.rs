//! What a reader chooses once and keeps: a cookie, a form that sets it, and the way back.

use axum::{
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
};

/// The value of a cookie.
pub fn cookie<'a>(request: &'a HeaderMap, name: &str) -> Option<&'a str> {
    request
        .get_all(header::COOKIE)
        .iter()
        .filter_map(|cookies| cookies.to_str().ok())
        .flat_map(|cookies| cookies.split(';'))
        .find_map(|cookie| cookie.trim().strip_prefix(name)?.strip_prefix('='))
}

/// Keeps a choice in a cookie for a year, and leads back.
///
/// The page's bytes are the same whatever its query, so the form knows the page's path alone, `back`; a browser that says where it
/// comes from gets its query back as well. `part` is the id of the part of the page to come back to; without one, its top.
pub fn keep(name: &str, value: &str, uri: &Uri, request: &HeaderMap, back: &str, part: Option<&str>) -> Response {
    let cookie = format!("{name}={value}; Path=/; Max-Age=31536000; SameSite=Lax");
    let back = referer_here(uri, request).unwrap_or_else(|| back.to_owned());
    let part = part.map(|id| format!("#{id}")).unwrap_or_default();
    let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, own_path(&back).to_owned() + &part)];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The path and query of the page that the request comes from, if that is one of this host.
fn referer_here(uri: &Uri, request: &HeaderMap) -> Option<String> {
    let text = |name| request.get(name)?.to_str().ok();
    let referer: Uri = text(header::REFERER)?.parse().ok()?;
    // HTTP/2 has the host in the request's own address.
    let host = uri.authority().map(|authority| authority.as_str()).or_else(|| text(header::HOST))?;
    let here = referer.authority()?.as_str() == host;
    here.then(|| referer.path_and_query().map(ToString::to_string)).flatten()
}

/// `path` if it is one on this site, else the front page: a form can be sent with any words in it.
fn own_path(path: &str) -> &str {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_way_back_never_leaves_the_site() {
        assert_eq!(own_path("/blog/2023/03/a/?q=x"), "/blog/2023/03/a/?q=x");
        for bad in [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nx: y",
            "/ä",
        ] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
