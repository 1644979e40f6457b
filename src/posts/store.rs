//! Posts in the database: what readers get. `write.rs` is how posts come in and go out.

use super::{Cursor, Named, Period, Post, PostSummary, Slug, file::words_revision, matches};
use crate::{
    content::markdown::{self, Place, Rendered},
    documents::{self, Kind},
    i18n::{Lang, Wording},
    media::{Alt, Picture, store::MadeRow},
    plan::{self, PlanYear},
    search::fold::fold,
    server::{
        changes::{At, shows, shows_list},
        db::{Db, on_read, stored},
    },
};
use jiff::Timestamp;
use sqlx::{AssertSqlSafe, FromRow, QueryBuilder};
use std::{
    collections::{BTreeMap, HashMap},
    ops::RangeInclusive,
};

/// How many of the newest posts the filter looks through, so that its cost does not grow with the store.
const FILTERED: u32 = 200;

/// How many reports a plan shows at most, so that its page has an end.
const REPORTS: i64 = 500;

/// How many words a minute people read, on the slow side of what is measured for adults.
const WORDS_A_MINUTE: usize = 220;

/// What a `SummaryRow` needs.
const SUMMARY: &str = "
    posts.id, posts.slug, posts.uid, posts.lang, posts.title, posts.summary, posts.published_at, posts.updated_at,
    posts.picture_hash, posts.picture_file, posts.picture_alt, posts.picture_focus, pictures.width, pictures.height,
    pictures.made, pictures.fallback, pictures.tone,
    translated.title as translated_title, translated.summary as translated_summary,
    translated.picture_alt as translated_alt";

/// Where that is; the reader's language has to follow.
const JOINED: &str = "
    left join pictures on pictures.hash = posts.picture_hash
    left join post_translations as translated on translated.post_id = posts.id and translated.lang = ";

/// Which posts a list has, and where in it a page begins.
#[derive(Clone, Debug, Default)]
pub struct Selection {
    /// Only those about this topic.
    pub topic: Option<Slug>,
    /// Only those by this author.
    pub author: Option<Slug>,
    /// Only those published at this second or later.
    pub from: Option<i64>,
    /// Only those published before this second.
    pub until: Option<i64>,
    /// The page after this post, towards older ones.
    pub before: Option<Cursor>,
    /// The page before this post, towards newer ones.
    pub after: Option<Cursor>,
}

/// The posts of a selection for a reader of `lang`, newest first, at most `limit`: the newest ones, or those next to its
/// place.
pub async fn list(db: &Db, lang: Lang, selection: &Selection, limit: u32) -> sqlx::Result<Vec<PostSummary>> {
    // A topic's list is read from its own index.
    let (from, published_at, id) = match selection.topic {
        Some(_) => (
            "post_topics join posts on posts.id = post_topics.post_id",
            "post_topics.published_at",
            "post_topics.post_id",
        ),
        None => ("posts", "posts.published_at", "posts.id"),
    };
    let upwards = selection.after.is_some();
    let rows: Vec<SummaryRow> = on_read!(db, pool => {
        let mut query = QueryBuilder::new(format!("select {SUMMARY} from {from} {JOINED}"));
        query.push_bind(lang.tag()).push(" where true");
        if let Some(topic) = &selection.topic {
            query.push(" and post_topics.topic = ").push_bind(topic.as_str());
        }
        if let Some(author) = &selection.author {
            query.push(" and posts.author = ").push_bind(author.as_str());
        }
        if let Some(from) = selection.from {
            query.push(format!(" and {published_at} >= ")).push_bind(from);
        }
        if let Some(until) = selection.until {
            query.push(format!(" and {published_at} < ")).push_bind(until);
        }
        if let Some((cursor, side)) = selection.after.map(|at| (at, ">")).or(selection.before.map(|at| (at, "<"))) {
            query.push(format!(" and ({published_at}, {id}) {side} ("));
            query.push_bind(cursor.published_at).push(", ").push_bind(cursor.id).push(")");
        }
        let order = if upwards { "asc" } else { "desc" };
        query.push(format!(" order by {published_at} {order}, {id} {order} limit ")).push_bind(i64::from(limit));
        query.build_query_as().fetch_all(pool).await
    })?;
    let mut posts = rows.into_iter().map(|row| row.into_summary(lang)).collect::<sqlx::Result<Vec<_>>>()?;
    if upwards {
        posts.reverse();
    }
    shows_list(selection.subject(), selection.part(&posts, limit));
    Ok(posts)
}

impl Cursor {
    fn at(self) -> At {
        (self.published_at, self.id)
    }
}

impl Selection {
    /// What a change to one of its posts is called.
    fn subject(&self) -> String {
        match (&self.topic, &self.author) {
            (Some(topic), _) => subject(Some(("topics", topic))),
            (None, Some(author)) => subject(Some(("authors", author))),
            (None, None) => subject(None),
        }
    }

