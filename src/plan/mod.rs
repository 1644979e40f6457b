//! The Action Plan: each year's commitments, measured.
//!
//! Nouns and rules here, for both halves. `file.rs` is a plan as a file in `content/`, `store.rs` its SQL, `api.rs` the
//! server function, `page.rs` what a reader sees, `island.rs` the filter in the browser, `translation.rs` a plan's words in
//! another language.

pub mod api;
#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
pub mod glance;
pub mod island;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod translation;

use crate::{
    i18n::{Lang, Wording},
    posts::Slug,
};
use jiff::civil::Date;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The plan of a year.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Plan {
    /// The language of title, headline and summary: the reader's, or the original's where there is no translation.
    pub lang: Lang,
    /// The language of the areas and the introduction.
    pub body_lang: Lang,
    /// The language that it was written in.
    pub original_lang: Lang,
    /// How the words stand to the original.
    pub wording: Wording,
    /// The year that the plan is for.
    pub year: PlanYear,
    /// Its name.
    pub title: String,
    /// The headline under which the front page presents it.
    pub headline: String,
    /// One or two sentences for the front page and for descriptions.
    pub summary: String,
    /// The areas, in the editor's order.
    pub areas: Vec<Area>,
    /// The introduction as safe HTML, made from its Markdown.
    pub html: String,
}

impl Plan {
    /// The plan's address in the default language: `/action-plan/2023/`.
    pub fn path(&self) -> String {
        format!("/action-plan/{}/", self.year)
    }

    /// All commitments of all areas.
    pub fn commitments(&self) -> impl Iterator<Item = &Commitment> {
        self.areas.iter().flat_map(|area| &area.commitments)
    }
}

/// A part of the plan: commitments that belong together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Area {
    /// Its name in addresses.
    pub slug: Slug,
    /// Its heading.
    pub title: String,
    /// What it is about.
    pub summary: String,
    /// The commitments, in the editor's order.
    pub commitments: Vec<Commitment>,
}

impl Area {
    /// How far the area is: the mean of its commitments, in whole per cent from 0 to 100.
    pub fn percent(&self) -> u8 {
        let sum: usize = self.commitments.iter().map(|commitment| usize::from(commitment.percent())).sum();
        (sum / self.commitments.len().max(1)) as u8
    }
}

/// Something that the organisation undertakes, and how far it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Commitment {
    /// Its name in addresses.
    pub slug: Slug,
    /// What is undertaken.
    pub title: String,
    /// What is counted, as it reads on from a number: `community networks supported`.
    pub unit: String,
    /// Where the count stood when the plan began.
    pub baseline: i64,
    /// Where it should end. Below the baseline, fewer is better.
    pub target: i64,
    /// Where it stood on which day, oldest first; never empty.
    pub values: Vec<Value>,
    /// Where a reader can check it.
    pub evidence: Evidence,
}

/// Where a commitment stood on a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Value {
    /// The day on which it was counted.
    pub as_of: Date,
    /// What was counted.
    pub value: i64,
}

impl Commitment {
    /// Where it stands.
    pub fn current(&self) -> i64 {
        self.values.last().map_or(self.baseline, |last| last.value)
    }

    /// How much of the way from the baseline to the target is done, in whole per cent from 0 to 100.
    ///
    /// Rounded down, so that 100 means reached.
    pub fn percent(&self) -> u8 {
        let way = i128::from(self.target) - i128::from(self.baseline);
        let done = i128::from(self.current()) - i128::from(self.baseline);
        if way == 0 {
            return if self.current() == self.target { 100 } else { 0 };
        }
        (done * 100 / way).clamp(0, 100) as u8
    }

    /// Whether the target is reached or passed.
    pub fn is_reached(&self) -> bool {
        self.percent() == 100
    }
}

/// Where a reader can check a commitment.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Evidence {
    /// What the link shows.
    pub title: String,
    /// A path on this site or an `https` address.
    pub url: String,
}

/// The year of a plan, 1970 to 9999.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "i32", into = "i32")]
pub struct PlanYear(i16);

impl PlanYear {
    /// Reads four digits; `None` for anything else.
    pub fn parse(text: &str) -> Option<Self> {
        let digits = text.len() == 4 && text.bytes().all(|byte| byte.is_ascii_digit());
        digits.then(|| text.parse().ok()).flatten().and_then(Self::new)
    }

    /// The year as a number.
    pub fn get(self) -> i32 {
        self.0.into()
    }

    fn new(year: i32) -> Option<Self> {
        (1970..=9999).contains(&year).then_some(Self(year as i16))
    }
}

impl fmt::Display for PlanYear {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.0)
    }
}

impl TryFrom<i32> for PlanYear {
    type Error = String;

    fn try_from(year: i32) -> Result<Self, String> {
        Self::new(year).ok_or_else(|| format!("`{year}` is not the year of a plan: expected 1970 to 9999"))
    }
}

impl From<PlanYear> for i32 {
    fn from(year: PlanYear) -> i32 {
        year.get()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn commitment(baseline: i64, target: i64, current: i64) -> Commitment {
        Commitment {
            slug: Slug::parse("a-commitment").expect("a slug"),
            title: "Do it".into(),
            unit: "things done".into(),
            baseline,
            target,
            values: vec![Value { as_of: "2023-09-30".parse().expect("a day"), value: current }],
            evidence: Evidence { title: "Here".into(), url: "/".into() },
        }
    }

    #[test]
    fn progress_is_the_part_of_the_way_that_is_done() {
        assert_eq!(commitment(0, 40, 23).percent(), 57);
        assert_eq!(commitment(32, 60, 47).percent(), 53);
        assert_eq!(commitment(0, 300, 299).percent(), 99);
    }

    #[test]
    fn a_count_that_should_fall_is_done_when_it_has_fallen() {
        assert_eq!(commitment(30, 10, 14).percent(), 80);
        assert!(commitment(30, 10, 9).is_reached());
        assert_eq!(commitment(300, 0, 1).percent(), 99);
        assert_eq!(commitment(30, 10, 35).percent(), 0);
    }

    #[test]
    fn progress_stays_between_nothing_and_all() {
        assert_eq!(commitment(0, 50, 54).percent(), 100);
        assert_eq!(commitment(0, 50, -4).percent(), 0);
        assert_eq!(commitment(5, 5, 5).percent(), 100);
        assert_eq!(commitment(5, 5, 4).percent(), 0);
        assert_eq!(commitment(i64::MIN, i64::MAX, i64::MAX).percent(), 100);
    }

    #[test]
    fn a_plan_year_has_four_digits() {
        assert_eq!(PlanYear::parse("2023").map(PlanYear::get), Some(2023));
        for bad in ["", "23", "02023", "+202", "1969", "２０２３", "next"] {
            assert_eq!(PlanYear::parse(bad), None, "{bad}");
        }
    }
}
