//! Posts in the database: how they come in, change their names, are removed, and go out again as files.

use super::{
    Period, Slug,
    file::{CommitmentName, PictureFile, PostFile, RemovedPost},
    path, related,
    store::{ListKind, PERIODS, SHARD, shard_of, subject, subject_of, timestamp},
};
use crate::{
    content::{
        markdown,
        translation::{Translation, TranslationRow},
    },
    i18n::Lang,
    media::Alt,
    plan,
    server::{
        changes::At,
        db::{Db, Tx, on_read, on_tx, stored},
    },
};
use futures_util::TryStreamExt as _;
use sqlx::{FromRow, QueryBuilder};
use std::{
    collections::{BTreeMap, BTreeSet, HashMap, HashSet},
    sync::Arc,
};

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

/// The hashes of a post's pictures, which are stored already. One that a file names and that is not here cannot be shown.
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
                    picture_hash, picture_file, picture_alt, picture_focus
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
    let redirect_from = addresses(tx, slug).await?;
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
    let pictures = Pictures { beside: row.picture_hash.clone(), in_text: in_text.into_iter().collect() };
    let mut file = row.into_file()?;
    file.topics = topics.into_iter().map(stored).collect::<sqlx::Result<_>>()?;
    for (year, commitment) in commitments {
        file.reports_on.push(CommitmentName { year: stored(year)?, slug: stored(commitment)? });
    }
    file.redirect_from = redirect_from;
    file.translations = TranslationRow::spoken(translations);
    Ok(Some(Stored { id, file, pictures }))
}

/// The addresses that lead to a post beside its own, in the order of their bytes.
async fn addresses(tx: &mut Tx, slug: &Slug) -> sqlx::Result<Vec<String>> {
    let mut paths: Vec<String> = on_tx!(tx, conn => {
        sqlx::query_scalar("select path from post_addresses where slug = $1").bind(slug.as_str()).fetch_all(conn).await
    })?;
    // Sorted here: a database sorts by its own locale.
    paths.sort();
    Ok(paths)
}

/// A stored post as it is told from others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Candidate {
    /// Its slug.
    pub slug: Slug,
    /// Its name in feeds.
    pub uid: Slug,
    /// Whether it has the date and the body of the file in question.
    pub same_text: bool,
}

/// The stored posts that the post of a file may be: those with its slug, its name in feeds, or its date and body.
pub async fn candidates(tx: &mut Tx, post: &PostFile) -> sqlx::Result<Vec<Candidate>> {
    let rows: Vec<(String, String, bool)> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select slug, uid, published_at = $3 and body_markdown = $4 from posts
             where slug = $1 or uid = $2 or (published_at = $3 and body_markdown = $4) order by id",
        )
        .bind(post.slug.as_str())
        .bind(post.uid().as_str())
        .bind(post.published.as_second())
        .bind(&post.body)
        .fetch_all(conn)
        .await
    })?;
    let candidate =
        |(slug, uid, same_text)| Ok::<_, sqlx::Error>(Candidate { slug: stored(slug)?, uid: stored(uid)?, same_text });
    rows.into_iter().map(candidate).collect()
}

/// Gives stored posts other slugs, all at once: two may exchange theirs.
pub async fn rename(tx: &mut Tx, renamed: &[(Slug, Slug)]) -> sqlx::Result<()> {
    // No slug has this sign, so that nothing is in the way in between.
    let between = |slug: &Slug| format!("~{slug}");
    let away = renamed.iter().map(|(from, to)| (from.to_string(), between(to)));
    let steps: Vec<_> = away.chain(renamed.iter().map(|(_, to)| (between(to), to.to_string()))).collect();
    for slug in renamed.iter().flat_map(|(from, to)| [from, to]) {
        tx.changed(subject_of(slug));
    }
    for (from, to) in steps {
        for sql in ["update posts set slug = $2 where slug = $1", "update post_addresses set slug = $2 where slug = $1"]
        {
            on_tx!(tx, conn => sqlx::query(sql).bind(&from).bind(&to).execute(conn).await.map(drop))?;
        }
    }
    Ok(())
}

/// Whether a stored post with another slug has this name in feeds.
pub async fn uid_is_taken(tx: &mut Tx, uid: &Slug, slug: &Slug) -> sqlx::Result<bool> {
    on_tx!(tx, conn => {
        sqlx::query_scalar("select exists (select 1 from posts where uid = $1 and slug <> $2)")
            .bind(uid.as_str())
            .bind(slug.as_str())
            .fetch_one(conn)
            .await
    })
}

