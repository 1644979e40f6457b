//! What readers ask in each language, and what has to come first: `tests/search/<language>.txt`. The texts are the project's own
//! content and some that it does not have.

use pavise::{
    content,
    documents::{self, Kind, file::DocumentFile},
    i18n::{self, Lang},
    posts::Slug,
    search::{
        index::{Narrow, TextIndex, languages},
        query::{Query, search},
        store,
    },
    server::{config::DatabaseUrl, db::Db},
};
use std::path::Path;

/// Texts with words that the content of the project has not.
const PAGES: [(&str, &str, &str, &str); 2] = [
    ("evenement", "fr", "Un événement à Genève", "Nos événements de l’année."),
    ("akhbar", "ar", "أخبار الموقع", "آخر الأخبار."),
];

async fn index(dir: &Path) -> TextIndex {
    i18n::speak(&["en", "fr", "es", "ar", "zh"].map(str::to_owned));
    let url = DatabaseUrl::parse(&format!("sqlite://{}", dir.join("store.db").display())).expect("an address");
    let db = Db::open(&url).await.expect("a store");
    for folder in ["content", "tests/search/zh"] {
        content::import(&db, Path::new(folder)).await.expect("imported");
    }
    let mut tx = db.begin().await.expect("a transaction");
    for (slug, lang, title, summary) in PAGES {
        let document = DocumentFile {
            kind: Kind::Page,
            slug: Slug::parse(slug).expect("a slug"),
            lang: Lang::parse(lang).expect("a language"),
            title: title.into(),
            summary: summary.into(),
            body: String::new(),
            translations: Vec::new(),
        };
        documents::store::put(&mut tx, &document).await.expect("stored");
    }
    tx.commit().await.expect("committed");
    let index = TextIndex::open(&dir.join("index")).expect("an index");
    let mut writer = index.writer().expect("a writer");
    let (posts, _) = store::posts(&db, i64::MAX, 100).await.expect("posts");
    for entry in store::others(&db).await.expect("others").iter().chain(&posts) {
        writer.add(entry).expect("added");
    }
    writer.commit("").expect("committed");
    index.reload().expect("loaded");
    db.close().await;
    index
}

/// The queries of a language, with what comes first.
fn vectors(lang: &str) -> Vec<(String, String)> {
    let text = std::fs::read_to_string(format!("tests/search/{lang}.txt")).expect("vectors");
    let lines = text.lines().filter(|line| !line.starts_with('#'));
    lines
        .map(|line| line.split_once(" => ").unwrap_or_else(|| panic!("{line}")))
        .map(|(a, b)| (a.into(), b.into()))
        .collect()
}

#[tokio::test]
async fn what_readers_look_for_comes_first() {
    let dir = tempfile::tempdir().expect("a folder");
    let index = index(dir.path()).await;
    let mut wrong = Vec::new();
    for tag in ["en", "fr", "es", "ar", "zh"] {
        let lang = Lang::parse(tag).expect("a language");
        let vectors = vectors(tag);
        assert!(vectors.len() >= 40, "{tag} has {}", vectors.len());
        for (asked, expected) in vectors {
            let (text, is_open) = asked.strip_suffix('…').map_or((asked.as_str(), false), |begun| (begun, true));
            let answer = search(&index.search(lang, Narrow::default(), 10), &Query::read(text, is_open), &languages());
            let hits = answer.expect("an answer").hits;
            if !hits.first().is_some_and(|key| key.contains(&expected)) {
                wrong.push(format!("{tag}: {asked}: {expected}, not {:?}", &hits[..hits.len().min(3)]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}
