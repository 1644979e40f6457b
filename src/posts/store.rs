//! Posts in the database.

use super::{Post, PostSummary, Slug, file::PostFile, matches};
use crate::{
    content::markdown,
    i18n::Lang,
    media::{Alt, Picture},
    server::db::{Db, Tx, on_read, on_tx, stored},
    ui::text::fold,
};
use jiff::Timestamp;
use sqlx::FromRow;

/// How many of the newest posts the filter looks through, so that its cost does not grow with the store.
const FILTERED: u32 = 200;

const SUMMARIES: &str = "
    select posts.lang, posts.slug, posts.title, posts.summary, posts.published_at,
           posts.picture_hash, posts.picture_file, posts.picture_alt, pictures.width, pictures.height
    from posts left join pictures on pictures.hash = posts.picture_hash
    where posts.lang = $1
    order by posts.published_at desc, posts.id desc
    limit $2";

/// The newest posts in `lang`, newest first, at most `limit`.
pub async fn latest(db: &Db, lang: Lang, limit: u32) -> sqlx::Result<Vec<PostSummary>> {
    let rows: Vec<SummaryRow> = on_read!(db, pool => {
        sqlx::query_as(SUMMARIES).bind(lang.tag()).bind(i64::from(limit)).fetch_all(pool).await
    })?;
    rows.into_iter().map(PostSummary::try_from).collect()
}

/// Those of the newest posts whose title or summary has each word of `query`, newest first, at most `limit`.
pub async fn find(db: &Db, lang: Lang, query: &str, limit: u32) -> sqlx::Result<Vec<PostSummary>> {
    let query = fold(query);
    let mut posts = latest(db, lang, FILTERED).await?;
    posts.retain(|post| matches(&fold(&format!("{} {}", post.title, post.summary)), &query));
    posts.truncate(limit as usize);
    Ok(posts)
}

/// The post with this slug.
pub async fn by_slug(db: &Db, lang: Lang, slug: &Slug) -> sqlx::Result<Option<Post>> {
    let row: Option<PostRow> = on_read!(db, pool => {
        sqlx::query_as(
            "select posts.lang, posts.slug, posts.title, posts.summary, posts.published_at, posts.body_markdown,
                    posts.picture_hash, posts.picture_file, posts.picture_alt, pictures.width, pictures.height
             from posts left join pictures on pictures.hash = posts.picture_hash
             where posts.lang = $1 and posts.slug = $2",
        )
        .bind(lang.tag())
        .bind(slug.as_str())
        .fetch_optional(pool)
        .await
    })?;
    row.map(Post::try_from).transpose()
}

/// Stores `post`, in place of an earlier one with the same language and slug.
///
/// `picture_hash` names a picture that is stored already.
pub async fn put(tx: &mut Tx, post: &PostFile, picture_hash: Option<&str>) -> sqlx::Result<()> {
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into posts (id, lang, slug, title, summary, published_at, body_markdown,
                                picture_hash, picture_file, picture_alt)
             select coalesce(max(id), 0) + 1, $1, $2, $3, $4, $5, $6, $7, $8, $9 from posts where true
             on conflict (lang, slug) do update set
                 title = excluded.title, summary = excluded.summary, published_at = excluded.published_at,
                 body_markdown = excluded.body_markdown, picture_hash = excluded.picture_hash,
                 picture_file = excluded.picture_file, picture_alt = excluded.picture_alt",
        )
        .bind(post.lang.tag())
        .bind(post.slug.as_str())
        .bind(&post.title)
        .bind(&post.summary)
        .bind(post.published.as_second())
        .bind(&post.body)
        .bind(picture_hash)
        .bind(post.picture.as_ref().map(|picture| &picture.file))
        .bind(post.picture.as_ref().and_then(|picture| picture.alt.text()))
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}

/// A stored post in the form of its file, with the hash of its picture.
pub async fn file(tx: &mut Tx, lang: Lang, slug: &Slug) -> sqlx::Result<Option<(PostFile, Option<String>)>> {
    let row: Option<FileRow> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select lang, slug, title, summary, published_at, body_markdown, picture_hash, picture_file, picture_alt
             from posts where lang = $1 and slug = $2",
        )
        .bind(lang.tag())
        .bind(slug.as_str())
        .fetch_optional(conn)
        .await
    })?;
    row.map(FileRow::into_file).transpose()
}

