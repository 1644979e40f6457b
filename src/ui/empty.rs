//! Where there is nothing to show: words that say so, and a way on.

use leptos::prelude::*;

/// Says that there is nothing here, and leads on.
#[component]
pub fn Empty(
    /// What there is nothing of.
    words: String,
    /// The address of the way on.
    href: String,
    /// What the way on leads to.
    way: String,
) -> impl IntoView {
    view! { <p class="empty">{words} " " <a href=href>{way}</a></p> }
}
