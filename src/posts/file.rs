//! A post as files: `content/posts/<slug>/index.md`, front matter over Markdown, with its translations and pictures beside it.

use super::Slug;
use crate::{
    content::{
        front_matter::{self, Mistake, Parts, Text, format_language, language, line_of, quoted, required},
        markdown,
        translation::{Translation, revision},
    },
    i18n::Lang,
    media::{Alt, Focus},
    plan::PlanYear,
};
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::fmt;

/// What a post's folder holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PostFolder {
    /// A post.
    Post(Box<PostFile>),
    /// Nothing but what became of a post, so that its addresses say so.
    Removed(RemovedPost),
}

/// A post that was removed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RemovedPost {
    /// The name that it had.
    pub slug: Slug,
    /// The day.
    pub day: Date,
    /// Other addresses on this site that it had.
    pub redirect_from: Vec<String>,
}

impl RemovedPost {
    /// The text of the file that says so.
    pub fn format(&self) -> String {
        let Self { day, redirect_from, .. } = self;
        let addresses = format_list("redirect_from", redirect_from);
        format!("---\nremoved: {day}\n{addresses}---\n")
    }
}

/// A line with a list of texts; nothing where it is empty.
fn format_list(key: &str, values: &[String]) -> String {
    if values.is_empty() {
        return String::new();
    }
    let values: Vec<_> = values.iter().map(|text| quoted(text)).collect();
    format!("{key}: [{}]\n", values.join(", "))
}

/// A post as an editor writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostFile {
    /// The language it is written in.
    pub lang: Lang,
    /// Its name, which is that of its folder.
    pub slug: Slug,
    /// Its name in feeds; none means the slug.
    pub id: Option<Slug>,
    /// The headline.
    pub title: String,
    /// The words on its card.
    pub summary: String,
    /// When it was published.
    pub published: Timestamp,
    /// When it was last changed.
    pub updated: Option<Timestamp>,
    /// The desk or team that wrote it.
    pub author: Option<Slug>,
    /// What it is about.
    pub topics: Vec<Slug>,
    /// The commitments on which it reports.
    pub reports_on: Vec<CommitmentName>,
    /// Other addresses on this site that lead here.
    pub redirect_from: Vec<String>,
    /// The picture beside it.
    pub picture: Option<PictureFile>,
    /// The body in Markdown, ending in one newline.
    pub body: String,
    /// Its translations in the order of their languages.
    pub translations: Vec<Translation>,
}

/// A picture as a post names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFile {
    /// The name of a file in the post's own folder.
    pub file: String,
    /// What it says to a reader who does not see it.
    pub alt: Alt,
    /// What stays in view where it is cropped.
    pub focus: Option<Focus>,
}

/// A commitment as a post names it: `2023/community-networks`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct CommitmentName {
    /// The year of the plan.
    pub year: PlanYear,
    /// Its name in the plan.
    pub slug: Slug,
}

impl CommitmentName {
    fn parse(text: &str) -> Option<Self> {
        let (year, slug) = text.split_once('/')?;
        Some(Self { year: PlanYear::parse(year)?, slug: Slug::parse(slug).ok()? })
    }
}

impl fmt::Display for CommitmentName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.year, self.slug)
    }
}

/// The front matter as it is written; what may be wrong in it keeps its line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    lang: Option<Text>,
    title: Option<Text>,
    summary: Option<Text>,
    published: Option<Text>,
    updated: Option<Text>,
    id: Option<Text>,
    author: Option<Text>,
    #[serde(default)]
    topics: Vec<Text>,
    #[serde(default)]
    reports_on: Vec<Text>,
    #[serde(default)]
    redirect_from: Vec<Text>,
    picture: Option<Spanned<PictureMatter>>,
    removed: Option<Text>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PictureMatter {
    file: Option<Text>,
    alt: Option<Text>,
    focus: Option<Text>,
}

impl PostFolder {
    /// Reads the text of `index.md`, or gives every mistake in it, each with its line.
    pub fn parse(slug: Slug, text: &str) -> Result<Self, Vec<Mistake>> {
        let parts = front_matter::split::<FrontMatter>(text)?;
        if parts.front.removed.is_some() { Self::removed(slug, parts) } else { PostFile::read(slug, text, parts) }
    }

