//! The sitemap: an index of shards, each with its pages in every language. A shard of posts is streamed, so that its size
//! is not its memory: a million posts are 400 shards.

use crate::{
    documents::{self, Kind},
    error::AppError,
    feeds::escape,
    i18n::Lang,
    plan,
    posts::{
        api::list_periods,
        store::{self, ListKind},
    },
    server::{db, db::Db, site},
};
use axum::{
    body::Body,
    extract::Path,
    http::header,
    response::{IntoResponse, Response},
};
use futures_util::stream;
use jiff::Timestamp;
use std::{collections::BTreeMap, fmt::Write as _};

const XML: &str = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n";
const OPEN: &str =
    "<urlset xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\" xmlns:xhtml=\"http://www.w3.org/1999/xhtml\">\n";
const CLOSE: &str = "</urlset>\n";

/// How many posts are read from the store at once.
const CHUNK: i64 = 250;

/// `GET /sitemap.xml`: the shards, each with when it last changed.
pub async fn index() -> Result<Response, AppError> {
    let base = &site().settings.base_url;
    let mut body = format!("{XML}<sitemapindex xmlns=\"http://www.sitemaps.org/schemas/sitemap/0.9\">\n");
    let shards = store::lists(&db(), ListKind::Shards).await?;
    let newest = shards.values().copied().max();
    let mut posts: Vec<_> = shards.into_iter().filter_map(|(name, at)| Some((name.parse::<i64>().ok()?, at))).collect();
    posts.sort_unstable();
    let posts = posts.into_iter().map(|(shard, changed)| (format!("posts-{shard}"), Some(changed)));
    for (name, changed) in std::iter::once(("pages".to_owned(), newest)).chain(posts) {
        let lastmod = changed.and_then(|second| Timestamp::from_second(second).ok()).map(lastmod).unwrap_or_default();
        // Writing to a String does not fail.
        let _ = writeln!(body, "<sitemap><loc>{}/sitemaps/{name}.xml</loc>{lastmod}</sitemap>", escape(base));
    }
    body += "</sitemapindex>\n";
    Ok(xml(body.into()))
}

/// `GET /sitemaps/pages.xml`, `/sitemaps/posts-<n>.xml`: one shard.
pub async fn shard(Path(file): Path<String>) -> Result<Response, AppError> {
    let name = file.strip_suffix(".xml").ok_or(AppError::NotFound)?;
    if name == "pages" {
        return Ok(xml(pages().await?.into()));
    }
    let shard = name.strip_prefix("posts-").and_then(|number| number.parse::<u32>().ok()).ok_or(AppError::NotFound)?;
    let shard = i64::from(shard);
    let (db, base) = (db(), site().settings.base_url.clone());
    let first = store::addresses(&db, shard, -1, 1).await?;
    if first.is_empty() {
        return Err(AppError::NotFound);
    }
    Ok(xml(Body::from_stream(posts(db, base, shard))))
}

/// Where a shard's stream is.
enum Next {
    Open,
    After(i64),
    End,
}

fn posts(db: Db, base: String, shard: i64) -> impl futures_util::Stream<Item = Result<String, sqlx::Error>> {
    stream::try_unfold(Next::Open, move |next| {
        let (db, base) = (db.clone(), base.clone());
        async move {
            let after = match next {
                Next::Open => return Ok(Some((format!("{XML}{OPEN}"), Next::After(-1)))),
                Next::After(after) => after,
                Next::End => return Ok(None),
            };
            let posts = store::addresses(&db, shard, after, CHUNK).await?;
            let Some((last, ..)) = posts.last() else { return Ok(Some((CLOSE.to_owned(), Next::End))) };
            let last = *last;
            let mut chunk = String::new();
            for (_, path, changed) in posts {
                urls(&mut chunk, &base, &path, Some(changed));
            }
            Ok(Some((chunk, Next::After(last))))
        }
    })
}

/// Everything that is not a post.
async fn pages() -> Result<String, AppError> {
    let (db, base) = (db(), site().settings.base_url.clone());
    let second = |changed: Option<&i64>| changed.and_then(|second| Timestamp::from_second(*second).ok());
    let latest = second(store::lists(&db, ListKind::All).await?.get(""));
    let mut body = format!("{XML}{OPEN}");
    for path in ["/", "/blog/"] {
        urls(&mut body, &base, path, latest);
    }
    for path in ["/topics/", "/authors/", "/action-plan/"] {
        urls(&mut body, &base, path, None);
    }
    for kind in Kind::ALL {
        let changes = match kind {
            Kind::Topic => store::lists(&db, ListKind::Topics).await?,
            Kind::Author => store::lists(&db, ListKind::Authors).await?,
            Kind::Page => BTreeMap::new(),
        };
        for (_, _, slug) in documents::store::titles(&db, Lang::DEFAULT, kind).await? {
            urls(&mut body, &base, &kind.path(&slug), second(changes.get(slug.as_str())));
        }
    }
    for year in plan::store::years(&db).await? {
        urls(&mut body, &base, &format!("/action-plan/{year}/"), None);
    }
    let changes = store::lists(&db, ListKind::Periods).await?;
    for year in list_periods(None).await? {
        for period in std::iter::once(year).chain(list_periods(Some(year)).await?) {
            urls(&mut body, &base, &period.path(), second(changes.get(&period.to_string())));
        }
    }
    Ok(body + CLOSE)
}

/// A page in every language, each with all of them as alternates.
fn urls(body: &mut String, base: &str, path: &str, changed: Option<Timestamp>) {
    let address = |lang: Lang| escape(&format!("{base}{}", lang.path(path)));
    let mut alternates = String::new();
    for (hreflang, lang) in Lang::all().map(|lang| (lang.tag(), lang)).chain([("x-default", Lang::DEFAULT)]) {
        // Writing to a String does not fail.
        let _ =
            write!(alternates, "<xhtml:link rel=\"alternate\" hreflang=\"{hreflang}\" href=\"{}\"/>", address(lang));
    }
    let lastmod = changed.map(lastmod).unwrap_or_default();
    for lang in Lang::all() {
        let _ = writeln!(body, "<url><loc>{}</loc>{lastmod}{alternates}</url>", address(lang));
    }
}

fn lastmod(at: Timestamp) -> String {
    format!("<lastmod>{at}</lastmod>")
}

fn xml(body: Body) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "application/xml; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=300")];
    (headers, body).into_response()
}
