//! What a page shows and what a write changed, so that a finished page is used until something on it is different.
//!
//! Reads name what they show (`shows`, `shows_list`), writes name what they change (`Tx::changed`). Each commit leaves its
//! changes in a table, which every machine follows, whoever wrote: this program, `pavise import`, another machine.

use super::db::{Db, Tx, on_read, on_tx};
use jiff::Timestamp;
use leptos::prelude::use_context;
use sqlx::{FromRow, QueryBuilder};
use std::{
    collections::VecDeque,
    ops::RangeInclusive,
    sync::{
        Arc, Mutex, PoisonError, RwLock,
        atomic::{AtomicBool, AtomicI64, AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::{sync::Notify, time::timeout};

/// A place in a list of posts: seconds since 1970, number. A list is in this order.
pub type At = (i64, i64);

/// The subject of a change that may be anywhere.
const EVERYTHING: &str = "everything";
/// The subject of a change to any page, but to no text: texts that are others are named beside it.
const EVERY_PAGE: &str = "every page";
/// What an answer shows that may show anything.
const ANYTHING: &str = "anything";

/// Something that a write changed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Change {
    subject: String,
    at: Option<At>,
}

impl Change {
    fn to(subject: impl Into<String>) -> Self {
        Self { subject: subject.into(), at: None }
    }

    fn is_of(&self, subject: &str) -> bool {
        self.subject == subject
    }

    fn is_of_a_list(&self) -> bool {
        self.at.is_some()
    }
}

/// Something that a page shows.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Shown {
    subject: String,
    /// The part of a list.
    part: Option<RangeInclusive<At>>,
}

impl Shown {
    fn is_changed_by(&self, change: &Change) -> bool {
        let place = || match (&self.part, change.at) {
            (Some(part), Some(at)) => part.contains(&at),
            _ => true,
        };
        change.is_of(EVERYTHING)
            || change.is_of(EVERY_PAGE)
            || self.subject == ANYTHING
            || self.subject == change.subject && place()
    }
}

/// What an answer shows, noted while it is made.
#[derive(Clone, Debug, Default)]
pub struct Shows(Arc<Mutex<Vec<Shown>>>);

impl Shows {
    fn note(&self, shown: Shown) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if !all.contains(&shown) {
            all.push(shown);
        }
    }

    /// Whether the answer is good for this moment only.
    pub fn are_of_this_moment(&self) -> bool {
        self.0.lock().unwrap_or_else(PoisonError::into_inner).iter().any(|shown| shown.subject == MOMENT)
    }

    /// Whether the answer may be another after this change. One that named nothing may be after any.
    fn is_changed_by(&self, change: &Change) -> bool {
        let all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        all.is_empty() || all.iter().any(|shown| shown.is_changed_by(change))
    }
}

/// Notes that the answer to this request shows `subject`.
pub fn shows(subject: impl Into<String>) {
    if let Some(all) = use_context::<Shows>() {
        all.note(Shown { subject: subject.into(), part: None });
    }
}

/// What an answer shows that may be another at any moment.
const MOMENT: &str = "moment";

/// Notes that the next answer to this request may be another, though nothing is changed: it is not kept.
pub fn shows_this_moment() {
    shows(MOMENT);
}

/// Notes that the answer to this request may be another after any change.
pub fn shows_anything() {
    shows(ANYTHING);
}

/// Notes that the answer to this request shows this part of a list: any post in it, and that there are no others.
pub fn shows_list(subject: impl Into<String>, part: RangeInclusive<At>) {
    if let Some(all) = use_context::<Shows>() {
        all.note(Shown { subject: subject.into(), part: Some(part) });
    }
}

impl Tx {
    /// Names something that this transaction changes.
    pub fn changed(&mut self, subject: impl Into<String>) {
        self.name(Change::to(subject));
    }

    /// Names a place of a list that this transaction changes: a post came there, went, or is another.
    pub fn changed_list(&mut self, subject: impl Into<String>, at: At) {
        self.name(Change { subject: subject.into(), at: Some(at) });
    }

    /// Says that anything may be different after this transaction.
    pub fn changed_everything(&mut self) {
        self.changes = vec![Change::to(EVERYTHING)];
    }

    /// Says that any page may be different after this transaction, but no text that is not named.
    pub fn changed_every_page(&mut self) {
        if !self.says(EVERYTHING) && !self.says(EVERY_PAGE) {
            self.changes.retain(|change| !change.is_of_a_list());
            self.changes.insert(0, Change::to(EVERY_PAGE));
        }
    }

