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
    view! { <div class="theme" on:submit=|event| switch(&event)>{children()}</div> }
}

fn switch(event: &SubmitEvent) {
    let Some(pressed) = event.submitter().and_then(|button| button.dyn_into::<HtmlButtonElement>().ok()) else {
        return;
    };
    event.prevent_default();
    let theme = pressed.value();
    if let Some(root) = document().document_element() {
        // No attribute is the system's theme, as on the server.
        let _ = match theme.as_str() {
            "system" => root.remove_attribute("data-theme"),
            theme => root.set_attribute("data-theme", theme),
        };
    }
    if let Ok(document) = document().dyn_into::<HtmlDocument>() {
        let _ = document.set_cookie(&format!("theme={theme}; Path=/; Max-Age=31536000; SameSite=Lax"));
    }
    let Some(buttons) = pressed.form().and_then(|form| form.query_selector_all("button").ok()) else { return };
    for button in each::<HtmlButtonElement>(buttons) {
        let _ = button.set_attribute("aria-pressed", if button.value() == theme { "true" } else { "false" });
    }
}
