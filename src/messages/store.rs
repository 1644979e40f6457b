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
/// How long it is known of a removed message that it was there, in seconds: a device without a network may keep one for days.
const REMEMBERED: i64 = 30 * 24 * 60 * 60;

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
             and not exists (select 1 from removed_messages where name = $1 and removed_at > $8)
             on conflict (name) do nothing",
        )
        .bind(&message.name)
        .bind(&message.message)
        .bind(&message.reply_to)
        .bind(&message.about)
        .bind(message.lang.tag())
        .bind(message.received.as_second())
        .bind(most)
        .bind(message.received.as_second() - REMEMBERED)
        .execute(conn)
        .await
        .map(|done| done.rows_affected())
    })?;
    let is_there: bool = on_tx!(&mut tx, conn => {
        sqlx::query_scalar(
            "select exists (select 1 from messages where name = $1)
             or exists (select 1 from removed_messages where name = $1 and removed_at > $2)",
        )
        .bind(&message.name)
        .bind(message.received.as_second() - REMEMBERED)
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

/// Removes a message, and says whether it was there. For some time it is taken for one that was stored before.
pub async fn remove(db: &Db, name: &str) -> sqlx::Result<bool> {
    remove_at(db, name, jiff::Timestamp::now().as_second()).await
}

async fn remove_at(db: &Db, name: &str, now: i64) -> sqlx::Result<bool> {
    let mut tx = db.begin().await?;
    let removed = on_tx!(&mut tx, conn => {
        sqlx::query("delete from messages where name = $1")
            .bind(name)
            .execute(conn)
            .await
            .map(|done| done.rows_affected())
    })?;
    if removed > 0 {
        on_tx!(&mut tx, conn => {
            sqlx::query(
                "insert into removed_messages (name, removed_at) values ($1, $2)
                 on conflict (name) do update set removed_at = excluded.removed_at",
            )
            .bind(name)
            .bind(now)
            .execute(conn)
            .await
            .map(drop)
        })?;
    }
    on_tx!(&mut tx, conn => {
        sqlx::query("delete from removed_messages where removed_at <= $1")
            .bind(now - REMEMBERED)
            .execute(conn)
            .await
            .map(drop)
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
    async fn one_that_was_read_and_removed_does_not_come_again_soon() {
        for db in each_engine().await {
            assert_eq!(keep(&db, &message("a", 1)).await.expect("no error"), Kept::Now);
            assert!(remove_at(&db, "a", 100).await.expect("no error"));
            assert_eq!(keep(&db, &message("a", 99 + REMEMBERED)).await.expect("no error"), Kept::Before, "{db:?}");
            assert!(all(&db).await.expect("messages").is_empty());
            assert_eq!(keep(&db, &message("a", 100 + REMEMBERED)).await.expect("no error"), Kept::Now, "{db:?}");
            assert!(remove_at(&db, "a", 100 + REMEMBERED).await.expect("no error"));
            assert_eq!(keep(&db, &message("a", 101 + REMEMBERED)).await.expect("no error"), Kept::Before, "{db:?}");
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