    /// Whether one of the two words for many is said, which stand first.
    fn says(&self, word: &str) -> bool {
        self.changes.first().is_some_and(|first| first.is_of(word))
    }

    fn name(&mut self, change: Change) {
        /// To name more would cost more than to make all pages anew.
        const MOST: usize = 1000;
        let is_said = self.says(EVERYTHING) || self.says(EVERY_PAGE) && change.is_of_a_list();
        if is_said || self.changes.contains(&change) {
            return;
        }
        self.changes.push(change);
        if self.changes.len() > MOST {
            // The search index is made anew for hundreds of thousands of texts in minutes: it hears of more.
            self.changed_every_page();
        }
        if self.changes.len() > KEPT as usize {
            self.changed_everything();
        }
    }
}

/// How many changes are kept, in the store and in memory.
const KEPT: i64 = 4096;

/// Writes what a transaction changed; it is the only one that writes.
pub(super) async fn record(tx: &mut Tx) -> sqlx::Result<()> {
    let changes = std::mem::take(&mut tx.changes);
    on_tx!(tx, conn => {
        let last: i64 = sqlx::query_scalar("select coalesce(max(id), 0) from changes").fetch_one(&mut *conn).await?;
        let mut query = QueryBuilder::new("insert into changes (id, subject, published_at, post_id) ");
        query.push_values((last + 1..).zip(&changes), |mut row, (id, change)| {
            row.push_bind(id).push_bind(&change.subject);
            row.push_bind(change.at.map(|at| at.0)).push_bind(change.at.map(|at| at.1));
        });
        query.build().execute(&mut *conn).await?;
        sqlx::query("delete from changes where id <= $1").bind(last - KEPT).execute(conn).await.map(drop)
    })
}

/// Says that everything is another in a store that was just filled, with a number beyond all that a machine can have heard of from
/// the one that was here before: a machine that goes on would take what is new for what it knows.
pub async fn start_anew(tx: &mut Tx, now: Timestamp) -> sqlx::Result<()> {
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into changes (id, subject)
             select case when coalesce(max(id), 0) < $1 then $1 else max(id) + 1 end, $2 from changes",
        )
        .bind(now.as_second())
        .bind(EVERYTHING)
        .execute(conn)
        .await
        .map(drop)
    })
}

/// The changes to the store, as far as this machine has heard of them.
///
/// Readers need no clock: the store is asked at a request, and who reads after a write sees it.
#[derive(Debug)]
pub struct Changes {
    /// The number of the last one.
    last: AtomicI64,
    /// The last ones, oldest first.
    recent: RwLock<VecDeque<(i64, Change)>>,
    /// Whether the store answered when it was asked last.
    heard: AtomicBool,
    /// From when on the store is to be asked again, in milliseconds since `start`.
    next: AtomicU64,
    start: Instant,
    /// Held by the one who asks.
    asking: tokio::sync::Mutex<()>,
    /// Wakes who waits for changes.
    news: Notify,
}

/// For how long an answer of the store is good. Asking takes some 50 µs of SQLite, a round trip of PostgreSQL.
const GOOD: Duration = Duration::from_millis(5);
/// How long a reader waits for the store before pages are used as they are.
const PATIENCE: Duration = Duration::from_secs(1);
/// When a store that did not answer is asked again.
const AGAIN: Duration = Duration::from_secs(3);

#[derive(FromRow)]
struct Row {
    id: i64,
    subject: String,
    published_at: Option<i64>,
    post_id: Option<i64>,
}

impl Changes {
    /// Begins with the state that the store has now.
    pub async fn of(db: &Db) -> sqlx::Result<Self> {
        let last = newest(db).await?;
        Ok(Self {
            last: last.into(),
            recent: RwLock::default(),
            heard: true.into(),
            next: 0.into(),
            start: Instant::now(),
            asking: Default::default(),
            news: Notify::new(),
        })
    }

    /// The number of the last change that this machine has heard of.
    pub fn last(&self) -> i64 {
        self.last.load(Ordering::Acquire)
    }

    /// Whether this machine hears of changes; if not, what it has may be out of date.
    pub fn are_heard(&self) -> bool {
        self.heard.load(Ordering::Relaxed)
    }

    /// Whether an answer that was begun after the change `since` is still what would be made now.
    pub fn leave_alone(&self, shows: &Shows, since: i64) -> bool {
        let recent = self.recent.read().unwrap_or_else(PoisonError::into_inner);
        let oldest = recent.front().map_or(i64::MAX, |(id, _)| *id);
        let is_complete = since >= self.last() || oldest <= since + 1;
        is_complete && !recent.iter().rev().take_while(|(id, _)| *id > since).any(|(_, it)| shows.is_changed_by(it))
    }

