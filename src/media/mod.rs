//! Pictures: what a page says of one, for both halves.
//!
//! An editor brings a file, readers get what is made of it. `file.rs` tells what a file is, `raster.rs` and `avif.rs` decode
//! it, `svg.rs` takes out of a drawing what could run or call elsewhere, `make.rs` makes the files that pages show, `store.rs`
//! keeps them, and `page.rs` serves them.

#[cfg(feature = "ssr")]
mod avif;
#[cfg(feature = "ssr")]
pub mod file;
#[cfg(feature = "ssr")]
pub mod make;
#[cfg(feature = "ssr")]
pub mod page;
#[cfg(feature = "ssr")]
mod raster;
#[cfg(feature = "ssr")]
pub mod store;
#[cfg(feature = "ssr")]
pub mod svg;

use serde::{Deserialize, Serialize};
use std::fmt;

/// A picture as a page shows it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Picture {
    /// The name of the bytes that the editor brought: 16 hexadecimal digits.
    pub hash: String,
    /// The file name that the editor gave it.
    pub file: String,
    /// What it says to a reader who does not see it.
    pub alt: Alt,
    /// The width in CSS pixels.
    pub width: i32,
    /// The height in CSS pixels.
    pub height: i32,
    /// What was made of it; nothing in a store that was not imported into since pictures are made.
    pub made: Option<Made>,
    /// What stays in view where it is cropped; none means the middle.
    pub focus: Option<Focus>,
}

/// What was made of a picture.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Made {
    /// The name of the set of files: 16 hexadecimal digits.
    pub set: String,
    /// The file that every program can show.
    pub fallback: Fallback,
    /// The colour of its place until it is there; none where something shines through the picture.
    pub tone: Option<Tone>,
}

/// The widths of the files that are made, in pixels: what cards and texts show on screens of one and two pixels a point.
const WIDTHS: [i32; 4] = [320, 640, 960, 1280];

/// The widths of the files of a picture that is `width` wide: never wider than itself.
pub fn widths(width: i32) -> impl Iterator<Item = i32> {
    let largest = WIDTHS[WIDTHS.len() - 1];
    WIDTHS.into_iter().filter(move |it| *it < width).chain((width <= largest).then_some(width))
}

/// The width of the one file in the form that every program can show.
pub fn fallback_width(width: i32) -> i32 {
    width.min(WIDTHS[1])
}

impl Picture {
    /// The address of the file that every program can show; another picture has another address.
    pub fn path(&self) -> String {
        match &self.made {
            None => format!("/media/{}/{}", self.hash, self.file),
            Some(Made { set, fallback: Fallback::Svg, .. }) => format!("/media/{set}/{}.svg", self.stem()),
            Some(Made { set, fallback, .. }) => self.address(set, fallback_width(self.width), fallback.extension()),
        }
    }

    /// The addresses of a photograph's files in a format, with their widths, as `srcset` has them; none of a drawing.
    pub fn srcset(&self, extension: &str) -> Option<String> {
        let made = self.made.as_ref().filter(|made| made.fallback != Fallback::Svg)?;
        let one = |width| format!("{} {width}w", self.address(&made.set, width, extension));
        Some(widths(self.width).map(one).collect::<Vec<_>>().join(","))
    }

    /// The classes that give the picture's place its colour, and its crop a centre; empty where there are none.
    pub fn classes(&self) -> String {
        let tone = self.made.as_ref().and_then(|made| made.tone).map(|tone| tone.class().to_owned());
        let classes: Vec<_> = tone.into_iter().chain(self.focus.and_then(Focus::classes)).collect();
        classes.join(" ")
    }

    fn address(&self, set: &str, width: i32, extension: &str) -> String {
        format!("/media/{set}/{}-{width}.{extension}", self.stem())
    }

    /// The editor's name for it, without what ends an address or a part of `srcset`.
    fn stem(&self) -> String {
        let stem = self.file.rsplit_once('.').map_or(self.file.as_str(), |(stem, _)| stem);
        stem.chars().map(|c| if c.is_ascii_alphanumeric() || c == '_' { c } else { '-' }).collect()
    }
}

