//! Markdown to HTML that is safe to put into a page.

use comrak::{Arena, Options, nodes::NodeValue};
use std::{
    collections::{HashMap, HashSet},
    sync::LazyLock,
};

/// Renders CommonMark with tables, footnotes, strikethrough and bare links as HTML.
///
/// Raw HTML is shown as text, links go to http, https, mailto or this site only, and headings begin at the second level:
/// the first is the page's own.
pub fn to_html(markdown: &str) -> String {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &OPTIONS);
    for node in root.descendants() {
        if let NodeValue::Heading(heading) = &mut node.data.borrow_mut().value {
            heading.level = heading.level.max(2);
        }
    }
    let mut html = String::new();
    // Writing to a String does not fail; what was written until then would still be safe.
    let _ = comrak::format_html(root, &OPTIONS, &mut html);
    CLEANER.clean(&html).to_string()
}

/// The lines of `markdown`, from 1, on which a picture stands.
pub fn pictures(markdown: &str) -> Vec<usize> {
    let arena = Arena::new();
    let root = comrak::parse_document(&arena, markdown, &OPTIONS);
    root.descendants()
        .map(|node| node.data.borrow())
        .filter(|node| matches!(node.value, NodeValue::Image(_)))
        .map(|node| node.sourcepos.start.line)
        .collect()
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
    let mut cleaner = ammonia::Builder::empty();
    cleaner
        .tags(HashSet::from([
            "a",
            "blockquote",
            "br",
            "code",
            "del",
            "em",
            "h2",
            "h3",
            "h4",
            "h5",
            "h6",
            "hr",
            "li",
            "ol",
            "p",
            "pre",
            "section",
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
            ("li", HashSet::from(["id"])),
            ("ol", HashSet::from(["start"])),
            ("td", HashSet::from(["align"])),
            ("th", HashSet::from(["align"])),
        ]))
        .add_allowed_classes("section", &["footnotes"])
        .add_allowed_classes("sup", &["footnote-ref"])
        .add_allowed_classes("a", &["footnote-backref"])
        .url_schemes(HashSet::from(["http", "https", "mailto"]))
        .url_relative(ammonia::UrlRelative::PassThrough)
        .link_rel(None);
    cleaner
});

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_markdown_becomes_plain_html() {
        assert_eq!(
            to_html("Some *words* and a [link](/a/)."),
            "<p>Some <em>words</em> and a <a href=\"/a/\">link</a>.</p>\n"
        );
        assert!(to_html("|a|b|\n|-|-|\n|1|2|").contains("<th>a</th>"));
    }

    #[test]
    fn headings_begin_at_the_second_level() {
        assert_eq!(to_html("# One\n\n### Three"), "<h2>One</h2>\n<h3>Three</h3>\n");
    }

    #[test]
    fn a_footnote_leads_there_and_back() {
        let html = to_html("Text.[^1]\n\n[^1]: Note.\n");
        assert!(html.contains("href=\"#fn-1\"") && html.contains("id=\"fn-1\""), "{html}");
        assert!(html.contains("href=\"#fnref-1\"") && html.contains("id=\"fnref-1\""), "{html}");
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
            ("<javascript:alert(1)>", "href=\"j"),
            ("[x](vbscript:msgbox)", "vbscript:"),
            ("[a](/x \"\\\" onmouseover=alert(1)\")", "onmouseover=\""),
            ("```\"><script>alert(1)</script>\nx\n```", "<script"),
            ("<style>*{display:none}</style>", "<style"),
            ("<svg onload=alert(1)>", "<svg"),
        ] {
            let html = to_html(attack);
            assert!(!html.to_lowercase().contains(forbidden), "{attack} gave {html}");
        }
    }
}