    /// The part of the list that these posts are, which were asked for with this `limit`: from the oldest to the newest post
    /// or, where there are no more in that direction, to the end.
    fn part(&self, posts: &[PostSummary], limit: u32) -> RangeInclusive<At> {
        let is_full = posts.len() >= limit as usize;
        let mut oldest = (self.from.unwrap_or(i64::MIN), i64::MIN);
        let mut newest = (self.until.unwrap_or(i64::MAX), i64::MAX);
        match (self.after, self.before) {
            (Some(after), _) => {
                oldest = after.at();
                newest = posts.first().filter(|_| is_full).map_or(newest, |post| post.cursor.at());
            }
            (None, before) => {
                newest = before.map_or(newest, Cursor::at);
                oldest = posts.last().filter(|_| is_full).map_or(oldest, |post| post.cursor.at());
            }
        }
        oldest..=newest
    }
}

/// What a change to a list is called: that of a topic or author, or that of all posts.
pub(super) fn subject(list: Option<(&str, &Slug)>) -> String {
    list.map_or_else(|| "posts".to_owned(), |(kind, slug)| format!("posts/{kind}/{slug}"))
}

/// What a change to a post is called.
pub fn subject_of(slug: &Slug) -> String {
    format!("post/{slug}")
}

/// All places of a list.
const EVERYWHERE: RangeInclusive<At> = (i64::MIN, i64::MIN)..=(i64::MAX, i64::MAX);

/// What a change to the years and months that have posts is called.
pub(super) const PERIODS: &str = "periods";

/// The newest posts for a reader of `lang`, newest first, at most `limit`.
pub async fn latest(db: &Db, lang: Lang, limit: u32) -> sqlx::Result<Vec<PostSummary>> {
    list(db, lang, &Selection::default(), limit).await
}

/// Those of the newest posts whose title or summary has each word of `query`, newest first, at most `limit`.
pub async fn find(db: &Db, lang: Lang, query: &str, limit: u32) -> sqlx::Result<Vec<PostSummary>> {
    let query = fold(query);
    let mut posts = latest(db, lang, FILTERED).await?;
    posts.retain(|post| matches(&fold(&format!("{} {}", post.title, post.summary)), &query));
    posts.truncate(limit as usize);
    Ok(posts)
}

/// The years and months that have posts, in no order.
pub async fn periods(db: &Db) -> sqlx::Result<Vec<Period>> {
    shows(PERIODS);
    let names: Vec<String> = on_read!(db, pool => {
        sqlx::query_scalar("select name from lists where kind = $1")
            .bind(ListKind::Periods.kind())
            .fetch_all(pool)
            .await
    })?;
    names.into_iter().map(stored).collect()
}

/// The post with this slug for a reader of `lang`, with everything that its page shows.
pub async fn by_slug(db: &Db, lang: Lang, slug: &Slug) -> sqlx::Result<Option<Post>> {
    let Some(row) = post_row(db, lang, slug).await? else { return Ok(None) };
    let words = row.words(db, lang, "").await?;
    let (id, original_lang) = (row.summary.id, Lang::stored(&row.summary.lang));
    let author = row.author(lang)?;
    let summary = row.summary.into_summary(lang)?;
    let beside = async |before, after| {
        let selection = Selection { before, after, ..Default::default() };
        Ok::<_, sqlx::Error>(list(db, lang, &selection, 1).await?.pop())
    };
    Ok(Some(Post {
        body_lang: words.lang,
        original_lang,
        wording: words.wording,
        html: words.rendered.html,
        headings: words.rendered.headings,
        minutes: words.rendered.words.div_ceil(WORDS_A_MINUTE).max(1) as u32,
        author,
        topics: topics(db, lang, id).await?,
        related: related(db, lang, id).await?,
        newer: beside(None, Some(summary.cursor)).await?,
        older: beside(Some(summary.cursor), None).await?,
        summary,
    }))
}

/// The newest posts of a selection with their whole text, for a feed of `lang`: addresses in the text begin with `base`.
pub async fn whole(db: &Db, lang: Lang, selection: &Selection, limit: u32, base: &str) -> sqlx::Result<Vec<WholePost>> {
    let mut posts = Vec::new();
    for summary in list(db, lang, selection, limit).await? {
        let Some(row) = post_row(db, lang, &summary.slug).await? else { continue };
        let words = row.words(db, lang, base).await?;
        let topics = topics(db, lang, row.summary.id).await?;
        posts.push(WholePost {
            author: row.author(lang)?,
            summary,
            body_lang: words.lang,
            html: words.rendered.html,
            topics,
        });
    }
    Ok(posts)
}

