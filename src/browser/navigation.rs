//! In-page navigation: a plain click on a link of this site fetches the page and swaps what differs.
//!
//! The reader keeps what an ordinary load would throw away (the header's state, the running module) and gets what one would
//! give: address, title, focus, an announcement, scroll position, Back and Forward. On any doubt or error the browser loads
//! the page as it always would.

use super::{
    ahead,
    dom::{by_id, document, each, window},
    history, islands,
};
use js_sys::{Function, Promise, Reflect};
use std::cell::RefCell;
use wasm_bindgen::{JsCast, JsValue, closure::Closure, prelude::wasm_bindgen};
use wasm_bindgen_futures::{JsFuture, spawn_local};
use web_sys::{
    AbortController, CssStyleSheet, Document, Element, Event, EventTarget, FormData, HtmlAnchorElement, HtmlElement,
    HtmlFormElement, HtmlInputElement, MouseEvent, SubmitEvent, Url, UrlSearchParams,
};

/// What makes up the head of one page and not of another.
const HEAD: &str = "meta[name=description],meta[name=robots],meta[property],link[rel=canonical],link[rel=alternate],\
                    link[rel=prev],link[rel=next],link[rel=manifest],script[type='application/ld+json']";
/// How long an answer may take before the reader is shown that one is awaited, in milliseconds.
const SLOW: i32 = 150;

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

/// What navigation knows between two events.
struct State {
    /// The JavaScript module, with a function for each island.
    module: JsValue,
    /// Makes a document of HTML: the loader's, which alone may.
    parse: Function,
    /// Path and query of the page that is shown.
    shown: String,
    /// The fetch under way.
    fetch: Option<AbortController>,
    /// Whether the reader has typed since it began.
    typed: bool,
    /// The styles of the pages that were shown since.
    styles: Vec<String>,
    /// Lists that grew, of pages that were left: the history entry, the list, and where the rest of it is.
    grown: Vec<(f64, Element, Option<String>)>,
    /// Counts navigations: an answer to an earlier one is of no use.
    turn: u32,
}

/// How a page comes to be shown.
#[derive(Clone, Copy, PartialEq)]
enum Cause {
    /// A link or form: a new history entry.
    Visit,
    /// A link to the page that is shown: the same entry.
    Again,
    /// Back or Forward, to the entry with this number.
    Traverse(f64),
}

/// Begins to handle clicks, forms and history on this page.
pub fn start(module: JsValue, parse: Function) {
    STATE.set(Some(State {
        module,
        parse,
        shown: here(),
        fetch: None,
        typed: false,
        styles: Vec::new(),
        grown: Vec::new(),
        turn: 0,
    }));
    history::start();
    ahead::start();
    listen(&document(), "click", |event| on_click(event.unchecked_ref()));
    listen(&document(), "submit", |event| on_submit(event.unchecked_ref()));
    listen(&document(), "input", |_| with(|state| state.typed = true).unwrap_or_default());
    listen(&window(), "popstate", |_| on_popstate());
    listen(&window(), "pagehide", |_| history::leave());
    listen(&window(), "pageshow", |_| history::enter());
    // Nothing else is heard where the system takes away a page that nobody looks at.
    listen(&document(), "visibilitychange", |_| if document().hidden() { history::leave() } else { history::enter() });
}

pub(super) fn listen(target: &EventTarget, name: &str, handler: fn(Event)) {
    let handler = Closure::<dyn FnMut(Event)>::new(handler).into_js_value();
    let _ = target.add_event_listener_with_callback(name, handler.unchecked_ref());
}

fn with<T>(work: impl FnOnce(&mut State) -> T) -> Option<T> {
    STATE.with_borrow_mut(|state| state.as_mut().map(work))
}

// What is a navigation

fn on_click(event: &MouseEvent) {
    let modified = event.meta_key() || event.ctrl_key() || event.shift_key() || event.alt_key();
    if event.default_prevented() || event.button() != 0 || modified {
        return;
    }
    let Some(link) = link_of(event) else { return };
    if !is_page_link(&link) {
        return;
    }
    let same = path_and_query(&link.pathname(), &link.search()) == here();
    if same && !link.hash().is_empty() {
        // The browser jumps to the target by itself; Back comes here again.
        history::remember_scroll();
        return;
    }
    event.prevent_default();
    navigate(link.href(), if same { Cause::Again } else { Cause::Visit });
}

