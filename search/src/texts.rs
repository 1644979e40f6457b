//! An index of a few texts in memory: what a reader has without a network is searched by it, in their browser.
//!
//! It answers as the server's index does, by the same rules of asking and the same weights, and is small rather than fast: all words
//! of all texts in two sorted lists.

use super::{
    analyse::tokens,
    query::{
        ALIKE, EXPANSIONS, Index, SHORT, SUMMARY, TITLE, WHOLE_TITLE, Wanted, distance, distance_to_beginning,
        in_language, title,
    },
    stem::stem,
};
use std::convert::Infallible;

/// A text in the words of its reader.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Text {
    /// The language of title and summary, by its tag.
    pub lang: String,
    /// The title.
    pub title: String,
    /// The summary.
    pub summary: String,
    /// The language of the body.
    pub body_lang: String,
    /// The body, without markup.
    pub body: String,
    /// When it was published, in seconds since 1970.
    pub published: Option<i64>,
}

/// The texts, ready to be searched.
pub struct Texts {
    stems: Vec<Place>,
    forms: Vec<Place>,
    texts: Vec<About>,
    /// The languages of the texts, that of the reader first.
    languages: Vec<String>,
    /// How many words a text has, on average.
    length: f32,
}

/// A word at its place.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Place {
    word: String,
    text: usize,
    position: u32,
    /// How often it counts.
    times: u8,
}

/// What is known of a text as a whole.
struct About {
    title: String,
    length: f32,
    published: Option<i64>,
}

/// How much a word counts that is there again, and how much the length of a text: as in the server's index.
const AGAIN: f32 = 1.2;
const LENGTH: f32 = 0.75;

impl Texts {
    /// Takes texts apart, for a reader of this language. They are known by their places in the order in which they come.
    pub fn new(reader: &str, texts: impl IntoIterator<Item = Text>) -> Self {
        let languages = vec![reader.to_owned()];
        let mut all = Self { stems: Vec::new(), forms: Vec::new(), texts: Vec::new(), languages, length: 0.0 };
        for text in texts {
            all.add(text);
        }
        all.stems.sort_unstable();
        all.forms.sort_unstable();
        let sum: f32 = all.texts.iter().map(|text| text.length).sum();
        all.length = (sum / all.texts.len().max(1) as f32).max(1.0);
        all
    }

    /// The languages of the texts, by their tags.
    pub fn languages(&self) -> Vec<&str> {
        self.languages.iter().map(String::as_str).collect()
    }

    fn add(&mut self, text: Text) {
        let number = self.texts.len();
        let (mut position, mut length) = (0, 0);
        let parts =
            [(&text.title, &text.lang, TITLE), (&text.summary, &text.lang, SUMMARY), (&text.body, &text.body_lang, 1)];
        for (part, lang, times) in parts {
            for token in tokens(part) {
                let place = |word| Place { word, text: number, position, times };
                self.stems.push(place(stem(lang, &token.form)));
                self.forms.push(place(in_language(lang, &token.form)));
                position += 1;
                length += usize::from(times);
            }
            // A phrase does not go on from one part to the next.
            position += 1;
            if !self.languages.contains(lang) {
                self.languages.push(lang.clone());
            }
        }
        let length = rounded(length.max(SHORT)) as f32;
        self.texts.push(About { title: title(&text.title), length, published: text.published });
    }

    /// How often each text that has it has a word, or a phrase of words that follow each other.
    fn count(places: &[Place], phrase: &[String]) -> Vec<(usize, f32)> {
        let mut counts: Vec<(usize, f32)> = Vec::new();
        let Some((first, rest)) = phrase.split_first() else { return counts };
        for place in Self::of(places, first) {
            let goes_on = (1..).zip(rest).all(|(further, word)| {
                Self::of(places, word).iter().any(|it| it.text == place.text && it.position == place.position + further)
            });
            match counts.last_mut() {
                _ if !goes_on => {}
                Some((text, count)) if *text == place.text => *count += f32::from(place.times),
                _ => counts.push((place.text, f32::from(place.times))),
            }
        }
        counts
    }

