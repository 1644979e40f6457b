//! A page: what a handler answers with. It becomes one whole document, the same bytes for every reader with that theme.

use super::{
    layout::{Footer, Header},
    t,
    theme::Theme,
};
use crate::{
    browser::LOADER,
    i18n::Lang,
    server::{assets::WATCHED_CSS, site, state::Site},
};
use axum::{
    http::{HeaderValue, StatusCode, header},
    response::{IntoResponse, Response},
};
use leptos::prelude::*;

/// Everything that makes one page differ from another.
pub struct Page {
    status: StatusCode,
    lang: Lang,
    title: String,
    description: Option<String>,
    path: String,
    main: AnyView,
}

impl Page {
    /// A page with this title at this address, with `main` as its content.
    pub fn new(lang: Lang, title: impl Into<String>, path: impl Into<String>, main: impl IntoView + 'static) -> Self {
        Self {
            status: StatusCode::OK,
            lang,
            title: title.into(),
            description: None,
            path: path.into(),
            main: main.into_any(),
        }
    }

    /// Adds a sentence or two for search engines and link previews.
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Makes it the page of an error: it has no address of its own and is not for search engines.
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// The whole document.
    fn render(self, site: &Site, theme: Theme) -> String {
        without_markers(&view! { <Document page=self site=site.clone() theme=theme /> }.to_html())
    }
}

/// Takes out the `<!>` by which Leptos finds its place when it hydrates, where nothing is hydrated: everywhere but within
/// islands, and there not within their children. To HTML they are mistakes, to readers bytes.
fn without_markers(html: &str) -> String {
    let mut clean = String::with_capacity(html.len());
    // Whether the innermost part is hydrated.
    let mut hydrated = vec![false];
    let mut rest = html;
    while let Some(at) = rest.find('<') {
        clean.push_str(&rest[..at]);
        rest = &rest[at..];
        match rest.strip_prefix("<!>") {
            Some(after) if hydrated.last() != Some(&true) => {
                rest = after;
                continue;
            }
            _ if rest.starts_with("<leptos-island") => hydrated.push(true),
            _ if rest.starts_with("<leptos-children") => hydrated.push(false),
            _ if rest.starts_with("</leptos-") => drop(hydrated.pop()),
            _ => {}
        }
        clean.push('<');
        rest = &rest[1..];
    }
    clean + rest
}

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let theme = use_context::<Theme>().unwrap_or_default();
        let status = self.status;
        let html = self.render(&site(), theme);
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            // Kept, but asked about each time: a page may have changed. The theme is in the cookie.
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::VARY, HeaderValue::from_static("cookie")),
        ];
        (status, headers, html).into_response()
    }
}

#[component]
fn Document(page: Page, site: Site, theme: Theme) -> impl IntoView {
    let Page { status, lang, title, description, path, main } = page;
    let is_error = !status.is_success();
    let name = t!(lang, "site-name");
    let canonical = format!("{}{path}", site.settings.base_url);
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag() dir=lang.dir() data-theme=theme.attribute()>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width,initial-scale=1" />
                <title>{format!("{title} · {name}")}</title>
                {description.map(|description| view! { <meta name="description" content=description /> })}
                {if is_error {
                    view! { <meta name="robots" content="noindex" /> }.into_any()
                } else {
                    view! { <link rel="canonical" href=canonical /> }.into_any()
                }}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <meta name="color-scheme" content="light dark" />
                {if site.settings.watch {
                    view! { <link rel="stylesheet" href=WATCHED_CSS /> }.into_any()
                } else {
                    view! { <style inner_html=site.assets.css.clone()></style> }.into_any()
                }}
                <script data-js=site.assets.js.clone() data-wasm=site.assets.wasm.clone() inner_html=LOADER></script>
                {site.settings.watch.then(|| reload(&site))}
            </head>
            <body>
                <a class="skip-link" href="#main">{t!(lang, "skip-to-content")}</a>
                <Header lang=lang theme=theme path=(!is_error).then_some(path) />
                <main id="main">{main}</main>
                <Footer lang=lang />
                <div id="announcer" class="visually-hidden" role="status"></div>
                <div id="progress" class="progress-line" hidden></div>
            </body>
        </html>
    }
}

/// The script that `cargo leptos watch` talks to.
fn reload(site: &Site) -> impl IntoView + use<> {
    let options = LeptosOptions::builder().output_name("pavise").reload_port(site.settings.reload_port).build();
    view! { <AutoReload options=options /> }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markers_stay_only_where_leptos_looks_for_them() {
        let html = "<p>a<!>b</p><leptos-island data-component=\"x\"><b>c<!>d<leptos-children>e<!>f</leptos-children>\
                    <!></b></leptos-island><!>g < h";
        let clean = "<p>ab</p><leptos-island data-component=\"x\"><b>c<!>d<leptos-children>ef</leptos-children>\
                     <!></b></leptos-island>g < h";
        assert_eq!(without_markers(html), clean);
    }
}
