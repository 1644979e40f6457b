//! The lines of one text while they are being set.

use super::{
    fonts,
    lettering::{Setting, Step},
    outline::outline,
};
use cosmic_text::{Attrs, Buffer, Family, FontSystem, Metrics, Shaping, Weight, Wrap, fontdb::Database};
use resvg::tiny_skia::Path;

/// A compositor's case: the fonts at hand, and the lines being set.
pub struct Case<'a> {
    fonts: FontSystem,
    buffer: Buffer,
    setting: &'a Setting<'a>,
}

impl<'a> Case<'a> {
    /// An empty case with the fonts of `database`.
    pub fn new(database: &Database, setting: &'a Setting<'a>) -> Self {
        let fonts = FontSystem::new_with_locale_and_db(setting.lang.to_owned(), database.clone());
        Self { fonts, buffer: Buffer::new_empty(Metrics::new(1.0, 1.0)), setting }
    }

    /// Lays `text` out in the first size that it fits in, else as much of it as the last size has room for.
    pub fn choose(&mut self, text: &str) -> Option<(Step, bool)> {
        self.fill(text);
        self.buffer.set_wrap(Wrap::Word);
        for step in self.setting.steps {
            self.buffer.set_metrics(Metrics::new(step.letters, step.leading));
            if self.fits(self.setting.width, step.lines) {
                return Some((*step, false));
            }
        }
        let last = *self.setting.steps.last()?;
        // Here, a word that is longer than a line is broken.
        self.buffer.set_wrap(Wrap::WordOrGlyph);
        let is_cut = !self.fits(self.setting.width, last.lines);
        if is_cut {
            self.cut(text, last.lines);
        }
        Some((last, is_cut))
    }

    fn fill(&mut self, text: &str) {
        let (direction, family, weight) = match (self.setting.is_rtl, self.setting.is_bold) {
            (false, true) => ('\u{200e}', fonts::SERIF, Weight::BOLD),
            (false, false) => ('\u{200e}', fonts::SANS, Weight::NORMAL),
            (true, true) => ('\u{200f}', fonts::NASKH, Weight::BOLD),
            (true, false) => ('\u{200f}', fonts::NASKH, Weight::NORMAL),
        };
        let look = Attrs::new().family(Family::Name(family)).weight(weight);
        self.buffer.set_text(&format!("{direction}{text}"), &look, Shaping::Advanced, None);
    }

    fn fits(&mut self, width: f32, lines: usize) -> bool {
        self.buffer.set_size(Some(width), None);
        self.buffer.shape_until_scroll(&mut self.fonts, false);
        self.lines() <= lines && self.buffer.layout_runs().all(|run| run.line_w <= width)
    }

    /// Leaves out the last words; where even the first word is too long, its last letters.
    fn cut(&mut self, text: &str, lines: usize) {
        let words = text.match_indices(' ').map(|(index, _)| index).collect();
        let letters = text.char_indices().map(|(index, _)| index).collect();
        for ends in [words, letters] as [Vec<usize>; 2] {
            let fitting = ends.partition_point(|end| {
                self.fill(&shortened(&text[..*end]));
                self.fits(self.setting.width, lines)
            });
            if let Some(end) = ends[..fitting].last() {
                self.fill(&shortened(&text[..*end]));
                self.fits(self.setting.width, lines);
                return;
            }
        }
    }

    /// Makes the lines about equally long, so that no word is alone in the last one, and says how long they may be.
    pub fn balance(&mut self, lines: usize) -> f32 {
        let (mut narrow, mut wide) = (self.setting.width / 2.0, self.setting.width);
        while lines > 1 && wide - narrow > 4.0 {
            let middle = f32::midpoint(narrow, wide);
            if self.fits(middle, lines) { wide = middle } else { narrow = middle }
        }
        self.fits(wide, lines);
        wide
    }

    /// The number of lines.
    pub fn lines(&self) -> usize {
        self.buffer.layout_runs().count()
    }

    /// The outlines of the letters, moved to the right by `shift`; the first baseline is at 0.
    pub fn outline(&mut self, shift: f32) -> Option<Path> {
        outline(&self.buffer, &mut self.fonts, shift)
    }

    /// The characters that none of the fonts has.
    pub fn missing(&self) -> String {
        let clusters = self.buffer.layout_runs().flat_map(|run| {
            run.glyphs
                .iter()
                .filter(|glyph| glyph.glyph_id == 0)
                .filter_map(move |glyph| run.text.get(glyph.start..glyph.end))
        });
        clusters.collect()
    }
}

fn shortened(text: &str) -> String {
    format!("{}…", text.trim_end_matches(|c: char| !c.is_alphanumeric()))
}

#[cfg(test)]
mod tests {
    use super::*;

    const STEP: [Step; 1] = [Step { letters: 40.0, leading: 50.0, lines: 2 }];

    /// The lines of `text`, as they are after it was set.
    fn lines(text: &str) -> Vec<String> {
        let setting = Setting { lang: "en", is_rtl: false, is_bold: true, width: 600.0, steps: &STEP };
        let mut case = Case::new(&fonts::OWN, &setting);
        case.choose(text).expect("a step");
        let line = |run: cosmic_text::LayoutRun<'_>| {
            let start = run.glyphs.iter().map(|glyph| glyph.start).min().unwrap_or(0);
            let end = run.glyphs.iter().map(|glyph| glyph.end).max().unwrap_or(0);
            run.text[start..end].trim_matches([' ', '\u{200e}']).to_owned()
        };
        case.buffer.layout_runs().map(line).collect()
    }

    #[test]
    fn a_text_that_is_too_long_is_cut_after_a_word() {
        let text = "Open to everybody everywhere, at any time, for whatever they think is good";
        assert_eq!(lines(text), ["Open to everybody", "everywhere, at any time…"]);
        let word = lines(&"long".repeat(30));
        assert_eq!(word.len(), 2);
        assert!(word[1].ends_with('…'), "{word:?}");
    }

    #[test]
    fn a_no_break_space_holds_its_neighbours_together() {
        assert_eq!(lines("Open to everybody everywhere\u{a0}!")[1], "everywhere\u{a0}!");
    }
}
