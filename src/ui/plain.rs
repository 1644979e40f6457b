//! The words of a page alone: at its address with `.txt` in place of the last slash.

use crate::server::site;
use axum::{
    http::header,
    response::{IntoResponse, Response},
};

/// The address of the words alone of the page at `path`.
pub fn text_path(path: &str) -> String {
    format!("{}.txt", path.trim_end_matches('/'))
}

/// Answers with the words of the page at `path`, which `words` makes, given the page's whole address.
pub fn plain(path: &str, words: impl FnOnce(&str) -> String) -> Response {
    let address = format!("{}{path}", site().settings.base_url);
    let headers = [
        (header::CONTENT_TYPE, "text/plain; charset=utf-8".to_owned()),
        (header::CACHE_CONTROL, "no-cache".to_owned()),
        (header::LINK, format!("<{address}>; rel=\"canonical\"")),
    ];
    (headers, words(&address)).into_response()
}
