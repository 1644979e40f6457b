//! The picture of a post that other sites show with a link to it (Open Graph, Twitter).

use super::{
    flat_png,
    lettering::{Block, Setting, Step, set},
};
use crate::ui::shield::{self, SHIELD};
use resvg::{
    tiny_skia::{Color, FillRule, Paint, Pixmap, Transform},
    usvg::{Options, Tree},
};

/// What is written on a card.
#[derive(Clone, Copy, Debug)]
pub struct Card<'a> {
    /// The title of the post.
    pub title: &'a str,
    /// The name of the site.
    pub site: &'a str,
    /// The language of the post, as in BCP 47.
    pub lang: &'a str,
    /// Whether that language is written from right to left.
    pub is_rtl: bool,
    /// A small line, such as the date.
    pub note: &'a str,
}

/// The width of a card in pixels.
pub const WIDTH: u32 = 1200;

/// The height of a card in pixels.
pub const HEIGHT: u32 = 630;

/// All that is the same on every card, with the shield to come. The colours are those of `style/tokens.css`.
const GROUND: &str = "
    <style>
        .shield-field { fill: #d8ebe9 }
        .shield-shade { fill: #bcdcdb }
        .shield-facet { fill: #0b5a6e; opacity: 0.13 }
        .shield-link, .shield-edge { fill: none; stroke: #0b5a6e; stroke-width: 1.6; stroke-linejoin: round }
        .shield-edge { stroke-width: 4.5 }
        .shield-node { fill: #fdfbf6; stroke: #0b5a6e; stroke-width: 2.5 }
        .shield-key { fill: #c8401a; stroke: #fdfbf6; stroke-width: 2.5 }
    </style>
    <rect width='1200' height='630' fill='#fdfbf6'/>
    SHIELD
    <path d='M0 618H1200V630H0z' fill='#0b5a6e'/>
    <path d='M72 500H136V506H72z' fill='#c8401a'/>
    <g transform='translate(68 50) scale(0.22)' stroke='#c8401a' stroke-width='18' stroke-linejoin='round'>
        <path fill='none' d='MARK'/><circle fill='#c8401a' cx='120' cy='134' r='20'/></g>";

const INK: [u8; 3] = [0x14, 0x26, 0x3a];
const INK_SOFT: [u8; 3] = [0x4a, 0x5b, 0x6c];

const MARGIN: f32 = 72.0;
/// From the margin to the shield.
const COLUMN: f32 = 680.0;
/// The mark is before the name of the site.
const MARK: f32 = 60.0;

const fn step(letters: f32, leading: f32, lines: usize) -> Step {
    Step { letters, leading, lines }
}
const TITLE: [Step; 4] = [step(84.0, 96.0, 3), step(72.0, 84.0, 3), step(62.0, 73.0, 4), step(52.0, 61.0, 5)];
const SITE: [Step; 1] = [step(32.0, 40.0, 1)];
const NOTE: [Step; 1] = [step(28.0, 36.0, 1)];

/// Draws `card` as a PNG of 1200 x 630 pixels, whatever its words are.
pub fn draw(card: &Card<'_>) -> Option<Vec<u8>> {
    let mut picture = ground(card.is_rtl)?;
    let setting = |is_bold, width, steps| Setting { lang: card.lang, is_rtl: card.is_rtl, is_bold, width, steps };
    let site = set(card.site, &setting(true, COLUMN - MARK, &SITE))?;
    let title = set(card.title, &setting(true, COLUMN, &TITLE))?;
    let note = set(card.note, &setting(false, COLUMN, &NOTE))?;
    // From the right, the indent is what the lines are shorter by.
    let left = |indent: f32| if card.is_rtl { WIDTH as f32 - MARGIN - COLUMN } else { MARGIN + indent };
    ink(&mut picture, &site, (left(MARK), 95.0), INK);
    ink(&mut picture, &title, (left(0.0), title_baseline(&title)), INK);
    ink(&mut picture, &note, (left(0.0), 561.0), INK_SOFT);
    flat_png::encode(&picture)
}

fn ground(is_rtl: bool) -> Option<Pixmap> {
    let mirror = if is_rtl { "translate(1200 0) scale(-1 1)" } else { "" };
    let shield = SHIELD.replacen("<svg ", "<svg x='796' y='36' width='480' height='568' ", 1);
    let ground = GROUND.replacen("SHIELD", &shield, 1).replacen("MARK", shield::MARK, 1);
    let svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' width='{WIDTH}' height='{HEIGHT}'><g transform='{mirror}'>{ground}</g></svg>"
    );
    let tree = Tree::from_str(&svg, &Options::default()).ok()?;
    let mut picture = Pixmap::new(WIDTH, HEIGHT)?;
    resvg::render(&tree, Transform::identity(), &mut picture.as_mut());
    Some(picture)
}

/// Where the first line of a title stands for the title to be in the middle between the mark and the line above the note.
fn title_baseline(title: &Block) -> f32 {
    let capitals = title.step.letters * 0.72;
    308.0 + (capitals - (title.lines.max(1) - 1) as f32 * title.step.leading) / 2.0
}

fn ink(picture: &mut Pixmap, block: &Block, (x, y): (f32, f32), [r, g, b]: [u8; 3]) {
    if let Some(path) = &block.path {
        let mut paint = Paint::default();
        paint.set_color(Color::from_rgba8(r, g, b, 255));
        picture.fill_path(path, &paint, FillRule::Winding, Transform::from_translate(x, y), None);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const CARD: Card<'_> = Card {
        title: "We Testified Because the Internet Needs a Voice",
        site: "Pavise",
        lang: "en",
        is_rtl: false,
        note: "8 June 2023",
    };

    fn drawn(card: &Card<'_>) -> Pixmap {
        Pixmap::decode_png(&draw(card).expect("a card")).expect("a PNG")
    }

    /// The columns of the picture that have ink of a title in them.
    fn inked(picture: &Pixmap) -> Vec<u32> {
        let is_ink = |x, y| picture.pixel(x, y).is_some_and(|p| [p.red(), p.green(), p.blue()] == INK);
        (0..WIDTH).filter(|x| (140..480).any(|y| is_ink(*x, y))).collect()
    }

    #[test]
    fn a_card_has_the_size_that_other_sites_expect_and_is_small() {
        let bytes = draw(&CARD).expect("a card");
        assert!(bytes.len() < 60_000, "{} bytes", bytes.len());
        let picture = drawn(&CARD);
        assert_eq!((picture.width(), picture.height()), (1200, 630));
    }

    #[test]
    fn a_title_begins_at_the_side_where_its_language_begins() {
        let from_left = inked(&drawn(&CARD));
        assert!(from_left[0] < 80 && from_left[from_left.len() - 1] < 760, "{from_left:?}");
        let arabic = Card {
            title: "أدلينا بشهادتنا لأن الإنترنت بحاجة إلى صوت", lang: "ar", is_rtl: true, ..CARD
        };
        let from_right = inked(&drawn(&arabic));
        assert!(from_right[0] > 440 && from_right[from_right.len() - 1] > 1115, "{from_right:?}");
    }

    #[test]
    fn hostile_words_are_drawn_too() {
        let long = "x".repeat(10_000);
        let marks = "e\u{301}\u{202e}\u{2067}".repeat(300);
        let titles = [
            "",
            " \n\t ",
            "\0\u{1}\u{fffe}\u{ffff}\u{feff}",
            "</svg>&amp;<![CDATA[\"'",
            "🚀👩‍💻1️⃣🇪🇺",
            "\u{2029}a\u{85}ب\u{2028}漢",
            "\u{202e}\u{202e}\u{2069}\u{2066}",
            &long,
            &marks,
        ];
        for title in titles {
            for is_rtl in [false, true] {
                let card = Card { title, site: title, note: title, lang: title, is_rtl };
                assert!(draw(&card).is_some(), "{title:?}");
            }
        }
    }
}
