//! Pictures in the database.

use super::file::PictureBytes;
use crate::server::db::{Db, Tx, on_read, on_tx};
use sqlx::FromRow;

/// A stored picture, ready to be sent.
#[derive(FromRow)]
pub struct StoredPicture {
    /// The media type, as in `Content-Type`.
    pub media_type: String,
    /// The file.
    pub bytes: Vec<u8>,
}

/// The picture with this hash.
pub async fn by_hash(db: &Db, hash: &str) -> sqlx::Result<Option<StoredPicture>> {
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

/// Stores `picture`; the same bytes are stored once.
pub async fn put(tx: &mut Tx, picture: &PictureBytes) -> sqlx::Result<()> {
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into pictures (hash, media_type, width, height, bytes) values ($1, $2, $3, $4, $5)
             on conflict (hash) do nothing",
        )
        .bind(&picture.hash)
        .bind(picture.media_type)
        .bind(picture.width)
        .bind(picture.height)
        .bind(&picture.bytes)
        .execute(conn)
        .await
        .map(drop)
    })?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{media::file, server::db::testing::each_engine};

    #[tokio::test]
    async fn a_picture_comes_back_as_it_went_in() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"/>"#.to_vec();
        let picture = file::read("flag.svg", svg.clone()).expect("a picture");
        for db in each_engine().await {
            let mut tx = db.begin().await.expect("a transaction");
            put(&mut tx, &picture).await.expect("stored");
            put(&mut tx, &picture).await.expect("stored once");
            tx.commit().await.expect("committed");
            let stored = by_hash(&db, &picture.hash).await.expect("no error").expect("the picture");
            assert_eq!(stored.bytes, svg, "{db:?}");
            assert_eq!(stored.media_type, "image/svg+xml");
            assert!(by_hash(&db, "0000000000000000").await.expect("no error").is_none());
        }
    }
}
