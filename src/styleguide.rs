//! `GET /styleguide/`: every component in every state, in the language and direction of the page. For those who change how the
//! site looks, and for the tests that look at it; no page leads to it, and no search engine lists it.

use crate::{
    content::markdown::{Place, render},
    documents::Kind,
    error::AppError,
    i18n::{Lang, Wording},
    messages::{Written, page::Fields},
    offline::save::SaveButton,
    plan::{
        Area, Commitment, Evidence, Plan, PlanYear, Value,
        glance::{AreasAtAGlance, reached},
        page::AreaSection,
    },
    posts::{
        Filter, Named, PostFilterForm, PostSummary, Slug,
        api::latest_posts,
        card::{PostCard, Under},
        page::{Byline, Contents, Neighbours, Related, Topics},
        share::Share,
    },
    search::{Found, Subject, page::FoundView, passage::Piece},
    ui::{
        data::Step,
        empty::Empty,
        icon::{Arrow, BACK, ONWARD},
        layout::Mark,
        page::Page,
        picture::{Loading, Shown},
        shield::{BROKEN, SHIELD},
        t,
        trail::Trail,
        words::WordingNote,
    },
};
use jiff::{Timestamp, civil::date};
use leptos::prelude::*;
use std::collections::HashMap;

/// A text with everything that a text may have.
const TEXT: &str = include_str!("styleguide.md");

/// A word and a title that are too long for most places.
const LONG_WORD: &str = "Interoperabilitätsverpflichtungsdurchführungsverordnung";
const LONG_TITLE: &str = "What a network of networks owes to those who can reach it only now and then, by a line that is \
                          slow, dear, watched and cut, and what they are owed before anything else is built on it";

/// The page with all of them.
pub async fn show(lang: Lang) -> Result<Page, AppError> {
    let posts = latest_posts(lang, None).await?;
    let nothing = Filter::narrowed(posts.clone(), "zebra", Vec::new());
    let text = render(
        TEXT,
        Place { lang: Lang::DEFAULT, reader: lang, base: "", page: "", prefix: "", pictures: &HashMap::new() },
    );
    let access = slug("access")?;
    let named = |title: &str| Named { lang, slug: access.clone(), title: title.to_owned() };
    let plan = plan(lang)?;
    let reports = HashMap::new();
    let areas = plan.areas.clone().into_iter().map(|area| {
        view! { <AreaSection lang=lang words=lang area=area reports=&reports shown=true /> }
    });
    let areas = areas.collect_view();
    let byline = posts.first().cloned().map(|post| {
        let post = PostSummary { updated: Some(post.published), ..post };
        view! { <Byline lang=lang summary=post author=Some(named("Networks Desk")) minutes=7 /> }
    });
    let steps = vec![
        Step { title: t!(lang, "posts-title"), path: "/blog/".into() },
        Step { title: t!(lang, "topics-title"), path: "/topics/".into() },
    ];
    let summary = "How every part of the site looks, in every state.";
    let main = view! {
        <header class="page-header">
            <h1>"Style guide"</h1>
            <p class="page-summary">{summary}</p>
        </header>
        {specimen("The shield", view! {
            <div class="entries" aria-hidden="true">
                <div inner_html=SHIELD.as_str()></div>
                <div inner_html=BROKEN.as_str()></div>
                <Mark class="site-mark" />
            </div>
        })}
        {specimen("Sizes", view! {
            <h3 class="hero-title">"The headline: "<span class="hero-subtitle">"What follows its colon"</span></h3>
            <p class="hero-summary">"Its summary, in the letters of a text."</p>
            <p><a class="hero-link" href="#main">"The one thing to do here"</a></p>
            <p class="notice-code">"404"</p>
            <p class="page-summary">"The summary of a page"</p>
            <Empty words=t!(lang, "no-posts-yet") href=lang.path("/action-plan/") way=t!(lang, "way-plan") />
        })}
        {specimen("Ways", view! {
            <Trail lang=lang steps=steps />
            <Topics lang=lang topics=vec![named("Access"), named(LONG_WORD)] />
            <nav class="pager" aria-label=t!(lang, "pages-of-posts")>
                <a class="pager-link" href="#main"><Arrow outline=BACK />{t!(lang, "newer-posts")}</a>
                <a class="pager-link older" href="#main">{t!(lang, "older-posts")}<Arrow outline=ONWARD /></a>
            </nav>
            <Neighbours lang=lang newer=posts.first().cloned() older=posts.last().cloned() />
        })}
        {specimen("Words about words", view! {
            <WordingNote lang=lang wording=Wording::Stale original=Lang::DEFAULT path="/styleguide/".into() />
            <WordingNote lang=lang wording=Wording::Untranslated original=Lang::DEFAULT path="/styleguide/".into() />
        })}
        {specimen("A form, with nothing found", view! {
            <PostFilterForm lang=lang filter=nothing />
        })}
        {specimen("A form that is filled in", view! {
            <p class="told">{t!(lang, "write-wrong")}</p>
            <Fields lang=lang written=Written::default() mistake=None />
            <p class="field-wrong">{t!(lang, "write-no-address")}</p>
        })}
        {specimen("Reading offline", view! {
            <p class="copy-note">{t!(lang, "copy-of", date = "…")} " " <a href="#main">{t!(lang, "try-again")}</a></p>
            <SaveButton lang=lang path="/styleguide/".into() />
            <section class="kept">
                <ul class="kept-list">
                    {[LONG_TITLE, LONG_WORD].map(|title| view! {
                        <li>
                            <a href="#main" lang="en" dir="auto">{title}</a>
                            <span class="kept-size">{t!(lang, "kilobytes", size = 12)}</span>
                            <button type="button">{t!(lang, "remove")}</button>
                        </li>
                    })}
                </ul>
            </section>
        })}
        {specimen("Results of a search", view! {
            <p class="search-note">{t!(lang, "search-meant", query = LONG_WORD)} " " <a href="#main">{LONG_WORD}</a></p>
            <p class="search-status">{t!(lang, "search-count", count = 4)}</p>
            <ol class="results">{found(lang).map(|found| view! { <FoundView lang=lang found=found /> }).collect_view()}</ol>
        })}
        {specimen("Stories", view! {
            <ol class="post-list stories">{stories(lang, posts.clone())}</ol>
        })}
        {specimen("Posts in a list", view! {
            <ol class="post-list">{stories(lang, posts.clone())}</ol>
        })}
        {specimen("A plan", view! {
            <p class="glance-sum">{reached(lang, &plan)}</p>
            <AreasAtAGlance lang=lang plan=plan page=String::new() />
        })}
        {areas}
        {specimen("A text", view! {
            {byline}
            <Contents lang=lang words=Lang::DEFAULT headings=text.headings />
            <div class="prose" lang="en" dir="ltr" inner_html=text.html></div>
            <Mark class="site-mark end-mark" />
            <Share lang=lang title="Style guide".into() address="/styleguide/".into() />
            <Related lang=lang posts=posts />
        })}
    };
    Ok(Page::new(lang, "Style guide", "/styleguide/", main).describe(summary).unlisted())
}

