//! The header and footer of every page.

use super::{
    t,
    theme::{Theme, ThemeForm},
};
use crate::i18n::Lang;
use leptos::prelude::*;

/// The site's name, the ways to its parts, and the theme.
#[component]
pub fn Header(
    /// The language of the page.
    lang: Lang,
    /// The theme of the page.
    theme: Theme,
    /// The address of the page; an error has none.
    path: Option<String>,
) -> impl IntoView {
    let link = |href: &'static str, words: String| {
        let current = match path.as_deref().unwrap_or_default() {
            path if path == href => Some("page"),
            // The page is somewhere below: the reader is in this part of the site.
            path if href.len() > 1 && path.starts_with(href) => Some("true"),
            _ => None,
        };
        view! { <li><a class="site-link" href=href aria-current=current>{words}</a></li> }
    };
    let home = link("/", t!(lang, "nav-home"));
    let plan = link("/action-plan/", t!(lang, "nav-plan"));
    view! {
        <header class="site-header">
            <a class="site-name" href="/">
                <Mark />
                {t!(lang, "site-name")}
            </a>
            <nav class="site-nav" aria-label=t!(lang, "nav")>
                <ul>{home} {plan}</ul>
            </nav>
            <ThemeForm lang=lang theme=theme path=path.unwrap_or_else(|| "/".to_owned()) />
        </header>
    }
}

/// The words at the foot of every page.
#[component]
pub fn Footer(
    /// The language of the page.
    lang: Lang,
) -> impl IntoView {
    view! {
        <footer class="site-footer">
            <p>{t!(lang, "footer-about")}</p>
            <p><a href="#main">{t!(lang, "back-to-top")}</a></p>
        </footer>
    }
}

/// The mark: a shield of three links.
#[component]
fn Mark() -> impl IntoView {
    view! {
        <svg class="site-mark" viewBox="0 0 24 28" aria-hidden="true">
            <path d="M3 4 12 2l9 2v9c0 6-4 10-9 13-5-3-9-7-9-13zM3 4l9 8 9-8M12 12v14"></path>
        </svg>
    }
}
