//! Suggestions while one types: the search field becomes a combobox, by the pattern of the ARIA Authoring Practices.
//!
//! Without it the form is a form. The keyboard stays in the field: the arrow keys choose, Enter goes where the choice leads,
//! Escape closes.

use crate::browser::{
    dom::{by_id, document, localized, window},
    visit,
};
use js_sys::{Array, Reflect};
use leptos::{
    ev::{FocusEvent, KeyboardEvent, MouseEvent},
    prelude::*,
    task::spawn_local,
    wasm_bindgen::{JsCast, JsValue},
    web_sys::{Element, HtmlElement, HtmlInputElement, Response},
};
use std::cell::Cell;
use wasm_bindgen_futures::JsFuture;

/// How many letters there have to be: one says nothing, but in a script whose signs are words.
const SHORTEST: usize = 2;

thread_local! {
    /// Counts what was typed: an answer to something earlier is of no use.
    static TURN: Cell<u32> = const { Cell::new(0) };
}

/// Makes the search field of the form around which it stands suggest what may be meant.
#[island]
pub fn SearchIsland(
    /// The form, which works by itself.
    children: Children,
) -> impl IntoView {
    if cfg!(feature = "hydrate")
        && let Some((input, list)) = input().zip(list())
    {
        let label = list.dataset().get("label").unwrap_or_default();
        let of_input =
            [("role", "combobox"), ("aria-autocomplete", "list"), ("aria-controls", LIST), ("aria-expanded", "false")];
        set(&input, &of_input);
        set(&list, &[("role", "listbox"), ("aria-label", &label)]);
    }
    view! {
        <search
            class="search-island"
            on:input=|event| if is_of_field(&event) { ask() }
            on:keydown=|event| press(&event)
            on:mousedown=|event| hold(&event)
            on:click=|event| choose(&event)
            on:focusout=|event| leave(&event)
        >
            {children()}
        </search>
    }
}

const LIST: &str = "search-suggestions";

fn input() -> Option<HtmlInputElement> {
    by_id("search-input")
}

fn list() -> Option<HtmlElement> {
    by_id(LIST)
}

fn set(element: &Element, attributes: &[(&str, &str)]) {
    for (name, value) in attributes {
        let _ = element.set_attribute(name, value);
    }
}

fn is_of_field(event: &web_sys::Event) -> bool {
    event.target().is_some_and(|target| input().is_some_and(|input| input.is_same_node(target.dyn_ref())))
}

fn ask() {
    let Some((input, list)) = input().zip(list()) else { return };
    // What was chosen was chosen among others.
    select(&input, None);
    let turn = TURN.get().wrapping_add(1);
    TURN.set(turn);
    let query = input.value();
    let query = query.trim();
    if query.is_ascii() && query.len() < SHORTEST {
        return close();
    }
    let address = format!("{}{}", list.dataset().get("from").unwrap_or_default(), js_sys::encode_uri_component(query));
    spawn_local(async move {
        let suggestions = fetch(&address).await;
        // What cannot be fetched is not suggested; the form still works.
        if TURN.get() == turn && input.is_connected() {
            show(&list, &suggestions.unwrap_or_default());
        }
    });
}

async fn fetch(address: &str) -> Option<Array> {
    let response: Response = JsFuture::from(window().fetch_with_str(address)).await.ok()?.dyn_into().ok()?;
    if !response.ok() {
        return None;
    }
    JsFuture::from(response.json().ok()?).await.ok()?.dyn_into().ok()
}

fn show(list: &HtmlElement, suggestions: &Array) {
    list.set_text_content(None);
    let text = |suggestion: &JsValue, name: &str| Reflect::get(suggestion, &name.into()).ok()?.as_string();
    for (number, suggestion) in suggestions.iter().enumerate() {
        let (Some(path), Some(title)) = (text(&suggestion, "path"), text(&suggestion, "title")) else { continue };
        let Ok(option) = document().create_element("li") else { continue };
        option.set_id(&format!("{LIST}-{number}"));
        option.set_text_content(Some(&title));
        let lang = text(&suggestion, "lang").unwrap_or_default();
        let attributes =
            [("role", "option"), ("aria-selected", "false"), ("dir", "auto"), ("lang", &lang), ("data-path", &path)];
        set(&option, &attributes);
        let _ = list.append_child(&option);
    }
    let count = list.child_element_count();
    open(count > 0);
    say(count);
}

fn open(is_open: bool) {
    let Some((input, list)) = input().zip(list()) else { return };
    list.set_hidden(!is_open);
    let _ = input.set_attribute("aria-expanded", if is_open { "true" } else { "false" });
    let _ = input.remove_attribute("aria-activedescendant");
}

fn close() {
    TURN.set(TURN.get().wrapping_add(1));
    open(false);
    say(0);
}

/// Tells a screen reader how many suggestions there are.
fn say(count: u32) {
    if let Some(status) = by_id::<HtmlElement>("search-suggested") {
        let words = status.dataset().get("some").filter(|_| count > 0).unwrap_or_default();
        status.set_text_content(Some(&words.replace("{count}", &localized(count))));
    }
}

fn selected() -> Option<Element> {
    list()?.query_selector("[aria-selected=true]").ok()?
}

fn press(event: &KeyboardEvent) {
    let Some((input, list)) = input().zip(list()).filter(|_| is_of_field(event)) else { return };
    // A key that chooses a letter of an input method is not ours; Safari says so by its code alone.
    if event.is_composing() || event.key_code() == 229 || event.ctrl_key() || event.meta_key() || event.alt_key() {
        return;
    }
    let is_open = !list.hidden();
    match event.key().as_str() {
        "ArrowDown" | "ArrowUp" if is_open => {
            event.prevent_default();
            let is_down = event.key() == "ArrowDown";
            let next = match (selected(), is_down) {
                (Some(it), true) => it.next_element_sibling(),
                (Some(it), false) => it.previous_element_sibling(),
                (None, true) => list.first_element_child(),
                (None, false) => list.last_element_child(),
            };
            select(&input, next);
        }
        "ArrowDown" => ask(),
        "Enter" => match selected().filter(|_| is_open) {
            Some(option) => {
                event.prevent_default();
                go(&option);
            }
            None => close(),
        },
        "Escape" => {
            // The field keeps what was typed; a second press empties it.
            if is_open {
                event.prevent_default();
            }
            close();
        }
        _ => {}
    }
}

/// Marks a suggestion as chosen; none is the field itself.
fn select(input: &HtmlInputElement, option: Option<Element>) {
    if let Some(before) = selected() {
        let _ = before.set_attribute("aria-selected", "false");
    }
    match option {
        Some(option) => {
            let _ = option.set_attribute("aria-selected", "true");
            let _ = input.set_attribute("aria-activedescendant", &option.id());
            option.scroll_into_view_with_bool(false);
        }
        None => drop(input.remove_attribute("aria-activedescendant")),
    }
}

fn pressed(event: &MouseEvent, what: &str) -> Option<Element> {
    event.target()?.dyn_into::<Element>().ok()?.closest(what).ok()?
}

/// Keeps the keyboard in the field while a suggestion is pressed, or the list is scrolled.
fn hold(event: &MouseEvent) {
    if pressed(event, "[role=listbox]").is_some() {
        event.prevent_default();
    }
}

fn choose(event: &MouseEvent) {
    if let Some(option) = pressed(event, "[role=option]").filter(|_| event.button() == 0) {
        go(&option);
    }
}

fn go(option: &Element) {
    close();
    visit(&option.get_attribute("data-path").unwrap_or_default());
}

fn leave(event: &FocusEvent) {
    if is_of_field(event) {
        close();
    }
}