/// A post as a feed has it.
pub struct WholePost {
    /// What lists show of it.
    pub summary: PostSummary,
    /// The language of the body.
    pub body_lang: Lang,
    /// The body as safe HTML.
    pub html: String,
    /// Who wrote it.
    pub author: Option<Named>,
    /// What it is about.
    pub topics: Vec<Named>,
}

/// The words of a post as they are written, for a reader of `lang`.
pub async fn plain(db: &Db, lang: Lang, slug: &Slug) -> sqlx::Result<Option<PlainPost>> {
    let Some(mut row) = post_row(db, lang, slug).await? else { return Ok(None) };
    let author = row.author(lang)?;
    let body_lang = if row.translated_body.is_some() { lang } else { Lang::stored(&row.summary.lang) };
    let body = row.translated_body.take().unwrap_or_else(|| std::mem::take(&mut row.body_markdown));
    Ok(Some(PlainPost { summary: row.summary.into_summary(lang)?, author, body_lang, body }))
}

/// A post's words as they are written.
pub struct PlainPost {
    /// What lists show of it.
    pub summary: PostSummary,
    /// Who wrote it.
    pub author: Option<Named>,
    /// The language of the body.
    pub body_lang: Lang,
    /// The body in Markdown.
    pub body: String,
}

async fn post_row(db: &Db, lang: Lang, slug: &Slug) -> sqlx::Result<Option<PostRow>> {
    shows(subject_of(slug));
    let sql = format!(
        "select {SUMMARY}, posts.body_markdown, posts.author, authors.lang as author_lang,
                authors.title as author_title, author_translations.title as author_translated,
                translated.body_markdown as translated_body, translated.made_from
         from posts {JOINED}$1
         left join documents as authors on authors.kind = 'authors' and authors.slug = posts.author
         left join document_translations as author_translations
             on author_translations.kind = 'authors' and author_translations.slug = posts.author
            and author_translations.lang = $1
         where posts.slug = $2"
    );
    on_read!(db, pool => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(lang.tag()).bind(slug.as_str()).fetch_optional(pool).await
    })
}

async fn topics(db: &Db, lang: Lang, id: i64) -> sqlx::Result<Vec<Named>> {
    let rows: Vec<NamedRow> = on_read!(db, pool => {
        sqlx::query_as(
            "select post_topics.topic as slug, documents.lang, documents.title, translated.title as translated_title
             from post_topics
             left join documents on documents.kind = 'topics' and documents.slug = post_topics.topic
             left join document_translations as translated
                 on translated.kind = 'topics' and translated.slug = post_topics.topic and translated.lang = $1
             where post_topics.post_id = $2
             order by post_topics.position",
        )
        .bind(lang.tag())
        .bind(id)
        .fetch_all(pool)
        .await
    })?;
    for row in &rows {
        shows(documents::store::subject(Kind::Topic, &row.slug));
    }
    rows.into_iter().map(|row| row.into_named(lang)).collect()
}

async fn related(db: &Db, lang: Lang, id: i64) -> sqlx::Result<Vec<PostSummary>> {
    let sql = format!(
        "select {SUMMARY} from post_relations join posts on posts.id = post_relations.related_id {JOINED}$1
         where post_relations.post_id = $2 order by post_relations.position"
    );
    let rows: Vec<SummaryRow> = on_read!(db, pool => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(lang.tag()).bind(id).fetch_all(pool).await
    })?;
    for row in &rows {
        shows(subject_of(&stored(row.slug.clone())?));
    }
    rows.into_iter().map(|row| row.into_summary(lang)).collect()
}

/// The newest reports of posts on commitments of the plan of `year`, each with the commitment's slug, newest first.
pub async fn reports(db: &Db, lang: Lang, year: PlanYear) -> sqlx::Result<Vec<(Slug, PostSummary)>> {
    shows(plan::store::SUBJECT);
    let sql = format!(
        "select post_commitments.commitment, {SUMMARY}
         from post_commitments join posts on posts.id = post_commitments.post_id {JOINED}$1
         where post_commitments.year = $2 order by posts.published_at desc, posts.id desc limit $3"
    );
    let rows: Vec<ReportRow> = on_read!(db, pool => {
        sqlx::query_as(AssertSqlSafe(sql)).bind(lang.tag()).bind(year.get()).bind(REPORTS).fetch_all(pool).await
    })?;
    rows.into_iter().map(|row| Ok((stored(row.commitment)?, row.summary.into_summary(lang)?))).collect()
}

/// What became of an address at which there is nothing now.
#[derive(Debug, PartialEq, Eq)]
pub enum Moved {
    /// The post has this address now, in the default language.
    To(String),
    /// The post was removed.
    Removed,
}

