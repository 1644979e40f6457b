//! Every word of the interface, from one Fluent file per language in `locales/`.

use super::Lang;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue, concurrent::FluentBundle};
use std::{collections::HashMap, sync::LazyLock};

/// The values that a message speaks of: `&[("count", 8.into())]`.
pub type Args<'a> = [(&'a str, FluentValue<'a>)];

type Bundles = HashMap<&'static str, FluentBundle<FluentResource>>;

static BUNDLES: LazyLock<Bundles> = LazyLock::new(|| Lang::all().map(|lang| (lang.tag(), bundle(lang))).collect());

/// Looks the message `id` up in `lang`, then in the default language, and fills in `args`.
///
/// A message that exists in neither is shown as its own id and logged: a page with one odd word is better than none.
pub fn message(lang: Lang, id: &str, args: &Args<'_>) -> String {
    format(lang, id, args).or_else(|| format(Lang::DEFAULT, id, args)).unwrap_or_else(|| {
        tracing::error!(%lang, id, "message missing from locales/");
        id.to_owned()
    })
}

fn format(lang: Lang, id: &str, args: &Args<'_>) -> Option<String> {
    let bundle = BUNDLES.get(lang.tag())?;
    let pattern = bundle.get_message(id)?.value()?;
    let args: FluentArgs<'_> = args.iter().map(|(name, value)| (*name, value.clone())).collect();
    let mut errors = Vec::new();
    let text = bundle.format_pattern(pattern, Some(&args), &mut errors);
    if !errors.is_empty() {
        tracing::error!(%lang, id, ?errors, "message could not be filled in");
    }
    Some(text.into_owned())
}

fn bundle(lang: Lang) -> FluentBundle<FluentResource> {
    // A file that does not parse gives what could be read of it; the unit test below keeps such a file from shipping.
    let resource = match FluentResource::try_new(source(lang).to_owned()) {
        Ok(resource) => resource,
        Err((resource, errors)) => {
            tracing::error!(%lang, ?errors, "locales file has mistakes");
            resource
        }
    };
    let id = lang.tag().parse().unwrap_or_default();
    let mut bundle = FluentBundle::new_concurrent(vec![id]);
    // Isolation marks around each value would be in the way of searching in the page. Where directions mix, markup has to tell.
    bundle.set_use_isolating(false);
    bundle.add_resource_overriding(resource);
    bundle
}

fn source(lang: Lang) -> &'static str {
    match lang.tag() {
        "en" => include_str!("../../locales/en.ftl"),
        _ => "",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_language_has_a_file_that_parses() {
        for lang in Lang::all() {
            let parsed = FluentResource::try_new(source(lang).to_owned());
            assert!(parsed.is_ok(), "locales/{lang}.ftl: {:?}", parsed.err().map(|(_, errors)| errors));
            assert!(BUNDLES[lang.tag()].has_message("site-name"), "locales/{lang}.ftl has no site-name");
        }
    }

    #[test]
    fn plurals_follow_the_language() {
        let one = message(Lang::DEFAULT, "plan-commitments", &[("count", 1.into())]);
        let many = message(Lang::DEFAULT, "plan-commitments", &[("count", 10.into())]);
        assert_eq!(one, "1 commitment");
        assert_eq!(many, "10 commitments");
    }

    /// How the code asks for a message.
    const CALL: &str = "t!(lang, ";

    #[test]
    fn every_message_that_the_code_names_exists() {
        let mut missing = Vec::new();
        for file in rust_files(std::path::Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/src"))) {
            let code = std::fs::read_to_string(&file).expect("source is readable");
            for id in code.split(CALL).skip(1).filter_map(named_message) {
                if !BUNDLES["en"].has_message(id) {
                    missing.push(format!("{id} in {}", file.display()));
                }
            }
        }
        assert!(missing.is_empty(), "locales/en.ftl lacks {missing:#?}");
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
