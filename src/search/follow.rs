//! Keeps the index up with the store, in the background: it is made where there is none, hears of every write, and is made anew
//! where it cannot be trusted.
//!
//! An index is never a reason for a site that does not start or a page that does not come: without one, nothing is found.

use super::{
    index::{self, LARGE, Narrow, SMALL, TextIndex, Writer},
    query::{self, Answer, Query},
    store,
};
use crate::{
    error::AppError,
    i18n::Lang,
    server::{
        changes::{self, Changes},
        db::Db,
    },
};
use std::{num::NonZero, path::Path, sync::Arc, time::Duration};
use tantivy::TantivyError;
use tokio::{
    sync::{Semaphore, watch},
    task::{JoinError, spawn_blocking},
    time::{sleep, timeout},
};

/// How long a search waits for what was written just before.
const PATIENCE: Duration = Duration::from_millis(300);
/// How long after a failure, or while another program writes the index, it is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// How many posts are read at once.
const CHUNK: u32 = 250;
/// After how many posts a new index is shown as far as it is.
const SHOWN_AFTER: usize = 20_000;

/// The index, and how far it is.
#[derive(Clone)]
pub struct Following {
    /// The index itself.
    pub index: TextIndex,
    changes: Arc<Changes>,
    state: watch::Receiver<State>,
    turns: Arc<Semaphore>,
}

/// What a search found.
#[derive(Debug)]
pub struct Answered {
    /// The keys of the texts, and how they were found.
    pub answer: Answer<String>,
    /// Whether everything was looked through that is there.
    pub is_complete: bool,
}

/// How far an index is.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
struct State {
    /// The last change to the store that it knows of.
    last: i64,
    /// Whether it has all that was there then.
    is_whole: bool,
    /// Whether it is being made, which takes time.
    is_coming: bool,
}

impl Following {
    /// Opens the index in `dir` and follows the store with it, for as long as the program runs.
    pub fn start(dir: &Path, db: Db, changes: Arc<Changes>) -> Result<Self, TantivyError> {
        let index = TextIndex::open(dir).or_else(|error| {
            let dir = dir.display();
            tracing::warn!(%error, %dir, "the search index cannot be written there: it is kept in memory");
            TextIndex::in_memory()
        })?;
        let (told, state) = watch::channel(State::default());
        let follower = Follower { db, index: index.clone(), changes: Arc::clone(&changes), told, writer: None };
        tokio::spawn(follower.follow());
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get);
        Ok(Self { index, changes, state, turns: Arc::new(Semaphore::new(cores)) })
    }

    /// Whether the index has everything that this machine has heard of; waits a moment for it.
    pub async fn is_current(&self) -> bool {
        let last = self.changes.last();
        let mut state = self.state.clone();
        let _ =
            timeout(PATIENCE, state.wait_for(|state| state.last >= last && state.is_whole || state.is_coming)).await;
        let state = *self.state.borrow();
        state.is_whole && state.last >= last
    }

    /// Answers a query for a reader of `lang`, with at most `limit` texts, the best first.
    pub async fn answer(&self, query: Query, lang: Lang, narrow: Narrow, limit: usize) -> Result<Answered, AppError> {
        let is_current = self.is_current().await;
        // A search keeps a processor busy: as many at once as there are, and none of them on a thread that others wait for.
        let failed = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "a search failed");
            AppError::Internal
        };
        let _turn = self.turns.acquire().await.map_err(|error| failed(&error))?;
        let search = self.index.search(lang, narrow, limit);
        let searched = spawn_blocking(move || {
            let answer = query::search(&search, &query, &index::languages())?;
            Ok::<_, TantivyError>(Answered { answer, is_complete: is_current && !search.was_cut() })
        });
        searched.await.map_err(|error| failed(&error))?.map_err(|error| failed(&error))
    }
}

struct Follower {
    db: Db,
    index: TextIndex,
    changes: Arc<Changes>,
    told: watch::Sender<State>,
    writer: Option<Writer>,
}

