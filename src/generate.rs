//! `pavise generate --posts N`: as many posts as anyone could want, to see how the site behaves with them.
//!
//! The same number gives the same posts. Their words are no language's: they have the lengths, the letters and the frequencies
//! (by Zipf's law) of real ones, which is what stores, pages and searches feel.

use crate::{
    content::translation::{Translation, revision},
    documents::{self, Kind, file::DocumentFile},
    i18n::Lang,
    posts::{Slug, file::PostFile, store, write},
    server::db::{self, Db},
};
use jiff::Timestamp;

/// How many topics and authors the posts have.
const TOPICS: usize = 40;
const AUTHORS: usize = 60;

/// The days of the first and the last post, in seconds: twenty years.
const FIRST: i64 = 1_072_915_200;
const LAST: i64 = 1_704_067_199;

/// How many posts are stored at once.
const CHUNK: usize = 1000;

/// Why nothing was generated.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// They are there already.
    #[error("the store has generated posts already: expected one without")]
    Again,
    /// The store failed.
    #[error("{}", db::failure(.0))]
    Store(#[from] sqlx::Error),
}

/// Adds `count` posts to the store, with topics and authors, in the languages that the site speaks.
pub async fn generate(db: &Db, count: usize) -> Result<(), Error> {
    if store::plain(db, Lang::DEFAULT, &slug(0)?).await?.is_some() {
        return Err(Error::Again);
    }
    let mut words = Words::new();
    let mut tx = db.begin().await?;
    tx.alone().await?;
    for document in documents(&mut words)? {
        documents::store::put(&mut tx, &document).await?;
    }
    // All in one transaction: half of what was asked for would be mistaken for all of it.
    let mut numbers = 0..count;
    while !numbers.is_empty() {
        let posts: Vec<_> =
            numbers.by_ref().take(CHUNK).map(|n| post(&mut words, n, count)).collect::<Result<_, _>>()?;
        write::load(&mut tx, &posts).await?;
    }
    write::note_all_changes(&mut tx).await?;
    tx.changed_everything();
    tx.commit().await?;
    Ok(())
}

fn slug(n: usize) -> sqlx::Result<Slug> {
    named(format!("generated-{n:07}"))
}

fn named(name: String) -> sqlx::Result<Slug> {
    Slug::parse(name).map_err(|error| sqlx::Error::Encode(error.into()))
}

fn topic(n: usize) -> sqlx::Result<Slug> {
    named(format!("topic-{n:02}"))
}

fn author(n: usize) -> sqlx::Result<Slug> {
    named(format!("author-{n:02}"))
}

fn documents(words: &mut Words) -> sqlx::Result<Vec<DocumentFile>> {
    let topics = (0..TOPICS).map(|n| (Kind::Topic, topic(n)));
    let authors = (0..AUTHORS).map(|n| (Kind::Author, author(n)));
    let document = |(kind, slug): (Kind, sqlx::Result<Slug>)| {
        let lang = Lang::DEFAULT;
        let (title, summary) = (words.title(lang, 2), words.sentence(lang, 12));
        Ok(DocumentFile { kind, slug: slug?, lang, title, summary, body: String::new(), translations: Vec::new() })
    };
    topics.chain(authors).map(document).collect()
}

/// The post with the number `n` of `count`. Each has the next language; of every fourth there is a translation.
fn post(words: &mut Words, n: usize, count: usize) -> sqlx::Result<PostFile> {
    let languages: Vec<_> = Lang::all().collect();
    let lang = languages[n % languages.len()];
    let published = FIRST + (LAST - FIRST) * n as i64 / count.max(1) as i64;
    let mut topics = Vec::new();
    for _ in 0..1 + words.below(3) {
        let topic = topic(words.rank(TOPICS))?;
        if !topics.contains(&topic) {
            topics.push(topic);
        }
    }
    let (title, summary, body) = (words.title(lang, 7), words.sentence(lang, 18), words.body(lang));
    let into = languages[(n + 1) % languages.len()];
    let translations = if n.is_multiple_of(4) && into != lang {
        let made_from = revision([title.as_str(), summary.as_str(), "", body.as_str()]);
        vec![Translation {
            lang: into,
            title: words.title(into, 7),
            summary: words.sentence(into, 18),
            picture_alt: None,
            body: Some(words.body(into)),
            made_from,
        }]
    } else {
        Vec::new()
    };
    Ok(PostFile {
        lang,
        slug: slug(n)?,
        id: None,
        title,
        summary,
        published: Timestamp::from_second(published).unwrap_or(Timestamp::UNIX_EPOCH),
        updated: None,
        author: Some(author(words.rank(AUTHORS))?),
        topics,
        reports_on: Vec::new(),
        redirect_from: Vec::new(),
        picture: None,
        body,
        translations,
    })
}

/// Words by chance, the same each time.
struct Words {
    state: u64,
}

/// How many different words there are.
const VOCABULARY: usize = 20_000;

impl Words {
    fn new() -> Self {
        Self { state: 0x9e37_79b9_7f4a_7c15 }
    }

    /// SplitMix64: any generator will do, as long as it is the same on every machine.
    fn next(&mut self) -> u64 {
        self.state = self.state.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.state;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, limit: usize) -> usize {
        (self.next() % limit.max(1) as u64) as usize
    }

    /// A number below `limit`, each the more often the smaller it is: the second half as often as the first, and so on.
    fn rank(&mut self, limit: usize) -> usize {
        let chance = (self.next() >> 11) as f64 / (1_u64 << 53) as f64;
        // The integral of 1/x, turned round.
        ((limit as f64 + 1.0).powf(chance) as usize).saturating_sub(1).min(limit - 1)
    }

