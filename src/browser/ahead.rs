//! Pages fetched before the reader has decided: where the pointer rests, the keyboard stands or a finger has come down, the link
//! is likely to be followed. One page at a time, and none for readers who save data.

use super::{
    dom::{document, window},
    navigation::{here, is_page_link, link_of, listen, path_and_query},
};
use js_sys::Promise;
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure};
use wasm_bindgen_futures::JsFuture;
use web_sys::{AbortController, AbortSignal, Event, HtmlAnchorElement, RequestInit, Response};

/// How long a pointer or the keyboard has to stay on a link, in milliseconds: passing over is no intent.
const STAY: i32 = 65;
/// How long a page that was fetched ahead may be shown as if it had been fetched now, in milliseconds.
const FRESH: f64 = 30_000.0;

/// A page that is being fetched, or was.
struct Ahead {
    url: String,
    since: f64,
    response: Promise,
    controller: Option<AbortController>,
}

thread_local! {
    static AHEAD: RefCell<Option<Ahead>> = const { RefCell::new(None) };
    /// The link that may be followed, and the timer that decides so.
    static NEAR: RefCell<Option<(String, i32)>> = const { RefCell::new(None) };
}

/// Begins to fetch ahead.
pub fn start() {
    for name in ["pointerover", "focusin"] {
        listen(&document(), name, |event| {
            forget();
            if let Some(url) = wanted(&event) {
                let begin = Closure::once_into_js(begin);
                let timer = window().set_timeout_with_callback_and_timeout_and_arguments_0(begin.unchecked_ref(), STAY);
                NEAR.set(timer.ok().map(|timer| (url, timer)));
            }
        });
    }
    listen(&document(), "touchstart", |event| {
        forget();
        if let Some(url) = wanted(&event) {
            fetch(url);
        }
    });
}

/// The page that a link within which something happened leads to, if it may be fetched.
fn wanted(event: &Event) -> Option<String> {
    let link = link_of(event).filter(is_page_link)?;
    let other = path_and_query(&link.pathname(), &link.search()) != here();
    let saving = document().document_element()?.has_attribute("data-saving");
    (other && !saving && window().navigator().on_line()).then(|| address(&link))
}

fn address(link: &HtmlAnchorElement) -> String {
    without_hash(&link.href()).to_owned()
}

fn without_hash(url: &str) -> &str {
    url.split('#').next().unwrap_or(url)
}

fn forget() {
    if let Some((_, timer)) = NEAR.take() {
        window().clear_timeout_with_handle(timer);
    }
}

fn begin() {
    if let Some((url, _)) = NEAR.take() {
        fetch(url);
    }
}

fn fetch(url: String) {
    if AHEAD.with_borrow(|ahead| ahead.as_ref().is_some_and(|ahead| ahead.url == url && ahead.is_fresh())) {
        return;
    }
    let controller = AbortController::new().ok();
    let response = ask(&url, controller.as_ref().map(AbortController::signal).as_ref(), true);
    // What fails here is asked for again when it is wanted.
    let ignored = Closure::<dyn FnMut(JsValue)>::new(|_| {});
    let _ = response.catch(&ignored);
    ignored.forget();
    let since = now();
    if let Some(Ahead { controller: Some(before), .. }) =
        AHEAD.replace(Some(Ahead { url, since, response, controller }))
    {
        before.abort();
    }
}

impl Ahead {
    fn is_fresh(&self) -> bool {
        now() - self.since < FRESH
    }
}

fn now() -> f64 {
    window().performance().map_or(0.0, |performance| performance.now())
}

/// The answer to a request for the page at `url`: the one that was fetched ahead, or one that is asked for now.
pub async fn response(url: &str, signal: Option<&AbortSignal>) -> Option<Response> {
    forget();
    let ahead = AHEAD.take();
    let ready = ahead.and_then(|ahead| {
        let good = ahead.url == without_hash(url) && ahead.is_fresh();
        if let Some(controller) = ahead.controller.filter(|_| !good) {
            controller.abort();
        }
        good.then_some(ahead.response)
    });
    if let Some(ready) = ready
        && let Ok(response) = JsFuture::from(ready).await
    {
        keep(url);
        return response.dyn_into().ok();
    }
    JsFuture::from(ask(url, signal, false)).await.ok()?.dyn_into().ok()
}

/// Tells the service worker, which keeps what is read and not what is fetched ahead, that a page is read after all.
fn keep(url: &str) {
    let workers = window().navigator().service_worker();
    if !workers.is_undefined()
        && let Some(worker) = workers.controller()
    {
        let _ = worker.post_message(&without_hash(url).into());
    }
}

fn ask(url: &str, signal: Option<&AbortSignal>, is_ahead: bool) -> Promise {
    let options = RequestInit::new();
    options.set_signal(signal);
    let headers = js_sys::Array::of1(&js_sys::Array::of2(&"accept".into(), &"text/html".into()));
    if is_ahead {
        headers.push(&js_sys::Array::of2(&"x-ahead".into(), &"1".into()));
    }
    options.set_headers(&headers);
    window().fetch_with_str_and_init(url, &options)
}