/// The form of a picture's file that every program can show.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Fallback {
    /// A drawing, which is its only file.
    Svg,
    /// A photograph.
    Jpg,
    /// A picture through which something shines.
    Png,
}

impl Fallback {
    /// The end of the file's name.
    pub fn extension(self) -> &'static str {
        match self {
            Self::Svg => "svg",
            Self::Jpg => "jpg",
            Self::Png => "png",
        }
    }

    /// The form with this end of the file's name.
    pub fn parse(extension: &str) -> Option<Self> {
        [Self::Svg, Self::Jpg, Self::Png].into_iter().find(|it| it.extension() == extension)
    }
}

/// The colour of a picture's place until the picture is there: one of twelve hues, 30 degrees apart, or grey.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Tone(u8);

impl Tone {
    const CLASSES: [&str; 13] = [
        "tone-0",
        "tone-1",
        "tone-2",
        "tone-3",
        "tone-4",
        "tone-5",
        "tone-6",
        "tone-7",
        "tone-8",
        "tone-9",
        "tone-10",
        "tone-11",
        "tone-grey",
    ];

    /// No hue.
    pub const GREY: Self = Self(12);

    /// The one that is next to a hue in degrees.
    pub fn of_hue(degrees: f64) -> Self {
        Self((degrees.rem_euclid(360.0) / 30.0).round() as u8 % 12)
    }

    /// The form in the database: 0 to 11, and 12 for grey.
    pub fn stored(number: i32) -> Option<Self> {
        u8::try_from(number).ok().filter(|it| *it <= Self::GREY.0).map(Self)
    }

    /// The number that the database keeps.
    pub fn number(self) -> i32 {
        self.0.into()
    }

    /// The style's name for it.
    pub fn class(self) -> &'static str {
        Self::CLASSES[usize::from(self.0)]
    }

    /// The style's names for all of them.
    pub fn all_classes() -> &'static [&'static str] {
        &Self::CLASSES
    }
}

/// What stays in view where a picture is cropped: a place in it, in percent from its left and its top.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct Focus {
    x: u8,
    y: u8,
}

impl Focus {
    /// The form in front matter: `30% 70%`.
    pub fn parse(text: &str) -> Option<Self> {
        let percent = |text: &str| {
            let digits = text.strip_suffix('%')?;
            digits.parse().ok().filter(|it| *it <= 100 && digits.bytes().all(|byte| byte.is_ascii_digit()))
        };
        let (x, y) = text.trim().split_once(' ')?;
        Some(Self { x: percent(x)?, y: percent(y.trim_start())? })
    }

    /// The style's names for it, to the next ten percent; none for the middle.
    fn classes(self) -> Option<String> {
        let tenth = |percent: u8| (percent + 5) / 10;
        let class = |axis: &str, tenth: u8| (tenth != 5).then(|| format!("{axis}-{tenth}"));
        let classes: Vec<_> = class("fx", tenth(self.x)).into_iter().chain(class("fy", tenth(self.y))).collect();
        (!classes.is_empty()).then(|| classes.join(" "))
    }
}

impl fmt::Display for Focus {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}% {}%", self.x, self.y)
    }
}

impl TryFrom<String> for Focus {
    type Error = String;

    fn try_from(text: String) -> Result<Self, String> {
        let expected = "expected how far from the left and from the top, in whole percent, such as \"30% 70%\"";
        Self::parse(&text).ok_or_else(|| format!("`{text}` is not a place in a picture: {expected}"))
    }
}

impl From<Focus> for String {
    fn from(focus: Focus) -> String {
        focus.to_string()
    }
}

/// What a picture says to a reader who does not see it: never left open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Alt {
    /// What the picture shows.
    Text(String),
    /// Nothing that the words beside it do not say.
    Decorative,
}

impl Alt {
    /// The form in front matter: `decorative`, or the text itself; `None` where it is empty.
    pub fn parse(text: &str) -> Option<Self> {
        match text.trim() {
            "" => None,
            "decorative" => Some(Self::Decorative),
            text => Some(Self::Text(text.to_owned())),
        }
    }

