//! What a reader asks, and the one way of answering it, whatever holds the words: the server's index or the browser's own.

use super::{
    analyse::{Kind, tokens},
    fold::lowercase,
    stem::stem,
};

/// The longest query in characters. More does not find more.
pub const LONGEST: usize = 200;
/// How many words and phrases of a query count.
const MOST: usize = 12;
/// How many words of a phrase count.
const LONGEST_PHRASE: usize = 16;
/// How many letters of a word the reader has to have typed before it is completed.
const SHORTEST_BEGINNING: usize = 3;

/// How often the words of a title and a summary count, beside those of the text.
pub const TITLE: u8 = 4;
/// See [`TITLE`].
pub const SUMMARY: u8 = 2;
/// A text with fewer words counts as one with so many: else the shortest would always be the best.
pub const SHORT: usize = 300;
/// What a word that is only spelled alike counts beside one that is asked for.
pub const ALIKE: f32 = 0.5;
/// What it counts that a title is just what is asked for: more than everything else.
pub const WHOLE_TITLE: f32 = 100.0;
/// How many words a beginning or a mistyped word stands for at most.
pub const EXPANSIONS: usize = 8;

/// A word as it is among those that may have only begun or be mistyped: with its language, as those of another do not help a
/// reader.
pub fn in_language(lang: &str, form: &str) -> String {
    format!("{lang}:{form}")
}

/// What a reader asks for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Query {
    /// Words and phrases; none asks for nothing.
    pub units: Vec<Unit>,
    /// The title that a text may have: see [`title`].
    title: String,
    /// Whether the reader is still typing, so that the last word may have only begun.
    pub is_open: bool,
}

/// A word, or a phrase of words that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Unit {
    /// The words, folded.
    pub forms: Vec<String>,
    /// Where it stands in the query, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// Whether it is a word as readers of most scripts know it, which may be mistyped.
    is_word: bool,
}

impl Query {
    /// What counts of a reader's query.
    pub fn cut(text: &str) -> &str {
        let text = text.trim();
        let end = text.char_indices().nth(LONGEST).map_or(text.len(), |(end, _)| end);
        text[..end].trim_end()
    }

    /// Reads a query, as it was sent or as far as it was typed. Words in quotes are a phrase, and so are signs of scripts without
    /// spaces that follow each other.
    pub fn read(text: &str, is_open: bool) -> Self {
        let text = Self::cut(text);
        let mut units: Vec<Unit> = Vec::new();
        let mut seen: Vec<Vec<String>> = Vec::new();
        let mut add = |unit: Unit| {
            if !unit.forms.is_empty() && units.len() < MOST && !seen.contains(&unit.forms) {
                seen.push(unit.forms.clone());
                units.push(unit);
            }
        };
        for (start, part, is_quoted) in parts(text) {
            let mut phrase: Option<Unit> = None;
            let mut goes_on = false;
            // The last of some signs, which is part of the pair before it, but has a place of its own before what follows.
            let mut last = None;
            for token in tokens(part) {
                let is_word = token.kind == Kind::Word;
                let is_part = token.kind == Kind::Last && goes_on;
                let joins = is_quoted || goes_on;
                goes_on = token.kind == Kind::Pair;
                match &mut phrase {
                    Some(unit) if joins => {
                        unit.end = start + token.end;
                        if is_part {
                            last = Some(token.form);
                        } else {
                            unit.forms.extend(last.take().into_iter().chain([token.form]));
                            unit.forms.truncate(LONGEST_PHRASE);
                            unit.is_word = false;
                        }
                    }
                    _ => {
                        last = None;
                        let (start, end) = (start + token.start, start + token.end);
                        phrase.replace(Unit { forms: vec![token.form], start, end, is_word }).map(&mut add);
                    }
                }
            }
            phrase.map(&mut add);
        }
        let is_open = is_open && units.last().is_some_and(|unit| unit.end == text.len());
        Self { units, title: title(text), is_open }
    }
}

/// The words of a title, by which one knows whether a query is just this title.
pub fn title(text: &str) -> String {
    let words = tokens(text).into_iter().filter(|token| token.kind != Kind::Last).map(|token| token.form);
    words.collect::<Vec<_>>().join(" ")
}

