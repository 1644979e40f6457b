//! `GET /search/shared/`: where an installed site is led by what a reader shares with it from another program.

use super::query::Query;
use crate::{
    i18n::Lang,
    server::{router::MOMENTARY, site},
};
use axum::{
    extract,
    response::{IntoResponse, Redirect, Response},
};
use percent_encoding::{NON_ALPHANUMERIC, percent_decode_str, utf8_percent_encode};
use serde::Deserialize;

/// What programs share: each fills what it has, and links are often in the text.
#[derive(Default, Deserialize)]
#[serde(default)]
pub struct Shared {
    title: String,
    text: String,
    url: String,
}

/// Leads to the page, where a link to one of this site is shared; else to a search for the words.
pub async fn lead(lang: Lang, extract::Query(shared): extract::Query<Shared>) -> Response {
    let site = site();
    let path = shared.own_page(&site.settings.base_url).unwrap_or_else(|| {
        let query = utf8_percent_encode(Query::cut(&shared.words()), NON_ALPHANUMERIC).to_string();
        lang.path(&format!("/search/?q={query}"))
    });
    (MOMENTARY, Redirect::to(&path)).into_response()
}

impl Shared {
    fn links(&self) -> impl Iterator<Item = &str> {
        let words = self.url.split_whitespace().chain(self.text.split_whitespace());
        words.filter(|word| is_link(word))
    }

    /// The path of the page of this site that is shared.
    fn own_page(&self, base: &str) -> Option<String> {
        let path = self.links().find_map(|link| link.strip_prefix(base))?;
        // What a header can have: an address is in ASCII wherever it comes from a browser.
        let is_path =
            path.starts_with('/') && !path.starts_with("//") && path.bytes().all(|byte| byte.is_ascii_graphic());
        is_path.then(|| path.replace('\\', "%5C"))
    }

    /// The words to look for: the title, else those of the text, else those of the link's last part.
    fn words(&self) -> String {
        let text: Vec<_> = self.text.split_whitespace().filter(|word| !is_link(word)).collect();
        let title = self.title.trim();
        match (title, text.is_empty()) {
            ("", false) => text.join(" "),
            ("", true) => self.links().next().map(words_of).unwrap_or_default(),
            (title, _) => title.to_owned(),
        }
    }
}

fn is_link(word: &str) -> bool {
    word.starts_with("https://") || word.starts_with("http://")
}

/// `https://example.org/2023/sender-pays.html?x` has the words `sender pays`.
fn words_of(link: &str) -> String {
    let (_, rest) = link.split_once("://").unwrap_or(("", link));
    let path = rest.split(['?', '#']).next().unwrap_or_default();
    let last = path.split('/').rfind(|part| !part.is_empty()).unwrap_or_default();
    let stem = match last.rsplit_once('.') {
        Some((stem, end)) if path.contains('/') && matches!(end, "html" | "htm" | "php" | "pdf" | "txt") => stem,
        _ => last,
    };
    percent_decode_str(stem).decode_utf8_lossy().replace(['-', '_', '+'], " ")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shared(title: &str, text: &str, url: &str) -> Shared {
        Shared { title: title.into(), text: text.into(), url: url.into() }
    }

    #[test]
    fn a_link_to_a_page_of_this_site_leads_there_and_to_no_other() {
        let page = |text, url| shared("A title", text, url).own_page("https://a.org");
        assert_eq!(page("", "https://a.org/blog/?q=x#y").as_deref(), Some("/blog/?q=x#y"));
        assert_eq!(page("Look: https://a.org/fr/ now", "").as_deref(), Some("/fr/"));
        for url in
            ["https://b.org/", "https://a.org", "https://a.org.evil.example/", "https://a.org//evil.example/", "/blog/"]
        {
            assert_eq!(page("", url), None, "{url}");
        }
    }

    #[test]
    fn of_anything_else_the_words_are_looked_for() {
        let words = |title, text, url| shared(title, text, url).words();
        assert_eq!(words("Sender pays", "and https://b.org/", ""), "Sender pays");
        assert_eq!(words("", "Sender https://b.org/ pays", ""), "Sender pays");
        assert_eq!(words(" ", "", "https://b.org/2023/sender-pays.html?x=1"), "sender pays");
        assert_eq!(words("", "https://b.org/caf%C3%A9_noir/", ""), "café noir");
        assert_eq!(words("", "", "https://b.org"), "b.org");
        assert_eq!(words("", "", ""), "");
    }
}
