//! A translation as a file beside its original: `index.fr.md` beside `index.md`. It has words only, and knows which revision
//! of the original they were made from.

use super::front_matter::{self, Mistake, Parts, Text, quoted, required};
use crate::{i18n::Lang, server::hash};
use serde::Deserialize;
use sqlx::FromRow;

/// The words of a post or document in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Translation {
    /// The language.
    pub lang: Lang,
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// What the picture says to a reader who does not see it.
    pub picture_alt: Option<String>,
    /// The body in Markdown, ending in one newline; none where only title and summary are translated.
    pub body: Option<String>,
    /// The revision of the original that it was made from.
    pub made_from: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: Option<Text>,
    summary: Option<Text>,
    picture_alt: Option<Text>,
    made_from: Option<Text>,
}

impl Translation {
    /// Reads the text of a translation's file, or gives every mistake in it, each with its line.
    pub fn parse(lang: Lang, text: &str) -> Result<Self, Vec<Mistake>> {
        let Parts { front, body, mut mistakes } = front_matter::split::<FrontMatter>(text)?;
        let title = required("title", front.title.as_ref(), 1, &mut mistakes);
        let summary = required("summary", front.summary.as_ref(), 1, &mut mistakes);
        let made_from = required("made_from", front.made_from.as_ref(), 1, &mut mistakes);
        let picture_alt =
            front.picture_alt.as_ref().map(|field| required("picture_alt", Some(field), 1, &mut mistakes));
        if !mistakes.is_empty() {
            mistakes.sort_by_key(|mistake| mistake.line);
            return Err(mistakes);
        }
        let body = Some(body).filter(|body| !body.trim().is_empty());
        Ok(Self { lang, title, summary, picture_alt, body, made_from })
    }

    /// The text of the file. Reading it again gives the same translation.
    pub fn format(&self) -> String {
        let mut text = format!("---\ntitle: {}\nsummary: {}\n", quoted(&self.title), quoted(&self.summary));
        if let Some(alt) = &self.picture_alt {
            text += &format!("picture_alt: {}\n", quoted(alt));
        }
        text += &format!("made_from: {}\n---\n", quoted(&self.made_from));
        match &self.body {
            Some(body) => text + "\n" + body,
            None => text,
        }
    }
}

/// A translation as it is stored.
#[derive(FromRow)]
pub struct TranslationRow {
    lang: String,
    title: String,
    summary: String,
    picture_alt: Option<String>,
    body_markdown: Option<String>,
    made_from: String,
}

impl TranslationRow {
    /// The translations into languages that the site speaks, in their order. Others stay in the store.
    pub fn spoken(rows: Vec<Self>) -> Vec<Translation> {
        let translation = |row: Self| {
            Some(Translation {
                lang: Lang::parse(&row.lang)?,
                title: row.title,
                summary: row.summary,
                picture_alt: row.picture_alt,
                body: row.body_markdown,
                made_from: row.made_from,
            })
        };
        let mut translations: Vec<_> = rows.into_iter().filter_map(translation).collect();
        translations.sort_by_key(|translation| translation.lang);
        translations
    }
}

/// The name of a text's present words: another word, another name. Eight hexadecimal digits.
pub fn revision<'a>(words: impl IntoIterator<Item = &'a str>) -> String {
    hash::hex(words.into_iter().collect::<Vec<_>>().join("\0").as_bytes(), 4)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::testing::FR;

    const WHOLE: &str = "---\ntitle: \"Titre\"\nsummary: \"À propos\"\npicture_alt: \"un drapeau\"\nmade_from: \"0123abcd\"\n---\n\nDes *mots*.\n";

    #[test]
    fn a_translation_is_read_and_written_without_loss() {
        assert_eq!(Translation::parse(FR, WHOLE).expect("a translation").format(), WHOLE);
        let head = "---\ntitle: \"Titre\"\nsummary: \"À propos\"\nmade_from: \"0123abcd\"\n---\n";
        let translation = Translation::parse(FR, head).expect("a translation");
        assert_eq!((translation.body.as_deref(), translation.format().as_str()), (None, head));
    }

    #[test]
    fn a_translation_that_does_not_say_what_it_was_made_from_is_a_mistake() {
        let told = Translation::parse(FR, &WHOLE.replace("made_from", "from")).expect_err("mistakes");
        assert!(told[0].what.starts_with("`made_from` is missing"), "{told:?}");
        assert_eq!(told[1].line, 5, "{told:?}");
    }

    #[test]
    fn a_revision_changes_with_any_word_and_with_where_it_stands() {
        assert_eq!(revision(["a", "b"]).len(), 8);
        assert_ne!(revision(["a", "b"]), revision(["ab", ""]));
        assert_ne!(revision(["a", "b"]), revision(["a", "c"]));
    }
}
