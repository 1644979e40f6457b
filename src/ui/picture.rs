//! A picture in a page: with its size, so that nothing moves when it comes, and its words.

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

/// Shows a picture in the width that the style gives it.
#[component]
pub fn PictureView(
    /// The picture.
    picture: Picture,
    /// The language of its words, where it is not the page's.
    lang: Option<&'static str>,
    /// How soon it is wanted.
    loading: Loading,
    /// The style's name for it.
    class: &'static str,
) -> impl IntoView {
    let eager = loading == Loading::Eager;
    view! {
        <img
            class=class
            lang=lang
            src=picture.path()
            alt=picture.alt.text().unwrap_or_default().to_owned()
            width=picture.width
            height=picture.height
            loading=(!eager).then_some("lazy")
            fetchpriority=eager.then_some("high")
            decoding="async"
        />
    }
}