/// Where the post that once had the address `path` (in the default language) is now.
pub async fn moved(db: &Db, path: &str) -> sqlx::Result<Option<Moved>> {
    // PostgreSQL has no text with this sign, and says so by an error.
    if path.contains('\0') {
        return Ok(None);
    }
    let slug: Option<String> = on_read!(db, pool => {
        sqlx::query_scalar("select slug from post_addresses where path = $1").bind(path).fetch_optional(pool).await
    })?;
    // A removed post's own address has its slug in it.
    let slug = match (slug, path.strip_prefix("/blog/")) {
        (Some(slug), _) => slug,
        (None, Some(rest)) => rest.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_owned(),
        _ => return Ok(None),
    };
    let (published_at, removed): (Option<i64>, bool) = on_read!(db, pool => {
        sqlx::query_as(
            "select (select published_at from posts where slug = $1), exists (select 1 from removed_posts where slug = $1)",
        )
        .bind(&slug)
        .fetch_one(pool)
        .await
    })?;
    Ok(match published_at {
        Some(published_at) => Some(Moved::To(super::path(timestamp(published_at)?, &stored(slug)?))),
        None => removed.then_some(Moved::Removed),
    })
}

/// ListKind of posts of one kind, each of which has a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ListKind {
    /// The one of all posts, without a name.
    All,
    /// Those of topics, by their slugs.
    Topics,
    /// Those of authors, by their slugs.
    Authors,
    /// Those of years and months.
    Periods,
    /// Those of the sitemap, by their numbers.
    Shards,
}

impl ListKind {
    pub(super) fn kind(self) -> &'static str {
        match self {
            Self::All => "posts",
            Self::Topics => "topics",
            Self::Authors => "authors",
            Self::Periods => "periods",
            Self::Shards => "shards",
        }
    }
}

/// The lists of one kind by their names, each with when the last of its posts changed, in seconds.
pub async fn lists(db: &Db, kind: ListKind) -> sqlx::Result<BTreeMap<String, i64>> {
    shows_list(subject(None), EVERYWHERE);
    let rows: Vec<(String, i64)> = on_read!(db, pool => {
        sqlx::query_as("select name, changed_at from lists where kind = $1")
            .bind(kind.kind())
            .fetch_all(pool)
            .await
    })?;
    Ok(rows.into_iter().collect())
}

/// How many posts' numbers a shard of the sitemap has.
pub(super) const SHARD: i64 = 2500;

/// The shard that has the post with this number.
pub(super) fn shard_of(id: i64) -> i64 {
    id / SHARD
}

/// The posts of a shard after the number `after`, at most `limit`: number, address in the default language, last change.
pub async fn addresses(db: &Db, shard: i64, after: i64, limit: i64) -> sqlx::Result<Vec<(i64, String, Timestamp)>> {
    let rows: Vec<(i64, String, i64, Option<i64>)> = on_read!(db, pool => {
        sqlx::query_as(
            "select id, slug, published_at, updated_at from posts where id > $1 and id < $2 order by id limit $3",
        )
        .bind(after.max(shard * SHARD - 1))
        .bind((shard + 1) * SHARD)
        .bind(limit)
        .fetch_all(pool)
        .await
    })?;
    let address = |(id, slug, published_at, updated_at): (i64, String, i64, Option<i64>)| {
        let path = super::path(timestamp(published_at)?, &stored(slug)?);
        Ok((id, path, timestamp(updated_at.unwrap_or(published_at))?))
    };
    rows.into_iter().map(address).collect()
}

/// The pictures in a post's text by the names that the text uses.
async fn pictures(db: &Db, id: i64) -> sqlx::Result<HashMap<String, Picture>> {
    let rows: Vec<PictureRow> = on_read!(db, pool => {
        sqlx::query_as(
            "select post_pictures.file, post_pictures.hash, pictures.width, pictures.height,
                    pictures.made, pictures.fallback, pictures.tone
             from post_pictures join pictures on pictures.hash = post_pictures.hash where post_pictures.post_id = $1",
        )
        .bind(id)
        .fetch_all(pool)
        .await
    })?;
    // The text says itself what they show.
    let picture = |row: PictureRow| {
        let PictureRow { file, hash, width, height, made } = row;
        let made = made.into_made();
        (file.clone(), Picture { hash, file, alt: Alt::Decorative, width, height, made, focus: None })
    };
    Ok(rows.into_iter().map(picture).collect())
}

#[derive(FromRow)]
struct PictureRow {
    file: String,
    hash: String,
    width: i32,
    height: i32,
    #[sqlx(flatten)]
    made: MadeRow,
}

#[derive(FromRow)]
struct SummaryRow {
    id: i64,
    slug: String,
    uid: String,
    lang: String,
    title: String,
    summary: String,
    published_at: i64,
    updated_at: Option<i64>,
    picture_hash: Option<String>,
    picture_file: Option<String>,
    picture_alt: Option<String>,
    picture_focus: Option<String>,
    width: Option<i32>,
    height: Option<i32>,
    #[sqlx(flatten)]
    made: MadeRow,
    translated_title: Option<String>,
    translated_summary: Option<String>,
    translated_alt: Option<String>,
}