/// The parts of a query between its quotes, each with its place and whether it was quoted. A quote without a second one is none.
fn parts(text: &str) -> Vec<(usize, &str, bool)> {
    let is_quote = |c: char| matches!(c, '"' | '“' | '”' | '„' | '«' | '»' | '「' | '」');
    let mut parts = Vec::new();
    let mut from = 0;
    while let Some((open, mark)) = text[from..].char_indices().find(|(_, c)| is_quote(*c)) {
        let (open, inside) = (from + open, from + open + mark.len_utf8());
        let Some((length, mark)) = text[inside..].char_indices().find(|(_, c)| is_quote(*c)) else { break };
        parts.push((from, &text[from..open], false));
        parts.push((inside, &text[inside..inside + length], true));
        from = inside + length + mark.len_utf8();
    }
    parts.push((from, &text[from..], false));
    parts
}

impl Unit {
    /// How many letters of it may be wrong: one of four, two of eight.
    pub fn typos(&self) -> u8 {
        let Some(form) = self.forms.first().filter(|_| self.is_word) else { return 0 };
        match form.chars().count() {
            // A number is what it says.
            _ if form.bytes().any(|byte| byte.is_ascii_digit()) => 0,
            0..=3 => 0,
            4..=7 => 1,
            _ => 2,
        }
    }

    /// Whether it is one sign of a script without spaces. An index has it only where it ends others: elsewhere it begins a pair.
    fn is_sign(&self) -> bool {
        !self.is_word && matches!(self.forms.as_slice(), [form] if form.chars().count() == 1)
    }

    /// The word as a beginning, if it is long enough for one. A sign of a script without spaces always is.
    fn beginning(&self) -> Option<&str> {
        let [form] = self.forms.as_slice() else { return None };
        (!self.is_word || form.chars().count() >= SHORTEST_BEGINNING).then_some(form)
    }
}

/// What has to be in a text for a unit of the query.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Wanted {
    /// The stems, one after the other; in each language in which they are others.
    pub stems: Vec<Vec<String>>,
    /// Other words that do as well, folded.
    pub forms: Vec<String>,
}

impl Wanted {
    /// What a unit asks for in texts of these languages, by their tags.
    pub fn of(unit: &Unit, languages: &[&str]) -> Self {
        let mut stems: Vec<Vec<String>> = Vec::new();
        for lang in languages {
            let sequence: Vec<_> = unit.forms.iter().map(|form| stem(lang, form)).collect();
            if !stems.contains(&sequence) {
                stems.push(sequence);
            }
        }
        Self { stems, forms: Vec::new() }
    }

    /// Whether a word with this stem is one of those that are wanted, or one of the phrase.
    pub fn has(&self, form: &str, stem: &str) -> bool {
        self.stems.iter().flatten().any(|it| it == stem) || self.forms.iter().any(|it| it == form)
    }
}

/// Where words are looked up.
pub trait Index {
    /// A text that was found.
    type Hit;
    /// Why nothing can be looked up.
    type Error;

    /// The texts that have all of what is wanted, or any of it; the best first, and before all others those with this title.
    fn find(&self, wanted: &[Wanted], all: bool, title: &str) -> Result<Vec<Self::Hit>, Self::Error>;
    /// Whether any text has this, of those that can be found.
    fn knows(&self, wanted: &Wanted) -> Result<bool, Self::Error>;
    /// The words that begin like this, the most frequent ones; the word itself is none of them.
    fn beginning(&self, form: &str) -> Result<Vec<String>, Self::Error>;
    /// The words that have just this many letters other than this one; or, if it may have only begun, whose beginning has. The most
    /// frequent ones.
    fn alike(&self, form: &str, typos: u8, is_open: bool) -> Result<Vec<String>, Self::Error>;
}

/// What was found.
#[derive(Clone, Debug)]
pub struct Answer<Hit> {
    /// The texts, the best first.
    pub hits: Vec<Hit>,
    /// What they have.
    pub wanted: Vec<Wanted>,
    /// How they were found.
    pub how: How,
}

/// How texts were found.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum How {
    /// They have everything that was asked for.
    Asked,
    /// The units with these numbers are nowhere; texts have words that are spelled like them.
    Respelled(Vec<usize>),
    /// No text has everything; these have something.
    Partly,
}

