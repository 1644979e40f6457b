//! `GET /action-plan/`: the plans. `GET /action-plan/<year>/`: one plan with its commitments, and `…/<year>.txt`: its words.

use super::{
    Area, Commitment, Plan, PlanYear,
    api::get_plan,
    glance::{AreasAtAGlance, reached},
    island::AreaFilterIsland,
    store,
};
use crate::{
    error::AppError,
    i18n::{Lang, number},
    offline::save::SaveButton,
    posts::{PostSummary, Report, Slug, api::list_reports},
    server::{db, router::add_slash},
    ui::{
        data::Step,
        empty::Empty,
        page::Page,
        plain::{self, text_path},
        t,
        time::Day,
        trail::Trail,
        words::{WordingNote, dir_of, lang_of},
    },
};
use axum::{
    extract::{Path, Query},
    http::Uri,
    response::{IntoResponse, Response},
};
use leptos::prelude::*;
use serde::Deserialize;
use std::{collections::HashMap, fmt::Write as _};

/// The plans of all years, latest first.
pub async fn index(lang: Lang) -> Result<Page, AppError> {
    let mut plans = Vec::new();
    for year in store::years(&db()).await? {
        plans.push(get_plan(lang, Some(year)).await?);
    }
    let plans = if plans.is_empty() {
        view! { <Empty words=t!(lang, "no-plan-yet") href=lang.path("/blog/") way=t!(lang, "all-posts") /> }.into_any()
    } else {
        plans.into_iter().map(|plan| view! { <PlanEntry lang=lang plan=plan /> }).collect_view().into_any()
    };
    let main = view! {
        <header class="page-header">
            <h1>{t!(lang, "plans-title")}</h1>
            <p class="page-summary">{t!(lang, "plans-summary")}</p>
        </header>
        {plans}
    };
    Ok(Page::new(lang, t!(lang, "plans-title"), "/action-plan/", main).describe(t!(lang, "plans-summary")).below(&[]))
}

#[component]
fn PlanEntry(lang: Lang, plan: Plan) -> impl IntoView {
    view! {
        <section class="plan-entry ruled">
            <h2 lang=lang_of(lang, plan.lang) dir=dir_of(lang, plan.lang)>
                <a href=lang.path(&plan.path())>{plan.title.clone()}</a>
            </h2>
            <p lang=lang_of(lang, plan.lang) dir=dir_of(lang, plan.lang)>{plan.summary.clone()}</p>
            <p class="plan-entry-sum">{reached(lang, &plan)}</p>
            <AreasAtAGlance lang=lang plan=plan.clone() page=lang.path(&plan.path()) />
        </section>
    }
}

/// What may follow the `?`.
#[derive(Deserialize)]
pub struct PlanQuery {
    area: Option<String>,
}

/// The plan of a year, all of it or one area.
pub async fn show(lang: Lang, Path(year): Path<String>, Query(query): Query<PlanQuery>) -> Result<Page, AppError> {
    let year = PlanYear::parse(&year).ok_or(AppError::NotFound)?;
    let plan = get_plan(lang, Some(year)).await?;
    let mut reports: HashMap<Slug, Vec<PostSummary>> = HashMap::new();
    for Report { commitment, post } in list_reports(lang, year).await? {
        reports.entry(commitment).or_default().push(post);
    }
    let chosen = query.area.filter(|area| plan.areas.iter().any(|known| known.slug.as_str() == area));
    let (title, path, summary) = (plan.title.clone(), plan.path(), plan.summary.clone());
    let words = plan.body_lang;
    let (head, head_dir) = (lang_of(lang, plan.lang), dir_of(lang, plan.lang));
    let (body, body_dir) = (lang_of(lang, words), dir_of(lang, words));
    let areas = plan.areas.iter().cloned().map(|area| {
        let shown = chosen.as_ref().is_none_or(|chosen| area.slug.as_str() == chosen);
        view! { <AreaSection lang=lang words=words area=area reports=&reports shown=shown /> }
    });
    let areas = areas.collect_view();
    let steps = [Step { title: t!(lang, "plans-title"), path: "/action-plan/".into() }];
    let text = text_path(&path);
    let main = view! {
        <Trail lang=lang steps=steps.to_vec() />
        <header class="page-header" lang=head dir=head_dir>
            <h1>{plan.title.clone()}</h1>
            <p class="page-summary">{plan.summary.clone()}</p>
        </header>
        <WordingNote lang=lang wording=plan.wording original=plan.original_lang path=path.clone() />
        <div class="glance">
            <p class="glance-sum">{reached(lang, &plan)}</p>
            <AreasAtAGlance lang=lang plan=plan.clone() page=lang.path(&plan.path()) />
        </div>
        <div class="prose" lang=body dir=body_dir inner_html=plan.html.clone()></div>
        <AreaFilterForm lang=lang plan=plan chosen=chosen />
        <div id="areas">{areas}</div>
        <SaveButton lang=lang path=path.clone() />
        <p class="as-text"><a href=lang.path(&text) type="text/plain">{t!(lang, "as-text")}</a></p>
    };
    Ok(Page::new(lang, title, path, main).describe(summary).text(text).below(&steps))
}

