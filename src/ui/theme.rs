//! The theme: the reader's choice, from a cookie to an attribute on `<html>`, and the form that makes it.

use super::{choice, t};
use crate::{browser::theme::ThemeIsland, i18n::Lang};
use axum::{
    Form,
    http::{HeaderMap, Uri},
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;

/// How a page is lit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the reader's system says.
    #[default]
    System,
    /// Dark on light.
    Light,
    /// Light on dark.
    Dark,
}

const COOKIE: &str = "theme";

impl Theme {
    const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    /// The theme that the reader's cookie names; the system's where there is none.
    pub fn of(request: &HeaderMap) -> Self {
        let named = choice::cookie(request, COOKIE);
        Self::ALL.into_iter().find(|theme| named == Some(theme.name())).unwrap_or_default()
    }

    /// The value of `data-theme`; no attribute is the system's theme.
    pub fn attribute(self) -> Option<&'static str> {
        (self != Self::System).then_some(self.name())
    }

    fn name(self) -> &'static str {
        match self {
            Self::System => "system",
            Self::Light => "light",
            Self::Dark => "dark",
        }
    }

    fn words(self, lang: Lang) -> String {
        match self {
            Self::System => t!(lang, "theme-system"),
            Self::Light => t!(lang, "theme-light"),
            Self::Dark => t!(lang, "theme-dark"),
        }
    }

    /// The outline of the theme's icon on a field of 16 by 16.
    fn icon(self) -> &'static str {
        match self {
            Self::System => "M2 3h12v8H2zM6 14h4M8 11v3",
            Self::Light => {
                "M8 5a3 3 0 1 0 .01 0M8 1v1.5M8 13.5V15M1 8h1.5M13.5 8H15M3 3l1 1M12 12l1 1M13 3l-1 1M4 12l-1 1"
            }
            Self::Dark => "M13.5 9.6A6 6 0 1 1 6.4 2.5a5 5 0 0 0 7.1 7.1z",
        }
    }
}

/// The buttons that choose the theme. They post, and lead back to `path`; the island makes them work at once.
#[component]
pub fn ThemeForm(
    /// The language of the page.
    lang: Lang,
    /// The theme of the page.
    theme: Theme,
    /// The address of the page.
    path: String,
) -> impl IntoView {
    let buttons = Theme::ALL.map(|choice| {
        let words = choice.words(lang);
        view! {
            <button
                class="theme-button"
                type="submit"
                name="theme"
                value=choice.name()
                aria-pressed=if choice == theme { "true" } else { "false" }
                aria-label=words.clone()
                title=words
            >
                <svg viewBox="0 0 16 16" aria-hidden="true">
                    <path d=choice.icon()></path>
                </svg>
            </button>
        }
    });
    view! {
        <ThemeIsland>
            <form class="theme-form" method="post" action="/theme" aria-label=t!(lang, "theme")>
                <input type="hidden" name="back" value=path />
                {buttons.into_iter().collect_view()}
            </form>
        </ThemeIsland>
    }
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Choice {
    theme: Theme,
    back: String,
}

/// `POST /theme`: keeps the choice in a cookie for a year and leads back.
pub async fn choose(uri: Uri, request: HeaderMap, Form(Choice { theme, back }): Form<Choice>) -> Response {
    choice::keep(COOKIE, theme.name(), &uri, &request, &back, None)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderValue, header};

    #[test]
    fn the_cookie_says_the_theme() {
        let theme = |cookies: &'static str| {
            Theme::of(&HeaderMap::from_iter([(header::COOKIE, HeaderValue::from_static(cookies))]))
        };
        assert_eq!(theme("a=b; theme=dark"), Theme::Dark);
        assert_eq!(theme("theme=light"), Theme::Light);
        assert_eq!(theme("theme=\"><script>"), Theme::System);
        assert_eq!(Theme::of(&HeaderMap::new()), Theme::System);
    }
}