/// Names what shows the post with this slug: its page, the lists in which it stands, those of its month, the plan on which it
/// reports. Called before a post is changed, and after. Gives its place in lists, if it is there.
async fn changed(tx: &mut Tx, slug: &Slug) -> sqlx::Result<Option<At>> {
    let row: Option<(i64, i64, Option<String>, bool)> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select id, published_at, author, exists (select 1 from post_commitments where post_id = posts.id)
             from posts where slug = $1",
        )
        .bind(slug.as_str())
        .fetch_optional(conn)
        .await
    })?;
    tx.changed(subject_of(slug));
    let Some((id, published_at, author, reports)) = row else { return Ok(None) };
    let at = (published_at, id);
    tx.changed_list(subject(None), at);
    for topic in topics_of(tx, id).await? {
        tx.changed_list(subject(Some(("topics", &stored(topic)?))), at);
    }
    if let Some(author) = author {
        tx.changed_list(subject(Some(("authors", &stored(author)?))), at);
    }
    if reports {
        tx.changed(plan::store::SUBJECT);
    }
    for (from, until, _) in periods(published_at) {
        if is_empty_but_for(tx, from, until, Some(id)).await? {
            tx.changed(PERIODS);
        }
    }
    Ok(Some(at))
}

/// The year and the month in which this second is: their first seconds, those after their last, and their names.
fn periods(published: i64) -> impl Iterator<Item = (i64, i64, String)> {
    let periods = [false, true].into_iter().filter_map(move |month| Period::holding(published, month));
    periods.map(|period| {
        let (from, until) = period.seconds();
        (from, until, period.to_string())
    })
}

/// Whether there is no post from one second until another, other than the one with this number.
async fn is_empty_but_for(tx: &mut Tx, from: i64, until: i64, id: Option<i64>) -> sqlx::Result<bool> {
    on_tx!(tx, conn => {
        sqlx::query_scalar(
            "select not exists (select 1 from posts where published_at >= $1 and published_at < $2 and id <> $3)",
        )
        .bind(from)
        .bind(until)
        .bind(id.unwrap_or(-1))
        .fetch_one(conn)
        .await
    })
}

/// The lists in which a post stands that was published at the second `published`.
fn lists(id: i64, published: i64, author: Option<&str>, topics: &[String]) -> Vec<(ListKind, String)> {
    let mut lists = vec![(ListKind::All, String::new()), (ListKind::Shards, shard_of(id).to_string())];
    lists.extend(topics.iter().map(|topic| (ListKind::Topics, topic.clone())));
    lists.extend(author.map(|author| (ListKind::Authors, author.to_owned())));
    lists.extend(periods(published).map(|(_, _, name)| (ListKind::Periods, name)));
    lists
}

/// Notes when the last of a list's posts changed, in seconds.
async fn note_change(tx: &mut Tx, kind: ListKind, name: &str, changed_at: i64) -> sqlx::Result<()> {
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into lists (kind, name, changed_at) values ($1, $2, $3)
             on conflict (kind, name) do update set changed_at =
                 case when excluded.changed_at > lists.changed_at
                      then excluded.changed_at else lists.changed_at end",
        )
        .bind(kind.kind())
        .bind(name)
        .bind(changed_at)
        .execute(conn)
        .await
        .map(drop)
    })
}