#[derive(Debug, thiserror::Error)]
enum Error {
    #[error("{0}")]
    Store(#[from] sqlx::Error),
    #[error("{0}")]
    Index(#[from] TantivyError),
    #[error("{0}")]
    Task(#[from] JoinError),
}

impl Error {
    /// Whether another program has the index.
    fn is_taken(&self) -> bool {
        matches!(self, Self::Index(TantivyError::LockFailure(..)))
    }
}

/// What the index says of itself: which store it was made from, how far, and whether it is all of it.
struct Note {
    store: String,
    last: i64,
    is_whole: bool,
}

impl Note {
    fn read(text: &str) -> Option<Self> {
        let mut words = text.split(' ');
        let (store, last, rest) = (words.next()?.to_owned(), words.next()?.parse().ok()?, words.next()?);
        Some(Self { store, last, is_whole: rest == "whole" })
    }

    fn format(&self) -> String {
        format!("{} {} {}", self.store, self.last, if self.is_whole { "whole" } else { "part" })
    }
}

impl Follower {
    async fn follow(mut self) {
        let mut failed = false;
        loop {
            match self.catch_up().await {
                Ok(()) => {
                    failed = false;
                    self.changes.news().await;
                }
                Err(error) => {
                    if !failed && !error.is_taken() {
                        tracing::error!(%error, "the search index cannot follow the store: it is tried again");
                    }
                    failed = true;
                    // What was not committed is not wanted: a new writer begins with what is there.
                    self.writer = None;
                    if let Err(error) = self.show() {
                        tracing::debug!(%error, "the search index cannot be read");
                    }
                    sleep(AGAIN).await;
                }
            }
        }
    }

    /// Has the index know of everything that was committed to the store until now.
    async fn catch_up(&mut self) -> Result<(), Error> {
        let identity = store::identity(&self.db).await?;
        if self.writer.is_none() {
            self.writer = Some(self.index.writer(SMALL)?);
        }
        let note = self.index.written().and_then(|text| Note::read(&text));
        let Some(note) = note.filter(|note| note.store == identity && note.is_whole) else {
            return self.make(identity).await;
        };
        let (Some(subjects), last) = changes::since(&self.db, note.last).await? else {
            return self.make(identity).await;
        };
        let mut changed = Vec::new();
        for subject in subjects {
            for key in store::keys(&self.db, &subject).await? {
                let entry = store::entry(&self.db, &key).await?;
                changed.push((key, entry));
            }
        }
        if last != note.last {
            self.write(move |writer| {
                for (key, entry) in &changed {
                    writer.remove(key);
                    entry.iter().try_for_each(|entry| writer.add(entry))?;
                }
                writer.commit(&Note { last, ..note }.format())
            })
            .await?;
        }
        self.show()?;
        Ok(())
    }

    /// Makes the index from the whole store. One that answered until now goes on to do so until the new one is whole.
    async fn make(&mut self, store: String) -> Result<(), Error> {
        let last = changes::newest(&self.db).await?;
        let is_new = self.index.is_empty();
        // Writing needs room, and gives it back.
        self.writer = None;
        self.writer = Some(self.index.writer(LARGE)?);
        let others = store::others(&self.db).await?;
        self.write(move |writer| {
            writer.clear()?;
            others.iter().try_for_each(|entry| writer.add(entry))
        })
        .await?;
        let mut from = Some(i64::MAX);
        let (mut count, mut unseen) = (0, 0);
        while let Some(number) = from {
            let (entries, next) = store::posts(&self.db, number, CHUNK).await?;
            (count, unseen, from) = (count + entries.len(), unseen + entries.len(), next);
            self.write(move |writer| entries.iter().try_for_each(|entry| writer.add(entry))).await?;
            if unseen < SHOWN_AFTER {
                continue;
            }
            unseen = 0;
            self.told.send_modify(|state| state.is_coming = true);
            if is_new {
                let note = Note { store: store.clone(), last, is_whole: false };
                self.write(move |writer| writer.commit(&note.format())).await?;
                self.show()?;
            }
        }
        self.write(move |writer| writer.commit(&Note { store, last, is_whole: true }.format())).await?;
        self.show()?;
        tracing::info!(posts = count, "the search index is made");
        if let Some(writer) = self.writer.take() {
            spawn_blocking(move || writer.finish()).await??;
        }
        self.writer = Some(self.index.writer(SMALL)?);
        // What was changed meanwhile.
        self.changes.wake();
        Ok(())
    }

    /// Does work that keeps a processor busy where nobody waits for it.
    async fn write(
        &mut self,
        work: impl FnOnce(&mut Writer) -> Result<(), TantivyError> + Send + 'static,
    ) -> Result<(), Error> {
        let Some(mut writer) = self.writer.take() else { return Ok(()) };
        let (writer, done) = spawn_blocking(move || {
            let done = work(&mut writer);
            (writer, done)
        })
        .await?;
        self.writer = Some(writer);
        Ok(done?)
    }

    /// Has searches see what is written, by whomever, and says how far that is.
    fn show(&self) -> Result<(), Error> {
        self.index.reload()?;
        if let Some(note) = self.index.written().and_then(|text| Note::read(&text)) {
            let state = State { last: note.last, is_whole: note.is_whole, is_coming: !note.is_whole };
            self.told.send_replace(state);
        }
        Ok(())
    }
}