    fn removed(slug: Slug, parts: Parts<FrontMatter>) -> Result<Self, Vec<Mistake>> {
        let Parts { front, body, mut mistakes } = parts;
        let redirect_from = parse_addresses(&front.redirect_from, &mut mistakes);
        let day = parse(front.removed.as_ref(), &mut mistakes, |text| {
            text.parse::<Date>().map_err(|_| format!("`removed` is `{text}`: expected a day such as 2023-03-14"))
        });
        if front.title.is_some() || front.published.is_some() || !body.trim().is_empty() {
            let what = "a removed post has nothing but `removed` and `redirect_from`: take out the rest, or `removed`";
            mistakes.extend(front.removed.as_ref().map(|field| Mistake::of(field, what)));
        }
        match day {
            Some(day) if mistakes.is_empty() => Ok(Self::Removed(RemovedPost { slug, day, redirect_from })),
            _ => Err(mistakes),
        }
    }
}

impl PostFile {
    fn read(slug: Slug, text: &str, parts: Parts<FrontMatter>) -> Result<PostFolder, Vec<Mistake>> {
        let Parts { front, body, mut mistakes } = parts;
        let title = required("title", front.title.as_ref(), 1, &mut mistakes);
        let summary = required("summary", front.summary.as_ref(), 1, &mut mistakes);
        let published = required("published", front.published.as_ref(), 1, &mut mistakes);
        let published = front.published.as_ref().filter(|_| !published.is_empty());
        let published = published.and_then(|field| parse_moment("published", field, &mut mistakes));
        let updated = front.updated.as_ref().and_then(|field| parse_moment("updated", field, &mut mistakes));
        let lang = language(front.lang.as_ref(), &mut mistakes);
        let slug_of = |text: &str| Slug::parse(text);
        let id = parse(front.id.as_ref(), &mut mistakes, slug_of);
        let author = parse(front.author.as_ref(), &mut mistakes, slug_of);
        let topics = parse_all(&front.topics, &mut mistakes, slug_of);
        let reports_on = parse_all(&front.reports_on, &mut mistakes, |text| {
            CommitmentName::parse(text).ok_or_else(|| {
                format!("`reports_on` has `{text}`: expected a year and a commitment such as 2023/impact-briefs")
            })
        });
        let redirect_from = parse_addresses(&front.redirect_from, &mut mistakes);
        let picture = front.picture.map(|picture| parse_picture(&picture, &mut mistakes));
        if body.trim().is_empty() {
            let last = text.lines().count();
            mistakes.push(Mistake::at(last, "the body is empty: expected Markdown after the front matter"));
        }
        let Some(published) = published.filter(|_| mistakes.is_empty()) else {
            mistakes.sort_by_key(|mistake| mistake.line);
            return Err(mistakes);
        };
        Ok(PostFolder::Post(Box::new(Self {
            lang,
            slug,
            id,
            title,
            summary,
            published,
            updated,
            author,
            topics,
            reports_on,
            redirect_from,
            picture,
            body,
            translations: Vec::new(),
        })))
    }

    /// The text of the post's own file. Reading it again gives the same post, without its translations.
    pub fn format(&self) -> String {
        let mut text = format!("---\n{}", format_language(self.lang));
        let mut line = |key: &str, value: String| text += &format!("{key}: {value}\n");
        line("title", quoted(&self.title));
        line("summary", quoted(&self.summary));
        line("published", format_moment(self.published));
        if let Some(updated) = self.updated {
            line("updated", format_moment(updated));
        }
        if let Some(id) = &self.id {
            line("id", quoted(id.as_str()));
        }
        if let Some(author) = &self.author {
            line("author", quoted(author.as_str()));
        }
        let topics: Vec<_> = self.topics.iter().map(ToString::to_string).collect();
        let reports_on: Vec<_> = self.reports_on.iter().map(ToString::to_string).collect();
        text += &format_list("topics", &topics);
        text += &format_list("reports_on", &reports_on);
        text += &format_list("redirect_from", &self.redirect_from);
        if let Some(picture) = &self.picture {
            let alt = picture.alt.text().unwrap_or("decorative");
            text += &format!("picture:\n  file: {}\n  alt: {}\n", quoted(&picture.file), quoted(alt));
            text += &picture.focus.map(|focus| format!("  focus: \"{focus}\"\n")).unwrap_or_default();
        }
        text + "---\n\n" + &self.body
    }