/// `/action-plan/<year>` without a slash at the end: the page has one, the words alone end in `.txt`.
pub async fn plain(lang: Lang, uri: Uri, Path(name): Path<String>) -> Result<Response, AppError> {
    let year = PlanYear::parse(name.strip_suffix(".txt").unwrap_or(&name)).ok_or(AppError::NotFound)?;
    if !name.ends_with(".txt") {
        return Ok(add_slash(uri).await.into_response());
    }
    let (plan, body) = store::plain(&db(), lang, year).await?.ok_or(AppError::NotFound)?;
    Ok(plain::plain(&lang.path(&plan.path()), |address| as_text(lang, &plan, &body, address)))
}

fn as_text(lang: Lang, plan: &Plan, body: &str, address: &str) -> String {
    let mut text = format!("{}\n\n{}\n\n{address}\n\n{body}", plan.title, plan.summary);
    for area in &plan.areas {
        // Writing to a String does not fail.
        let _ = write!(text, "\n## {}\n\n{}\n", area.title, area.summary);
        for commitment in &area.commitments {
            let (current, unit) = (number(lang, commitment.current()), &commitment.unit);
            let target = target_words(lang, commitment);
            let _ = write!(text, "\n- {}: {current} {unit}. {target}\n", commitment.title);
        }
    }
    text
}

/// The choice of an area. Sent, it asks for the narrowed page; awake, it narrows this one.
#[component]
fn AreaFilterForm(lang: Lang, plan: Plan, chosen: Option<String>) -> impl IntoView {
    let total = plan.areas.len();
    let status = chosen.as_ref().map(|_| t!(lang, "areas-some", count = 1, total = total));
    let (action, words) = (lang.path(&plan.path()), plan.body_lang);
    let options = plan.areas.into_iter().map(move |area| {
        let selected = chosen.as_deref() == Some(area.slug.as_str());
        view! { <option value=area.slug.to_string() selected=selected lang=lang_of(lang, words)>{area.title}</option> }
    });
    view! {
        <AreaFilterIsland>
            <form class="filter" action=action method="get">
                <label for="area-filter">{t!(lang, "filter-areas")}</label>
                <select id="area-filter" name="area">
                    <option value="">{t!(lang, "all-areas")}</option>
                    {options.collect_view()}
                </select>
                <button type="submit">{t!(lang, "filter-submit")}</button>
                <p
                    id="area-status"
                    class="filter-status"
                    role="status"
                    data-some=t!(lang, "areas-some", count = "{count}", total = "{total}")
                >
                    {status}
                </p>
            </form>
        </AreaFilterIsland>
    }
}

/// An area with its commitments.
#[component]
pub fn AreaSection<'a>(
    /// The language of the page.
    lang: Lang,
    /// The language of the area's words.
    words: Lang,
    /// The area.
    area: Area,
    /// The posts that report on commitments.
    reports: &'a HashMap<Slug, Vec<PostSummary>>,
    /// Whether the reader sees it.
    shown: bool,
) -> impl IntoView + use<> {
    let commitments = area.commitments.into_iter().map(|commitment| {
        let reports = reports.get(&commitment.slug).cloned().unwrap_or_default();
        view! { <CommitmentView lang=lang words=words commitment=commitment reports=reports /> }
    });
    let commitments = commitments.collect_view();
    view! {
        <section id=area.slug.to_string() class="area ruled" hidden=!shown>
            <h2 lang=lang_of(lang, words) dir=dir_of(lang, words)>{area.title}</h2>
            <p class="area-summary" lang=lang_of(lang, words) dir=dir_of(lang, words)>{area.summary}</p>
            <ul class="commitments">{commitments}</ul>
        </section>
    }
}

