//! The few steps through the document that islands and navigation share.

use leptos::{
    wasm_bindgen::JsCast,
    web_sys::{Document, Element, HtmlElement, NodeList, Window},
};

/// The window. There is always one: this half runs in pages only.
pub fn window() -> Window {
    leptos::prelude::window()
}

/// The document that the reader sees.
pub fn document() -> Document {
    leptos::prelude::document()
}

/// The element with this id, as a `T`.
pub fn by_id<T: JsCast>(id: &str) -> Option<T> {
    document().get_element_by_id(id)?.dyn_into().ok()
}

/// The elements of a list that are a `T`.
pub fn each<T: JsCast>(list: NodeList) -> impl Iterator<Item = T> {
    (0..list.length()).filter_map(move |index| list.item(index)?.dyn_into().ok())
}

/// Shows those children of the element `list` for which `keep` holds, hides the others, and says how many in the status
/// line `status`. Its `data-some` and `data-none` have the words; `{count}` and `{total}` stand for the numbers.
pub fn narrow(list: &str, status: &str, keep: impl Fn(&HtmlElement) -> bool) {
    let Some(list) = by_id::<Element>(list) else { return };
    let items = list.children();
    let (mut count, total) = (0, items.length());
    for index in 0..total {
        let Some(item) = items.item(index).and_then(|item| item.dyn_into::<HtmlElement>().ok()) else { continue };
        let kept = keep(&item);
        item.set_hidden(!kept);
        count += u32::from(kept);
    }
    let Some(status) = by_id::<HtmlElement>(status) else { return };
    let words = status.dataset().get(if count == 0 { "none" } else { "some" }).unwrap_or_default();
    let words = words.replace("{count}", &localized(count)).replace("{total}", &localized(total));
    if status.text_content().as_deref() != Some(&words) {
        status.set_text_content(Some(&words));
    }
}

/// A number as the page's language writes it.
pub fn localized(number: u32) -> String {
    let lang = document().document_element().and_then(|root| root.get_attribute("lang")).unwrap_or_default();
    js_sys::Number::from(number).to_locale_string(&lang).into()
}
