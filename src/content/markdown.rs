//! Markdown to HTML that is safe to put into a page.

use crate::{
    i18n::Lang,
    media::{Picture, Tone},
    posts::Heading,
    search::analyse::{Kind, Token, tokens},
    ui::{
        picture::{FORMATS, Shown},
        t,
    },
};
use comrak::{
    Arena, Options,
    html::{ChildRendering, Context, format_document_with_formatter, format_node_default},
    nodes::{Node, NodeList, NodeValue},
    options::Plugins,
};
use std::{
    collections::{HashMap, HashSet},
    fmt::{self, Write as _},
    sync::LazyLock,
};
use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// Where Markdown is shown.
#[derive(Clone, Copy)]
pub struct Place<'a> {
    /// The language that the text is written in.
    pub lang: Lang,
    /// The language of the page around it: links to other pages of the site stay in it.
    pub reader: Lang,
    /// What stands before addresses on this site: nothing in a page, the site's own address in a feed.
    pub base: &'a str,
    /// What stands before places in the text itself: nothing in a page, the page's address in a feed.
    pub page: &'a str,
    /// What stands before the ids of headings, where the page around the text has ids of its own making.
    pub prefix: &'a str,
    /// The pictures in the text, by the names that it uses.
    pub pictures: &'a HashMap<String, Picture>,
}

/// A text ready to be shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Rendered {
    /// The safe HTML.
    pub html: String,
    /// Its headings in their order.
    pub headings: Vec<Heading>,
    /// How many words it has.
    pub words: usize,
}

/// A picture in a text, as it is written there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureMention {
    /// The line, from 1.
    pub line: usize,
    /// The name of the file.
    pub file: String,
    /// The text alternative; empty where an editor forgot it.
    pub alt: String,
}

/// Ids that every page may have itself, and its scripts look for.
pub const PAGE_IDS: [&str; 9] =
    ["announcer", "copy-note", "data-switch", "main", "offline", "offline-again", "progress", "save", "save-status"];
/// Those of the pages around a text, beside them.
const TAKEN: [&str; 7] = ["contents", "posts", "related", "section", "share-copy", "share-sheet", "share-status"];

/// Renders CommonMark with tables, footnotes, strikethrough and bare links as HTML.
///
/// Raw HTML is shown as text, links go to http, https, mailto or this site only, and headings begin at the second level:
/// the first is the page's own.
pub fn render(markdown: &str, place: Place<'_>) -> Rendered {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &OPTIONS);
    let mut words = 0;
    for node in root.descendants() {
        match &mut node.data.borrow_mut().value {
            NodeValue::Heading(heading) => heading.level = heading.level.max(2),
            NodeValue::Link(link) => link.url = address(&link.url, place),
            NodeValue::Text(text) => words += text.split_whitespace().count(),
            _ => {}
        }
    }
    let mut html = String::new();
    let work = Work { place, headings: Vec::new() };
    // Writing to a String does not fail; what was written until then would still be safe.
    let work = format_document_with_formatter(root, &OPTIONS, &mut html, &Plugins::default(), format, work);
    let lang = place.reader;
    let html = in_tags(&CLEANER.clean(&html).to_string(), |tag| {
        // HTML has no `align` any more, and a column of figures ends where lines end, in either direction.
        tag.replace(" align=\"right\"", " class=\"end\"")
            .replace(" align=\"center\"", " class=\"middle\"")
            .replace(" align=\"left\"", "")
            .replace("href=\"#", &format!("href=\"{}#", place.page))
            .replace("\"Back to reference ", &format!("\"{} ", t!(lang, "footnote-back")))
    });
    Rendered { html, headings: work.map(|work| work.headings).unwrap_or_default(), words }
}

/// Changes the tags of clean HTML and leaves its text, in which every `<` is escaped, as it is.
fn in_tags(html: &str, change: impl Fn(&str) -> String) -> String {
    let mut changed = String::with_capacity(html.len());
    for part in html.split_inclusive('>') {
        let (text, tag) = part.split_at(part.find('<').unwrap_or(part.len()));
        changed.push_str(text);
        changed.push_str(&change(tag));
    }
    changed
}