fn target_words(lang: Lang, commitment: &Commitment) -> String {
    match (commitment.is_reached(), commitment.baseline) {
        (true, _) => t!(lang, "target-reached", target = commitment.target),
        (false, 0) => t!(lang, "target", target = commitment.target),
        (false, baseline) => t!(lang, "target-from", target = commitment.target, baseline = baseline),
    }
}

#[component]
fn CommitmentView(lang: Lang, words: Lang, commitment: Commitment, reports: Vec<PostSummary>) -> impl IntoView {
    let percent = commitment.percent();
    let id = commitment.slug.to_string();
    let label = format!("{id}-title");
    let target = target_words(lang, &commitment);
    let (current, values) = (number(lang, commitment.current()), commitment.values.clone());
    let counted =
        commitment.values.last().map(|last| view! { {t!(lang, "as-of")} " " <Day lang=lang day=last.as_of /> ". " });
    let evidence = lang.link(&commitment.evidence.url);
    let (tag, dir) = (lang_of(lang, words), dir_of(lang, words));
    let link = t!(lang, "link-to-commitment", title = commitment.title.clone());
    view! {
        <li id=id.clone() class="commitment">
            <h3 id=label.clone() lang=tag dir=dir>{commitment.title}</h3>
            <p class="commitment-figure"><b>{current}</b> " " <span lang=tag dir=dir>{commitment.unit}</span></p>
            <ProgressBar percent=percent labelled_by=label />
            <p class="commitment-words">
                {target} " · " {t!(lang, "plan-percent", percent = percent)} " "
                <a class="commitment-anchor" href=format!("#{id}") aria-label=link>"#"</a>
            </p>
            <div class="commitment-source">
                <p>
                    {counted}
                    {t!(lang, "evidence")} " " <a href=evidence lang=tag dir=dir>{commitment.evidence.title}</a>
                </p>
                <History lang=lang values=values />
                <Reports lang=lang posts=reports />
            </div>
        </li>
    }
}

/// Where a commitment stood before; nothing where it was counted once.
#[component]
fn History(lang: Lang, values: Vec<super::Value>) -> impl IntoView {
    if values.len() < 2 {
        return ().into_any();
    }
    let rows = values.into_iter().map(|counted| {
        view! { <tr><td><Day lang=lang day=counted.as_of /></td><td>{number(lang, counted.value)}</td></tr> }
    });
    view! {
        <details class="history">
            <summary>{t!(lang, "history")}</summary>
            <table>
                <thead><tr><th scope="col">{t!(lang, "history-day")}</th><th scope="col">{t!(lang, "history-value")}</th></tr></thead>
                <tbody>{rows.collect_view()}</tbody>
            </table>
        </details>
    }
    .into_any()
}

/// The posts that report on a commitment.
#[component]
fn Reports(lang: Lang, posts: Vec<PostSummary>) -> impl IntoView {
    if posts.is_empty() {
        return ().into_any();
    }
    let links = posts.into_iter().map(|post| {
        let (tag, dir) = (lang_of(lang, post.lang), dir_of(lang, post.lang));
        view! { <li><a href=lang.path(&post.path()) lang=tag dir=dir>{post.title.clone()}</a></li> }
    });
    view! {
        <p class="reports">{t!(lang, "reported-in")}</p>
        <ul class="reports-list">{links.collect_view()}</ul>
    }
    .into_any()
}

/// How much of a way is done, drawn and for a screen reader; the words beside it say the same.
#[component]
fn ProgressBar(
    /// From 0 to 100.
    percent: u8,
    /// The id of the element that says what makes progress.
    labelled_by: String,
) -> impl IntoView {
    view! { <progress max="100" value=percent aria-labelledby=labelled_by>{format!("{percent} %")}</progress> }
}
