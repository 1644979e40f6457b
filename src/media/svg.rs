//! A drawing from outside: what could run or call elsewhere is refused, and what is taken in is written anew from a list of
//! elements and attributes that only draw.
//!
//! Two lines of defence: this module tells an editor what is wrong, `svg-hush` (a list of what may be) makes the file, which is
//! looked at once more: what is malformed may come out of there as something else.

use resvg::{
    tiny_skia::{Pixmap, Transform},
    usvg::{Options, Tree},
};
use roxmltree::{Document, Node, NodeType};

/// A drawing that only draws.
#[derive(Debug)]
pub struct Drawing {
    /// The width in CSS pixels.
    pub width: i32,
    /// The height in CSS pixels.
    pub height: i32,
    /// The file that readers get.
    pub bytes: Vec<u8>,
}

/// Elements that run, hold what runs, or bring other documents in.
const RUNNING: [&str; 9] =
    ["script", "foreignObject", "handler", "listener", "iframe", "embed", "object", "audio", "video"];

impl Drawing {
    /// Takes a drawing in, or says in a sentence what is wrong with it.
    pub fn read(bytes: &[u8]) -> Result<Self, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "the SVG is not UTF-8: save it with that encoding")?;
        let text = text.strip_prefix('\u{feff}').unwrap_or(text);
        // Entities are declared there, and grow without end when they are put in.
        let document = parse(text)?;
        document.descendants().try_for_each(check)?;
        let root = document.root_element();
        if root.tag_name().name() != "svg" || root.tag_name().namespace() != Some("http://www.w3.org/2000/svg") {
            return Err(format!("the root element is <{}>, expected <svg> in SVG's namespace", root.tag_name().name()));
        }
        let (width, height) =
            size(root).ok_or("the SVG has neither a width and height nor a viewBox: add a viewBox")?;
        let mut clean = Vec::new();
        svg_hush::Filter::new()
            .filter(text.as_bytes(), &mut clean)
            .map_err(|error| format!("the SVG is not well-formed ({error}): export it again"))?;
        parse(&String::from_utf8_lossy(&clean))?.descendants().try_for_each(check)?;
        Ok(Self { width, height, bytes: clean })
    }

    /// The drawing in pixels, at most `side` wide and high.
    pub fn draw(&self, side: u32) -> Result<Pixmap, String> {
        draw(&self.bytes, side)
    }
}

fn parse(text: &str) -> Result<Document<'_>, String> {
    Document::parse(text).map_err(|error| match error {
        roxmltree::Error::DtdDetected => "the SVG has a DOCTYPE: take it out".to_owned(),
        error => format!("the SVG is not well-formed ({error}): export it again"),
    })
}

fn draw(svg: &[u8], side: u32) -> Result<Pixmap, String> {
    let tree =
        Tree::from_data(svg, &Options::default()).map_err(|error| format!("the SVG cannot be drawn ({error})"))?;
    let size = tree.size();
    let scale = side as f32 / size.width().max(size.height());
    let pixels = |length: f32| (length * scale).round().max(1.0) as u32;
    let mut pixmap = Pixmap::new(pixels(size.width()), pixels(size.height())).ok_or("the SVG cannot be drawn")?;
    resvg::render(&tree, Transform::from_scale(scale, scale), &mut pixmap.as_mut());
    Ok(pixmap)
}

const BACKSLASH: &str =
    "the SVG has a backslash in its styles, behind which an address can hide: write what it stands for";

/// Refuses what is more than a drawing.
fn check(node: Node<'_, '_>) -> Result<(), String> {
    let name = node.tag_name().name();
    let is_in_style = node.parent().is_some_and(|parent| parent.tag_name().name() == "style");
    match node.node_type() {
        NodeType::PI => {
            return Err(
                "the SVG has a processing instruction (<?…?>), which can bring in other files: take it out".into()
            );
        }
        NodeType::Element if RUNNING.iter().any(|it| it.eq_ignore_ascii_case(name)) => {
            return Err(format!("the SVG has <{name}>, and may only draw: take it out"));
        }
        // The styles are cleaned as one text, which then is not all of it.
        NodeType::Element if is_in_style => {
            return Err(format!("the SVG has <{name}> within <style>, which holds words alone: take it out"));
        }
        NodeType::Text if is_in_style => {
            let css = node.text().unwrap_or_default();
            if css.contains('\\') {
                return Err(BACKSLASH.to_owned());
            }
            check_style(css)?;
            check_value("", css)?;
        }
        _ => {}
    }
    for attribute in node.attributes() {
        let name = attribute.name();
        if name.get(..2).is_some_and(|start| start.eq_ignore_ascii_case("on")) {
            return Err(format!("the SVG has `{name}`, which runs a script: take it out"));
        }
        check_value(name, attribute.value())?;
        let says =
            ["id", "class", "lang", "role"].contains(&name) || name.starts_with("aria-") || name.starts_with("data-");
        if attribute.namespace().is_none() && !says {
            check_style(attribute.value())?;
        }
    }
    Ok(())
}

