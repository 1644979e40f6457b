//! Dates in a page: for the reader in words, for programs in `datetime`.

use crate::i18n::{Lang, long_date, long_day};
use jiff::{Timestamp, civil::Date};
use leptos::prelude::*;

/// The day of a moment, in UTC.
#[component]
pub fn PublishedOn(
    /// The language of the page.
    lang: Lang,
    /// The moment.
    at: Timestamp,
) -> impl IntoView {
    view! { <time datetime=at.to_string()>{long_date(lang, at)}</time> }
}

/// A day.
#[component]
pub fn Day(
    /// The language of the page.
    lang: Lang,
    /// The day.
    day: Date,
) -> impl IntoView {
    view! { <time datetime=day.to_string()>{long_day(lang, day)}</time> }
}
