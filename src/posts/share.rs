//! Passing a page on without telling anybody else: its link, a mail, and the system's own share sheet where there is one.

use super::island::ShareIsland;
use crate::{i18n::Lang, ui::t};
use leptos::prelude::*;
use percent_encoding::{AsciiSet, NON_ALPHANUMERIC, utf8_percent_encode};

/// The ways to pass a page on. Copying and the share sheet need the browser's help and are hidden until the island finds
/// that it is there.
#[component]
pub fn Share(
    /// The language of the page.
    lang: Lang,
    /// The title of the page.
    title: String,
    /// The whole address of the page.
    address: String,
) -> impl IntoView {
    let mail = format!("mailto:?subject={}&body={}", encoded(&title), encoded(&address));
    view! {
        <ShareIsland>
            <h2 class="visually-hidden">{t!(lang, "share")}</h2>
            <ul class="share">
                <li><a href=address.clone()>{t!(lang, "share-link")}</a></li>
                <li hidden><button id="share-copy" class="share-button" type="button">{t!(lang, "share-copy")}</button></li>
                <li><a href=mail>{t!(lang, "share-mail")}</a></li>
                <li hidden><button id="share-sheet" class="share-button" type="button">{t!(lang, "share-sheet")}</button></li>
            </ul>
            <p
                id="share-status"
                class="share-status"
                role="status"
                data-copied=t!(lang, "share-copied")
                data-failed=t!(lang, "share-not-copied", link = address)
            ></p>
        </ShareIsland>
    }
}

/// What stays as it is in a query (RFC 3986, 2.3).
const UNRESERVED: &AsciiSet = &NON_ALPHANUMERIC.remove(b'-').remove(b'_').remove(b'.').remove(b'~');

/// Text as it stands in a query.
fn encoded(text: &str) -> String {
    utf8_percent_encode(text, UNRESERVED).to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn whatever_a_title_has_it_stays_in_its_field_of_the_mail() {
        assert_eq!(encoded("a&b c?d=é\r\nBcc: x"), "a%26b%20c%3Fd%3D%C3%A9%0D%0ABcc%3A%20x");
    }
}
