//! `GET /search/`: the form, and what was found.

use super::{
    Found, How, Results, Subject,
    api::{PAGES, search},
    island::SearchIsland,
    passage::Piece,
    query::{LONGEST, Query},
    results::PAGE,
};
use crate::{
    documents::{Document, Kind, api::list_documents},
    error::AppError,
    i18n::{self, Lang},
    posts::{Period, Slug, api::list_periods},
    ui::{
        icon::{Arrow, BACK, ONWARD},
        page::Page,
        t,
        time::PublishedOn,
        words::{dir_of, lang_of},
    },
};
use axum::extract;
use leptos::prelude::*;
use percent_encoding::{NON_ALPHANUMERIC, utf8_percent_encode};
use serde::Deserialize;

/// What may follow the `?` of `/search/`. What cannot be understood narrows nothing: a search has no mistakes.
#[derive(Deserialize)]
pub struct Asked {
    q: Option<String>,
    topic: Option<String>,
    author: Option<String>,
    year: Option<String>,
    language: Option<String>,
    page: Option<String>,
}

/// What a reader asks for, and among what.
#[derive(Clone, Default)]
struct Choice {
    query: String,
    topic: Option<Slug>,
    author: Option<Slug>,
    year: Option<Period>,
    language: Option<Lang>,
}

/// What a reader may choose among.
struct Offer {
    topics: Vec<Document>,
    authors: Vec<Document>,
    years: Vec<Period>,
}

/// The search page, with what was found where something was asked for.
pub async fn show(lang: Lang, extract::Query(asked): extract::Query<Asked>) -> Result<Page, AppError> {
    let offer = Offer {
        topics: list_documents(lang, Kind::Topic).await?,
        authors: list_documents(lang, Kind::Author).await?,
        years: list_periods(None).await?,
    };
    let mut number = asked.page.as_deref().and_then(|page| page.parse().ok()).filter(|page| (1..=PAGES).contains(page));
    let choice = Choice::read(asked, &offer);
    let results = match choice.query.as_str() {
        "" => None,
        query => {
            let Choice { topic, author, year, language, .. } = choice.clone();
            let ask = async |number| {
                search(lang, query.to_owned(), topic.clone(), author.clone(), year, language, number).await
            };
            let mut results = ask(number).await?;
            // Behind the last page is the first one.
            if results.found.is_empty() && number.take().is_some() {
                results = ask(None).await?;
            }
            Some(results)
        }
    };
    let path = choice.path(number.unwrap_or(1));
    let title = match &results {
        Some(_) => t!(lang, "search-of", query = choice.query.clone()),
        None => t!(lang, "search-title"),
    };
    let topics = offer.topics.clone();
    let main = view! {
        <header class="page-header">
            <h1>{t!(lang, "search-title")}</h1>
        </header>
        <SearchForm lang=lang choice=choice.clone() offer=offer />
        {match results {
            Some(results) => view! { <ResultsView lang=lang choice=choice results=results topics=topics /> }.into_any(),
            None => view! { <p class="page-summary">{t!(lang, "search-hint")}</p> <Topics lang=lang topics=topics /> }.into_any(),
        }}
    };
    Ok(Page::new(lang, title, path, main).unlisted())
}

impl Choice {
    fn read(asked: Asked, offer: &Offer) -> Self {
        let known = |slug: Option<String>, among: &[Document]| {
            let slug = slug.and_then(|slug| Slug::parse(slug).ok())?;
            among.iter().any(|document| document.slug == slug).then_some(slug)
        };
        Self {
            query: Query::cut(&asked.q.unwrap_or_default()).to_owned(),
            topic: known(asked.topic, &offer.topics),
            author: known(asked.author, &offer.authors),
            year: asked.year.and_then(|year| Period::parse(&year, None)).filter(|year| offer.years.contains(year)),
            language: asked.language.and_then(|tag| Lang::parse(&tag)),
        }
    }

    /// Whether anything is narrowed.
    fn is_narrow(&self) -> bool {
        self.topic.is_some() || self.author.is_some() || self.year.is_some() || self.language.is_some()
    }

