//! Waking islands and putting them to sleep.

use super::dom::each;
use js_sys::{Function, Reflect};
use wasm_bindgen::{JsCast, JsValue};
use web_sys::{Element, HtmlElement};

const ISLAND: &str = "leptos-island";
/// Leptos leaves a function of this name on a hydrated island; calling it once drops the island's state.
const DISPOSE: &str = "$$dispose";

/// Wakes each island below `root` that is not awake yet, in document order.
pub fn hydrate_within(root: &Element, module: &JsValue) {
    for island in islands(root) {
        if Reflect::has(&island, &DISPOSE.into()) == Ok(true) {
            continue;
        }
        let Some(wake) = function_of(&island, module) else { continue };
        // An island among the children of another belongs to that one's reactive owner, which this call makes current.
        if let Some(children) = island.parent_element().and_then(|parent| parent.closest("leptos-children").ok()?)
            && let Some(enter) = function(&children, "$$on_hydrate")
        {
            let _ = enter.call0(&JsValue::NULL);
        }
        let _ = wake.call1(&JsValue::NULL, &island);
    }
}

/// Drops the state of each island below `root`.
pub fn dispose_within(root: &Element) {
    for island in islands(root) {
        if let Some(dispose) = function(&island, DISPOSE) {
            let _ = Reflect::delete_property(&island, &DISPOSE.into());
            let _ = dispose.call0(&JsValue::NULL);
        }
    }
}

/// Whether `module` can wake every island below `root`. After a new release it may not.
pub fn all_known(root: &Element, module: &JsValue) -> bool {
    islands(root).all(|island| function_of(&island, module).is_some())
}

fn islands(root: &Element) -> impl Iterator<Item = HtmlElement> + use<> {
    root.query_selector_all(ISLAND).ok().into_iter().flat_map(each)
}

fn function_of(island: &Element, module: &JsValue) -> Option<Function> {
    function(module, &island.get_attribute("data-component")?)
}

fn function(object: &JsValue, name: &str) -> Option<Function> {
    Reflect::get(object, &name.into()).ok()?.dyn_into().ok()
}