/// What takes an address without `url()`.
const TAKING: [&str; 5] = ["image-set(", "image(", "src(", "cross-fade(", "@import"];

/// Refuses styles that take something from another place by other means than `url()`.
fn check_style(value: &str) -> Result<(), String> {
    let lower = squeezed(value);
    TAKING.into_iter().find(|taking| lower.contains(taking)).map_or(Ok(()), |taking| Err(elsewhere(taking)))
}

/// Refuses values that lead out of the file.
fn check_value(name: &str, value: &str) -> Result<(), String> {
    let lower = squeezed(value);
    if lower.contains("javascript:") {
        return Err("the SVG has a `javascript:` address: take it out".to_owned());
    }
    if lower.contains('\\') && lower.contains('(') {
        return Err(BACKSLASH.to_owned());
    }
    let mut addresses: Vec<&str> = lower.split("url(").skip(1).map(|url| url.trim_start_matches(['"', '\''])).collect();
    if ["href", "src"].contains(&name) {
        addresses.push(&lower);
    }
    match addresses.into_iter().find(|address| !address.starts_with('#')) {
        None => Ok(()),
        Some(address) if address.starts_with("data:") => {
            Err("the SVG has another picture or a font inside, which is not looked into: save it as PNG or WebP"
                .to_owned())
        }
        Some(address) => Err(elsewhere(address)),
    }
}

/// The value as browsers may read it, in small letters: they leave out white space and control characters within a scheme.
fn squeezed(value: &str) -> String {
    let squeezed: String = value.chars().filter(|c| !c.is_whitespace() && !c.is_control()).collect();
    squeezed.to_ascii_lowercase()
}

fn elsewhere(what: &str) -> String {
    let what: String = what.chars().take(40).collect();
    format!("the SVG refers to something outside of itself (`{what}`): put it in or take it out")
}

