//! The form of every content file: YAML front matter between two lines of `---`, then Markdown.

use super::markdown;
use serde::de::DeserializeOwned;
use serde_saphyr::Spanned;
use std::fmt;

/// A text value that remembers its line.
pub type Text = Spanned<String>;

/// Something in a file that an editor has to mend.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Mistake {
    /// The line, from 1.
    pub line: usize,
    /// What is wrong and what is expected.
    pub what: String,
}

impl Mistake {
    /// A mistake on this line.
    pub fn at(line: usize, what: impl Into<String>) -> Self {
        Self { line: line.max(1), what: what.into() }
    }

    /// A mistake where `field` stands.
    pub fn of<T>(field: &Spanned<T>, what: impl Into<String>) -> Self {
        Self::at(field.referenced.line() as usize, what)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.line, self.what)
    }
}

/// Takes a file apart: its front matter as a `T`, and its body, which ends in one newline.
pub fn split<T: DeserializeOwned>(text: &str) -> Result<(T, String), Vec<Mistake>> {
    let text = text.replace("\r\n", "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    if let Some(at) = text.find('\0') {
        let line = 1 + text[..at].matches('\n').count();
        return Err(vec![Mistake::at(line, "a NUL character: save the file as plain text")]);
    }
    let Some(rest) = text.strip_prefix("---\n") else {
        return Err(vec![Mistake::at(1, "expected `---` and front matter")]);
    };
    let Some((yaml, body)) = rest.split_once("\n---\n").or_else(|| rest.strip_suffix("\n---").map(|yaml| (yaml, "")))
    else {
        return Err(vec![Mistake::at(1, "no second `---`: front matter ends with one on a line of its own")]);
    };
    // An empty first line in place of `---` makes the parser's lines those of the file.
    match serde_saphyr::from_str(&format!("\n{yaml}\n")) {
        Ok(front) => Ok((front, format!("{}\n", body.trim_matches('\n')))),
        Err(error) => {
            let line = error.location().map_or(2, |at| at.line() as usize);
            Err(vec![Mistake::at(line, sentence(&error))])
        }
    }
}

/// The trimmed value of a text field that must not be empty.
pub fn required(name: &str, field: &Text, mistakes: &mut Vec<Mistake>) -> String {
    let text = field.value.trim();
    if text.is_empty() {
        mistakes.push(Mistake::of(field, format!("`{name}` is empty: expected text")));
    }
    if text.contains('\0') {
        // PostgreSQL has no way to keep one.
        mistakes.push(Mistake::of(field, format!("`{name}` has a NUL character: take it out")));
    }
    text.to_owned()
}

/// A mistake for each picture in `body`, the body of the file `text`: the store keeps only the one that front matter names.
pub fn no_pictures(text: &str, body: &str) -> Vec<Mistake> {
    let lines = |text: &str| text.trim_end().lines().count();
    let first = lines(text).saturating_sub(lines(body));
    markdown::pictures(body)
        .into_iter()
        .map(|line| {
            Mistake::at(
                first + line,
                "a picture in the text is not supported yet: expected it as `picture` in front matter",
            )
        })
        .collect()
}

/// `text` as a YAML value in double quotes, on one line.
pub fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for c in text.chars() {
        match c {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            '\n' => out.push_str("\\n"),
            '\t' => out.push_str("\\t"),
            c if c.is_control() || matches!(c, '\u{2028}' | '\u{2029}' | '\u{feff}' | '\u{fffe}' | '\u{ffff}') => {
                out.push_str(&format!("\\u{:04X}", u32::from(c)));
            }
            c => out.push(c),
        }
    }
    out.push('"');
    out
}

/// The parser's message in one line, without the excerpt that it adds below.
fn sentence(error: &serde_saphyr::Error) -> String {
    let message = error.without_snippet().to_string();
    message.lines().next().unwrap_or("front matter is not valid YAML").to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[derive(serde::Deserialize)]
    struct Front {
        title: Text,
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let (front, body) = split::<Front>("---\n# a comment\ntitle: \"x\"\n---\n\n\nBody\n\n").expect("parts");
        assert_eq!(front.title.referenced.line(), 3);
        assert_eq!(body, "Body\n");
        let mistakes = split::<Front>("---\n\n\ntitle: [x\n---\n").err().expect("mistakes");
        assert!(mistakes[0].line >= 4, "{mistakes:?}");
    }

    #[test]
    fn windows_line_ends_and_a_byte_order_mark_do_no_harm() {
        let (front, body) = split::<Front>("\u{feff}---\r\ntitle: x\r\n---\r\nBody\r\n").expect("parts");
        assert_eq!((front.title.value.as_str(), body.as_str()), ("x", "Body\n"));
    }

    #[test]
    fn a_dash_line_in_the_body_is_the_bodys_own() {
        let (_, body) = split::<Front>("---\ntitle: x\n---\none\n\n---\n\ntwo\n").expect("parts");
        assert_eq!(body, "one\n\n---\n\ntwo\n");
    }

    #[test]
    fn any_text_survives_being_quoted() {
        for text in [
            "plain",
            "a \"quoted\" \\ text",
            "line\nline\ttab",
            "nul\0 bell\u{7} nel\u{85} ls\u{2028} \u{fffe}",
            "‘typographic’ … é",
            "'yes': {no}",
        ] {
            let (front, _) = split::<Front>(&format!("---\ntitle: {}\n---\n", quoted(text))).expect(text);
            assert_eq!(front.title.value, text);
        }
    }
}
