//! What rendering costs: one document made twice, by Leptos and by hand. In the bench build only (`--features bench`).

use crate::{
    server::{router::MOMENTARY, state::Site},
    ui::page::without_markers,
};
use axum::{Router, response::Html, routing::get};
use leptos::prelude::*;
use sha2::{Digest, Sha256};
use std::sync::LazyLock;

/// The table as Leptos renders it at `/bench/table/`, and the same bytes written by hand at `/bench/table/by-hand/`.
pub fn pages() -> Router<Site> {
    Router::new()
        .route("/bench/table/", get(async || (MOMENTARY, Html(rendered()))))
        .route("/bench/table/by-hand/", get(async || (MOMENTARY, Html(by_hand()))))
}

/// A thousand rows of two UUIDs each.
static ROWS: LazyLock<Vec<[String; 2]>> = LazyLock::new(|| (0..1000).map(|row| [uuid(row, 0), uuid(row, 1)]).collect());

/// A UUID of version 8, the same ones each time.
fn uuid(row: u16, column: u8) -> String {
    let mut bytes = <[u8; 32]>::from(Sha256::digest([row.to_be_bytes().as_slice(), &[column]].concat()));
    bytes[6] = bytes[6] & 0x0f | 0x80;
    bytes[8] = bytes[8] & 0x3f | 0x80;
    let hex: String = bytes[..16].iter().map(|byte| format!("{byte:02x}")).collect();
    format!("{}-{}-{}-{}-{}", &hex[..8], &hex[8..12], &hex[12..16], &hex[16..20], &hex[20..])
}

#[component]
fn Row(cells: &'static [String; 2]) -> impl IntoView {
    let [first, second] = cells;
    view! { <tr><td>{first.as_str()}</td><td>{second.as_str()}</td></tr> }
}

fn rendered() -> String {
    let document = view! {
        <!DOCTYPE html>
        <html lang="en">
            <head><meta charset="utf-8" /><title>"Table"</title></head>
            <body><table><tbody>{ROWS.iter().map(|cells| view! { <Row cells=cells /> }).collect_view()}</tbody></table></body>
        </html>
    };
    without_markers(&document.to_html())
}

fn by_hand() -> String {
    let mut html = String::with_capacity(128 * 1024);
    html.push_str(r#"<!DOCTYPE html><html lang="en"><head><meta charset="utf-8"><title>Table</title></head>"#);
    html.push_str("<body><table><tbody>");
    for [first, second] in ROWS.iter() {
        html.push_str("<tr><td>");
        escape(first, &mut html);
        html.push_str("</td><td>");
        escape(second, &mut html);
        html.push_str("</td></tr>");
    }
    html.push_str("</tbody></table></body></html>");
    html
}

/// As anyone who writes HTML by hand has to.
fn escape(text: &str, html: &mut String) {
    let mut rest = text;
    while let Some(at) = rest.find(['&', '<', '>']) {
        html.push_str(&rest[..at]);
        html.push_str(match rest.as_bytes()[at] {
            b'&' => "&amp;",
            b'<' => "&lt;",
            _ => "&gt;",
        });
        rest = &rest[at + 1..];
    }
    html.push_str(rest);
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_ways_make_the_same_bytes() {
        assert_eq!(rendered(), by_hand());
        assert_eq!(rendered().matches("<tr>").count(), 1000);
        assert_eq!(uuid(0, 0).len(), 36);
    }
}
