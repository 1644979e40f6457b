//! `GET /media/<hash>/<file>`: a picture's bytes, for ever the same.

use crate::{
    error::AppError,
    server::{db, security::SHOWN_ELSEWHERE},
};
use axum::{
    extract::Path,
    http::{HeaderName, header},
    response::IntoResponse,
};

/// Pictures are shown inside pages only. Opened on its own, an SVG is a document: this keeps it from running anything.
const ALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Answers with the picture that has this hash; the file name is for the reader who saves it.
pub async fn show(Path((hash, _file)): Path<(String, String)>) -> Result<impl IntoResponse, AppError> {
    if hash.len() != 16 || !hash.bytes().all(|byte| byte.is_ascii_hexdigit()) {
        return Err(AppError::NotFound);
    }
    let picture = super::store::by_hash(&db(), &hash).await?.ok_or(AppError::NotFound)?;
    let (shown, elsewhere) = SHOWN_ELSEWHERE;
    let headers: [(HeaderName, String); 6] = [
        (shown, elsewhere.into()),
        (header::CONTENT_TYPE, picture.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".into()),
        // Weak, and different by encoding: an SVG is compressed on its way.
        (header::ETAG, format!("W/\"{hash}\"")),
        (header::VARY, "accept-encoding".into()),
        (header::CONTENT_SECURITY_POLICY, ALONE.into()),
    ];
    Ok((headers, picture.bytes))
}
