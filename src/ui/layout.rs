//! The header and footer of every page.

use super::{
    little_data::{DataSwitch, DataUse},
    shield, t,
    theme::{Theme, ThemeForm},
    words::{dir_of, lang_of},
};
use crate::i18n::Lang;
use leptos::prelude::*;

/// The organisation's own pages, for the footer: the language of the title, the title, the address in the default language.
#[derive(Clone, Debug, Default)]
pub struct Menu(pub Vec<(Lang, String, String)>);

/// The site's name, the ways to its parts, its languages, and the theme.
#[component]
pub fn Header(
    /// The language of the page.
    lang: Lang,
    /// The theme of the page.
    theme: Theme,
    /// The address of the page in the default language; an error has none.
    path: Option<String>,
) -> impl IntoView {
    let link = |href: &'static str, words: AnyView| {
        let current = match path.as_deref().unwrap_or_default() {
            path if path == href => Some("page"),
            // The page is somewhere below: the reader is in this part of the site.
            path if href.len() > 1 && path.starts_with(href) => Some("true"),
            _ => None,
        };
        view! { <li><a class="site-link" href=lang.path(href) aria-current=current>{words}</a></li> }
    };
    let links = [
        link("/", t!(lang, "nav-home").into_any()),
        link("/blog/", t!(lang, "nav-posts").into_any()),
        link("/topics/", t!(lang, "nav-topics").into_any()),
        link("/action-plan/", t!(lang, "nav-plan").into_any()),
        link(
            "/search/",
            view! { <Glass /> <span class="visually-hidden">{t!(lang, "search-title")}</span> }.into_any(),
        ),
    ];
    let path = path.unwrap_or_else(|| "/".to_owned());
    view! {
        <header class="site-header">
            <a class="site-name" href=lang.path("/")>
                <Mark class="site-mark" />
                {t!(lang, "site-name")}
            </a>
            <nav class="site-nav" aria-label=t!(lang, "nav")>
                <ul>{links.collect_view()}</ul>
            </nav>
            <Languages lang=lang path=path.clone() />
            <ThemeForm lang=lang theme=theme path=lang.path(&path) />
        </header>
    }
}

/// A magnifying glass.
#[component]
fn Glass() -> impl IntoView {
    view! {
        <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
            <path d="M7 2a5 5 0 1 0 .01 0M10.6 10.6 14 14"></path>
        </svg>
    }
}

/// The same page in the other languages, each by its own name. The page's own language is what one presses to see them.
#[component]
fn Languages(lang: Lang, path: String) -> impl IntoView {
    if Lang::all().count() < 2 {
        return ().into_any();
    }
    let links = Lang::all().map(|lang| (lang, lang.path(&path))).map(|(other, href)| {
        let current = (other == lang).then_some("true");
        let (tag, dir) = (lang_of(lang, other), dir_of(lang, other));
        let name = {
            let lang = other;
            t!(lang, "language-name")
        };
        view! { <li><a class="site-link" href=href hreflang=other.tag() lang=tag dir=dir aria-current=current>{name}</a></li> }
    });
    view! {
        <nav class="languages" aria-label=t!(lang, "languages")>
            <details>
                <summary>
                    <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                        <path d="M8 1.5a6.5 6.5 0 1 0 .01 0M1.5 8h13M8 1.5c-5 4-5 9 0 13M8 1.5c5 4 5 9 0 13"></path>
                    </svg>
                    {t!(lang, "language-name")}
                </summary>
                <ul>{links.collect_view()}</ul>
            </details>
        </nav>
    }
    .into_any()
}

/// The words at the foot of every page, and the ways to the organisation's own pages.
#[component]
pub fn Footer(
    /// The language of the page.
    lang: Lang,
    /// How much data the page may cost.
    data_use: DataUse,
    /// The address of the page.
    path: String,
    /// The organisation's own pages.
    menu: Menu,
) -> impl IntoView {
    let pages = menu.0.into_iter().map(|(words, title, path)| {
        view! { <li><a href=lang.path(&path) lang=lang_of(lang, words) dir=dir_of(lang, words)>{title}</a></li> }
    });
    view! {
        <footer class="site-footer">
            <div class="site-about">
                <p><Mark class="site-mark" /> <span>{t!(lang, "footer-about")}</span></p>
                <DataSwitch lang=lang now=data_use path=path />
            </div>
            <nav aria-label=t!(lang, "nav-more")>
                <ul class="site-more">
                    {pages.collect_view()}
                    <li><a href=lang.path("/authors/")>{t!(lang, "authors-title")}</a></li>
                    <li><a href=lang.path("/feed/") type="application/rss+xml">{t!(lang, "feed")}</a></li>
                    <li><a href=lang.path("/offline/")>{t!(lang, "offline-title")}</a></li>
                    <li><a href="#main">{t!(lang, "back-to-top")}</a></li>
                </ul>
            </nav>
        </footer>
    }
}

/// The mark: the outline of the shield, and its heart.
#[component]
pub fn Mark(
    /// The style's name for it.
    class: &'static str,
) -> impl IntoView {
    view! {
        <svg class=class viewBox="0 0 240 290" aria-hidden="true">
            <path d=shield::MARK></path>
            <circle cx="120" cy="134" r="28"></circle>
        </svg>
    }
}
