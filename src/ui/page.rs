//! A page: what a handler answers with. [`finish`] makes one whole document of it, the same bytes for every reader with that
//! theme and use of data.

use super::{
    data::{self, Step},
    layout::{Footer, Header, Menu},
    little_data::{DataUse, with_words_for_pictures},
    t,
    theme::Theme,
};
use crate::{
    browser::LOADER,
    documents::{self, Kind},
    drawing::card,
    i18n::{self, Lang},
    offline,
    server::{assets::WATCHED_CSS, site, state::Site},
};
use axum::{
    extract::{Request, State},
    http::{HeaderValue, StatusCode, header},
    middleware::Next,
    response::{IntoResponse, Response},
};
use jiff::Timestamp;
use leptos::prelude::*;
use memchr::memmem;
use serde_json::Value;
use std::sync::{Arc, Mutex};

/// Everything that makes one page differ from another. Its address is the one that it has in the default language.
pub struct Page {
    status: StatusCode,
    lang: Lang,
    title: String,
    description: Option<String>,
    path: String,
    feeds: Vec<(String, String)>,
    text: Option<String>,
    newer: Option<String>,
    older: Option<String>,
    article: Option<Article>,
    data: Vec<Value>,
    is_listed: bool,
    main: AnyView,
}

/// What link previews say of a post.
pub struct Article {
    /// The address of the picture for link previews.
    pub card: String,
    /// When it was published.
    pub published: Timestamp,
    /// When it was last changed, if it was.
    pub updated: Option<Timestamp>,
}

/// Where the styles come in, when it is known what the page has.
const STYLES: &str = "<style></style>";

impl Page {
    /// A page with this title at this address, with `main` as its content.
    pub fn new(lang: Lang, title: impl Into<String>, path: impl Into<String>, main: impl IntoView + 'static) -> Self {
        Self {
            status: StatusCode::OK,
            lang,
            title: title.into(),
            description: None,
            path: path.into(),
            feeds: Vec::new(),
            text: None,
            newer: None,
            older: None,
            article: None,
            data: Vec::new(),
            is_listed: true,
            main: main.into_any(),
        }
    }

    /// Adds a sentence or two for search engines and link previews.
    pub fn describe(mut self, description: impl Into<String>) -> Self {
        self.description = Some(description.into());
        self
    }

    /// Adds a feed of its own beside that of the site: its title, and the address under which `feed/` stands.
    pub fn feed(mut self, title: impl Into<String>, path: impl Into<String>) -> Self {
        self.feeds.push((title.into(), path.into()));
        self
    }

    /// Says where the same words are as plain text.
    pub fn text(mut self, path: impl Into<String>) -> Self {
        self.text = Some(path.into());
        self
    }

    /// Says which pages of a list come before and after this one.
    pub fn between(mut self, newer: Option<String>, older: Option<String>) -> Self {
        self.newer = newer;
        self.older = older;
        self
    }

    /// Makes it the page of a post.
    pub fn article(mut self, article: Article) -> Self {
        self.article = Some(article);
        self
    }

    /// Adds structured data for programs, as JSON-LD.
    pub fn data(mut self, value: Value) -> Self {
        self.data.push(value);
        self
    }

    /// Says where in the site the page is: the steps above it.
    pub fn below(self, steps: &[Step]) -> Self {
        let (lang, base) = (self.lang, site().settings.base_url.clone());
        let own = Step { title: self.title.clone(), path: self.path.clone() };
        let steps: Vec<_> = steps.iter().chain(std::iter::once(&own)).collect();
        self.data(data::breadcrumbs(lang, &base, &steps))
    }

    /// Makes it the page of an error: it has no address of its own and is not for search engines.
    pub fn with_status(mut self, status: StatusCode) -> Self {
        self.status = status;
        self
    }

    /// Keeps it out of search engines.
    pub fn unlisted(mut self) -> Self {
        self.is_listed = false;
        self
    }

