//! The outlines of laid-out letters, ready to be filled.

use cosmic_text::{
    Buffer, FontSystem, LayoutGlyph,
    skrifa::{
        FontRef, GlyphId, MetadataProvider,
        instance::Size,
        outline::{DrawSettings, OutlinePen},
    },
};
use resvg::tiny_skia::{Path, PathBuilder};

/// The outlines of all letters in `buffer`, moved to the right by `shift`; the first baseline is at 0.
pub fn outline(buffer: &Buffer, fonts: &mut FontSystem, shift: f32) -> Option<Path> {
    let mut path = PathBuilder::new();
    let mut baseline = 0.0;
    for run in buffer.layout_runs() {
        for glyph in run.glyphs {
            let x = shift + glyph.x + glyph.x_offset * glyph.font_size;
            let y = baseline + glyph.y - glyph.y_offset * glyph.font_size;
            // A letter that cannot be drawn leaves a gap.
            let _ = draw(glyph, fonts, &mut Pen { path: &mut path, x, y });
        }
        // Not the line's own place: that one moves with the fonts that are in it.
        baseline += buffer.metrics().line_height;
    }
    path.finish()
}

fn draw(glyph: &LayoutGlyph, fonts: &mut FontSystem, pen: &mut Pen<'_>) -> Option<()> {
    let index = fonts.db().face(glyph.font_id)?.index;
    let font = fonts.get_font(glyph.font_id, glyph.font_weight)?;
    let font = FontRef::from_index(font.data(), index).ok()?;
    let location = font.axes().location([("wght", f32::from(glyph.font_weight.0))]);
    let letter = font.outline_glyphs().get(GlyphId::from(glyph.glyph_id))?;
    letter.draw(DrawSettings::unhinted(Size::new(glyph.font_size), &location), pen).ok()?;
    Some(())
}

/// Draws what a font says, whose y grows upwards, into a picture, whose y grows downwards.
struct Pen<'a> {
    path: &'a mut PathBuilder,
    x: f32,
    y: f32,
}

impl OutlinePen for Pen<'_> {
    fn move_to(&mut self, x: f32, y: f32) {
        self.path.move_to(self.x + x, self.y - y);
    }

    fn line_to(&mut self, x: f32, y: f32) {
        self.path.line_to(self.x + x, self.y - y);
    }

    fn quad_to(&mut self, cx: f32, cy: f32, x: f32, y: f32) {
        self.path.quad_to(self.x + cx, self.y - cy, self.x + x, self.y - y);
    }

    fn curve_to(&mut self, cx0: f32, cy0: f32, cx1: f32, cy1: f32, x: f32, y: f32) {
        let (left, top) = (self.x, self.y);
        self.path.cubic_to(left + cx0, top - cy0, left + cx1, top - cy1, left + x, top - y);
    }

    fn close(&mut self) {
        self.path.close();
    }
}
