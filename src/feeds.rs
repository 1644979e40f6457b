//! Feeds with the whole text of the newest posts: `feed/` (RSS), `feed/atom/`, `feed/json/`, each of the site, a topic or an
//! author, in each language, and `feeds.opml`, the list of them all.

use crate::{
    documents::{
        Document, Kind,
        api::{get_document, list_documents},
    },
    error::AppError,
    i18n::Lang,
    posts::{
        Slug,
        store::{self, Selection, WholePost},
    },
    server::{db, router::add_slash, site, state::Site},
    ui::t,
};
use atom_syndication as atom;
use axum::{
    Router,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse, Response},
    routing::get,
};
use jiff::{Timestamp, fmt::rfc2822};
use serde_json::{Value, json};

/// How many posts a feed has.
const POSTS: u32 = 20;

/// The feeds below `path`.
pub fn routes(path: &str) -> Router<Site> {
    Router::new()
        .route(&format!("{path}feed/"), get(rss))
        .route(&format!("{path}feed/atom/"), get(atom))
        .route(&format!("{path}feed/json/"), get(json_feed))
        .route(&format!("{path}feed"), get(add_slash))
        .route(&format!("{path}feed/atom"), get(add_slash))
        .route(&format!("{path}feed/json"), get(add_slash))
}

/// What a feed says, in whatever form.
struct Feed {
    lang: Lang,
    title: String,
    description: String,
    /// The whole address of the page whose feed it is.
    home: String,
    /// The whole address of the feed.
    own: String,
    /// The host of the site, without a port.
    host: String,
    /// When the last of its posts changed.
    updated: Timestamp,
    posts: Vec<WholePost>,
}

impl Feed {
    /// Reads the feed at `uri`, which ends in `end`.
    async fn at(lang: Lang, uri: &Uri, end: &str) -> Result<Self, AppError> {
        let base = site().settings.base_url.clone();
        let (_, path) = Lang::of_path(uri.path());
        let page = path.strip_suffix(end).unwrap_or("/");
        let name = t!(lang, "site-name");
        let (title, description, selection) = match document(lang, page).await? {
            Some(document) => {
                let slug = Some(document.slug);
                let selection = match document.kind {
                    Kind::Topic => Selection { topic: slug, ..Default::default() },
                    _ => Selection { author: slug, ..Default::default() },
                };
                (format!("{} · {name}", document.title), document.summary, selection)
            }
            None => (name, t!(lang, "footer-about"), Selection::default()),
        };
        let posts = store::whole(&db(), lang, &selection, POSTS, &base).await?;
        let updated = posts.iter().map(|post| post.summary.changed()).max();
        Ok(Self {
            lang,
            title,
            description,
            home: format!("{base}{}", lang.path(page)),
            own: format!("{base}{}", lang.path(path)),
            host: base.parse::<Uri>().ok().and_then(|uri| uri.host().map(str::to_owned)).unwrap_or_default(),
            updated: updated.unwrap_or(Timestamp::UNIX_EPOCH),
            posts,
        })
    }

    fn address(&self, post: &WholePost) -> String {
        format!("{}{}", site().settings.base_url, self.lang.path(&post.summary.path()))
    }

    /// The name of a post in feeds, for ever the same: RFC 4151, with the name that the post had first.
    fn id(&self, post: &WholePost) -> String {
        format!("tag:{},2023:{}/{}", self.host, post.summary.uid, self.lang)
    }

    fn answer(self, media_type: &'static str, body: String) -> Response {
        let mut headers = HeaderMap::new();
        let mut links = vec![format!("<{}>; rel=\"self\"", self.own)];
        links.extend(site().settings.websub_hub.iter().map(|hub| format!("<{hub}>; rel=\"hub\"")));
        for (name, value) in [
            (header::CONTENT_TYPE, media_type.to_owned()),
            (header::CACHE_CONTROL, "public, max-age=300".to_owned()),
            // No Last-Modified: posts have days, and a second one of the same day would go unseen. The ETag is exact.
            (header::LINK, links.join(", ")),
            // A reader's program may itself be a page.
            (header::ACCESS_CONTROL_ALLOW_ORIGIN, "*".to_owned()),
        ] {
            if let Ok(value) = HeaderValue::from_str(&value) {
                headers.insert(name, value);
            }
        }
        (headers, body).into_response()
    }
}

