//! Text made comparable: without case, accents and the forms of one letter that readers type differently.

/// `text` in lower case and in compatibility decomposition, by the tables of this half: those of the standard library and of
/// `unicode-normalization` would be a quarter of what readers download.
#[cfg(not(target_arch = "wasm32"))]
fn decomposed(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization as _;
    text.nfkd().flat_map(char::to_lowercase).collect()
}

#[cfg(target_arch = "wasm32")]
fn decomposed(text: &str) -> String {
    use wasm_bindgen::JsCast as _;
    let text = js_sys::JsString::from(text).normalize("NFKD").to_lower_case();
    String::from(text.unchecked_into::<js_sys::JsString>())
}

/// `text` in lower case, by the tables of this half.
#[cfg(not(target_arch = "wasm32"))]
pub fn lowercase(text: &str) -> String {
    text.to_lowercase()
}

/// `text` in lower case, by the browser's tables.
#[cfg(target_arch = "wasm32")]
pub fn lowercase(text: &str) -> String {
    js_sys::JsString::from(text).to_lower_case().into()
}

/// `text` in lower case, without accents and vowel points, with plain apostrophes, quotes and digits, and with one form of each
/// Arabic letter. Nothing else goes: punctuation and spaces stay.
pub fn fold(text: &str) -> String {
    if text.is_ascii() {
        return text.to_ascii_lowercase();
    }
    let mut folded = String::with_capacity(text.len());
    for c in decomposed(text).chars().filter(|c| !is_silent(*c)) {
        match c {
            '‘' | '’' | 'ʼ' => folded.push('\''),
            '“' | '”' => folded.push('"'),
            'ß' => folded.push_str("ss"),
            'æ' => folded.push_str("ae"),
            'œ' => folded.push_str("oe"),
            'þ' => folded.push_str("th"),
            'ø' => folded.push('o'),
            'ð' | 'đ' => folded.push('d'),
            'ł' => folded.push('l'),
            'ı' => folded.push('i'),
            'ς' => folded.push('σ'),
            'ٱ' => folded.push('ا'),
            'ى' | 'ی' => folded.push('ي'),
            'ة' | 'ہ' => folded.push('ه'),
            'ک' => folded.push('ك'),
            '٠'..='٩' => folded.push((c as u32 - '٠' as u32 + u32::from(b'0')) as u8 as char),
            '۰'..='۹' => folded.push((c as u32 - '۰' as u32 + u32::from(b'0')) as u8 as char),
            c => folded.push(c),
        }
    }
    folded
}

/// Whether `c` changes how a word is spoken, written or broken, and not which word it is: accents, vowel points, the tatweel,
/// soft hyphens and joiners.
pub(super) fn is_silent(c: char) -> bool {
    matches!(
        c,
        '\u{ad}'
            | '\u{300}'..='\u{36f}'
            | '\u{483}'..='\u{487}'
            | '\u{591}'..='\u{5bd}'
            | '\u{5bf}'..='\u{5c7}'
            | '\u{610}'..='\u{61a}'
            | '\u{640}'
            | '\u{64b}'..='\u{65f}'
            | '\u{670}'
            | '\u{6d6}'..='\u{6dc}'
            | '\u{6df}'..='\u{6e8}'
            | '\u{6ea}'..='\u{6ed}'
            | '\u{1ab0}'..='\u{1aff}'
            | '\u{1dc0}'..='\u{1dff}'
            | '\u{200b}'..='\u{200f}'
            | '\u{2060}'
            | '\u{20d0}'..='\u{20ff}'
            | '\u{3099}'..='\u{309a}'
            | '\u{fe00}'..='\u{fe2f}'
            | '\u{feff}'
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn case_accents_and_typographic_marks_do_not_count() {
        for (text, folded) in [
            ("Café’s “Été”", "cafe's \"ete\""),
            ("ÅNGSTRÖM", "angstrom"),
            ("ÉVÉNEMENT", "evenement"),
            ("Straße, Œuvre, İstanbul, Łódź", "strasse, oeuvre, istanbul, lodz"),
            ("ｆｕｌｌ ﬁ Ὀδυσσεύς", "full fi οδυσσευσ"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }

    #[test]
    fn an_arabic_letter_has_one_form() {
        for (text, folded) in [
            ("أخبار", "اخبار"),
            ("آخر إلى ٱلله", "اخر الي الله"),
            ("مُسْتَقْبَل", "مستقبل"),
            ("شـــبكة", "شبكه"),
            ("ﺷﺒﻜﺔ", "شبكه"),
            ("٢٠٢٣ ۲۰۲۳", "2023 2023"),
        ] {
            assert_eq!(fold(text), folded);
        }
    }
}
