//! A picture in a page: the file that fits the reader's screen, with its size, so that nothing moves when it comes, and its
//! words.

use crate::media::Picture;
use leptos::prelude::*;

/// How soon a picture is wanted.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Loading {
    /// In the first screen: at once, before others.
    Eager,
    /// Further down: when the reader comes near.
    Lazy,
}

/// Where a picture is shown, which says how wide.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Shown {
    /// With the story that leads the front page.
    Lead,
    /// With a story beside others.
    Story,
    /// With a line of a list.
    Line,
    /// At the head of a post.
    Head,
    /// In a text, as wide as its lines.
    Text,
}

impl Shown {
    /// The width in windows of all widths, as `sizes` has it. The measures are those of the styles: a page of 74rem, edges of 4 %
    /// of the window, lines of 38rem, and the grids of posts. The filter may raise a line to a story, so it gets more than it needs.
    pub fn sizes(self) -> &'static str {
        match self {
            Self::Lead => "(min-width:80em) 42rem,(min-width:44em) 53vw,92vw",
            Self::Story => "(min-width:80em) 24rem,(min-width:44em) 30vw,92vw",
            Self::Line => "(min-width:44em) 20rem,40vw",
            Self::Head => "(min-width:80em) 57rem,(min-width:68em) 73vw,(min-width:42em) 38rem,92vw",
            Self::Text => "(min-width:42em) 38rem,92vw",
        }
    }
}

/// The formats of photographs that are offered before the one that every program can show, smallest first.
pub const FORMATS: [&str; 2] = ["avif", "webp"];

/// Shows a picture in the width that the style gives it.
#[component]
pub fn PictureView(
    /// The picture.
    picture: Picture,
    /// The language of its words, where it is not the page's.
    lang: Option<&'static str>,
    /// How soon it is wanted.
    loading: Loading,
    /// Where it is shown.
    shown: Shown,
    /// The style's name for it.
    class: &'static str,
) -> impl IntoView {
    let eager = loading == Loading::Eager;
    let sources: Vec<_> = FORMATS.into_iter().filter_map(|format| Some((format, picture.srcset(format)?))).collect();
    let classes = picture.classes();
    // The style's name is that of the outermost element.
    let (outside, inside) = match (sources.is_empty(), classes.is_empty()) {
        (true, true) => (None, Some(class.to_owned())),
        (true, false) => (None, Some(format!("{class} {classes}"))),
        (false, none) => (Some(class), (!none).then_some(classes)),
    };
    let image = view! {
        <img
            class=inside
            lang=lang
            src=picture.path()
            alt=picture.alt.text().unwrap_or_default().to_owned()
            width=picture.width
            height=picture.height
            loading=(!eager).then_some("lazy")
            fetchpriority=eager.then_some("high")
            decoding="async"
        />
    };
    if sources.is_empty() {
        return image.into_any();
    }
    let source = |(format, srcset): (&str, String)| {
        view! { <source type=format!("image/{format}") srcset=srcset sizes=shown.sizes() /> }
    };
    view! { <picture class=outside>{sources.into_iter().map(source).collect_view()} {image}</picture> }.into_any()
}

/// The HTML of a text with words in place of its pictures: each one's text alternative in brackets, or nothing where it has none.
pub fn words_for_pictures(html: &str) -> String {
    let mut words = String::with_capacity(html.len());
    let mut rest = html;
    while let Some(at) = rest.find("<picture>").into_iter().chain(rest.find("<img ")).min() {
        words.push_str(&rest[..at]);
        let picture = &rest[at..];
        let image = picture.find("<img ").map_or(picture, |at| &picture[at..]);
        let alt = image.split_once(" alt=\"").and_then(|(_, rest)| rest.split('"').next()).unwrap_or_default();
        if !alt.is_empty() {
            // It is escaped for an attribute, which is more than a text needs.
            words.extend(["[", alt, "]"]);
        }
        let end = if picture.starts_with("<picture>") { "</picture>" } else { ">" };
        rest = picture.split_once(end).map_or("", |(_, rest)| rest);
    }
    words + rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_become_their_words() {
        let html = "<p>See <picture><source srcset=\"a\"><img src=\"/a.jpg\" alt=\"A &amp; &quot;B&quot;\"></picture>, <img src=\"b\" alt=\"\"> \
                    and <img src=\"c\" alt=\"C\"></p>";
        assert_eq!(words_for_pictures(html), "<p>See [A &amp; &quot;B&quot;],  and [C]</p>");
        assert_eq!(words_for_pictures("<p>none</p>"), "<p>none</p>");
    }
}
