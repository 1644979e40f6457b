//! Pictures in the database.

use super::{
    Fallback, Made, Tone,
    file::PictureSource,
    make::{MadeFile, MadePicture},
};
use crate::server::db::{Db, Tx, on_read, on_tx};
use sqlx::FromRow;

/// A stored file, ready to be sent.
#[derive(FromRow)]
pub struct StoredFile {
    /// The media type, as in `Content-Type`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// What `pictures` says of the files that were made, in the columns `made`, `fallback` and `tone`.
#[derive(FromRow)]
pub struct MadeRow {
    made: Option<String>,
    fallback: Option<String>,
    tone: Option<i32>,
}

impl MadeRow {
    /// What was made, if an import has seen to the picture.
    pub fn into_made(self) -> Option<Made> {
        let fallback = Fallback::parse(&self.fallback?)?;
        Some(Made { set: self.made?, fallback, tone: self.tone.and_then(Tone::stored) })
    }
}

/// The file with this name in a set.
pub async fn file(db: &Db, set: &str, name: &str) -> sqlx::Result<Option<StoredFile>> {
    on_read!(db, pool => {
        sqlx::query_as("select media_type, bytes from picture_files where made = $1 and name = $2")
            .bind(set)
            .bind(name)
            .fetch_optional(pool)
            .await
    })
}

/// How many bytes the file with this name in a set has. Of a picture that no import has seen to, the set is its hash.
pub async fn size(db: &Db, set: &str, name: &str) -> sqlx::Result<Option<i64>> {
    let made: Option<i64> = on_read!(db, pool => {
        sqlx::query_scalar("select cast(length(bytes) as bigint) from picture_files where made = $1 and name = $2")
            .bind(set)
            .bind(name)
            .fetch_optional(pool)
            .await
    })?;
    if made.is_some() {
        return Ok(made);
    }
    on_read!(db, pool => {
        sqlx::query_scalar("select cast(length(bytes) as bigint) from pictures where hash = $1")
            .bind(set)
            .fetch_optional(pool)
            .await
    })
}

/// The width, and what was made, of the picture whose bytes have this hash.
pub async fn made(db: &Db, hash: &str) -> sqlx::Result<Option<(i32, Option<Made>)>> {
    #[derive(FromRow)]
    struct Row {
        width: i32,
        #[sqlx(flatten)]
        made: MadeRow,
    }
    let row: Option<Row> = on_read!(db, pool => {
        sqlx::query_as("select width, made, fallback, tone from pictures where hash = $1")
            .bind(hash)
            .fetch_optional(pool)
            .await
    })?;
    Ok(row.map(|row| (row.width, row.made.into_made())))
}

/// The file that an editor brought.
pub async fn original(db: &Db, hash: &str) -> sqlx::Result<Option<StoredFile>> {
    on_read!(db, pool => {
        sqlx::query_as("select media_type, bytes from pictures where hash = $1").bind(hash).fetch_optional(pool).await
    })
}

/// The bytes of the picture with this hash, inside a transaction.
pub async fn bytes(tx: &mut Tx, hash: &str) -> sqlx::Result<Option<Vec<u8>>> {
    on_tx!(tx, conn => {
        sqlx::query_scalar("select bytes from pictures where hash = $1").bind(hash).fetch_optional(conn).await
    })
}

/// Whether the files of a picture were made by the present recipe.
pub async fn is_made(db: &Db, file: &PictureSource) -> sqlx::Result<bool> {
    on_read!(db, pool => {
        sqlx::query_scalar("select exists (select 1 from pictures where hash = $1 and made = $2)")
            .bind(&file.hash)
            .bind(&file.set)
            .fetch_one(pool)
            .await
    })
}

/// Stores a picture with its files, in a transaction of its own: a picture is nothing to readers until a post shows it.
pub async fn put(db: &Db, file: &PictureSource, picture: &MadePicture) -> sqlx::Result<()> {
    let mut tx = db.begin().await?;
    let is_known: bool = on_tx!(&mut tx, conn => {
        sqlx::query_scalar("select exists (select 1 from pictures where hash = $1)")
            .bind(&file.hash)
            .fetch_one(conn)
            .await
    })?;
    if is_known {
        // Made by another recipe: pages that show it name its files.
        tx.changed_every_page();
    }
    on_tx!(&mut tx, conn => {
        sqlx::query(
            "insert into pictures (hash, media_type, width, height, bytes, made, fallback, tone)
             values ($1, $2, $3, $4, $5, $6, $7, $8)
             on conflict (hash) do update set
                 width = excluded.width, height = excluded.height, made = excluded.made, fallback = excluded.fallback,
                 tone = excluded.tone",
        )
        .bind(&file.hash)
        .bind(file.kind.media_type())
        .bind(picture.width)
        .bind(picture.height)
        .bind(&picture.original)
        .bind(&picture.made.set)
        .bind(picture.made.fallback.extension())
        .bind(picture.made.tone.map(Tone::number))
        .execute(conn)
        .await
        .map(drop)
    })?;
    for file in &picture.files {
        put_file(&mut tx, &picture.made.set, file).await?;
    }
    tx.commit().await
}

async fn put_file(tx: &mut Tx, set: &str, file: &MadeFile) -> sqlx::Result<()> {
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into picture_files (made, name, media_type, bytes) values ($1, $2, $3, $4)
             on conflict (made, name) do nothing",
        )
        .bind(set)
        .bind(&file.name)
        .bind(file.media_type)
        .bind(&file.bytes)
        .execute(conn)
        .await
        .map(drop)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        media::{file, make},
        server::db::testing::each_engine,
    };

    #[tokio::test]
    async fn a_picture_comes_back_as_it_went_in_with_the_files_that_were_made() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("flag.svg");
        let svg = br#"<!-- by whom --><svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"/>"#;
        std::fs::write(&path, svg).expect("written");
        let found = file::identify(path, svg).expect("a picture");
        let picture = make::make(&found).expect("made");
        for db in each_engine().await {
            assert!(!is_made(&db, &found).await.expect("an answer"));
            put(&db, &found, &picture).await.expect("stored");
            put(&db, &found, &picture).await.expect("stored once");
            assert!(is_made(&db, &found).await.expect("an answer"), "{db:?}");
            let stored = original(&db, &found.hash).await.expect("no error").expect("the picture");
            assert_eq!((stored.bytes.as_slice(), stored.media_type.as_str()), (svg.as_slice(), "image/svg+xml"));
            let shown = super::file(&db, &found.set, "svg").await.expect("no error").expect("the file");
            assert_eq!(shown.bytes, picture.files[0].bytes);
            let made = made(&db, &found.hash).await.expect("no error").expect("the picture");
            assert_eq!(made, (8, Some(picture.made.clone())));
            assert!(original(&db, "0000000000000000").await.expect("no error").is_none());
            assert!(super::file(&db, &found.set, "640.avif").await.expect("no error").is_none());
        }
    }

    #[tokio::test]
    async fn a_picture_of_an_older_version_has_nothing_made_of_it() {
        for db in each_engine().await {
            let mut tx = db.begin().await.expect("a transaction");
            on_tx!(&mut tx, conn => {
                sqlx::query("insert into pictures (hash, media_type, width, height, bytes) values ('0', 'image/png', 8, 5, $1)")
                    .bind(vec![1_u8])
                    .execute(conn)
                    .await
                    .map(drop)
            })
            .expect("stored");
            tx.commit().await.expect("committed");
            assert_eq!(made(&db, "0").await.expect("no error"), Some((8, None)), "{db:?}");
        }
    }
}
