//! What a page tells programs of itself: JSON-LD in schema.org's words.

use super::t;
use crate::{documents::Kind, i18n::Lang, posts::Post};
use serde_json::{Value, json};

/// A step on the way to a page: its title, and its address in the default language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What the link shows.
    pub title: String,
    /// Where it leads.
    pub path: String,
}

/// A value as it may stand within `<script>`: nothing in it ends the element.
pub fn script(value: &Value) -> String {
    value.to_string().replace('<', "\\u003c")
}

/// The steps to a page, the page itself last.
pub fn breadcrumbs(lang: Lang, base: &str, steps: &[&Step]) -> Value {
    let item = |(position, step): (usize, &&Step)| {
        json!({
            "@type": "ListItem",
            "position": position + 1,
            "name": step.title,
            "item": format!("{base}{}", lang.path(&step.path)),
        })
    };
    json!({
        "@context": "https://schema.org",
        "@type": "BreadcrumbList",
        "itemListElement": steps.iter().enumerate().map(item).collect::<Vec<_>>(),
    })
}

/// The site and the organisation behind it.
pub fn website(lang: Lang, base: &str) -> Value {
    json!({
        "@context": "https://schema.org",
        "@graph": [organization(lang, base), {
            "@type": "WebSite",
            "@id": format!("{base}/#website"),
            "url": format!("{base}{}", lang.path("/")),
            "name": t!(lang, "site-name"),
            "description": t!(lang, "footer-about"),
            "inLanguage": lang.tag(),
            "publisher": { "@id": format!("{base}/#organization") },
        }],
    })
}

fn organization(lang: Lang, base: &str) -> Value {
    json!({
        "@type": "Organization",
        "@id": format!("{base}/#organization"),
        "name": t!(lang, "site-name"),
        "url": format!("{base}/"),
        "logo": format!("{base}/icon-512.png"),
    })
}

/// A post, in the language in which its words are shown; `card` is the address of its picture for link previews.
pub fn blog_posting(lang: Lang, base: &str, post: &Post, card: &str) -> Value {
    let summary = &post.summary;
    let address = format!("{base}{}", lang.path(&summary.path()));
    let mut pictures = vec![format!("{base}{card}")];
    pictures.extend(summary.picture.iter().map(|picture| format!("{base}{}", picture.path())));
    let author = post.author.as_ref().map_or_else(
        || json!({ "@id": format!("{base}/#organization") }),
        |author| {
            json!({
                "@type": "Organization",
                "name": author.title,
                "url": format!("{base}{}", lang.path(&Kind::Author.path(&author.slug))),
            })
        },
    );
    json!({
        "@context": "https://schema.org",
        "@type": "BlogPosting",
        "@id": address,
        "url": address,
        "mainEntityOfPage": address,
        "headline": summary.title,
        "description": summary.summary,
        "inLanguage": post.body_lang.tag(),
        "datePublished": summary.published.to_string(),
        "dateModified": summary.changed().to_string(),
        "image": pictures,
        "keywords": post.topics.iter().map(|topic| topic.title.as_str()).collect::<Vec<_>>(),
        "author": author,
        "publisher": organization(lang, base),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_in_a_value_ends_the_script() {
        let value = json!({ "name": "</script><script>alert(1)</script>" });
        let script = script(&value);
        assert!(!script.contains('<'), "{script}");
        assert_eq!(serde_json::from_str::<Value>(&script).expect("JSON"), value);
    }
}