/// The link around what was clicked.
pub(super) fn link_of(event: &Event) -> Option<HtmlAnchorElement> {
    let target = event.target()?.dyn_into::<Element>().ok()?;
    target.closest("a[href]").ok()??.dyn_into().ok()
}

/// Whether the link leads to a page of this site, here and now.
pub(super) fn is_page_link(link: &HtmlAnchorElement) -> bool {
    let target = link.target();
    let here = target.is_empty() || target == "_self";
    let external = link.rel().split_whitespace().any(|word| word == "external");
    let own = window().location().origin().is_ok_and(|origin| origin == link.origin());
    here && !external
        && own
        && !link.has_attribute("download")
        && is_page(&link.pathname())
        && !has_writing(&document())
}

/// Whether readers write something in the page. The browser has it for them when they come back, if it loaded the page itself and
/// the next one as well.
fn has_writing(page: &Document) -> bool {
    page.query_selector("main textarea").is_ok_and(|writing| writing.is_some())
}

/// Whether a path of this site is a page's, and not a feed's, a file's or the API's.
fn is_page(path: &str) -> bool {
    let file = path.rsplit('/').next().is_some_and(|name| name.contains('.'));
    let other = ["/api/", "/media/", "/pkg/"].iter().any(|start| path.starts_with(start)) || path.contains("/feed/");
    !file && !other
}

/// A form that asks for a page is a link with fields.
fn on_submit(event: &SubmitEvent) {
    let Some(form) = event.target().and_then(|target| target.dyn_into::<HtmlFormElement>().ok()) else { return };
    let submitter = event.submitter();
    let overrides = |name| submitter.as_ref().is_some_and(|button| button.has_attribute(name));
    let overridden = ["formaction", "formmethod", "formtarget"].into_iter().any(overrides);
    if event.default_prevented() || overridden || form.method() != "get" || !form.target().is_empty() {
        return;
    }
    let Ok(url) = Url::new(&form.action()) else { return };
    if window().location().origin() != Ok(url.origin()) || !is_page(&url.pathname()) {
        return;
    }
    let Ok(fields) = FormData::new_with_form(&form) else { return };
    if let Some(button) = submitter
        && let Some(name) = button.get_attribute("name").filter(|name| !name.is_empty())
    {
        let _ = fields.append_with_str(&name, &button.get_attribute("value").unwrap_or_default());
    }
    let Ok(query) = UrlSearchParams::new_with_str_sequence_sequence(&fields) else { return };
    let query = String::from(query.to_string());
    // A field that was left empty asks for nothing.
    let query: Vec<_> = query.split('&').filter(|field| !field.ends_with('=')).collect();
    url.set_search(&query.join("&"));
    event.prevent_default();
    // A filter has put its query into the address already.
    let same = path_and_query(&url.pathname(), &url.search()) == here();
    navigate(url.href(), if same { Cause::Again } else { Cause::Visit });
}

fn on_popstate() {
    let Some(shown) = with(|state| state.shown.clone()) else { return };
    match history::current() {
        // A jump within the page made an entry of its own, and the browser went there already.
        None if here() == shown => history::show(history::mark()),
        Some(entry) if here() == shown => {
            history::remember_scroll();
            cancel();
            history::show(entry);
            history::restore_scroll();
        }
        entry => {
            let url = window().location().href().unwrap_or_default();
            navigate(url, Cause::Traverse(entry.unwrap_or_else(history::mark)));
        }
    }
}

/// Puts a filter's value into the address of the page that is shown.
pub fn set_query(name: &str, value: &str) {
    let Ok(path) = window().location().pathname() else { return };
    let Ok(query) = UrlSearchParams::new() else { return };
    // As the form itself would write it.
    query.append(name, value);
    let query = String::from(query.to_string());
    history::replace(&if value.is_empty() { path } else { format!("{path}?{query}") });
    with(|state| state.shown = here());
}

/// Goes to the page at `url`, as a link to it would.
pub fn visit(url: &str) {
    let Ok(location) = window().location().href() else { return };
    if let Ok(url) = Url::new_with_base(url, &location) {
        navigate(
            url.href(),
            if path_and_query(&url.pathname(), &url.search()) == here() { Cause::Again } else { Cause::Visit },
        );
    }
}

// Fetching