    /// The answer with the whole document.
    async fn render(self, site: &Site, theme: Theme, data_use: DataUse, menu: Menu) -> Response {
        let (status, lang, links) = (self.status, self.lang, HeaderValue::from_str(&self.links()));
        let document = view! { <Document page=self site=site.clone() theme=theme data_use=data_use menu=menu /> };
        let headers = [
            (header::CONTENT_TYPE, HeaderValue::from_static("text/html; charset=utf-8")),
            // Kept, but asked about each time: a page may have changed. The reader's choices are in cookies.
            (header::CACHE_CONTROL, HeaderValue::from_static("no-cache")),
            (header::VARY, HeaderValue::from_static("cookie, save-data")),
        ];
        let mut html = without_markers(&document.to_html());
        let mut styles = &site.assets.styles;
        if data_use.is_little() {
            html = with_words_for_pictures(site, lang, &html).await;
            styles = &site.assets.styles_without_fonts;
        }
        let mut policy = None;
        if let Some(place) = html.find(STYLES) {
            let chosen = styles.of_page(&html);
            html.insert_str(place + "<style>".len(), &chosen.css);
            policy = Some(chosen.policy.clone());
        }
        let mut response = (status, headers, html).into_response();
        if let Some(policy) = policy {
            response.headers_mut().insert(header::CONTENT_SECURITY_POLICY, policy);
        }
        if let Ok(links) = links {
            response.headers_mut().insert(header::LINK, links);
        }
        response
    }

    /// The `Link` header: what a client that reads no HTML can follow.
    fn links(&self) -> String {
        let (lang, path) = (self.lang, &self.path);
        let mut links = vec![format!("<{}>; rel=\"alternate\"; type=\"application/rss+xml\"", lang.path("/feed/"))];
        if !self.status.is_success() {
            return links.remove(0);
        }
        links.push(format!("<{}>; rel=\"canonical\"", lang.path(path)));
        let text = self.text.iter().map(|it| format!("<{}>; rel=\"alternate\"; type=\"text/plain\"", lang.path(it)));
        links.extend(text);
        links.extend(self.newer.iter().map(|it| format!("<{}>; rel=\"prev\"", lang.path(it))));
        links.extend(self.older.iter().map(|it| format!("<{}>; rel=\"next\"", lang.path(it))));
        links.join(", ")
    }
}

/// Takes out the `<!>`, and the comment for nothing, by which Leptos finds its place when it hydrates, where nothing is
/// hydrated: everywhere but within islands, and there not within their children. To HTML they are mistakes, to readers bytes.
pub(crate) fn without_markers(html: &str) -> String {
    const MARKERS: [&str; 2] = ["<!>", "<!--<() />-->"];
    let mut clean = String::with_capacity(html.len());
    // Whether what is around is hydrated, the innermost last.
    let mut hydrated = Vec::new();
    let mut done = 0;
    for at in memmem::find_iter(html.as_bytes(), "<!") {
        let Some(marker) = MARKERS.iter().find(|marker| html[at..].starts_with(**marker)) else { continue };
        let before = &html[done..at];
        for tag in memmem::find_iter(before.as_bytes(), "leptos-") {
            if before[..tag].ends_with("</") {
                hydrated.pop();
            } else if before[..tag].ends_with('<') {
                hydrated.push(before[tag..].starts_with("leptos-island"));
            }
        }
        clean.push_str(before);
        if hydrated.last() == Some(&true) {
            clean.push_str(marker);
        }
        done = at + marker.len();
    }
    clean + &html[done..]
}

/// A page on its way to [`finish`], which makes the document: what all pages show is read there, once, and only for pages.
#[derive(Clone)]
struct Unfinished(Arc<Mutex<Option<Page>>>);

impl IntoResponse for Page {
    fn into_response(self) -> Response {
        let mut response = self.status.into_response();
        response.extensions_mut().insert(Unfinished(Arc::new(Mutex::new(Some(self)))));
        response
    }
}

