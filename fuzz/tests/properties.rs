//! The properties hold for everything in the corpora, and for random texts made of what means something there.

use pavise::{
    content::translation::Translation,
    documents::{Kind, file::DocumentFile},
    i18n::Lang,
    plan::{PlanYear, file::PlanFile, translation::PlanTranslation},
    posts::{Slug, file::PostFolder},
};
use proptest::{collection::vec, prelude::*, sample::select, test_runner::RngSeed};
use std::{fs, path::Path};

/// How many random texts each property sees here, the same ones each time; `make fuzz` gives it a million others.
const CASES: u32 = 1_500;

/// Every input that a fuzzer found to lead somewhere, and those that once broke something or are whole.
fn corpus(name: &str) -> Vec<Vec<u8>> {
    let of = |folder: &str| {
        let dir = Path::new(env!("CARGO_MANIFEST_DIR")).join(folder).join(name);
        fs::read_dir(dir).into_iter().flatten().map(|file| fs::read(file.expect("a file").path()).expect("its bytes"))
    };
    of("corpus").chain(of("kept")).collect()
}

/// The same as text: as a fuzzer's bytes become one, up to what is none.
fn texts(name: &str) -> impl Iterator<Item = String> {
    let text = |bytes: Vec<u8>| bytes.utf8_chunks().next().map(|it| it.valid().to_owned()).unwrap_or_default();
    corpus(name).into_iter().map(text)
}

#[test]
fn what_is_whole_is_read() {
    let name = || Slug::parse("name").expect("a slug");
    let text = |file: &str| {
        let path = Path::new(env!("CARGO_MANIFEST_DIR")).join("kept/front_matter").join(file);
        fs::read_to_string(path).expect("a text")
    };
    assert!(matches!(PostFolder::parse(name(), &text("post")), Ok(PostFolder::Post(_))));
    assert!(matches!(PostFolder::parse(name(), &text("removed")), Ok(PostFolder::Removed(_))));
    let plan = PlanFile::parse(PlanYear::parse("2023").expect("a year"), &text("plan")).expect("a plan");
    PlanTranslation::parse(Lang::DEFAULT, &plan, &text("plan-translation")).expect("a translation");
    Translation::parse(Lang::DEFAULT, &text("translation")).expect("a translation");
    DocumentFile::parse(Kind::Topic, name(), &text("document")).expect("a topic");
}

/// Texts of these parts, and of any others between them.
fn made_of(parts: &'static [&'static str]) -> impl Strategy<Value = String> {
    let part = prop_oneof![4 => select(parts).prop_map(str::to_owned), 1 => "[ -~]{0,8}", 1 => any::<String>()];
    vec(part, 0..24).prop_map(|parts| parts.concat())
}

fn config() -> ProptestConfig {
    ProptestConfig { cases: CASES, failure_persistence: None, rng_seed: RngSeed::Fixed(1), ..ProptestConfig::default() }
}

macro_rules! property {
    ($name:ident, $parts:expr) => {
        mod $name {
            use super::*;

            #[test]
            fn holds_for_what_was_found() {
                let mut seen = 0;
                for text in texts(stringify!($name)) {
                    pavise_fuzz::$name(&text);
                    seen += 1;
                }
                assert!(seen > 0, "the corpus is empty");
            }

            proptest! {
                #![proptest_config(config())]
                #[test]
                fn holds_for_random_texts(text in made_of($parts)) {
                    pavise_fuzz::$name(&text);
                }
            }
        }
    };
}

const MARKDOWN: &[&str] = &[
    "\n",
    "\n\n",
    "# ",
    "###### ",
    "> ",
    "- ",
    "1. ",
    "    ",
    "```\n",
    "~~~",
    "`",
    "*",
    "**",
    "_",
    "~~",
    "[",
    "](",
    ")",
    "![",
    "[^1]",
    "[^1]: ",
    "<",
    ">",
    "<script>",
    "</script>",
    "<svg onload=",
    "<!--",
    "-->",
    "<![CDATA[",
    "]]>",
    "<?",
    "&#106;",
    "&lt;",
    "&quot;",
    "\"",
    "'",
    "\\",
    "javascript:",
    "JaVa\tScRiPt:",
    "data:text/html,",
    "vbscript:",
    "http://a.b/",
    "https://a.b",
    "//a.b",
    "mailto:a@b.c",
    "www.a.b",
    "a.jpg",
    "a.svg",
    "|a|b|\n|:-|-:|\n|1|2|\n",
    "| ",
    "---\n",
    "\u{202e}",
    "\u{0}",
    "\u{feff}",
    "سلام",
    "日本",
    "#contents",
    "/topics/a/",
    " \"t\"",
    "<https://a.b>",
    "<a@b.c>",
    "\r\n",
    "{#id}",
    "style=",
    "onerror=",
];
property!(markdown, MARKDOWN);

