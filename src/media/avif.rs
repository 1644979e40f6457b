//! An AVIF file decoded: `avif-parse` opens the container, `re_rav1d` the frames in it, and here their planes become pixels.

use super::raster::{self, CUT_OFF};
use image::{DynamicImage, RgbaImage, metadata::Orientation};
use moxcms::ColorProfile;
use re_rav1d::dav1d::{
    Decoder, Error, PixelLayout, PlanarImageComponent as Component, Settings,
    pixel::{ColorPrimaries, MatrixCoefficients, TransferCharacteristic, YUVRange},
};

/// Decodes a file, turned as it asks to be, in the colours of sRGB.
pub fn decode(bytes: &[u8]) -> Result<RgbaImage, String> {
    let file = avif_parse::read_avif(&mut &*bytes).map_err(|error| format!("{CUT_OFF} ({error})"))?;
    let metadata = file.primary_item_metadata().map_err(|error| format!("{CUT_OFF} ({error})"))?;
    raster::check_size(metadata.max_frame_width.get(), metadata.max_frame_height.get())?;
    let frame = Frame::decode(&file.primary_item)?;
    let alpha = file.alpha_item.as_deref().map(Frame::decode).transpose()?;
    let mut image = frame.rgba(alpha.as_ref(), file.premultiplied_alpha)?;
    if frame.picture.color_primaries() == ColorPrimaries::P3Display {
        raster::to_srgb(&mut image, &ColorProfile::new_display_p3());
    }
    let mut image = DynamicImage::ImageRgba8(image);
    for turn in turns(bytes) {
        image.apply_orientation(turn);
    }
    Ok(image.into_rgba8())
}

/// A frame whose planes can be read.
struct Frame {
    picture: re_rav1d::dav1d::Picture,
    planes: Vec<re_rav1d::dav1d::Plane>,
}

impl Frame {
    fn decode(item: &[u8]) -> Result<Self, String> {
        let failed = |error: Error| format!("{CUT_OFF} ({error})");
        let mut settings = Settings::new();
        settings.set_n_threads(1);
        settings.set_max_frame_delay(1);
        settings.set_frame_size_limit(raster::MAX_PIXELS);
        let mut decoder = Decoder::with_settings(&settings).map_err(failed)?;
        decoder.send_data(item.to_vec(), None, None, None).map_err(failed)?;
        let picture = decoder.get_picture().map_err(failed)?;
        raster::check_size(picture.width(), picture.height())?;
        let components: &[_] = match picture.pixel_layout() {
            PixelLayout::I400 => &[Component::Y],
            _ => &[Component::Y, Component::U, Component::V],
        };
        let planes = components.iter().map(|component| picture.plane(*component)).collect();
        Ok(Self { picture, planes })
    }

    /// The value of a plane at a place, 0 to 1, before its range is looked at.
    fn sample(&self, plane: usize, x: usize, y: usize) -> f32 {
        let (half_x, half_y) = match self.picture.pixel_layout() {
            _ if plane == 0 => (0, 0),
            PixelLayout::I420 => (1, 1),
            PixelLayout::I422 => (1, 0),
            _ => (0, 0),
        };
        let (x, y) = (x >> half_x, y >> half_y);
        let component = if plane == 0 { Component::Y } else { Component::U };
        let row = y * self.picture.stride(component) as usize;
        let (bytes, depth) = (&self.planes[plane], self.picture.bit_depth());
        let value = match depth {
            8 => u16::from(bytes[row + x]),
            _ => u16::from_ne_bytes([bytes[row + 2 * x], bytes[row + 2 * x + 1]]),
        };
        f32::from(value) / ((1_u32 << depth) - 1) as f32
    }

    /// A brightness, stretched to 0 to 1 where it leaves room at both ends.
    fn luma(&self, x: usize, y: usize) -> f32 {
        let value = self.sample(0, x, y);
        match self.picture.color_range() {
            YUVRange::Limited => (value * 255.0 - 16.0) / 219.0,
            YUVRange::Full => value,
        }
    }

