//! Posts in the database: how they come in, change their names, are removed, and go out again as files.

use super::{
    Slug,
    file::{CommitmentName, PictureFile, PostFile},
    related,
    store::timestamp,
};
use crate::{
    content::{markdown, translation::Translation},
    media::Alt,
    server::db::{Tx, on_tx, stored},
    ui::text,
};
use sqlx::FromRow;
use std::collections::{BTreeMap, HashSet};

/// A stored post in the form of its files.
#[derive(Debug, PartialEq, Eq)]
pub struct Stored {
    /// Its number.
    pub id: i64,
    /// Its files.
    pub file: PostFile,
    /// The pictures that its files name.
    pub pictures: Pictures,
}

/// The hashes of a post's pictures, which are stored already.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pictures {
    /// The one beside the headline.
    pub beside: Option<String>,
    /// Those in the text, by their file names.
    pub in_text: BTreeMap<String, String>,
}

/// The stored post with this slug.
pub async fn stored_post(tx: &mut Tx, slug: &Slug) -> sqlx::Result<Option<Stored>> {
    let row: Option<FileRow> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select id, lang, slug, uid, title, summary, published_at, updated_at, author, body_markdown,
                    picture_hash, picture_file, picture_alt
             from posts where slug = $1",
        )
        .bind(slug.as_str())
        .fetch_optional(conn)
        .await
    })?;
    let Some(row) = row else { return Ok(None) };
    let id = row.id;
    let topics: Vec<String> = on_tx!(tx, conn => {
        sqlx::query_scalar("select topic from post_topics where post_id = $1 order by position")
            .bind(id)
            .fetch_all(conn)
            .await
    })?;
    let commitments: Vec<(i32, String)> = on_tx!(tx, conn => {
        sqlx::query_as("select year, commitment from post_commitments where post_id = $1 order by position")
            .bind(id)
            .fetch_all(conn)
            .await
    })?;
    let redirect_from: Vec<String> = on_tx!(tx, conn => {
        sqlx::query_scalar("select path from post_addresses where slug = $1 order by path")
            .bind(slug.as_str())
            .fetch_all(conn)
            .await
    })?;
    let translations: Vec<TranslationRow> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select lang, title, summary, picture_alt, body_markdown, made_from from post_translations where post_id = $1",
        )
        .bind(id)
        .fetch_all(conn)
        .await
    })?;
    let in_text: Vec<(String, String)> = on_tx!(tx, conn => {
        sqlx::query_as("select file, hash from post_pictures where post_id = $1").bind(id).fetch_all(conn).await
    })?;
    let mut translations = translations.into_iter().map(Translation::try_from).collect::<sqlx::Result<Vec<_>>>()?;
    translations.sort_by_key(|translation| translation.lang);
    let pictures = Pictures { beside: row.picture_hash.clone(), in_text: in_text.into_iter().collect() };
    let mut file = row.into_file()?;
    file.topics = topics.into_iter().map(stored).collect::<sqlx::Result<_>>()?;
    for (year, commitment) in commitments {
        file.reports_on.push(CommitmentName { year: stored(year)?, slug: stored(commitment)? });
    }
    file.redirect_from = redirect_from;
    file.translations = translations;
    Ok(Some(Stored { id, file, pictures }))
}

/// The slug under which `post` is in the store: its own, that of the post with its name in feeds, or that of a post whose
/// folder is gone and that has the same date and the same title or body. The folders are named in `present`.
pub async fn stored_slug(tx: &mut Tx, post: &PostFile, present: &HashSet<Slug>) -> sqlx::Result<Option<Slug>> {
    let slugs: Vec<String> = on_tx!(tx, conn => {
        sqlx::query_scalar(
            "select slug from posts
             where slug = $1 or uid = $2 or published_at = $3 and (title = $4 or body_markdown = $5)
             order by case when slug = $1 then 0 when uid = $2 then 1 else 2 end",
        )
        .bind(post.slug.as_str())
        .bind(post.uid().as_str())
        .bind(post.published.as_second())
        .bind(&post.title)
        .bind(&post.body)
        .fetch_all(conn)
        .await
    })?;
    let slugs = slugs.into_iter().map(stored).collect::<sqlx::Result<Vec<Slug>>>()?;
    Ok(slugs.into_iter().find(|slug| *slug == post.slug || !present.contains(slug)))
}

