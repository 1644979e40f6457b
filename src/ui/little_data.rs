//! Little data: pages for readers who pay for each byte, or wait for it. Pictures are their words and size until a tap loads them,
//! no font is loaded, nothing is fetched ahead, and the module only when the reader does something.
//!
//! A reader asks for it with the switch at the foot of each page, which is a cookie and wins, or their browser does with `Save-Data`;
//! the loader asks for them where the browser says it only in the page (`browser/start.js`).

use super::{choice, t};
use crate::{i18n::Lang, media, server::state::Site};
use axum::{
    Form,
    http::{HeaderMap, Uri},
    response::Response,
};
use leptos::prelude::*;
use serde::Deserialize;
use std::{collections::HashMap, fmt::Write as _};

/// How much data a page may cost.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum DataUse {
    /// What it needs.
    #[default]
    Full,
    /// As little as can be.
    Little,
}

impl DataUse {
    /// What the reader chose, or what their browser asks for.
    pub fn of(request: &HeaderMap) -> Self {
        match choice::cookie(request, COOKIE) {
            Some("little" | PREFERRED) => Self::Little,
            Some("full") => Self::Full,
            _ if request.get("save-data").is_some_and(|value| value.as_bytes().eq_ignore_ascii_case(b"on")) => {
                Self::Little
            }
            _ => Self::Full,
        }
    }

    /// Whether it is as little as can be.
    pub fn is_little(self) -> bool {
        self == Self::Little
    }

    fn name(self) -> &'static str {
        if self.is_little() { "little" } else { "full" }
    }

    fn other(self) -> Self {
        if self.is_little() { Self::Full } else { Self::Little }
    }
}

const COOKIE: &str = "data";
/// The id of the switch, which is far from the top of a page.
const SWITCH: &str = "data-switch";
/// What the loader writes for a browser that says it in the page alone, and takes back when it does not say so any more.
const PREFERRED: &str = "preferred";

/// The switch, with what it does.
#[component]
pub fn DataSwitch(
    /// The language of the page.
    lang: Lang,
    /// How it is now.
    now: DataUse,
    /// The address of the page.
    path: String,
) -> impl IntoView {
    let (words, button) = match now {
        DataUse::Full => (None, t!(lang, "data-little")),
        DataUse::Little => (Some(t!(lang, "data-is-little")), t!(lang, "data-full")),
    };
    view! {
        <form id=SWITCH class="data-switch" method="post" action="/data">
            <input type="hidden" name="back" value=path />
            {words.map(|words| view! { <p>{words}</p> })}
            <button type="submit" name="data" value=now.other().name()>{button}</button>
        </form>
    }
}

/// What the form sends.
#[derive(Deserialize)]
pub struct Choice {
    data: DataUse,
    back: String,
}

/// `POST /data`: keeps the choice in a cookie for a year and leads back.
pub async fn choose(uri: Uri, request: HeaderMap, Form(Choice { data, back }): Form<Choice>) -> Response {
    choice::keep(COOKIE, data.name(), &uri, &request, &back, Some(SWITCH))
}

/// The widest file of a picture that is loaded by a tap, in pixels.
const WIDEST: u32 = 640;

/// A page with each picture as a link to it, which says what the picture says and how large it is. What it becomes when it is
/// pressed stands after it, in a template (`browser/start.js`).
pub async fn with_words_for_pictures(site: &Site, lang: Lang, html: &str) -> String {
    let Some((start, end)) = html.find("<main").zip(html.rfind("</main>")) else { return html.to_owned() };
    let pictures = pictures(&html[start..end]);
    let mut sizes = HashMap::new();
    for file in pictures.iter().filter_map(|picture| picture.attribute("src")) {
        // Without its size a picture is a picture.
        sizes.extend(media::page::size(&site.db, file).await.map(|size| (file, size)));
    }
    let mut page = String::with_capacity(html.len());
    let mut done = 0;
    for picture in &pictures {
        page.push_str(&html[done..start + picture.start]);
        picture.write(&mut page, lang, &sizes);
        done = start + picture.start + picture.html.len();
    }
    page + &html[done..]
}