/// The pictures that `markdown` shows.
pub fn pictures(markdown: &str) -> Vec<PictureMention> {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &OPTIONS);
    let mention = |node: Node<'_>| match &node.data.borrow().value {
        NodeValue::Image(link) => Some((node.data.borrow().sourcepos.start.line, link.url.clone())),
        _ => None,
    };
    root.descendants()
        .filter_map(|node| mention(node).map(|(line, file)| PictureMention { line, file, alt: node.collect_text() }))
        .collect()
}

/// The distinct words of `markdown`'s text, folded, without the shortest: what posts are compared by.
pub fn vocabulary(markdown: &str) -> HashSet<String> {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &OPTIONS);
    let mut words = HashSet::new();
    for node in root.descendants() {
        if let NodeValue::Text(text) = &node.data.borrow().value {
            words.extend(distinctive(text));
        }
    }
    words
}

/// The words of `text`, folded; those of three letters and fewer say little and are left out.
pub fn distinctive(text: &str) -> impl Iterator<Item = String> {
    let says_much = |token: &Token| token.kind == Kind::Pair || token.form.chars().count() > 3;
    tokens(text).into_iter().filter(says_much).map(|token| token.form)
}

/// The text of `markdown` alone, a line for each of its paragraphs, headings and cells: what is searched.
pub fn text(markdown: &str) -> String {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &OPTIONS);
    let mut text = String::with_capacity(markdown.len());
    for node in root.descendants() {
        let value = &node.data.borrow().value;
        if value.block() && !text.is_empty() && !text.ends_with('\n') {
            text.push('\n');
        }
        match value {
            NodeValue::Text(words) => text.push_str(words),
            NodeValue::Code(code) => text.push_str(&code.literal),
            NodeValue::CodeBlock(code) => text.push_str(&code.literal),
            // It is shown as the text that it is.
            NodeValue::HtmlBlock(html) => text.push_str(&html.literal),
            NodeValue::HtmlInline(html) => text.push_str(html),
            NodeValue::SoftBreak | NodeValue::LineBreak => text.push(' '),
            _ => {}
        }
    }
    text.truncate(text.trim_end().len());
    text
}

/// An address on this site in the reader's language and below `base`; any other as it is.
fn address(url: &str, place: Place<'_>) -> String {
    let link = place.reader.link(url);
    if link.starts_with('/') && !link.starts_with("//") { format!("{}{link}", place.base) } else { link }
}

/// What the formatter needs and gathers.
struct Work<'a> {
    place: Place<'a>,
    headings: Vec<Heading>,
}

type Written = Result<ChildRendering, fmt::Error>;