fn navigate(url: String, cause: Cause) {
    history::remember_scroll();
    cancel();
    let controller = AbortController::new().ok();
    let turn = with(|state| {
        state.fetch.clone_from(&controller);
        state.typed = false;
        state.turn
    });
    let Some(turn) = turn else { return };
    show_part("offline", false);
    let slow = show_progress_when_slow();
    spawn_local(async move {
        let fetched = fetch(&url, controller.as_ref()).await;
        window().clear_timeout_with_handle(slow);
        if with(|state| state.turn) != Some(turn) {
            return;
        }
        show_progress(false);
        match fetched {
            Some((page, url)) => show(page, url, cause, turn).await,
            None => load(&url, cause),
        }
    });
}

/// Ends the fetch under way and makes its answer, should it have come, stale.
fn cancel() {
    let fetch = with(|state| {
        state.turn = state.turn.wrapping_add(1);
        state.fetch.take()
    });
    if let Some(fetch) = fetch.flatten() {
        fetch.abort();
    }
    show_progress(false);
}

/// Fetches a page that can be shown here: with success, as HTML, from this site and of this release.
async fn fetch(url: &str, controller: Option<&AbortController>) -> Option<(Document, String)> {
    let signal = controller.map(AbortController::signal);
    let response = ahead::response(url, signal.as_ref()).await?;
    let html = response.headers().get("content-type").ok()?.is_some_and(|value| value.starts_with("text/html"));
    if !response.ok() || !html {
        return None;
    }
    let reached = Url::new(&response.url()).ok()?;
    if window().location().origin() != Ok(reached.origin()) {
        return None;
    }
    reached.set_hash(&Url::new(url).ok()?.hash());
    let html = JsFuture::from(response.text().ok()?).await.ok()?.as_string()?;
    let (page, styles) = parse(&html)?;
    let module = with(|state| state.module.clone())?;
    let shown_here = release(&page).is_some()
        && release(&page) == release(&document())
        && !has_writing(&page)
        && page.document_element().is_some_and(|root| islands::all_known(&root, &module));
    if !shown_here {
        return None;
    }
    adopt(styles)?;
    Some((page, reached.href()))
}

/// Fetches the page at `url` for a part of this one, and hands it to `show`; nothing on any doubt or error.
pub fn with_page(url: String, show: impl FnOnce(Option<Document>) + 'static) {
    let slow = show_progress_when_slow();
    spawn_local(async move {
        let fetched = fetch(&url, None).await;
        window().clear_timeout_with_handle(slow);
        show_progress(false);
        show(fetched.map(|(page, _)| page));
    });
}

/// The release that a page is of.
fn release(page: &Document) -> Option<String> {
    page.query_selector("script[data-release]").ok()??.get_attribute("data-release")
}

/// The page, and apart from it the styles that not every page has: this document's policy would not know them.
fn parse(html: &str) -> Option<(Document, &str)> {
    let (before, rest) = html.split_once("<style>").unwrap_or((html, ""));
    let (styles, after) = rest.split_once("</style>").unwrap_or_default();
    let page = [before, after].concat();
    let (_, styles) = styles.split_once("/**/").unwrap_or_default();
    let parsed = with(|state| state.parse.clone())?.call1(&JsValue::NULL, &page.into()).ok()?;
    Some((parsed.dyn_into().ok()?, styles))
}

/// Adds styles that this document may not have; nothing where the browser cannot. They are whole layers, whose order it knows.
/// They come as a sheet of the program's own, as the policy knows no others than the document came with.
fn adopt(styles: &str) -> Option<()> {
    if with(|state| state.styles.iter().any(|known| known == styles))? {
        return Some(());
    }
    let sheet = CssStyleSheet::new().ok()?;
    sheet.replace_sync(styles).ok()?;
    document().adopted_style_sheets().push(&sheet);
    with(|state| state.styles.push(styles.to_owned()))
}

/// Whether the service worker answers for this page: it has something to show without a network as well.
fn has_worker() -> bool {
    let workers = window().navigator().service_worker();
    !workers.is_undefined() && workers.controller().is_some()
}

/// Leaves a visit to the browser. Without a network this page stays and says so, which is more than the browser could show.
pub fn leave_for(url: &str) {
    match by_id::<HtmlAnchorElement>("offline-again") {
        Some(again) if !window().navigator().on_line() && !has_worker() => {
            again.set_href(url);
            show_part("offline", true);
        }
        _ => drop(window().location().assign(url)),
    }
}

/// Leaves it to the browser.
fn load(url: &str, cause: Cause) {
    let location = window().location();
    let _ = match cause {
        Cause::Visit => return leave_for(url),
        // The address is there already.
        Cause::Again | Cause::Traverse(_) => location.reload(),
    };
}

// Showing

