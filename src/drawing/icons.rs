//! Icons of the site in the formats that browsers and telephones ask for.

use resvg::{
    tiny_skia::{Color, Pixmap, Transform},
    usvg::{Options, Tree},
};

/// Draws `svg` as a square PNG, with `padding_percent` of its size left free on each side, on `background` (`#rrggbb`) or nothing.
///
/// `None` says that the SVG or the colour cannot be read, or that nothing is left to draw on.
pub fn png(svg: &str, size: u32, padding_percent: u32, background: Option<&str>) -> Option<Vec<u8>> {
    let tree = Tree::from_str(svg, &Options::default()).ok()?;
    let mut icon = Pixmap::new(size, size)?;
    if let Some(background) = background {
        icon.fill(colour(background)?);
    }
    let side = size as f32;
    let free = 100_u32.checked_sub(padding_percent.checked_mul(2)?).filter(|percent| *percent > 0)?;
    let (width, height) = (tree.size().width(), tree.size().height());
    let scale = side * free as f32 / 100.0 / width.max(height);
    let middle = Transform::from_translate((side - width * scale) / 2.0, (side - height * scale) / 2.0);
    resvg::render(&tree, middle.pre_scale(scale, scale), &mut icon.as_mut());
    icon.encode_png().ok()
}

fn colour(text: &str) -> Option<Color> {
    let is_hex = |digits: &&str| digits.len() == 6 && digits.chars().all(|digit| digit.is_ascii_hexdigit());
    let digits = text.strip_prefix('#').filter(is_hex)?;
    let [_, r, g, b] = u32::from_str_radix(digits, 16).ok()?.to_be_bytes();
    Some(Color::from_rgba8(r, g, b, 255))
}

/// The PNG of 32 x 32 pixels as an `.ico` file, for those who ask for `/favicon.ico` whatever the page says.
pub fn ico(png_32: &[u8]) -> Vec<u8> {
    let length = u32::try_from(png_32.len()).unwrap_or(u32::MAX);
    // An icon file with one picture, which has 32 x 32 pixels, no palette, one plane and 32 bits a pixel.
    let mut file = vec![0, 0, 1, 0, 1, 0, 32, 32, 0, 0, 1, 0, 32, 0];
    file.extend(length.to_le_bytes());
    file.extend(22_u32.to_le_bytes());
    file.extend(png_32);
    file
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ui::shield::FAVICON;

    fn pixels(png: &[u8]) -> Pixmap {
        Pixmap::decode_png(png).expect("a PNG")
    }

    #[test]
    fn an_icon_is_a_square_with_its_padding_free() {
        let icon = pixels(&png(&FAVICON, 180, 20, Some("#fdfbf6")).expect("an icon"));
        assert_eq!((icon.width(), icon.height()), (180, 180));
        let at = |x, y| icon.pixel(x, y).map(|pixel| (pixel.red(), pixel.green(), pixel.blue(), pixel.alpha()));
        assert_eq!(at(35, 90), Some((0xfd, 0xfb, 0xf6, 255)), "beside the shield");
        assert_eq!(at(60, 100), Some((0x0f, 0x2a, 0x43, 255)), "on the shield");
    }

    #[test]
    fn without_a_background_an_icon_is_transparent() {
        let icon = pixels(&png(&FAVICON, 32, 0, None).expect("an icon"));
        assert_eq!(icon.pixel(0, 31).map(|pixel| pixel.alpha()), Some(0));
    }

    #[test]
    fn what_cannot_be_drawn_is_refused() {
        assert_eq!(png("<svg", 32, 0, None), None);
        assert_eq!(png(&FAVICON, 0, 0, None), None);
        assert_eq!(png(&FAVICON, 32, 50, None), None);
        assert_eq!(png(&FAVICON, 32, 0, Some("#+12345")), None);
    }

    #[test]
    fn an_ico_file_says_where_its_picture_is() {
        let picture = png(&FAVICON, 32, 0, None).expect("an icon");
        let file = ico(&picture);
        assert_eq!(file[..8], [0, 0, 1, 0, 1, 0, 32, 32]);
        let number = |at: usize| u32::from_le_bytes([file[at], file[at + 1], file[at + 2], file[at + 3]]) as usize;
        assert_eq!(file[number(18)..][..number(14)], picture);
        assert_eq!(number(18) + number(14), file.len());
    }
}
