//! Messages in the database.

use super::Message;
use crate::{
    i18n::Lang,
    server::db::{Db, on_read, on_tx},
};
use sqlx::FromRow;
use std::{io, time::Duration};
use tokio::time::timeout;

/// How long a reader waits until their message is stored. Then it may be or not: sent again, it is there once.
const PATIENCE: Duration = Duration::from_secs(10);
/// How many messages there is room for: who floods the form must not fill the disk.
const MOST: i64 = 10_000;

/// What became of a message.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kept {
    /// It is stored.
    Now,
    /// It was stored before.
    Before,
    /// There is no room.
    Full,
}

/// Stores a message, unless it is there.
pub async fn keep(db: &Db, message: &Message) -> sqlx::Result<Kept> {
    let kept = timeout(PATIENCE, keep_among(db, message, MOST)).await;
    kept.unwrap_or_else(|_| Err(io::Error::from(io::ErrorKind::TimedOut).into()))
}

async fn keep_among(db: &Db, message: &Message, most: i64) -> sqlx::Result<Kept> {
    let mut tx = db.begin().await?;
    let added = on_tx!(&mut tx, conn => {
        sqlx::query(
            "insert into messages (name, message, reply_to, about, lang, received_at)
             select $1, $2, $3, $4, $5, $6 where (select count(*) from messages) < $7
             on conflict (name) do nothing",
        )
        .bind(&message.name)
        .bind(&message.message)
        .bind(&message.reply_to)
        .bind(&message.about)
        .bind(message.lang.tag())
        .bind(message.received.as_second())
        .bind(most)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })?;
    let is_there: bool = on_tx!(&mut tx, conn => {
        sqlx::query_scalar("select exists (select 1 from messages where name = $1)")
            .bind(&message.name)
            .fetch_one(conn)
            .await
    })?;
    tx.commit().await?;
    Ok(match (added, is_there) {
        (0, true) => Kept::Before,
        (0, false) => Kept::Full,
        _ => Kept::Now,
    })
}

/// All messages, the oldest first.
pub async fn all(db: &Db) -> sqlx::Result<Vec<Message>> {
    #[derive(FromRow)]
    struct Row {
        name: String,
        message: String,
        reply_to: Option<String>,
        about: Option<String>,
        lang: String,
        received_at: i64,
    }
    let rows: Vec<Row> = on_read!(db, pool => {
        sqlx::query_as(
            "select name, message, reply_to, about, lang, received_at from messages order by received_at, name",
        )
        .fetch_all(pool)
        .await
    })?;
    let message = |row: Row| {
        let Row { name, message, reply_to, about, lang, received_at } = row;
        let received = jiff::Timestamp::from_second(received_at).map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Message { name, message, reply_to, about, lang: Lang::stored(&lang), received })
    };
    rows.into_iter().map(message).collect()
}

/// Removes a message, and says whether it was there.
pub async fn remove(db: &Db, name: &str) -> sqlx::Result<bool> {
    let mut tx = db.begin().await?;
    let removed = on_tx!(&mut tx, conn => {
        sqlx::query("delete from messages where name = $1")
            .bind(name)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })?;
    tx.commit().await?;
    Ok(removed > 0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::testing::each_engine;

    fn message(name: &str, second: i64) -> Message {
        Message {
            name: name.into(),
            message: "a\nb".into(),
            reply_to: Some("a@example.org".into()),
            about: None,
            lang: Lang::DEFAULT,
            received: jiff::Timestamp::from_second(second).expect("a time"),
        }
    }

    #[tokio::test]
    async fn a_message_is_stored_once_and_comes_back_as_it_was() {
        for db in each_engine().await {
            let (early, late) = (message("b", 1), message("a", 2));
            assert_eq!(keep(&db, &late).await.expect("no error"), Kept::Now);
            assert_eq!(keep(&db, &early).await.expect("no error"), Kept::Now);
            assert_eq!(keep(&db, &message("a", 9)).await.expect("no error"), Kept::Before);
            assert_eq!(all(&db).await.expect("messages"), [early, late], "{db:?}");
            assert!(remove(&db, "a").await.expect("no error"));
            assert!(!remove(&db, "a").await.expect("no error"), "{db:?}");
        }
    }

    #[tokio::test]
    async fn without_room_a_message_is_refused_and_one_that_is_there_is_not() {
        for db in each_engine().await {
            assert_eq!(keep_among(&db, &message("a", 1), 1).await.expect("no error"), Kept::Now);
            assert_eq!(keep_among(&db, &message("b", 1), 1).await.expect("no error"), Kept::Full);
            assert_eq!(keep_among(&db, &message("a", 1), 1).await.expect("no error"), Kept::Before, "{db:?}");
        }
    }

    #[tokio::test]
    async fn sent_twice_at_once_it_is_stored_once() {
        for db in each_engine().await {
            let message = message("a", 1);
            let (one, two) = tokio::join!(keep(&db, &message), keep(&db, &message));
            let mut both = [one.expect("no error"), two.expect("no error")];
            both.sort_by_key(|it| *it == Kept::Before);
            assert_eq!(both, [Kept::Now, Kept::Before], "{db:?}");
        }
    }
}