thread_local! {
    static IGNORE: Function = Closure::<dyn FnMut()>::new(|| {}).into_js_value().unchecked_into();
    static SHOW_PROGRESS: Function = Closure::<dyn FnMut()>::new(|| show_progress(true)).into_js_value().unchecked_into();
}

async fn show(page: Document, url: String, cause: Cause, turn: u32) {
    let swap = move || {
        // A later click may have come while the transition was being prepared.
        if with(|state| state.turn) == Some(turn) {
            swap(&page, &url, cause);
        }
    };
    let document: TransitionDocument = document().unchecked_into();
    let still =
        window().match_media("(prefers-reduced-motion: reduce)").ok().flatten().is_some_and(|query| query.matches());
    if still || Reflect::has(&document, &"startViewTransition".into()) != Ok(true) {
        swap();
        return;
    }
    let transition = document.start_view_transition(Closure::once_into_js(swap).unchecked_ref());
    // A transition that cannot be animated, in a hidden tab for instance, rejects these; the swap happens all the same.
    IGNORE.with(|ignore| drop(transition.ready().catch2(ignore)));
    let _ = JsFuture::from(transition.update_callback_done()).await;
}

fn swap(page: &Document, url: &str, cause: Cause) {
    let document = document();
    let Some(module) = with(|state| state.module.clone()) else { return };
    keep_grown(&document);
    // The entry is marked now and not at the click: until now the old page was shown, and scrolled.
    match cause {
        Cause::Visit => history::show(history::push(url)),
        Cause::Traverse(entry) => history::show(entry),
        Cause::Again => history::replace(url),
    }
    let focused = document.active_element().map(|element| element.id()).filter(|id| !id.is_empty());
    // Keys that came while the page was on its way are not lost: its filter begins with them.
    if with(|state| state.typed) == Some(true)
        && !matches!(cause, Cause::Traverse(_))
        && let Some(id) = &focused
        && let (Some(old), Some(new)) = (by_id::<HtmlInputElement>(id), page.get_element_by_id(id))
    {
        new.unchecked_into::<HtmlInputElement>().set_value(&old.value());
    }
    swap_head(&document, page);
    let same_language = swap_root(&document, page);
    let parts: &[&str] = if same_language {
        &["main"]
    } else {
        &[".skip-link", ".site-header", "main", ".site-footer", "#progress", "#offline"]
    };
    for part in parts {
        swap_part(&document, page, part, &module);
    }
    if same_language {
        mark_current(&document, page);
    }
    // A menu that led here closes, as it would with a load.
    if let Ok(Some(menu)) = document.query_selector(".site-header details[open]") {
        let _ = menu.remove_attribute("open");
    }
    with(|state| state.shown = here());
    if let Cause::Traverse(entry) = cause {
        restore_grown(entry);
    }
    arrive(&document, cause, focused);
}

/// How many lists that grew are kept.
const GROWN: usize = 8;

/// Keeps a list to which the reader has added, so that Back leads to what they came from.
fn keep_grown(document: &Document) {
    let Ok(Some(list)) = document.query_selector("#posts[data-grown]") else { return };
    let rest = by_id::<Element>("older-posts").and_then(|link| link.get_attribute("href"));
    let entry = history::shown();
    with(|state| {
        state.grown.retain(|(of, ..)| *of != entry);
        if state.grown.len() == GROWN {
            state.grown.remove(0);
        }
        state.grown.push((entry, list, rest));
    });
}

fn restore_grown(entry: f64) {
    let kept = with(|state| state.grown.iter().find(|(of, ..)| *of == entry).cloned());
    let (Some((_, list, rest)), Some(new)) = (kept.flatten(), by_id::<Element>("posts")) else { return };
    let _ = new.replace_with_with_node_1(&list);
    if let Some(link) = by_id::<Element>("older-posts") {
        match rest {
            Some(rest) => drop(link.set_attribute("href", &rest)),
            None => link.remove(),
        }
    }
}

fn swap_head(document: &Document, page: &Document) {
    document.set_title(&page.title());
    let (Some(head), Ok(old), Ok(new)) =
        (document.head(), document.query_selector_all(HEAD), page.query_selector_all(HEAD))
    else {
        return;
    };
    each::<Element>(old).for_each(|element| element.remove());
    each::<Element>(new).for_each(|element| drop(head.append_child(&element)));
}

