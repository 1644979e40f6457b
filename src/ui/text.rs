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

/// The words of `text`, folded; those of three letters and fewer say little and are left out.
pub fn words(text: &str) -> impl Iterator<Item = String> {
    let folded = fold(text);
    let words: Vec<String> = folded
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| word.chars().count() > 3)
        .map(str::to_owned)
        .collect();
    words.into_iter()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_typographic_marks_do_not_count() {
        assert_eq!(fold("Café’s “Été”"), "cafe's \"ete\"");
        assert_eq!(fold("ÅNGSTRÖM"), "angstrom");
        assert_eq!(words("The “Café’s” networks").collect::<Vec<_>>(), ["cafe", "networks"]);
    }
}