/// Writes what differs from CommonMark's own HTML: anchors on headings, figures, tables that scroll on their own, and the
/// direction of blocks that run the other way than the text around them.
fn format(context: &mut Context<'_, '_, Work<'_>>, node: Node<'_>, entering: bool) -> Written {
    match &node.data.borrow().value {
        NodeValue::Heading(heading) => format_heading(context, node, heading.level, entering),
        NodeValue::Paragraph if is_figure(node) => {
            context.write_str(if entering { "<figure>" } else { "</figure>\n" })?;
            Ok(ChildRendering::HTML)
        }
        NodeValue::Paragraph if entering && !is_tight(node) => {
            context.cr()?;
            write!(context, "<p{}>", direction(node, context.user.place))?;
            Ok(ChildRendering::HTML)
        }
        NodeValue::Item(_) if entering => {
            context.cr()?;
            write!(context, "<li{}>", direction(node, context.user.place))?;
            Ok(ChildRendering::HTML)
        }
        // One to which nothing leads, as another has its name, is text as any other; so is one within a note, which is a part of that.
        NodeValue::FootnoteDefinition(note) if note.total_references == 0 || node.ancestors().skip(1).any(is_note) => {
            Ok(ChildRendering::HTML)
        }
        NodeValue::TableCell => {
            let turned = !direction(node, context.user.place).is_empty();
            if !entering && turned {
                context.write_str("</bdi>")?;
            }
            let children = format_node_default(context, node, entering)?;
            if entering && turned {
                context.write_str("<bdi>")?;
            }
            Ok(children)
        }
        NodeValue::Table(_) => {
            if entering {
                let lang = context.user.place.reader;
                context.write_str("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label=\"")?;
                context.escape(&t!(lang, "table"))?;
                context.write_str("\">")?;
            }
            let children = format_node_default(context, node, entering)?;
            if !entering {
                context.write_str("</div>\n")?;
            }
            Ok(children)
        }
        // Code is written from left to right in every language, and a reader without a mouse has to reach what scrolls.
        NodeValue::CodeBlock(code) => {
            if entering {
                context.cr()?;
                context.write_str("<pre dir=\"ltr\" tabindex=\"0\"><code>")?;
                context.escape(&code.literal)?;
                context.write_str("</code></pre>\n")?;
            }
            Ok(ChildRendering::Skip)
        }
        NodeValue::Image(link) => {
            if entering {
                format_picture(context, node, &link.url, &link.title)?;
            }
            Ok(ChildRendering::Skip)
        }
        _ => format_node_default(context, node, entering),
    }
}

fn is_note(node: Node<'_>) -> bool {
    matches!(node.data.borrow().value, NodeValue::FootnoteDefinition(_))
}

fn format_heading(context: &mut Context<'_, '_, Work<'_>>, node: Node<'_>, level: u8, entering: bool) -> Written {
    // A link within a link is none: such a heading keeps its own.
    let linked = node.descendants().any(|node| matches!(node.data.borrow().value, NodeValue::Link(_)));
    if !entering {
        writeln!(context, "{}</h{level}>", if linked { "" } else { "</a>" })?;
        return Ok(ChildRendering::HTML);
    }
    let text = node.collect_text();
    if context.user.headings.is_empty() {
        for id in PAGE_IDS.into_iter().chain(TAKEN) {
            context.anchorizer.anchorize(id);
        }
    }
    // Marks over letters are no part of an id, and a reader who writes it down leaves them out as well.
    let bare: String = text.nfc().filter(|c| !is_combining_mark(*c)).collect();
    let mut id = context.anchorizer.anchorize(&bare);
    if id.is_empty() {
        id = context.anchorizer.anchorize("section");
    } else if id.starts_with(|c: char| !c.is_alphabetic()) || id.starts_with("fn-") || id.starts_with("fnref-") {
        // Not every tool takes an id that begins with a digit; footnotes have ids of the other forms.
        id = context.anchorizer.anchorize(&format!("section-{id}"));
    }
    let id = format!("{}{id}", context.user.place.prefix);
    let turned = direction(node, context.user.place);
    context.cr()?;
    write!(context, "<h{level} id=\"{id}\"{turned}>")?;
    if !linked {
        write!(context, "<a class=\"anchor\" href=\"#{id}\">")?;
    }
    context.user.headings.push(Heading { level, id, text });
    Ok(ChildRendering::HTML)
}

fn format_picture(context: &mut Context<'_, '_, Work<'_>>, node: Node<'_>, file: &str, caption: &str) -> fmt::Result {
    let alt = node.collect_text();
    let place = context.user.place;
    let Some(picture) = place.pictures.get(file) else { return context.escape(&alt) };
    let alt = if alt == "decorative" { "" } else { &alt };
    // A program that reads feeds may know nothing of `<picture>`; the file in it is good for all.
    let sources = || FORMATS.into_iter().filter_map(|format| Some((format, picture.srcset(format)?)));
    let sources: Vec<_> = if place.base.is_empty() { sources().collect() } else { Vec::new() };
    if !sources.is_empty() {
        context.write_str("<picture>")?;
    }
    for (format, srcset) in &sources {
        let sizes = Shown::Text.sizes();
        write!(context, "<source type=\"image/{format}\" srcset=\"{srcset}\" sizes=\"{sizes}\">")?;
    }
    write!(context, "<img src=\"{}", place.base)?;
    context.escape(&picture.path())?;
    context.write_str("\" alt=\"")?;
    context.escape(alt)?;
    let (width, height) = (picture.width, picture.height);
    write!(context, "\" width=\"{width}\" height=\"{height}\" loading=\"lazy\" decoding=\"async\"")?;
    let classes = picture.classes();
    if !classes.is_empty() {
        write!(context, " class=\"{classes}\"")?;
    }
    context.write_str(if sources.is_empty() { ">" } else { "></picture>" })?;
    if !caption.is_empty() && node.parent().is_some_and(is_figure) {
        context.write_str("<figcaption>")?;
        context.escape(caption)?;
        context.write_str("</figcaption>")?;
    }
    Ok(())
}

