//! Every word of the interface, from one Fluent file per language in `locales/`.
//!
//! The files of the languages that are shipped are in the program. A language that the settings name beside those is read
//! from `locales/` in the working folder: adding one is a file and a line.

use super::{
    Lang, SHIPPED,
    formats::{number, plural},
};
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle, types::FluentType};
use std::{
    borrow::Cow,
    collections::BTreeSet,
    fs,
    path::Path,
    sync::{LazyLock, OnceLock},
};

/// The values that a message speaks of: `&[("count", 8.into())]`.
pub type Args<'a> = [(&'a str, FluentValue<'a>)];

type Bundle = FluentBundle<FluentResource>;

static WORDS: [(&str, &str); SHIPPED.len()] = [
    ("en", include_str!("../../locales/en.ftl")),
    ("fr", include_str!("../../locales/fr.ftl")),
    ("es", include_str!("../../locales/es.ftl")),
    ("ar", include_str!("../../locales/ar.ftl")),
];

/// The files of languages that are not in the program, by tag.
static LOADED: OnceLock<Vec<(String, String)>> = OnceLock::new();

static BUNDLES: LazyLock<Vec<Bundle>> = LazyLock::new(|| Lang::all().map(bundle).collect());

/// English, which has every message: what a language that an operator added lacks is shown in it.
static LAST_RESORT: LazyLock<Bundle> = LazyLock::new(|| parsed("en", WORDS[0].1));

/// Reads the Fluent files of those languages of `tags` that are not in the program; the error is a sentence.
pub fn load(tags: &[String], dir: &Path) -> Result<(), String> {
    let mut loaded = Vec::new();
    for tag in tags.iter().filter(|tag| !SHIPPED.contains(&tag.as_str())) {
        let file = dir.join(format!("{tag}.ftl"));
        let words = fs::read_to_string(&file)
            .map_err(|error| format!("the language `{tag}`: {} cannot be read ({error})", file.display()))?;
        if let Err((_, errors)) = FluentResource::try_new(words.clone()) {
            let mistakes = errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ");
            return Err(format!("{} is not a Fluent file: {mistakes}", file.display()));
        }
        loaded.push((tag.clone(), words));
    }
    LOADED.get_or_init(|| loaded);
    Ok(())
}

/// Looks the message `id` up in `lang`, then in English, and fills in `args`.
///
/// A message that exists in neither is shown as its own id and logged: a page with one odd word is better than none.
pub fn message(lang: Lang, id: &str, args: &Args<'_>) -> String {
    let own = BUNDLES.get(usize::from(lang.0));
    let format = |bundle| format(bundle, lang, id, args);
    own.and_then(format).or_else(|| format(&LAST_RESORT)).unwrap_or_else(|| {
        tracing::error!(%lang, id, "message missing from locales/");
        id.to_owned()
    })
}

/// The ids that the English file has and the file of `lang` has not: what readers of `lang` see in English.
pub fn missing(lang: Lang) -> Vec<String> {
    let theirs = ids(source(lang));
    ids(WORDS[0].1).into_iter().filter(|id| !theirs.contains(id)).collect()
}

fn ids(source: &str) -> BTreeSet<String> {
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) | Err((resource, _)) => resource,
    };
    let id = |entry: &fluent_syntax::ast::Entry<&str>| match entry {
        fluent_syntax::ast::Entry::Message(message) => Some(message.id.name.to_owned()),
        _ => None,
    };
    resource.entries().filter_map(id).collect()
}

fn format(bundle: &Bundle, lang: Lang, id: &str, args: &Args<'_>) -> Option<String> {
    let pattern = bundle.get_message(id)?.value()?;
    let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, counted(lang, value))).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    if !errors.is_empty() {
        tracing::error!(%lang, id, ?errors, "message could not be filled in");
    }
    Some(text.into_owned())
}

/// A number as ICU4X writes it, with its plural: Fluent's own are older and group nothing.
#[derive(Clone, Debug, PartialEq)]
struct Count {
    shown: String,
    plural: &'static str,
}

impl FluentType for Count {
    fn duplicate(&self) -> Box<dyn FluentType + Send> {
        Box::new(self.clone())
    }

    fn as_string(&self, _: &intl_memoizer::IntlLangMemoizer) -> Cow<'static, str> {
        self.shown.clone().into()
    }

    fn as_string_threadsafe(&self, _: &intl_memoizer::concurrent::IntlLangMemoizer) -> Cow<'static, str> {
        self.shown.clone().into()
    }
}

fn counted<'a>(lang: Lang, value: &FluentValue<'a>) -> FluentValue<'a> {
    match value {
        FluentValue::Number(count) => {
            let count = count.value as i64;
            FluentValue::Custom(Box::new(Count { shown: number(lang, count), plural: plural(lang, count) }))
        }
        other => other.clone(),
    }
}

/// `PLURAL($count)` in a Fluent file.
fn plural_of<'a>(values: &[FluentValue<'a>], _: &FluentArgs<'_>) -> FluentValue<'a> {
    match values {
        [FluentValue::Custom(value)] => match value.as_ref().as_any().downcast_ref::<Count>() {
            Some(count) => count.plural.into(),
            None => FluentValue::Error,
        },
        // A placeholder that the browser fills in.
        _ => "other".into(),
    }
}

