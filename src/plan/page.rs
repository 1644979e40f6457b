//! `GET /action-plan/` and `GET /action-plan/<year>/`: the plans, and one plan with its commitments.

use super::{Area, Commitment, Plan, PlanYear, api::get_plan, island::AreaFilterIsland};
use crate::{
    error::AppError,
    i18n::Lang,
    server::db,
    ui::{page::Page, t, time::Day},
};
use axum::extract::{Path, Query};
use leptos::prelude::*;
use serde::Deserialize;

/// The plans of all years, latest first.
pub async fn index() -> Result<Page, AppError> {
    let lang = Lang::DEFAULT;
    let mut plans = Vec::new();
    for year in super::store::years_in(&db(), lang).await? {
        plans.push(get_plan(lang, Some(year)).await?);
    }
    let plans = if plans.is_empty() {
        view! { <p class="empty">{t!(lang, "no-plan-yet")}</p> }.into_any()
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
    Ok(Page::new(lang, t!(lang, "plans-title"), "/action-plan/", main).describe(t!(lang, "plans-summary")))
}

#[component]
fn PlanEntry(lang: Lang, plan: Plan) -> impl IntoView {
    view! {
        <section class="plan-entry">
            <h2><a href=plan.path()>{plan.title.clone()}</a></h2>
            <p>{plan.summary.clone()}</p>
            <p class="plan-entry-sum">{reached(lang, &plan)}</p>
        </section>
    }
}

/// How many of a plan's commitments are reached, in words.
pub fn reached(lang: Lang, plan: &Plan) -> String {
    let (total, reached) = (plan.commitments().count(), plan.commitments().filter(|c| c.is_reached()).count());
    t!(lang, "plan-reached", reached = reached, total = total)
}

/// What may follow the `?`.
#[derive(Deserialize)]
pub struct PlanQuery {
    area: Option<String>,
}

/// The plan of a year, all of it or one area.
pub async fn show(Path(year): Path<String>, Query(query): Query<PlanQuery>) -> Result<Page, AppError> {
    let year = PlanYear::parse(&year).ok_or(AppError::NotFound)?;
    let lang = Lang::DEFAULT;
    let plan = get_plan(lang, Some(year)).await?;
    let chosen = query.area.filter(|area| plan.areas.iter().any(|known| known.slug.as_str() == area));
    let (title, path, summary) = (plan.title.clone(), plan.path(), plan.summary.clone());
    let areas = plan.areas.iter().cloned().map(|area| {
        let shown = chosen.as_ref().is_none_or(|chosen| area.slug.as_str() == chosen);
        view! { <AreaSection lang=lang area=area shown=shown /> }
    });
    let areas = areas.collect_view();
    let main = view! {
        <header class="page-header">
            <h1>{plan.title.clone()}</h1>
            <p class="page-summary">{plan.summary.clone()}</p>
        </header>
        <div class="prose" inner_html=plan.html.clone()></div>
        <AreaFilterForm lang=lang plan=plan chosen=chosen />
        <div id="areas">{areas}</div>
    };
    Ok(Page::new(lang, title, path, main).describe(summary))
}

/// The choice of an area. Sent, it asks for the narrowed page; awake, it narrows this one.
#[component]
fn AreaFilterForm(lang: Lang, plan: Plan, chosen: Option<String>) -> impl IntoView {
    let total = plan.areas.len();
    let status = chosen.as_ref().map(|_| t!(lang, "areas-some", count = "1", total = total.to_string()));
    let action = plan.path();
    let options = plan.areas.into_iter().map(move |area| {
        let selected = chosen.as_deref() == Some(area.slug.as_str());
        view! { <option value=area.slug.to_string() selected=selected>{area.title}</option> }
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

#[component]
fn AreaSection(lang: Lang, area: Area, shown: bool) -> impl IntoView {
    let commitments =
        area.commitments.into_iter().map(|commitment| view! { <CommitmentView lang=lang commitment=commitment /> });
    view! {
        <section id=area.slug.to_string() class="area" hidden=!shown>
            <h2>{area.title}</h2>
            <p class="area-summary">{area.summary}</p>
            <ul class="commitments">{commitments.collect_view()}</ul>
        </section>
    }
}

#[component]
fn CommitmentView(lang: Lang, commitment: Commitment) -> impl IntoView {
    let percent = commitment.percent();
    let id = commitment.slug.to_string();
    let label = format!("{id}-title");
    let target = match (commitment.is_reached(), commitment.baseline) {
        (true, _) => t!(lang, "target-reached", target = commitment.target),
        (false, 0) => t!(lang, "target", target = commitment.target),
        (false, baseline) => t!(lang, "target-from", target = commitment.target, baseline = baseline),
    };
    view! {
        <li id=id class="commitment">
            <h3 id=label.clone()>{commitment.title}</h3>
            <p class="commitment-figure"><b>{commitment.current}</b> " " {commitment.unit}</p>
            <ProgressBar percent=percent labelled_by=label />
            <p class="commitment-words">{target} " · " {t!(lang, "plan-percent", percent = percent)}</p>
            <p class="commitment-source">
                {t!(lang, "as-of")} " " <Day lang=lang day=commitment.as_of /> ". "
                {t!(lang, "evidence")} " " <a href=commitment.evidence.url>{commitment.evidence.title}</a>
            </p>
        </li>
    }
}

/// How much of a way is done, drawn and for a screen reader; the words beside it say the same.
#[component]
pub fn ProgressBar(
    /// From 0 to 100.
    percent: u8,
    /// The id of the element that says what makes progress.
    labelled_by: String,
) -> impl IntoView {
    view! { <progress max="100" value=percent aria-labelledby=labelled_by>{format!("{percent} %")}</progress> }
}
