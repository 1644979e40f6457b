//! Words in another language than the page's: what marks them, and what a reader is told.

use super::t;
use crate::i18n::{Lang, Wording};
use leptos::prelude::*;

/// The `lang` attribute of words in the language `words` on a page in `page`; none where they are the same.
pub fn lang_of(page: Lang, words: Lang) -> Option<&'static str> {
    (page != words).then(|| words.tag())
}

/// The `dir` attribute of words in the language `words` on a page in `page`; none where both run the same way.
pub fn dir_of(page: Lang, words: Lang) -> Option<&'static str> {
    (page.dir() != words.dir()).then(|| words.dir())
}

/// Tells the reader that a text is not translated, or that its translation is older than the original, with a way there.
#[component]
pub fn WordingNote(
    /// The language of the page.
    lang: Lang,
    /// How the words stand to their original.
    wording: Wording,
    /// The language of the original.
    original: Lang,
    /// The address in the default language.
    path: String,
) -> impl IntoView {
    let words = match wording {
        Wording::Original | Wording::Translated => return ().into_any(),
        Wording::Stale => t!(lang, "stale-translation"),
        Wording::Untranslated => t!(lang, "not-translated"),
    };
    let language = t!(original, "language-name");
    view! {
        <p class="wording">
            {words} " "
            <a href=original.path(&path) hreflang=original.tag()>{t!(lang, "read-original", language = language)}</a>
        </p>
    }
    .into_any()
}