/// Takes over the language and direction; tells whether they were the same. The style learns that this is not the first page.
fn swap_root(document: &Document, page: &Document) -> bool {
    let (Some(old), Some(new)) = (document.document_element(), page.document_element()) else { return true };
    let same = old.get_attribute("lang") == new.get_attribute("lang");
    for name in ["lang", "dir"] {
        if let Some(value) = new.get_attribute(name) {
            let _ = old.set_attribute(name, &value);
        }
    }
    let _ = old.set_attribute("data-moved", "");
    same
}

fn swap_part(document: &Document, page: &Document, selector: &str, module: &JsValue) {
    let (Ok(Some(old)), Ok(Some(new))) = (document.query_selector(selector), page.query_selector(selector)) else {
        return;
    };
    islands::dispose_within(&old);
    if old.replace_with_with_node_1(&new).is_ok() {
        islands::hydrate_within(&new, module);
    }
}

/// Marks in the header which page this is, as the new page's own header does, and takes over its addresses: those of the same
/// page in other languages.
fn mark_current(document: &Document, page: &Document) {
    const LINKS: &str = ".site-header a";
    let (Ok(old), Ok(new)) = (document.query_selector_all(LINKS), page.query_selector_all(LINKS)) else { return };
    for (old, new) in each::<Element>(old).zip(each::<Element>(new)) {
        for name in ["href", "aria-current"] {
            let _ = match new.get_attribute(name) {
                Some(value) => old.set_attribute(name, &value),
                None => old.remove_attribute(name),
            };
        }
    }
}

/// Puts focus and scroll where an ordinary load would, and says to a screen reader what page this is.
fn arrive(document: &Document, cause: Cause, focused: Option<String>) {
    let target = window().location().hash().ok().and_then(|hash| hash_target(&hash));
    // A filter that was submitted keeps the keyboard: its field is on the new page too.
    let field = focused
        .and_then(|id| by_id::<HtmlElement>(&id))
        .filter(|element| element.closest("main").is_ok_and(|main| main.is_some()));
    let heading = || document.query_selector("h1").ok()??.dyn_into::<HtmlElement>().ok();
    if let Some(element) = field.or_else(|| target.clone()).or_else(heading) {
        focus(&element);
    }
    if let Some(announcer) = by_id::<HtmlElement>("announcer") {
        announcer.set_text_content(Some(&document.title()));
    }
    match (cause, target) {
        (Cause::Traverse(_), _) => history::restore_scroll(),
        (_, Some(target)) => target.scroll_into_view(),
        _ => history::scroll_to(0.0),
    }
}

fn hash_target(hash: &str) -> Option<HtmlElement> {
    let id = js_sys::decode_uri_component(hash.strip_prefix('#')?).ok()?.as_string()?;
    by_id(&id)
}

/// Focuses an element that may not be focusable by itself. The scroll position is decided elsewhere.
fn focus(element: &HtmlElement) {
    if element.tab_index() < 0 {
        let _ = element.set_attribute("tabindex", "-1");
    }
    let options = web_sys::FocusOptions::new();
    options.set_prevent_scroll(true);
    let _ = element.focus_with_options(&options);
}

fn show_progress_when_slow() -> i32 {
    SHOW_PROGRESS
        .with(|show| window().set_timeout_with_callback_and_timeout_and_arguments_0(show, SLOW))
        .unwrap_or_default()
}

fn show_progress(visible: bool) {
    show_part("progress", visible);
}

fn show_part(id: &str, visible: bool) {
    if let Some(part) = by_id::<HtmlElement>(id) {
        part.set_hidden(!visible);
    }
}

pub(super) fn here() -> String {
    let location = window().location();
    path_and_query(&location.pathname().unwrap_or_default(), &location.search().unwrap_or_default())
}

pub(super) fn path_and_query(path: &str, query: &str) -> String {
    format!("{path}{query}")
}

// web-sys has no stable binding for view transitions.
#[wasm_bindgen]
extern "C" {
    type TransitionDocument;
    #[wasm_bindgen(method, js_name = startViewTransition)]
    fn start_view_transition(this: &TransitionDocument, update: &Function) -> ViewTransition;

    type ViewTransition;
    #[wasm_bindgen(method, getter)]
    fn ready(this: &ViewTransition) -> Rejectable;
    #[wasm_bindgen(method, getter, js_name = updateCallbackDone)]
    fn update_callback_done(this: &ViewTransition) -> Promise;

    type Rejectable;
    #[wasm_bindgen(method, js_name = catch)]
    fn catch2(this: &Rejectable, ignore: &Function) -> Rejectable;
}