/// Reads from all posts when the last of each list's changed. It is to be done once, after many posts were stored at once or
/// by a version of this program that did not note it.
pub async fn note_all_changes(tx: &mut Tx) -> sqlx::Result<()> {
    let mut last: HashMap<(&'static str, String), i64> = HashMap::new();
    on_tx!(tx, conn => {
        let mut posts = sqlx::query_as::<_, (i64, i64, Option<i64>, Option<String>)>(
            "select id, published_at, updated_at, author from posts",
        )
        .fetch(&mut *conn);
        while let Some((id, published, updated, author)) = posts.try_next().await? {
            for (list, name) in lists(id, published, author.as_deref(), &[]) {
                let changed = last.entry((list.kind(), name)).or_insert(i64::MIN);
                *changed = updated.unwrap_or(published).max(*changed);
            }
        }
    });
    let topics: Vec<(String, i64)> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select post_topics.topic, max(coalesce(posts.updated_at, posts.published_at))
             from post_topics join posts on posts.id = post_topics.post_id group by post_topics.topic",
        )
        .fetch_all(conn)
        .await
    })?;
    last.extend(topics.into_iter().map(|(topic, changed)| ((ListKind::Topics.kind(), topic), changed)));
    on_tx!(tx, conn => sqlx::query("delete from lists").execute(conn).await.map(drop))?;
    for ((kind, name), changed_at) in last {
        on_tx!(tx, conn => {
            sqlx::query("insert into lists (kind, name, changed_at) values ($1, $2, $3)")
                .bind(kind)
                .bind(name)
                .bind(changed_at)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}

/// Notes in a store of an older version what this one notes when a post is stored.
pub async fn complete(db: &Db) -> sqlx::Result<()> {
    let is_known: bool = on_read!(db, pool => {
        sqlx::query_scalar("select exists (select 1 from lists) or not exists (select 1 from posts)")
            .fetch_one(pool)
            .await
    })?;
    if is_known {
        return Ok(());
    }
    let mut tx = db.begin().await?;
    tx.alone().await?;
    note_all_changes(&mut tx).await?;
    tx.commit().await
}

/// Stores posts that are new, many at once: without pictures, earlier addresses or reports, each related to those before it about
/// its first topic. [`note_all_changes`] and the naming of what has changed are for the caller, at the end.
pub async fn load(tx: &mut Tx, posts: &[PostFile]) -> sqlx::Result<()> {
    let first: i64 = on_tx!(tx, conn => {
        sqlx::query_scalar("select coalesce(max(id), 0) + 1 from posts").fetch_one(conn).await
    })?;
    let numbered = || (first..).zip(posts);
    let topics: Vec<_> = numbered()
        .flat_map(|(id, post)| (0_i32..).zip(&post.topics).map(move |(position, topic)| (id, position, topic, post)))
        .collect();
    let translations: Vec<_> =
        numbered().flat_map(|(id, post)| post.translations.iter().map(move |translation| (id, translation))).collect();
    let mut relations = Vec::new();
    for (id, post) in numbered() {
        let Some(topic) = post.topics.first() else { continue };
        let before = topics.iter().filter(|(other, _, its, _)| *other < id && *its == topic).map(|(other, ..)| *other);
        relations.extend((0_i32..).zip(before.rev().take(3)).map(|(position, other)| (id, position, other)));
    }
    on_tx!(tx, conn => {
        QueryBuilder::new(
            "insert into posts (id, lang, slug, uid, title, summary, published_at, updated_at, author, body_markdown) ",
        )
        .push_values(numbered(), |mut row, (id, post)| {
            row.push_bind(id).push_bind(post.lang.tag()).push_bind(post.slug.as_str()).push_bind(post.uid().as_str());
            row.push_bind(&post.title).push_bind(&post.summary).push_bind(post.published.as_second());
            row.push_bind(post.updated.map(|at| at.as_second()));
            row.push_bind(post.author.as_ref().map(Slug::as_str)).push_bind(&post.body);
        })
        .build()
        .execute(&mut *conn)
        .await?;
        if !topics.is_empty() {
            QueryBuilder::new("insert into post_topics (post_id, position, topic, published_at) ")
                .push_values(&topics, |mut row, (id, position, topic, post)| {
                    row.push_bind(id).push_bind(position).push_bind(topic.as_str());
                    row.push_bind(post.published.as_second());
                })
                .build()
                .execute(&mut *conn)
                .await?;
        }
        if !translations.is_empty() {
            QueryBuilder::new("insert into post_translations (post_id, lang, title, summary, body_markdown, made_from) ")
                .push_values(&translations, |mut row, (id, translation)| {
                    row.push_bind(id).push_bind(translation.lang.tag()).push_bind(&translation.title);
                    row.push_bind(&translation.summary).push_bind(&translation.body).push_bind(&translation.made_from);
                })
                .build()
                .execute(&mut *conn)
                .await?;
        }
        if !relations.is_empty() {
            QueryBuilder::new("insert into post_relations (post_id, position, related_id) ")
                .push_values(&relations, |mut row, (id, position, other)| {
                    row.push_bind(id).push_bind(position).push_bind(other);
                })
                .build()
                .execute(&mut *conn)
                .await?;
        }
        Ok(())
    })
}

/// Stores `post` in place of an earlier one with its slug, and gives its number.
pub async fn put(tx: &mut Tx, post: &PostFile, pictures: &Pictures) -> sqlx::Result<i64> {
    let before = changed(tx, &post.slug).await?;
    let id: i64 = on_tx!(tx, conn => {
        sqlx::query_scalar(
            "insert into posts (id, lang, slug, uid, title, summary, published_at, updated_at, author, body_markdown,
                                picture_hash, picture_file, picture_alt, picture_focus)
             select coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13 from posts where true
             on conflict (slug) do update set
                 lang = excluded.lang, uid = excluded.uid, title = excluded.title, summary = excluded.summary,
                 published_at = excluded.published_at, updated_at = excluded.updated_at, author = excluded.author,
                 body_markdown = excluded.body_markdown, picture_hash = excluded.picture_hash,
                 picture_file = excluded.picture_file, picture_alt = excluded.picture_alt,
                 picture_focus = excluded.picture_focus
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
        .bind(post.picture.as_ref().and_then(|picture| picture.focus).map(|focus| focus.to_string()))
        .fetch_one(conn)
        .await
    })?;
    clear(tx, id).await?;
    for lang in Lang::all() {
        on_tx!(tx, conn => {
            sqlx::query("delete from post_translations where post_id = $1 and lang = $2")
                .bind(id)
                .bind(lang.tag())
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
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
    changed(tx, &post.slug).await?;
    let published = post.published.as_second();
    if let Some((before, id)) = before.filter(|(before, _)| *before != published) {
        forget_emptied(tx, id, before).await?;
    }
    let topics: Vec<_> = post.topics.iter().map(ToString::to_string).collect();
    for (list, name) in lists(id, published, post.author.as_ref().map(Slug::as_str), &topics) {
        note_change(tx, list, &name, post.updated.unwrap_or(post.published).as_second()).await?;
    }
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

/// Lets `path`, in the default language, lead to the post with this slug.
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

/// Takes away what hangs on a post and goes in anew with it, but for its translations, some of which may stay.
async fn clear(tx: &mut Tx, id: i64) -> sqlx::Result<()> {
    for sql in [
        "delete from post_topics where post_id = $1",
        "delete from post_commitments where post_id = $1",
        "delete from post_pictures where post_id = $1",
    ] {
        on_tx!(tx, conn => sqlx::query(sql).bind(id).execute(conn).await.map(drop))?;
    }
    Ok(())
}

/// Takes a post out of the store, if it is there, and keeps what its addresses have to say. Tells whether anything changed.
pub async fn remove(tx: &mut Tx, removed: &RemovedPost) -> sqlx::Result<bool> {
    let slug = &removed.slug;
    let known = changed(tx, slug).await?;
    if let Some((published, id)) = known {
        let pointing = pointing_to(tx, id).await?;
        clear(tx, id).await?;
        for sql in [
            "delete from post_translations where post_id = $1",
            "delete from post_relations where post_id = $1 or related_id = $1",
            "delete from posts where id = $1",
        ] {
            on_tx!(tx, conn => sqlx::query(sql).bind(id).execute(conn).await.map(drop))?;
        }
        let mut words = Words::new();
        for other in pointing {
            relate_one(tx, other, &mut words).await?;
        }
        forget_emptied(tx, id, published).await?;
    }
    let before = stored_removed(tx, slug).await?;
    for path in &removed.redirect_from {
        put_address(tx, path, slug).await?;
    }
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into removed_posts (slug, removed_on) values ($1, $2)
             on conflict (slug) do update set removed_on = excluded.removed_on",
        )
        .bind(slug.as_str())
        .bind(removed.day.to_string())
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(known.is_some() || before != stored_removed(tx, slug).await?)
}

/// Takes out of the lists those that have no posts any more, after a post with this number went from the second `published`.
async fn forget_emptied(tx: &mut Tx, id: i64, published: i64) -> sqlx::Result<()> {
    let shard = shard_of(id);
    let has_posts: bool = on_tx!(tx, conn => {
        sqlx::query_scalar("select exists (select 1 from posts where id >= $1 and id < $2)")
            .bind(shard * SHARD)
            .bind((shard + 1) * SHARD)
            .fetch_one(conn)
            .await
    })?;
    let mut emptied = Vec::new();
    if !has_posts {
        emptied.push((ListKind::Shards, shard.to_string()));
    }
    for (from, until, name) in periods(published) {
        if is_empty_but_for(tx, from, until, None).await? {
            emptied.push((ListKind::Periods, name));
        }
    }
    for (kind, name) in emptied {
        on_tx!(tx, conn => {
            sqlx::query("delete from lists where kind = $1 and name = $2")
                .bind(kind.kind())
                .bind(name)
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    Ok(())
}

async fn stored_removed(tx: &mut Tx, slug: &Slug) -> sqlx::Result<Option<RemovedPost>> {
    let day: Option<String> = on_tx!(tx, conn => {
        sqlx::query_scalar("select removed_on from removed_posts where slug = $1")
            .bind(slug.as_str())
            .fetch_optional(conn)
            .await
    })?;
    let Some(day) = day else { return Ok(None) };
    let day = day.parse().map_err(|error: jiff::Error| sqlx::Error::Decode(error.into()))?;
    Ok(Some(RemovedPost { slug: slug.clone(), day, redirect_from: addresses(tx, slug).await? }))
}

/// The removed posts.
pub async fn removed(tx: &mut Tx) -> sqlx::Result<Vec<RemovedPost>> {
    let slugs: Vec<String> = on_tx!(tx, conn => {
        sqlx::query_scalar("select slug from removed_posts order by slug").fetch_all(conn).await
    })?;
    let mut posts = Vec::new();
    for slug in slugs {
        posts.extend(stored_removed(tx, &stored(slug)?).await?);
    }
    Ok(posts)
}

/// The slug of each stored post, in the order in which they came in.
pub async fn names(tx: &mut Tx) -> sqlx::Result<Vec<Slug>> {
    let slugs: Vec<String> =
        on_tx!(tx, conn => sqlx::query_scalar("select slug from posts order by id").fetch_all(conn).await)?;
    slugs.into_iter().map(stored).collect()
}

/// Of these addresses, those that are no stored post's own.
pub async fn free(tx: &mut Tx, addresses: Vec<String>) -> sqlx::Result<Vec<String>> {
    let mut free = Vec::new();
    for address in addresses {
        let slug = address.trim_end_matches('/').rsplit('/').next().and_then(|slug| Slug::parse(slug).ok());
        let at: Option<i64> = on_tx!(tx, conn => {
            sqlx::query_scalar("select published_at from posts where slug = $1")
                .bind(slug.as_ref().map(Slug::as_str))
                .fetch_optional(conn)
                .await
        })?;
        let own = at.map(timestamp).transpose()?.zip(slug).map(|(at, slug)| path(at, &slug));
        if own.as_ref() != Some(&address) {
            free.push(address);
        }
    }
    Ok(free)
}

/// How many posts about each of its topics a post is compared with: the newest, so that publishing costs the same in a
/// large store.
const COMPARED: i64 = 50;

/// Computes what readers of the posts with these numbers may want next, and computes anew for the posts that they are near to and
/// for those that they were near to before.
pub async fn relate(tx: &mut Tx, ids: &[i64]) -> sqlx::Result<()> {
    let mut words = Words::new();
    let mut others = BTreeSet::new();
    for id in ids {
        others.extend(pointing_to(tx, *id).await?);
        others.extend(relate_one(tx, *id, &mut words).await?);
    }
    for id in ids {
        others.remove(id);
    }
    for other in others {
        relate_one(tx, other, &mut words).await?;
    }
    Ok(())
}

/// The words of posts by their numbers: each is read once, however many it is compared with.
type Words = HashMap<i64, Arc<HashSet<String>>>;

/// The posts that name the post `id` as related.
async fn pointing_to(tx: &mut Tx, id: i64) -> sqlx::Result<Vec<i64>> {
    on_tx!(tx, conn => {
        sqlx::query_scalar("select post_id from post_relations where related_id = $1").bind(id).fetch_all(conn).await
    })
}

async fn relate_one(tx: &mut Tx, id: i64, words: &mut Words) -> sqlx::Result<Vec<i64>> {
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
            let read = || {
                let mut words = markdown::vocabulary(&row.body_markdown);
                words.extend(markdown::distinctive(&row.title));
                words.extend(markdown::distinctive(&row.summary));
                Arc::new(words)
            };
            let words = Arc::clone(words.entry(row.id).or_insert_with(read));
            let subject = subjects.entry(row.id).or_insert(related::Subject { words, shared_topics: 0 });
            subject.shared_topics += 1;
        }
    }
    let related = related::related(id, &subjects);
    let before: Vec<i64> = on_tx!(tx, conn => {
        sqlx::query_scalar("select related_id from post_relations where post_id = $1 order by position")
            .bind(id)
            .fetch_all(conn)
            .await
    })?;
    if before == related {
        return Ok(related);
    }
    let slug: String =
        on_tx!(tx, conn => sqlx::query_scalar("select slug from posts where id = $1").bind(id).fetch_one(conn).await)?;
    tx.changed(subject_of(&stored(slug)?));
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
    picture_focus: Option<String>,
}

impl FileRow {
    fn into_file(self) -> sqlx::Result<PostFile> {
        let alt = Alt::stored(self.picture_alt);
        let focus = self.picture_focus.map(stored).transpose()?;
        let id = Some(self.uid).filter(|uid| *uid != self.slug).map(stored).transpose()?;
        Ok(PostFile {
            lang: Lang::stored(&self.lang),
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
            picture: self.picture_file.map(|file| PictureFile { file, alt, focus }),
            body: self.body_markdown,
            translations: Vec::new(),
        })
    }
}
