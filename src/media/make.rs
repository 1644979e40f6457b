//! The files that pages show of a picture, made once when it is imported. `RECIPE` in `file.rs` goes up with every change.

use super::{
    Fallback, Made, Tone, fallback_width,
    file::{Kind, PictureSource},
    raster,
    svg::Drawing,
    widths,
};
use crate::server::hash;
use fast_image_resize::{PixelType, ResizeOptions, Resizer, images::ImageRef};
use image::{
    ExtendedColorType, ImageEncoder as _, RgbaImage,
    codecs::{
        jpeg::JpegEncoder,
        png::{CompressionType, FilterType, PngEncoder},
    },
};
use ravif::{Img, RGBA8};
use std::{fs, sync::mpsc, thread, time::Duration};

/// A picture with the files that were made of it.
#[derive(Debug)]
pub struct MadePicture {
    /// The file as the editor brought it.
    pub original: Vec<u8>,
    /// The width in CSS pixels, upright.
    pub width: i32,
    /// The height in CSS pixels, upright.
    pub height: i32,
    /// What pages say of it.
    pub made: Made,
    /// The files.
    pub files: Vec<MadeFile>,
}

/// A file that readers get.
#[derive(Debug)]
pub struct MadeFile {
    /// Its name within the set: `640.avif`, or `svg`.
    pub name: String,
    /// The media type, as in `Content-Type`.
    pub media_type: &'static str,
    /// The file.
    pub bytes: Vec<u8>,
}

/// How long a picture may take to be decoded.
const PATIENCE: Duration = Duration::from_secs(20);

/// Qualities at which photographs look alike in the three formats, each on the scale of its encoder.
const AVIF_QUALITY: f32 = 65.0;
const WEBP_QUALITY: f32 = 78.0;
const JPEG_QUALITY: u8 = 80;

/// Of 1 to 10. At 9 it takes half the time and gives 2 to 6 % more bytes, which every reader would pay for.
const AVIF_SPEED: u8 = 6;

/// The side, in pixels, of the small picture that gives the tone.
const SMALL: u32 = 32;

/// A picture that was decoded and not yet made smaller.
enum Decoded {
    Drawing { drawing: Drawing, tone: Option<Tone> },
    Photograph(RgbaImage),
}

/// Decodes a picture and makes nothing of it; what is wrong with it is said in a sentence.
pub fn look(file: &PictureSource) -> Result<(), String> {
    decode(file).map(drop)
}

/// Makes the files of a picture; what is wrong with it is said in a sentence.
pub fn make(file: &PictureSource) -> Result<MadePicture, String> {
    let (original, decoded) = decode(file)?;
    let made = |fallback, tone| Made { set: file.set.clone(), fallback, tone };
    match decoded {
        Decoded::Drawing { drawing: Drawing { width, height, bytes }, tone } => {
            let files = vec![MadeFile { name: "svg".into(), media_type: file.kind.media_type(), bytes }];
            Ok(MadePicture { original, width, height, made: made(Fallback::Svg, tone), files })
        }
        Decoded::Photograph(image) => {
            let opaque = image.pixels().all(|pixel| pixel.0[3] == 255);
            let fallback = if opaque { Fallback::Jpg } else { Fallback::Png };
            let tone = opaque.then(|| resized(&image, SMALL.min(image.width()))).transpose()?.map(|small| tone(&small));
            let (width, height) = (image.width() as i32, image.height() as i32);
            let mut files = Vec::new();
            for shown in widths(width) {
                let smaller = resized(&image, shown as u32)?;
                files.push(MadeFile {
                    name: format!("{shown}.avif"),
                    media_type: "image/avif",
                    bytes: avif(&smaller)?,
                });
                files.push(MadeFile {
                    name: format!("{shown}.webp"),
                    media_type: "image/webp",
                    bytes: webp(&smaller)?,
                });
                if shown == fallback_width(width) {
                    files.push(fallback_file(&smaller, shown, fallback)?);
                }
            }
            Ok(MadePicture { original, width, height, made: made(fallback, tone), files })
        }
    }
}