/// Whether a paragraph is a picture and nothing else.
fn is_figure(paragraph: Node<'_>) -> bool {
    let mut children = paragraph.children();
    let first = children.next().is_some_and(|child| matches!(child.data.borrow().value, NodeValue::Image(_)));
    first && children.next().is_none() && !is_tight(paragraph)
}

/// Whether a paragraph is the text of a list item that has nothing else, which gets no `<p>`.
fn is_tight(paragraph: Node<'_>) -> bool {
    let list = paragraph.parent().and_then(|item| item.parent());
    list.is_some_and(|list| matches!(list.data.borrow().value, NodeValue::List(NodeList { tight: true, .. })))
}

/// The `dir` attribute of a block whose words run the other way than the language of the text.
fn direction(node: Node<'_>, place: Place<'_>) -> &'static str {
    match (direction_of(&node.collect_text()), place.lang.dir()) {
        (Some("rtl"), "ltr") => " dir=\"rtl\"",
        (Some("ltr"), "rtl") => " dir=\"ltr\"",
        _ => "",
    }
}

/// The direction of a text's first letter.
fn direction_of(text: &str) -> Option<&'static str> {
    let first = text.chars().find(|c| c.is_alphabetic())?;
    // Hebrew, Arabic, Syriac, Thaana, NKo and their presentation forms.
    let rtl = matches!(first, '\u{590}'..='\u{8ff}' | '\u{fb1d}'..='\u{fdff}' | '\u{fe70}'..='\u{feff}');
    Some(if rtl { "rtl" } else { "ltr" })
}

static OPTIONS: LazyLock<Options<'static>> = LazyLock::new(|| {
    let mut options = Options::default();
    options.extension.table = true;
    options.extension.footnotes = true;
    options.extension.strikethrough = true;
    options.extension.autolink = true;
    options.render.escape = true;
    options
});

/// The second line of defence: whatever the renderer may do, only these elements, attributes and schemes get out.
static CLEANER: LazyLock<ammonia::Builder<'static>> = LazyLock::new(|| {
    let heading = HashSet::from(["id", "dir"]);
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "bdi",
            "blockquote",
            "br",
            "code",
            "del",
            "div",
            "em",
            "figcaption",
            "figure",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "img",
            "li",
            "ol",
            "p",
            "picture",
            "pre",
            "section",
            "source",
            "strong",
            "sup",
            "table",
            "tbody",
            "td",
            "th",
            "thead",
            "tr",
            "ul",
        ]))
        .tag_attributes(HashMap::from([
            ("a", HashSet::from(["href", "id", "aria-label"])),
            ("div", HashSet::from(["role", "tabindex", "aria-label"])),
            ("h2", heading.clone()),
            ("h3", heading.clone()),
            ("h4", heading.clone()),
            ("h5", heading.clone()),
            ("h6", heading),
            ("img", HashSet::from(["src", "alt", "width", "height", "loading", "decoding"])),
            ("li", HashSet::from(["id", "dir"])),
            ("ol", HashSet::from(["start"])),
            ("p", HashSet::from(["dir"])),
            ("pre", HashSet::from(["dir", "tabindex"])),
            ("source", HashSet::from(["type", "srcset", "sizes"])),
            ("td", HashSet::from(["align"])),
            ("th", HashSet::from(["align"])),
        ]))
        .add_allowed_classes("div", &["table"])
        .add_allowed_classes("img", Tone::all_classes())
        .add_allowed_classes("section", &["footnotes"])
        .add_allowed_classes("sup", &["footnote-ref"])
        .add_allowed_classes("a", &["anchor", "footnote-backref"])
        // The schemes below do not reach what is no single address.
        .attribute_filter(|_, attribute, value| {
            (attribute != "srcset" || value.split(',').all(|one| one.starts_with("/media/"))).then(|| value.into())
        })
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None);
    cleaner
});

