//! `GET /blog/<yyyy>/<mm>/<slug>/`: a post, and `…/<slug>.txt`: its words alone.

use super::{
    Heading, Named, Period, Post, PostSummary, Slug,
    api::get_post,
    share::Share,
    store::{self, PlainPost},
};
use crate::{
    documents::Kind,
    error::AppError,
    i18n::{Lang, long_date, month},
    offline::save::SaveButton,
    server::{db, router::add_slash, site},
    ui::{
        data::{self, Step},
        icon::{Arrow, BACK, ONWARD},
        layout::Mark,
        page::{Article, Page},
        picture::{Loading, PictureView, Shown},
        plain::{self, text_path},
        t,
        time::PublishedOn,
        trail::Trail,
        words::{WordingNote, dir_of, lang_of},
    },
};
use axum::{
    extract::Path,
    http::{Uri, header},
    response::{IntoResponse, Redirect, Response},
};
use leptos::prelude::*;

/// What follows `/blog/<yyyy>/<mm>/`: a post's slug, and `.txt` where its words alone are asked for.
fn asked_for(name: &str) -> Result<(Slug, bool), AppError> {
    let (slug, is_text) = name.strip_suffix(".txt").map_or((name, false), |slug| (slug, true));
    Ok((Slug::parse(slug).map_err(|_| AppError::NotFound)?, is_text))
}

/// Leads to where a post is, if that is not where it was looked for: the slug says which post is meant.
fn elsewhere(lang: Lang, asked: &(String, String, String), summary: &PostSummary, is_text: bool) -> Option<Response> {
    let (year, month, _) = asked;
    let path = summary.path();
    if path == format!("/blog/{year}/{month}/{}/", summary.slug) {
        return None;
    }
    let path = lang.path(&if is_text { text_path(&path) } else { path });
    // Asked about again each time: an editor may move the post back.
    Some(([(header::CACHE_CONTROL, "no-cache")], Redirect::permanent(&path)).into_response())
}

/// The post with this slug.
pub async fn show(lang: Lang, Path(asked): Path<(String, String, String)>) -> Result<Response, AppError> {
    let (slug, is_text) = asked_for(&asked.2)?;
    let post = get_post(lang, slug).await?;
    if let Some(response) = elsewhere(lang, &asked, &post.summary, is_text) {
        return Ok(response);
    }
    Ok(page(lang, post).into_response())
}

/// The words of the post with this slug, as they are written.
pub async fn plain(lang: Lang, uri: Uri, Path(asked): Path<(String, String, String)>) -> Result<Response, AppError> {
    let (slug, is_text) = asked_for(&asked.2)?;
    if !is_text {
        Period::parse(&asked.0, Some(&asked.1)).ok_or(AppError::NotFound)?;
        return Ok(add_slash(uri).await.into_response());
    }
    let post = store::plain(&db(), lang, &slug).await?.ok_or(AppError::NotFound)?;
    if let Some(response) = elsewhere(lang, &asked, &post.summary, is_text) {
        return Ok(response);
    }
    Ok(plain::plain(&lang.path(&post.summary.path()), |address| as_text(lang, &post, address)))
}

fn as_text(lang: Lang, post: &PlainPost, address: &str) -> String {
    let summary = &post.summary;
    let date = long_date(lang, summary.published);
    let by = post.author.as_ref().map(|author| format!(" · {}", author.title)).unwrap_or_default();
    format!("{}\n\n{}\n\n{date}{by}\n{address}\n\n{}", summary.title, summary.summary, post.body)
}

/// The address of a post's picture for link previews.
fn card(lang: Lang, slug: &Slug) -> String {
    format!("/cards/{lang}/{slug}.png")
}

fn page(lang: Lang, post: Post) -> Page {
    let base = site().settings.base_url.clone();
    let path = post.summary.path();
    let text = text_path(&path);
    let card = card(lang, &post.summary.slug);
    let data = data::blog_posting(lang, &base, &post, &card);
    let day = post.summary.day();
    let period = Period { year: day.year(), month: Some(day.month()) };
    let steps = vec![
        Step { title: t!(lang, "posts-title"), path: "/blog/".into() },
        Step { title: month(lang, day.year(), day.month()), path: period.path() },
    ];
    let summary = post.summary.clone();
    let article = Article { card, published: summary.published, updated: summary.updated };
    let page = Page::new(
        lang,
        summary.title.clone(),
        path,
        view! { <PostView lang=lang post=post steps=steps.clone() base=base /> },
    );
    page.describe(summary.summary).text(text).article(article).data(data).below(&steps)
}

#[component]
fn PostView(lang: Lang, post: Post, steps: Vec<Step>, base: String) -> impl IntoView {
    let summary = post.summary;
    let path = summary.path();
    let address = format!("{base}{}", lang.path(&path));
    let text = text_path(&path);
    let head_lang = lang_of(lang, summary.lang);
    view! {
        <article class="post">
            <Trail lang=lang steps=steps />
            <header class="post-header">
                <h1 lang=head_lang dir=dir_of(lang, summary.lang)>{summary.title.clone()}</h1>
                <p class="post-summary" lang=head_lang dir=dir_of(lang, summary.lang)>{summary.summary.clone()}</p>
                <Byline lang=lang summary=summary.clone() author=post.author minutes=post.minutes />
                <Topics lang=lang topics=post.topics />
            </header>
            {summary.picture.clone().map(|picture| view! { <PictureView picture=picture lang=head_lang loading=Loading::Eager shown=Shown::Head class="post-picture" /> })}
            <WordingNote lang=lang wording=post.wording original=post.original_lang path=path.clone() />
            <Contents lang=lang words=post.body_lang headings=post.headings />
            <div class="prose" lang=lang_of(lang, post.body_lang) dir=dir_of(lang, post.body_lang) inner_html=post.html></div>
            <Mark class="site-mark end-mark" />
            <footer class="post-footer">
                <Share lang=lang title=summary.title address=address.clone() />
                <SaveButton lang=lang path=path.clone() />
                <p><a href=lang.path(&text) type="text/plain">{t!(lang, "as-text")}</a></p>
                <p class="printed">{t!(lang, "printed-from", address = address)}</p>
            </footer>
            <Neighbours lang=lang newer=post.newer older=post.older />
            <Related lang=lang posts=post.related />
        </article>
    }
}

