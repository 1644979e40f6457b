//! A picture file as an editor brings it: what it is, how large, and whether it is what its name says.

use crate::server::hash;

/// A picture that was read and understood.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureBytes {
    /// The name of the bytes: the first 16 hexadecimal digits of their SHA-256.
    pub hash: String,
    /// The media type, as in `Content-Type`.
    pub media_type: &'static str,
    /// The width in CSS pixels.
    pub width: i32,
    /// The height in CSS pixels.
    pub height: i32,
    /// The file as it was.
    pub bytes: Vec<u8>,
}

/// The largest picture file that is taken in, in bytes.
pub const MAX_BYTES: usize = 8 * 1024 * 1024;

const KINDS: [(&str, &str); 6] = [
    ("svg", "image/svg+xml"),
    ("png", "image/png"),
    ("jpg", "image/jpeg"),
    ("jpeg", "image/jpeg"),
    ("webp", "image/webp"),
    ("avif", "image/avif"),
];

/// Reads the picture `bytes` of a file called `name`, or says in a sentence what is wrong with it.
pub fn read(name: &str, bytes: Vec<u8>) -> Result<PictureBytes, String> {
    let media_type = media_type(name)
        .ok_or_else(|| format!("`{name}` is not a picture: expected .svg, .png, .jpg, .webp or .avif"))?;
    if bytes.len() > MAX_BYTES {
        return Err(format!("`{name}` has {} bytes; at most {MAX_BYTES} are taken", bytes.len()));
    }
    let (width, height) = match media_type {
        "image/svg+xml" => svg_size(&bytes)?,
        _ => raster_size(media_type, &bytes)?,
    };
    let hash = hash::hex(&bytes, 8);
    Ok(PictureBytes { hash, media_type, width, height, bytes })
}

/// The media type for a file of this name; `None` if it is not a picture's.
fn media_type(name: &str) -> Option<&'static str> {
    let (_, extension) = name.rsplit_once('.')?;
    let extension = extension.to_ascii_lowercase();
    KINDS.iter().find(|(known, _)| *known == extension).map(|(_, media_type)| *media_type)
}

fn raster_size(media_type: &str, bytes: &[u8]) -> Result<(i32, i32), String> {
    use imagesize::ImageType;
    let kind = match imagesize::image_type(bytes) {
        Ok(ImageType::Png) => "image/png",
        Ok(ImageType::Jpeg) => "image/jpeg",
        Ok(ImageType::Webp) => "image/webp",
        Ok(ImageType::Heif(imagesize::Compression::Av1)) => "image/avif",
        _ => "something else",
    };
    if kind != media_type {
        return Err(format!("the name says {media_type}, but the file holds {kind}"));
    }
    let size = imagesize::blob_size(bytes).map_err(|_| "the picture's size cannot be read; is it cut off?")?;
    match (i32::try_from(size.width), i32::try_from(size.height)) {
        (Ok(width @ 1..), Ok(height @ 1..)) => Ok((width, height)),
        _ => Err("the picture has no area".to_owned()),
    }
}

/// The size that an SVG is drawn at: its `width` and `height`, else those of its `viewBox`.
fn svg_size(bytes: &[u8]) -> Result<(i32, i32), String> {
    let text = std::str::from_utf8(bytes).map_err(|_| "the SVG is not UTF-8")?;
    let document = roxmltree::Document::parse(text).map_err(|error| format!("the SVG is not well-formed: {error}"))?;
    let root = document.root_element();
    if root.tag_name().name() != "svg" {
        return Err(format!("the root element is <{}>, expected <svg>", root.tag_name().name()));
    }
    let length = |name| {
        let value = root.attribute(name)?;
        value.strip_suffix("px").unwrap_or(value).parse::<f64>().ok()
    };
    let view_box = || {
        let numbers: Vec<f64> = root
            .attribute("viewBox")?
            .split([' ', ','])
            .filter(|part| !part.is_empty())
            .map_while(|part| part.parse().ok())
            .collect();
        (numbers.len() == 4).then(|| (numbers[2], numbers[3]))
    };
    let size = length("width").zip(length("height")).or_else(view_box);
    match size {
        Some((width, height)) if (1.0..100_000.0).contains(&width) && (1.0..100_000.0).contains(&height) => {
            Ok((width.round() as i32, height.round() as i32))
        }
        _ => Err("the SVG has neither a width and height nor a viewBox".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const SVG: &str = r#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 640 400"/>"#;

    #[test]
    fn an_svg_is_as_large_as_it_says() {
        let picture = read("flag.svg", SVG.into()).expect("a picture");
        assert_eq!((picture.width, picture.height), (640, 400));
        assert_eq!(picture.media_type, "image/svg+xml");
        let sized = SVG.replace("viewBox", r#"width="32px" height="20" viewBox"#);
        let picture = read("flag.svg", sized.into()).expect("a picture");
        assert_eq!((picture.width, picture.height), (32, 20));
    }

    #[test]
    fn the_name_of_a_picture_is_made_from_its_bytes() {
        let one = read("a.svg", SVG.into()).expect("a picture");
        let same = read("b.svg", SVG.into()).expect("a picture");
        let other = read("a.svg", SVG.replace("640", "320").into()).expect("a picture");
        assert_eq!(one.hash, same.hash);
        assert_ne!(one.hash, other.hash);
        assert_eq!(one.hash.len(), 16);
    }

    #[test]
    fn a_file_that_is_not_what_its_name_says_is_refused_with_a_sentence() {
        let refused = |name: &str, bytes: &[u8]| read(name, bytes.to_vec()).expect_err("refused");
        assert!(refused("flag.txt", b"").contains("expected .svg, .png"));
        assert!(refused("flag.png", SVG.as_bytes()).contains("image/png"));
        assert!(refused("flag.svg", b"<svg").contains("not well-formed"));
        assert!(refused("flag.svg", b"<html/>").contains("expected <svg>"));
        assert!(refused("flag.svg", b"<svg/>").contains("viewBox"));
        assert!(refused("flag.png", b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR").contains("cut off"));
    }
}
