//! The filter of the plan's areas, in the browser.

use crate::browser::dom::{by_id, narrow, set_query};
use leptos::{prelude::*, web_sys::HtmlSelectElement};

/// Makes the area form around which it stands narrow the plan without a request.
#[island]
pub fn AreaFilterIsland(
    /// The form, which works by itself.
    children: Children,
) -> impl IntoView {
    view! { <search class="filter-island" on:change=|_| choose()>{children()}</search> }
}

fn choose() {
    let Some(area) = by_id::<HtmlSelectElement>("area-filter").map(|select| select.value()) else { return };
    narrow("areas", "area-status", |section| area.is_empty() || section.id() == area);
    set_query("area", &area);
}