/// The topic or author whose page has this address; none where it is the front page's.
async fn document(lang: Lang, page: &str) -> Result<Option<Document>, AppError> {
    let mut parts = page.trim_matches('/').split('/');
    let kind = match parts.next() {
        Some("topics") => Kind::Topic,
        Some("authors") => Kind::Author,
        _ => return Ok(None),
    };
    let slug = Slug::parse(parts.next().unwrap_or_default()).map_err(|_| AppError::NotFound)?;
    get_document(lang, kind, slug).await.map(Some)
}

/// A moment as HTTP and RSS have it: `Tue, 14 Mar 2023 00:00:00 GMT`.
fn http_date(at: Timestamp) -> String {
    rfc2822::DateTimePrinter::new().timestamp_to_rfc9110_string(&at).unwrap_or_default()
}

async fn rss(lang: Lang, uri: Uri) -> Result<Response, AppError> {
    let feed = Feed::at(lang, &uri, "feed/").await?;
    let item = |post: &WholePost| rss::Item {
        title: Some(post.summary.title.clone()),
        link: Some(feed.address(post)),
        description: Some(post.summary.summary.clone()),
        guid: Some(rss::Guid { value: feed.id(post), permalink: false }),
        pub_date: Some(http_date(post.summary.published)),
        categories: post.topics.iter().map(|it| rss::Category { name: it.title.clone(), domain: None }).collect(),
        content: Some(post.html.clone()),
        dublin_core_ext: post.author.as_ref().map(|author| rss::extension::dublincore::DublinCoreExtension {
            creators: vec![author.title.clone()],
            ..Default::default()
        }),
        ..Default::default()
    };
    let link = |href: String, rel: &str, mime_type: Option<&str>| rss::extension::atom::Link {
        href,
        rel: rel.to_owned(),
        mime_type: mime_type.map(str::to_owned),
        ..Default::default()
    };
    let mut links = vec![link(feed.own.clone(), "self", Some("application/rss+xml"))];
    links.extend(site().settings.websub_hub.iter().map(|hub| link(hub.clone(), "hub", None)));
    let channel = rss::Channel {
        title: feed.title.clone(),
        link: feed.home.clone(),
        description: feed.description.clone(),
        language: Some(feed.lang.tag().to_owned()),
        last_build_date: Some(http_date(feed.updated)),
        atom_ext: Some(rss::extension::atom::AtomExtension { links }),
        items: feed.posts.iter().map(item).collect(),
        ..Default::default()
    };
    let body = channel.to_string();
    Ok(feed.answer("application/rss+xml; charset=utf-8", body))
}

async fn atom(lang: Lang, uri: Uri) -> Result<Response, AppError> {
    let feed = Feed::at(lang, &uri, "feed/atom/").await?;
    let text = |value: &str| atom::Text { value: value.to_owned(), ..Default::default() };
    let person = |name: &str, uri: Option<String>| atom::Person { name: name.to_owned(), uri, ..Default::default() };
    let link = |href: String, rel: &str, mime_type: Option<&str>| atom::Link {
        href,
        rel: rel.to_owned(),
        mime_type: mime_type.map(str::to_owned),
        ..Default::default()
    };
    let moment = |at: Timestamp| at.to_string().parse::<atom::FixedDateTime>().unwrap_or_default();
    let entry = |post: &WholePost| atom::Entry {
        title: text(&post.summary.title),
        id: feed.id(post),
        updated: moment(post.summary.changed()),
        published: Some(moment(post.summary.published)),
        authors: post.author.iter().map(|author| person(&author.title, None)).collect(),
        categories: post
            .topics
            .iter()
            .map(|it| atom::Category { term: it.slug.to_string(), label: Some(it.title.clone()), scheme: None })
            .collect(),
        links: vec![link(feed.address(post), "alternate", Some("text/html"))],
        summary: Some(text(&post.summary.summary)),
        content: Some(atom::Content {
            lang: Some(post.body_lang.tag().to_owned()),
            value: Some(post.html.clone()),
            content_type: Some("html".to_owned()),
            ..Default::default()
        }),
        ..Default::default()
    };
    let mut links = vec![
        link(feed.own.clone(), "self", Some("application/atom+xml")),
        link(feed.home.clone(), "alternate", Some("text/html")),
    ];
    links.extend(site().settings.websub_hub.iter().map(|hub| link(hub.clone(), "hub", None)));
    let document = atom::Feed {
        title: text(&feed.title),
        subtitle: Some(text(&feed.description)),
        id: feed.own.clone(),
        lang: Some(feed.lang.tag().to_owned()),
        updated: moment(feed.updated),
        authors: vec![person(&t!(lang, "site-name"), Some(format!("{}/", site().settings.base_url)))],
        links,
        entries: feed.posts.iter().map(entry).collect(),
        ..Default::default()
    };
    let body = document.to_string();
    Ok(feed.answer("application/atom+xml; charset=utf-8", body))
}

