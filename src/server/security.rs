//! The headers that every answer carries, and the policy of what a page may load and run.

use super::state::Site;
use crate::browser::LOADER;
use axum::{
    extract::{Request, State},
    http::{HeaderMap, HeaderName, HeaderValue, header},
    middleware::Next,
    response::Response,
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use sha2::{Digest, Sha256};

/// The Content-Security-Policy of answers without styles of their own.
#[derive(Clone, Debug)]
pub struct Csp(HeaderValue);

impl Csp {
    /// The policy for answers with the loader. Under `watch`, the reload script and the styles it brings may run as well.
    pub fn new(watch: bool) -> Self {
        Self(match watch {
            true => policy("'unsafe-inline'", "'self' 'unsafe-inline'", "'self' ws:", ""),
            false => strict("'none'"),
        })
    }

    /// Adds this policy and what else keeps a reader safe to the headers of an answer; what is there already stays.
    pub fn protect(&self, headers: &mut HeaderMap) {
        for (name, value) in ALWAYS {
            headers.entry(name).or_insert(HeaderValue::from_static(value));
        }
        headers.entry(header::CONTENT_SECURITY_POLICY).or_insert_with(|| self.0.clone());
    }
}

/// Adds the headers to an answer; a Content-Security-Policy that a handler set stays.
pub async fn headers(State(site): State<Site>, request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    site.assets.csp.protect(response.headers_mut());
    response
}

/// What lets other sites and feed readers show a picture of this one.
pub const SHOWN_ELSEWHERE: (HeaderName, &str) =
    (HeaderName::from_static("cross-origin-resource-policy"), "cross-origin");

/// The headers of an answer that is words alone: of who is sent away, or came too early.
pub fn of_words() -> impl Iterator<Item = (HeaderName, &'static str)> {
    ALWAYS.into_iter().chain([(header::CONTENT_SECURITY_POLICY, "default-src 'none'; frame-ancestors 'none'")])
}

const ALWAYS: [(HeaderName, &str); 5] = [
    (header::X_CONTENT_TYPE_OPTIONS, "nosniff"),
    (header::REFERRER_POLICY, "strict-origin-when-cross-origin"),
    (
        HeaderName::from_static("permissions-policy"),
        "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    ),
    (HeaderName::from_static("cross-origin-opener-policy"), "same-origin"),
    (HeaderName::from_static("cross-origin-resource-policy"), "same-origin"),
];

/// The policy of a page with these inline styles: by hashes and not by nonces, so that a page's bytes are the same for all.
pub fn policy_with_styles(css: &str) -> HeaderValue {
    strict(&hash_source(css))
}

/// The policy for readers: no script but the loader and the site's files, and no text becomes markup or a script but by the
/// loader's rule (Trusted Types).
fn strict(styles: &str) -> HeaderValue {
    policy(&hash_source(&LOADER), styles, "'self'", "; require-trusted-types-for 'script'; trusted-types pavise")
}

fn policy(scripts: &str, styles: &str, connections: &str, more: &str) -> HeaderValue {
    let policy = format!(
        "default-src 'none'; script-src 'self' {scripts} 'wasm-unsafe-eval'; style-src {styles}; \
         img-src 'self'; font-src 'self'; connect-src {connections}; manifest-src 'self'; form-action 'self'; \
         base-uri 'none'; frame-ancestors 'none'{more}"
    );
    HeaderValue::from_str(&policy).unwrap_or(HeaderValue::from_static("default-src 'none'"))
}

fn hash_source(inline: &str) -> String {
    format!("'sha256-{}'", STANDARD.encode(Sha256::digest(inline)))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_policy_allows_what_the_page_has_inline_and_nothing_else() {
        let policy = policy_with_styles("body{}").to_str().map(str::to_owned).expect("text");
        // printf 'body{}' | openssl dgst -sha256 -binary | base64
        assert!(policy.contains("style-src 'sha256-fJgEClQWV1hGkK4qHMO0KotTsVnMYMXTq7/suurGyUo='"), "{policy}");
        assert!(policy.starts_with("default-src 'none';"));
        assert!(!policy.contains("unsafe-inline") && !policy.contains("'unsafe-eval'"));
    }
}
