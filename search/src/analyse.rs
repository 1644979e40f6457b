//! Text taken apart into words, the same in the server's index, in the browser's and in what a reader asks.

use super::fold::{fold, is_silent};

/// A word of a text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Token {
    /// Where it begins in the text, in bytes.
    pub start: usize,
    /// Where it ends.
    pub end: usize,
    /// The word, folded. Its stem is [`stem`](super::stem::stem)'s.
    pub form: String,
    /// What it is in its text.
    pub kind: Kind,
}

/// What a token is in its text.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// A word between spaces or other signs.
    Word,
    /// Two signs that follow each other, in a script that has no spaces between words.
    Pair,
    /// The last sign of such a text, which may be the only one.
    Last,
}

/// The longest word in characters. What is longer is no word that anyone types; its beginning stands for it.
const LONGEST: usize = 40;

/// The words of `text` in their order. A token's place among them is its position: words of a phrase follow each other.
pub fn tokens(text: &str) -> Vec<Token> {
    let mut tokens = Vec::new();
    let mut chars = text.char_indices().peekable();
    while let Some((start, first)) = chars.next() {
        let Some(script) = Script::of(first) else { continue };
        let mut end = start + first.len_utf8();
        while let Some((at, c)) = chars.next_if(|(_, c)| Script::of(*c) == Some(script) || is_silent(*c)) {
            end = at + c.len_utf8();
        }
        match script {
            Script::Spaced => tokens.extend(word(text, start, end)),
            Script::Unspaced => pairs(&text[start..end], start, &mut tokens),
        }
    }
    tokens
}

#[derive(Clone, Copy, PartialEq)]
enum Script {
    Spaced,
    Unspaced,
}

impl Script {
    /// The script of a letter or digit; nothing else is part of a word.
    fn of(c: char) -> Option<Self> {
        match c {
            // An apostrophe, though Unicode calls it a letter.
            'ʼ' => None,
            '\u{e00}'..='\u{eff}'
            | '\u{1000}'..='\u{109f}'
            | '\u{1780}'..='\u{17d3}'
            | '\u{3005}'..='\u{3007}'
            | '\u{3040}'..='\u{30fa}'
            | '\u{30fc}'..='\u{30ff}'
            | '\u{31f0}'..='\u{31ff}'
            | '\u{3400}'..='\u{4dbf}'
            | '\u{4e00}'..='\u{9fff}'
            | '\u{ac00}'..='\u{d7af}'
            | '\u{f900}'..='\u{faff}'
            | '\u{20000}'..='\u{3ffff}' => Some(Self::Unspaced),
            // The vowel signs of India's scripts are no letters to Unicode, but change the word.
            '\u{900}'..='\u{963}' | '\u{966}'..='\u{dff}' => Some(Self::Spaced),
            c if c.is_alphanumeric() => Some(Self::Spaced),
            _ => None,
        }
    }
}

fn is_apostrophe(c: char) -> bool {
    matches!(c, '\'' | '’' | '‘' | 'ʼ')
}

/// The word from `start` to `end`, unless it is only what an apostrophe leaves: the `l` of `l’Internet`, the `s` of `Internet’s`.
fn word(text: &str, start: usize, end: usize) -> Option<Token> {
    const AFTER: [&str; 7] = ["s", "t", "d", "m", "ll", "re", "ve"];
    let written = &text[start..end];
    let is_letter = |c: Option<char>| c.is_some_and(char::is_alphanumeric);
    let mut after = text[end..].chars();
    if after.next().is_some_and(is_apostrophe) && is_letter(after.next()) {
        let one = written.chars().filter(|c| !is_silent(*c)).count() == 1;
        if one || written.eq_ignore_ascii_case("qu") {
            return None;
        }
    }
    let mut before = text[..start].chars().rev();
    if before.next().is_some_and(is_apostrophe) && is_letter(before.next()) && AFTER.contains(&written) {
        return None;
    }
    let mut form: String = fold(written).chars().filter(|c| !c.is_whitespace()).take(LONGEST).collect();
    form.shrink_to_fit();
    (!form.is_empty()).then_some(Token { start, end, form, kind: Kind::Word })
}

fn pairs(run: &str, start: usize, tokens: &mut Vec<Token>) {
    let signs: Vec<(usize, char)> = run.char_indices().filter(|(_, c)| !is_silent(*c)).collect();
    for (index, (at, sign)) in signs.iter().enumerate() {
        let mut token =
            Token { start: start + at, end: start + at + sign.len_utf8(), form: (*sign).into(), kind: Kind::Last };
        if let Some((next_at, next)) = signs.get(index + 1) {
            token.end = start + next_at + next.len_utf8();
            token.form.push(*next);
            token.kind = Kind::Pair;
        }
        tokens.push(token);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn forms(text: &str) -> Vec<String> {
        tokens(text).into_iter().map(|token| token.form).collect()
    }

    #[test]
    fn words_stand_between_everything_else() {
        assert_eq!(
            forms("Sender-pays: old rules, 5G & “open” Internet"),
            ["sender", "pays", "old", "rules", "5g", "open", "internet"]
        );
        assert_eq!(forms("  — … ‘’ "), Vec::<String>::new());
        assert_eq!(forms("e\u{301}te\u{301} co\u{ad}operate"), ["ete", "cooperate"]);
        assert_eq!(forms("नेटवर्क।"), ["नेटवर्क"]);
    }

    #[test]
    fn what_an_apostrophe_leaves_is_no_word() {
        assert_eq!(forms("l’Internet d'ici qu’on aujourd’hui"), ["internet", "ici", "on", "aujourd", "hui"]);
        assert_eq!(forms("the Internet’s don't 'tis"), ["the", "internet", "don", "tis"]);
    }

    #[test]
    fn scripts_without_spaces_are_read_in_pairs() {
        assert_eq!(forms("开放互联网"), ["开放", "放互", "互联", "联网", "网"]);
        assert_eq!(forms("自由のInternet网"), ["自由", "由の", "の", "internet", "网"]);
        assert_eq!(forms("인터넷"), ["인터", "터넷", "넷"]);
        let last = tokens("互联").pop().expect("a token");
        assert_eq!((last.kind, last.start, last.end), (Kind::Last, 3, 6));
    }

    #[test]
    fn a_token_knows_where_it_was() {
        let text = "Un événement, l’été.";
        let found: Vec<_> = tokens(text).iter().map(|token| &text[token.start..token.end]).collect();
        assert_eq!(found, ["Un", "événement", "été"]);
    }

    #[test]
    fn any_text_is_taken_apart() {
        let long = "a".repeat(5000);
        assert_eq!(forms(&long), ["a".repeat(LONGEST)]);
        for text in ["\0", "\u{fdfa}", "½", "\u{640}\u{640}", "\u{200d}", "🛡️ 👩‍👩‍👧", "'", "’’’a’’’", "ʼ"]
        {
            for token in tokens(text) {
                assert!(
                    !token.form.is_empty() && text.is_char_boundary(token.start) && text.is_char_boundary(token.end)
                );
            }
        }
    }
}