async fn json_feed(lang: Lang, uri: Uri) -> Result<Response, AppError> {
    let feed = Feed::at(lang, &uri, "feed/json/").await?;
    let base = site().settings.base_url.clone();
    let item = |post: &WholePost| {
        let summary = &post.summary;
        let mut item = json!({
            "id": feed.id(post),
            "url": feed.address(post),
            "title": summary.title,
            "summary": summary.summary,
            "content_html": post.html,
            "language": post.body_lang.tag(),
            "date_published": summary.published.to_string(),
            "date_modified": summary.changed().to_string(),
            "tags": post.topics.iter().map(|topic| topic.title.as_str()).collect::<Vec<_>>(),
        });
        if let Some(author) = &post.author {
            let url = format!("{base}{}", lang.path(&Kind::Author.path(&author.slug)));
            item["authors"] = json!([{ "name": author.title, "url": url }]);
        }
        if let Some(picture) = &summary.picture {
            item["image"] = format!("{base}{}", picture.path()).into();
        }
        item
    };
    let mut document = json!({
        "version": "https://jsonfeed.org/version/1.1",
        "title": feed.title,
        "description": feed.description,
        "home_page_url": feed.home,
        "feed_url": feed.own,
        "language": lang.tag(),
        "icon": format!("{base}/icon-512.png"),
        "authors": [{ "name": t!(lang, "site-name"), "url": format!("{base}/") }],
        "items": feed.posts.iter().map(item).collect::<Vec<Value>>(),
    });
    if let Some(hub) = &site().settings.websub_hub {
        document["hubs"] = json!([{ "type": "WebSub", "url": hub }]);
    }
    let body = document.to_string();
    Ok(feed.answer("application/feed+json; charset=utf-8", body))
}

/// `GET /feeds.opml`: all feeds of a language, for a reader's program to subscribe to at once.
pub async fn opml(lang: Lang) -> Result<Response, AppError> {
    let base = site().settings.base_url.clone();
    let name = t!(lang, "site-name");
    let mut outlines = vec![outline(&base, lang, &name, "/")];
    for kind in [Kind::Topic, Kind::Author] {
        for document in list_documents(lang, kind).await? {
            let title = format!("{} · {name}", document.title);
            outlines.push(outline(&base, lang, &title, &document.path()));
        }
    }
    let body = format!(
        "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<opml version=\"2.0\"><head><title>{}</title></head><body>{}</body></opml>\n",
        escape(&name),
        outlines.concat()
    );
    let headers =
        [(header::CONTENT_TYPE, "text/x-opml; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    Ok((headers, body).into_response())
}

fn outline(base: &str, lang: Lang, title: &str, path: &str) -> String {
    let address = |path: &str| escape(&format!("{base}{}", lang.path(path)));
    format!(
        "<outline type=\"rss\" text=\"{title}\" title=\"{title}\" language=\"{lang}\" xmlUrl=\"{}\" htmlUrl=\"{}\"/>",
        address(&format!("{path}feed/")),
        address(path),
        title = escape(title),
    )
}

/// Text as it stands in XML, in an attribute or between elements.
pub fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' => out.push_str("&quot;"),
            c => out.push(c),
        }
    }
    out
}
