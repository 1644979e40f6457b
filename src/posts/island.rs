//! The filter over the posts, in the browser: cards come and go as one types.

use super::matches;
use crate::browser::{
    dom::{by_id, narrow},
    set_query,
};
use leptos::{
    prelude::*,
    wasm_bindgen::JsCast,
    web_sys::{HtmlElement, HtmlInputElement},
};

/// Makes the filter form around which it stands narrow the list of posts without a request.
#[island]
pub fn PostFilterIsland(
    /// The form, which works by itself.
    children: Children,
) -> impl IntoView {
    if cfg!(feature = "hydrate") && typed().is_some_and(|typed| typed != typed_at_first()) {
        // Keys that came before the module did are not lost.
        filter();
    }
    view! { <search class="filter-island" on:input=|_| filter() on:change=|_| keep()>{children()}</search> }
}

fn input() -> Option<HtmlInputElement> {
    by_id("post-filter")
}

fn typed() -> Option<String> {
    Some(input()?.value())
}

fn typed_at_first() -> String {
    input().map(|input| input.default_value()).unwrap_or_default()
}

fn filter() {
    let query = fold(&typed().unwrap_or_default());
    narrow("posts", "post-status", |card| matches(&words_of(card), &query));
}

fn keep() {
    set_query("q", typed().unwrap_or_default().trim());
}

/// The words that the server looks through as well: title and summary.
fn words_of(card: &HtmlElement) -> String {
    let text = |selector| {
        let element = card.query_selector(selector).ok().flatten();
        element.and_then(|element| element.text_content()).unwrap_or_default()
    };
    fold(&format!("{} {}", text(".post-card-title"), text(".post-card-summary")))
}

/// What `ui/text.rs` does on the server, by the browser's own tables: Rust's would be a quarter of the download. Marks of
/// other scripts than Latin, Greek and Cyrillic stay on here.
fn fold(text: &str) -> String {
    let text = js_sys::JsString::from(text).normalize("NFD").to_lower_case();
    let text = text.unchecked_into::<js_sys::JsString>();
    String::from(text)
        .chars()
        .filter(|c| !('\u{300}'..='\u{36f}').contains(c))
        .map(|c| match c {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            c => c,
        })
        .collect()
}