    /// Hears of what was committed until some milliseconds ago, or sees that the store does not answer.
    pub async fn keep_up(&self, db: &Db) {
        if self.millis() < self.next.load(Ordering::Relaxed) {
            return;
        }
        let _turn = self.asking.lock().await;
        if self.millis() < self.next.load(Ordering::Relaxed) {
            return;
        }
        let heard = timeout(PATIENCE, self.catch_up(db)).await;
        let error = match &heard {
            Ok(Ok(())) => None,
            Ok(Err(error)) => Some(error.to_string()),
            Err(_) => Some(format!("no answer within {} ms", PATIENCE.as_millis())),
        };
        let good = if error.is_none() { GOOD } else { AGAIN };
        self.next.store(self.millis() + good.as_millis() as u64, Ordering::Relaxed);
        let before = self.heard.swap(error.is_none(), Ordering::Relaxed);
        match error {
            Some(error) if before => {
                tracing::error!(error, "the store's changes cannot be read: pages may be out of date")
            }
            None if !before => tracing::info!("the store's changes can be read again"),
            _ => {}
        }
    }

    fn millis(&self) -> u64 {
        self.start.elapsed().as_millis() as u64
    }

    /// Hears of everything that was committed until now.
    pub async fn catch_up(&self, db: &Db) -> sqlx::Result<()> {
        let last = self.last();
        let rows: Vec<Row> = on_read!(db, pool => {
            sqlx::query_as("select id, subject, published_at, post_id from changes where id > $1 order by id")
                .bind(last)
                .fetch_all(pool)
                .await
        })?;
        let Some(newest) = rows.last().map(|row| row.id) else { return Ok(()) };
        let mut recent = self.recent.write().unwrap_or_else(PoisonError::into_inner);
        // Another reader may have been faster.
        let after = self.last();
        if rows.first().is_some_and(|row| row.id > after + 1) {
            // Some were forgotten before they were heard of.
            recent.clear();
        }
        for Row { id, subject, published_at, post_id } in rows.into_iter().filter(|row| row.id > after) {
            recent.push_back((id, Change { subject, at: published_at.zip(post_id) }));
        }
        let surplus = recent.len().saturating_sub(KEPT as usize);
        recent.drain(..surplus);
        self.last.fetch_max(newest, Ordering::Release);
        self.wake();
        Ok(())
    }

    /// Has the one who waits for changes look at the store again.
    pub fn wake(&self) {
        self.news.notify_one();
    }

    /// Waits until this machine has heard of a change since this was asked last. It is for one who asks.
    pub async fn news(&self) {
        self.news.notified().await;
    }
}

/// What was changed after the change `since`, and the number of the last change; no subjects where it may be anything.
pub async fn since(db: &Db, since: i64) -> sqlx::Result<(Option<Vec<String>>, i64)> {
    let last = newest(db).await?;
    let mut subjects: Vec<String> = on_read!(db, pool => {
        sqlx::query_scalar("select subject from changes where id > $1 and id <= $2")
            .bind(since)
            .bind(last)
            .fetch_all(pool)
            .await
    })?;
    let is_complete = subjects.len() as i64 == last - since;
    subjects.sort_unstable();
    subjects.dedup();
    let is_told = is_complete && !subjects.iter().any(|subject| subject == EVERYTHING);
    Ok((is_told.then_some(subjects), last))
}

/// The number of the last change.
pub async fn newest(db: &Db) -> sqlx::Result<i64> {
    on_read!(db, pool => sqlx::query_scalar("select coalesce(max(id), 0) from changes").fetch_one(pool).await)
}

#[cfg(test)]
pub mod testing {
    //! What answers show, for tests of what keeps them.

    use super::*;