    /// The form in the database, where no text means decorative.
    pub fn stored(text: Option<String>) -> Self {
        text.map_or(Self::Decorative, Self::Text)
    }

    /// The text, unless the picture is decorative.
    pub fn text(&self) -> Option<&str> {
        match self {
            Self::Text(text) => Some(text),
            Self::Decorative => None,
        }
    }
}

#[cfg(test)]
pub mod testing {
    //! Pictures for tests.

    use super::*;

    /// A picture of this file and size, of which `fallback` and its like were made.
    pub fn picture(file: &str, width: i32, height: i32, fallback: Option<Fallback>) -> Picture {
        let made = fallback.map(|fallback| Made { set: "1".repeat(16), fallback, tone: Some(Tone::of_hue(90.0)) });
        Picture { hash: "0".repeat(16), file: file.into(), alt: Alt::Decorative, width, height, made, focus: None }
    }
}

#[cfg(test)]
mod tests {
    use super::{testing::picture, *};

    #[test]
    fn a_picture_without_words_must_say_so() {
        assert_eq!(Alt::parse("a flag"), Some(Alt::Text("a flag".into())));
        assert_eq!(Alt::parse(" decorative "), Some(Alt::Decorative));
        assert_eq!(Alt::parse("  "), None);
    }

    #[test]
    fn no_file_is_wider_than_its_picture() {
        let of = |width| widths(width).collect::<Vec<_>>();
        assert_eq!(of(4000), [320, 640, 960, 1280]);
        assert_eq!(of(1280), [320, 640, 960, 1280]);
        assert_eq!(of(1000), [320, 640, 960, 1000]);
        assert_eq!(of(320), [320]);
        assert_eq!(of(7), [7]);
        assert_eq!([4000, 640, 7].map(fallback_width), [640, 640, 7]);
    }

    #[test]
    fn the_addresses_of_a_pictures_files_follow_from_its_size() {
        let photo = picture("My photo, 1.JPG", 700, 400, Some(Fallback::Jpg));
        assert_eq!(photo.path(), "/media/1111111111111111/My-photo--1-640.jpg");
        let at = "/media/1111111111111111/My-photo--1";
        let expected = format!("{at}-320.avif 320w,{at}-640.avif 640w,{at}-700.avif 700w");
        assert_eq!(photo.srcset("avif"), Some(expected));
        let drawing = picture("flag-1.svg", 640, 400, Some(Fallback::Svg));
        assert_eq!((drawing.path().as_str(), drawing.srcset("avif")), ("/media/1111111111111111/flag-1.svg", None));
        let old = picture("flag.png", 640, 400, None);
        assert_eq!((old.path().as_str(), old.srcset("avif")), ("/media/0000000000000000/flag.png", None));
    }

    #[test]
    fn a_focus_is_two_percentages() {
        let focus = Focus::parse("30% 70%").expect("a focus");
        assert_eq!(focus.to_string(), "30% 70%");
        assert_eq!(focus.classes().as_deref(), Some("fx-3 fy-7"));
        assert_eq!(Focus::parse("0% 100%").and_then(Focus::classes).as_deref(), Some("fx-0 fy-10"));
        assert_eq!(Focus::parse("54% 45%").and_then(Focus::classes), None);
        for bad in ["", "30%", "30 70", "30% 101%", "-1% 5%", "+1% 5%", "1.5% 5%", "left top", "30% 70% 1%"] {
            assert_eq!(Focus::parse(bad), None, "{bad}");
        }
    }

    #[test]
    fn a_tone_is_the_nearest_of_twelve_hues() {
        assert_eq!([0.0, 14.0, 16.0, 350.0, -90.0].map(|hue| Tone::of_hue(hue).number()), [0, 0, 1, 0, 9]);
        assert_eq!(Tone::GREY.class(), "tone-grey");
        assert_eq!(Tone::stored(11).map(Tone::class), Some("tone-11"));
        assert_eq!([-1, 13].map(Tone::stored), [None, None]);
    }
}