/// The size that an SVG is drawn at: its `width` and `height`, else those of its `viewBox`.
fn size(root: Node<'_, '_>) -> Option<(i32, i32)> {
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
    let (width, height) = length("width").zip(length("height")).or_else(view_box)?;
    let fits = |length: f64| (1.0..100_000.0).contains(&length).then(|| length.round() as i32);
    fits(width).zip(fits(height))
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::{fs, path::Path};

    fn svg(inside: &str) -> String {
        format!(
            "<svg xmlns=\"http://www.w3.org/2000/svg\" xmlns:xlink=\"http://www.w3.org/1999/xlink\" viewBox=\"0 0 640 400\">{inside}</svg>"
        )
    }

    fn refused(text: &str) -> String {
        Drawing::read(text.as_bytes()).expect_err(text)
    }

    #[test]
    fn a_drawing_is_as_large_as_it_says() {
        let size = |text: &str| Drawing::read(text.as_bytes()).map(|drawing| (drawing.width, drawing.height));
        assert_eq!(size(&svg("")), Ok((640, 400)));
        assert_eq!(size(&svg("").replace("viewBox", "width=\"32px\" height=\"20\" viewBox")), Ok((32, 20)));
    }

    #[test]
    fn what_is_no_drawing_is_refused_with_a_sentence() {
        assert!(refused("<svg").contains("not well-formed"));
        assert!(refused("<html/>").contains("expected <svg>"));
        assert!(refused("<svg viewBox=\"0 0 1 1\"/>").contains("in SVG's namespace"));
        assert!(refused("<svg xmlns=\"http://www.w3.org/2000/svg\"/>").contains("add a viewBox"));
    }

    #[test]
    fn what_runs_or_calls_elsewhere_is_refused_with_a_sentence() {
        for (inside, said) in [
            ("<script>alert(1)</script>", "<script>"),
            ("<g><SCRIPT/></g>", "<SCRIPT>"),
            ("<x:script xmlns:x=\"http://www.w3.org/1999/xhtml\"/>", "<script>"),
            ("<foreignObject><p/></foreignObject>", "<foreignObject>"),
            ("<rect onload=\"alert(1)\"/>", "`onload`"),
            ("<rect oNcLick=\"alert(1)\"/>", "`oNcLick`"),
            ("<a href=\"java\nscript:alert(1)\"><rect/></a>", "javascript:"),
            ("<a xlink:href=\" JavaScript:alert(1)\"><rect/></a>", "javascript:"),
            ("<animate attributeName=\"href\" values=\"javascript:alert(1)\"/>", "javascript:"),
            ("<image href=\"https://tracker.example/a.png\"/>", "outside of itself"),
            ("<use xlink:href=\"other.svg#a\"/>", "outside of itself"),
            ("<rect fill=\"url( '//tracker.example/#a')\"/>", "outside of itself"),
            ("<rect style=\"fill: URL(https://tracker.example/)\"/>", "outside of itself"),
            ("<style>@import 'https://tracker.example/';</style>", "outside of itself"),
            ("<style>rect { fill: url(https://tracker.example/) }</style>", "outside of itself"),
            ("<style>*{background:image-set('//tracker.example/' 1x)}</style>", "outside of itself"),
            ("<rect style=\"background:-webkit-image-set( 'a.png' 1x)\"/>", "outside of itself"),
            ("<image href=\"data:image/svg+xml,&lt;svg/&gt;\"/>", "another picture"),
            ("<g style=\"f$($a;#$]]>url(#af$($a;#$lr($#$$a)\"/>", "outside of itself"),
            ("<style><g/>@import 'https://tracker.example/';</style>", "<g> within <style>"),
            ("<style>@\\69mport '//tracker.example/';</style>", "a backslash"),
            ("<rect fill=\"u\\72l(//tracker.example/)\"/>", "a backslash"),
            ("<?xml-stylesheet href=\"https://tracker.example/\"?>", "processing instruction"),
        ] {
            assert!(refused(&svg(inside)).contains(said), "{inside}: {}", refused(&svg(inside)));
        }
    }

    #[test]
    fn a_name_is_a_name_whatever_it_looks_like() {
        for inside in [
            "<g id=\"image (1)\" data-name=\"Image (2)\" aria-label=\"src (left)\"/>",
            "<g xmlns:i=\"http://www.inkscape.org/namespaces/inkscape\" i:label=\"image (copy)\"/>",
            "<style>@namespace \"http://www.w3.org/2000/svg\"; rect{fill:red}</style>",
        ] {
            assert!(Drawing::read(svg(inside).as_bytes()).is_ok(), "{inside}");
        }
    }

    #[test]
    fn entities_are_refused_before_they_grow() {
        let bomb = "<!DOCTYPE svg [<!ENTITY a \"ha\"><!ENTITY b \"&a;&a;&a;&a;\">]>";
        assert!(refused(&format!("{bomb}{}", svg("<text>&b;</text>"))).contains("DOCTYPE"));
    }

    #[test]
    fn references_within_the_file_go_on_working_and_what_only_describes_is_left_out() {
        let text =
            svg("<defs><linearGradient id=\"a\"><stop stop-color=\"#f00\"/></linearGradient><g id=\"b\"/></defs>\
             <metadata>where it was drawn</metadata><!-- by whom -->\
             <rect style=\"fill:url(#a)\" width=\"9\" height=\"9\"/><use xlink:href=\"#b\"/>");
        let drawing = Drawing::read(text.as_bytes()).expect("a drawing");
        let clean = String::from_utf8(drawing.bytes.clone()).expect("UTF-8");
        assert!(clean.contains("fill:url(#a)") && clean.contains("href=\"#b\""), "{clean}");
        assert!(!clean.contains("drawn") && !clean.contains("whom"), "{clean}");
        assert_eq!(drawing.draw(64).expect("drawn").pixel(0, 0).map(|it| it.red()), Some(255));
    }

    #[test]
    fn the_sites_own_drawings_stay_as_they_are_to_the_pixel() {
        let posts = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/content/posts"));
        let folders = fs::read_dir(posts).expect("posts").flatten();
        let files = folders.flat_map(|folder| fs::read_dir(folder.path()).expect("a folder").flatten());
        let drawings = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|it| it == "svg"));
        let mut seen = 0;
        for path in drawings {
            let bytes = fs::read(&path).expect("a file");
            let drawing = Drawing::read(&bytes).expect("a drawing");
            let (before, after) = (draw(&bytes, 320).expect("drawn"), drawing.draw(320).expect("drawn"));
            assert!(before.data() == after.data(), "{} looks different", path.display());
            seen += 1;
        }
        assert!(seen >= 8, "{seen}");
    }
}
