//! What programs look for at fixed addresses: `/robots.txt`, `/.well-known/security.txt`, `/manifest.webmanifest`.

use crate::{
    error::AppError,
    i18n::Lang,
    server::{changes::shows_this_moment, site},
    ui::t,
};
use axum::{
    http::header,
    response::{IntoResponse, Response},
};
use jiff::{Timestamp, tz::TimeZone};
use serde_json::json;
use std::fmt::Write as _;

/// Everything may be read; what is only for programs need not be.
pub async fn robots() -> Response {
    let base = &site().settings.base_url;
    text(format!("User-agent: *\nDisallow: /api/\nDisallow: /theme\nDisallow: /data\n\nSitemap: {base}/sitemap.xml\n"))
}

/// How to report a weakness (RFC 9116), until the day that the operator set: a contact that nobody looks after any more is
/// worse than none.
pub async fn security() -> Result<Response, AppError> {
    let site = site();
    let settings = &site.settings;
    // Nothing is changed on the day on which it ends.
    shows_this_moment();
    let (Some(contact), Some(expires)) = (&settings.security_contact, settings.security_expires) else {
        return Err(AppError::NotFound);
    };
    if Timestamp::now() >= expires {
        return Err(AppError::NotFound);
    }
    let base = &settings.base_url;
    let languages = Lang::all().map(Lang::tag).collect::<Vec<_>>().join(", ");
    let mut body = String::new();
    // Writing to a String does not fail.
    let _ = write!(
        body,
        "Contact: {contact}\nExpires: {expires}\nPreferred-Languages: {languages}\nCanonical: {base}/.well-known/security.txt\n"
    );
    Ok(text(body))
}

/// What the operator should know of the security contact; nothing where all is well.
pub fn security_note(contact: Option<&str>, expires: Option<Timestamp>, now: Timestamp) -> Option<String> {
    let day = |at: Timestamp| TimeZone::UTC.to_datetime(at).date();
    match (contact, expires) {
        (None, _) => Some("security.txt is not served: set PAVISE_SECURITY_CONTACT and PAVISE_SECURITY_EXPIRES".into()),
        (Some(_), None) => {
            Some("security.txt is not served: set PAVISE_SECURITY_EXPIRES to a day within a year".into())
        }
        (Some(_), Some(at)) if at <= now => Some(format!(
            "security.txt is not served: it expired on {}; check the contact and set PAVISE_SECURITY_EXPIRES anew",
            day(at)
        )),
        (Some(_), Some(at)) if at.duration_since(now).as_hours() < 30 * 24 => {
            Some(format!("security.txt expires on {}: check the contact and set PAVISE_SECURITY_EXPIRES anew", day(at)))
        }
        (Some(_), Some(at)) if at.duration_since(now).as_hours() > 366 * 24 => {
            Some(format!("security.txt expires on {}: RFC 9116 asks for less than a year", day(at)))
        }
        _ => None,
    }
}

/// How the site presents itself when it is installed.
pub async fn manifest(lang: Lang) -> Response {
    let manifest = json!({
        "name": format!("{}: {}", t!(lang, "site-name"), t!(lang, "home-title")),
        "short_name": t!(lang, "site-name"),
        "description": t!(lang, "footer-about"),
        "lang": lang.tag(),
        "dir": lang.dir(),
        "id": lang.path("/"),
        "start_url": format!("{}?installed", lang.path("/")),
        "scope": "/",
        "display": "minimal-ui",
        "background_color": "#fdfbf6",
        "theme_color": "#fdfbf6",
        "icons": [
            { "src": "/favicon.svg", "sizes": "any", "type": "image/svg+xml" },
            { "src": "/icon-192.png", "sizes": "192x192", "type": "image/png" },
            { "src": "/icon-512.png", "sizes": "512x512", "type": "image/png" },
            { "src": "/icon-maskable-512.png", "sizes": "512x512", "type": "image/png", "purpose": "maskable" },
        ],
        "shortcuts": [
            { "name": t!(lang, "posts-title"), "url": lang.path("/blog/") },
            { "name": t!(lang, "nav-plan"), "url": lang.path("/action-plan/") },
            { "name": t!(lang, "search-title"), "url": lang.path("/search/") },
            { "name": t!(lang, "offline-title"), "url": lang.path("/offline/") },
        ],
        // What another program shares is looked for here.
        "share_target": {
            "action": lang.path("/search/shared/"),
            "method": "GET",
            "params": { "title": "title", "text": "text", "url": "url" },
        },
    });
    let headers =
        [(header::CONTENT_TYPE, "application/manifest+json"), (header::CACHE_CONTROL, "public, max-age=86400")];
    (headers, manifest.to_string()).into_response()
}

fn text(body: String) -> Response {
    let headers =
        [(header::CONTENT_TYPE, "text/plain; charset=utf-8"), (header::CACHE_CONTROL, "public, max-age=3600")];
    (headers, body).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_operator_is_told_before_the_contact_expires() {
        let at = |day: &str| format!("{day}T00:00:00Z").parse::<Timestamp>().expect("a moment");
        let note = |expires| security_note(Some("mailto:a@example.org"), Some(at(expires)), at("2026-11-24"));
        assert_eq!(note("2027-06-01"), None);
        assert!(note("2026-11-24").expect("a note").contains("it expired on 2026-11-24"));
        assert!(note("2026-12-01").expect("a note").contains("expires on 2026-12-01"));
        assert!(note("2028-06-01").expect("a note").contains("less than a year"));
        assert!(security_note(None, None, at("2026-11-24")).expect("a note").contains("PAVISE_SECURITY_CONTACT"));
    }
}
