//! A post as a file: `content/posts/<slug>/index.md`, front matter over Markdown.

use super::Slug;
use crate::{
    content::front_matter::{self, Mistake, Parts, Text, line_of, quoted, required},
    i18n::Lang,
    media::Alt,
};
use jiff::{
    Timestamp,
    civil::{Date, Time},
    tz::TimeZone,
};
use serde::Deserialize;
use serde_saphyr::Spanned;

/// A post as an editor writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PostFile {
    /// The language it is written in.
    pub lang: Lang,
    /// Its name, which is that of its folder.
    pub slug: Slug,
    /// The headline.
    pub title: String,
    /// The words on its card.
    pub summary: String,
    /// When it was published.
    pub published: Timestamp,
    /// The picture beside it.
    pub picture: Option<PictureFile>,
    /// The body in Markdown, ending in one newline.
    pub body: String,
}

/// A picture as a post names it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PictureFile {
    /// The name of a file in the post's own folder.
    pub file: String,
    /// What it says to a reader who does not see it.
    pub alt: Alt,
}

/// The front matter as it is written; what may be wrong in it keeps its line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: Option<Text>,
    summary: Option<Text>,
    published: Option<Text>,
    picture: Option<Spanned<PictureMatter>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PictureMatter {
    file: Option<Text>,
    alt: Option<Text>,
}

impl PostFile {
    /// Reads the text of a post's file, or gives every mistake in it, each with its line.
    pub fn parse(lang: Lang, slug: Slug, text: &str) -> Result<Self, Vec<Mistake>> {
        let Parts { front, body, mut mistakes } = front_matter::split::<FrontMatter>(text)?;
        let title = required("title", front.title.as_ref(), 1, &mut mistakes);
        let summary = required("summary", front.summary.as_ref(), 1, &mut mistakes);
        let published = parse_published(front.published.as_ref(), &mut mistakes);
        let picture = front.picture.map(|picture| parse_picture(&picture, &mut mistakes));
        if body.trim().is_empty() {
            let last = text.lines().count();
            mistakes.push(Mistake::at(last, "the body is empty: expected Markdown after the front matter"));
        }
        match published {
            Some(published) if mistakes.is_empty() => Ok(Self { lang, slug, title, summary, published, picture, body }),
            _ => {
                mistakes.sort_by_key(|mistake| mistake.line);
                Err(mistakes)
            }
        }
    }

    /// The text of the post's file. Reading it again gives the same post.
    pub fn format(&self) -> String {
        let mut text = format!(
            "---\ntitle: {}\nsummary: {}\npublished: {}\n",
            quoted(&self.title),
            quoted(&self.summary),
            format_published(self.published),
        );
        if let Some(picture) = &self.picture {
            let alt = picture.alt.text().unwrap_or("decorative");
            text += &format!("picture:\n  file: {}\n  alt: {}\n", quoted(&picture.file), quoted(alt));
        }
        text + "---\n\n" + &self.body
    }
}

fn parse_picture(picture: &Spanned<PictureMatter>, mistakes: &mut Vec<Mistake>) -> PictureFile {
    let (matter, line) = (&picture.value, line_of(picture));
    let file = required("picture.file", matter.file.as_ref(), line, mistakes);
    if file.contains(['/', '\\']) || file.starts_with('.') {
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
    PictureFile { file, alt: alt.unwrap_or(Alt::Decorative) }
}

/// A day, which means its first second in UTC, or a moment with its offset.
fn parse_published(field: Option<&Text>, mistakes: &mut Vec<Mistake>) -> Option<Timestamp> {
    let text = required("published", field, 1, mistakes);
    let field = field.filter(|_| !text.is_empty())?;
    let day = text.parse::<Date>().ok().filter(|_| text.len() == "2023-03-14".len());
    let published = match day {
        Some(day) => TimeZone::UTC.to_timestamp(day.to_datetime(Time::midnight())).ok(),
        None => text.parse::<Timestamp>().ok(),
    };
    // Addresses have four digits for the year, and the store counts whole seconds.
    let published = published.filter(|at| {
        let year = TimeZone::UTC.to_datetime(*at).year();
        (1970..=9999).contains(&year) && at.subsec_nanosecond() == 0
    });
    if published.is_none() {
        mistakes.push(Mistake::of(
            field,
            format!(
                "`published` is `{text}`: expected a day such as 2023-03-14, or a moment such as 2023-03-14T09:30:00Z"
            ),
        ));
    }
    published
}

fn format_published(at: Timestamp) -> String {
    let utc = TimeZone::UTC.to_datetime(at);
    if utc.time() == Time::midnight() { utc.date().to_string() } else { at.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = "---\ntitle: \"A “post”: \\\"one\\\"\"\nsummary: \"About it ...\"\npublished: 2023-03-14\npicture:\n  file: \"flag.svg\"\n  alt: \"a flag\"\n---\n\nSome *words*.\n";

    fn parse(text: &str) -> Result<PostFile, Vec<Mistake>> {
        PostFile::parse(Lang::DEFAULT, Slug::parse("a-post").expect("a slug"), text)
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
    fn a_picture_in_the_text_is_a_mistake_with_its_line() {
        let told = mistakes(&GOOD.replace("Some *words*.", "Some words.\n\nAnd ![a chart](chart.png)."));
        assert!(told[0].starts_with("12: a picture in the text"), "{told:#?}");
    }

    #[test]
    fn a_nul_character_is_a_mistake() {
        assert!(mistakes(&GOOD.replace("a flag", "a\\0flag"))[0].contains("NUL"));
        assert!(mistakes(&GOOD.replace("words", "wo\0rds"))[0].starts_with("10: a NUL"));
    }

    #[test]
    fn a_picture_outside_the_posts_folder_is_a_mistake() {
        for file in ["../secret.svg", "/etc/passwd", ".hidden.svg", "a\\\\b.svg"] {
            let told = mistakes(&GOOD.replace("flag.svg", file));
            assert!(told[0].contains("in the post's own folder"), "{told:#?}");
        }
    }
}