    /// The name in feeds.
    pub fn uid(&self) -> &Slug {
        self.id.as_ref().unwrap_or(&self.slug)
    }

    /// The present revision of the words that a translation has: with its body or without.
    pub fn revision(&self, with_body: bool) -> String {
        let alt = self.picture.as_ref().and_then(|picture| picture.alt.text());
        words_revision(&self.title, &self.summary, alt, with_body.then_some(&self.body))
    }

    /// The files that the texts of this post and its translations show, in order.
    pub fn pictures_in_text(&self) -> Vec<String> {
        let bodies = self.translations.iter().filter_map(|translation| translation.body.as_deref());
        let bodies = std::iter::once(self.body.as_str()).chain(bodies);
        let mut files: Vec<String> = bodies.flat_map(markdown::pictures).map(|mention| mention.file).collect();
        files.sort();
        files.dedup();
        files
    }
}

/// The revision of a post's words.
pub fn words_revision(title: &str, summary: &str, alt: Option<&str>, body: Option<&String>) -> String {
    revision([title, summary, alt.unwrap_or_default()].into_iter().chain(body.map(String::as_str)))
}

/// The value of a field that may be left out; what is wrong with it is told.
fn parse<T, E: ToString>(
    field: Option<&Text>,
    mistakes: &mut Vec<Mistake>,
    read: impl Fn(&str) -> Result<T, E>,
) -> Option<T> {
    let field = field?;
    read(field.value.trim()).map_err(|error| mistakes.push(Mistake::of(field, error.to_string()))).ok()
}

/// Paths on this site that lead to a post.
fn parse_addresses(fields: &[Text], mistakes: &mut Vec<Mistake>) -> Vec<String> {
    parse_all(fields, mistakes, |text| {
        let path = text.starts_with('/') && text.len() > 1 && !text.starts_with("//");
        if path && !text.contains(|c: char| c.is_whitespace() || c.is_control() || matches!(c, '?' | '#')) {
            return Ok(text.to_owned());
        }
        Err(format!("`redirect_from` has `{text}`: expected a path on this site such as /2023/03/14/old-name/"))
    })
}

/// The values of a list, each once.
fn parse_all<T: PartialEq, E: ToString>(
    fields: &[Text],
    mistakes: &mut Vec<Mistake>,
    read: impl Fn(&str) -> Result<T, E>,
) -> Vec<T> {
    let mut values = Vec::new();
    for field in fields {
        match parse(Some(field), mistakes, &read) {
            Some(value) if values.contains(&value) => {
                mistakes.push(Mistake::of(field, format!("`{}` is there twice", field.value)));
            }
            value => values.extend(value),
        }
    }
    values
}

fn parse_picture(picture: &Spanned<PictureMatter>, mistakes: &mut Vec<Mistake>) -> PictureFile {
    let (matter, line) = (&picture.value, line_of(picture));
    let file = required("picture.file", matter.file.as_ref(), line, mistakes);
    if !is_own_file(&file) {
        mistakes.push(Mistake::at(
            matter.file.as_ref().map_or(line, line_of),
            format!("`picture.file` is `{file}`: expected the name of a file in the post's own folder"),
        ));
    }
    let alt = match &matter.alt {
        Some(field) if !field.value.trim().is_empty() => {
            Alt::parse(&required("picture.alt", Some(field), line, mistakes))
        }
        _ => None,
    };
    if alt.is_none() {
        mistakes.push(Mistake::at(
            matter.alt.as_ref().map_or(line, line_of),
            "`picture.alt` is missing: say what the picture shows, or `alt: \"decorative\"` if it carries no meaning",
        ));
    }
    let focus = parse(matter.focus.as_ref(), mistakes, |text| {
        Focus::try_from(text.to_owned()).map_err(|wrong| format!("`picture.focus`: {wrong}"))
    });
    PictureFile { file, alt: alt.unwrap_or(Alt::Decorative), focus }
}

/// Whether a picture's name is that of a file in the post's own folder.
pub fn is_own_file(file: &str) -> bool {
    !file.contains(['/', '\\', ':']) && !file.starts_with('.')
}