/// A picture in a page.
struct PictureIn<'a> {
    /// Where it is.
    start: usize,
    /// All of it.
    html: &'a str,
    /// Its `<img>`.
    image: &'a str,
    /// Whether it is in a link, in which there can be no other.
    is_in_link: bool,
}

/// The pictures in a part of a page. It is our own HTML: attributes have double quotes around them.
fn pictures(html: &str) -> Vec<PictureIn<'_>> {
    let mut pictures = Vec::new();
    let mut at = 0;
    while let Some(start) = ["<picture", "<img "].into_iter().filter_map(|tag| html[at..].find(tag)).min() {
        let start = at + start;
        let is_picture = html[start..].starts_with("<picture");
        let end = if is_picture { "</picture>" } else { ">" };
        let Some(length) = html[start..].find(end) else { break };
        let whole = &html[start..start + length + end.len()];
        let image = whole.find("<img ").map_or("", |at| &whole[at..]);
        let before = &html[..start];
        let is_in_link = before.rfind("<a ") > before.rfind("</a>");
        pictures.push(PictureIn { start, html: whole, image, is_in_link });
        at = start + whole.len();
    }
    pictures
}

impl PictureIn<'_> {
    fn attribute(&self, name: &str) -> Option<&str> {
        let tag = &self.image[..self.image.find('>')?];
        let (_, rest) = tag.split_once(&format!(" {name}=\""))?;
        rest.split('"').next()
    }

    fn write(&self, page: &mut String, lang: Lang, sizes: &HashMap<&str, i64>) {
        let alt = self.attribute("alt").unwrap_or_default();
        let Some(file) = self.attribute("src").filter(|_| !self.is_in_link) else {
            if !alt.is_empty() {
                // It is escaped for an attribute, which is more than a text needs.
                page.extend(["[", alt, "]"]);
            }
            return;
        };
        let outer = &self.html[..self.html.find('>').unwrap_or_default()];
        let class = outer.split_once(" class=\"").and_then(|(_, rest)| rest.split('"').next());
        let tone = self.attribute("class").filter(|_| self.html.starts_with("<picture"));
        let classes: Vec<_> = ["later"].into_iter().chain(class).chain(tone).collect();
        let words = match sizes.get(file) {
            Some(size) => t!(lang, "picture-of-size", size = kilobytes(lang, *size)),
            None => t!(lang, "picture-later"),
        };
        let voice = self.attribute("lang").map(|lang| format!(" lang=\"{lang}\" dir=\"auto\"")).unwrap_or_default();
        // Writing to a String does not fail.
        let _ = write!(
            page,
            "<a class=\"{}\" href=\"{file}\"><span{voice}>{alt}</span> <span class=\"later-size\">{words}</span></a><template>{}</template>",
            classes.join(" "),
            self.small()
        );
    }

    /// The picture itself, without the files that are wider than a small screen needs.
    fn small(&self) -> String {
        let mut parts = self.html.split(" srcset=\"");
        let mut small = parts.next().unwrap_or_default().to_owned();
        for part in parts {
            let (files, rest) = part.split_once('"').unwrap_or((part, ""));
            let is_small = |file: &&str| {
                let width = file.rsplit_once(' ').and_then(|(_, width)| width.strip_suffix('w')?.parse().ok());
                width.is_none_or(|width: u32| width <= WIDEST)
            };
            let files: Vec<_> = files.split(',').filter(is_small).collect();
            small.extend([" srcset=\"", &files.join(","), "\"", rest]);
        }
        small
    }
}

/// A number of bytes as thousands of them, rounded up.
fn kilobytes(lang: Lang, bytes: i64) -> String {
    let thousands = bytes.saturating_add(999) / 1000;
    t!(lang, "kilobytes", size = thousands)
}
