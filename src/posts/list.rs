//! Lists of posts, a page at a time: `GET /blog/`, `/blog/<yyyy>/`, `/blog/<yyyy>/<mm>/`, and the parts of a topic's or
//! author's page.

use super::{
    Cursor, Period, PostList, Slug,
    api::{list_periods, list_posts},
    card::{PostCards, Under},
    island::OlderPostsIsland,
};
use crate::{
    documents::{Document, Kind, api::list_documents},
    error::AppError,
    i18n::{self, Lang},
    ui::{
        data::Step,
        empty::Empty,
        icon::{Arrow, BACK, ONWARD},
        page::Page,
        t,
        trail::Trail,
        words::lang_of,
    },
};
use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

/// How many posts a page of a list has.
pub const PAGE: u32 = 12;

/// Where a page of a list begins or ends.
#[derive(Deserialize)]
pub struct Place {
    before: Option<String>,
    after: Option<String>,
}

impl Place {
    /// The places, or what is wrong with them.
    pub fn read(self) -> Result<(Option<Cursor>, Option<Cursor>), AppError> {
        let read = |text: Option<String>| {
            text.filter(|text| !text.is_empty()).map(Cursor::try_from).transpose().map_err(AppError::BadRequest)
        };
        Ok((read(self.before)?, read(self.after)?))
    }
}

/// What may follow the `?` of `/blog/`, beside a place.
#[derive(Deserialize)]
pub struct BlogQuery {
    topic: Option<String>,
    year: Option<String>,
}

/// All posts, or those of a topic and year.
pub async fn blog(lang: Lang, Query(query): Query<BlogQuery>, Query(place): Query<Place>) -> Result<Page, AppError> {
    let topic = query.topic.filter(|topic| !topic.is_empty());
    let topic = topic.map(Slug::parse).transpose().map_err(|_| AppError::NotFound)?;
    let year = query.year.filter(|year| !year.is_empty());
    let year = year.map(|year| Period::parse(&year, None).ok_or(AppError::NotFound)).transpose()?;
    let (before, after) = place.read()?;
    let choice =
        Choice { topics: list_documents(lang, Kind::Topic).await?, years: list_periods(None).await?, topic, year };
    if !choice.is_known() {
        return Err(AppError::NotFound);
    }
    let list = list_posts(lang, choice.topic.clone(), None, year, before, after, Some(PAGE)).await?;
    let path = choice.path();
    let (newer, older) = ways(&path, &list);
    let here = here(&path, before, after);
    let main = view! {
        <header class="page-header">
            <h1>{t!(lang, "posts-title")}</h1>
            <p class="page-summary">{t!(lang, "posts-summary")}</p>
        </header>
        <NarrowForm lang=lang choice=choice />
        <PostListing lang=lang list=list path=path />
    };
    let page = Page::new(lang, t!(lang, "posts-title"), here, main).describe(t!(lang, "posts-summary"));
    Ok(page.between(newer, older).below(&[]))
}

/// The posts of a year.
pub async fn year(lang: Lang, Path(year): Path<String>, Query(place): Query<Place>) -> Result<Page, AppError> {
    let period = Period::parse(&year, None).ok_or(AppError::NotFound)?;
    let months = list_periods(Some(period)).await?;
    if months.is_empty() {
        return Err(AppError::NotFound);
    }
    let title = t!(lang, "posts-of-year", year = i18n::year(lang, period.year));
    let links = months.into_iter().rev().map(|period| {
        let name = i18n::month(lang, period.year, period.month.unwrap_or(1));
        view! { <li><a href=lang.path(&period.path())>{name}</a></li> }
    });
    let months = view! {
        <nav class="chips" aria-label=t!(lang, "months")>
            <ul>{links.collect_view()}</ul>
        </nav>
    };
    period_page(lang, period, title, Vec::new(), months.into_any(), place).await
}

/// The posts of a month.
pub async fn of_month(
    lang: Lang,
    Path((year, in_year)): Path<(String, String)>,
    Query(place): Query<Place>,
) -> Result<Page, AppError> {
    let period = Period::parse(&year, Some(&in_year)).ok_or(AppError::NotFound)?;
    let year = Period { month: None, ..period };
    let title = t!(lang, "posts-of-month", month = i18n::month(lang, period.year, period.month.unwrap_or(1)));
    let above = vec![Step { title: i18n::year(lang, period.year), path: year.path() }];
    period_page(lang, period, title, above, ().into_any(), place).await
}

async fn period_page(
    lang: Lang,
    period: Period,
    title: String,
    above: Vec<Step>,
    months: AnyView,
    place: Place,
) -> Result<Page, AppError> {
    let (before, after) = place.read()?;
    let list = list_posts(lang, None, None, Some(period), before, after, Some(PAGE)).await?;
    if list.posts.is_empty() {
        return Err(AppError::NotFound);
    }
    let mut steps = vec![Step { title: t!(lang, "posts-title"), path: "/blog/".into() }];
    steps.extend(above);
    let path = period.path();
    let (newer, older) = ways(&path, &list);
    let here = here(&path, before, after);
    let main = view! {
        <Trail lang=lang steps=steps.clone() />
        <header class="page-header">
            <h1>{title.clone()}</h1>
        </header>
        {months}
        <PostListing lang=lang list=list path=path />
    };
    Ok(Page::new(lang, title, here, main).between(newer, older).below(&steps))
}

