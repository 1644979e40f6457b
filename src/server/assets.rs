//! The browser's files, held in memory under names that change with their bytes, compressed once at the start.
//!
//! The names are made here and not by cargo-leptos: they are right under `cargo leptos watch` too, and no hash file has
//! to travel beside the program.

use super::{answer::Answer, front::MEANINGFUL, hash, security::Csp, styles::Styles};
use crate::{browser::LOADER, drawing::icons, offline, ui::shield::FAVICON};
use axum::{
    body::Bytes,
    http::{HeaderMap, HeaderValue, header},
    response::{IntoResponse, Response},
};
use std::{
    collections::HashMap,
    fs, io,
    path::{Path, PathBuf},
};

/// Everything that pages refer to, by address.
pub struct Assets {
    files: HashMap<String, Answer>,
    /// The styles, which are in the pages themselves.
    pub styles: Styles,
    /// The same without fonts.
    pub styles_without_fonts: Styles,
    /// Under `cargo leptos watch`: the file of the styles, which then have the address that its reload script looks for.
    watched_css: Option<PathBuf>,
    /// The address of the browser's JavaScript, which loads the WebAssembly.
    pub js: String,
    /// The address of the browser's WebAssembly.
    pub wasm: String,
    /// The name of this release for readers' browsers: what has another one may not be mixed with it.
    pub release: String,
    /// The Content-Security-Policy of every answer.
    pub csp: Csp,
}

/// The bytes of a file, until its answer is made.
struct File {
    media_type: &'static str,
    kept: Kept,
    bytes: Bytes,
}

/// How long a file may be kept without asking.
#[derive(Clone, Copy)]
enum Kept {
    /// For ever: the address has a hash in it, so its bytes never change.
    ForEver,
    /// For a day.
    ForADay,
    /// Not at all.
    Never,
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
    /// Reads the folder that `make build` fills: `pkg/` and the files of `public/`. `keeps` says whether there is a service worker
    /// that keeps pages.
    pub fn load(site_root: &Path, watch: bool, keeps: bool) -> Result<Self, MissingAsset> {
        let pkg = site_root.join("pkg");
        let css_file = pkg.join("pavise.css");
        let css = String::from_utf8_lossy(&read(&css_file)?).trim().to_owned();
        let mut files = HashMap::new();
        let js = add_hashed(&mut files, "pavise", "js", read(&pkg.join("pavise.js"))?);
        let wasm = add_hashed(&mut files, "pavise", "wasm", read(&pkg.join("pavise.wasm"))?);
        for file in public_files(site_root)? {
            let address = format!("/{}", file.strip_prefix(site_root).unwrap_or(&file).display());
            let bytes = read(&file)?;
            files.insert(address, File::new(media_type(&file), Kept::ForADay, bytes));
        }
        for (name, picture) in icons(&FAVICON) {
            files.insert(format!("/{name}"), File::new(media_type(Path::new(name)), Kept::ForADay, picture));
        }
        let css = hash_face(css, &mut files);
        let mut search = None;
        let mut parts = vec![js.as_str(), &wasm, &css, &LOADER, env!("CARGO_PKG_VERSION")];
        if keeps {
            let wasm = add_hashed(&mut files, "search", "wasm", read(&pkg.join("search.wasm"))?);
            let glue = String::from_utf8_lossy(&read(&pkg.join("search.js"))?).into_owned();
            let (wasm, glue) = search.insert((wasm, glue));
            parts.extend([wasm.as_str(), glue, offline::SCRIPT]);
        }
        let release = hash::hex(parts.join("\n").as_bytes(), 4);
        let worker = match &search {
            Some((search, glue)) => offline::worker(&release, &MEANINGFUL, &[&js, &wasm, search], glue),
            None => offline::RETIRE.to_owned(),
        };
        let worker = File::new(media_type(Path::new(offline::WORKER)), Kept::Never, worker.into_bytes());
        files.insert(offline::WORKER.to_owned(), worker);
        let csp = Csp::new(watch);
        let styles = Styles::new(&css);
        let styles_without_fonts = Styles::without_fonts(&css);
        let files = files.into_iter().map(|(address, file)| (address, file.answer(&csp, watch))).collect();
        Ok(Self { files, styles, styles_without_fonts, watched_css: watch.then_some(css_file), js, wasm, release, csp })
    }

    /// The answer with the file at `path`.
    pub fn get(&self, path: &str) -> Option<&Answer> {
        self.files.get(path)
    }

    /// Under `cargo leptos watch`, the styles as they are now.
    pub fn watched(&self, path: &str) -> Option<Response> {
        let file = self.watched_css.as_ref().filter(|_| path == WATCHED_CSS)?;
        Some(([(header::CONTENT_TYPE, "text/css; charset=utf-8")], read(file).ok()?).into_response())
    }
}

impl File {
    fn new(media_type: &'static str, kept: Kept, bytes: Vec<u8>) -> Self {
        Self { media_type, kept, bytes: bytes.into() }
    }

    fn answer(self, csp: &Csp, watch: bool) -> Answer {
        let kept = match self.kept {
            Kept::ForEver => "public, max-age=31536000, immutable",
            Kept::ForADay => "public, max-age=86400",
            Kept::Never => "no-cache",
        };
        let mut headers = HeaderMap::new();
        headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(self.media_type));
        headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(kept));
        csp.protect(&mut headers);
        // To make megabytes of unoptimised WebAssembly small takes longer than to compile the change that someone waits for.
        if watch { Answer::fleeting(headers, self.bytes) } else { Answer::lasting(headers, self.bytes) }
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

fn add_hashed(files: &mut HashMap<String, File>, name: &str, extension: &str, bytes: Vec<u8>) -> String {
    let address = format!("/pkg/{name}.{}.{extension}", hash::hex(&bytes, 8));
    files.insert(address.clone(), File::new(media_type(Path::new(&address)), Kept::ForEver, bytes));
    address
}

/// Puts the face of the headings under an address that changes with its bytes, so that readers keep it for ever.
fn hash_face(css: String, files: &mut HashMap<String, File>) -> String {
    let Some(face) = files.get(FACE).map(|face| face.bytes.to_vec()) else { return css };
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