/// Whether an answer is a page that has no words yet.
pub fn is_page(response: &Response) -> bool {
    response.extensions().get::<Unfinished>().is_some()
}

/// Makes the document of a page that a handler answered with.
pub async fn finish(State(site): State<Site>, request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let page = response.extensions().get::<Unfinished>().and_then(|page| page.0.lock().ok()?.take());
    let Some(page) = page else { return response };
    let theme = use_context::<Theme>().unwrap_or_default();
    // Where the store does not answer, the page that says so does not wait for it once more.
    let menu =
        if page.status == StatusCode::SERVICE_UNAVAILABLE { Menu::default() } else { menu(&site, page.lang).await };
    let data_use = use_context::<DataUse>().unwrap_or_default();
    let mut finished = page.render(&site, theme, data_use, menu).await;
    for (name, value) in response.headers() {
        finished.headers_mut().entry(name).or_insert(value.clone());
    }
    finished
}

/// The organisation's own pages, for the footer. Without them, a page is still one.
async fn menu(site: &Site, lang: Lang) -> Menu {
    let titles = documents::store::titles(&site.db, lang, Kind::Page).await;
    let titles =
        titles.map_err(|error| tracing::error!(%error, "the footer's pages cannot be read")).unwrap_or_default();
    Menu(titles.into_iter().map(|(words, title, slug)| (words, title, Kind::Page.path(&slug))).collect())
}

#[component]
fn Document(page: Page, site: Site, theme: Theme, data_use: DataUse, menu: Menu) -> impl IntoView {
    let Page { status, lang, title, description, path, feeds, text, newer, older, article, data, is_listed, main } =
        page;
    let is_error = !status.is_success();
    let own_path = (!is_error).then(|| path.clone());
    let path_of_switch = lang.path(own_path.as_deref().unwrap_or("/"));
    let head = (!is_error).then(|| {
        let preview = Preview { title: title.clone(), description: description.clone(), path: path.clone(), article };
        view! {
            <Addresses lang=lang site=site.clone() path=path />
            {newer.map(|path| view! { <link rel="prev" href=lang.path(&path) /> })}
            {older.map(|path| view! { <link rel="next" href=lang.path(&path) /> })}
            {text.map(|path| view! { <link rel="alternate" type="text/plain" href=lang.path(&path) /> })}
            <Feeds lang=lang feeds=feeds />
            <PreviewTags lang=lang site=site.clone() preview=preview />
        }
    });
    let name = t!(lang, "site-name");
    view! {
        <!DOCTYPE html>
        <html lang=lang.tag() dir=lang.dir() data-theme=theme.attribute() data-saving=data_use.is_little().then_some("")>
            <head>
                <meta charset="utf-8" />
                <meta name="viewport" content="width=device-width,initial-scale=1" />
                <title>{format!("{title} · {name}")}</title>
                {description.map(|description| view! { <meta name="description" content=description /> })}
                {(is_error || !is_listed).then(|| view! { <meta name="robots" content="noindex" /> })}
                {head}
                <link rel="icon" href="/favicon.svg" type="image/svg+xml" />
                <link rel="apple-touch-icon" href="/apple-touch-icon.png" />
                <link rel="manifest" href=lang.path("/manifest.webmanifest") />
                <meta name="color-scheme" content="light dark" />
                {if site.settings.watch {
                    view! { <link rel="stylesheet" href=WATCHED_CSS /> }.into_any()
                } else {
                    view! { <style></style> }.into_any()
                }}
                <script
                    data-js=site.assets.js.clone()
                    data-wasm=site.assets.wasm.clone()
                    data-release=site.assets.release.clone()
                    data-worker=(site.settings.offline && !site.settings.watch).then_some(offline::WORKER)
                    inner_html=LOADER.as_str()
                ></script>
                {data.into_iter().map(|value| view! { <script type="application/ld+json" inner_html=data::script(&value)></script> }).collect_view()}
                {site.settings.watch.then(|| reload(&site))}
            </head>
            <body>
                <a class="skip-link" href="#main">{t!(lang, "skip-to-content")}</a>
                <Header lang=lang theme=theme path=own_path />
                <main id="main">{main}</main>
                <Footer lang=lang data_use=data_use path=path_of_switch menu=menu />
                <div id="announcer" class="visually-hidden" role="status"></div>
                <div id="progress" class="progress-line" hidden><span>{t!(lang, "loading")}</span></div>
                <p id="offline" class="offline" role="alert" hidden>
                    {t!(lang, "offline")} " " <a id="offline-again" href="#main">{t!(lang, "try-again")}</a>
                </p>
            </body>
        </html>
    }
}

