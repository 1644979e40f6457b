//! What runs in the reader's browser and belongs to no slice.
//!
//! `start.js` is the only hand-written JavaScript of a page. It waits for the first paint (where the reader wants little data: for
//! a button or a field to be pressed), fetches the module and its WebAssembly side by side and calls [`hydrate`]. Whatever fails there,
//! the page stays as it is: whole, with links and forms that work. Back to an entry that an earlier life of the page made in
//! place has nobody to show it until then, so the loader reloads.
//!
//! Read `navigation.rs` next, with `ahead.rs` for pages that are fetched before a click and `history.rs` for scroll positions; `theme.rs` is the island in the header, `dom.rs` what
//! islands share.

#[cfg(feature = "hydrate")]
mod ahead;
pub mod dom;
#[cfg(feature = "hydrate")]
mod history;
#[cfg(feature = "hydrate")]
mod islands;
#[cfg(feature = "hydrate")]
mod navigation;
pub mod theme;

/// The loader, as it stands in every page: without what is only for those who read it here. The Content-Security-Policy names its
/// hash.
#[cfg(feature = "ssr")]
pub static LOADER: std::sync::LazyLock<String> = std::sync::LazyLock::new(|| {
    let lines = include_str!("start.js").lines().map(str::trim_start);
    lines.filter(|line| !line.starts_with("//")).collect::<Vec<_>>().join("\n")
});

/// Makes the address say what a filter shows, so that a reload, a bookmark and Back give it again.
pub fn set_query(name: &str, value: &str) {
    #[cfg(feature = "hydrate")]
    navigation::set_query(name, value);
    #[cfg(feature = "ssr")]
    let _ = (name, value);
}

/// Fetches the page at `url` for what is in it, and hands it to `show`; nothing on any doubt or error.
pub fn with_page(url: String, show: impl FnOnce(Option<web_sys::Document>) + 'static) {
    #[cfg(feature = "hydrate")]
    navigation::with_page(url, show);
    #[cfg(feature = "ssr")]
    let _ = (url, show);
}

/// Goes to the page at `url`, as a link to it would.
pub fn visit(url: &str) {
    #[cfg(feature = "hydrate")]
    navigation::visit(url);
    #[cfg(feature = "ssr")]
    let _ = url;
}

/// Goes to `url` as the browser would; without a network this page stays and says so.
pub fn leave_for(url: &str) {
    #[cfg(feature = "hydrate")]
    navigation::leave_for(url);
    #[cfg(feature = "ssr")]
    let _ = url;
}

/// Wakes the islands of the page and takes over navigation. `module` is the JavaScript module that loaded this one: it has
/// a function for each island, by name. `parse` makes a document of HTML.
#[cfg(feature = "hydrate")]
#[wasm_bindgen::prelude::wasm_bindgen]
pub fn hydrate(module: wasm_bindgen::JsValue, parse: js_sys::Function) {
    leptos::mount::hydrate_islands();
    if let Some(root) = dom::document().document_element() {
        islands::hydrate_within(&root, &module);
    }
    navigation::start(module, parse);
}
