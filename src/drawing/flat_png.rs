//! A picture of few colours as a small PNG.

use png::{ColorType, Compression, Encoder, Filter};
use resvg::tiny_skia::Pixmap;
use std::{collections::HashMap, iter};

type Rgb = [u8; 3];

/// The PNG of a picture without transparency, in its 256 most frequent colours.
///
/// That is all of the flat ones, and of the blends at their edges more than an eye can tell apart.
pub fn encode(picture: &Pixmap) -> Option<Vec<u8>> {
    let pixels: Vec<Rgb> = picture.pixels().iter().map(|pixel| [pixel.red(), pixel.green(), pixel.blue()]).collect();
    let (palette, places) = palette(&pixels);
    let runs = pixels.chunk_by(Rgb::eq).filter_map(|run| Some(iter::repeat_n(*places.get(run.first()?)?, run.len())));
    let indexes: Vec<u8> = runs.flatten().collect();
    let mut bytes = Vec::new();
    let mut encoder = Encoder::new(&mut bytes, picture.width(), picture.height());
    encoder.set_color(ColorType::Indexed);
    encoder.set_palette(palette.concat());
    encoder.set_compression(Compression::High);
    encoder.set_filter(Filter::NoFilter);
    let mut writer = encoder.write_header().ok()?;
    writer.write_image_data(&indexes).ok()?;
    writer.finish().ok()?;
    Some(bytes)
}

/// The most frequent colours, and for every colour the place of its nearest among them.
fn palette(pixels: &[Rgb]) -> (Vec<Rgb>, HashMap<Rgb, u8>) {
    let mut counts: HashMap<Rgb, usize> = HashMap::new();
    for run in pixels.chunk_by(Rgb::eq) {
        *counts.entry(run[0]).or_default() += run.len();
    }
    let mut palette: Vec<(usize, Rgb)> = counts.iter().map(|(colour, count)| (*count, *colour)).collect();
    palette.sort_unstable_by(|a, b| b.cmp(a));
    let palette: Vec<Rgb> = palette.into_iter().map(|(_, colour)| colour).take(256).collect();
    let places = counts.into_keys().map(|colour| (colour, nearest(&palette, colour))).collect();
    (palette, places)
}

fn nearest(palette: &[Rgb], colour: Rgb) -> u8 {
    let distance =
        |other: &Rgb| -> u32 { colour.iter().zip(other).map(|(a, b)| u32::from(a.abs_diff(*b)).pow(2)).sum() };
    (0..=u8::MAX).zip(palette).min_by_key(|(_, other)| distance(other)).map_or(0, |(place, _)| place)
}
