//! The pack for the service worker and any other client: `GET /api/pack`.

#![expect(missing_docs, reason = "`#[server]` makes a struct of each function's arguments, which their docs describe")]

use super::Pack;
#[cfg(feature = "ssr")]
use super::pack;
use crate::{error::AppError, i18n::Lang};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The 20 latest posts as text for a reader of `lang`, at most 300 kB of them. Those whose names are in `have`, with commas between
/// them, are named and not sent again.
#[server(prefix = "/api", endpoint = "pack", input = GetUrl)]
pub async fn get_pack(#[server(default)] lang: Lang, #[server(default)] have: String) -> Result<Pack, AppError> {
    pack::of(lang, &have).await
}
