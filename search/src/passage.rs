//! The part of a text that shows best why it was found.

use super::{
    analyse::{Token, tokens},
    query::Wanted,
    stem::stem,
};
use serde::{Deserialize, Serialize};

/// How long a passage is at most, in characters.
const LENGTH: usize = 200;
/// How far before the first word that was found a sentence may begin, to begin with it.
const LEAD: usize = 60;

/// A piece of a text, marked where it is what was asked for.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Piece {
    /// The text.
    pub text: String,
    /// Whether it is what was asked for.
    pub marked: bool,
}

/// The whole of `text`, which is in the language with this tag, with what is wanted marked.
pub fn marked(text: &str, lang: &str, wanted: &[Wanted]) -> Vec<Piece> {
    pieces(text, 0, text.len(), &hits(text, lang, wanted))
}

/// The part of `text` that has most of what is wanted, and of each the most; its beginning where nothing of it is there.
pub fn passage(text: &str, lang: &str, wanted: &[Wanted]) -> Vec<Piece> {
    let hits = hits(text, lang, wanted);
    let (start, end) = bounds(text, best(text, &hits));
    pieces(text, start, end, &hits)
}

/// A word of a text that is wanted, and by which unit.
struct Hit {
    token: Token,
    unit: usize,
}

fn hits(text: &str, lang: &str, wanted: &[Wanted]) -> Vec<Hit> {
    // A stem begins as its word does, but for the article in Arabic: most words need none.
    let letters: Vec<u8> = wanted.iter().flat_map(Wanted::all).filter_map(|word| word.bytes().next()).collect();
    let hit = |token: Token| {
        let first = token.form.bytes().next()?;
        if first.is_ascii() && !letters.contains(&first) {
            return None;
        }
        let stem = stem(lang, &token.form);
        let unit = wanted.iter().position(|wanted| wanted.has(&token.form, &stem))?;
        Some(Hit { token, unit })
    };
    tokens(text).into_iter().filter_map(hit).collect()
}

/// Where the best passage begins: at a hit from which the next characters have the most units, then the most hits.
fn best(text: &str, hits: &[Hit]) -> usize {
    let mut best = (0, 0, 0);
    for (index, hit) in hits.iter().enumerate() {
        let start = hit.token.start;
        // Bytes are close enough here, and cheap.
        let within = hits[index..].iter().take_while(|it| it.token.end - start < LENGTH - LEAD);
        let mut units: Vec<usize> = within.map(|it| it.unit).collect();
        let count = units.len();
        units.sort_unstable();
        units.dedup();
        if (units.len(), count) > (best.0, best.1) {
            best = (units.len(), count, start);
        }
    }
    best.2.min(text.len())
}

/// A passage around `at`, from the beginning of a sentence or word to the end of a word.
fn bounds(text: &str, at: usize) -> (usize, usize) {
    let mut start = at;
    let mut lead = None;
    for (index, (before, c)) in text[..at].char_indices().rev().enumerate() {
        let after = before + c.len_utf8();
        if matches!(c, '.' | '!' | '?' | '…' | '\n' | '。' | '؟') || before == 0 {
            lead = Some(if before == 0 { 0 } else { after });
        }
        if lead.is_some() || index >= LEAD {
            break;
        }
        if c.is_whitespace() {
            start = after;
        }
    }
    let start = lead.unwrap_or(start);
    let start = start + (text[start..].len() - text[start..].trim_start().len());
    let mut end = text.len();
    let mut word_end = None;
    for (index, (offset, c)) in text[start..].char_indices().enumerate() {
        if index >= LENGTH {
            end = word_end.unwrap_or(start + offset);
            break;
        }
        if c.is_whitespace() {
            word_end = Some(start + offset);
        }
    }
    (start, end)
}

fn pieces(text: &str, start: usize, end: usize, hits: &[Hit]) -> Vec<Piece> {
    let mut pieces: Vec<Piece> = Vec::new();
    let mut push = |text: &str, marked: bool| {
        if text.is_empty() {
            return;
        }
        // A heading ends without a full stop.
        let text = text.replace('\n', " · ");
        match pieces.last_mut() {
            Some(last) if last.marked == marked => last.text.push_str(&text),
            _ => pieces.push(Piece { text, marked }),
        }
    };
    let mut done = start;
    if start > 0 {
        push("… ", false);
    }
    for Hit { token, .. } in hits {
        if token.end <= done || token.end > end {
            continue;
        }
        // Pairs of signs overlap.
        let from = token.start.max(done);
        push(&text[done..from], false);
        push(&text[from..token.end], true);
        done = token.end;
    }
    push(&text[done..end], false);
    if end < text.len() {
        push(" …", false);
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::query::Query;

    fn wanted(query: &str) -> Vec<Wanted> {
        Query::read(query, false).units.iter().map(|unit| Wanted::of(unit, &["en", "fr"])).collect()
    }

    fn shown(pieces: &[Piece]) -> String {
        pieces.iter().map(|piece| if piece.marked { format!("[{}]", piece.text) } else { piece.text.clone() }).collect()
    }

    #[test]
    fn what_was_asked_for_is_marked() {
        assert_eq!(
            shown(&marked("Open networks, l’Internet ouvert", "en", &wanted("network OPEN"))),
            "[Open] [networks], l’Internet ouvert"
        );
        assert_eq!(shown(&marked("开放互联网", "zh", &wanted("互联网"))), "开放[互联网]");
        assert_eq!(shown(&marked("nothing", "en", &wanted("x"))), "nothing");
    }

    #[test]
    fn a_passage_has_as_much_of_the_question_as_there_is_in_one_place() {
        let filler = "Some words that nobody asks for stand here. ".repeat(10);
        let text = format!("Regulation alone.\n{filler}Here regulation meets the network of everyone. {filler}");
        let passage = shown(&passage(&text, "en", &wanted("regulate networks")));
        assert!(passage.starts_with("… Here [regulation] meets the [network] of everyone. Some words"), "{passage}");
        assert!(passage.ends_with(" …") && passage.chars().count() < LENGTH + 20, "{passage}");
    }

    #[test]
    fn without_a_hit_it_is_the_beginning() {
        assert_eq!(shown(&passage("A short text.\nAnd more.", "en", &wanted("x"))), "A short text. · And more.");
        assert_eq!(shown(&passage("", "en", &wanted("x"))), "");
    }

    #[test]
    fn a_text_without_spaces_is_cut_all_the_same() {
        let text = "网".repeat(1000) + "互联" + &"网".repeat(1000);
        let passage = shown(&passage(&text, "zh", &wanted("互联")));
        assert!(passage.contains("[互联]") && passage.chars().count() < LENGTH + 20, "{passage}");
    }
}