impl SummaryRow {
    fn into_summary(self, reader: Lang) -> sqlx::Result<PostSummary> {
        let alt = Alt::stored(self.translated_alt.or(self.picture_alt));
        let picture = match (self.picture_hash, self.picture_file, self.width, self.height) {
            (Some(hash), Some(file), Some(width), Some(height)) => {
                let focus = self.picture_focus.map(stored).transpose()?;
                Some(Picture { hash, file, alt, width, height, made: self.made.into_made(), focus })
            }
            _ => None,
        };
        Ok(PostSummary {
            lang: if self.translated_title.is_some() { reader } else { Lang::stored(&self.lang) },
            slug: stored(self.slug)?,
            uid: stored(self.uid)?,
            title: self.translated_title.unwrap_or(self.title),
            summary: self.translated_summary.unwrap_or(self.summary),
            published: timestamp(self.published_at)?,
            updated: self.updated_at.map(timestamp).transpose()?,
            picture,
            cursor: Cursor { published_at: self.published_at, id: self.id },
        })
    }
}

#[derive(FromRow)]
struct ReportRow {
    commitment: String,
    #[sqlx(flatten)]
    summary: SummaryRow,
}

#[derive(FromRow)]
struct PostRow {
    #[sqlx(flatten)]
    summary: SummaryRow,
    body_markdown: String,
    author: Option<String>,
    author_lang: Option<String>,
    author_title: Option<String>,
    author_translated: Option<String>,
    translated_body: Option<String>,
    made_from: Option<String>,
}

/// The body as a reader gets it.
struct Words {
    lang: Lang,
    wording: Wording,
    rendered: Rendered,
}

impl PostRow {
    async fn words(&self, db: &Db, reader: Lang, base: &str) -> sqlx::Result<Words> {
        let summary = &self.summary;
        let original_lang = Lang::stored(&summary.lang);
        let present = || {
            words_revision(&summary.title, &summary.summary, summary.picture_alt.as_deref(), Some(&self.body_markdown))
        };
        let wording = match (&self.translated_body, &self.made_from) {
            _ if reader == original_lang => Wording::Original,
            (Some(_), Some(made_from)) if *made_from == present() => Wording::Translated,
            (Some(_), _) => Wording::Stale,
            _ => Wording::Untranslated,
        };
        let lang = if self.translated_body.is_some() { reader } else { original_lang };
        let pictures = pictures(db, summary.id).await?;
        // In a feed, a place in the text is a place on the post's page.
        let page = if base.is_empty() {
            String::new()
        } else {
            let path = super::path(timestamp(summary.published_at)?, &stored(summary.slug.clone())?);
            format!("{base}{}", reader.path(&path))
        };
        let place = Place { lang, reader, base, page: &page, prefix: "", pictures: &pictures };
        let rendered = markdown::render(self.translated_body.as_ref().unwrap_or(&self.body_markdown), place);
        Ok(Words { lang, wording, rendered })
    }

    fn author(&self, reader: Lang) -> sqlx::Result<Option<Named>> {
        let Some(slug) = &self.author else { return Ok(None) };
        shows(documents::store::subject(Kind::Author, slug));
        let row = NamedRow {
            slug: slug.clone(),
            lang: self.author_lang.clone(),
            title: self.author_title.clone(),
            translated_title: self.author_translated.clone(),
        };
        row.into_named(reader).map(Some)
    }
}

#[derive(FromRow)]
struct NamedRow {
    slug: String,
    lang: Option<String>,
    title: Option<String>,
    translated_title: Option<String>,
}

impl NamedRow {
    fn into_named(self, reader: Lang) -> sqlx::Result<Named> {
        let lang = match (&self.translated_title, self.lang) {
            (Some(_), _) | (None, None) => reader,
            (None, Some(lang)) => Lang::stored(&lang),
        };
        let title = self.translated_title.or(self.title).unwrap_or_else(|| self.slug.clone());
        Ok(Named { lang, slug: stored(self.slug)?, title })
    }
}