const FRONT_MATTER: &[&str] = &[
    "---\n",
    "\n---\n",
    "title: ",
    "summary: ",
    "published: ",
    "2023-04-05",
    "2023-04-05T06:07:08Z",
    "lang: fr\n",
    "topics: [",
    "]",
    "picture:\n  file: ",
    "a.jpg\n",
    "  alt: ",
    "  focus: 10% 20%\n",
    "redirect_from: [/a/]\n",
    "reports_on: [2023/a]\n",
    "author: ",
    "removed: ",
    "headline: ",
    "areas:\n",
    "  - slug: ",
    "    commitments:\n",
    "\"",
    "'",
    "|\n  ",
    ">\n  ",
    "&a ",
    "*a",
    "!!str ",
    "!!binary ",
    "<<: ",
    "{",
    "}",
    "- ",
    ": ",
    "# ",
    "? ",
    "%YAML 1.2\n",
    "\t",
    "\r\n",
    "\u{feff}",
    "\u{85}",
    "\u{2028}",
    "\u{7}",
    "null",
    "true",
    "1e999",
    "0x1f",
    "a-name\n",
    "Some words\n",
    "\n\n",
];
property!(front_matter, FRONT_MATTER);

const WORDS: &[&str] = &[
    " ",
    "\"",
    "“",
    "”",
    "«",
    "»",
    "「",
    "」",
    "'",
    "’",
    "ʼ",
    "-",
    ".",
    "the ",
    "d’",
    "l'",
    "internet ",
    "Internets",
    "ÉTÉ",
    "e\u{301}",
    "ß",
    "ﬁ",
    "Ⅷ",
    "İ",
    "ı",
    "ς",
    "Σ",
    "ال",
    "اَلْ",
    "ـ",
    "آ",
    "ى",
    "٣",
    "۳",
    "日本語",
    "ไทย",
    "한국",
    "ば",
    "ば",
    "क्षि",
    "𝔘",
    "\u{200d}",
    "\u{ad}",
    "\u{202e}",
    "😀",
    "1234567890",
    "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa",
    "\u{0}",
    "\n",
];
property!(query, WORDS);
property!(analyser, WORDS);

mod drawing {
    use super::*;

    const PARTS: &[&str] = &[
        "<g>",
        "</g>",
        "<a ",
        "<use ",
        "<image ",
        "<animate attributeName='href' ",
        "<set ",
        "<style>",
        "</style>",
        "<script>",
        "</script>",
        "<foreignObject>",
        "</foreignObject>",
        "<text>",
        "</text>",
        "<title>",
        "</title>",
        "<desc>",
        "</desc>",
        "<path d='M0 0L9 9'/>",
        "/>",
        ">",
        "xlink:href='",
        "href='",
        "'",
        "\"",
        "#a",
        "javascript:alert(1)",
        "data:image/png;base64,",
        " onload='x' ",
        " style='",
        "fill:url(",
        "url('#a')",
        ")",
        "@import ",
        "<!--",
        "-->",
        "<![CDATA[",
        "]]>",
        "<?xml ?>",
        "&lt;",
        "&#106;",
        "&a;",
        "<!DOCTYPE svg>",
        " xmlns:x='http://www.w3.org/1999/xhtml'",
        "<x:script>",
        "to='",
        "values='",
        " xmlns:xlink='http://www.w3.org/1999/xlink' ",
        "\n",
        "\u{0}",
        "<p>",
        "<svg>",
        "</svg>",
        "<mask id='a'>",
        "</mask>",
    ];

    #[test]
    fn holds_for_what_was_found() {
        let corpus = corpus("drawing");
        assert!(!corpus.is_empty());
        corpus.iter().for_each(|bytes| pavise_fuzz::drawing(bytes));
    }

    proptest! {
        #![proptest_config(config())]
        #[test]
        fn holds_for_random_texts(inside in made_of(PARTS)) {
            let svg = format!("<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 9 9'>{inside}</svg>");
            pavise_fuzz::drawing(svg.as_bytes());
            pavise_fuzz::drawing(inside.as_bytes());
        }
    }
}
