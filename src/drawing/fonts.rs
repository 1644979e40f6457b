//! The fonts that pictures are lettered with.

use cosmic_text::fontdb::{Database, Source};
use std::sync::{Arc, LazyLock};

/// The family for titles.
pub const SERIF: &str = "Noto Serif";

/// The family for small print.
pub const SANS: &str = "Noto Sans";

/// The family for Arabic letters.
pub const NASKH: &str = "Noto Naskh Arabic";

/// The fonts that we bring along: with them alone, a picture looks the same on every machine.
pub static OWN: LazyLock<Database> = LazyLock::new(|| {
    let files: [&[u8]; 4] = [
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/NotoSerif-Bold.ttf")),
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/NotoSans-Regular.ttf")),
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/NotoNaskhArabic-Bold.ttf")),
        include_bytes!(concat!(env!("CARGO_MANIFEST_DIR"), "/fonts/NotoNaskhArabic-Regular.ttf")),
    ];
    let mut fonts = Database::new();
    for file in files {
        fonts.load_font_source(Source::Binary(Arc::new(file)));
    }
    fonts
});

/// Those, and what the machine happens to have, for the scripts that ours lack.
pub static ALL: LazyLock<Database> = LazyLock::new(|| {
    let mut fonts = OWN.clone();
    fonts.load_system_fonts();
    fonts
});
