//! A picture file as an editor brings it: what it is, and whether that is what its name says.

use crate::server::hash;
use std::{
    fs::{self, File},
    io::Read as _,
    path::PathBuf,
};

/// A picture file that was found beside a post.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureSource {
    /// Where it is.
    pub path: PathBuf,
    /// The name of its bytes: the first 16 hexadecimal digits of their SHA-256.
    pub hash: String,
    /// The name of the set of files that is made of it.
    pub set: String,
    /// What it is.
    pub kind: Kind,
}

/// The largest picture file that is taken in, in bytes.
pub const MAX_BYTES: usize = 16 * 1024 * 1024;

/// Goes into the name of a set of files, so that what is made otherwise has other addresses. To be raised with every change
/// of what `make.rs` or `svg.rs` give.
const RECIPE: &str = "1";

/// The formats that are taken in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A drawing.
    Svg,
    /// Pixels without loss.
    Png,
    /// A photograph.
    Jpeg,
    /// Either.
    Webp,
    /// Either.
    Avif,
}

impl Kind {
    /// The media type, as in `Content-Type`.
    pub fn media_type(self) -> &'static str {
        match self {
            Self::Svg => "image/svg+xml",
            Self::Png => "image/png",
            Self::Jpeg => "image/jpeg",
            Self::Webp => "image/webp",
            Self::Avif => "image/avif",
        }
    }

    fn named(name: &str) -> Option<Self> {
        let (_, extension) = name.rsplit_once('.')?;
        match extension.to_ascii_lowercase().as_str() {
            "svg" => Some(Self::Svg),
            "png" => Some(Self::Png),
            "jpg" | "jpeg" => Some(Self::Jpeg),
            "webp" => Some(Self::Webp),
            "avif" => Some(Self::Avif),
            _ => None,
        }
    }

    /// What the first bytes say; a drawing is text and has no such mark.
    fn of(bytes: &[u8]) -> Option<Self> {
        use imagesize::{Compression, ImageType};
        match imagesize::image_type(bytes).ok()? {
            ImageType::Png => Some(Self::Png),
            ImageType::Jpeg => Some(Self::Jpeg),
            ImageType::Webp => Some(Self::Webp),
            ImageType::Heif(Compression::Av1) => Some(Self::Avif),
            _ => None,
        }
    }
}

/// Reads the file at `path`, at most one byte more than is taken in, and tells what it is or why it is not taken in.
pub fn find(path: PathBuf) -> Result<PictureSource, String> {
    let mut bytes = Vec::new();
    // Whoever opens a pipe waits for its other end.
    if fs::metadata(&path).is_ok_and(|there| !there.is_file()) {
        return Err("expected a file".to_owned());
    }
    File::open(&path)
        .and_then(|file| file.take(MAX_BYTES as u64 + 1).read_to_end(&mut bytes))
        .map_err(|error| format!("the file cannot be read: {error}"))?;
    identify(path, &bytes)
}

/// Tells what the file at `path` with these bytes is, or in a sentence why it is not taken in.
pub fn identify(path: PathBuf, bytes: &[u8]) -> Result<PictureSource, String> {
    let name = path.file_name().and_then(|name| name.to_str()).unwrap_or_default();
    let kind = Kind::named(name).ok_or("not a picture by its name: expected .svg, .png, .jpg, .webp or .avif")?;
    if bytes.len() > MAX_BYTES {
        return Err(format!("the file has more than {} MB: save it smaller", MAX_BYTES / 1024 / 1024));
    }
    let held = Kind::of(bytes);
    if kind != held.unwrap_or(Kind::Svg) {
        let held = held.map_or("something else", Kind::media_type);
        let expected = "give it the name of what it is, or save it anew";
        return Err(format!("the name says {}, but the file holds {held}: {expected}", kind.media_type()));
    }
    let set = hash::hex(&[RECIPE.as_bytes(), b"\n", bytes].concat(), 8);
    Ok(PictureSource { hash: hash::hex(bytes, 8), set, kind, path })
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &[u8] = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400"/>"#;

    #[test]
    fn the_names_of_a_picture_are_made_from_its_bytes() {
        let one = identify("a.svg".into(), SVG).expect("a picture");
        let same = identify("b.SVG".into(), SVG).expect("a picture");
        let other = identify("a.svg".into(), &[SVG, b"\n"].concat()).expect("a picture");
        assert_eq!((&one.hash, &one.set), (&same.hash, &same.set));
        assert!(one.hash != other.hash && one.set != other.set && one.set != one.hash);
        assert_eq!((one.hash.len(), one.set.len()), (16, 16));
    }

    #[test]
    fn a_file_that_is_not_what_its_name_says_is_refused_with_a_sentence() {
        let refused = |name: &str, bytes: &[u8]| identify(name.into(), bytes).expect_err("refused");
        assert!(refused("flag.txt", b"").contains("expected .svg, .png"));
        assert!(refused("flag.png", SVG).contains("the name says image/png, but the file holds something else"));
        let png = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR";
        assert!(refused("flag.jpg", png).contains("holds image/png"));
        assert!(refused("flag.svg", png).contains("holds image/png"));
        assert!(refused("flag.svg", &vec![b' '; MAX_BYTES + 1]).contains("more than 16 MB"));
    }
}
