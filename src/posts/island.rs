//! Posts in the browser: the filter, whose cards come and go as one types; older posts, which are added below; sharing.

use super::matches;
use crate::browser::{
    dom::{by_id, each, localized, narrow, window},
    leave_for, set_query, with_page,
};
use crate::search::fold::fold;
use leptos::{
    ev::MouseEvent,
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{Document, Element, HtmlAnchorElement, HtmlElement, HtmlInputElement, ShareData},
};

/// Makes the filter form around which it stands narrow the list of posts without a request.
#[island]
pub fn PostFilterIsland(
    /// The form, which works by itself.
    children: Children,
) -> impl IntoView {
    if cfg!(feature = "hydrate") && typed().is_some_and(|typed| typed != typed_at_first()) {
        // Keys that came before the module did are not lost, nor those of before this page was shown.
        filter();
        keep();
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
    let typed = typed().unwrap_or_default();
    let query = fold(&typed);
    narrow("posts", "post-status", |card| matches(&words_of(card), &query));
    if typed.is_empty() {
        // Whoever clears a filter may leave the page without leaving its field.
        keep();
    }
}

fn keep() {
    set_query("q", &typed().unwrap_or_default());
}

/// The words that the server looks through as well: title and summary.
fn words_of(card: &HtmlElement) -> String {
    let text = |selector| {
        let element = card.query_selector(selector).ok().flatten();
        element.and_then(|element| element.text_content()).unwrap_or_default()
    };
    fold(&format!("{} {}", text(".post-card-title"), text(".post-card-summary")))
}

/// Makes the link to older posts, around which it stands, add them below those that are shown.
#[island]
pub fn OlderPostsIsland(
    /// The link, which works by itself.
    children: Children,
) -> impl IntoView {
    view! { <div class="older" on:click=|event| add_older(&event)>{children()}</div> }
}

fn add_older(event: &MouseEvent) {
    let Some(link) = by_id::<HtmlAnchorElement>("older-posts") else { return };
    // With a key held, the reader wants a tab or window of its own.
    if event.ctrl_key() || event.meta_key() || event.shift_key() || event.alt_key() || event.button() != 0 {
        return;
    }
    event.prevent_default();
    // One page at a time: a second press would add the same posts again.
    if link.has_attribute(BUSY) {
        return;
    }
    let _ = link.set_attribute(BUSY, "true");
    with_page(link.href(), move |page| {
        let _ = link.remove_attribute(BUSY);
        match page {
            // The reader is on another page by now.
            _ if !link.is_connected() => {}
            Some(page) => append(&link, &page),
            None => leave_for(&link.href()),
        }
    });
}

/// Says of a link that what it leads to is on its way.
const BUSY: &str = "aria-busy";

fn append(link: &HtmlAnchorElement, page: &Document) {
    let (Some(list), Ok(cards)) = (by_id::<Element>("posts"), page.query_selector_all("#posts > li")) else { return };
    let before = list.children().length();
    // Back finds it as long as it is now.
    let _ = list.set_attribute("data-grown", "");
    for card in each::<Element>(cards) {
        let _ = list.append_child(&card);
    }
    // The keyboard goes on where the new posts begin; the link may be gone.
    if let Some(first) = list.children().item(before).and_then(|card| card.query_selector("a").ok().flatten())
        && let Ok(first) = first.dyn_into::<HtmlElement>()
    {
        let _ = first.focus();
    }
    let count = list.children().length() - before;
    if let Some(status) = by_id::<HtmlElement>("posts-added") {
        let words = status.dataset().get("some").unwrap_or_default();
        status.set_text_content(Some(&words.replace("{count}", &localized(count))));
    }
    match page.get_element_by_id("older-posts").and_then(|next| next.get_attribute("href")) {
        Some(next) => drop(link.set_attribute("href", &next)),
        None => link.remove(),
    }
}

/// Shows the ways of sharing that this browser has, and makes them work.
#[island]
pub fn ShareIsland(
    /// The ways, of which those that need the browser are hidden.
    children: Children,
) -> impl IntoView {
    if cfg!(feature = "hydrate") {
        // Clipboard and share sheet are there on secure pages only, and the sheet not everywhere.
        let has =
            |name: &str| js_sys::Reflect::get(&window().navigator(), &name.into()).is_ok_and(|it| !it.is_undefined());
        reveal("share-copy", has("clipboard"));
        reveal("share-sheet", has("share"));
    }
    view! { <div class="sharing" on:click=|event| share(&event)>{children()}</div> }
}

fn reveal(id: &str, is_there: bool) {
    if let Some(item) = by_id::<HtmlElement>(id).and_then(|button| button.parent_element())
        && let Ok(item) = item.dyn_into::<HtmlElement>()
    {
        item.set_hidden(!is_there);
    }
}

fn share(event: &MouseEvent) {
    let pressed = event.target().and_then(|target| target.dyn_into::<Element>().ok()).map(|element| element.id());
    match pressed.as_deref() {
        Some("share-copy") => spawn_local(async {
            let copied = address().map(|address| window().navigator().clipboard().write_text(&address));
            let copied = match copied {
                Some(promise) => wasm_bindgen_futures::JsFuture::from(promise).await.is_ok(),
                None => false,
            };
            tell(if copied { "copied" } else { "failed" });
        }),
        Some("share-sheet") => {
            let data = ShareData::new();
            data.set_title(&document().title());
            data.set_url(&address().unwrap_or_default());
            // A reader who closes the sheet rejects this promise, which is no failure.
            let sheet = window().navigator().share_with_data(&data);
            spawn_local(async move { drop(wasm_bindgen_futures::JsFuture::from(sheet).await) });
        }
        _ => {}
    }
}

/// The address of the page as it is shared, which is its canonical one.
fn address() -> Option<String> {
    document().query_selector("link[rel=canonical]").ok()??.get_attribute("href")
}

fn tell(what: &str) {
    if let Some(status) = by_id::<HtmlElement>("share-status") {
        status.set_text_content(status.dataset().get(what).as_deref());
    }
}