/// Answers a query. Languages are those of the texts, by their tags.
///
/// Words that are nowhere are taken for beginnings, then for mistyped; if no text has everything, some may have a part.
pub fn search<I: Index>(index: &I, query: &Query, languages: &[&str]) -> Result<Answer<I::Hit>, I::Error> {
    let mut wanted: Vec<_> = query.units.iter().map(|unit| Wanted::of(unit, languages)).collect();
    let answer = |hits, wanted, how| Ok(Answer { hits, wanted, how });
    if wanted.is_empty() {
        return answer(Vec::new(), wanted, How::Asked);
    }
    let title = &query.title;
    let last = wanted.len() - 1;
    for (number, (unit, wanted)) in query.units.iter().zip(&mut wanted).enumerate() {
        let may_begin = query.is_open && number == last || unit.is_sign();
        if let Some(beginning) = unit.beginning().filter(|_| may_begin) {
            wanted.forms = index.beginning(beginning)?;
        }
    }
    let hits = index.find(&wanted, true, title)?;
    if !hits.is_empty() {
        return answer(hits, wanted, How::Asked);
    }
    let mut respelled = Vec::new();
    let mut is_other = false;
    for (number, (unit, wanted)) in query.units.iter().zip(&mut wanted).enumerate() {
        let Some(beginning) = unit.beginning() else { continue };
        if index.knows(wanted)? {
            continue;
        }
        wanted.forms = index.beginning(beginning)?;
        let mut typos = 0;
        while !index.knows(wanted)? && typos < unit.typos() {
            typos += 1;
            wanted.forms = index.alike(beginning, typos, query.is_open && number == last)?;
        }
        respelled.extend((typos > 0).then_some(number));
        is_other = true;
    }
    if is_other {
        let hits = index.find(&wanted, true, title)?;
        if !hits.is_empty() {
            let how = if respelled.is_empty() { How::Asked } else { How::Respelled(respelled) };
            return answer(hits, wanted, how);
        }
    }
    let parts: Vec<_> = wanted.into_iter().flat_map(Wanted::parts).collect();
    let hits = if parts.len() > 1 { index.find(&parts, false, title)? } else { Vec::new() };
    answer(hits, parts, How::Partly)
}

/// The query `text` as it may be meant: the mistyped `units` as the first of a text's parts that has them writes them.
pub fn respelled(text: &str, query: &Query, units: &[usize], wanted: &[Wanted], parts: &[&str]) -> String {
    let text = Query::cut(text);
    let mut respelled = text.to_owned();
    // From the end, so that places before stay where they are.
    for number in units.iter().rev() {
        let (Some(unit), Some(wanted)) = (query.units.get(*number), wanted.get(*number)) else { continue };
        let written = parts.iter().find_map(|words| {
            let token = tokens(words).into_iter().find(|token| wanted.forms.contains(&token.form))?;
            Some(lowercase(&words[token.start..token.end]))
        });
        if let Some(written) = written {
            respelled.replace_range(unit.start..unit.end, &written);
        }
    }
    respelled
}

impl Wanted {
    /// All words of it.
    pub fn all(&self) -> impl Iterator<Item = &String> {
        self.stems.iter().flatten().chain(&self.forms)
    }

    /// Each word of it by itself.
    fn parts(self) -> Vec<Self> {
        let length = self.stems.iter().map(Vec::len).max().unwrap_or_default();
        if length < 2 {
            return vec![self];
        }
        let word = |at: usize| {
            let mut stems: Vec<_> =
                self.stems.iter().filter_map(|it| it.get(at)).map(|stem| vec![stem.clone()]).collect();
            stems.dedup();
            Self { stems, forms: Vec::new() }
        };
        (0..length).map(word).collect()
    }
}

/// The longest words whose distance is looked at, in letters.
const COMPARED: usize = 60;

/// How many letters have to be changed, left out, put in or exchanged with their neighbours to make one word of another; nothing
/// if it is more than `most`.
pub fn distance(a: &str, b: &str, most: u8) -> Option<u8> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let rows = rows(&a, &b, most)?;
    Some(rows[b.len()]).filter(|it| *it <= most)
}