#[cfg(test)]
pub mod testing {
    //! Rendering for tests.

    use super::*;

    /// `markdown` in the default language, without pictures.
    pub fn html(markdown: &str) -> String {
        let pictures = HashMap::new();
        let place =
            Place { lang: Lang::DEFAULT, reader: Lang::DEFAULT, base: "", page: "", prefix: "", pictures: &pictures };
        render(markdown, place).html
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::html, *};
    use crate::{
        i18n::testing::*,
        media::{Fallback, testing::picture},
    };

    #[test]
    fn plain_markdown_becomes_plain_html() {
        assert_eq!(
            html("Some *words* and a [link](/a/)."),
            "<p>Some <em>words</em> and a <a href=\"/a/\">link</a>.</p>\n"
        );
        assert!(html("|a|b|\n|-|-|\n|1|2|").contains("<th>a</th>"));
    }

    #[test]
    fn the_text_alone_has_a_line_for_each_part() {
        let markdown = "## One *two*\n\nThree\nfour [five](/six/) `seven`.\n\n- eight\n- nine\n\n|a|b|\n|-|-|\n|c|d|\n\n![ten](x.png)\n\n<b>eleven</b>[^1]\n\n[^1]: twelve";
        assert_eq!(
            text(markdown),
            "One two\nThree four five seven.\neight\nnine\na\nb\nc\nd\nten\n<b>eleven</b>\ntwelve"
        );
        assert_eq!(text(""), "");
    }

    #[test]
    fn headings_begin_at_the_second_level_and_have_anchors() {
        assert_eq!(
            html("# One & 1\n\n### Three\n\n## One & 1\n\n## Main\n\n## A [link](/x/)\n\n## ؟\n\n## FN 1\n\n## فلنفكّر"),
            "<h2 id=\"one--1\"><a class=\"anchor\" href=\"#one--1\">One &amp; 1</a></h2>\n\
             <h3 id=\"three\"><a class=\"anchor\" href=\"#three\">Three</a></h3>\n\
             <h2 id=\"one--1-1\"><a class=\"anchor\" href=\"#one--1-1\">One &amp; 1</a></h2>\n\
             <h2 id=\"main-1\"><a class=\"anchor\" href=\"#main-1\">Main</a></h2>\n\
             <h2 id=\"a-link\">A <a href=\"/x/\">link</a></h2>\n\
             <h2 id=\"section-1\"><a class=\"anchor\" href=\"#section-1\">؟</a></h2>\n\
             <h2 id=\"section-fn-1\"><a class=\"anchor\" href=\"#section-fn-1\">FN 1</a></h2>\n\
             <h2 id=\"فلنفكر\" dir=\"rtl\"><a class=\"anchor\" href=\"#فلنفكر\">فلنفكّر</a></h2>\n"
        );
    }

    #[test]
    fn links_stay_in_the_readers_language_and_pictures_do_not_move() {
        let pictures = HashMap::from([("a.svg".to_owned(), picture("a.svg", 8, 5, None))]);
        let place =
            Place { lang: Lang::DEFAULT, reader: FR, base: "https://x.org", page: "", prefix: "", pictures: &pictures };
        let html =
            render("[a](/blog/) [b](/feed.xml) [c](#d) [e](/es/blog/)\n\n![An A](a.svg \"See & look\")", place).html;
        assert_eq!(
            html,
            "<p><a href=\"https://x.org/fr/blog/\">a</a> <a href=\"https://x.org/feed.xml\">b</a> <a href=\"#d\">c</a> \
             <a href=\"https://x.org/es/blog/\">e</a></p>\n\
             <figure><img src=\"https://x.org/media/0000000000000000/a.svg\" alt=\"An A\" width=\"8\" height=\"5\" \
             loading=\"lazy\" decoding=\"async\"><figcaption>See &amp; look</figcaption></figure>\n"
        );
    }

