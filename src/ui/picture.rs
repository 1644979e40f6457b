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