pub(super) fn timestamp(seconds: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_second(seconds).map_err(|error| sqlx::Error::Decode(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content::translation::Translation,
        i18n::testing::*,
        posts::{
            file::{self, PostFile},
            write,
        },
        server::db::{on_tx, testing::each_engine},
    };

    fn slug(text: &str) -> Slug {
        Slug::parse(text).expect("a slug")
    }

    fn post(name: &str, published: &str) -> PostFile {
        PostFile {
            lang: Lang::DEFAULT,
            slug: slug(name),
            id: None,
            title: format!("The title of {name}"),
            summary: "Café society’s summary".into(),
            published: published.parse().expect("a timestamp"),
            updated: None,
            author: None,
            topics: Vec::new(),
            reports_on: Vec::new(),
            redirect_from: Vec::new(),
            picture: None,
            body: "Some *words*.\n".into(),
            translations: Vec::new(),
        }
    }

    async fn stored_posts(db: &Db, posts: &[PostFile]) {
        let mut tx = db.begin().await.expect("a transaction");
        let mut ids = Vec::new();
        for post in posts {
            ids.push(write::put(&mut tx, post, &Default::default()).await.expect("stored"));
        }
        write::relate(&mut tx, &ids).await.expect("related");
        tx.commit().await.expect("committed");
    }

    fn slugs(posts: &[PostSummary]) -> Vec<&str> {
        posts.iter().map(|post| post.slug.as_str()).collect()
    }

    fn months(count: i32) -> Vec<PostFile> {
        let published = |n: i32| format!("{}-{:02}-01T00:00:00Z", 2020 + (n - 1) / 12, (n - 1) % 12 + 1);
        (1..=count).map(|n| post(&format!("p{n}"), &published(n))).collect()
    }

    #[tokio::test]
    async fn the_newest_post_comes_first_and_ties_keep_the_latest_arrival_first() {
        for db in each_engine().await {
            stored_posts(
                &db,
                &[
                    post("older", "2023-01-01T00:00:00Z"),
                    post("newest", "2023-03-01T00:00:00Z"),
                    post("tie-first", "2023-02-01T00:00:00Z"),
                    post("tie-second", "2023-02-01T00:00:00Z"),
                ],
            )
            .await;
            let posts = latest(&db, Lang::DEFAULT, 3).await.expect("posts");
            assert_eq!(slugs(&posts), ["newest", "tie-second", "tie-first"], "{db:?}");
            let selection = Selection { before: Some(posts[1].cursor), ..Default::default() };
            assert_eq!(slugs(&list(&db, FR, &selection, 9).await.expect("posts")), ["tie-first", "older"]);
            let selection = Selection { after: Some(posts[2].cursor), ..Default::default() };
            assert_eq!(slugs(&list(&db, FR, &selection, 1).await.expect("posts")), ["tie-second"]);
        }
    }

    #[tokio::test]
    async fn a_list_has_those_of_its_topic_author_and_time() {
        for db in each_engine().await {
            let mut posts = months(14);
            for post in &mut posts[..3] {
                post.topics = vec![slug("access"), slug("policy")];
                post.author = Some(slug("desk"));
            }
            stored_posts(&db, &posts).await;
            let of = async |selection: Selection| {
                let posts = list(&db, Lang::DEFAULT, &selection, 9).await.expect("posts");
                posts.into_iter().map(|post| post.slug.to_string()).collect::<Vec<_>>()
            };
            let access = Selection { topic: Some(slug("access")), ..Default::default() };
            assert_eq!(of(access.clone()).await, ["p3", "p2", "p1"], "{db:?}");
            let second = list(&db, Lang::DEFAULT, &access, 2).await.expect("posts").pop().expect("a post");
            assert_eq!(of(Selection { before: Some(second.cursor), ..access }).await, ["p1"]);
            assert_eq!(of(Selection { author: Some(slug("desk")), ..Default::default() }).await.len(), 3);
            let (from, until) = crate::posts::Period::parse("2021", None).expect("a year").seconds();
            let selection = Selection { from: Some(from), until: Some(until), ..Default::default() };
            assert_eq!(of(selection).await, ["p14", "p13"]);
        }
    }

    #[tokio::test]
    async fn each_list_knows_when_the_last_of_its_posts_changed() {
        for db in each_engine().await {
            let mut posts = months(14);
            posts[0].topics = vec![slug("access")];
            posts[1].author = Some(slug("desk"));
            let changed: Timestamp = "2024-01-01T00:00:00Z".parse().expect("a timestamp");
            posts[1].updated = Some(changed);
            stored_posts(&db, &posts).await;
            let all = async |db: &Db| {
                let mut all = Vec::new();
                for kind in [ListKind::All, ListKind::Topics, ListKind::Authors, ListKind::Periods, ListKind::Shards] {
                    all.push(lists(db, kind).await.expect("changes"));
                }
                all
            };
            let noted = all(&db).await;
            let second = |n: usize| posts[n - 1].published.as_second();
            assert_eq!(noted[0], BTreeMap::from([(String::new(), changed.as_second())]), "{db:?}");
            assert_eq!(noted[1], BTreeMap::from([("access".into(), second(1))]));
            assert_eq!(noted[2], BTreeMap::from([("desk".into(), changed.as_second())]));
            assert_eq!(noted[3].len(), 16);
            assert_eq!((noted[3]["2020-01"], noted[3]["2020"]), (second(1), changed.as_second()));
            assert_eq!((noted[3]["2021-02"], noted[3]["2021"]), (second(14), second(14)));
            assert_eq!(noted[4], BTreeMap::from([("0".into(), changed.as_second())]));

            let mut tx = db.begin().await.expect("a transaction");
            on_tx!(&mut tx, conn => sqlx::query("delete from lists").execute(conn).await.map(drop)).expect("gone");
            tx.commit().await.expect("committed");
            write::complete(&db).await.expect("completed");
            assert_eq!(all(&db).await, noted, "a store of an older version gets the same");
        }
    }

    #[tokio::test]
    async fn the_years_and_months_are_those_that_have_posts() {
        let removed = |name: &str| file::RemovedPost {
            slug: slug(name),
            day: jiff::civil::date(2024, 1, 1),
            redirect_from: Vec::new(),
        };
        for db in each_engine().await {
            stored_posts(&db, &months(13)).await;
            let names = async || {
                let mut names: Vec<_> = periods(&db).await.expect("periods").iter().map(ToString::to_string).collect();
                names.sort();
                names
            };
            assert_eq!(names().await.len(), 15, "{db:?}");
            stored_posts(&db, &[post("p13", "2022-05-01T00:00:00Z"), post("p12", "2020-11-05T00:00:00Z")]).await;
            let mut tx = db.begin().await.expect("a transaction");
            for n in 1..10 {
                write::remove(&mut tx, &removed(&format!("p{n}"))).await.expect("removed");
            }
            tx.commit().await.expect("committed");
            assert_eq!(names().await, ["2020", "2020-10", "2020-11", "2022", "2022-05"], "{db:?}");
            assert_eq!(lists(&db, ListKind::Shards).await.expect("lists").len(), 1);
            let mut tx = db.begin().await.expect("a transaction");
            for n in 10..14 {
                write::remove(&mut tx, &removed(&format!("p{n}"))).await.expect("removed");
            }
            tx.commit().await.expect("committed");
            assert!(
                names().await.is_empty() && lists(&db, ListKind::Shards).await.expect("lists").is_empty(),
                "{db:?}"
            );
        }
    }

    #[tokio::test]
    async fn storing_a_slug_again_replaces_the_post() {
        for db in each_engine().await {
            stored_posts(&db, &[post("one", "2023-01-01T00:00:00Z")]).await;
            let again = PostFile { title: "Another title".into(), ..post("one", "2023-01-02T00:00:00Z") };
            stored_posts(&db, &[again]).await;
            let posts = latest(&db, Lang::DEFAULT, 10).await.expect("posts");
            assert_eq!(posts.len(), 1);
            assert_eq!(posts[0].title, "Another title");
            assert_eq!(posts[0].path(), "/blog/2023/01/one/");
        }
    }

    #[tokio::test]
    async fn a_post_is_found_by_its_slug_alone_and_knows_its_neighbours() {
        for db in each_engine().await {
            stored_posts(&db, &months(3)).await;
            let found = by_slug(&db, Lang::DEFAULT, &slug("p2")).await.expect("no error").expect("the post");
            assert_eq!(found.html, "<p>Some <em>words</em>.</p>\n");
            assert_eq!((found.minutes, found.wording), (1, Wording::Original));
            let name = |post: Option<PostSummary>| post.map(|post| post.slug.to_string());
            assert_eq!(name(found.newer).as_deref(), Some("p3"), "{db:?}");
            assert_eq!(name(found.older).as_deref(), Some("p1"));
            assert!(by_slug(&db, Lang::DEFAULT, &slug("two")).await.expect("no error").is_none());
        }
    }

    #[tokio::test]
    async fn a_reader_gets_their_language_and_where_it_ends_the_original() {
        let mut one = post("one", "2023-01-01T00:00:00Z");
        let translation = |lang, body: Option<&str>, made_from| Translation {
            lang,
            title: "Le titre".into(),
            summary: "Le résumé".into(),
            picture_alt: None,
            body: body.map(Into::into),
            made_from,
        };
        one.translations = vec![
            translation(FR, Some("Des *mots*.\n"), one.revision(true)),
            translation(ES, None, one.revision(false)),
            translation(AR, Some("كلمات\n"), "00000000".into()),
        ];
        for db in each_engine().await {
            stored_posts(&db, &[one.clone()]).await;
            let read = async |lang| by_slug(&db, lang, &one.slug).await.expect("no error").expect("the post");
            let french = read(FR).await;
            assert_eq!((french.summary.title.as_str(), french.body_lang), ("Le titre", FR), "{db:?}");
            assert_eq!((french.wording, french.html.as_str()), (Wording::Translated, "<p>Des <em>mots</em>.</p>\n"));
            let spanish = read(ES).await;
            assert_eq!(
                (spanish.summary.lang, spanish.body_lang, spanish.wording),
                (ES, Lang::DEFAULT, Wording::Untranslated)
            );
            assert_eq!(read(AR).await.wording, Wording::Stale);
            assert_eq!(read(Lang::DEFAULT).await.wording, Wording::Original);
            assert_eq!(find(&db, FR, "resume titre", 9).await.expect("posts").len(), 1);
            assert_eq!(find(&db, FR, "title", 9).await.expect("posts").len(), 0);
            assert_eq!(plain(&db, FR, &one.slug).await.expect("no error").expect("the post").body, "Des *mots*.\n");
        }
    }

    #[tokio::test]
    async fn a_translation_into_a_language_that_the_site_does_not_speak_stays_where_it_is() {
        for db in each_engine().await {
            let one = post("one", "2023-01-01T00:00:00Z");
            let mut tx = db.begin().await.expect("a transaction");
            let id = write::put(&mut tx, &one, &Default::default()).await.expect("stored");
            let insert = "insert into post_translations (post_id, lang, title, summary, made_from) values ($1, 'xx', 'T', 'S', '0')";
            on_tx!(&mut tx, conn => sqlx::query(insert).bind(id).execute(conn).await.map(drop)).expect("stored");
            let changed = PostFile { title: "Another".into(), ..one.clone() };
            write::put(&mut tx, &changed, &Default::default()).await.expect("stored");
            let file = write::stored_post(&mut tx, &one.slug).await.expect("no error").expect("the post").file;
            assert_eq!(file, changed, "{db:?}");
            let count = "select count(*) from post_translations";
            let count: i64 = on_tx!(&mut tx, conn => sqlx::query_scalar(count).fetch_one(conn).await).expect("a count");
            assert_eq!(count, 1, "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_post_that_is_published_is_related_at_once_and_both_ways() {
        for db in each_engine().await {
            let about = |name: &str, day, body: &str, topics: &[&str]| PostFile {
                topics: topics.iter().map(|topic| slug(topic)).collect(),
                body: body.into(),
                ..post(name, day)
            };
            let first = about("korea", "2023-01-01T00:00:00Z", "Settlement rules in Korea.\n", &["interconnection"]);
            let other = about("senate", "2023-01-02T00:00:00Z", "The senate hears.\n", &["policy"]);
            stored_posts(&db, &[first, other]).await;
            let second = about("europe", "2023-01-03T00:00:00Z", "Settlement rules in Europe.\n", &["interconnection"]);
            stored_posts(&db, &[second]).await;
            let related =
                async |name| by_slug(&db, FR, &slug(name)).await.expect("no error").expect("the post").related;
            assert_eq!(slugs(&related("europe").await), ["korea"], "{db:?}");
            assert_eq!(slugs(&related("korea").await), ["europe"]);
            assert!(related("senate").await.is_empty());
        }
    }

    #[tokio::test]
    async fn the_sitemap_has_every_post_once_in_the_order_of_arrival() {
        for db in each_engine().await {
            stored_posts(&db, &months(3)).await;
            let shards: Vec<_> = lists(&db, ListKind::Shards).await.expect("shards").into_iter().collect();
            assert_eq!(shards, [("0".to_owned(), months(3)[2].published.as_second())], "{db:?}");
            let first = addresses(&db, 0, -1, 2).await.expect("addresses");
            let rest = addresses(&db, 0, first[1].0, 2).await.expect("addresses");
            let paths: Vec<_> = first.iter().chain(&rest).map(|(_, path, _)| path.as_str()).collect();
            assert_eq!(paths, ["/blog/2020/01/p1/", "/blog/2020/02/p2/", "/blog/2020/03/p3/"]);
            assert!(addresses(&db, 1, -1, 2).await.expect("addresses").is_empty());
        }
    }

    #[tokio::test]
    async fn the_filter_takes_no_notice_of_case_accents_and_the_shape_of_apostrophes() {
        for db in each_engine().await {
            stored_posts(&db, &[post("one", "2023-01-01T00:00:00Z"), post("two", "2023-01-02T00:00:00Z")]).await;
            let find = async |query: &str| find(&db, Lang::DEFAULT, query, 10).await.expect("posts").len();
            assert_eq!(find("cafe society's").await, 2);
            assert_eq!(find("CAFÉ of one").await, 1);
            assert_eq!(find("").await, 2);
            assert_eq!(find("100% '; drop table posts; --").await, 0);
        }
    }

    #[tokio::test]
    async fn an_address_that_no_store_can_have_is_nobodys() {
        for db in each_engine().await {
            assert_eq!(moved(&db, "/a\0b/").await.expect("no error"), None, "{db:?}");
        }
    }

    #[tokio::test]
    async fn what_a_transaction_stored_is_gone_when_it_is_dropped() {
        for db in each_engine().await {
            let mut tx = db.begin().await.expect("a transaction");
            write::put(&mut tx, &post("one", "2023-01-01T00:00:00Z"), &Default::default()).await.expect("stored");
            drop(tx);
            assert!(latest(&db, Lang::DEFAULT, 10).await.expect("posts").is_empty(), "{db:?}");
        }
    }
}