/// What a reader may narrow all posts by, and what they chose.
struct Choice {
    topics: Vec<Document>,
    years: Vec<Period>,
    topic: Option<Slug>,
    year: Option<Period>,
}

impl Choice {
    fn is_known(&self) -> bool {
        let topic = self.topic.as_ref().is_none_or(|topic| self.topics.iter().any(|known| known.slug == *topic));
        topic && self.year.is_none_or(|year| self.years.contains(&year))
    }

    /// The address of the choice.
    fn path(&self) -> String {
        let topic = self.topic.as_ref().map(|topic| format!("topic={topic}"));
        let year = self.year.map(|year| format!("year={year}"));
        let query: Vec<_> = topic.into_iter().chain(year).collect();
        if query.is_empty() { "/blog/".to_owned() } else { format!("/blog/?{}", query.join("&")) }
    }
}

#[component]
fn NarrowForm(lang: Lang, choice: Choice) -> impl IntoView {
    let Choice { topics, years, topic, year } = choice;
    let topics = topics.into_iter().map(|document| {
        let selected = topic.as_ref() == Some(&document.slug);
        view! {
            <option value=document.slug.to_string() selected=selected lang=lang_of(lang, document.lang)>{document.title}</option>
        }
    });
    let topics = topics.collect_view();
    let years = years.into_iter().map(|period| {
        let selected = year == Some(period);
        view! { <option value=period.to_string() selected=selected>{i18n::year(lang, period.year)}</option> }
    });
    view! {
        <form class="filter" action=lang.path("/blog/") method="get" aria-label=t!(lang, "posts-narrow")>
            <p class="filter-field">
                <label for="topic">{t!(lang, "filter-topic")}</label>
                <select id="topic" name="topic">
                    <option value="">{t!(lang, "all-topics")}</option>
                    {topics}
                </select>
            </p>
            <p class="filter-field">
                <label for="year">{t!(lang, "filter-year")}</label>
                <select id="year" name="year">
                    <option value="">{t!(lang, "all-years")}</option>
                    {years.collect_view()}
                </select>
            </p>
            <button type="submit">{t!(lang, "filter-submit")}</button>
        </form>
    }
}

/// A page of posts, with ways to the pages before and after it. Awake, the island adds the next page below.
#[component]
pub fn PostListing(
    /// The language of the page.
    lang: Lang,
    /// The posts.
    list: PostList,
    /// The address of the list in the default language.
    path: String,
) -> impl IntoView {
    if list.posts.is_empty() {
        return view! { <Empty words=t!(lang, "no-posts-here") href=lang.path("/blog/") way=t!(lang, "all-posts") /> }
            .into_any();
    }
    let (newer, older) = ways(&path, &list);
    view! {
        <PostCards lang=lang posts=list.posts under=Under::Page />
        {(newer.is_some() || older.is_some()).then(|| view! { <Pager lang=lang newer=newer older=older /> })}
    }
    .into_any()
}

#[component]
fn Pager(lang: Lang, newer: Option<String>, older: Option<String>) -> impl IntoView {
    let newer = newer.map(|path| {
        view! {
            <a class="pager-link" rel="prev" href=lang.path(&path)><Arrow outline=BACK />{t!(lang, "newer-posts")}</a>
        }
    });
    let older = older.map(|path| {
        view! {
            <OlderPostsIsland>
                <a id="older-posts" class="pager-link" rel="next" href=lang.path(&path)>
                    {t!(lang, "older-posts")}
                    <Arrow outline=ONWARD />
                </a>
            </OlderPostsIsland>
        }
    });
    view! {
        <nav class="pager" aria-label=t!(lang, "pages-of-posts")>
            {newer}
            {older}
            <p
                id="posts-added"
                class="visually-hidden"
                role="status"
                data-some=t!(lang, "posts-added", count = "{count}")
            ></p>
        </nav>
    }
}

/// The addresses of the pages before and after a page of a list, in the default language.
pub fn ways(path: &str, list: &PostList) -> (Option<String>, Option<String>) {
    let way = |name: &str, cursor: Option<Cursor>| cursor.map(|cursor| with(path, name, cursor));
    (way("after", list.newer), way("before", list.older))
}

/// The address of a page of a list.
pub fn here(path: &str, before: Option<Cursor>, after: Option<Cursor>) -> String {
    match (after, before) {
        (Some(after), _) => with(path, "after", after),
        (None, Some(before)) => with(path, "before", before),
        (None, None) => path.to_owned(),
    }
}

fn with(path: &str, name: &str, cursor: Cursor) -> String {
    let and = if path.contains('?') { '&' } else { '?' };
    format!("{path}{and}{name}={cursor}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_comes_after_what_the_address_says_already() {
        let cursor = Cursor { published_at: 5, id: 1 };
        assert_eq!(here("/blog/", Some(cursor), None), "/blog/?before=5-1");
        assert_eq!(here("/blog/?topic=a", None, Some(cursor)), "/blog/?topic=a&after=5-1");
        assert_eq!(here("/blog/", None, None), "/blog/");
    }
}