    /// A colour difference, -½ to ½.
    fn chroma(&self, plane: usize, x: usize, y: usize) -> f32 {
        let value = self.sample(plane, x, y) - 128.0 / 255.0;
        match self.picture.color_range() {
            YUVRange::Limited => value * 255.0 / 224.0,
            YUVRange::Full => value,
        }
    }

    fn rgba(&self, alpha: Option<&Self>, premultiplied: bool) -> Result<RgbaImage, String> {
        let bright = self.picture.transfer_characteristic();
        if matches!(bright, TransferCharacteristic::PerceptualQuantizer | TransferCharacteristic::HybridLogGamma) {
            return Err("the picture is in HDR, which not every screen shows: save it in sRGB".to_owned());
        }
        // How much red and blue there is in brightness: H.273, table 4.
        let weights = match self.picture.matrix_coefficients() {
            MatrixCoefficients::Identity => None,
            MatrixCoefficients::BT709 => Some((0.2126, 0.0722)),
            MatrixCoefficients::BT2020NonConstantLuminance => Some((0.2627, 0.0593)),
            MatrixCoefficients::BT470BG | MatrixCoefficients::ST170M | MatrixCoefficients::Unspecified => {
                Some((0.299, 0.114))
            }
            other => return Err(format!("the picture's colours are kept as {other}: save it in sRGB")),
        };
        let size = (self.picture.width(), self.picture.height());
        if alpha.is_some_and(|alpha| (alpha.picture.width(), alpha.picture.height()) != size) {
            return Err("the picture and its transparency are of different sizes: save it anew".to_owned());
        }
        Ok(RgbaImage::from_fn(size.0, size.1, |x, y| {
            let (x, y) = (x as usize, y as usize);
            let luma = self.luma(x, y);
            let colour = match weights {
                _ if self.planes.len() < 3 => [luma; 3],
                None => [self.sample(2, x, y), luma, self.sample(1, x, y)],
                Some((red, blue)) => {
                    let (cb, cr) = (self.chroma(1, x, y), self.chroma(2, x, y));
                    let (r, b) = (luma + 2.0 * (1.0 - red) * cr, luma + 2.0 * (1.0 - blue) * cb);
                    [r, (luma - red * r - blue * b) / (1.0 - red - blue), b]
                }
            };
            let alpha = alpha.map_or(1.0, |alpha| alpha.luma(x, y));
            let undone = if premultiplied && alpha > 0.0 { 1.0 / alpha } else { 1.0 };
            let byte = |value: f32| (value * 255.0).round().clamp(0.0, 255.0) as u8;
            let [r, g, b] = colour.map(|value| byte(value * undone));
            image::Rgba([r, g, b, byte(alpha)])
        }))
    }
}

