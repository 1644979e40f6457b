//! A plan in another language: `content/plan/2023.fr.md` beside `2023.md`. It has words only; the figures are the original's.

use super::{
    Area, Commitment, Plan,
    file::{PlanFile, format_area_head},
};
use crate::{
    content::front_matter::{self, Mistake, Parts, Text, quoted, required},
    i18n::Lang,
    posts::Slug,
};
use serde::{Deserialize, Serialize};
use std::fmt::Write as _;

/// The words of a plan in another language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanTranslation {
    /// The language.
    pub lang: Lang,
    /// Its name.
    pub title: String,
    /// The headline.
    pub headline: String,
    /// The summary.
    pub summary: String,
    /// The revision of the original that it was made from.
    pub made_from: String,
    /// The rest; none where only the words above are translated.
    pub rest: Option<Rest>,
}

/// The words of the areas and the introduction.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rest {
    /// The areas in the order of the original's.
    pub areas: Vec<AreaWords>,
    /// The introduction in Markdown, ending in one newline.
    pub body: String,
}

/// The words of an area.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AreaWords {
    slug: Slug,
    title: String,
    summary: String,
    commitments: Vec<CommitmentWords>,
}

/// The words of a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct CommitmentWords {
    slug: Slug,
    title: String,
    unit: String,
    evidence_title: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: Option<Text>,
    headline: Option<Text>,
    summary: Option<Text>,
    made_from: Option<Text>,
    #[serde(default)]
    areas: Vec<AreaWords>,
}

impl PlanTranslation {
    /// Reads the text of a translation's file, or gives every mistake in it, each with its line.
    pub fn parse(lang: Lang, original: &PlanFile, text: &str) -> Result<Self, Vec<Mistake>> {
        let Parts { front, body, mut mistakes } = front_matter::split::<FrontMatter>(text)?;
        let title = required("title", front.title.as_ref(), 1, &mut mistakes);
        let headline = required("headline", front.headline.as_ref(), 1, &mut mistakes);
        let summary = required("summary", front.summary.as_ref(), 1, &mut mistakes);
        let made_from = required("made_from", front.made_from.as_ref(), 1, &mut mistakes);
        let has_body = !body.trim().is_empty();
        if front.areas.is_empty() == has_body {
            mistakes.push(Mistake::at(1, "expected both `areas` and a body, or neither"));
        }
        if has_body && names(&front.areas) != original_names(&original.areas) {
            let line = 1 + text.lines().position(|line| line.starts_with("areas:")).unwrap_or_default();
            mistakes.push(Mistake::at(line, "expected the areas and commitments of the original, in its order"));
        }
        if !mistakes.is_empty() {
            mistakes.sort_by_key(|mistake| mistake.line);
            return Err(mistakes);
        }
        let rest = has_body.then_some(Rest { areas: front.areas, body });
        Ok(Self { lang, title, headline, summary, made_from, rest })
    }

    /// The text of the file. Reading it again gives the same translation.
    pub fn format(&self) -> String {
        let mut text = format!(
            "---\ntitle: {}\nheadline: {}\nsummary: {}\nmade_from: {}\n",
            quoted(&self.title),
            quoted(&self.headline),
            quoted(&self.summary),
            quoted(&self.made_from),
        );
        let Some(rest) = &self.rest else { return text + "---\n" };
        text += "areas:\n";
        for area in &rest.areas {
            format_area_head(&mut text, &area.slug, &area.title, &area.summary);
            for words in &area.commitments {
                // Writing to a String does not fail.
                let _ = write!(
                    text,
                    "      - slug: {}\n        title: {}\n        unit: {}\n        evidence_title: {}\n",
                    quoted(words.slug.as_str()),
                    quoted(&words.title),
                    quoted(&words.unit),
                    quoted(&words.evidence_title),
                );
            }
        }
        text + "---\n\n" + &rest.body
    }

    /// Puts these words into the plan's place.
    pub fn apply(self, plan: &mut Plan) {
        plan.lang = self.lang;
        plan.title = self.title;
        plan.headline = self.headline;
        plan.summary = self.summary;
        let Some(rest) = self.rest else { return };
        plan.body_lang = self.lang;
        for (area, words) in plan.areas.iter_mut().zip(rest.areas) {
            area.title = words.title;
            area.summary = words.summary;
            for (commitment, words) in area.commitments.iter_mut().zip(words.commitments) {
                commitment.title = words.title;
                commitment.unit = words.unit;
                commitment.evidence.title = words.evidence_title;
            }
        }
    }
}

fn names(areas: &[AreaWords]) -> Vec<&Slug> {
    let mut all = Vec::new();
    for area in areas {
        all.push(&area.slug);
        all.extend(area.commitments.iter().map(|words| &words.slug));
    }
    all
}

fn original_names(areas: &[Area]) -> Vec<&Slug> {
    let mut all = Vec::new();
    for area in areas {
        all.push(&area.slug);
        all.extend(area.commitments.iter().map(|commitment: &Commitment| &commitment.slug));
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{i18n::testing::FR, plan::PlanYear};

    fn shipped(name: &str) -> String {
        std::fs::read_to_string(format!("{}/content/plan/{name}", env!("CARGO_MANIFEST_DIR")))
            .expect("the shipped plan")
    }

    fn original() -> PlanFile {
        PlanFile::parse(PlanYear::parse("2023").expect("a year"), &shipped("2023.md")).expect("a plan")
    }

    #[test]
    fn a_translation_is_read_and_written_without_loss() {
        let text = shipped("2023.fr.md");
        let translation = PlanTranslation::parse(FR, &original(), &text).expect("a translation");
        assert_eq!(translation.format(), text);
        let head = text.split("areas:").next().expect("a head").to_owned() + "---\n";
        assert_eq!(PlanTranslation::parse(FR, &original(), &head).expect("a translation").format(), head);
    }

    #[test]
    fn areas_that_are_not_the_originals_are_a_mistake() {
        let text = shipped("2023.fr.md").replace("\"connect\"", "\"disconnect\"");
        let told = PlanTranslation::parse(FR, &original(), &text).expect_err("mistakes");
        assert!(told[0].what.starts_with("expected the areas"), "{told:?}");
        assert_eq!(told[0].line, 6);
    }
}
