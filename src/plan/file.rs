//! A plan as a file: `content/plan/<year>.md`, front matter over Markdown.

use super::{Area, Commitment, Evidence, PlanYear};
use crate::{
    content::front_matter::{self, Mistake, Text, no_pictures, quoted, required},
    i18n::Lang,
    posts::Slug,
};
use jiff::civil::Date;
use serde::Deserialize;
use serde_saphyr::Spanned;
use std::{collections::HashSet, fmt::Write as _};

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
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct FrontMatter {
    title: Text,
    headline: Text,
    summary: Text,
    areas: Spanned<Vec<AreaMatter>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct AreaMatter {
    slug: Text,
    title: Text,
    summary: Text,
    commitments: Spanned<Vec<CommitmentMatter>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CommitmentMatter {
    slug: Text,
    title: Text,
    unit: Text,
    baseline: i64,
    target: Spanned<i64>,
    current: i64,
    as_of: Text,
    evidence: EvidenceMatter,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EvidenceMatter {
    title: Text,
    url: Text,
}

impl PlanFile {
    /// Reads the text of a plan's file, or gives every mistake in it, each with its line.
    pub fn parse(lang: Lang, year: PlanYear, text: &str) -> Result<Self, Vec<Mistake>> {
        let (front, body) = front_matter::split::<FrontMatter>(text)?;
        let mut reader = Reader { mistakes: no_pictures(text, &body), ..Reader::default() };
        let plan = Self {
            lang,
            year,
            title: required("title", &front.title, &mut reader.mistakes),
            headline: required("headline", &front.headline, &mut reader.mistakes),
            summary: required("summary", &front.summary, &mut reader.mistakes),
            areas: reader.some("areas", &front.areas).iter().filter_map(|area| reader.area(area)).collect(),
            body,
        };
        if reader.mistakes.is_empty() { Ok(plan) } else { Err(reader.mistakes) }
    }

    /// The text of the plan's file. Reading it again gives the same plan.
    pub fn format(&self) -> String {
        let mut text = format!(
            "---\ntitle: {}\nheadline: {}\nsummary: {}\nareas:\n",
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

/// The page of a plan has these ids already.
const PAGE_IDS: [&str; 6] = ["main", "announcer", "progress", "areas", "area-filter", "area-status"];

/// Reads the parts of a plan, collecting mistakes; a part that has one is left out.
#[derive(Default)]
struct Reader {
    mistakes: Vec<Mistake>,
    slugs: HashSet<Slug>,
}

impl Reader {
    fn area(&mut self, matter: &AreaMatter) -> Option<Area> {
        let slug = self.slug(&matter.slug);
        let title = required("title", &matter.title, &mut self.mistakes);
        let summary = required("summary", &matter.summary, &mut self.mistakes);
        let commitments = self.some("commitments", &matter.commitments);
        let commitments = commitments.iter().filter_map(|matter| self.commitment(matter)).collect();
        Some(Area { slug: slug?, title, summary, commitments })
    }

    fn commitment(&mut self, matter: &CommitmentMatter) -> Option<Commitment> {
        let slug = self.slug(&matter.slug);
        let title = required("title", &matter.title, &mut self.mistakes);
        let unit = required("unit", &matter.unit, &mut self.mistakes);
        if matter.target.value == matter.baseline {
            self.mistakes
                .push(Mistake::of(&matter.target, "`target` is the same as `baseline`: there would be nothing to do"));
        }
        let as_of = matter.as_of.value.trim().parse::<Date>().ok();
        if as_of.is_none() {
            self.mistakes.push(Mistake::of(
                &matter.as_of,
                format!("`as_of` is `{}`: expected a day such as 2023-09-30", matter.as_of.value),
            ));
        }
        let evidence = Evidence {
            title: required("evidence.title", &matter.evidence.title, &mut self.mistakes),
            url: self.url(&matter.evidence.url),
        };
        Some(Commitment {
            slug: slug?,
            title,
            unit,
            baseline: matter.baseline,
            target: matter.target.value,
            current: matter.current,
            as_of: as_of?,
            evidence,
        })
    }

    /// The parts in a list that must have one.
    fn some<'a, T>(&mut self, name: &str, list: &'a Spanned<Vec<T>>) -> &'a [T] {
        if list.value.is_empty() {
            self.mistakes.push(Mistake::of(list, format!("`{name}` is empty: expected one or more")));
        }
        &list.value
    }

    /// A slug that no other part of this plan has: each is an anchor in the page.
    fn slug(&mut self, field: &Text) -> Option<Slug> {
        match Slug::parse(field.value.clone()) {
            Ok(slug) if PAGE_IDS.contains(&slug.as_str()) || slug.as_str().ends_with("-title") => {
                self.mistakes
                    .push(Mistake::of(field, format!("the slug `{slug}` is taken by the page itself: choose another")));
                None
            }
            Ok(slug) if self.slugs.insert(slug.clone()) => Some(slug),
            Ok(slug) => {
                self.mistakes.push(Mistake::of(field, format!("the slug `{slug}` is there twice in this plan")));
                None
            }
            Err(error) => {
                self.mistakes.push(Mistake::of(field, error.to_string()));
                None
            }
        }
    }

    fn url(&mut self, field: &Text) -> String {
        let url = field.value.trim();
        let own = url.starts_with('/') && !url.starts_with("//");
        if !(own || url.starts_with("https://")) || url.contains(char::is_whitespace) {
            self.mistakes.push(Mistake::of(
                field,
                format!(
                    "`evidence.url` is `{url}`: expected a path on this site such as /blog/… or an https:// address"
                ),
            ));
        }
        url.to_owned()
    }
}

fn format_area(text: &mut String, area: &Area) {
    // Writing to a String does not fail.
    let _ = write!(
        text,
        "  - slug: {}\n    title: {}\n    summary: {}\n    commitments:\n",
        quoted(area.slug.as_str()),
        quoted(&area.title),
        quoted(&area.summary),
    );
    for commitment in &area.commitments {
        let _ = write!(
            text,
            "      - slug: {}\n        title: {}\n        unit: {}\n        baseline: {}\n        target: {}\n        \
             current: {}\n        as_of: {}\n        evidence:\n          title: {}\n          url: {}\n",
            quoted(commitment.slug.as_str()),
            quoted(&commitment.title),
            quoted(&commitment.unit),
            commitment.baseline,
            commitment.target,
            commitment.current,
            commitment.as_of,
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
        current: 23
        as_of: 2023-09-30
        evidence:
          title: "See"
          url: "/blog/"
---

Intro.
"#;

    fn parse(text: &str) -> Result<PlanFile, Vec<Mistake>> {
        PlanFile::parse(Lang::DEFAULT, PlanYear::parse("2023").expect("a year"), text)
    }

    #[test]
    fn a_plan_is_read_and_written_without_loss() {
        assert_eq!(parse(GOOD).expect("a plan").format(), GOOD);
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
        assert!(told[2].starts_with("16: `as_of` is `autumn`"), "{told:#?}");
        assert!(told[3].starts_with("19: `evidence.url`"), "{told:#?}");
    }

    #[test]
    fn an_empty_list_and_a_slug_of_the_page_itself_are_mistakes() {
        let front = GOOD.split("areas:").next().expect("front matter");
        let told = parse(&format!("{front}areas: []\n---\n\nIntro.\n")).expect_err("mistakes");
        assert!(told[0].what.starts_with("`areas` is empty"), "{told:?}");
        let told =
            parse(&GOOD.replace("\"networks\"\n        title", "\"progress\"\n        title")).expect_err("mistakes");
        assert!(told[0].what.contains("taken by the page itself"), "{told:?}");
    }

    #[test]
    fn a_number_that_is_none_is_a_mistake_with_its_line() {
        let told = parse(&GOOD.replace("current: 23", "current: many")).expect_err("mistakes");
        assert_eq!(told[0].line, 15, "{told:?}");
    }
}
