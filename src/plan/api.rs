//! The Action Plan for pages and any other client: `GET /api/get_plan`.

#![expect(missing_docs, reason = "`#[server]` makes a struct of each function's arguments, which their docs describe")]

use super::{Plan, PlanYear};
use crate::{error::AppError, i18n::Lang};
use leptos::{prelude::*, server_fn::codec::GetUrl};

/// The plan of `year`, or of the latest year where none is given; `NotFound` where there is none.
#[server(prefix = "/api", endpoint = "get_plan", input = GetUrl)]
pub async fn get_plan(
    #[server(default)] lang: Lang,
    #[server(default)] year: Option<PlanYear>,
) -> Result<Plan, AppError> {
    super::store::plan(&crate::server::db(), lang, year).await?.ok_or(AppError::NotFound)
}