fn specimen(name: &'static str, shown: impl IntoView) -> impl IntoView {
    view! {
        <section class="plan-entry ruled">
            <h2 lang="en" dir="ltr">{name}</h2>
            {shown}
        </section>
    }
}

/// Something of each kind that can be found, in the reader's language and in one that runs the other way.
fn found(lang: Lang) -> impl Iterator<Item = Found> {
    let other = Lang::all().find(|other| other.dir() != lang.dir()).unwrap_or(lang);
    let piece = |text: &str, marked| Piece { text: text.to_owned(), marked };
    let title = move || vec![piece("Something ", false), piece("marked", true)];
    let passage =
        move || vec![piece("… ", false), piece(LONG_WORD, true), piece(" · ", false), piece(LONG_TITLE, false)];
    let subjects = [
        (Subject::Post(Timestamp::UNIX_EPOCH), lang),
        (Subject::Document(Kind::Topic), other),
        (Subject::Document(Kind::Page), lang),
        (Subject::Plan, lang),
    ];
    subjects.into_iter().map(move |(subject, words)| Found {
        path: "#main".into(),
        subject,
        lang: words,
        title: title(),
        passage_lang: words,
        passage: passage(),
    })
}

/// Posts of the site, of which some have what is seldom: no picture, a title that is too long, no summary, another language.
fn stories(lang: Lang, mut posts: Vec<PostSummary>) -> impl IntoView {
    let other = Lang::all().find(|other| other.dir() != lang.dir()).unwrap_or(lang);
    for (at, post) in posts.iter_mut().enumerate() {
        match at {
            1 => post.picture = None,
            2 => post.title = LONG_TITLE.to_owned(),
            3 => post.lang = other,
            4 => (post.title, post.picture) = (LONG_WORD.to_owned(), None),
            5 => post.summary = String::new(),
            6 => post.title = LONG_TITLE.to_owned(),
            _ => {}
        }
    }
    posts
        .into_iter()
        .map(|post| view! { <PostCard lang=lang post=post shown=true loading=Loading::Lazy place=Shown::Story under=Under::Section /> })
        .collect_view()
}

/// A plan whose commitments stand at every point of their way. Its figures are nobody's.
fn plan(lang: Lang) -> Result<Plan, AppError> {
    let commitment = |area: &str, value: &i64| -> Result<Commitment, AppError> {
        let value = *value;
        Ok(Commitment {
            slug: slug(&format!("{area}-{value}"))?,
            title: format!("A commitment at {value} of 100"),
            unit: "units of something that is counted".into(),
            baseline: 0,
            target: 100,
            values: vec![
                Value { as_of: date(2023, 3, 31), value: value / 2 },
                Value { as_of: date(2023, 9, 30), value },
            ],
            evidence: Evidence { title: "Where it can be checked".into(), url: "/action-plan/".into() },
        })
    };
    let area = |name: &str, title: &str, values: &[i64]| -> Result<Area, AppError> {
        Ok(Area {
            slug: slug(name)?,
            title: title.into(),
            summary: "What the area is about, in a sentence that takes more than one line where there is little room."
                .into(),
            commitments: values.iter().map(|value| commitment(name, value)).collect::<Result<_, AppError>>()?,
        })
    };
    Ok(Plan {
        lang,
        body_lang: lang,
        original_lang: lang,
        wording: Wording::Original,
        year: PlanYear::parse("2023").ok_or(AppError::Internal)?,
        title: "A plan".into(),
        headline: String::new(),
        summary: String::new(),
        areas: vec![
            area("nothing", "Nothing is done yet", &[0])?,
            area("some", "Some of it is", &[1, 50, 99])?,
            area("all", LONG_WORD, &[100, 250])?,
        ],
        html: String::new(),
    })
}

fn slug(text: &str) -> Result<Slug, AppError> {
    Slug::parse(text).map_err(|_| AppError::Internal)
}
