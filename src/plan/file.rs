//! A plan as a file: `content/plan/<year>.md`, front matter over Markdown.

use super::{Area, Commitment, Evidence, PlanYear, Value, translation::PlanTranslation};
use crate::{
    content::{
        front_matter::{self, Mistake, Parts, Text, format_language, language, line_of, quoted, required},
        markdown::PAGE_IDS,
        translation::revision,
    },
    i18n::Lang,
    posts::Slug,
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::{collections::HashSet, fmt::Write as _, str::FromStr};

/// A plan as an editor writes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PlanFile {
    /// The language it is written in.
    pub lang: Lang,
    /// The year, which is the file's name.
    pub year: PlanYear,
    /// Its name.
    pub title: String,
    /// The headline under which the front page presents it.
    pub headline: String,
    /// One or two sentences about it.
    pub summary: String,
    /// The areas with their commitments.
    pub areas: Vec<Area>,
    /// The introduction in Markdown, ending in one newline.
    pub body: String,
    /// Its translations in the order of their languages.
    pub translations: Vec<PlanTranslation>,
}

/// The front matter as it is written; what may be wrong in it keeps its line.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    lang: Option<Text>,
    title: Option<Text>,
    headline: Option<Text>,
    summary: Option<Text>,
    areas: Option<Spanned<Vec<Spanned<AreaMatter>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AreaMatter {
    slug: Option<Text>,
    title: Option<Text>,
    summary: Option<Text>,
    commitments: Option<Spanned<Vec<Spanned<CommitmentMatter>>>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitmentMatter {
    slug: Option<Text>,
    title: Option<Text>,
    unit: Option<Text>,
    baseline: Option<Text>,
    target: Option<Text>,
    values: Option<Spanned<Vec<Spanned<ValueMatter>>>>,
    evidence: Option<Spanned<EvidenceMatter>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct ValueMatter {
    as_of: Option<Text>,
    value: Option<Text>,
}

#[derive(Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceMatter {
    title: Option<Text>,
    url: Option<Text>,
}

impl PlanFile {
    /// Reads the text of a plan's file, or gives every mistake in it, each with its line.
    pub fn parse(year: PlanYear, text: &str) -> Result<Self, Vec<Mistake>> {
        let Parts { front, body, mut mistakes } = front_matter::split::<FrontMatter>(text)?;
        let lang = language(front.lang.as_ref(), &mut mistakes);
        let mut reader = Reader { mistakes, slugs: HashSet::new() };
        let plan = Self {
            lang,
            year,
            title: reader.text("title", front.title.as_ref(), 1),
            headline: reader.text("headline", front.headline.as_ref(), 1),
            summary: reader.text("summary", front.summary.as_ref(), 1),
            areas: reader.list("areas", front.areas.as_ref(), 1, Reader::area),
            body,
            translations: Vec::new(),
        };
        reader.mistakes.sort_by_key(|mistake| mistake.line);
        if reader.mistakes.is_empty() { Ok(plan) } else { Err(reader.mistakes) }
    }

    /// The present revision of the words that a translation has: all of them, or title, headline and summary.
    pub fn revision(&self, whole: bool) -> String {
        let mut words = vec![self.title.as_str(), &self.headline, &self.summary];
        if whole {
            words.push(&self.body);
            for area in &self.areas {
                words.extend([area.title.as_str(), &area.summary]);
                for commitment in &area.commitments {
                    words.extend([commitment.title.as_str(), &commitment.unit, &commitment.evidence.title]);
                }
            }
        }
        revision(words)
    }

    /// The text of the plan's own file. Reading it again gives the same plan, without its translations.
    pub fn format(&self) -> String {
        let mut text = format!(
            "---\n{}title: {}\nheadline: {}\nsummary: {}\nareas:\n",
            format_language(self.lang),
            quoted(&self.title),
            quoted(&self.headline),
            quoted(&self.summary),
        );
        for area in &self.areas {
            format_area(&mut text, area);
        }
        text + "---\n\n" + &self.body
    }
}

/// The page of a plan has these ids already, beside those that every page has.
const TAKEN: [&str; 3] = ["area-filter", "area-status", "areas"];

fn is_taken(id: &str) -> bool {
    PAGE_IDS.contains(&id) || TAKEN.contains(&id) || id.ends_with("-title")
}

/// Reads the parts of a plan, collecting mistakes; a part that has one is left out.
struct Reader {
    mistakes: Vec<Mistake>,
    slugs: HashSet<Slug>,
}

impl Reader {
    fn area(&mut self, matter: &AreaMatter, line: usize) -> Option<Area> {
        let slug = self.slug(matter.slug.as_ref(), line);
        let title = self.text("title", matter.title.as_ref(), line);
        let summary = self.text("summary", matter.summary.as_ref(), line);
        let commitments = self.list("commitments", matter.commitments.as_ref(), line, Self::commitment);
        Some(Area { slug: slug?, title, summary, commitments })
    }

    fn commitment(&mut self, matter: &CommitmentMatter, line: usize) -> Option<Commitment> {
        let slug = self.slug(matter.slug.as_ref(), line);
        let title = self.text("title", matter.title.as_ref(), line);
        let unit = self.text("unit", matter.unit.as_ref(), line);
        let baseline = self.value("baseline", matter.baseline.as_ref(), line, "a whole number");
        let target = self.value("target", matter.target.as_ref(), line, "a whole number");
        if let (Some(baseline), Some(target)) = (baseline, target)
            && baseline == target
        {
            let at = matter.target.as_ref().map_or(line, line_of);
            self.mistakes.push(Mistake::at(at, "`target` is the same as `baseline`: there would be nothing to do"));
        }
        let values = self.list("values", matter.values.as_ref(), line, Self::counted);
        if !values.is_sorted_by(|a, b| a.as_of < b.as_of) {
            let at = matter.values.as_ref().map_or(line, line_of);
            self.mistakes.push(Mistake::at(at, "`values` are out of order: expected each day once, oldest first"));
        }
        let none = EvidenceMatter::default();
        let (evidence, line) = matter.evidence.as_ref().map_or((&none, line), |it| (&it.value, line_of(it)));
        let evidence = Evidence {
            title: self.text("evidence.title", evidence.title.as_ref(), line),
            url: self.url(evidence.url.as_ref(), line),
        };
        Some(Commitment { slug: slug?, title, unit, baseline: baseline?, target: target?, values, evidence })
    }

    fn counted(&mut self, matter: &ValueMatter, line: usize) -> Option<Value> {
        let as_of: Option<Date> = self.value("as_of", matter.as_of.as_ref(), line, "a day such as 2023-09-30");
        let value = self.value("value", matter.value.as_ref(), line, "a whole number");
        Some(Value { as_of: as_of?, value: value? })
    }

    /// The parts of a list that must have one, each read by `read` with the line on which it begins.
    fn list<M, P>(
        &mut self,
        name: &str,
        list: Option<&Spanned<Vec<Spanned<M>>>>,
        owner: usize,
        read: impl Fn(&mut Self, &M, usize) -> Option<P>,
    ) -> Vec<P> {
        let parts = list.map_or(&[][..], |list| &list.value);
        if parts.is_empty() {
            let line = list.map_or(owner, line_of);
            self.mistakes.push(Mistake::at(line, format!("`{name}` is empty or missing: expected one or more")));
        }
        parts.iter().filter_map(|part| read(self, &part.value, line_of(part))).collect()
    }

    fn text(&mut self, name: &str, field: Option<&Text>, owner: usize) -> String {
        required(name, field, owner, &mut self.mistakes)
    }

    fn value<T: FromStr>(&mut self, name: &str, field: Option<&Text>, owner: usize, expected: &str) -> Option<T> {
        let text = self.text(name, field, owner);
        let field = field.filter(|_| !text.is_empty())?;
        let value = text.parse().ok();
        if value.is_none() {
            self.mistakes.push(Mistake::of(field, format!("`{name}` is `{text}`: expected {expected}")));
        }
        value
    }

    /// A slug that no other part of this plan has: each is an anchor in the page.
    fn slug(&mut self, field: Option<&Text>, owner: usize) -> Option<Slug> {
        let text = self.text("slug", field, owner);
        let field = field.filter(|_| !text.is_empty())?;
        let wrong = match Slug::parse(text) {
            Ok(slug) if is_taken(slug.as_str()) => {
                format!("the slug `{slug}` is taken by the page itself: choose another")
            }
            Ok(slug) if self.slugs.insert(slug.clone()) => return Some(slug),
            Ok(slug) => format!("the slug `{slug}` is there twice in this plan"),
            Err(error) => error.to_string(),
        };
        self.mistakes.push(Mistake::of(field, wrong));
        None
    }

    fn url(&mut self, field: Option<&Text>, owner: usize) -> String {
        let url = self.text("evidence.url", field, owner);
        let own = url.starts_with('/') && !url.starts_with("//");
        let usable = (own || url.starts_with("https://")) && !url.contains(char::is_whitespace);
        if let Some(field) = field.filter(|_| !url.is_empty() && !usable) {
            self.mistakes.push(Mistake::of(
                field,
                format!(
                    "`evidence.url` is `{url}`: expected a path on this site such as /blog/… or an https:// address"
                ),
            ));
        }
        url
    }
}

/// Writes the lines above the commitments of an area, in a plan's file and in its translations'.
pub(super) fn format_area_head(text: &mut String, slug: &Slug, title: &str, summary: &str) {
    let (slug, title, summary) = (quoted(slug.as_str()), quoted(title), quoted(summary));
    // Writing to a String does not fail.
    let _ = write!(text, "  - slug: {slug}\n    title: {title}\n    summary: {summary}\n    commitments:\n");
}

fn format_area(text: &mut String, area: &Area) {
    format_area_head(text, &area.slug, &area.title, &area.summary);
    for commitment in &area.commitments {
        let _ = write!(
            text,
            "      - slug: {}\n        title: {}\n        unit: {}\n        baseline: {}\n        target: {}\n        \
             values:\n",
            quoted(commitment.slug.as_str()),
            quoted(&commitment.title),
            quoted(&commitment.unit),
            commitment.baseline,
            commitment.target,
        );
        for Value { as_of, value } in &commitment.values {
            let _ = write!(text, "          - as_of: {as_of}\n            value: {value}\n");
        }
        let _ = write!(
            text,
            "        evidence:\n          title: {}\n          url: {}\n",
            quoted(&commitment.evidence.title),
            quoted(&commitment.evidence.url),
        );
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const GOOD: &str = r#"---
title: "Plan"
headline: "Our plan"
summary: "What we do."
areas:
  - slug: "connect"
    title: "Connect"
    summary: "Places."
    commitments:
      - slug: "networks"
        title: "Help"
        unit: "networks"
        baseline: 0
        target: 40
        values:
          - as_of: 2023-06-30
            value: 12
          - as_of: 2023-09-30
            value: 23
        evidence:
          title: "See"
          url: "/blog/"
---

Intro.
"#;

    fn parse(text: &str) -> Result<PlanFile, Vec<Mistake>> {
        PlanFile::parse(PlanYear::parse("2023").expect("a year"), text)
    }

    #[test]
    fn a_plan_is_read_and_written_without_loss() {
        assert_eq!(parse(GOOD).expect("a plan").format(), GOOD);
        let french = GOOD.replacen("title", "lang: \"fr\"\ntitle", 1);
        assert_eq!(parse(&french).expect("a plan").format(), french);
    }

    #[test]
    fn all_mistakes_are_told_at_once_each_with_its_line() {
        let bad = GOOD
            .replace("slug: \"networks\"", "slug: \"connect\"")
            .replace("target: 40", "target: 0")
            .replace("2023-09-30", "autumn")
            .replace("\"/blog/\"", "\"javascript:alert(1)\"");
        let told: Vec<String> = parse(&bad).expect_err("mistakes").iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 4, "{told:#?}");
        assert!(told[0].starts_with("10: the slug `connect` is there twice"), "{told:#?}");
        assert!(told[1].starts_with("14: `target` is the same"), "{told:#?}");
        assert!(told[2].starts_with("18: `as_of` is `autumn`"), "{told:#?}");
        assert!(told[3].starts_with("22: `evidence.url`"), "{told:#?}");
    }

    #[test]
    fn an_empty_list_and_a_slug_of_the_page_itself_are_mistakes() {
        let front = GOOD.split("areas:").next().expect("front matter");
        let told = parse(&format!("{front}areas: []\n---\n\nIntro.\n")).expect_err("mistakes");
        assert!(told[0].what.starts_with("`areas` is empty"), "{told:?}");
        for id in PAGE_IDS.into_iter().chain(TAKEN).chain(["networks-title"]) {
            let named = format!("\"{id}\"\n        title");
            let told = parse(&GOOD.replace("\"networks\"\n        title", &named)).expect_err("mistakes");
            assert!(told[0].what.contains("taken by the page itself"), "{told:?}");
        }
    }

    #[test]
    fn values_are_in_the_order_of_their_days() {
        let told = parse(&GOOD.replace("2023-09-30", "2023-06-30")).expect_err("mistakes");
        assert!(told[0].what.starts_with("`values` are out of order"), "{told:?}");
    }

    #[test]
    fn a_number_that_is_none_is_a_mistake_with_its_line() {
        let told = parse(&GOOD.replace("value: 23", "value: many")).expect_err("mistakes");
        assert_eq!(told[0].line, 19, "{told:?}");
    }
}