/// A day, which means its first second in UTC, or a moment with its offset.
fn parse_moment(name: &str, field: &Text, mistakes: &mut Vec<Mistake>) -> Option<Timestamp> {
    let text = field.value.trim();
    let day = text.parse::<Date>().ok().filter(|_| text.len() == "2023-03-14".len());
    let moment = match day {
        Some(day) => TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok(),
        None => text.parse::<Timestamp>().ok(),
    };
    // Addresses have four digits for the year, and the store counts whole seconds.
    let moment = moment.filter(|at| {
        let year = TimeZone::UTC.to_datetime(*at).year();
        (1970..=9999).contains(&year) && at.subsec_nanosecond() == 0
    });
    if moment.is_none() {
        mistakes.push(Mistake::of(
            field,
            format!(
                "`{name}` is `{text}`: expected a day such as 2023-03-14, or a moment such as 2023-03-14T09:30:00Z"
            ),
        ));
    }
    moment
}

fn format_moment(at: Timestamp) -> String {
    let utc = TimeZone::UTC.to_datetime(at);
    if utc.time() == Time::midnight() { utc.date().to_string() } else { at.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "---\ntitle: \"A “post”: \\\"one\\\"\"\nsummary: \"About it ...\"\npublished: 2023-03-14\npicture:\n  file: \"flag.svg\"\n  alt: \"a flag\"\n---\n\nSome *words*.\n";

    fn parse(text: &str) -> Result<PostFile, Vec<Mistake>> {
        match PostFolder::parse(Slug::parse("a-post").expect("a slug"), text)? {
            PostFolder::Post(post) => Ok(*post),
            PostFolder::Removed(_) => panic!("a post was expected"),
        }
    }

    fn mistakes(text: &str) -> Vec<String> {
        parse(text).expect_err("mistakes").iter().map(ToString::to_string).collect()
    }

    #[test]
    fn a_post_is_read_and_written_without_loss() {
        let post = parse(GOOD).expect("a post");
        assert_eq!(post.title, "A “post”: \"one\"");
        assert_eq!(post.picture.as_ref().map(|p| p.alt.clone()), Some(Alt::Text("a flag".into())));
        assert_eq!(post.format(), GOOD);
        let timed = GOOD.replace("2023-03-14", "2023-03-14T09:30:00Z");
        assert_eq!(parse(&timed).expect("a post").format(), timed);
    }

    #[test]
    fn all_mistakes_are_told_at_once_each_with_its_line() {
        let bad = GOOD
            .replace("2023-03-14", "14 March")
            .replace("\"About it ...\"", "\"\"")
            .replace("  alt: \"a flag\"\n", "");
        let told = mistakes(&bad);
        assert_eq!(told.len(), 3, "{told:#?}");
        assert!(told[0].starts_with("3: `summary` is empty"), "{told:#?}");
        assert!(told[1].starts_with("4: `published` is `14 March`: expected a day"), "{told:#?}");
        assert!(told[2].starts_with("6: `picture.alt` is missing"), "{told:#?}");
    }

    #[test]
    fn a_picture_may_say_that_it_is_decorative() {
        let post = parse(&GOOD.replace("a flag", "decorative")).expect("a post");
        assert_eq!(post.picture.map(|p| p.alt), Some(Alt::Decorative));
    }

    #[test]
    fn a_picture_may_say_what_stays_in_view() {
        let focused = GOOD.replace("  alt: \"a flag\"\n", "  alt: \"a flag\"\n  focus: \"30% 70%\"\n");
        let post = parse(&focused).expect("a post");
        assert_eq!(post.picture.as_ref().and_then(|it| it.focus), Focus::parse("30% 70%"));
        assert_eq!(post.format(), focused);
        let told = mistakes(&focused.replace("70%", "low"));
        assert!(told[0].starts_with("8: `picture.focus`: `30% low` is not a place in a picture"), "{told:#?}");
    }

    #[test]
    fn a_field_that_nobody_knows_is_a_mistake_with_its_line() {
        let told = mistakes(&GOOD.replace("summary:", "sumary: \"x\"\nsummary:"));
        assert!(told[0].starts_with("3: ") && told[0].contains("sumary"), "{told:#?}");
    }

    #[test]
    fn a_missing_field_a_missing_end_and_a_missing_body_are_mistakes() {
        let told = mistakes(&GOOD.replace("title:", "titel:").replace("published:", "date:"));
        let starts = ["1: `title` is missing", "1: `published` is missing", "2: ", "4: "];
        assert_eq!(told.len(), starts.len(), "{told:#?}");
        assert!(told.iter().zip(starts).all(|(told, start)| told.starts_with(start)), "{told:#?}");
        assert!(mistakes("title: x\n")[0].starts_with("1: expected `---`"));
        assert!(mistakes("---\ntitle: x\n")[0].contains("no second `---`"));
        assert!(mistakes(GOOD.split("Some").next().expect("front matter"))[0].contains("the body is empty"));
    }

    #[test]
    fn everything_that_a_post_may_say_is_read_and_written_without_loss() {
        let all = GOOD.replace(
            "picture:",
            "updated: 2023-03-20\nid: \"older-name\"\nauthor: \"policy-desk\"\ntopics: [\"access\", \"policy\"]\n\
             reports_on: [\"2023/impact-briefs\"]\nredirect_from: [\"/2023/03/14/old/\"]\npicture:",
        );
        let all = all.replace("---\ntitle", "---\nlang: \"fr\"\ntitle");
        let post = parse(&all).expect("a post");
        assert_eq!(post.format(), all);
        assert_eq!((post.lang.tag(), post.uid().as_str(), post.topics.len()), ("fr", "older-name", 2));
        let named = post.reports_on.first().map(ToString::to_string);
        assert_eq!(named.as_deref(), Some("2023/impact-briefs"));
    }

    #[test]
    fn names_and_addresses_that_cannot_be_are_mistakes() {
        let told = mistakes(&GOOD.replace(
            "picture:",
            "lang: \"xx\"\nauthor: \"A B\"\ntopics: [\"a\", \"a\"]\nreports_on: [\"impact\"]\nredirect_from: [\"//x\", \"old\"]\npicture:",
        ));
        let starts = [
            "5: the site does not speak",
            "6: `A B` is not a slug",
            "7: `a` is there twice",
            "8: `reports_on`",
            "9: `redirect_from`",
            "9: `redirect_from`",
        ];
        assert_eq!(told.len(), starts.len(), "{told:#?}");
        assert!(told.iter().zip(starts).all(|(told, start)| told.starts_with(start)), "{told:#?}");
    }

    #[test]
    fn a_removed_post_keeps_its_names_and_the_day_and_nothing_else() {
        let slug = Slug::parse("a-post").expect("a slug");
        let text = "---\nremoved: 2024-01-05\nredirect_from: [\"/old/\"]\n---\n";
        let Ok(PostFolder::Removed(removed)) = PostFolder::parse(slug.clone(), text) else {
            panic!("expected a removed post")
        };
        assert_eq!((removed.day.to_string().as_str(), removed.format().as_str()), ("2024-01-05", text));
        let told = |text: &str| PostFolder::parse(slug.clone(), text).expect_err("mistakes")[0].to_string();
        assert!(told(&text.replace("2024-01-05", "soon")).starts_with("2: `removed` is `soon`"));
        assert!(told(&text.replace("redirect_from", "title: \"A\"\nredirect_from")).contains("nothing but `removed`"));
    }

    #[test]
    fn a_revision_is_that_of_the_words_that_a_translation_has() {
        let post = parse(GOOD).expect("a post");
        let other = parse(&GOOD.replace("Some", "Other")).expect("a post");
        assert_eq!(post.revision(false), other.revision(false));
        assert_ne!(post.revision(true), other.revision(true));
    }

    #[test]
    fn a_control_character_is_a_mistake() {
        assert!(mistakes(&GOOD.replace("a flag", "a\\0flag"))[0].contains("control character"));
        assert!(mistakes(&GOOD.replace("words", "wo\u{b}rds"))[0].starts_with("10: a control character"));
    }

    #[test]
    fn a_picture_outside_the_posts_folder_is_a_mistake() {
        for file in ["../secret.svg", "/etc/passwd", ".hidden.svg", "a\\\\b.svg"] {
            let told = mistakes(&GOOD.replace("flag.svg", file));
            assert!(told[0].contains("in the post's own folder"), "{told:#?}");
        }
    }
}
