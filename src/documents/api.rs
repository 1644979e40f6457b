//! Documents for pages and any other client: `GET /api/get_document`, `/api/list_documents`.

#![expect(missing_docs, reason = "`#[server]` makes a struct of each function's arguments, which their docs describe")]

use super::{Document, Kind};
use crate::{error::AppError, i18n::Lang, posts::Slug};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The document of this `kind` with this `slug`; `NotFound` where there is none.
#[server(prefix = "/api", endpoint = "get_document", input = GetUrl)]
pub async fn get_document(#[server(default)] lang: Lang, kind: Kind, slug: Slug) -> Result<Document, AppError> {
    super::store::by_slug(&crate::server::db(), lang, kind, &slug).await?.ok_or(AppError::NotFound)
}

/// All documents of this `kind` by their titles.
#[server(prefix = "/api", endpoint = "list_documents", input = GetUrl)]
pub async fn list_documents(#[server(default)] lang: Lang, kind: Kind) -> Result<Vec<Document>, AppError> {
    Ok(super::store::all(&crate::server::db(), lang, kind).await?)
}