/// Gives the stored post another slug. The old address leads to the new one from now on.
pub async fn rename(tx: &mut Tx, from: &Slug, to: &Slug) -> sqlx::Result<()> {
    let published_at: i64 = on_tx!(tx, conn => {
        sqlx::query_scalar("select published_at from posts where slug = $1").bind(from.as_str()).fetch_one(conn).await
    })?;
    for sql in ["update posts set slug = $2 where slug = $1", "update post_addresses set slug = $2 where slug = $1"] {
        on_tx!(tx, conn => sqlx::query(sql).bind(from.as_str()).bind(to.as_str()).execute(conn).await.map(drop))?;
    }
    let path = super::path(timestamp(published_at)?, from);
    put_address(tx, &path, to).await
}

/// Stores `post` in place of an earlier one with its slug, and gives its number.
pub async fn put(tx: &mut Tx, post: &PostFile, pictures: &Pictures) -> sqlx::Result<i64> {
    let id: i64 = on_tx!(tx, conn => {
        sqlx::query_scalar(
            "insert into posts (id, lang, slug, uid, title, summary, published_at, updated_at, author, body_markdown,
                                picture_hash, picture_file, picture_alt)
             select coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12 from posts where true
             on conflict (slug) do update set
                 lang = excluded.lang, uid = excluded.uid, title = excluded.title, summary = excluded.summary,
                 published_at = excluded.published_at, updated_at = excluded.updated_at, author = excluded.author,
                 body_markdown = excluded.body_markdown, picture_hash = excluded.picture_hash,
                 picture_file = excluded.picture_file, picture_alt = excluded.picture_alt
             returning id",
        )
        .bind(post.lang.tag())
        .bind(post.slug.as_str())
        .bind(post.uid().as_str())
        .bind(&post.title)
        .bind(&post.summary)
        .bind(post.published.as_second())
        .bind(post.updated.map(|at| at.as_second()))
        .bind(post.author.as_ref().map(Slug::as_str))
        .bind(&post.body)
        .bind(&pictures.beside)
        .bind(post.picture.as_ref().map(|picture| &picture.file))
        .bind(post.picture.as_ref().and_then(|picture| picture.alt.text()))
        .fetch_one(conn)
        .await
    })?;
    clear(tx, id).await?;
    for (position, topic) in (0_i32..).zip(&post.topics) {
        on_tx!(tx, conn => {
            sqlx::query("insert into post_topics (post_id, position, topic, published_at) values ($1, $2, $3, $4)")
                .bind(id)
                .bind(position)
                .bind(topic.as_str())
                .bind(post.published.as_second())
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    for (position, name) in (0_i32..).zip(&post.reports_on) {
        on_tx!(tx, conn => {
            sqlx::query("insert into post_commitments (post_id, position, year, commitment) values ($1, $2, $3, $4)")
                .bind(id)
                .bind(position)
                .bind(name.year.get())
                .bind(name.slug.as_str())
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    for (file, hash) in &pictures.in_text {
        on_tx!(tx, conn => {
            sqlx::query("insert into post_pictures (post_id, file, hash) values ($1, $2, $3)")
                .bind(id)
                .bind(file)
                .bind(hash)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    for translation in &post.translations {
        put_translation(tx, id, translation).await?;
    }
    for path in &post.redirect_from {
        put_address(tx, path, &post.slug).await?;
    }
    on_tx!(tx, conn => {
        sqlx::query("delete from removed_posts where slug = $1").bind(post.slug.as_str()).execute(conn).await.map(drop)
    })?;
    Ok(id)
}

async fn put_translation(tx: &mut Tx, id: i64, translation: &Translation) -> sqlx::Result<()> {
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into post_translations (post_id, lang, title, summary, picture_alt, body_markdown, made_from)
             values ($1, $2, $3, $4, $5, $6, $7)",
        )
        .bind(id)
        .bind(translation.lang.tag())
        .bind(&translation.title)
        .bind(&translation.summary)
        .bind(&translation.picture_alt)
        .bind(&translation.body)
        .bind(&translation.made_from)
        .execute(conn)
        .await
        .map(drop)
    })
}

async fn put_address(tx: &mut Tx, path: &str, slug: &Slug) -> sqlx::Result<()> {
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into post_addresses (path, slug) values ($1, $2) on conflict (path) do update set slug = excluded.slug",
        )
        .bind(path)
        .bind(slug.as_str())
        .execute(conn)
        .await
        .map(drop)
    })
}

/// Takes away what hangs on a post and goes in anew with it.
async fn clear(tx: &mut Tx, id: i64) -> sqlx::Result<()> {
    for sql in [
        "delete from post_topics where post_id = $1",
        "delete from post_commitments where post_id = $1",
        "delete from post_pictures where post_id = $1",
        "delete from post_translations where post_id = $1",
    ] {
        on_tx!(tx, conn => sqlx::query(sql).bind(id).execute(conn).await.map(drop))?;
    }
    Ok(())
}

/// Takes the post with this slug out of the store, if it is there, and keeps the day, `YYYY-MM-DD`, for its address to say.
/// Tells whether anything changed.
pub async fn remove(tx: &mut Tx, slug: &Slug, day: &str) -> sqlx::Result<bool> {
    let id: Option<i64> = on_tx!(tx, conn => {
        sqlx::query_scalar("select id from posts where slug = $1").bind(slug.as_str()).fetch_optional(conn).await
    })?;
    if let Some(id) = id {
        clear(tx, id).await?;
        for sql in
            ["delete from post_relations where post_id = $1 or related_id = $1", "delete from posts where id = $1"]
        {
            on_tx!(tx, conn => sqlx::query(sql).bind(id).execute(conn).await.map(drop))?;
        }
    }
    let known: Option<String> = on_tx!(tx, conn => {
        sqlx::query_scalar("select removed_on from removed_posts where slug = $1")
            .bind(slug.as_str())
            .fetch_optional(conn)
            .await
    })?;
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into removed_posts (slug, removed_on) values ($1, $2)
             on conflict (slug) do update set removed_on = excluded.removed_on",
        )
        .bind(slug.as_str())
        .bind(day)
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(id.is_some() || known.as_deref() != Some(day))
}

/// The removed posts, each with its day.
pub async fn removed(tx: &mut Tx) -> sqlx::Result<Vec<(Slug, String)>> {
    let rows: Vec<(String, String)> = on_tx!(tx, conn => {
        sqlx::query_as("select slug, removed_on from removed_posts order by slug").fetch_all(conn).await
    })?;
    rows.into_iter().map(|(slug, day)| Ok((stored(slug)?, day))).collect()
}

/// The slug of each stored post, in the order in which they came in.
pub async fn names(tx: &mut Tx) -> sqlx::Result<Vec<Slug>> {
    let slugs: Vec<String> =
        on_tx!(tx, conn => sqlx::query_scalar("select slug from posts order by id").fetch_all(conn).await)?;
    slugs.into_iter().map(stored).collect()
}

/// How many posts about each of its topics a post is compared with: the newest, so that publishing costs the same in a
/// large store.
const COMPARED: i64 = 50;

/// Computes what a reader of the post with the number `id` may want next, and lets those posts know of this one in turn.
pub async fn relate(tx: &mut Tx, id: i64) -> sqlx::Result<()> {
    for neighbour in relate_one(tx, id).await? {
        relate_one(tx, neighbour).await?;
    }
    Ok(())
}

async fn relate_one(tx: &mut Tx, id: i64) -> sqlx::Result<Vec<i64>> {
    let mut subjects: BTreeMap<i64, related::Subject> = BTreeMap::new();
    for topic in topics_of(tx, id).await? {
        let rows: Vec<SubjectRow> = on_tx!(tx, conn => {
            sqlx::query_as(
                "select posts.id, posts.title, posts.summary, posts.body_markdown
                 from post_topics join posts on posts.id = post_topics.post_id
                 where post_topics.topic = $1 order by post_topics.published_at desc, post_topics.post_id desc limit $2",
            )
            .bind(&topic)
            .bind(COMPARED)
            .fetch_all(conn)
            .await
        })?;
        for row in rows {
            let words = || {
                let mut words = markdown::vocabulary(&row.body_markdown);
                words.extend(text::words(&row.title));
                words.extend(text::words(&row.summary));
                words
            };
            let subject =
                subjects.entry(row.id).or_insert_with(|| related::Subject { words: words(), shared_topics: 0 });
            subject.shared_topics += 1;
        }
    }
    let related = related::related(id, &subjects);
    on_tx!(tx, conn => {
        sqlx::query("delete from post_relations where post_id = $1").bind(id).execute(conn).await.map(drop)
    })?;
    for (position, related_id) in (0_i32..).zip(&related) {
        on_tx!(tx, conn => {
            sqlx::query("insert into post_relations (post_id, position, related_id) values ($1, $2, $3)")
                .bind(id)
                .bind(position)
                .bind(related_id)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(related)
}

async fn topics_of(tx: &mut Tx, id: i64) -> sqlx::Result<Vec<String>> {
    on_tx!(tx, conn => {
        sqlx::query_scalar("select topic from post_topics where post_id = $1").bind(id).fetch_all(conn).await
    })
}

#[derive(FromRow)]
struct SubjectRow {
    id: i64,
    title: String,
    summary: String,
    body_markdown: String,
}

#[derive(FromRow)]
struct TranslationRow {
    lang: String,
    title: String,
    summary: String,
    picture_alt: Option<String>,
    body_markdown: Option<String>,
    made_from: String,
}

impl TryFrom<TranslationRow> for Translation {
    type Error = sqlx::Error;

    fn try_from(row: TranslationRow) -> sqlx::Result<Self> {
        Ok(Self {
            lang: stored(row.lang)?,
            title: row.title,
            summary: row.summary,
            picture_alt: row.picture_alt,
            body: row.body_markdown,
            made_from: row.made_from,
        })
    }
}

#[derive(FromRow)]
struct FileRow {
    id: i64,
    lang: String,
    slug: String,
    uid: String,
    title: String,
    summary: String,
    published_at: i64,
    updated_at: Option<i64>,
    author: Option<String>,
    body_markdown: String,
    picture_hash: Option<String>,
    picture_file: Option<String>,
    picture_alt: Option<String>,
}

impl FileRow {
    fn into_file(self) -> sqlx::Result<PostFile> {
        let alt = Alt::stored(self.picture_alt);
        let id = Some(self.uid).filter(|uid| *uid != self.slug).map(stored).transpose()?;
        Ok(PostFile {
            lang: stored(self.lang)?,
            slug: stored(self.slug)?,
            id,
            title: self.title,
            summary: self.summary,
            published: timestamp(self.published_at)?,
            updated: self.updated_at.map(timestamp).transpose()?,
            author: self.author.map(stored).transpose()?,
            topics: Vec::new(),
            reports_on: Vec::new(),
            redirect_from: Vec::new(),
            picture: self.picture_file.map(|file| PictureFile { file, alt }),
            body: self.body_markdown,
            translations: Vec::new(),
        })
    }
}
