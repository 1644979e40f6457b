//! The browser's files, held in memory under names that change with their bytes, compressed once at the start.
//!
//! The names are made here and not by cargo-leptos: they are right under `cargo leptos watch` too, and no hash file has
//! to travel beside the program.

use super::{hash, security::Csp};
use crate::{drawing::icons, ui::shield::FAVICON};
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Everything that pages refer to, by address.
pub struct Assets {
    files: HashMap<String, Asset>,
    /// The styles of every page, which are in the page itself.
    pub css: String,
    /// Under `cargo leptos watch`: the file of the styles, which then have the address that its reload script looks for.
    watched_css: Option<PathBuf>,
    /// The address of the browser's JavaScript, which loads the WebAssembly.
    pub js: String,
    /// The address of the browser's WebAssembly.
    pub wasm: String,
    /// The Content-Security-Policy of every page.
    pub csp: Csp,
}

/// One file, in each encoding that makes it smaller.
struct Asset {
    media_type: &'static str,
    /// Whether the address has a hash in it, so that its bytes never change.
    immutable: bool,
    etag: HeaderValue,
    identity: Bytes,
    brotli: Option<Bytes>,
    gzip: Option<Bytes>,
}

/// Where `cargo leptos watch` expects the styles.
pub const WATCHED_CSS: &str = "/pkg/pavise.css";

/// Where the styles say that the face of the headings is.
const FACE: &str = "/newsreader.woff2";

/// A file of the site that cannot be read.
#[derive(Debug, thiserror::Error)]
#[error("LEPTOS_SITE_ROOT: {} cannot be read ({error}): expected the folder that `make build` fills", file.display())]
pub struct MissingAsset {
    file: PathBuf,
    error: io::Error,
}

impl Assets {
    /// Reads the folder that cargo-leptos fills: `pkg/` and the files of `public/`.
    pub fn load(site_root: &Path, watch: bool) -> Result<Self, MissingAsset> {
        let pkg = site_root.join("pkg");
        let css_file = pkg.join("pavise.css");
        let css = String::from_utf8_lossy(&read(&css_file)?).trim().to_owned();
        let mut files = HashMap::new();
        let js = add_hashed(&mut files, "pavise", "js", read(&pkg.join("pavise.js"))?);
        let wasm = add_hashed(&mut files, "pavise", "wasm", read(&pkg.join("pavise.wasm"))?);
        for file in public_files(site_root)? {
            let address = format!("/{}", file.strip_prefix(site_root).unwrap_or(&file).display());
            let bytes = read(&file)?;
            files.insert(address, Asset::new(media_type(&file), false, bytes));
        }
        for (name, picture) in icons(&FAVICON) {
            files.insert(format!("/{name}"), Asset::new(media_type(Path::new(name)), false, picture));
        }
        let css = hash_face(css, &mut files);
        let csp = Csp::new(&css, watch);
        Ok(Self { files, css, watched_css: watch.then_some(css_file), js, wasm, csp })
    }

    /// Answers with the file at `path`; nothing if there is none.
    pub fn respond(&self, path: &str, request: &HeaderMap) -> Option<Response> {
        if let Some(file) = self.watched_css.as_ref().filter(|_| path == WATCHED_CSS) {
            return Some(Asset::new("text/css; charset=utf-8", false, read(file).ok()?).respond(request));
        }
        Some(self.files.get(path)?.respond(request))
    }
}

impl Asset {
    fn new(media_type: &'static str, immutable: bool, bytes: Vec<u8>) -> Self {
        let smaller = |compressed: Vec<u8>| (compressed.len() < bytes.len()).then(|| Bytes::from(compressed));
        // Weak: the same file goes out in several encodings.
        let etag = format!("W/\"{}\"", hash::hex(&bytes, 8));
        Self {
            media_type,
            immutable,
            etag: HeaderValue::from_str(&etag).unwrap_or(HeaderValue::from_static("\"\"")),
            brotli: smaller(brotli(&bytes)),
            gzip: smaller(gzip(&bytes)),
            identity: bytes.into(),
        }
    }

    fn respond(&self, request: &HeaderMap) -> Response {
        let mut headers = HeaderMap::new();
        let mut set = |name: HeaderName, value: &'static str| headers.insert(name, HeaderValue::from_static(value));
        set(header::CONTENT_TYPE, self.media_type);
        set(header::VARY, "accept-encoding");
        set(
            header::CACHE_CONTROL,
            if self.immutable { "public, max-age=31536000, immutable" } else { "public, max-age=86400" },
        );
        headers.insert(header::ETAG, self.etag.clone());
        if super::conditional::matches_etag(request, &self.etag) {
            return (StatusCode::NOT_MODIFIED, headers).into_response();
        }
        let (encoding, body) = match (&self.brotli, &self.gzip) {
            (Some(brotli), _) if accepts(request, "br") => (Some("br"), brotli),
            (_, Some(gzip)) if accepts(request, "gzip") => (Some("gzip"), gzip),
            _ => (None, &self.identity),
        };
        if let Some(encoding) = encoding {
            headers.insert(header::CONTENT_ENCODING, HeaderValue::from_static(encoding));
        }
        (headers, body.clone()).into_response()
    }
}