/// The turns that a file asks for, by its boxes `irot` and `imir`, which `avif-parse` does not read. A file in which those of
/// several pictures differ is turned as the first.
fn turns(bytes: &[u8]) -> Vec<Orientation> {
    // A size of nine bytes, a name, and a value of one byte.
    let value = |name: &[u8; 4]| {
        let mark = [&[0, 0, 0, 9], name.as_slice()].concat();
        let at = bytes.windows(mark.len()).position(|it| it == mark)?;
        bytes.get(at + mark.len()).copied()
    };
    let rotated = value(b"irot").and_then(|quarters| match quarters & 3 {
        1 => Some(Orientation::Rotate270),
        2 => Some(Orientation::Rotate180),
        3 => Some(Orientation::Rotate90),
        _ => None,
    });
    let mirrored = value(b"imir").map(|axis| match axis & 1 {
        0 => Orientation::FlipVertical,
        _ => Orientation::FlipHorizontal,
    });
    // In this order: ISO/IEC 23000-22, 7.3.6.7.
    rotated.into_iter().chain(mirrored).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use base64::{Engine as _, prelude::BASE64_STANDARD};

    /// 32 × 16, red on the left and blue on the right, by libavif: 4:2:2, all values used.
    const WHOLE: &str = "AAAAHGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZgAAAOttZXRhAAAAAAAAACFoZGxyAAAAAAAAAABwaWN0AAAAAAAAAAAAAAAAAAAAAA5waXRtAA\
        AAAAABAAAAHmlsb2MAAAAARAAAAQABAAAAAQAAAQ8AAAAzAAAAKGlpbmYAAAAAAAEAAAAaaW5mZQIAAAAAAQAAYXYwMUNvbG9yAAAAAGppcHJw\
        AAAAS2lwY28AAAAUaXNwZQAAAAAAAAAgAAAAEAAAABBwaXhpAAAAAAMICAgAAAAMYXYxQ4FACAAAAAATY29scm5jbHgAAQANAAaAAAAAF2lwbW\
        EAAAAAAAAAAQABBAECgwQAAAA7bWRhdBIACghYEP/tEBDQaTIlE8IbMoDDDD8IAAAAxjc58FIKitwgduOBhoWA/g+1E/jTVm3OgA==";

    /// The same, 4:2:0 with room at both ends, to be turned by a quarter to the right.
    const TURNED: &str = "AAAAIGZ0eXBhdmlmAAAAAGF2aWZtaWYxbWlhZk1BMUIAAAD1bWV0YQAAAAAAAAAhaGRscgAAAAAAAAAAcGljdAAAAAAAAAAAAAAAAAAAAAAOcG\
        l0bQAAAAAAAQAAAB5pbG9jAAAAAEQAAAEAAQAAAAEAAAEdAAAAPgAAAChpaW5mAAAAAAABAAAAGmluZmUCAAAAAAEAAGF2MDFDb2xvcgAAAAB0\
        aXBycAAAAFRpcGNvAAAAFGlzcGUAAAAAAAAAIAAAABAAAAAQcGl4aQAAAAADCAgIAAAADGF2MUOBAAwAAAAAE2NvbHJuY2x4AAEADQAGAAAAAA\
        lpcm90AwAAABhpcG1hAAAAAAAAAAEAAQUBAoMEhQAAAEZtZGF0EgAKCRgQ/+0QENBgQDIvE8eHhmUBhhh+EAAAAMY3OfBSDHaDIGoQtL67kCoT\
        NBUKNslHKylkf/O3XXEGgTg=";

    const RED: [u8; 4] = [220, 30, 30, 255];
    const BLUE: [u8; 4] = [30, 60, 200, 255];

    fn assert_is(image: &RgbaImage, (x, y): (u32, u32), colour: [u8; 4]) {
        let pixel = image.get_pixel(x, y).0;
        assert!(pixel.iter().zip(colour).all(|(a, b)| a.abs_diff(b) < 8), "{pixel:?} at {x}, {y} is not {colour:?}");
    }

    fn file(base64: &str) -> Vec<u8> {
        BASE64_STANDARD.decode(base64).expect("base64")
    }

    #[test]
    fn a_file_of_another_encoder_has_its_colours() {
        let image = decode(&file(WHOLE)).expect("decoded");
        assert_eq!(image.dimensions(), (32, 16));
        assert_is(&image, (4, 8), RED);
        assert_is(&image, (28, 8), BLUE);
    }

    #[test]
    fn a_file_that_is_to_be_turned_is_upright() {
        let image = decode(&file(TURNED)).expect("decoded");
        assert_eq!(image.dimensions(), (16, 32));
        assert_is(&image, (8, 4), RED);
        assert_is(&image, (8, 28), BLUE);
    }

    #[test]
    fn a_turn_is_found_in_its_box() {
        assert_eq!(turns(b"....\0\0\0\x09irot\x03"), [Orientation::Rotate90]);
        let both = turns(b"\0\0\0\x09irot\x02\0\0\0\x09imir\x01");
        assert_eq!(both, [Orientation::Rotate180, Orientation::FlipHorizontal]);
        assert!(turns(b"irot and imir").is_empty());
    }
}