/// Who wrote it, when, and how long it takes to read.
#[component]
pub fn Byline(
    /// The language of the page.
    lang: Lang,
    /// The post.
    summary: PostSummary,
    /// Its author.
    author: Option<Named>,
    /// How long it takes to read.
    minutes: u32,
) -> impl IntoView {
    let author = author.map(|author| {
        let href = lang.path(&Kind::Author.path(&author.slug));
        view! {
            <li>
                {t!(lang, "by")} " "
                <a rel="author" href=href lang=lang_of(lang, author.lang) dir=dir_of(lang, author.lang)>{author.title}</a>
            </li>
        }
    });
    let updated =
        summary.updated.map(|at| view! { <li>{t!(lang, "updated")} " " <PublishedOn lang=lang at=at /></li> });
    view! {
        <ul class="byline">
            {author}
            <li>{t!(lang, "published")} " " <PublishedOn lang=lang at=summary.published /></li>
            {updated}
            <li>{t!(lang, "reading-time", minutes = minutes)}</li>
        </ul>
    }
}

/// What it is about.
#[component]
pub fn Topics(
    /// The language of the page.
    lang: Lang,
    /// The topics.
    topics: Vec<Named>,
) -> impl IntoView {
    if topics.is_empty() {
        return ().into_any();
    }
    let links = topics.into_iter().map(|topic| {
        let href = lang.path(&Kind::Topic.path(&topic.slug));
        view! { <li><a href=href lang=lang_of(lang, topic.lang) dir=dir_of(lang, topic.lang)>{topic.title}</a></li> }
    });
    view! {
        <nav class="chips" aria-label=t!(lang, "topics-of-post")>
            <ul>{links.collect_view()}</ul>
        </nav>
    }
    .into_any()
}

/// The table of contents of a text with three headings or more.
#[component]
pub fn Contents(
    /// The language of the page.
    lang: Lang,
    /// The language of the text.
    words: Lang,
    /// The headings of the text.
    headings: Vec<Heading>,
) -> impl IntoView {
    let headings: Vec<_> = headings.into_iter().filter(|heading| heading.level <= 3).collect();
    if headings.len() < 3 {
        return ().into_any();
    }
    let items = headings.into_iter().map(|heading| {
        let class = if heading.level == 2 { "contents-item" } else { "contents-item contents-deeper" };
        view! { <li class=class><a href=format!("#{}", heading.id)>{heading.text}</a></li> }
    });
    view! {
        <nav class="contents" aria-labelledby="contents">
            <h2 id="contents" class="contents-title">{t!(lang, "in-this-post")}</h2>
            <ol lang=lang_of(lang, words) dir=dir_of(lang, words)>{items.collect_view()}</ol>
        </nav>
    }
    .into_any()
}

/// The posts that were published just before and just after.
#[component]
pub fn Neighbours(
    /// The language of the page.
    lang: Lang,
    /// The post that was published just after.
    newer: Option<PostSummary>,
    /// The post that was published just before.
    older: Option<PostSummary>,
) -> impl IntoView {
    if newer.is_none() && older.is_none() {
        return ().into_any();
    }
    let link = |post: PostSummary, rel, words: String| {
        let title =
            view! { <span lang=lang_of(lang, post.lang) dir=dir_of(lang, post.lang)>{post.title.clone()}</span> };
        let (before, after) = match rel {
            "prev" => (Some(view! { <Arrow outline=BACK /> }), None),
            _ => (None, Some(view! { <Arrow outline=ONWARD /> })),
        };
        view! {
            <a class="neighbour" rel=rel href=lang.path(&post.path())>
                <span class="neighbour-way">{before}{words}{after}</span>
                {title}
            </a>
        }
    };
    let newer = newer.map(|post| link(post, "prev", t!(lang, "newer-post")));
    let older = older.map(|post| link(post, "next", t!(lang, "older-post")));
    view! { <nav class="neighbours" aria-label=t!(lang, "neighbouring-posts")>{newer}{older}</nav> }.into_any()
}

/// The posts that share the most with it.
#[component]
pub fn Related(
    /// The language of the page.
    lang: Lang,
    /// The posts.
    posts: Vec<PostSummary>,
) -> impl IntoView {
    if posts.is_empty() {
        return ().into_any();
    }
    let items = posts.into_iter().map(|post| {
        view! {
            <li>
                <a href=lang.path(&post.path()) lang=lang_of(lang, post.lang) dir=dir_of(lang, post.lang)>{post.title.clone()}</a>
                <span class="post-date"><PublishedOn lang=lang at=post.published /></span>
            </li>
        }
    });
    view! {
        <section class="related" aria-labelledby="related">
            <h2 id="related">{t!(lang, "related-posts")}</h2>
            <ul>{items.collect_view()}</ul>
        </section>
    }
    .into_any()
}