    /// The address of a page of results.
    fn path(&self, page: u32) -> String {
        let encoded = utf8_percent_encode(&self.query, NON_ALPHANUMERIC).to_string();
        let parts = [
            ("q", encoded),
            ("topic", self.topic.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("author", self.author.as_ref().map(ToString::to_string).unwrap_or_default()),
            ("year", self.year.map(|year| year.to_string()).unwrap_or_default()),
            ("language", self.language.map(|lang| lang.tag().to_owned()).unwrap_or_default()),
            ("page", if page > 1 { page.to_string() } else { String::new() }),
        ];
        let parts: Vec<_> = parts
            .iter()
            .filter(|(_, value)| !value.is_empty())
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        if parts.is_empty() { "/search/".to_owned() } else { format!("/search/?{}", parts.join("&")) }
    }

    fn with_query(self, query: &str) -> Self {
        Self { query: query.to_owned(), ..self }
    }
}

#[component]
fn SearchForm(lang: Lang, choice: Choice, offer: Offer) -> impl IntoView {
    let is_narrow = choice.is_narrow();
    let Choice { query, topic, author, year, language } = choice;
    let documents = move |documents: Vec<Document>, chosen: Option<Slug>| {
        let option = |document: Document| {
            let selected = chosen.as_ref() == Some(&document.slug);
            (document.slug.to_string(), lang_of(lang, document.lang), document.title, selected)
        };
        documents.into_iter().map(option).collect()
    };
    let years = offer.years.into_iter();
    let years = years.map(|it| (it.to_string(), None, i18n::year(lang, it.year), year == Some(it))).collect();
    let has_languages = Lang::all().count() > 1;
    let languages = Lang::all().map(move |other| {
        let name = t!(other, "language-name");
        (other.tag().to_owned(), lang_of(lang, other), name, language == Some(other))
    });
    view! {
        <SearchIsland>
            <form class="filter search-form" action=lang.path("/search/") method="get">
                <label for="search-input" class="visually-hidden">{t!(lang, "search-label")}</label>
                <SearchField lang=lang query=query />
                <button type="submit">{t!(lang, "search-submit")}</button>
                <details class="search-narrow" open=is_narrow>
                    <summary>{t!(lang, "search-narrow")}</summary>
                    <div class="search-narrow-fields">
                        <Select name="topic" label=t!(lang, "filter-topic") all=t!(lang, "all-topics") options=documents(offer.topics, topic) />
                        <Select name="author" label=t!(lang, "filter-author") all=t!(lang, "all-authors") options=documents(offer.authors, author) />
                        <Select name="year" label=t!(lang, "filter-year") all=t!(lang, "all-years") options=years />
                        {has_languages.then(|| view! {
                            <Select name="language" label=t!(lang, "filter-language") all=t!(lang, "all-languages") options=languages.collect() />
                        })}
                    </div>
                </details>
            </form>
        </SearchIsland>
    }
}

/// The field `#search-input` of a form in a `SearchIsland`, for what is asked, with the place for what may be meant.
#[component]
pub fn SearchField(
    /// The language of the page.
    lang: Lang,
    /// What was asked.
    query: String,
) -> impl IntoView {
    view! {
        <div class="search-field">
            <input id="search-input" name="q" type="search" value=query autocomplete="off" maxlength=LONGEST />
            <ul
                id="search-suggestions"
                class="suggestions"
                data-label=t!(lang, "suggestions")
                data-from=format!("/api/suggest?lang={lang}&q=")
                hidden
            ></ul>
            <p id="search-suggested" class="visually-hidden" role="status" data-some=t!(lang, "suggestions-some", count = "{count}")></p>
        </div>
    }
}

/// An option of a choice: its value, the language of its words where that is another, its words, whether it is chosen.
type ChoiceOption = (String, Option<&'static str>, String, bool);

#[component]
fn Select(name: &'static str, label: String, all: String, options: Vec<ChoiceOption>) -> impl IntoView {
    let options = options.into_iter().map(
        |(value, lang, words, selected)| view! { <option value=value lang=lang selected=selected>{words}</option> },
    );
    view! {
        <p class="filter-field">
            <label for=name>{label}</label>
            <select id=name name=name>
                <option value="">{all}</option>
                {options.collect_view()}
            </select>
        </p>
    }
}

#[component]
fn ResultsView(lang: Lang, choice: Choice, results: Results, topics: Vec<Document>) -> impl IntoView {
    let Results { found, how, page, has_more, is_complete } = results;
    let query = choice.query.clone();
    if found.is_empty() {
        let unnarrowed = choice.is_narrow().then(|| Choice::default().with_query(&query).path(1));
        return view! {
            <p class="search-status" role="status">{t!(lang, "search-none", query = query)}</p>
            {(!is_complete).then(|| view! { <p class="search-note">{t!(lang, "search-incomplete")}</p> })}
            {unnarrowed.map(|path| view! { <p><a href=lang.path(&path)>{t!(lang, "search-everywhere")}</a></p> })}
            <p class="page-summary">{t!(lang, "search-advice")}</p>
            <Topics lang=lang topics=topics />
        }
        .into_any();
    }
    let from = (page - 1) * PAGE + 1;
    let to = from + found.len() as u32 - 1;
    let status = if page == 1 && !has_more {
        t!(lang, "search-count", count = found.len())
    } else {
        t!(lang, "search-range", from = from, to = to)
    };
    let meant = match how {
        How::Asked => ().into_any(),
        How::Partly => view! { <p class="search-note">{t!(lang, "search-partly")}</p> }.into_any(),
        How::Respelled(to) => {
            let href = lang.path(&choice.clone().with_query(&to).path(1));
            view! {
                <p class="search-note">
                    {t!(lang, "search-meant", query = query)} " "
                    <a href=href rel="nofollow"><bdi>{to}</bdi></a>
                </p>
            }
            .into_any()
        }
    };
    let way = |page: u32| lang.path(&choice.path(page));
    view! {
        {meant}
        <p class="search-status" role="status">{status}</p>
        {(!is_complete).then(|| view! { <p class="search-note">{t!(lang, "search-incomplete")}</p> })}
        <ol class="results" start=from>
            {found.into_iter().map(|found| view! { <FoundView lang=lang found=found /> }).collect_view()}
        </ol>
        {(page > 1 || has_more).then(|| view! {
            <nav class="pager" aria-label=t!(lang, "pages-of-results")>
                {(page > 1).then(|| view! {
                    <a class="pager-link" rel="prev nofollow" href=way(page - 1)><Arrow outline=BACK />{t!(lang, "results-before")}</a>
                })}
                {(has_more && page < PAGES).then(|| view! {
                    <a class="pager-link" rel="next nofollow" href=way(page + 1)>{t!(lang, "results-after")}<Arrow outline=ONWARD /></a>
                })}
            </nav>
        })}
    }
    .into_any()
}

/// A text that was found.
#[component]
pub fn FoundView(
    /// The language of the page.
    lang: Lang,
    /// The text.
    found: Found,
) -> impl IntoView {
    let about = match found.subject {
        Subject::Post(at) => view! { <PublishedOn lang=lang at=at /> }.into_any(),
        Subject::Document(Kind::Topic) => t!(lang, "filter-topic").into_any(),
        Subject::Document(Kind::Author) => t!(lang, "filter-author").into_any(),
        Subject::Document(Kind::Page) => t!(lang, "found-page").into_any(),
        Subject::Plan => t!(lang, "nav-plan").into_any(),
    };
    view! {
        <li class="result">
            <h2 lang=lang_of(lang, found.lang) dir=dir_of(lang, found.lang)>
                <a href=found.path><Pieces pieces=found.title /></a>
            </h2>
            <p class="result-passage" lang=lang_of(lang, found.passage_lang) dir=dir_of(lang, found.passage_lang)>
                <Pieces pieces=found.passage />
            </p>
            <p class="result-about">{about}</p>
        </li>
    }
}

#[component]
fn Pieces(pieces: Vec<Piece>) -> impl IntoView {
    let piece =
        |Piece { text, marked }| if marked { view! { <mark>{text}</mark> }.into_any() } else { text.into_any() };
    pieces.into_iter().map(piece).collect_view()
}

#[component]
fn Topics(lang: Lang, topics: Vec<Document>) -> impl IntoView {
    (!topics.is_empty()).then(|| {
        let links = topics.into_iter().map(|topic| {
            view! { <li lang=lang_of(lang, topic.lang) dir=dir_of(lang, topic.lang)><a href=lang.path(&topic.path())>{topic.title.clone()}</a></li> }
        });
        view! {
            <nav class="chips" aria-label=t!(lang, "topics-title")>
                <ul>{links.collect_view()}</ul>
            </nav>
        }
    })
}