    /// The places of a word.
    fn of<'a>(places: &'a [Place], word: &str) -> &'a [Place] {
        let from = places.partition_point(|place| place.word.as_str() < word);
        let until = places.partition_point(|place| place.word.as_str() <= word);
        &places[from..until]
    }

    /// How rare it is that a text has a word.
    fn rarity(&self, having: usize) -> f32 {
        let (all, having) = (self.texts.len() as f32, having as f32);
        (1.0 + (all - having + 0.5) / (having + 0.5)).ln()
    }

    /// Adds to `scores` what it is worth to have a word or phrase so often.
    fn score(&self, counts: &[(usize, f32)], rarity: f32, scores: &mut [f32]) {
        for (text, count) in counts {
            let length = 1.0 - LENGTH + LENGTH * self.texts[*text].length / self.length;
            scores[*text] += rarity * count * (AGAIN + 1.0) / (count + AGAIN * length);
        }
    }

    /// What it is worth for each text to have what is wanted; nothing where it has not.
    fn scores(&self, wanted: &Wanted) -> Vec<f32> {
        let mut scores = vec![0.0; self.texts.len()];
        for phrase in &wanted.stems {
            let rarity =
                phrase.iter().map(|stem| self.rarity(Self::count(&self.stems, std::slice::from_ref(stem)).len())).sum();
            self.score(&Self::count(&self.stems, phrase), rarity, &mut scores);
        }
        for form in &wanted.forms {
            for lang in &self.languages {
                let counts = Self::count(&self.forms, &[in_language(lang, form)]);
                self.score(&counts, ALIKE * self.rarity(counts.len()), &mut scores);
            }
        }
        scores
    }

    /// The most frequent words that are meant, those of the first language first.
    fn gather(&self, is_meant: impl Fn(&str) -> bool) -> Vec<String> {
        let mut forms: Vec<String> = Vec::new();
        for lang in &self.languages {
            let mut found: Vec<(usize, &str)> = Vec::new();
            for same in self.forms.chunk_by(|a, b| a.word == b.word) {
                let Some(form) = same[0].word.strip_prefix(lang.as_str()).and_then(|word| word.strip_prefix(':'))
                else {
                    continue;
                };
                if is_meant(form) && !forms.iter().any(|it| it == form) {
                    let having = same.chunk_by(|a, b| a.text == b.text).count();
                    found.push((having, form));
                }
            }
            found.sort_unstable_by(|(many_a, a), (many_b, b)| many_b.cmp(many_a).then(a.cmp(b)));
            forms.extend(found.into_iter().take(EXPANSIONS - forms.len()).map(|(_, form)| form.to_owned()));
        }
        forms
    }
}

/// A length as the server's index keeps it, in a byte: from 40 on to four binary digits.
fn rounded(length: usize) -> usize {
    const EXACT: usize = 24;
    let rest = length.saturating_sub(EXACT);
    let lost = (usize::BITS - rest.leading_zeros()).saturating_sub(4);
    if length < EXACT { length } else { EXACT + (rest >> lost << lost) }
}

impl Index for Texts {
    type Hit = usize;
    type Error = Infallible;

    fn find(&self, wanted: &[Wanted], all: bool, title: &str) -> Result<Vec<usize>, Infallible> {
        let mut hits: Vec<(f32, usize)> = Vec::new();
        let scores: Vec<_> = wanted.iter().map(|wanted| self.scores(wanted)).collect();
        for (number, text) in self.texts.iter().enumerate() {
            let own = || scores.iter().map(|scores| scores[number]);
            let has = |score: f32| score > 0.0;
            if if all { own().all(has) } else { own().any(has) } {
                let whole = if text.title == title { WHOLE_TITLE } else { 0.0 };
                hits.push((own().sum::<f32>() + whole, number));
            }
        }
        hits.sort_by(|(a, one), (b, other)| {
            b.total_cmp(a).then(self.texts[*other].published.cmp(&self.texts[*one].published))
        });
        Ok(hits.into_iter().map(|(_, number)| number).collect())
    }

    fn knows(&self, wanted: &Wanted) -> Result<bool, Infallible> {
        Ok(self.scores(wanted).iter().any(|score| *score > 0.0))
    }

    fn beginning(&self, form: &str) -> Result<Vec<String>, Infallible> {
        Ok(self.gather(|known| known.len() > form.len() && known.starts_with(form)))
    }

    fn alike(&self, form: &str, typos: u8, is_open: bool) -> Result<Vec<String>, Infallible> {
        let far = if is_open { distance_to_beginning } else { distance };
        Ok(self.gather(|known| far(form, known, typos) == Some(typos)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::{How, Query, search};

    fn text(title: &str, body: &str, published: i64) -> Text {
        let (lang, title, body) = ("en".to_owned(), title.to_owned(), body.to_owned());
        Text { body_lang: lang.clone(), lang, title, body, published: Some(published), ..Text::default() }
    }

    fn find(texts: &Texts, query: &str) -> (Vec<usize>, How) {
        let Ok(answer) = search(texts, &Query::read(query, false), &texts.languages());
        (answer.hits, answer.how)
    }

    #[test]
    fn a_length_is_rounded_as_in_the_servers_index() {
        let lengths = [0, 23, 24, 39, 41, 57, 63, 300, 1000, 5000].map(rounded);
        assert_eq!(lengths, [0, 23, 24, 39, 40, 56, 60, 280, 984, 4632]);
    }

    #[test]
    fn texts_are_found_as_the_server_finds_them() {
        let texts = Texts::new(
            "en",
            [
                text("Another matter", "Of a harbour.", 3),
                text("The harbour", "Of nothing.", 1),
                text("The harbour", "Of nothing.", 2),
                text("Lighthouses", "Old walls.", 4),
            ],
        );
        assert_eq!(find(&texts, "harbours").0, [2, 1, 0]);
        assert_eq!(find(&texts, "\"old walls\""), (vec![3], How::Asked));
        assert_eq!(find(&texts, "\"walls old\"").1, How::Partly);
        assert_eq!(find(&texts, "lihgthouses"), (vec![3], How::Respelled(vec![0])));
        assert_eq!(find(&texts, "lightho"), (vec![3], How::Asked));
        assert_eq!(find(&texts, "zebra").0, [0; 0]);
        assert_eq!(find(&Texts::new("en", []), "harbour").0, [0; 0]);
    }
}