/// Decodes a picture in a thread of its own, which is left behind if it takes too long: a decoder has no way to be stopped.
fn decode(file: &PictureSource) -> Result<(Vec<u8>, Decoded), String> {
    let (path, hash, kind) = (file.path.clone(), file.hash.clone(), file.kind);
    within(PATIENCE, move || {
        let bytes = fs::read(&path).map_err(|error| format!("the picture cannot be read: {error}"))?;
        if hash::hex(&bytes, 8) != hash {
            return Err("the picture was changed while it was looked into: import again".to_owned());
        }
        let decoded = match kind {
            Kind::Svg => {
                let drawing = Drawing::read(&bytes)?;
                let small = drawing.draw(SMALL)?;
                let pixels = small.pixels().iter().flat_map(|pixel| {
                    let colour = pixel.demultiply();
                    [colour.red(), colour.green(), colour.blue(), colour.alpha()]
                });
                let small = RgbaImage::from_raw(small.width(), small.height(), pixels.collect());
                Decoded::Drawing { drawing, tone: small.filter(covers).map(|small| tone(&small)) }
            }
            kind => Decoded::Photograph(raster::decode(kind, &bytes)?),
        };
        Ok((bytes, decoded))
    })
}

/// Does `work` in another thread and waits at most so long for it; that it panics is an answer as well.
fn within<T: Send + 'static>(
    patience: Duration,
    work: impl FnOnce() -> Result<T, String> + Send + 'static,
) -> Result<T, String> {
    let (done, result) = mpsc::sync_channel(1);
    let started = thread::Builder::new().name("picture".into()).spawn(move || drop(done.send(work())));
    started.map_err(|error| format!("the picture was not decoded: {error}"))?;
    result.recv_timeout(patience).unwrap_or_else(|error| {
        Err(match error {
            mpsc::RecvTimeoutError::Timeout => format!(
                "the picture was not decoded within {} seconds: save it smaller or in another format",
                patience.as_secs()
            ),
            mpsc::RecvTimeoutError::Disconnected => raster::CUT_OFF.to_owned(),
        })
    })
}

/// A picture made `width` wide; one that is so already is copied.
fn resized(image: &RgbaImage, width: u32) -> Result<RgbaImage, String> {
    let height = f64::from(image.height()) * f64::from(width) / f64::from(image.width());
    let height = (height.round() as u32).max(1);
    if (width, height) == image.dimensions() {
        return Ok(image.clone());
    }
    let failed = |error: &dyn std::error::Error| format!("the picture cannot be made smaller: {error}");
    let from = ImageRef::new(image.width(), image.height(), image, PixelType::U8x4).map_err(|error| failed(&error))?;
    let mut to = fast_image_resize::images::Image::new(width, height, PixelType::U8x4);
    Resizer::new().resize(&from, &mut to, &ResizeOptions::new()).map_err(|error| failed(&error))?;
    RgbaImage::from_raw(width, height, to.into_vec()).ok_or_else(|| "the picture cannot be made smaller".to_owned())
}

fn avif(image: &RgbaImage) -> Result<Vec<u8>, String> {
    let pixels: Vec<_> = image.pixels().map(|it| RGBA8::new(it.0[0], it.0[1], it.0[2], it.0[3])).collect();
    ravif::Encoder::new()
        .with_quality(AVIF_QUALITY)
        .with_alpha_quality(AVIF_QUALITY)
        .with_speed(AVIF_SPEED)
        // Pictures are made side by side already.
        .with_num_threads(Some(1))
        .encode_rgba(Img::new(&pixels, image.width() as usize, image.height() as usize))
        .map(|encoded| encoded.avif_file)
        .map_err(|error| format!("no AVIF can be made of the picture: {error}"))
}

fn webp(image: &RgbaImage) -> Result<Vec<u8>, String> {
    webp::Encoder::from_rgba(image, image.width(), image.height())
        .encode_simple(false, WEBP_QUALITY)
        .map(|encoded| encoded.to_vec())
        .map_err(|error| format!("no WebP can be made of the picture: {error:?}"))
}

fn fallback_file(image: &RgbaImage, width: i32, fallback: Fallback) -> Result<MadeFile, String> {
    let mut bytes = Vec::new();
    let (media_type, written) = match fallback {
        Fallback::Png => {
            let encoder = PngEncoder::new_with_quality(&mut bytes, CompressionType::Best, FilterType::Adaptive);
            let written = encoder.write_image(image, image.width(), image.height(), ExtendedColorType::Rgba8);
            ("image/png", written)
        }
        _ => {
            let rgb: Vec<u8> = image.pixels().flat_map(|it| [it.0[0], it.0[1], it.0[2]]).collect();
            let encoder = JpegEncoder::new_with_quality(&mut bytes, JPEG_QUALITY);
            ("image/jpeg", encoder.write_image(&rgb, image.width(), image.height(), ExtendedColorType::Rgb8))
        }
    };
    written.map_err(|error| format!("no {media_type} can be made of the picture: {error}"))?;
    Ok(MadeFile { name: format!("{width}.{}", fallback.extension()), media_type, bytes })
}

