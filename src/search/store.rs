//! What is indexed, as the store has it, and what is shown of what was found.

use super::{
    Subject,
    index::{Entry, Version},
};
use crate::{
    content::markdown,
    documents::{self, Kind, store::PlainDocument},
    i18n::Lang,
    plan::{self, Plan, PlanYear},
    posts::{self, Slug},
    server::db::{Db, on_read, on_tx, stored},
};
use sqlx::FromRow;
use std::{
    collections::HashMap,
    hash::{BuildHasher as _, RandomState},
};

/// A name that no other store has: an index made from one is not another's.
pub async fn identity(db: &Db) -> sqlx::Result<String> {
    let known: Option<String> = on_read!(db, pool => {
        sqlx::query_scalar("select value from store where name = 'identity'").fetch_optional(pool).await
    })?;
    if let Some(known) = known {
        return Ok(known);
    }
    // Two programs may begin with a store at once: both take what is there then.
    let new = format!("{:016x}{:016x}", RandomState::new().hash_one(0), RandomState::new().hash_one(1));
    let mut tx = db.begin().await?;
    on_tx!(&mut tx, conn => {
        sqlx::query("insert into store (name, value) values ('identity', $1) on conflict (name) do nothing")
            .bind(&new)
            .execute(conn)
            .await
            .map(drop)
    })?;
    let identity = on_tx!(&mut tx, conn => {
        sqlx::query_scalar("select value from store where name = 'identity'").fetch_one(conn).await
    })?;
    tx.commit().await?;
    Ok(identity)
}

#[derive(FromRow)]
struct PostRow {
    id: i64,
    slug: String,
    lang: String,
    title: String,
    summary: String,
    body_markdown: String,
    author: Option<String>,
    published_at: i64,
}

#[derive(FromRow)]
struct TranslationRow {
    post_id: i64,
    lang: String,
    title: String,
    summary: String,
    body_markdown: Option<String>,
}

/// The posts with a number of at most `from`, the latest first, at most `limit`; and the number from which to go on.
pub async fn posts(db: &Db, from: i64, limit: u32) -> sqlx::Result<(Vec<Entry>, Option<i64>)> {
    let rows: Vec<PostRow> = on_read!(db, pool => {
        sqlx::query_as(
            "select id, slug, lang, title, summary, body_markdown, author, published_at
             from posts where id <= $1 order by id desc limit $2",
        )
        .bind(from)
        .bind(i64::from(limit))
        .fetch_all(pool)
        .await
    })?;
    let (Some(last), Some(first)) = (rows.first(), rows.last()) else { return Ok((Vec::new(), None)) };
    let (first, last) = (first.id, last.id);
    let translated: Vec<TranslationRow> = on_read!(db, pool => {
        sqlx::query_as(
            "select post_id, lang, title, summary, body_markdown from post_translations
             where post_id >= $1 and post_id <= $2",
        )
        .bind(first)
        .bind(last)
        .fetch_all(pool)
        .await
    })?;
    let about: Vec<(i64, String)> = on_read!(db, pool => {
        sqlx::query_as("select post_id, topic from post_topics where post_id >= $1 and post_id <= $2")
            .bind(first)
            .bind(last)
            .fetch_all(pool)
            .await
    })?;
    let mut translations: HashMap<i64, Vec<TranslationRow>> = HashMap::new();
    for row in translated {
        translations.entry(row.post_id).or_default().push(row);
    }
    let mut topics: HashMap<i64, Vec<String>> = HashMap::new();
    for (id, topic) in about {
        topics.entry(id).or_default().push(topic);
    }
    let entry = |row: PostRow| {
        let translations = translations.remove(&row.id).unwrap_or_default();
        let topics = topics.remove(&row.id).unwrap_or_default();
        row.into_entry(translations, topics)
    };
    let entries = rows.into_iter().map(entry).collect::<sqlx::Result<_>>()?;
    Ok((entries, (first > 0).then_some(first - 1)))
}

impl PostRow {
    fn into_entry(self, translations: Vec<TranslationRow>, topics: Vec<String>) -> sqlx::Result<Entry> {
        let slug: Slug = stored(self.slug)?;
        let lang = Lang::stored(&self.lang);
        let spoken = translations.into_iter().filter_map(|row| Some((Lang::parse(&row.lang)?, row)));
        let mut versions: Vec<_> = spoken
            .map(|(lang, row)| Version {
                readers: vec![lang],
                lang,
                title: row.title,
                summary: row.summary,
                body_lang: if row.body_markdown.is_some() { lang } else { Lang::stored(&self.lang) },
                body: row.body_markdown.unwrap_or_else(|| self.body_markdown.clone()),
            })
            .collect();
        let readers: Vec<_> = Lang::all().filter(|reader| versions.iter().all(|it| it.lang != *reader)).collect();
        if !readers.is_empty() {
            let (title, summary, body) = (self.title, self.summary, self.body_markdown);
            versions.push(Version { readers, lang, title, summary, body_lang: lang, body });
        }
        Ok(Entry {
            key: posts::store::subject_of(&slug),
            published: Some(self.published_at),
            author: self.author,
            topics,
            versions,
        })
    }
}

/// The topics, authors, pages of the organisation, and plans.
pub async fn others(db: &Db) -> sqlx::Result<Vec<Entry>> {
    let mut entries = Vec::new();
    for kind in Kind::ALL {
        for (_, _, slug) in documents::store::titles(db, Lang::DEFAULT, kind).await? {
            entries.extend(document(db, kind, &slug).await?);
        }
    }
    for year in plan::store::years(db).await? {
        entries.extend(plan(db, year).await?);
    }
    Ok(entries)
}