    fn word(&mut self, lang: Lang) -> String {
        spell(lang, self.rank(VOCABULARY))
    }

    fn sentence(&mut self, lang: Lang, length: usize) -> String {
        let length = length / 2 + self.below(length.max(1));
        let words: Vec<_> = (0..length.max(1)).map(|_| self.word(lang)).collect();
        format!("{}.", capitalized(&words.join(" ")))
    }

    fn title(&mut self, lang: Lang, length: usize) -> String {
        self.sentence(lang, length).trim_end_matches('.').to_owned()
    }

    /// Some 300 words under two headings.
    fn body(&mut self, lang: Lang) -> String {
        let mut body = String::new();
        for part in 0..3 {
            if part > 0 {
                body += &format!("## {}\n\n", self.title(lang, 4));
            }
            for _ in 0..2 {
                let sentences: Vec<_> = (0..4).map(|_| self.sentence(lang, 12)).collect();
                body += &format!("{}\n\n", sentences.join(" "));
            }
        }
        body.trim_end().to_owned() + "\n"
    }
}

/// The word of this rank: the more frequent, the shorter.
fn spell(lang: Lang, rank: usize) -> String {
    const LATIN: [&str; 24] = [
        "a", "de", "le", "to", "in", "er", "na", "os", "tu", "mi", "ré", "con", "pa", "lo", "ni", "sa", "ter", "vi",
        "bo", "ñe", "ga", "ch", "pro", "ût",
    ];
    const ARABIC: [&str; 24] = [
        "و", "ال", "في", "من", "ما", "لا", "نا", "ها", "كت", "عل", "ري", "بة", "شم", "دو", "قا", "حر", "سل", "جم", "ية",
        "أر", "إن", "تف", "خط", "ضو",
    ];
    let syllables = if lang.dir() == "rtl" { &ARABIC } else { &LATIN };
    // Counting in syllables, without one for nothing, so that each number is another word.
    let (mut word, mut rest) = (String::new(), rank + 1);
    while rest > 0 {
        word.push_str(syllables[(rest - 1) % syllables.len()]);
        rest = (rest - 1) / syllables.len();
    }
    word
}

fn capitalized(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content,
        posts::{
            api::DEFAULT_LIMIT,
            store::{ListKind, Selection, latest, list, lists},
        },
        server::db::testing::each_engine,
    };
    use std::collections::BTreeMap;

    #[tokio::test]
    async fn what_is_generated_is_what_an_import_would_have_stored() {
        for db in each_engine().await {
            generate(&db, 60).await.expect("generated");
            assert!(matches!(generate(&db, 1).await, Err(Error::Again)), "{db:?}");
            let noted = lists(&db, ListKind::Topics).await.expect("changes");
            let dir = tempfile::tempdir().expect("a folder");
            content::export(&db, dir.path()).await.expect("exported");
            let again = content::import(&db, dir.path()).await.expect("imported");
            assert_eq!((again.added, again.changed, again.unchanged), (0, 0, 60 + TOPICS + AUTHORS), "{db:?}");
            let [other, _] = each_engine().await;
            content::import(&other, dir.path()).await.expect("imported");
            assert_eq!(lists(&other, ListKind::Topics).await.expect("changes"), noted);
            let posts = async |db: &Db| latest(db, Lang::DEFAULT, DEFAULT_LIMIT).await.expect("posts");
            let titles = async |db: &Db| posts(db).await.into_iter().map(|post| post.title).collect::<Vec<_>>();
            assert_eq!(titles(&db).await, titles(&other).await);
            let topic = Selection { topic: Some(topic(0).expect("a slug")), ..Default::default() };
            assert!(list(&db, Lang::DEFAULT, &topic, 3).await.expect("posts").len() == 3);
        }
    }

    #[test]
    fn the_same_number_gives_the_same_posts_in_every_language() {
        let posts = || {
            let mut words = Words::new();
            (0..40).map(|n| post(&mut words, n, 40).expect("a post")).collect::<Vec<_>>()
        };
        assert_eq!(posts(), posts());
        let languages: std::collections::HashSet<_> = posts().iter().map(|post| post.lang).collect();
        assert_eq!(languages.len(), Lang::all().count());
        let length = posts().iter().map(|post| post.body.split_whitespace().count()).sum::<usize>() / 40;
        assert!((250..350).contains(&length), "{length} words");
    }

    #[test]
    fn words_are_as_frequent_as_those_of_a_language() {
        let mut words = Words::new();
        let mut counts = BTreeMap::new();
        for _ in 0..100_000 {
            *counts.entry(words.word(Lang::DEFAULT)).or_insert(0_u32) += 1;
        }
        let mut counts: Vec<_> = counts.into_values().collect();
        counts.sort_unstable_by(|a, b| b.cmp(a));
        assert!(counts.len() > 8_000, "{} words", counts.len());
        // The tenth word is a tenth as frequent as the first, more or less.
        assert!((5..20).contains(&(counts[0] / counts[9])), "{} and {}", counts[0], counts[9]);
    }

    #[test]
    fn each_rank_is_another_word() {
        let words: std::collections::HashSet<_> = (0..VOCABULARY).map(|rank| spell(Lang::DEFAULT, rank)).collect();
        assert!(words.len() > VOCABULARY * 9 / 10, "{}", words.len());
    }
}