/// Whether next to nothing shines through a picture.
fn covers(image: &RgbaImage) -> bool {
    let sum: f64 = image.pixels().map(|pixel| f64::from(pixel.0[3])).sum();
    sum >= 0.98 * 255.0 * image.pixels().len() as f64
}

/// The mean colour of a picture in Oklab, where the mean of two colours is what lies between them to the eye.
fn tone(image: &RgbaImage) -> Tone {
    let (mut a, mut b) = (0.0, 0.0);
    for pixel in image.pixels() {
        let [red, green, blue] = [0, 1, 2].map(|channel| {
            let value = f64::from(pixel.0[channel]) / 255.0;
            if value <= 0.04045 { value / 12.92 } else { ((value + 0.055) / 1.055).powf(2.4) }
        });
        let long = (0.412_221_470_8 * red + 0.536_332_536_3 * green + 0.051_445_992_9 * blue).cbrt();
        let medium = (0.211_903_498_2 * red + 0.680_699_545_1 * green + 0.107_396_956_6 * blue).cbrt();
        let short = (0.088_302_461_9 * red + 0.281_718_837_6 * green + 0.629_978_700_5 * blue).cbrt();
        a += 1.977_998_495_1 * long - 2.428_592_205_0 * medium + 0.450_593_709_9 * short;
        b += 0.025_904_037_1 * long + 0.782_771_766_2 * medium - 0.808_675_766_0 * short;
    }
    let count = image.pixels().len() as f64;
    // Below this the eye sees no hue.
    if (a / count).hypot(b / count) < 0.015 { Tone::GREY } else { Tone::of_hue(b.atan2(a).to_degrees()) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::media::file;
    use image::ImageFormat;
    use moxcms::ColorProfile;

    /// A photograph, red on the left and blue on the right, with some noise.
    fn photograph(width: u32, height: u32) -> RgbaImage {
        RgbaImage::from_fn(width, height, |x, y| {
            let noise = (x * 7 + y * 13) % 16;
            image::Rgba(if x < width / 2 { [210 + noise as u8, 30, 30, 255] } else { [30, 60, 190 + noise as u8, 255] })
        })
    }

    fn jpeg(image: &RgbaImage) -> Vec<u8> {
        fallback_file(image, 0, Fallback::Jpg).expect("a JPEG").bytes
    }

    fn png(image: &RgbaImage) -> Vec<u8> {
        fallback_file(image, 0, Fallback::Png).expect("a PNG").bytes
    }

    /// `jpeg` with what a camera and an editor write into it: EXIF with an orientation, a maker and a place, and XMP.
    fn as_from_a_camera(jpeg: &[u8], orientation: u8) -> Vec<u8> {
        let entry = |tag: u16, kind: u16, count: u32, value: [u8; 4]| {
            [&tag.to_be_bytes()[..], &kind.to_be_bytes(), &count.to_be_bytes(), &value].concat()
        };
        let exif = [
            b"Exif\0\0MM\0\x2a\0\0\0\x08\0\x03".to_vec(),
            entry(0x010f, 2, 4, *b"Pvs\0"),
            entry(0x0112, 3, 1, [0, orientation, 0, 0]),
            entry(0x8825, 4, 1, [0, 0, 0, 50]),
            vec![0; 4],
            b"\0\x01".to_vec(),
            entry(1, 2, 2, *b"N\0\0\0"),
            vec![0; 4],
        ];
        let xmp = b"http://ns.adobe.com/xap/1.0/\0<x:xmpmeta>someone at home</x:xmpmeta>";
        let segment = |bytes: &[u8]| {
            let length = (bytes.len() as u16 + 2).to_be_bytes();
            [&[0xff, 0xe1], &length[..], bytes].concat()
        };
        [&jpeg[..2], &segment(&exif.concat()), &segment(xmp), &jpeg[2..]].concat()
    }

    /// What becomes of a file of this name with these bytes.
    fn made(name: &str, bytes: &[u8]) -> Result<MadePicture, String> {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join(name);
        fs::write(&path, bytes).expect("written");
        make(&file::identify(path, bytes)?)
    }

    fn pixels(file: &MadeFile) -> RgbaImage {
        match file.media_type {
            "image/avif" => raster::decode(Kind::Avif, &file.bytes).expect("an AVIF"),
            "image/webp" => {
                image::load_from_memory_with_format(&file.bytes, ImageFormat::WebP).expect("WebP").into_rgba8()
            }
            _ => image::load_from_memory(&file.bytes).expect("a picture").into_rgba8(),
        }
    }

    fn names(picture: &MadePicture) -> Vec<&str> {
        picture.files.iter().map(|file| file.name.as_str()).collect()
    }

    #[test]
    fn a_photograph_is_made_in_every_width_and_format() {
        let picture = made("photo.jpg", &jpeg(&photograph(700, 70))).expect("made");
        let expected = ["320.avif", "320.webp", "640.avif", "640.webp", "640.jpg", "700.avif", "700.webp"];
        assert_eq!(names(&picture), expected);
        assert_eq!((picture.width, picture.height, picture.made.fallback), (700, 70, Fallback::Jpg));
        for file in &picture.files {
            let image = pixels(file);
            let width: u32 = file.name.split('.').next().and_then(|width| width.parse().ok()).expect("a width");
            assert_eq!(image.dimensions(), (width, width / 10), "{}", file.name);
            let (left, right) = (image.get_pixel(width / 4, 9).0, image.get_pixel(width * 3 / 4, 9).0);
            assert!(
                left[0] > 180 && left[2] < 60 && right[0] < 60 && right[2] > 160,
                "{}: {left:?} {right:?}",
                file.name
            );
        }
    }

    #[test]
    fn a_photograph_is_turned_as_its_camera_was_held() {
        let lying = jpeg(&photograph(64, 32));
        for (orientation, size, red) in
            [(1, (64, 32), (8, 16)), (3, (64, 32), (56, 16)), (6, (32, 64), (16, 8)), (8, (32, 64), (16, 56))]
        {
            let picture = made("photo.jpg", &as_from_a_camera(&lying, orientation)).expect("made");
            assert_eq!((picture.width, picture.height), size, "{orientation}");
            for file in &picture.files {
                let pixel = pixels(file).get_pixel(red.0, red.1).0;
                assert!(pixel[0] > 180 && pixel[2] < 80, "{orientation} {}: {pixel:?}", file.name);
            }
        }
    }

    #[test]
    fn nothing_that_a_camera_wrote_is_in_the_files_that_readers_get() {
        let original = as_from_a_camera(&jpeg(&photograph(64, 32)), 6);
        let has = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).any(|it| it == what);
        let traces: [&[u8]; 8] = [b"Exif", b"EXIF", b"eXIf", b"Pvs", b"xmp", b"XMP", b"ns.adobe.com", b"someone"];
        assert!(has(&original, b"Exif") && has(&original, b"someone"));
        let picture = made("photo.jpg", &original).expect("made");
        assert_eq!(picture.original, original);
        for file in &picture.files {
            for trace in traces {
                assert!(!has(&file.bytes, trace), "{} has {}", file.name, trace.escape_ascii());
            }
        }
    }

    #[test]
    fn a_picture_through_which_something_shines_keeps_that() {
        let mut image = photograph(64, 32);
        image.get_pixel_mut(0, 0).0[3] = 0;
        for pixel in image.pixels_mut().take(64 * 16) {
            pixel.0[3] = 0;
        }
        let picture = made("photo.png", &png(&image)).expect("made");
        assert_eq!(names(&picture), ["64.avif", "64.webp", "64.png"]);
        assert_eq!((picture.made.fallback, picture.made.tone), (Fallback::Png, None));
        for file in &picture.files {
            let image = pixels(file);
            assert!(image.get_pixel(30, 2).0[3] < 20 && image.get_pixel(30, 30).0[3] > 235, "{}", file.name);
        }
    }

    #[test]
    fn every_format_is_taken_in_and_the_smallest_pictures_too() {
        let image = photograph(40, 20);
        for (name, bytes) in [
            ("a.jpg", jpeg(&image)),
            ("a.JPEG", jpeg(&image)),
            ("a.png", png(&image)),
            ("a.webp", webp(&image).expect("WebP")),
            ("a.avif", avif(&image).expect("AVIF")),
            ("a.png", png(&photograph(1, 1))),
            ("a.png", png(&photograph(1300, 1))),
            ("a.png", png(&photograph(3, 200))),
        ] {
            let picture = made(name, &bytes).expect(name);
            assert!(picture.files.iter().all(|file| pixels(file).width() > 0), "{name}");
        }
    }

    #[test]
    fn the_colours_of_a_wider_space_look_the_same_in_srgb() {
        let image = RgbaImage::from_pixel(16, 16, image::Rgba([200, 100, 50, 255]));
        let mut bytes = Vec::new();
        let mut encoder = PngEncoder::new(&mut bytes);
        encoder.set_icc_profile(ColorProfile::new_display_p3().encode().expect("a profile")).expect("taken");
        encoder.write_image(&image, 16, 16, ExtendedColorType::Rgba8).expect("a PNG");
        let picture = made("p3.png", &bytes).expect("made");
        let [red, green, blue, _] = pixels(&picture.files[2]).get_pixel(8, 8).0;
        // As colour.js gives it: color(display-p3 0.784 0.392 0.196) is rgb(213 95 35).
        assert!(red.abs_diff(213) < 6 && green.abs_diff(95) < 6 && blue.abs_diff(35) < 8, "{red} {green} {blue}");
    }

    #[test]
    fn a_broken_or_hostile_file_is_refused_with_a_sentence() {
        let refused = |name: &str, bytes: &[u8]| made(name, bytes).expect_err(name);
        let whole = jpeg(&photograph(64, 32));
        assert!(refused("cut.jpg", &whole[..whole.len() - 2]).contains("cut off"));
        assert!(refused("cut.jpg", &as_from_a_camera(&whole, 1)[..whole.len()]).contains("cut off"));
        let whole = png(&photograph(64, 32));
        assert!(refused("cut.png", &whole[..whole.len() / 2]).contains("cut off"));
        let whole = webp(&photograph(64, 32)).expect("WebP");
        assert!(refused("cut.webp", &whole[..whole.len() / 2]).contains("cut off"));
        let whole = avif(&photograph(64, 32)).expect("AVIF");
        for length in [whole.len() - 1, whole.len() / 2, 40] {
            assert!(refused("cut.avif", &whole[..length]).contains("cut off"), "{length}");
        }
        assert!(refused("photo.png", &jpeg(&photograph(64, 32))).contains("the file holds image/jpeg"));
        assert!(refused("map.svg", b"<svg xmlns=\"http://www.w3.org/2000/svg\"><script/></svg>").contains("<script>"));
    }

    #[test]
    fn a_picture_that_says_it_is_huge_is_refused_before_there_is_memory_for_it() {
        for (width, height) in [(50_000, 50_000), (20_000, 10), (u32::MAX / 2, u32::MAX / 2)] {
            let mut bomb = png(&photograph(8, 8));
            let header: Vec<u8> =
                [b"IHDR", &u32::to_be_bytes(width)[..], &u32::to_be_bytes(height), &bomb[24..29]].concat();
            let mut crc = flate2::Crc::new();
            crc.update(&header);
            bomb.splice(12..33, [&header[..], &crc.sum().to_be_bytes()].concat());
            let said = made("bomb.png", &bomb).expect_err("refused");
            assert!(said.contains("save it smaller"), "{width} × {height}: {said}");
        }
    }

    #[test]
    fn a_decoder_that_goes_on_for_ever_or_panics_is_given_up() {
        let (_open, never) = mpsc::channel::<()>();
        let stuck = within(Duration::from_millis(1), move || never.recv().map_err(|error| error.to_string()));
        assert!(stuck.expect_err("given up").contains("was not decoded within"));
        let panics: Result<(), _> = within(PATIENCE, || panic!("a defect"));
        assert!(panics.expect_err("a sentence").contains("cannot be decoded"));
    }

    #[test]
    fn the_tone_of_a_picture_is_its_mean_hue() {
        let of =
            |colour: [u8; 3]| tone(&RgbaImage::from_pixel(4, 4, image::Rgba([colour[0], colour[1], colour[2], 255])));
        let classes =
            [[255, 0, 0], [0, 255, 0], [0, 0, 255], [128, 128, 128], [250, 249, 248]].map(|it| of(it).class());
        assert_eq!(classes, ["tone-1", "tone-5", "tone-9", "tone-grey", "tone-grey"]);
    }
}