    #[test]
    fn a_photograph_is_offered_in_every_format_in_a_page_and_in_one_that_all_can_show_in_a_feed() {
        let pictures = HashMap::from([("a.jpg".to_owned(), picture("a.jpg", 400, 300, Some(Fallback::Jpg)))]);
        let place =
            Place { lang: Lang::DEFAULT, reader: Lang::DEFAULT, base: "", page: "", prefix: "", pictures: &pictures };
        let at = "/media/1111111111111111/a";
        let source = |format| {
            let srcset = format!("{at}-320.{format} 320w,{at}-400.{format} 400w");
            format!("<source type=\"image/{format}\" srcset=\"{srcset}\" sizes=\"{}\">", Shown::Text.sizes())
        };
        let image = |base| {
            format!(
                "<img src=\"{base}{at}-400.jpg\" alt=\"An A\" width=\"400\" height=\"300\" loading=\"lazy\" \
                 decoding=\"async\" class=\"tone-3\">"
            )
        };
        let page = format!("<p>See <picture>{}{}{}</picture></p>\n", source("avif"), source("webp"), image(""));
        assert_eq!(render("See ![An A](a.jpg)", place).html, page);
        let feed = render("See ![An A](a.jpg)", Place { base: "https://x.org", ..place }).html;
        assert_eq!(feed, format!("<p>See {}</p>\n", image("https://x.org")));
    }

    #[test]
    fn a_block_that_runs_the_other_way_says_so() {
        let rendered = html("كلمة\n\nWord كلمة\n\n- كلمة\n- word\n\n|a|\n|-|\n|كلمة|");
        assert!(rendered.contains("<p dir=\"rtl\">كلمة</p>\n<p>Word"), "{rendered}");
        assert!(rendered.contains("<li dir=\"rtl\">كلمة</li>\n<li>word"), "{rendered}");
        assert!(rendered.contains("<td><bdi>كلمة</bdi></td>"), "{rendered}");
        let place = Place { lang: AR, reader: AR, base: "", page: "", prefix: "", pictures: &HashMap::new() };
        assert_eq!(render("كلمة RFC\n\nRFC", place).html, "<p>كلمة RFC</p>\n<p dir=\"ltr\">RFC</p>\n");
    }

    #[test]
    fn what_is_wide_scrolls_on_its_own() {
        let table = html("|a|\n|-|\n|1|");
        assert!(table.contains("<div class=\"table\" role=\"group\" tabindex=\"0\" aria-label="), "{table}");
        assert!(table.trim_end().ends_with("</table>\n</div>"), "{table}");
        let code = html("```\nx\n```");
        // To the letter: pages of two machines are the same bytes.
        assert!(code.starts_with("<pre dir=\"ltr\" tabindex=\"0\"><code>"), "{code}");
    }

    #[test]
    fn a_column_keeps_its_side_without_an_attribute_that_html_has_no_more() {
        let table = html("|a|b|c|d|\n|:-|:-:|-:|-|\n|1|2|3| align=\"right\" |");
        for cell in ["<th>a</th>", "<th class=\"middle\">b</th>", "<td class=\"end\">3</td>", "align=\"right\"</td>"] {
            assert!(table.contains(cell), "{cell}: {table}");
        }
    }