fn bundle(lang: Lang) -> Bundle {
    parsed(lang.tag(), source(lang))
}

fn parsed(tag: &str, source: &str) -> Bundle {
    // A file that does not parse gives what could be read of it; tests and `load` keep such a file from being served.
    let resource = match FluentResource::try_new(source.to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            tracing::error!(tag, ?errors, "locales file has mistakes");
            resource
        }
    };
    let mut bundle = FluentBundle::new_concurrent(vec![tag.parse().unwrap_or_default()]);
    // Isolation marks around each value would be in the way of searching in the page. Where directions mix, markup has to tell.
    bundle.set_use_isolating(false);
    if let Err(error) = bundle.add_function("PLURAL", plural_of) {
        tracing::error!(%error, "PLURAL cannot be added");
    }
    bundle.add_resource_overriding(resource);
    bundle
}

fn source(lang: Lang) -> &'static str {
    let shipped = WORDS.iter().map(|(tag, words)| (*tag, *words));
    let loaded = LOADED.get().into_iter().flatten().map(|(tag, words)| (tag.as_str(), words.as_str()));
    shipped.chain(loaded).find(|(tag, _)| *tag == lang.tag()).map_or("", |(_, words)| words)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::i18n::testing::*;

    #[test]
    fn every_language_has_a_file_that_parses() {
        for lang in Lang::all() {
            let parsed = FluentResource::try_new(source(lang).to_owned());
            assert!(parsed.is_ok(), "locales/{lang}.ftl: {:?}", parsed.err().map(|(_, errors)| errors));
        }
    }

    #[test]
    fn every_language_has_every_message_and_none_of_its_own() {
        for lang in Lang::all() {
            assert_eq!(missing(lang), [""; 0], "locales/{lang}.ftl lacks these");
            let english = ids(source(Lang::DEFAULT));
            let unknown: Vec<_> = ids(source(lang)).into_iter().filter(|id| !english.contains(id)).collect();
            assert_eq!(unknown, [""; 0], "locales/{lang}.ftl has these alone");
        }
    }

    #[test]
    fn every_language_speaks_of_the_same_values() {
        let values = |text: &str| -> BTreeSet<String> {
            let names = text.split('$').skip(1);
            names.map(|name| name.split(|c: char| !c.is_ascii_alphanumeric()).next().unwrap_or("").to_owned()).collect()
        };
        let messages = |lang: Lang| {
            let mut messages: Vec<(&str, String)> = Vec::new();
            for line in source(lang).lines().filter(|line| !line.starts_with('#')) {
                match (line.split_once(" ="), messages.last_mut()) {
                    (Some((id, rest)), _) if !id.contains(' ') => messages.push((id, rest.to_owned())),
                    (_, Some((_, text))) => text.push_str(line),
                    _ => {}
                }
            }
            messages.into_iter().collect::<std::collections::BTreeMap<_, _>>()
        };
        let english = messages(Lang::DEFAULT);
        for lang in Lang::all() {
            for (id, text) in messages(lang) {
                assert_eq!(values(&text), values(&english[id]), "{id} in locales/{lang}.ftl");
            }
        }
    }

    #[test]
    fn plurals_and_numbers_follow_the_language() {
        let commitments = |lang, count: i64| message(lang, "plan-commitments", &[("count", count.into())]);
        assert_eq!(commitments(Lang::DEFAULT, 1), "1 commitment");
        assert_eq!(commitments(Lang::DEFAULT, 1200), "1,200 commitments");
        assert_ne!(commitments(AR, 2), commitments(AR, 3).replace('٣', "٢"));
        let placeholder = message(FR, "filter-some", &[("count", "{count}".into()), ("total", "{total}".into())]);
        assert!(placeholder.contains("{count}") && placeholder.contains("{total}"), "{placeholder}");
    }

    /// How the code asks for a message.
    const CALL: &str = "t!(lang, ";

    #[test]
    fn every_message_that_the_code_names_exists_and_none_is_unused() {
        let english = ids(source(Lang::DEFAULT));
        let mut named = BTreeSet::new();
        let mut missing = Vec::new();
        for file in rust_files(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
            let code = std::fs::read_to_string(&file).expect("source is readable");
            for id in code.split(CALL).skip(1).filter_map(named_message) {
                if !english.contains(id) {
                    missing.push(format!("{id} in {}", file.display()));
                }
                named.insert(id.to_owned());
            }
        }
        assert!(missing.is_empty(), "locales/en.ftl lacks {missing:#?}");
        let unused: Vec<_> = english.difference(&named).collect();
        assert!(unused.is_empty(), "nothing shows {unused:#?}");
    }

    /// The id in `"id"…`, the rest of a call; `None` where it is not spelt out.
    fn named_message(rest: &str) -> Option<&str> {
        rest.strip_prefix('"')?.split('"').next()
    }

    fn rust_files(dir: &std::path::Path) -> Vec<std::path::PathBuf> {
        let mut files = Vec::new();
        for entry in std::fs::read_dir(dir).expect("src is readable").flatten() {
            let path = entry.path();
            if path.is_dir() {
                files.extend(rust_files(&path));
            } else if path.extension().is_some_and(|ext| ext == "rs") && !path.ends_with("messages.rs") {
                files.push(path);
            }
        }
        files
    }
}