/// The keys of the entries that a change to this subject changes. It may be that they are gone.
pub async fn keys(db: &Db, subject: &str) -> sqlx::Result<Vec<String>> {
    if subject == plan::store::SUBJECT {
        return Ok(plan::store::years(db).await?.into_iter().map(plan_key).collect());
    }
    let is_entry = Key::read(subject).is_some();
    Ok(is_entry.then(|| subject.to_owned()).into_iter().collect())
}

/// The entry with this key, if it is there.
pub async fn entry(db: &Db, key: &str) -> sqlx::Result<Option<Entry>> {
    match Key::read(key) {
        Some(Key::Post(slug)) => {
            let id: Option<i64> = on_read!(db, pool => {
                sqlx::query_scalar("select id from posts where slug = $1").bind(slug.as_str()).fetch_optional(pool).await
            })?;
            match id {
                // It may have been removed since then.
                Some(id) => Ok(posts(db, id, 1).await?.0.pop().filter(|entry| entry.key == key)),
                None => Ok(None),
            }
        }
        Some(Key::Document(kind, slug)) => document(db, kind, &slug).await,
        Some(Key::Plan(year)) => plan(db, year).await,
        None => Ok(None),
    }
}

/// What a key names.
enum Key {
    Post(Slug),
    Document(Kind, Slug),
    Plan(PlanYear),
}

impl Key {
    fn read(key: &str) -> Option<Self> {
        let (kind, name) = key.rsplit_once('/')?;
        let slug = || Slug::parse(name).ok();
        match kind {
            "post" => slug().map(Self::Post),
            plan::store::SUBJECT => PlanYear::parse(name).map(Self::Plan),
            kind => {
                let kind = kind.strip_prefix("documents/")?;
                let kind = Kind::ALL.into_iter().find(|it| it.name() == kind)?;
                slug().map(|slug| Self::Document(kind, slug))
            }
        }
    }
}

fn plan_key(year: PlanYear) -> String {
    format!("{}/{year}", plan::store::SUBJECT)
}

async fn document(db: &Db, kind: Kind, slug: &Slug) -> sqlx::Result<Option<Entry>> {
    let mut versions = Vec::new();
    for reader in Lang::all() {
        let Some(words) = documents::store::plain(db, reader, kind, slug).await? else { return Ok(None) };
        add(&mut versions, reader, document_version(words));
    }
    Ok(Some(Entry {
        key: documents::store::subject(kind, slug.as_str()),
        published: None,
        author: None,
        topics: Vec::new(),
        versions,
    }))
}

fn document_version(words: PlainDocument) -> Version {
    let PlainDocument { lang, title, summary, body_lang, body } = words;
    Version { readers: Vec::new(), lang, title, summary, body_lang, body }
}

async fn plan(db: &Db, year: PlanYear) -> sqlx::Result<Option<Entry>> {
    let mut versions = Vec::new();
    for reader in Lang::all() {
        let Some((plan, body)) = plan::store::plain(db, reader, year).await? else { return Ok(None) };
        add(&mut versions, reader, plan_version(plan, &body));
    }
    Ok(Some(Entry { key: plan_key(year), published: None, author: None, topics: Vec::new(), versions }))
}

fn plan_version(plan: Plan, introduction: &str) -> Version {
    let mut body = format!("{}\n\n{introduction}\n\n", plan.headline);
    for area in &plan.areas {
        body += &format!("{}\n\n{}\n\n", area.title, area.summary);
        for commitment in &area.commitments {
            body += &format!("{}\n\n", commitment.title);
        }
    }
    Version {
        readers: Vec::new(),
        lang: plan.lang,
        title: plan.title,
        summary: plan.summary,
        body_lang: plan.body_lang,
        body,
    }
}

/// Adds a reader's version, or the reader to the one with the same words.
fn add(versions: &mut Vec<Version>, reader: Lang, version: Version) {
    let words = |it: &Version| (it.lang, it.body_lang, it.title.clone(), it.summary.clone());
    let same = versions.iter_mut().find(|it| words(it) == words(&version) && it.body == version.body);
    match same {
        Some(same) => same.readers.push(reader),
        None => versions.push(Version { readers: vec![reader], ..version }),
    }
}

/// What readers see of an entry that was found.
pub struct Shown {
    /// Its address in the default language.
    pub path: String,
    /// What it is.
    pub subject: Subject,
    /// Its words for the reader.
    pub version: Version,
}

/// The entry with this key for a reader of `reader`; nothing if it is gone since it was indexed.
pub async fn shown(db: &Db, reader: Lang, key: &str) -> sqlx::Result<Option<Shown>> {
    match Key::read(key) {
        Some(Key::Post(slug)) => {
            let Some(post) = posts::store::plain(db, reader, &slug).await? else { return Ok(None) };
            let (path, published) = (post.summary.path(), post.summary.published);
            let version = Version {
                readers: vec![reader],
                lang: post.summary.lang,
                title: post.summary.title,
                summary: post.summary.summary,
                body_lang: post.body_lang,
                body: post.body,
            };
            Ok(Some(Shown { path, subject: Subject::Post(published), version }))
        }
        Some(Key::Document(kind, slug)) => {
            let Some(words) = documents::store::plain(db, reader, kind, &slug).await? else { return Ok(None) };
            let version = document_version(words);
            Ok(Some(Shown { path: kind.path(&slug), subject: Subject::Document(kind), version }))
        }
        Some(Key::Plan(year)) => {
            let Some((plan, body)) = plan::store::plain(db, reader, year).await? else { return Ok(None) };
            let path = plan.path();
            Ok(Some(Shown { path, subject: Subject::Plan, version: plan_version(plan, &body) }))
        }
        None => Ok(None),
    }
}

impl Version {
    /// The text without its markup.
    pub fn text(&self) -> String {
        markdown::text(&self.body)
    }
}
