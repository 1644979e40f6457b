//! The way to a page: the steps above it, as links.

use super::{data::Step, t};
use crate::i18n::Lang;
use leptos::prelude::*;

/// The steps above a page.
#[component]
pub fn Trail(
    /// The language of the page.
    lang: Lang,
    /// The steps, the first the highest.
    steps: Vec<Step>,
) -> impl IntoView {
    let steps = steps.into_iter().map(|step| view! { <li><a href=lang.path(&step.path)>{step.title}</a></li> });
    view! {
        <nav class="trail" aria-label=t!(lang, "breadcrumbs")>
            <ol>{steps.collect_view()}</ol>
        </nav>
    }
}