/// The page's one address, and those that it has in the other languages.
#[component]
fn Addresses(lang: Lang, site: Site, path: String) -> impl IntoView {
    let address = |lang: Lang| format!("{}{}", site.settings.base_url, lang.path(&path));
    let languages = Lang::all()
        .map(|other| view! { <link rel="alternate" hreflang=other.tag() href=address(other) /> })
        .collect_view();
    view! {
        <link rel="canonical" href=address(lang) />
        {languages}
        <link rel="alternate" hreflang="x-default" href=address(Lang::DEFAULT) />
    }
}

/// Feeds that a reader's program finds by itself: the site's, and those of the page.
#[component]
fn Feeds(lang: Lang, feeds: Vec<(String, String)>) -> impl IntoView {
    let site = (t!(lang, "site-name"), "/".to_owned());
    let links = |(title, path): (String, String)| {
        let kinds = [("", "rss+xml"), ("atom/", "atom+xml"), ("json/", "feed+json")];
        let link = |(kind, media_type): (&str, &str)| {
            let href = lang.path(&format!("{path}feed/{kind}"));
            let title = title.clone();
            view! { <link rel="alternate" type=format!("application/{media_type}") title=title href=href /> }
        };
        kinds.map(link).collect_view()
    };
    feeds.into_iter().chain(std::iter::once(site)).map(links).collect_view()
}

/// What a link to the page shows elsewhere.
struct Preview {
    title: String,
    description: Option<String>,
    path: String,
    article: Option<Article>,
}

#[component]
fn PreviewTags(lang: Lang, site: Site, preview: Preview) -> impl IntoView {
    let base = &site.settings.base_url;
    let kind = if preview.article.is_some() { "article" } else { "website" };
    let card = preview.article.as_ref().map_or_else(|| format!("/cards/{lang}.png"), |article| article.card.clone());
    let mut tags = vec![
        property("og:type", kind.to_owned()),
        property("og:title", preview.title.clone()),
        property("og:url", format!("{base}{}", lang.path(&preview.path))),
        property("og:site_name", t!(lang, "site-name")),
        property("og:locale", i18n::with_territory(lang)),
        property("og:image", format!("{base}{card}")),
        property("og:image:width", card::WIDTH.to_string()),
        property("og:image:height", card::HEIGHT.to_string()),
        property("og:image:alt", preview.title),
    ];
    tags.extend(preview.description.map(|it| property("og:description", it)));
    if let Some(article) = preview.article {
        tags.push(property("article:published_time", article.published.to_string()));
        tags.extend(article.updated.map(|at| property("article:modified_time", at.to_string())));
    }
    view! {
        {tags}
        <meta name="twitter:card" content="summary_large_image" />
    }
}

/// Open Graph's form of `<meta>`, whose attribute the view macro does not know.
fn property(name: &'static str, content: String) -> AnyView {
    leptos::html::meta().attr("property", name).attr("content", content).into_any()
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
        let html = "<p>a<!>b<!--<() />--></p><leptos-island data-component=\"x\"><b>c<!>d<leptos-children>e<!>f</leptos-children>\
                    <!></b></leptos-island><!>g < h";
        let clean = "<p>ab</p><leptos-island data-component=\"x\"><b>c<!>d<leptos-children>ef</leptos-children>\
                     <!></b></leptos-island>g < h";
        assert_eq!(without_markers(html), clean);
    }
}
