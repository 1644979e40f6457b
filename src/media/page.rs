//! `GET /media/<set>/<file>`: a file that was made of a picture, for ever the same.

use super::{Alt, Picture, store};
use crate::{
    error::AppError,
    server::{db, db::Db, security::SHOWN_ELSEWHERE},
};
use axum::{
    extract::Path,
    http::{HeaderName, header},
    response::{IntoResponse, Redirect, Response},
};

/// Pictures are shown inside pages only. Opened on its own, an SVG is a document: this keeps it from running anything.
const ALONE: &str = "default-src 'none'; style-src 'unsafe-inline'; sandbox";

/// Answers with a file of a set; what stands before its width is for the reader who saves it.
///
/// An address with the hash of an editor's file is from an older version: it leads on, or has the file itself where nothing
/// was made of it yet.
pub async fn show(Path((name, file)): Path<(String, String)>) -> Result<Response, AppError> {
    if name.len() != 16 || !name.bytes().all(|byte| byte.is_ascii_hexdigit()) || file.contains('\0') {
        return Err(AppError::NotFound);
    }
    let db = db();
    let within = name_in_set(&file);
    if let Some(found) = store::file(&db, &name, within).await? {
        return Ok(answer(found));
    }
    let (width, made) = store::made(&db, &name).await?.ok_or(AppError::NotFound)?;
    if made.is_some() {
        let picture = Picture { hash: name, file, alt: Alt::Decorative, width, height: 0, made, focus: None };
        return Ok(Redirect::permanent(&picture.path()).into_response());
    }
    let original = store::original(&db, &name).await?.ok_or(AppError::NotFound)?;
    Ok(answer(original))
}

fn answer(file: store::StoredFile) -> Response {
    let (shown, elsewhere) = SHOWN_ELSEWHERE;
    let headers: [(HeaderName, String); 4] = [
        (shown, elsewhere.into()),
        (header::CONTENT_TYPE, file.media_type),
        (header::CACHE_CONTROL, "public, max-age=31536000, immutable".into()),
        (header::CONTENT_SECURITY_POLICY, ALONE.into()),
    ];
    (headers, file.bytes).into_response()
}

/// How many bytes the file at this address has; none where there is no such file, or the store does not say.
pub async fn size(db: &Db, path: &str) -> Option<i64> {
    let (set, file) = path.strip_prefix("/media/")?.split_once('/')?;
    store::size(db, set, name_in_set(file)).await.ok().flatten()
}

/// The name within its set of the file at an address: `640.avif` of `my-photo-640.avif`, `svg` of `flag-2.svg`.
fn name_in_set(file: &str) -> &str {
    if file.ends_with(".svg") { "svg" } else { file.rsplit_once('-').map_or(file, |(_, name)| name) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::{Fallback, testing::picture, widths};

    #[test]
    fn every_address_of_a_picture_ends_in_the_name_of_a_file() {
        let last = |path: &str| name_in_set(path.rsplit('/').next().unwrap_or_default()).to_owned();
        let photo = picture("a-1.jpg", 500, 400, Some(Fallback::Png));
        assert_eq!(last(&photo.path()), "500.png");
        let srcset = photo.srcset("webp").expect("files");
        let files: Vec<_> = srcset.split(',').map(|one| last(one.split(' ').next().unwrap_or_default())).collect();
        assert_eq!(files, widths(500).map(|width| format!("{width}.webp")).collect::<Vec<_>>());
        assert_eq!(last(&picture("a-1.svg", 500, 400, Some(Fallback::Svg)).path()), "svg");
    }
}
