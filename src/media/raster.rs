//! A photograph decoded, within limits: upright, in the colours of sRGB, and without anything else that its file says.

use super::{avif, file::Kind};
use image::{
    DynamicImage, ImageDecoder, ImageError, ImageFormat, ImageReader, Limits, RgbaImage, metadata::Orientation,
};
use moxcms::{ColorProfile, DataColorSpace, Layout, TransformOptions};
use std::io::Cursor;

/// The largest picture that is decoded, in pixels.
pub const MAX_PIXELS: u32 = 40_000_000;

/// The longest side of one: WebP has no longer.
const MAX_SIDE: u32 = 16_000;

/// What a decoder may take beside the file, in bytes: the pixels with 16 bits a channel, and a part of that for its own work.
const MAX_MEMORY: u64 = MAX_PIXELS as u64 * 8 + (64 << 20);

/// What is said of a file that ends early or is damaged.
pub const CUT_OFF: &str = "the picture cannot be decoded; if the file is cut off or damaged, export it again";

/// Decodes a photograph, or says in a sentence why it is not taken in.
pub fn decode(kind: Kind, bytes: &[u8]) -> Result<RgbaImage, String> {
    let format = match kind {
        Kind::Avif => return avif::decode(bytes),
        Kind::Jpeg if !has_an_end(bytes) => return Err(format!("{CUT_OFF} (the end of the JPEG is missing)")),
        Kind::Jpeg => ImageFormat::Jpeg,
        Kind::Webp => ImageFormat::WebP,
        Kind::Png | Kind::Svg => ImageFormat::Png,
    };
    let failed = |error: image::ImageError| match error {
        ImageError::Limits(_) => "the picture is too large to be decoded: save it smaller".to_owned(),
        error => format!("{CUT_OFF} ({error})"),
    };
    let mut limits = Limits::default();
    limits.max_alloc = Some(MAX_MEMORY);
    let mut reader = ImageReader::with_format(Cursor::new(bytes), format);
    reader.limits(limits);
    let mut decoder = reader.into_decoder().map_err(failed)?;
    let (width, height) = decoder.dimensions();
    check_size(width, height)?;
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    let profile = decoder.icc_profile().ok().flatten().and_then(|icc| ColorProfile::new_from_slice(&icc).ok());
    let mut image = DynamicImage::from_decoder(decoder).map_err(failed)?;
    image.apply_orientation(orientation);
    let mut image = image.into_rgba8();
    if let Some(profile) = profile.filter(|profile| profile.color_space == DataColorSpace::Rgb) {
        to_srgb(&mut image, &profile);
    }
    Ok(image)
}

/// Refuses a picture that is too large, before there is memory for it.
pub fn check_size(width: u32, height: u32) -> Result<(), String> {
    if u64::from(width) * u64::from(height) > MAX_PIXELS.into() || width.max(height) > MAX_SIDE {
        let millions = MAX_PIXELS / 1_000_000;
        return Err(format!(
            "the picture has {width} × {height} pixels, and at most {millions} million, {MAX_SIDE} on a side, are taken: save it smaller"
        ));
    }
    Ok(())
}

/// Changes the colours of a profile to those of sRGB, as the profile goes; one that cannot be used is left out.
pub fn to_srgb(image: &mut RgbaImage, profile: &ColorProfile) {
    let srgb = ColorProfile::new_srgb();
    let transform = profile.create_transform_8bit(Layout::Rgba, &srgb, Layout::Rgba, TransformOptions::default());
    let Ok(transform) = transform else { return };
    let mut converted = image.clone();
    if transform.transform(image.as_raw(), &mut converted).is_ok() {
        *image = converted;
    }
}

/// Whether the pixels of a JPEG come to their end. The decoder does not ask: it fills in grey.
fn has_an_end(jpeg: &[u8]) -> bool {
    let mut at = 2;
    // Segments with a length each, up to the start of the pixels; a preview among them has an end of its own.
    while let Some([0xff, marker]) = jpeg.get(at..at + 2) {
        let Some([high, low]) = jpeg.get(at + 2..at + 4) else { return false };
        at += 2 + usize::from(u16::from_be_bytes([*high, *low]));
        if *marker == 0xda {
            return jpeg.get(at..).is_some_and(|pixels| pixels.windows(2).any(|it| it == [0xff, 0xd9]));
        }
    }
    // The decoder says what is wrong with it.
    true
}