    #[test]
    fn a_footnote_leads_there_and_back() {
        let html = html("Text.[^1]\n\n[^1]: Note.\n");
        assert!(html.contains("href=\"#fn-1\"") && html.contains("id=\"fn-1\""), "{html}");
        assert!(html.contains("href=\"#fnref-1\"") && html.contains("id=\"fnref-1\""), "{html}");
        let place = Place { lang: FR, reader: FR, base: "", page: "", prefix: "", pictures: &HashMap::new() };
        assert!(!render("Text.[^1]\n\n[^1]: Note.\n", place).html.contains("Back to"));
    }

    #[test]
    fn of_two_notes_of_one_name_neither_is_lost() {
        let html = html("a[^1]\n\n[^1]: b\n\nc\n\n[^1]: d\n");
        assert!(["a", "b", "c", "d"].iter().all(|text| html.contains(&format!("<p>{text}"))), "{html}");
        assert_eq!(html.matches("<li").count(), 1, "{html}");
    }

    #[test]
    fn an_id_is_there_once() {
        for markdown in [
            "[^1]: [^1]: a[^1]",
            "[^1]: > [^1]: a[^1]",
            "# 1\n\n# section 1\n\n# 1",
            "# fn-1\n\na[^1]\n\n[^1]: b",
            "a[^1]\n\n[^1]: b\n\nc\n\n[^1]: d\n",
        ] {
            let html = html(markdown);
            let mut ids: Vec<_> = html.split(" id=\"").skip(1).filter_map(|rest| rest.split('"').next()).collect();
            let all = ids.len();
            ids.sort_unstable();
            ids.dedup();
            assert!(all > 1 && ids.len() == all, "{html}");
        }
    }

    #[test]
    fn what_looks_like_a_tag_in_the_text_stays_as_it_is_written() {
        let place = Place {
            lang: Lang::DEFAULT,
            reader: FR,
            base: "",
            page: "https://x.org/p/",
            prefix: "",
            pictures: &HashMap::new(),
        };
        let html =
            render("`<a href=\"#top\">` and \"Back to reference 1\"[^1], [up](#top)\n\n[^1]: Note.\n", place).html;
        assert!(html.contains("&lt;a href=\"#top\"&gt;") && html.contains("\"Back to reference 1\""), "{html}");
        assert!(html.contains("<a href=\"https://x.org/p/#top\">up</a>"), "{html}");
        assert!(html.contains("href=\"https://x.org/p/#fn-1\"") && !html.contains("aria-label=\"Back to"), "{html}");
    }

    #[test]
    fn nothing_that_runs_gets_out() {
        for (attack, forbidden) in [
            ("<script>alert(1)</script>", "<script"),
            ("<img src=x onerror=alert(1)>", "<img"),
            ("[x](javascript:alert(1))", "javascript:"),
            ("[x](JaVaScRiPt&colon;alert(1))", "href=\"javascript"),
            ("[x](data:text/html;base64,PHNjcmlwdD4=)", "data:"),
            ("![x](javascript:alert(1))", "javascript:"),
            ("![x](https://tracker.example/a.png)", "<img"),
            ("<javascript:alert(1)>", "href=\"j"),
            ("[x](vbscript:msgbox)", "vbscript:"),
            ("[a](/x \"\\\" onmouseover=alert(1)\")", "onmouseover=\""),
            ("## \"><script>alert(1)</script>", "<script"),
            ("```\"><script>alert(1)</script>\nx\n```", "<script"),
            ("<style>*{display:none}</style>", "<style"),
            ("<svg onload=alert(1)>", "<svg"),
        ] {
            let html = html(attack);
            assert!(!html.to_lowercase().contains(forbidden), "{attack} gave {html}");
        }
    }

    #[test]
    fn words_are_counted_and_pictures_found() {
        let place = Place {
            lang: Lang::DEFAULT,
            reader: Lang::DEFAULT,
            base: "",
            page: "",
            prefix: "",
            pictures: &HashMap::new(),
        };
        assert_eq!(render("Two *words*, `code` and\nfour more.", place).words, 6);
        let found = pictures("a\n\n![An A](a.svg)");
        assert_eq!(found, [PictureMention { line: 3, file: "a.svg".into(), alt: "An A".into() }]);
    }
}
