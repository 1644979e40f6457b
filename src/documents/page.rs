//! `GET /topics/`, `/topics/<slug>/`, `/authors/`, `/authors/<slug>/`, and the organisation's own pages: `/<slug>/`.

use super::{
    Document, Kind,
    api::{get_document, list_documents},
};
use crate::{
    error::AppError,
    i18n::Lang,
    posts::{
        Slug,
        api::list_posts,
        list::{PAGE, Place, PostListing, here, ways},
    },
    ui::{
        data::Step,
        page::Page,
        t,
        trail::Trail,
        words::{WordingNote, dir_of, lang_of},
    },
};
use axum::{
    extract::{Path, Query},
    response::Redirect,
};
use leptos::prelude::*;

/// All topics.
pub async fn topics(lang: Lang) -> Result<Page, AppError> {
    let (title, summary) = (t!(lang, "topics-title"), t!(lang, "topics-summary"));
    index(lang, Kind::Topic, title, summary).await
}

/// All authors.
pub async fn authors(lang: Lang) -> Result<Page, AppError> {
    let (title, summary) = (t!(lang, "authors-title"), t!(lang, "authors-summary"));
    index(lang, Kind::Author, title, summary).await
}

async fn index(lang: Lang, kind: Kind, title: String, summary: String) -> Result<Page, AppError> {
    let items = list_documents(lang, kind).await?.into_iter().map(|document| {
        view! {
            <li class="entry" lang=lang_of(lang, document.lang) dir=dir_of(lang, document.lang)>
                <h2><a href=lang.path(&document.path())>{document.title.clone()}</a></h2>
                <p>{document.summary}</p>
            </li>
        }
    });
    let main = view! {
        <header class="page-header">
            <h1>{title.clone()}</h1>
            <p class="page-summary">{summary.clone()}</p>
        </header>
        <ul class="entries">{items.collect_view()}</ul>
    };
    Ok(Page::new(lang, title, format!("/{}/", kind.name()), main).describe(summary).below(&[]))
}

/// A topic with the posts about it.
pub async fn topic(lang: Lang, Path(slug): Path<String>, Query(place): Query<Place>) -> Result<Page, AppError> {
    let above = Step { title: t!(lang, "topics-title"), path: "/topics/".into() };
    with_posts(lang, Kind::Topic, slug, above, place).await
}

/// An author with the posts that they wrote.
pub async fn author(lang: Lang, Path(slug): Path<String>, Query(place): Query<Place>) -> Result<Page, AppError> {
    let above = Step { title: t!(lang, "authors-title"), path: "/authors/".into() };
    with_posts(lang, Kind::Author, slug, above, place).await
}

async fn with_posts(lang: Lang, kind: Kind, slug: String, above: Step, place: Place) -> Result<Page, AppError> {
    let slug = Slug::parse(slug).map_err(|_| AppError::NotFound)?;
    let document = get_document(lang, kind, slug.clone()).await?;
    let (before, after) = place.read()?;
    let of = |wanted| (kind == wanted).then(|| slug.clone());
    let list = list_posts(lang, of(Kind::Topic), of(Kind::Author), None, before, after, Some(PAGE)).await?;
    let path = document.path();
    let (newer, older) = ways(&path, &list);
    let here = here(&path, before, after);
    let (title, summary) = (document.title.clone(), document.summary.clone());
    let feed = t!(lang, "feeds-of", title = title.clone());
    let steps = [above];
    let main = view! {
        <Trail lang=lang steps=steps.to_vec() />
        <DocumentHeader lang=lang document=document />
        <p class="feed-link">
            <a href=lang.path(&format!("{path}feed/")) type="application/rss+xml">{feed.clone()}</a>
        </p>
        <PostListing lang=lang list=list path=path.clone() />
    };
    let page = Page::new(lang, title, here, main).describe(summary);
    Ok(page.feed(feed, path).between(newer, older).below(&steps))
}

/// A page of the organisation itself.
pub async fn page(lang: Lang, Path(slug): Path<String>) -> Result<Page, AppError> {
    let slug = Slug::parse(slug).map_err(|_| AppError::NotFound)?;
    let document = get_document(lang, Kind::Page, slug).await?;
    let (title, path, summary) = (document.title.clone(), document.path(), document.summary.clone());
    let main = view! {
        <article class="page">
            <DocumentHeader lang=lang document=document />
        </article>
    };
    Ok(Page::new(lang, title, path, main).describe(summary).below(&[]))
}

/// What a document says of itself.
#[component]
fn DocumentHeader(lang: Lang, document: Document) -> impl IntoView {
    let path = document.path();
    let (head, dir) = (lang_of(lang, document.lang), dir_of(lang, document.lang));
    let (body, body_dir) = (lang_of(lang, document.body_lang), dir_of(lang, document.body_lang));
    view! {
        <header class="page-header" lang=head dir=dir>
            <h1>{document.title}</h1>
            <p class="page-summary">{document.summary}</p>
        </header>
        <WordingNote lang=lang wording=document.wording original=document.original_lang path=path />
        {(!document.html.is_empty()).then(|| view! { <div class="prose" lang=body dir=body_dir inner_html=document.html></div> })}
    }
}

/// An address of another system's topic leads to ours.
pub async fn topic_elsewhere(lang: Lang, Path(slug): Path<String>) -> Result<Redirect, AppError> {
    let slug = Slug::parse(slug).map_err(|_| AppError::NotFound)?;
    Ok(Redirect::permanent(&lang.path(&Kind::Topic.path(&slug))))
}
