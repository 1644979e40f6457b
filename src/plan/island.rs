//! The filter of the plan's areas, in the browser.

use crate::browser::{
    dom::{by_id, narrow},
    set_query,
};
use leptos::{prelude::*, web_sys::HtmlSelectElement};

/// Makes the area form around which it stands narrow the plan without a request.
#[island]
pub fn AreaFilterIsland(
    /// The form, which works by itself.
    children: Children,
) -> impl IntoView {
    if cfg!(feature = "hydrate") && chosen() != chosen_by_server() {
        // A choice that came before the module did is not lost.
        filter();
    }
    view! { <search class="filter-island" on:change=|_| choose()>{children()}</search> }
}

fn select() -> Option<HtmlSelectElement> {
    by_id("area-filter")
}

fn chosen() -> String {
    select().map(|select| select.value()).unwrap_or_default()
}

fn chosen_by_server() -> String {
    let option = select().and_then(|select| select.query_selector("option[selected]").ok()?);
    option.and_then(|option| option.get_attribute("value")).unwrap_or_default()
}

fn filter() {
    let area = chosen();
    narrow("areas", "area-status", |section| area.is_empty() || section.id() == area);
}

fn choose() {
    filter();
    set_query("area", &chosen());
}
