//! Icons: outlines on a field of 16 by 16. Those that point somewhere are mirrored where the page runs from right to left.

use leptos::prelude::*;

/// Towards the end of the line: what comes next.
pub const ONWARD: &str = "M2 8h11M9 4l4 4-4 4";
/// Towards the beginning of the line: what came before.
pub const BACK: &str = "M14 8H3M7 4 3 8l4 4";

/// An arrow. What it says stands in words beside it.
#[component]
pub fn Arrow(
    /// Its outline: [`ONWARD`] or [`BACK`].
    outline: &'static str,
) -> impl IntoView {
    view! {
        <svg class="icon arrow" viewBox="0 0 16 16" aria-hidden="true">
            <path d=outline></path>
        </svg>
    }
}