/// The language and slug of each stored post, in the order in which they came in.
pub async fn names(tx: &mut Tx) -> sqlx::Result<Vec<(Lang, Slug)>> {
    let rows: Vec<(String, String)> = on_tx!(tx, conn => {
        sqlx::query_as("select lang, slug from posts order by id").fetch_all(conn).await
    })?;
    rows.into_iter().map(|(lang, slug)| Ok((stored(lang)?, stored(slug)?))).collect()
}

#[derive(FromRow)]
struct SummaryRow {
    lang: String,
    slug: String,
    title: String,
    summary: String,
    published_at: i64,
    picture_hash: Option<String>,
    picture_file: Option<String>,
    picture_alt: Option<String>,
    width: Option<i32>,
    height: Option<i32>,
}

impl TryFrom<SummaryRow> for PostSummary {
    type Error = sqlx::Error;

    fn try_from(row: SummaryRow) -> sqlx::Result<Self> {
        let picture = match (row.picture_hash, row.picture_file, row.width, row.height) {
            (Some(hash), Some(file), Some(width), Some(height)) => {
                Some(Picture { hash, file, alt: Alt::stored(row.picture_alt), width, height })
            }
            _ => None,
        };
        Ok(PostSummary {
            lang: stored(row.lang)?,
            slug: stored(row.slug)?,
            title: row.title,
            summary: row.summary,
            published: timestamp(row.published_at)?,
            picture,
        })
    }
}

#[derive(FromRow)]
struct PostRow {
    #[sqlx(flatten)]
    summary: SummaryRow,
    body_markdown: String,
}

impl TryFrom<PostRow> for Post {
    type Error = sqlx::Error;

    fn try_from(row: PostRow) -> sqlx::Result<Self> {
        Ok(Post { summary: row.summary.try_into()?, html: markdown::to_html(&row.body_markdown) })
    }
}

#[derive(FromRow)]
struct FileRow {
    lang: String,
    slug: String,
    title: String,
    summary: String,
    published_at: i64,
    body_markdown: String,
    picture_hash: Option<String>,
    picture_file: Option<String>,
    picture_alt: Option<String>,
}

impl FileRow {
    fn into_file(self) -> sqlx::Result<(PostFile, Option<String>)> {
        let alt = Alt::stored(self.picture_alt);
        let post = PostFile {
            lang: stored(self.lang)?,
            slug: stored(self.slug)?,
            title: self.title,
            summary: self.summary,
            published: timestamp(self.published_at)?,
            picture: self.picture_file.map(|file| super::file::PictureFile { file, alt }),
            body: self.body_markdown,
        };
        Ok((post, self.picture_hash))
    }
}

fn timestamp(seconds: i64) -> sqlx::Result<Timestamp> {
    Timestamp::from_second(seconds).map_err(|error| sqlx::Error::Decode(error.into()))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::testing::each_engine;

    fn post(slug: &str, published: &str) -> PostFile {
        PostFile {
            lang: Lang::DEFAULT,
            slug: Slug::parse(slug).expect("a slug"),
            title: format!("The title of {slug}"),
            summary: "Café society’s summary".into(),
            published: published.parse().expect("a timestamp"),
            picture: None,
            body: "Some *words*.".into(),
        }
    }

    async fn stored_posts(db: &Db, posts: &[PostFile]) {
        let mut tx = db.begin().await.expect("a transaction");
        for post in posts {
            put(&mut tx, post, None).await.expect("stored");
        }
        tx.commit().await.expect("committed");
    }

    fn slugs(posts: &[PostSummary]) -> Vec<&str> {
        posts.iter().map(|post| post.slug.as_str()).collect()
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
    async fn a_post_is_found_by_its_slug_alone() {
        for db in each_engine().await {
            stored_posts(&db, &[post("one", "2023-01-01T00:00:00Z")]).await;
            let slug = |text: &str| Slug::parse(text).expect("a slug");
            let found = by_slug(&db, Lang::DEFAULT, &slug("one")).await.expect("no error");
            assert_eq!(found.expect("the post").html, "<p>Some <em>words</em>.</p>\n");
            assert!(by_slug(&db, Lang::DEFAULT, &slug("two")).await.expect("no error").is_none());
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
    async fn what_a_transaction_stored_is_gone_when_it_is_dropped() {
        for db in each_engine().await {
            let mut tx = db.begin().await.expect("a transaction");
            put(&mut tx, &post("one", "2023-01-01T00:00:00Z"), None).await.expect("stored");
            drop(tx);
            assert!(latest(&db, Lang::DEFAULT, 10).await.expect("posts").is_empty(), "{db:?}");
        }
    }
}
