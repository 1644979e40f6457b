//! What readers ask in each language, and what has to come first: `tests/search/<language>.txt`. The texts are the project's own
//! content and some that it does not have.

use pavise::{
    content,
    documents::{self, Kind, file::DocumentFile},
    generate::generate,
    i18n::{self, Lang},
    posts::Slug,
    search::{
        index::{Entry, Narrow, TextIndex, languages},
        query::{Query, search},
        store,
        texts::{Text, Texts},
    },
    server::{config::DatabaseUrl, db::Db},
};
use std::path::Path;

/// Texts with words that the content of the project has not.
const PAGES: [(&str, &str, &str, &str); 2] = [
    ("evenement", "fr", "Un événement à Genève", "Nos événements de l’année."),
    ("akhbar", "ar", "أخبار الموقع", "آخر الأخبار."),
];

async fn new_store(dir: &Path) -> Db {
    i18n::speak(&["en", "fr", "es", "ar", "zh"].map(str::to_owned));
    let url = DatabaseUrl::parse(&format!("sqlite://{}", dir.join("store.db").display())).expect("an address");
    Db::open(&url).await.expect("a store")
}

/// A store with the project's content, and with what it does not have.
async fn store_of_content(dir: &Path) -> Db {
    let db = new_store(dir).await;
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
    db
}

/// The server's index of a store, and what it was made from.
async fn index(db: &Db, dir: &Path) -> (TextIndex, Vec<Entry>) {
    let index = TextIndex::open(&dir.join("index")).expect("an index");
    let mut writer = index.writer().expect("a writer");
    let (mut entries, _) = store::posts(db, i64::MAX, 1000).await.expect("posts");
    entries.extend(store::others(db).await.expect("others"));
    entries.iter().try_for_each(|entry| writer.add(entry)).expect("added");
    writer.commit("").expect("committed");
    index.reload().expect("loaded");
    (index, entries)
}

/// The same texts in the browser's index, as a reader of `lang` has them, with their keys.
fn texts(entries: &[Entry], lang: Lang) -> (Texts, Vec<&str>) {
    let mine = entries.iter().filter_map(|entry| {
        let version = entry.versions.iter().find(|version| version.readers.contains(&lang))?;
        let text = Text {
            lang: version.lang.to_string(),
            title: version.title.clone(),
            summary: version.summary.clone(),
            body_lang: version.body_lang.to_string(),
            body: version.text(),
            published: entry.published,
        };
        Some((text, entry.key.as_str()))
    });
    let (texts, keys): (Vec<_>, Vec<_>) = mine.unzip();
    (Texts::new(lang.tag(), texts), keys)
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
    let db = store_of_content(dir.path()).await;
    let (index, entries) = index(&db, dir.path()).await;
    let mut wrong = Vec::new();
    for tag in ["en", "fr", "es", "ar", "zh"] {
        let lang = Lang::parse(tag).expect("a language");
        let vectors = vectors(tag);
        assert!(vectors.len() >= 40, "{tag} has {}", vectors.len());
        let (texts, keys) = texts(&entries, lang);
        for (asked, expected) in vectors {
            let (text, is_open) = asked.strip_suffix('…').map_or((asked.as_str(), false), |begun| (begun, true));
            let query = Query::read(text, is_open);
            let answer = search(&index.search(&query, lang, Narrow::default(), 10), &query, &languages());
            let hits = answer.expect("an answer").hits;
            if !hits.first().is_some_and(|key| key.contains(&expected)) {
                wrong.push(format!("{tag}: {asked}: {expected}, not {:?}", &hits[..hits.len().min(3)]));
            }
            let Ok(answer) = search(&texts, &Query::read(text, is_open), &languages());
            let own: Vec<_> = answer.hits.iter().map(|hit| keys[*hit]).collect();
            if !own.first().is_some_and(|key| key.contains(&expected)) {
                wrong.push(format!("{tag}: {asked}: {expected}, not {:?} in the browser", &own[..own.len().min(3)]));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn the_browsers_index_has_the_servers_first_ten() {
    let dir = tempfile::tempdir().expect("a folder");
    let db = new_store(dir.path()).await;
    generate(&db, 200).await.expect("generated");
    let (index, entries) = index(&db, dir.path()).await;
    let (mut recalled, mut all, mut full) = (0, 0, 0);
    for lang in ["en", "fr", "es", "ar"].map(|tag| Lang::parse(tag).expect("a language")) {
        let (texts, keys) = texts(&entries, lang);
        for entry in entries.iter().step_by(11) {
            // A word of a title, two that follow each other in a text, a mistake, a beginning.
            let version = &entry.versions[0];
            let title = version.title.split(' ').next().unwrap_or_default();
            let body = version.text();
            let words: Vec<_> = body.split_whitespace().skip(20).take(2).collect();
            let long = body.split_whitespace().find(|word| word.chars().count() > 6).unwrap_or_default();
            let begun: String = long.chars().take(4).collect();
            let mistyped: String = long.chars().enumerate().filter(|(at, _)| *at != 3).map(|(_, c)| c).collect();
            for (asked, is_open) in [(title, false), (&*words.join(" "), false), (&*mistyped, false), (&*begun, true)] {
                let query = Query::read(asked, is_open);
                let hits = search(&index.search(&query, lang, Narrow::default(), 10), &query, &languages())
                    .expect("an answer")
                    .hits;
                let Ok(own) = search(&texts, &query, &languages());
                let first_ten: Vec<_> = own.hits.iter().take(10).map(|hit| keys[*hit]).collect();
                recalled += hits.iter().filter(|hit| first_ten.contains(&hit.as_str())).count();
                all += hits.len();
                full += usize::from(hits.len() == 10);
            }
        }
    }
    assert!(full > 100, "only {full} answers had more than the ten that are compared");
    let recall = recalled as f64 / all as f64;
    assert!(
        recall >= 0.95,
        "the browser's index has {recall:.3} of the server's first ten ({recalled} of {all}, {full} full)"
    );
}
