//! What all pages share: layout, pictures, dates, icons. It knows no feature.

pub mod choice;
pub mod data;
pub mod empty;
pub mod icon;
pub mod layout;
pub mod little_data;
pub mod page;
pub mod picture;
pub mod plain;
pub mod shield;
pub mod theme;
pub mod time;
pub mod trail;
pub mod words;

/// The words of the message `id` in `lang`, with values for what it names: `t!(lang, "plan-commitments", count = 3)`.
macro_rules! t {
    ($lang:expr, $id:expr $(, $name:ident = $value:expr)* $(,)?) => {
        $crate::i18n::message($lang, $id, &[$((stringify!($name), $value.into())),*])
    };
}

pub(crate) use t;
