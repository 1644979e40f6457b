//! `GET /`, and `GET /?q=` with the posts narrowed.

use crate::{
    error::AppError,
    i18n::Lang,
    plan::{
        Plan,
        api::get_plan,
        glance::{AreasAtAGlance, reached},
    },
    posts::{
        Filter, FilteredCards, PostFilterForm,
        api::{find_posts, latest_posts},
    },
    server::site,
    ui::{
        data,
        page::Page,
        shield::SHIELD,
        t,
        words::{dir_of, lang_of},
    },
};
use axum::extract::Query;
use leptos::prelude::*;
use serde::Deserialize;

/// What may follow the `?`.
#[derive(Deserialize)]
pub struct HomeQuery {
    q: Option<String>,
}

/// The front page.
pub async fn show(lang: Lang, Query(query): Query<HomeQuery>) -> Result<Page, AppError> {
    let plan = match get_plan(lang, None).await {
        Err(AppError::NotFound) => None,
        plan => Some(plan?),
    };
    let latest = latest_posts(lang, None).await?;
    let filter = match query.q.as_deref().map(Filter::words).filter(|words| !words.is_empty()) {
        Some(words) => Filter::narrowed(latest, words, find_posts(lang, words.to_owned(), Some(100)).await?),
        None => Filter::all(latest),
    };
    let description = plan.as_ref().map_or_else(|| t!(lang, "footer-about"), |plan| plan.summary.clone());
    let main = view! {
        <Hero lang=lang plan=plan.clone() />
        {plan.map(|plan| view! { <PlanAtAGlance lang=lang plan=plan /> })}
        <section class="latest ruled" aria-labelledby="latest-posts">
            <div class="section-head">
                <h2 id="latest-posts">{t!(lang, "latest-posts")}</h2>
                <PostFilterForm lang=lang filter=filter.clone() />
            </div>
            <FilteredCards lang=lang filter=filter />
            <p class="more"><a href=lang.path("/blog/")>{t!(lang, "all-posts")}</a></p>
        </section>
    };
    let data = data::website(lang, &site().settings.base_url);
    Ok(Page::new(lang, t!(lang, "home-title"), "/", main).describe(description).data(data))
}

/// The headline over the shield. Before there is a plan, the site's own title stands there.
#[component]
fn Hero(lang: Lang, plan: Option<Plan>) -> impl IntoView {
    let headline = plan.as_ref().map_or_else(|| t!(lang, "home-title"), |plan| plan.headline.clone());
    let words = plan.as_ref().map_or(lang, |plan| plan.lang);
    let (tag, dir) = (lang_of(lang, words), dir_of(lang, words));
    view! {
        <section class="hero">
            <div class="hero-shield" role="img" aria-label=t!(lang, "shield-alt") inner_html=SHIELD.as_str()></div>
            <div class="hero-words">
                <Headline words=headline lang=tag dir=dir />
                {plan.map(|plan| view! {
                    <p class="hero-summary" lang=tag dir=dir>{plan.summary.clone()}</p>
                    <p><a class="hero-link" href=lang.path(&plan.path())>{t!(lang, "read-plan", title = plan.title.clone())}</a></p>
                })}
            </div>
        </section>
    }
}

/// The headline; what follows a colon is set smaller.
#[component]
fn Headline(words: String, lang: Option<&'static str>, dir: Option<&'static str>) -> impl IntoView {
    match words.split_once(": ") {
        Some((first, rest)) => view! {
            <h1 class="hero-title" lang=lang dir=dir>{format!("{first}: ")}<span class="hero-subtitle">{rest.to_owned()}</span></h1>
        }
        .into_any(),
        None => view! { <h1 class="hero-title" lang=lang dir=dir>{words}</h1> }.into_any(),
    }
}

/// The year's areas, each with how far its commitments are.
#[component]
fn PlanAtAGlance(lang: Lang, plan: Plan) -> impl IntoView {
    let (tag, dir) = (lang_of(lang, plan.lang), dir_of(lang, plan.lang));
    view! {
        <section class="glance ruled" aria-labelledby="plan-at-a-glance">
            <h2 id="plan-at-a-glance" lang=tag dir=dir>{plan.title.clone()}</h2>
            <p class="glance-sum">{reached(lang, &plan)}</p>
            <AreasAtAGlance lang=lang plan=plan.clone() page=lang.path(&plan.path()) />
        </section>
    }
}
