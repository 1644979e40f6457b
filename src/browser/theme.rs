//! The theme island: the three buttons in the header change the page at once and keep the choice in a cookie.
//!
//! Without it the same buttons post to `/theme`, which sets the same cookie and leads back.

use super::dom::{document, each};
use leptos::{
    ev::SubmitEvent,
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlButtonElement, HtmlDocument},
};

/// Makes the theme form around which it stands work without a request.
#[island]
pub fn ThemeIsland(
    /// The form with a button for each theme.
    children: Children,
) -> impl IntoView {
    if cfg!(feature = "hydrate")
        && let Some(root) = document().document_element()
    {
        // A page that was kept is in the theme of that day, until the loader says otherwise.
        press(&root.get_attribute(THEME).unwrap_or_else(|| SYSTEM.to_owned()));
    }
    view! { <div class="theme" on:submit=|event| switch(&event)>{children()}</div> }
}

const THEME: &str = "data-theme";
/// The theme without the attribute.
const SYSTEM: &str = "system";

fn switch(event: &SubmitEvent) {
    let Some(pressed) = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok()) else {
        return;
    };
    event.prevent_default();
    let theme = pressed.value();
    if let Some(root) = document().document_element() {
        let _ = root.set_attribute(THEME, &theme);
    }
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        let _ = document.set_cookie(&format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax"));
    }
    press(&theme);
}

/// Shows which theme is the page's.
fn press(theme: &str) {
    let Ok(buttons) = document().query_selector_all(".theme-button") else { return };
    for button in each::<HtmlButtonElement>(buttons) {
        let _ = button.set_attribute("aria-pressed", if button.value() == theme { "true" } else { "false" });
    }
}
