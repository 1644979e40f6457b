//! What a word is without its endings, so that `regulations` finds `regulating`.
//!
//! A language is a table: the endings that it takes off in each step, with how many letters have to stay and what comes in
//! their place. The tables are short on purpose: readers download them. Words come folded, without accents.

/// An ending, how many letters have to stay before it, and what comes in its place.
type Rule = (&'static str, usize, &'static str);

/// Of each step, the longest ending that fits is taken off.
type Steps = [&'static [Rule]];

const ENGLISH: &Steps = &[
    &[("sses", 1, "ss"), ("ies", 2, "y"), ("ss", 1, "ss"), ("us", 2, "us"), ("is", 2, "is"), ("s", 3, "")],
    &[
        ("ingly", 3, ""),
        ("edly", 3, ""),
        ("ating", 4, ""),
        ("ated", 4, ""),
        ("eed", 2, "ee"),
        ("ied", 2, "y"),
        ("ing", 3, ""),
        ("ed", 3, ""),
        ("ly", 4, ""),
    ],
    &[
        ("isational", 3, "iz"),
        ("izational", 3, "iz"),
        ("isation", 3, "iz"),
        ("ization", 3, "iz"),
        ("iser", 3, "iz"),
        ("izer", 3, "iz"),
        ("ise", 3, "iz"),
        ("ize", 3, "iz"),
        ("ational", 4, ""),
        ("ation", 4, ""),
        ("ators", 4, ""),
        ("ator", 4, ""),
        ("atory", 4, ""),
        ("ative", 4, ""),
        ("ate", 4, ""),
        ("ability", 3, "abl"),
        ("ibility", 3, "ibl"),
        ("fulness", 3, ""),
        ("ousness", 3, ""),
        ("iveness", 4, ""),
        ("lessness", 3, ""),
        ("ment", 4, ""),
        ("ness", 3, ""),
        ("ful", 3, ""),
        ("less", 4, ""),
        ("able", 3, "abl"),
        ("ible", 3, "ibl"),
        ("ance", 4, ""),
        ("ence", 4, ""),
        ("ancy", 4, ""),
        ("ency", 4, ""),
        ("ant", 5, ""),
        ("ent", 5, ""),
        ("ical", 4, ""),
        ("ial", 4, ""),
        ("al", 4, ""),
        ("ity", 4, ""),
        ("ive", 4, ""),
        ("ous", 4, ""),
        ("ion", 4, ""),
        ("ism", 4, ""),
        ("ist", 4, ""),
        ("er", 4, ""),
        ("or", 4, ""),
        ("ic", 4, ""),
        ("ean", 4, ""),
    ],
    &[("e", 3, ""), ("y", 2, "i"), ("is", 4, "iz")],
];

const FRENCH: &Steps = &[
    &[
        ("eaux", 2, "eau"),
        ("aux", 2, "al"),
        ("eux", 1, "eus"),
        ("eus", 1, "eus"),
        ("eu", 1, "eus"),
        ("oux", 2, "ou"),
        ("ss", 1, "ss"),
        ("s", 3, ""),
    ],
    &[
        ("issement", 3, ""),
        ("atrice", 3, ""),
        ("ateur", 3, ""),
        ("ation", 3, ""),
        ("ition", 3, ""),
        ("amment", 3, ""),
        ("emment", 3, ""),
        ("ivement", 3, ""),
        ("ivite", 3, ""),
        ("ite", 4, ""),
        ("ante", 4, ""),
        ("ant", 4, ""),
        ("ente", 5, ""),
        ("ent", 5, ""),
        ("ance", 4, ""),
        ("ence", 4, ""),
        ("able", 3, ""),
        ("ible", 3, ""),
        ("ique", 3, ""),
        ("isme", 3, ""),
        ("iste", 3, ""),
        ("ive", 3, ""),
        ("if", 3, ""),
        ("euse", 3, ""),
        ("eus", 3, ""),
        ("elle", 4, ""),
        ("el", 4, ""),
        ("ale", 4, ""),
        ("al", 4, ""),
        ("aire", 4, ""),
        ("ienne", 3, ""),
        ("ien", 3, ""),
        ("eenne", 3, ""),
        ("een", 3, ""),
        ("ier", 3, ""),
        ("iere", 3, ""),
        ("aient", 3, ""),
        ("erait", 3, ""),
        ("era", 3, ""),
        ("ait", 3, ""),
        ("ir", 4, ""),
        ("er", 3, ""),
        ("ez", 3, ""),
        ("ee", 3, ""),
        ("ion", 4, ""),
        ("e", 3, ""),
    ],
    &[("ement", 3, ""), ("ment", 4, ""), ("ie", 3, ""), ("e", 3, ""), ("i", 4, "")],
];

const SPANISH: &Steps = &[
    &[
        ("ces", 2, "z"),
        ("ais", 1, "ais"),
        ("iones", 2, "ion"),
        ("ores", 3, "or"),
        ("ales", 3, "al"),
        ("es", 3, ""),
        ("s", 3, ""),
    ],
    &[
        ("amiento", 3, ""),
        ("imiento", 3, ""),
        ("aciones", 3, ""),
        ("acion", 3, ""),
        ("icion", 3, ""),
        ("adora", 3, ""),
        ("ador", 3, ""),
        ("atoria", 3, ""),
        ("atorio", 3, ""),
        ("ativa", 3, ""),
        ("ativo", 3, ""),
        ("amente", 3, ""),
        ("mente", 4, ""),
        ("idad", 3, ""),
        ("ancia", 3, ""),
        ("encia", 4, ""),
        ("anza", 3, ""),
        ("able", 3, ""),
        ("ible", 3, ""),
        ("ismo", 3, ""),
        ("ista", 3, ""),
        ("iva", 3, ""),
        ("ivo", 3, ""),
        ("osa", 3, ""),
        ("oso", 3, ""),
        ("ica", 3, ""),
        ("ico", 3, ""),
        ("ando", 3, ""),
        ("iendo", 3, ""),
        ("ante", 4, ""),
        ("ada", 3, ""),
        ("ado", 3, ""),
        ("ida", 3, ""),
        ("ido", 3, ""),
        ("aron", 3, ""),
        ("ieron", 3, ""),
        ("aba", 3, ""),
        ("ar", 3, ""),
        ("er", 3, ""),
        ("ir", 3, ""),
        ("ion", 4, ""),
        ("al", 4, ""),
    ],
    &[("a", 3, ""), ("o", 3, ""), ("e", 3, ""), ("i", 4, "")],
];

/// The article, alone and with the words before it that are written as one with it, and of how many letters the rest is at least:
/// what looks like a longer one is often part of the word.
const ARABIC_ARTICLES: [(&str, usize); 6] = [("ال", 2), ("وال", 3), ("بال", 3), ("كال", 3), ("فال", 3), ("لل", 2)];
/// What would be left of the words for God and for now, and is another word.
const OTHERS: [&str; 2] = ["له", "ان"];
const ARABIC: &Steps = &[&[
    ("ات", 3, ""),
    ("ون", 3, ""),
    ("ين", 3, ""),
    ("ان", 3, ""),
    ("يه", 3, ""),
    ("ه", 3, ""),
    ("ي", 3, ""),
    ("ا", 4, ""),
]];

/// The stem of a folded `word` of a text in the language with this tag; of words in Arabic letters, whatever the language.
pub fn stem(lang: &str, word: &str) -> String {
    if word.starts_with(|c| ('\u{621}'..='\u{64a}').contains(&c)) {
        return take_off(ARABIC, without_article(word));
    }
    let steps = match lang.split('-').next() {
        Some("en") => ENGLISH,
        Some("fr") => FRENCH,
        Some("es") => SPANISH,
        _ => return word.to_owned(),
    };
    // An ending is of letters: `3s` is not many `3`.
    if !word.bytes().all(|byte| byte.is_ascii_lowercase()) {
        return word.to_owned();
    }
    let stem = take_off(steps, word);
    // `formatting` ends as `format` does.
    match stem.as_bytes() {
        [.., a, b] if a == b && stem.len() > 3 => stem[..stem.len() - 1].to_owned(),
        _ => stem,
    }
}

fn take_off(steps: &Steps, word: &str) -> String {
    let mut stem = word.to_owned();
    for step in steps {
        let fits = |(ending, stays, _): &&Rule| {
            stem.strip_suffix(ending).is_some_and(|before| before.chars().count() >= *stays)
        };
        if let Some((ending, _, instead)) = step.iter().filter(fits).max_by_key(|(ending, ..)| ending.len()) {
            stem.truncate(stem.len() - ending.len());
            stem.push_str(instead);
        }
    }
    stem
}

fn without_article(word: &str) -> &str {
    let rest = ARABIC_ARTICLES.iter().filter_map(|(article, least)| {
        word.strip_prefix(article).filter(|rest| rest.chars().count() >= *least && !OTHERS.contains(rest))
    });
    rest.min_by_key(|rest| rest.len()).unwrap_or(word)
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Words that have one stem, a line for each.
    fn together(lang: &str, lines: &str) {
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let stems: Vec<_> = line.split_whitespace().map(|word| stem(lang, word)).collect();
            assert!(stems.iter().all(|it| *it == stems[0]), "{line}: {stems:?}");
        }
    }

    fn apart(lang: &str, lines: &str) {
        for line in lines.lines().filter(|line| !line.trim().is_empty()) {
            let mut stems: Vec<_> = line.split_whitespace().map(|word| stem(lang, word)).collect();
            let all = stems.len();
            stems.sort();
            stems.dedup();
            assert_eq!(stems.len(), all, "{line}: {stems:?}");
        }
    }

    #[test]
    fn english_words_meet_in_their_stems() {
        together(
            "en",
            "regulation regulations regulate regulated regulating regulator regulators regulatory
             policy policies
             secure security
             access accessing accesses
             accessible accessibility
             network networks networking
             organization organisation organizations organise organized organising
             damage damaging damages
             open openness openly
             testify testified testifies
             format formatting formats
             agree agreed agreement
             operator operators operate operating
             europe european",
        );
        apart(
            "en",
            "policy police\nus use\nright write\nnet network\ninternet intern\naccess accessible\ntest testify",
        );
    }

    #[test]
    fn french_words_meet_in_their_stems() {
        together(
            "fr",
            "reglementation reglementations reglementer reglementee
             national nationaux nationale nationales
             operateur operateurs
             europeen europeenne europeens
             libre libres
             securite
             politique politiques
             gouvernement gouvernements
             reseau reseaux
             evenement evenements
             enjeu enjeux
             lieu lieux
             voeu voeux
             dangereux dangereuse",
        );
        apart("fr", "lieu lion\nnation natation\nport portail\nreseau resine\ncout couteau");
    }

    #[test]
    fn spanish_words_meet_in_their_stems() {
        together(
            "es",
            "regulacion regulaciones regular regulador reguladora reguladores
             abierta abierto abiertas abiertos
             red redes
             politica politicas politico
             pais paises
             voz voces
             internacional internacionales
             conectar conectado conectada",
        );
        apart("es", "pais paisaje\ncosta costumbre");
    }

    #[test]
    fn arabic_words_meet_without_article_and_plural() {
        together("ar", "الشبكات شبكات شبكه والشبكه بالشبكات\nانترنت الانترنت للانترنت\nخبر الخبر\nرد الرد للرد\nحق الحق");
        assert_eq!(stem("en", "الانترنت"), "انترنت", "in a text of any language");
        apart("ar", "ابن بن\nمال ال\nالله له\nالان ان\nوالده ده");
    }

    #[test]
    fn other_languages_and_numbers_stay_as_they_are() {
        for word in ["netzwerke", "сети"] {
            assert_eq!(stem("de", word), word);
        }
        assert_eq!(stem("en", "5s"), "5s");
        assert_eq!(stem("", "networks"), "networks");
    }
}
