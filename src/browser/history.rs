//! The entries of this tab's history, each with a number in its state, and where the reader was on each.

use super::dom::window;
use js_sys::{Array, Date, JSON, Map};
use std::cell::RefCell;
use wasm_bindgen::JsCast;
use web_sys::{ScrollBehavior, ScrollRestoration, ScrollToOptions};

/// Where the positions are kept, so that they outlive a reload.
const STORE: &str = "scroll";
/// How many positions are kept.
const POSITIONS: u32 = 100;

thread_local! {
    static STATE: RefCell<Option<State>> = const { RefCell::new(None) };
}

struct State {
    /// The entry that is shown.
    shown: f64,
    /// Scroll positions by entry, oldest first. JavaScript's own map and numbers: printing floats in Rust costs 10 kB.
    positions: Map,
}

/// Takes scrolling over from the browser, beginning with the current entry.
pub fn start() {
    let shown = current().unwrap_or_else(mark);
    STATE.set(Some(State { shown, positions: stored_positions() }));
    scroll_by_hand(true);
    // The reader came back to this entry and the browser had not put them in their place yet: from now on it does not.
    if window().scroll_y() == Ok(0.0) {
        restore_scroll();
    }
}

/// The number of the current entry; none if it came from elsewhere, by a jump within the page for instance.
pub fn current() -> Option<f64> {
    window().history().ok()?.state().ok()?.as_f64()
}

/// Gives the current entry a number.
pub fn mark() -> f64 {
    let entry = new_entry();
    if let Ok(history) = window().history() {
        let _ = history.replace_state(&entry.into(), "");
    }
    entry
}

/// Adds an entry with this address and makes it the current one.
pub fn push(url: &str) -> f64 {
    let entry = new_entry();
    if let Ok(history) = window().history() {
        let _ = history.push_state_with_url(&entry.into(), "", Some(url));
    }
    entry
}

/// Gives the current entry this address; it keeps its number.
pub fn replace(url: &str) {
    if let Ok(history) = window().history() {
        let _ = history.replace_state_with_url(&history.state().unwrap_or_default(), "", Some(url));
    }
}

/// Says that this entry is what the reader sees now.
pub fn show(entry: f64) {
    with(|state| state.shown = entry);
}

/// The entry that the reader sees now.
pub fn shown() -> f64 {
    with(|state| state.shown).unwrap_or_default()
}

/// Notes where the reader is on the entry that is shown.
pub fn remember_scroll() {
    let y = window().scroll_y().unwrap_or_default();
    with(|state| {
        let entry = state.shown.into();
        state.positions.delete(&entry);
        state.positions.set(&entry, &y.into());
        if state.positions.size() > POSITIONS
            && let Ok(oldest) = state.positions.keys().next()
        {
            state.positions.delete(&oldest.value());
        }
    });
}

/// Goes where the reader was on the entry that is shown.
pub fn restore_scroll() {
    let position = with(|state| state.positions.get(&state.shown.into()).as_f64());
    scroll_to(position.flatten().unwrap_or_default());
}

/// Goes `y` CSS pixels down, at once.
pub fn scroll_to(y: f64) {
    let options = ScrollToOptions::new();
    options.set_top(y);
    options.set_behavior(ScrollBehavior::Instant);
    window().scroll_to_with_scroll_to_options(&options);
}

/// The page goes: from here on the browser restores the scroll position, of a reload for instance, by itself.
pub fn leave() {
    remember_scroll();
    scroll_by_hand(false);
    let positions = with(|state| JSON::stringify(&Array::from(&state.positions)).ok()).flatten();
    if let (Ok(Some(storage)), Some(positions)) = (window().session_storage(), positions) {
        let _ = storage.set_item(STORE, &String::from(positions));
    }
}

/// The page is shown, perhaps again after it was kept: scrolling is ours.
pub fn enter() {
    scroll_by_hand(true);
}

/// A number that no other entry of this tab has: navigations are further apart than a hundredth of a millisecond.
fn new_entry() -> f64 {
    Date::now() + window().performance().map_or(0.0, |performance| performance.now().fract())
}

fn with<T>(work: impl FnOnce(&mut State) -> T) -> Option<T> {
    STATE.with_borrow_mut(|state| state.as_mut().map(work))
}

fn stored_positions() -> Map {
    let positions = Map::new();
    let text = window().session_storage().ok().flatten().and_then(|storage| storage.get_item(STORE).ok()?);
    if let Some(pairs) = text.and_then(|text| JSON::parse(&text).ok()?.dyn_into::<Array>().ok()) {
        for pair in pairs.iter().filter_map(|pair| pair.dyn_into::<Array>().ok()) {
            positions.set(&pair.get(0), &pair.get(1));
        }
    }
    positions
}

fn scroll_by_hand(ours: bool) {
    if let Ok(history) = window().history() {
        let _ = history.set_scroll_restoration(if ours { ScrollRestoration::Manual } else { ScrollRestoration::Auto });
    }
}
