//! Words set as lines: shaped and ordered as their script wants it, in the largest size that there is room for.

use super::{case::Case, fonts};
use cosmic_text::fontdb::Database;
use resvg::tiny_skia::Path;

/// A size that a text may be set in.
#[derive(Clone, Copy, Debug)]
pub struct Step {
    /// The size of the letters in pixels.
    pub letters: f32,
    /// The distance of two baselines in pixels.
    pub leading: f32,
    /// How many lines there is room for.
    pub lines: usize,
}

/// How a text is to be set.
#[derive(Clone, Copy, Debug)]
pub struct Setting<'a> {
    /// The language of the text, as in BCP 47.
    pub lang: &'a str,
    /// Whether lines begin on the right.
    pub is_rtl: bool,
    /// Whether it is bold, with serifs.
    pub is_bold: bool,
    /// The length of a full line in pixels.
    pub width: f32,
    /// The sizes to try, the preferred one first.
    pub steps: &'a [Step],
}

/// A text that was set.
#[derive(Debug)]
pub struct Block {
    /// The outlines of the letters: the first baseline is at 0, the lines are between 0 and the width asked for.
    pub path: Option<Path>,
    /// The size it was set in.
    pub step: Step,
    /// The number of its lines.
    pub lines: usize,
    /// The characters that no font has.
    missing: String,
}

/// More letters than any card has room for: those after them need not be shaped.
const MAX_CHARS: usize = 400;

/// Sets `text` in the first size that it fits in; in the last one, its end is cut if need be.
pub fn set(text: &str, setting: &Setting<'_>) -> Option<Block> {
    let mut text = clean(text);
    let mut block = set_with(&fonts::OWN, &text, setting)?;
    if !block.missing.is_empty() {
        block = set_with(&fonts::ALL, &text, setting)?;
    }
    // The box for "no such letter" says that a word is missing. For an emoji it would only be noise.
    let is_noise = |c: char| !c.is_alphanumeric() && block.missing.contains(c);
    if text.contains(is_noise) {
        text = clean(&text.replace(is_noise, ""));
        block = set_with(&fonts::ALL, &text, setting)?;
    }
    Some(block)
}

/// The text in one line, without control characters. No-break spaces stay.
fn clean(text: &str) -> String {
    // Nested deeply enough, these make cosmic-text panic; and the letters know their direction without them.
    let is_direction = |c: char| matches!(c, '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}');
    let is_break = |c: char| c == ' ' || c.is_control() || matches!(c, '\u{2028}' | '\u{2029}');
    let line: String = text.chars().filter(|c| !is_direction(*c)).take(MAX_CHARS).collect();
    let words: Vec<&str> = line.split(is_break).filter(|word| !word.is_empty()).collect();
    words.join(" ")
}

fn set_with(database: &Database, text: &str, setting: &Setting<'_>) -> Option<Block> {
    let mut case = Case::new(database, setting);
    let (step, is_cut) = case.choose(text)?;
    let lines = case.lines();
    let width = if is_cut { setting.width } else { case.balance(lines) };
    let shift = if setting.is_rtl { setting.width - width } else { 0.0 };
    Some(Block { path: case.outline(shift), step, lines, missing: case.missing() })
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEPS: [Step; 2] =
        [Step { letters: 80.0, leading: 90.0, lines: 1 }, Step { letters: 40.0, leading: 50.0, lines: 2 }];

    fn setting(is_rtl: bool) -> Setting<'static> {
        Setting { lang: "en", is_rtl, is_bold: true, width: 600.0, steps: &STEPS }
    }

    #[test]
    fn a_text_is_as_large_as_there_is_room_for() {
        let size = |text| set(text, &setting(false)).map(|block| (block.step.letters, block.lines));
        assert_eq!(size("Open"), Some((80.0, 1)));
        assert_eq!(size("Open to everybody"), Some((40.0, 1)));
        assert_eq!(size("Open to everybody everywhere"), Some((40.0, 2)));
    }

    #[test]
    fn arabic_letters_are_joined() {
        let word = "بشهادتنا";
        // A zero-width non-joiner after each letter keeps it as it is alone.
        let apart: String = word.chars().flat_map(|letter| [letter, '\u{200c}']).collect();
        let [joined, apart] = [word, &apart].map(|text| set(text, &setting(true)).expect("a block"));
        assert_eq!(joined.step.letters, apart.step.letters);
        let width = |block: Block| block.path.map(|path| path.bounds().width());
        assert!(width(joined) < width(apart).map(|width| width * 0.8));
    }

    #[test]
    fn an_emoji_that_no_font_has_leaves_no_gap() {
        let bounds = |text| set(text, &setting(false)).and_then(|block| block.path).map(|path| path.bounds());
        assert_eq!(bounds("Open \u{10fffd} Internet"), bounds("Open Internet"));
    }
}
