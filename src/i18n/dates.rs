//! Dates as a reader writes them.

use super::Lang;
use jiff::{Timestamp, civil::Date, tz::TimeZone};

/// The day of `at` in UTC, written out: `14 March 2023`.
pub fn long_date(lang: Lang, at: Timestamp) -> String {
    long_day(lang, TimeZone::UTC.to_datetime(at).date())
}

/// A day, written out: `14 March 2023`.
pub fn long_day(_lang: Lang, day: Date) -> String {
    day.strftime("%-d %B %Y").to_string()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_written_as_people_say_it() {
        let at: Timestamp = "2023-03-07T23:30:00Z".parse().expect("a timestamp");
        assert_eq!(long_date(Lang::DEFAULT, at), "7 March 2023");
    }
}
