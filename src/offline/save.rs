//! The button that saves a page.

use super::island::SaveIsland;
use crate::{i18n::Lang, ui::t};
use leptos::prelude::*;

/// The button that keeps a page with its pictures for reading without a network. It takes its place and is not seen until the
/// browser is known to be able to.
#[component]
pub fn SaveButton(
    /// The language of the page.
    lang: Lang,
    /// The address of the page in the default language.
    path: String,
) -> impl IntoView {
    view! {
        <SaveIsland>
            <button
                id="save"
                class="save-button"
                type="button"
                aria-pressed="false"
                data-at=lang.path("/offline/")
                data-path=lang.path(&path)
            >
                <svg class="icon" viewBox="0 0 16 16" aria-hidden="true">
                    <path d="M4 2h8v12l-4-3.5L4 14z"></path>
                </svg>
                {t!(lang, "save")}
            </button>
            <p
                id="save-status"
                class="save-status"
                role="status"
                data-saving=t!(lang, "save-under-way")
                data-saved=t!(lang, "told-saved")
                data-removed=t!(lang, "told-removed")
                data-full=t!(lang, "told-full")
                data-failed=t!(lang, "told-failed")
            ></p>
        </SaveIsland>
    }
}
