//! Dates and numbers as a reader of each language writes them, and its plurals: by ICU4X.

use super::Lang;
use fixed_decimal::Decimal;
use icu_calendar::Date as CalendarDate;
use icu_datetime::{
    DateTimeFormatter,
    fieldsets::{Y, YM, YMD},
};
use icu_decimal::DecimalFormatter;
use icu_locale::{LanguageIdentifier, LocaleDirectionality, LocaleExpander, langid, locale};
use icu_plurals::{PluralCategory, PluralRules};
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use std::sync::LazyLock;

/// What one language needs. Each part falls back to its language's parent and at last to ICU's root.
struct Formats {
    day: DateTimeFormatter<YMD>,
    month: DateTimeFormatter<YM>,
    year: DateTimeFormatter<Y>,
    number: DecimalFormatter,
    plurals: PluralRules,
}

static FORMATS: LazyLock<Vec<Option<Formats>>> = LazyLock::new(|| Lang::all().map(Formats::of).collect());

impl Formats {
    fn of(lang: Lang) -> Option<Self> {
        let locale: icu_locale::Locale = lang.tag().parse().unwrap_or(locale!("und"));
        Some(Self {
            day: DateTimeFormatter::try_new((&locale).into(), YMD::long()).ok()?,
            month: DateTimeFormatter::try_new((&locale).into(), YM::long()).ok()?,
            year: DateTimeFormatter::try_new((&locale).into(), Y::long()).ok()?,
            number: DecimalFormatter::try_new((&locale).into(), Default::default()).ok()?,
            plurals: PluralRules::try_new_cardinal((&locale).into()).ok()?,
        })
    }
}

fn formats(lang: Lang) -> Option<&'static Formats> {
    FORMATS.get(usize::from(lang.0))?.as_ref()
}

/// The day of `at` in UTC, written out: `March 14, 2023`.
pub fn long_date(lang: Lang, at: Timestamp) -> String {
    long_day(lang, TimeZone::UTC.to_datetime(at).date())
}

/// A day, written out: `March 14, 2023`.
pub fn long_day(lang: Lang, day: Date) -> String {
    let written = || Some(formats(lang)?.day.format(&calendar(day)?).to_string());
    written().unwrap_or_else(|| day.to_string())
}

/// A month, written out: `March 2023`. `month` is 1 to 12.
pub fn month(lang: Lang, year: i16, month: i8) -> String {
    let written = || Some(formats(lang)?.month.format(&calendar(Date::new(year, month, 1).ok()?)?).to_string());
    written().unwrap_or_else(|| format!("{year}-{month:02}"))
}

/// A year: `2023`.
pub fn year(lang: Lang, year: i16) -> String {
    let written = || Some(formats(lang)?.year.format(&calendar(Date::new(year, 1, 1).ok()?)?).to_string());
    written().unwrap_or_else(|| year.to_string())
}

/// A number, grouped: `1,200`.
pub fn number(lang: Lang, number: i64) -> String {
    formats(lang)
        .map_or_else(|| number.to_string(), |formats| formats.number.format(&Decimal::from(number)).to_string())
}

/// The plural category of a number: `one`, `few`, … as translators know them.
pub fn plural(lang: Lang, number: i64) -> &'static str {
    let category = formats(lang).map_or(PluralCategory::Other, |formats| formats.plurals.category_for(number));
    match category {
        PluralCategory::Zero => "zero",
        PluralCategory::One => "one",
        PluralCategory::Two => "two",
        PluralCategory::Few => "few",
        PluralCategory::Many => "many",
        PluralCategory::Other => "other",
    }
}

/// The language with the territory where most of its readers are, as Open Graph has it: `en_US`.
pub fn with_territory(lang: Lang) -> String {
    let mut id: LanguageIdentifier = lang.tag().parse().unwrap_or(langid!("und"));
    LocaleExpander::new_extended().maximize(&mut id);
    id.region.map_or_else(|| id.language.to_string(), |region| format!("{}_{region}", id.language))
}

/// Whether the language with this tag is written from right to left.
pub fn is_rtl(tag: &str) -> bool {
    tag.parse().is_ok_and(|id| LocaleDirectionality::new_common().is_right_to_left(&id))
}

fn calendar(day: Date) -> Option<CalendarDate<icu_calendar::Gregorian>> {
    CalendarDate::try_new_gregorian(day.year().into(), day.month() as u8, day.day() as u8).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::testing::*;

    #[test]
    fn a_date_is_written_as_people_say_it() {
        let at: Timestamp = "2023-03-07T23:30:00Z".parse().expect("a timestamp");
        assert_eq!(long_date(Lang::DEFAULT, at), "March 7, 2023");
        assert_eq!(long_date(FR, at), "7 mars 2023");
        assert_eq!(long_date(ES, at), "7 de marzo de 2023");
        assert_eq!(long_date(AR, at), "7 مارس 2023");
        assert_eq!(month(FR, 2023, 2), "février 2023");
    }

    #[test]
    fn numbers_are_grouped_as_the_language_does() {
        assert_eq!(number(Lang::DEFAULT, 1200), "1,200");
        assert_eq!(number(FR, 1200), "1\u{202f}200");
        assert_eq!(number(ES, 12_000), "12.000");
        assert_eq!(year(FR, 2023), "2023");
    }

    #[test]
    fn a_language_has_a_territory() {
        let tags: Vec<_> = Lang::all().map(with_territory).collect();
        assert_eq!(tags, ["en_US", "fr_FR", "es_ES", "ar_EG"]);
    }

    #[test]
    fn arabic_has_six_plurals() {
        let categories: Vec<_> = [0, 1, 2, 3, 11, 100].map(|n| plural(AR, n)).into();
        assert_eq!(categories, ["zero", "one", "two", "few", "many", "other"]);
    }
}
