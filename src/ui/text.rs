//! Text made comparable.

use unicode_normalization::{UnicodeNormalization as _, char::is_combining_mark};

/// `text` in lower case, without accents and with plain apostrophes and quotes: how the filter compares.
///
/// `posts/island.rs` does the same with the browser's own means.
pub fn fold(text: &str) -> String {
    text.nfd()
        .filter(|c| !is_combining_mark(*c))
        .flat_map(char::to_lowercase)
        .map(|c| match c {
            '‘' | '’' => '\'',
            '“' | '”' => '"',
            c => c,
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_typographic_marks_do_not_count() {
        assert_eq!(fold("Café’s “Été”"), "cafe's \"ete\"");
        assert_eq!(fold("ÅNGSTRÖM"), "angstrom");
    }
}
