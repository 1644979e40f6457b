//! The form of every content file: YAML front matter between two lines of `---`, then Markdown.

use crate::i18n::Lang;
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
        Self::at(line_of(field), what)
    }
}

impl fmt::Display for Mistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: ", self.line)?;
        f.write_str(&on_one_line(&self.what))
    }
}

/// What a file says or is called: on one line, and so that it does nothing to a terminal.
pub fn on_one_line(text: &str) -> String {
    let plain = |it: char| if it.is_control() { it.escape_default().to_string() } else { it.to_string() };
    text.chars().map(plain).collect()
}

/// A file taken apart.
pub struct Parts<T> {
    /// The front matter.
    pub front: T,
    /// The body, which ends in one newline.
    pub body: String,
    /// What is wrong already: fields that nobody knows.
    pub mistakes: Vec<Mistake>,
}

/// Takes a file apart, or says what keeps it from being read at all.
pub fn split<T: DeserializeOwned>(text: &str) -> Result<Parts<T>, Vec<Mistake>> {
    // A return by itself ends a line of YAML and of Markdown as well.
    let text = text.replace("\r\n", "\n").replace('\r', "\n");
    let text = text.strip_prefix('\u{feff}').unwrap_or(&text);
    let fatal = |line, what: &str| Err(vec![Mistake::at(line, what)]);
    if let Some(at) = text.find(is_forbidden) {
        let line = 1 + text[..at].matches('\n').count();
        return fatal(line, "a control character, which feeds cannot carry: save the file as plain text");
    }
    let Some(rest) = text.strip_prefix("---\n") else {
        return fatal(1, "expected `---` and front matter");
    };
    let Some((yaml, body)) = rest.split_once("\n---\n").or_else(|| rest.strip_suffix("\n---").map(|yaml| (yaml, "")))
    else {
        return fatal(1, "no second `---`: front matter ends with one on a line of its own");
    };
    let (front, mistakes) = parse(yaml)?;
    Ok(Parts { front, body: format!("{}\n", body.trim_matches('\n')), mistakes })
}

/// Parses front matter. A field that nobody knows is told and left out, so that it does not hide other mistakes.
fn parse<T: DeserializeOwned>(yaml: &str) -> Result<(T, Vec<Mistake>), Vec<Mistake>> {
    // An empty first line in place of `---` makes the parser's lines those of the file.
    let mut lines: Vec<&str> = std::iter::once("").chain(yaml.lines()).collect();
    let mut mistakes = Vec::new();
    loop {
        let error = match serde_saphyr::from_str(&(lines.join("\n") + "\n")) {
            Ok(front) => return Ok((front, mistakes)),
            Err(error) => error,
        };
        let line = error.location().map_or(2, |at| at.line() as usize);
        mistakes.push(Mistake::at(line, sentence(&error)));
        let unknown = matches!(error.without_snippet(), serde_saphyr::Error::SerdeUnknownField { .. });
        if !unknown || !blank_field(&mut lines, line) {
            return Err(mistakes);
        }
    }
}

/// Empties the field that begins on `line`, with what is indented below it; false where there is none.
fn blank_field(lines: &mut [&str], line: usize) -> bool {
    let indent = |text: &str| text.len() - text.trim_start().len();
    let Some(field) = lines.get(line - 1).filter(|text| !text.trim().is_empty() && !text.trim_start().starts_with('-'))
    else {
        return false;
    };
    let own = indent(field);
    lines[line - 1] = "";
    for below in lines[line..].iter_mut().take_while(|text| text.trim().is_empty() || indent(text) > own) {
        *below = "";
    }
    true
}

/// The trimmed value of a text field that must be there. `owner` is the line to name where it is not.
pub fn required(name: &str, field: Option<&Text>, owner: usize, mistakes: &mut Vec<Mistake>) -> String {
    let Some(field) = field else {
        mistakes.push(Mistake::at(owner, format!("`{name}` is missing: expected text")));
        return String::new();
    };
    let text = field.value.trim();
    if text.is_empty() {
        mistakes.push(Mistake::of(field, format!("`{name}` is empty: expected text")));
    }
    if text.contains(is_forbidden) {
        mistakes.push(Mistake::of(field, format!("`{name}` has a control character: take it out")));
    }
    text.to_owned()
}

/// Whether no XML document may have this character, and so no feed; PostgreSQL has no way to keep the first of them either.
fn is_forbidden(c: char) -> bool {
    c.is_ascii_control() && !matches!(c, '\t' | '\n' | '\r') || matches!(c, '\u{fffe}' | '\u{ffff}')
}

/// The language of an original: the site's first where its file does not say.
pub fn language(field: Option<&Text>, mistakes: &mut Vec<Mistake>) -> Lang {
    let Some(field) = field else { return Lang::DEFAULT };
    Lang::try_from(field.value.clone()).map_err(|wrong| mistakes.push(Mistake::of(field, wrong))).unwrap_or_default()
}

/// The line that says the language of an original; nothing where it is the site's first.
pub fn format_language(lang: Lang) -> String {
    if lang == Lang::DEFAULT { String::new() } else { format!("lang: {}\n", quoted(lang.tag())) }
}

/// The line on which `field` begins.
pub fn line_of<T>(field: &Spanned<T>) -> usize {
    field.referenced.line() as usize
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
    #[serde(deny_unknown_fields)]
    struct Front {
        title: Text,
    }

    #[test]
    fn a_mistake_is_one_line_and_does_nothing_to_a_terminal() {
        let mistake = Mistake::at(3, "`published` is `\u{1b}[2Jsoon\nnow é`");
        assert_eq!(mistake.to_string(), "3: `published` is `\\u{1b}[2Jsoon\\nnow é`");
    }

    #[test]
    fn lines_are_those_of_the_file() {
        let parts = split::<Front>("---\n# a comment\ntitle: \"x\"\n---\n\n\nBody\n\n").expect("parts");
        assert_eq!(line_of(&parts.front.title), 3);
        assert_eq!(parts.body, "Body\n");
        let mistakes = split::<Front>("---\n\n\ntitle: [x\n---\n").err().expect("mistakes");
        assert!(mistakes[0].line >= 4, "{mistakes:?}");
    }

    #[test]
    fn fields_that_nobody_knows_are_all_told() {
        let parts = split::<Front>("---\none:\n  two: 2\ntitle: x\nthree: 3\n---\n").expect("parts");
        let lines: Vec<_> = parts.mistakes.iter().map(|mistake| mistake.line).collect();
        assert_eq!(lines, [2, 5], "{:?}", parts.mistakes);
        assert_eq!(parts.front.title.value, "x");
    }

    #[test]
    fn other_ends_of_lines_and_a_byte_order_mark_do_no_harm() {
        let parts = split::<Front>("\u{feff}---\r\ntitle: x\r\n---\r\nBody\r\n").expect("parts");
        assert_eq!((parts.front.title.value.as_str(), parts.body.as_str()), ("x", "Body\n"));
        let parts = split::<Front>("---\rtitle: x\r---\rOne\r\r\nTwo\r").expect("parts");
        assert_eq!(parts.body, "One\n\nTwo\n");
    }

    #[test]
    fn a_dash_line_in_the_body_is_the_bodys_own() {
        let parts = split::<Front>("---\ntitle: x\n---\none\n\n---\n\ntwo\n").expect("parts");
        assert_eq!(parts.body, "one\n\n---\n\ntwo\n");
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
            let parts = split::<Front>(&format!("---\ntitle: {}\n---\n", quoted(text))).expect(text);
            assert_eq!(parts.front.title.value, text);
        }
    }
}
