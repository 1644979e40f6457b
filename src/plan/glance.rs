//! A plan at a glance: each area as a chain of rings, one a commitment, that close as commitments are kept. The words beside
//! the picture say the same.

use super::{Area, Commitment, Plan};
use crate::{
    i18n::Lang,
    ui::{
        t,
        words::{dir_of, lang_of},
    },
};
use leptos::prelude::*;

/// How many of a plan's commitments are reached, in words.
pub fn reached(lang: Lang, plan: &Plan) -> String {
    let (total, reached) = (plan.commitments().count(), plan.commitments().filter(|c| c.is_reached()).count());
    t!(lang, "plan-reached", reached = reached, total = total)
}

/// The areas of a plan, each with its chain and a way to it.
#[component]
pub fn AreasAtAGlance(
    /// The language of the page.
    lang: Lang,
    /// The plan.
    plan: Plan,
    /// The address of the plan's page, which shows all areas.
    page: String,
) -> impl IntoView {
    let (tag, dir) = (lang_of(lang, plan.body_lang), dir_of(lang, plan.body_lang));
    let areas = plan.areas.into_iter().map(|area| {
        let words = format!(
            "{} · {}",
            t!(lang, "plan-commitments", count = area.commitments.len()),
            t!(lang, "plan-percent", percent = area.percent())
        );
        view! {
            <li class="glance-area">
                {chain(&area)}
                <a class="glance-link" href=format!("{page}#{}", area.slug) lang=tag dir=dir>{area.title}</a>
                <p class="glance-words">{words}</p>
            </li>
        }
    });
    view! { <ul class="glance-areas">{areas.collect_view()}</ul> }
}

/// From the middle of one ring to that of the next.
const STEP: usize = 56;

fn chain(area: &Area) -> impl IntoView + use<> {
    let width = area.commitments.len().saturating_sub(1) * STEP + 40;
    let rings = area.commitments.iter().enumerate().map(|(at, commitment)| ring(20 + at * STEP, commitment));
    view! {
        <svg class="chain arrow" viewBox=format!("0 0 {width} 40") width=width height="40" aria-hidden="true">
            <path class="chain-link" d=format!("M20 20H{}", width - 20)></path>
            {rings.collect_view()}
        </svg>
    }
}

/// A commitment: as much of the ring as there is of its way. One that is kept has a heart.
fn ring(x: usize, commitment: &Commitment) -> impl IntoView + use<> {
    let percent = commitment.percent();
    let done = (percent > 0).then(|| {
        view! {
            <circle
                class="chain-done"
                cx=x
                cy="20"
                r="16"
                pathLength="100"
                stroke-dasharray=format!("{percent} 100")
                transform=format!("rotate(-90 {x} 20)")
            ></circle>
        }
    });
    let kept = commitment.is_reached().then(|| view! { <circle class="chain-kept" cx=x cy="20" r="7"></circle> });
    view! { <circle class="chain-ring" cx=x cy="20" r="16"></circle>{done}{kept} }
}
