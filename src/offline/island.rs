//! Saving a page in the browser: which files its pictures are on this device, and asking the service worker to keep them.

use crate::browser::dom::{by_id, document, each, window};
use js_sys::{Array, Promise};
use leptos::{
    prelude::*,
    task::spawn_local,
    wasm_bindgen::JsCast,
    web_sys::{HtmlElement, HtmlImageElement, RequestInit, Response, UrlSearchParams},
};
use wasm_bindgen_futures::JsFuture;

/// Makes the button around which it stands save its page, once the service worker is there.
#[island]
pub fn SaveIsland(
    /// The button.
    children: Children,
) -> impl IntoView {
    if cfg!(feature = "hydrate") {
        spawn_local(async {
            if controlled(None).await.is_some()
                && let Some(button) = button()
                && let Some(state) = ask(&button, "ask").await
            {
                press(&button, &state);
                let _ = button.set_attribute("data-ready", "");
            }
        });
    }
    view! { <div class="save" on:click=|_| save()>{children()}</div> }
}

fn button() -> Option<HtmlElement> {
    by_id("save")
}

/// Waits until the service worker answers for this page: so long, in milliseconds, or for ever where it never does.
async fn controlled(patience: Option<i32>) -> Option<()> {
    let workers = window().navigator().service_worker();
    // Where the connection is not secure there is none.
    if workers.is_undefined() {
        return None;
    }
    if workers.controller().is_none() {
        let change = Promise::new(&mut |resolve, _| {
            let _ = workers.add_event_listener_with_callback("controllerchange", &resolve);
        });
        JsFuture::from(patience.map_or(change.clone(), |patience| in_time(&change, patience))).await.ok()?;
    }
    workers.controller().map(drop)
}

fn save() {
    let Some(button) = button() else { return };
    if button.has_attribute(BUSY) {
        return;
    }
    let _ = button.set_attribute(BUSY, "true");
    let is_saved = button.get_attribute(PRESSED).as_deref() == Some("true");
    say(&button, "saving");
    spawn_local(async move {
        let said = save_or_remove(&button, is_saved).await.unwrap_or_else(|| "failed".to_owned());
        let _ = button.remove_attribute(BUSY);
        press(&button, &said);
        say(&button, &said);
    });
}

async fn save_or_remove(button: &HtmlElement, is_saved: bool) -> Option<String> {
    // Pressed before it was known whether the page is saved, it says that, or saves it.
    if !button.has_attribute("data-ready") {
        controlled(Some(WORKER_PATIENCE)).await?;
        let state = ask(button, "ask").await?;
        if state == "saved" {
            return Some(state);
        }
    }
    ask(button, if is_saved { "remove" } else { "save" }).await
}

const BUSY: &str = "aria-busy";
const PRESSED: &str = "aria-pressed";
/// How long a picture may take to choose its file, in milliseconds.
const PATIENCE: i32 = 10_000;
/// How long the worker may take to come, in milliseconds.
const WORKER_PATIENCE: i32 = 30_000;

fn press(button: &HtmlElement, said: &str) {
    let is_saved = match said {
        "saved" => "true",
        "removed" => "false",
        _ => return,
    };
    let _ = button.set_attribute(PRESSED, is_saved);
}

/// Says it beside the button: another page may be shown by now, with another button.
fn say(button: &HtmlElement, what: &str) {
    let status = button.parent_element().and_then(|parts| parts.query_selector("#save-status").ok()?);
    if let Some(status) = status.and_then(|status| status.dyn_into::<HtmlElement>().ok()) {
        status.set_text_content(status.dataset().get(what).as_deref());
    }
}

/// Asks the worker to do something with the page, and gives the word it answers with; nothing where nobody is there to answer.
async fn ask(button: &HtmlElement, what: &str) -> Option<String> {
    let fields = UrlSearchParams::new().ok()?;
    let data = button.dataset();
    fields.append("do", what);
    fields.append("path", &data.get("path")?);
    if what == "save" {
        for picture in each::<HtmlImageElement>(document().query_selector_all("main img").ok()?) {
            // One that the reader has not come to yet has not chosen its file.
            let _ = picture.set_attribute("loading", "eager");
            if !picture.complete() {
                let _ = JsFuture::from(in_time(&picture.decode(), PATIENCE)).await;
            }
            let file = Some(picture.current_src()).filter(|file| !file.is_empty())?;
            fields.append("file", &file);
        }
    }
    let request = RequestInit::new();
    request.set_method("POST");
    request.set_body(&fields);
    let response = window().fetch_with_str_and_init(&data.get("at")?, &request);
    let response: Response = JsFuture::from(response).await.ok()?.dyn_into().ok()?;
    JsFuture::from(response.text().ok().filter(|_| response.ok())?).await.ok()?.as_string()
}

/// What is promised, or nothing where that takes long: a picture may stop half way and never end.
fn in_time(promised: &Promise, patience: i32) -> Promise {
    let late = Promise::new(&mut |done, _| {
        let _ = window().set_timeout_with_callback_and_timeout_and_arguments_0(&done, patience);
    });
    Promise::race(&Array::of2(promised, &late))
}
