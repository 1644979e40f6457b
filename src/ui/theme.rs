//! The theme: the reader's choice, from a cookie to an attribute on `<html>`, and the form that makes it.

use super::t;
use crate::{browser::theme::ThemeIsland, i18n::Lang};
use axum::{
    Form,
    http::{HeaderMap, StatusCode, Uri, header},
    response::{IntoResponse, Response},
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

impl Theme {
    const ALL: [Self; 3] = [Self::Light, Self::Dark, Self::System];

    /// The theme that the reader's cookie names; the system's where there is none.
    pub fn of(request: &HeaderMap) -> Self {
        request
            .get_all(header::COOKIE)
            .iter()
            .filter_map(|cookies| cookies.to_str().ok())
            .flat_map(|cookies| cookies.split(';'))
            .filter_map(|cookie| cookie.trim().strip_prefix("theme="))
            .find_map(|value| Self::ALL.into_iter().find(|theme| theme.name() == value))
            .unwrap_or_default()
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
///
/// The page's bytes are the same whatever its query, so the form knows the page's path alone; a browser that says where it
/// comes from gets its query back as well.
pub async fn choose(uri: Uri, request: HeaderMap, Form(choice): Form<Choice>) -> Response {
    let cookie = format!("theme={}; Path=/; Max-Age=31536000; SameSite=Lax", choice.theme.name());
    let back = referer_here(&uri, &request).unwrap_or(choice.back);
    let headers = [(header::SET_COOKIE, cookie), (header::LOCATION, own_path(&back).to_owned())];
    (StatusCode::SEE_OTHER, headers).into_response()
}

/// The path and query of the page that the request comes from, if that is one of this host.
fn referer_here(uri: &Uri, request: &HeaderMap) -> Option<String> {
    let text = |name| request.get(name)?.to_str().ok();
    let referer: Uri = text(header::REFERER)?.parse().ok()?;
    // HTTP/2 has the host in the request's own address.
    let host = uri.authority().map(|authority| authority.as_str()).or_else(|| text(header::HOST))?;
    let here = referer.authority()?.as_str() == host;
    here.then(|| referer.path_and_query().map(ToString::to_string)).flatten()
}

/// `path` if it is one on this site, else the front page: a form can be sent with any words in it.
fn own_path(path: &str) -> &str {
    let own = path.starts_with('/')
        && !path.starts_with("//")
        && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
    if own { path } else { "/" }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::HeaderValue;

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

    #[test]
    fn the_way_back_never_leaves_the_site() {
        assert_eq!(own_path("/blog/2023/03/a/?q=x"), "/blog/2023/03/a/?q=x");
        for bad in [
            "https://evil.example/",
            "//evil.example/",
            "/\\evil.example",
            "javascript:alert(1)",
            "",
            "/a\r\nx: y",
            "/ä",
        ] {
            assert_eq!(own_path(bad), "/", "{bad}");
        }
    }
}