/// The icon in the forms that browsers and telephones ask for. Where it cannot be drawn they are not there.
fn icons(svg: &str) -> Vec<(&'static str, Vec<u8>)> {
    const PAPER: Option<&str> = Some("#fdfbf6");
    let icons = [
        ("favicon.svg", Some(svg.as_bytes().to_vec())),
        ("favicon.ico", icons::png(svg, 32, 0, None).map(|png| icons::ico(&png))),
        ("apple-touch-icon.png", icons::png(svg, 180, 12, PAPER)),
        ("icon-192.png", icons::png(svg, 192, 0, None)),
        ("icon-512.png", icons::png(svg, 512, 0, None)),
        // A fifth on each side may be cut off.
        ("icon-maskable-512.png", icons::png(svg, 512, 22, PAPER)),
    ];
    icons.into_iter().filter_map(|(name, icon)| Some((name, icon?))).collect()
}

fn add_hashed(files: &mut HashMap<String, Asset>, name: &str, extension: &str, bytes: Vec<u8>) -> String {
    let address = format!("/pkg/{name}.{}.{extension}", hash::hex(&bytes, 8));
    files.insert(address.clone(), Asset::new(media_type(Path::new(&address)), true, bytes));
    address
}

/// Puts the face of the headings under an address that changes with its bytes, so that readers keep it for ever.
fn hash_face(css: String, files: &mut HashMap<String, Asset>) -> String {
    let Some(face) = files.get(FACE).map(|face| face.identity.to_vec()) else { return css };
    let address = add_hashed(files, "headings", "woff2", face);
    css.replace(FACE, &address)
}

/// The files at the top of the site's folder and below, but for `pkg/`, which has what cargo-leptos made.
fn public_files(dir: &Path) -> Result<Vec<PathBuf>, MissingAsset> {
    let failed = |error| MissingAsset { file: dir.to_owned(), error };
    let mut files = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !path.is_dir() {
            files.push(path);
        } else if !path.ends_with("pkg") {
            files.extend(public_files(&path)?);
        }
    }
    Ok(files)
}

fn read(file: &Path) -> Result<Vec<u8>, MissingAsset> {
    fs::read(file).map_err(|error| MissingAsset { file: file.to_owned(), error })
}

fn media_type(file: &Path) -> &'static str {
    match file.extension().and_then(|extension| extension.to_str()) {
        Some("js") => "text/javascript; charset=utf-8",
        Some("wasm") => "application/wasm",
        Some("css") => "text/css; charset=utf-8",
        Some("svg") => "image/svg+xml",
        Some("png") => "image/png",
        Some("ico") => "image/x-icon",
        Some("txt") => "text/plain; charset=utf-8",
        Some("woff2") => "font/woff2",
        Some("webmanifest") => "application/manifest+json",
        _ => "application/octet-stream",
    }
}

/// Whether the client takes this encoding: it is named, and not with a weight of nothing.
fn accepts(request: &HeaderMap, encoding: &str) -> bool {
    request
        .get_all(header::ACCEPT_ENCODING)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|part| {
            let (name, weight) = part.split_once(';').unwrap_or((part, "q=1"));
            let weight = weight.trim().strip_prefix("q=").and_then(|q| q.trim().parse::<f32>().ok());
            name.trim().eq_ignore_ascii_case(encoding) && weight != Some(0.0)
        })
}

fn brotli(bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::new();
    let params = brotli::enc::BrotliEncoderParams { quality: 11, size_hint: bytes.len(), ..Default::default() };
    match brotli::BrotliCompress(&mut &bytes[..], &mut out, &params) {
        Ok(_) => out,
        Err(_) => bytes.to_vec(),
    }
}

fn gzip(bytes: &[u8]) -> Vec<u8> {
    use flate2::{Compression, write::GzEncoder};
    use io::Write as _;
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    match encoder.write_all(bytes).and_then(|()| encoder.finish()) {
        Ok(out) => out,
        Err(_) => bytes.to_vec(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn request(name: HeaderName, value: &str) -> HeaderMap {
        HeaderMap::from_iter([(name, HeaderValue::from_str(value).expect("a header"))])
    }

    fn encoding(asset: &Asset, accept: &str) -> Option<String> {
        let response = asset.respond(&request(header::ACCEPT_ENCODING, accept));
        response.headers().get(header::CONTENT_ENCODING).map(|value| value.to_str().expect("text").to_owned())
    }

    #[test]
    fn a_file_goes_out_in_the_best_encoding_that_the_client_takes() {
        let asset = Asset::new("text/plain", true, vec![b'a'; 4000]);
        assert_eq!(encoding(&asset, "gzip, deflate, br, zstd").as_deref(), Some("br"));
        assert_eq!(encoding(&asset, "gzip, br;q=0").as_deref(), Some("gzip"));
        assert_eq!(encoding(&asset, "identity"), None);
        let incompressible = Asset::new("image/png", true, vec![1, 2, 3]);
        assert_eq!(encoding(&incompressible, "br, gzip"), None);
    }

    #[test]
    fn a_client_that_has_the_file_is_told_so() {
        let asset = Asset::new("text/plain", true, vec![b'a'; 4000]);
        let etag = asset.etag.to_str().expect("text").to_owned();
        assert_eq!(asset.respond(&request(header::IF_NONE_MATCH, &etag)).status(), StatusCode::NOT_MODIFIED);
        assert_eq!(asset.respond(&request(header::IF_NONE_MATCH, "\"other\"")).status(), StatusCode::OK);
    }
}