    /// What an answer has that shows this subject.
    pub fn shows_subject(subject: &str) -> Shows {
        let shows = Shows::default();
        shows.note(Shown { subject: subject.into(), part: None });
        shows
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::testing::each_engine;

    fn showing(shown: &[(&str, Option<RangeInclusive<At>>)]) -> Shows {
        let shows = Shows::default();
        for (subject, part) in shown {
            shows.note(Shown { subject: (*subject).into(), part: part.clone() });
        }
        shows
    }

    async fn write(db: &Db, name: impl FnOnce(&mut Tx)) {
        let mut tx = db.begin().await.expect("a transaction");
        name(&mut tx);
        tx.commit().await.expect("committed");
    }

    #[tokio::test]
    async fn an_answer_is_left_alone_until_something_on_it_changes() {
        for db in each_engine().await {
            let changes = Changes::of(&db).await.expect("changes");
            let since = changes.last();
            let page = showing(&[("posts", Some((20, 1)..=(30, 9))), ("documents/pages", None)]);
            let left_alone = async || {
                changes.catch_up(&db).await.expect("heard");
                changes.leave_alone(&page, since)
            };
            assert!(left_alone().await);
            write(&db, |tx| {
                tx.changed_list("posts", (31, 1));
                tx.changed_list("posts", (20, 0));
                tx.changed_list("posts/topic/x", (25, 1));
                tx.changed("documents/topics");
            })
            .await;
            assert!(left_alone().await, "{db:?}");
            write(&db, |tx| tx.changed_list("posts", (20, 1))).await;
            assert!(!left_alone().await, "{db:?}");
            assert!(changes.leave_alone(&page, changes.last()), "made after that, it is good again");
        }
    }

    #[tokio::test]
    async fn what_named_nothing_is_changed_by_anything_and_everything_changes_all() {
        assert!(
            showing(&[("moment", None)]).are_of_this_moment() && !showing(&[("anything", None)]).are_of_this_moment()
        );
        for db in each_engine().await {
            let changes = Changes::of(&db).await.expect("changes");
            let since = changes.last();
            write(&db, |tx| tx.changed("plans")).await;
            changes.catch_up(&db).await.expect("heard");
            assert!(!changes.leave_alone(&Shows::default(), since), "{db:?}");
            let page = showing(&[("documents/pages", None)]);
            assert!(changes.leave_alone(&page, since));
            assert!(!changes.leave_alone(&showing(&[("anything", None)]), since));
            write(&db, |tx| (0..5000).for_each(|n| tx.changed_list("posts", (n, n)))).await;
            changes.catch_up(&db).await.expect("heard");
            assert!(!changes.leave_alone(&page, since), "so much was named that it is every page");
        }
    }

    #[tokio::test]
    async fn a_large_import_names_its_texts_and_every_page_and_one_beyond_all_measure_everything() {
        for db in each_engine().await {
            let begun = newest(&db).await.expect("a number");
            let import = |posts: i64| {
                move |tx: &mut Tx| {
                    for n in 0..posts {
                        tx.changed(format!("post/{n}"));
                        (0..9).for_each(|list| tx.changed_list(format!("posts/topic/{list}"), (n, n)));
                    }
                }
            };
            write(&db, import(500)).await;
            let (subjects, last) = since(&db, begun).await.expect("changes");
            let subjects = subjects.expect("they are told");
            assert!((0..500).all(|n| subjects.contains(&format!("post/{n}"))), "{db:?}");
            let changes = Changes::of(&db).await.expect("changes");
            write(&db, import(5000)).await;
            assert_eq!(since(&db, last).await.expect("changes"), (None, last + 1), "{db:?}");
            changes.catch_up(&db).await.expect("heard");
            assert!(!changes.leave_alone(&showing(&[("plans", None)]), last));
        }
    }

    #[tokio::test]
    async fn who_has_missed_forgotten_changes_uses_nothing_from_before() {
        for db in each_engine().await {
            let changes = Changes::of(&db).await.expect("changes");
            let since = changes.last();
            for n in 0..6 {
                write(&db, |tx| (0..900).for_each(|m| tx.changed_list("posts", (n, m)))).await;
            }
            changes.catch_up(&db).await.expect("heard");
            assert!(!changes.leave_alone(&showing(&[("plans", None)]), since), "{db:?}");
            assert!(changes.leave_alone(&showing(&[("plans", None)]), changes.last() - 100));
        }
    }

    #[tokio::test]
    async fn a_transaction_that_is_given_up_changes_nothing() {
        for db in each_engine().await {
            let changes = Changes::of(&db).await.expect("changes");
            let mut tx = db.begin().await.expect("a transaction");
            tx.changed_everything();
            drop(tx);
            changes.catch_up(&db).await.expect("heard");
            assert_eq!(changes.last(), newest(&db).await.expect("a number"));
            assert!(changes.leave_alone(&Shows::default(), 0), "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_store_that_does_not_answer_is_noticed_and_not_asked_by_everyone() {
        for db in each_engine().await {
            let changes = Changes::of(&db).await.expect("changes");
            changes.keep_up(&db).await;
            assert!(changes.are_heard(), "{db:?}");
            db.close().await;
            changes.next.store(0, Ordering::Relaxed);
            changes.keep_up(&db).await;
            assert!(!changes.are_heard(), "{db:?}");
            assert!(changes.next.load(Ordering::Relaxed) > changes.millis() + 500);
        }
    }
}