/// [`distance`] to the beginning of `b` that is nearest to `a`.
pub fn distance_to_beginning(a: &str, b: &str, most: u8) -> Option<u8> {
    let (a, b): (Vec<char>, Vec<char>) = (a.chars().collect(), b.chars().collect());
    let b = &b[..b.len().min(a.len() + usize::from(most))];
    rows(&a, b, most)?.into_iter().min().filter(|it| *it <= most)
}

/// The last row of the table of distances: from all of `a` to each beginning of `b`.
fn rows(a: &[char], b: &[char], most: u8) -> Option<Vec<u8>> {
    if a.len().max(b.len()) > COMPARED {
        return None;
    }
    let (mut before, mut last): (Vec<u8>, Vec<u8>) = (Vec::new(), (0..=b.len() as u8).collect());
    for (i, x) in a.iter().enumerate() {
        let mut row = vec![i as u8 + 1];
        for (j, y) in b.iter().enumerate() {
            let mut least = (last[j] + u8::from(x != y)).min(last[j + 1] + 1).min(row[j] + 1);
            if i > 0 && j > 0 && *x == b[j - 1] && a[i - 1] == *y {
                least = least.min(before[j - 1] + 1);
            }
            row.push(least);
        }
        if row.iter().all(|it| *it > most) {
            return None;
        }
        (before, last) = (last, row);
    }
    Some(last)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn units(text: &str) -> Vec<String> {
        Query::read(text, false).units.into_iter().map(|unit| unit.forms.join(" ")).collect()
    }

    #[test]
    fn a_query_is_words_and_phrases() {
        assert_eq!(units("  Sender-Pays  rules "), ["sender", "pays", "rules"]);
        assert_eq!(units("the \"open Internet\" now"), ["the", "open internet", "now"]);
        assert_eq!(units("«l’Internet ouvert» “a b”"), ["internet ouvert", "a b"]);
        assert_eq!(units("open \"Internet"), ["open", "internet"], "one quote is none");
        assert_eq!(units("\"\" \" \" !?"), Vec::<String>::new());
        assert_eq!(units("互联网 网"), ["互联 联网", "网"]);
        assert_eq!(units("\"系统 DNS\" \"互联 网络\""), ["系统 统 dns", "互联 联 网络"], "as they stand in a text");
        assert_eq!(units("net Net NET"), ["net"]);
    }

    #[test]
    fn a_query_has_an_end() {
        let long = "word ".repeat(1000) + "\"";
        assert!(units(&long).len() == 1 && Query::cut(&long).chars().count() <= LONGEST);
        let many: String = (0..100).map(|n| format!("w{n} ")).collect();
        assert_eq!(units(&many).len(), MOST);
        let phrase = format!("\"{}\"", (0..100).map(|n| format!("{n} ")).collect::<String>());
        assert!(Query::read(&phrase, false).units.iter().all(|unit| unit.forms.len() <= LONGEST_PHRASE));
    }

    #[test]
    fn only_what_is_being_typed_may_have_only_begun() {
        assert!(Query::read("open int", true).is_open);
        assert!(!Query::read("open int", false).is_open);
        assert!(!Query::read("open int.", true).is_open);
    }

    #[test]
    fn one_letter_of_four_and_two_of_eight_may_be_wrong() {
        let typos = |text: &str| Query::read(text, false).units[0].typos();
        assert_eq!((typos("net"), typos("open"), typos("network"), typos("networks")), (0, 1, 1, 2));
        assert_eq!((typos("2023"), typos("互"), typos("\"open internet\"")), (0, 0, 0));
    }

    #[test]
    fn the_distance_counts_what_hands_do() {
        for (a, b, far) in [
            ("internet", "internet", Some(0)),
            ("intrenet", "internet", Some(1)),
            ("internt", "internet", Some(1)),
            ("innternet", "internet", Some(1)),
            ("imternat", "internet", Some(2)),
            ("open", "closed", None),
            ("", "ab", Some(2)),
        ] {
            assert_eq!(distance(a, b, 2), far, "{a} {b}");
        }
        assert_eq!(distance_to_beginning("intrn", "internet", 1), Some(1));
        assert_eq!(distance_to_beginning("xyz", "internet", 1), None);
        assert_eq!(distance(&"a".repeat(5000), &"a".repeat(4999), 2), None);
    }
}
