//! Keeps the index up with the store, in the background: it is made where there is none, hears of every write, and is made anew
//! where it cannot be trusted.
//!
//! An index is never a reason for a site that does not start or a page that does not come: without one, nothing is found.

use super::{
    index::{self, Narrow, TextIndex, Writer},
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
use std::{
    mem,
    path::{Path, PathBuf},
    sync::{
        Arc, PoisonError, RwLock,
        atomic::{AtomicBool, Ordering},
    },
    time::Duration,
};
use tantivy::{TantivyError, directory::error::LockError};
use tokio::{
    sync::{Semaphore, watch},
    task::{JoinError, spawn_blocking},
    time::{sleep, timeout},
};

/// How long a search waits for what was written just before.
const PATIENCE: Duration = Duration::from_secs(1);
/// How often the store is asked for changes that nobody asked for: other machines and programs may serve readers and write.
const OFTEN: Duration = Duration::from_millis(500);
/// How long after a change the index is written.
const SOON: Duration = Duration::from_millis(50);
/// How long after a failure it is tried again.
const AGAIN: Duration = Duration::from_secs(1);
/// How long the store may take for what is read at once. Readers' requests have less; a machine that is gone would take for ever.
const READING: Duration = Duration::from_secs(30);
/// How many posts are read at once.
const CHUNK: u32 = 250;
/// How many posts, the newest, an index has that can be nowhere but in memory: about 30 MB.
const IN_MEMORY: usize = 20_000;
/// After how many posts a new index is shown as far as it is.
const SHOWN_AFTER: usize = 20_000;

/// The index, and how far it is.
#[derive(Clone)]
pub struct Following {
    index: Shared,
    changes: Arc<Changes>,
    state: watch::Receiver<State>,
    /// Says that the index cannot be read.
    broken: Arc<AtomicBool>,
    turns: Arc<Semaphore>,
}

/// The index that is in use: another one, when that one is broken.
type Shared = Arc<RwLock<TextIndex>>;

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
    /// Whether it could not be brought up to date when that was last tried.
    is_failing: bool,
    /// Whether there was no room for older posts.
    is_cut: bool,
}

impl Following {
    /// Opens the index in `dir` and follows the store with it, for as long as the program runs.
    pub fn start(dir: &Path, db: Db, changes: Arc<Changes>) -> Result<Self, TantivyError> {
        Self::begin(dir, db, changes, IN_MEMORY)
    }

    fn begin(dir: &Path, db: Db, changes: Arc<Changes>, in_memory: usize) -> Result<Self, TantivyError> {
        let (opened, room) = open(dir, in_memory)?;
        let shared = Arc::new(RwLock::new(opened.clone()));
        let broken = Arc::new(AtomicBool::new(false));
        let (told, state) = watch::channel(State::default());
        let follower = Follower {
            db,
            dir: dir.to_owned(),
            in_memory,
            index: opened,
            room,
            made: 0,
            is_cut: false,
            shared: Arc::clone(&shared),
            broken: Arc::clone(&broken),
            changes: Arc::clone(&changes),
            told,
            store: None,
            writer: None,
            shown: None,
        };
        tokio::spawn(follower.follow());
        Ok(Self { index: shared, changes, state, broken, turns: Arc::new(Semaphore::new(index::cores())) })
    }

    /// Whether the index has everything that this machine has heard of; waits a moment for it.
    pub async fn is_current(&self) -> bool {
        let last = self.changes.last();
        let mut state = self.state.clone();
        let is_known = |state: &State| state.last >= last && state.is_whole || state.is_coming || state.is_failing;
        let _ = timeout(PATIENCE, state.wait_for(is_known)).await;
        let state = *self.state.borrow();
        state.is_whole && state.last >= last
    }

    /// How many texts are in the index.
    pub fn texts(&self) -> u64 {
        self.index.read().unwrap_or_else(PoisonError::into_inner).texts()
    }

    /// Whether the index has everything that this machine has heard of, as far as it is now.
    pub fn is_current_now(&self) -> bool {
        let state = *self.state.borrow();
        state.is_whole && state.last >= self.changes.last()
    }

    /// Answers a query for a reader of `lang`, with at most `limit` texts, the best first.
    pub async fn answer(&self, query: Query, lang: Lang, narrow: Narrow, limit: usize) -> Result<Answered, AppError> {
        let was_current = self.is_current().await;
        let failed = |error: &dyn std::fmt::Display| {
            tracing::error!(%error, "a search failed");
            AppError::Internal
        };
        // A search keeps a processor busy: as many at once as there are, and none of them on a thread that others wait for. Its
        // turn ends with the work, also where nobody waits for the answer any more.
        let turn = Arc::clone(&self.turns).acquire_owned().await.map_err(|error| failed(&error))?;
        let index = self.index.read().unwrap_or_else(PoisonError::into_inner).clone();
        // Another index may have taken the place of the one that was current.
        let state = *self.state.borrow();
        let is_current = was_current && state.is_whole && !state.is_cut;
        let searched = spawn_blocking(move || {
            let _turn = turn;
            let search = index.search(&query, lang, narrow, limit);
            let answer = query::search(&search, &query, &index::languages())?;
            Ok::<_, TantivyError>(Answered { answer, is_complete: is_current && !search.was_cut() })
        });
        let searched = searched.await.map_err(|error| failed(&error))?;
        searched.map_err(|error| {
            if index::is_broken(&error) {
                self.broken.store(true, Ordering::Relaxed);
                self.changes.wake();
            }
            failed(&error)
        })
    }
}

/// An index, and how many posts there is room for: `in_memory`, where no file can be written.
fn open(dir: &Path, in_memory: usize) -> Result<(TextIndex, usize), TantivyError> {
    TextIndex::open(dir).map(|index| (index, usize::MAX)).or_else(|error| {
        let dir = dir.display();
        tracing::warn!(%error, %dir, posts = in_memory, "the search index cannot be written there: it is kept in memory, of the newest posts");
        Ok((TextIndex::in_memory()?, in_memory))
    })
}

struct Follower {
    db: Db,
    dir: PathBuf,
    in_memory: usize,
    index: TextIndex,
    room: usize,
    /// How many texts were in it when it was last made.
    made: u64,
    is_cut: bool,
    shared: Shared,
    broken: Arc<AtomicBool>,
    changes: Arc<Changes>,
    told: watch::Sender<State>,
    /// The name of the store.
    store: Option<String>,
    writer: Option<Writer>,
    /// What the index said of itself when it was last shown.
    shown: Option<String>,
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
    /// Whether another program writes the index.
    fn is_taken(&self) -> bool {
        matches!(self, Self::Index(TantivyError::LockFailure(LockError::LockBusy, _)))
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
        loop {
            let followed = match self.catch_up().await {
                // The other program follows as well: what it wrote is read.
                Err(error) if error.is_taken() => self.show(),
                Err(error) => Err(error),
                Ok(()) => self.show(),
            };
            let (is_failing, was_failing) = (followed.is_err(), self.told.borrow().is_failing);
            self.told.send_if_modified(|told| mem::replace(&mut told.is_failing, is_failing) != is_failing);
            match followed {
                Ok(()) => {}
                Err(error) => {
                    if !was_failing {
                        tracing::error!(%error, "the search index cannot follow the store: it is tried again");
                    }
                    // What was not committed is not wanted: a new writer begins with what is there.
                    self.writer = None;
                    if matches!(&error, Error::Index(error) if index::is_broken(error)) {
                        self.broken.store(true, Ordering::Relaxed);
                    }
                    sleep(AGAIN).await;
                }
            }
            if self.broken.swap(false, Ordering::Relaxed) {
                self.replace();
                continue;
            }
            if timeout(OFTEN, self.changes.news()).await.is_ok() {
                // Readers' pages come first, and more changes may follow.
                sleep(SOON).await;
            }
        }
    }

    /// Begins again with an index that can be read: another one, where this one cannot.
    fn replace(&mut self) {
        self.writer = None;
        self.shown = None;
        self.told.send_modify(|told| *told = State { is_failing: told.is_failing, ..State::default() });
        match index::remove(&self.dir).and_then(|()| open(&self.dir, self.in_memory)) {
            Ok((index, room)) => {
                self.index = index.clone();
                self.room = room;
                self.is_cut = false;
                self.made = 0;
                *self.shared.write().unwrap_or_else(PoisonError::into_inner) = index;
            }
            Err(error) => tracing::error!(%error, "the search index cannot be made anew"),
        }
    }

    /// Has the index know of everything that was committed to the store until now.
    async fn catch_up(&mut self) -> Result<(), Error> {
        let store = match &self.store {
            Some(store) => store.clone(),
            None => self.store.insert(in_time(store::identity(&self.db)).await?).clone(),
        };
        if self.writer.is_none() {
            self.writer = Some(self.index.writer()?);
        }
        let note = self.index.written().and_then(|text| Note::read(&text));
        let Some(note) = note.filter(|note| note.store == store && note.is_whole) else {
            return self.make(store).await;
        };
        let (Some(subjects), last) = in_time(changes::since(&self.db, note.last)).await? else {
            return self.make(store).await;
        };
        if has_outgrown(self.index.texts(), self.made, self.room) {
            return self.make(store).await;
        }
        // A large import takes its time, for which no search waits.
        self.told.send_if_modified(|state| {
            state.is_coming |= subjects.len() > CHUNK as usize;
            state.is_coming
        });
        for some in subjects.chunks(CHUNK as usize) {
            let mut changed = Vec::new();
            for subject in some {
                for key in in_time(store::keys(&self.db, subject)).await? {
                    let entry = in_time(store::entry(&self.db, &key)).await?;
                    changed.push((key, entry));
                }
            }
            self.write(move |writer| {
                changed.iter().try_for_each(|(key, entry)| {
                    writer.remove(key);
                    entry.iter().try_for_each(|entry| writer.add(entry))
                })
            })
            .await?;
        }
        if last != note.last {
            self.write(move |writer| writer.commit(&Note { last, ..note }.format())).await?;
        }
        Ok(())
    }

    /// Makes the index from the whole store. One that answered until now goes on to do so until the new one is whole.
    async fn make(&mut self, store: String) -> Result<(), Error> {
        let last = in_time(changes::newest(&self.db)).await?;
        // An index of other languages or of another store answers nobody rightly: it is gone at once.
        let is_own = self.index.written().and_then(|text| Note::read(&text)).is_some_and(|note| note.store == store);
        if !is_own {
            let note = Note { store: store.clone(), last, is_whole: false };
            self.write(move |writer| writer.clear().and_then(|()| writer.commit(&note.format()))).await?;
            self.index.reload()?;
        }
        let others = in_time(store::others(&self.db)).await?;
        self.write(move |writer| {
            writer.clear()?;
            others.iter().try_for_each(|entry| writer.add(entry))
        })
        .await?;
        let mut from = Some(i64::MAX);
        let (mut count, mut unseen) = (0, 0);
        self.is_cut = false;
        while let Some(number) = from {
            let (mut entries, next) = in_time(store::posts(&self.db, number, CHUNK)).await?;
            self.is_cut = entries.len() > self.room - count;
            entries.truncate(self.room - count);
            (count, unseen) = (count + entries.len(), unseen + entries.len());
            from = next.filter(|_| !self.is_cut);
            self.write(move |writer| entries.iter().try_for_each(|entry| writer.add(entry))).await?;
            if unseen < SHOWN_AFTER {
                continue;
            }
            unseen = 0;
            self.told.send_modify(|state| state.is_coming = true);
            if !is_own {
                let note = Note { store: store.clone(), last, is_whole: false };
                self.write(move |writer| writer.commit(&note.format())).await?;
                self.show()?;
            }
        }
        self.write(move |writer| writer.commit(&Note { store, last, is_whole: true }.format())).await?;
        self.show()?;
        self.made = self.index.texts();
        tracing::info!(posts = count, "the search index is made");
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
    fn show(&mut self) -> Result<(), Error> {
        // What is said first may be less than what is seen then, and never more.
        let written = self.index.written();
        if self.shown == written && written.is_some() {
            return Ok(());
        }
        self.index.reload()?;
        let note = written.as_deref().and_then(Note::read);
        let state = match note.filter(|note| Some(&note.store) == self.store.as_ref()) {
            Some(note) => State { last: note.last, is_whole: note.is_whole, is_cut: self.is_cut, ..State::default() },
            None => State::default(),
        };
        self.told.send_if_modified(|told| {
            // A large index that is being made stays one until it is whole.
            let state = State { is_coming: told.is_coming && !state.is_whole, is_failing: told.is_failing, ..state };
            mem::replace(told, state) != state
        });
        self.shown = written;
        Ok(())
    }
}

/// What the store says, if it says it in time.
async fn in_time<T>(read: impl Future<Output = sqlx::Result<T>>) -> sqlx::Result<T> {
    timeout(READING, read).await.unwrap_or(Err(sqlx::Error::PoolTimedOut))
}

/// Whether an index in memory has grown by as much again as it had when it was `made`, in texts: its oldest have to go. Room is
/// for so many posts, and a post has a text for each of its wordings.
fn has_outgrown(texts: u64, made: u64, room: usize) -> bool {
    room < usize::MAX && texts / 2 > made.max(room as u64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        posts::{
            Slug,
            file::{PostFile, RemovedPost},
            write,
        },
        search::index::Entry,
        server::db::testing::each_engine,
    };
    use jiff::civil::date;

    fn post(name: &str, title: &str) -> PostFile {
        PostFile {
            lang: Lang::DEFAULT,
            slug: Slug::parse(name).expect("a slug"),
            id: None,
            title: title.into(),
            summary: "About it.".into(),
            published: "2023-01-01T00:00:00Z".parse().expect("a timestamp"),
            updated: None,
            author: None,
            topics: Vec::new(),
            reports_on: Vec::new(),
            redirect_from: Vec::new(),
            picture: None,
            body: format!("Words of {name}.\n"),
            translations: Vec::new(),
        }
    }

    async fn publish(db: &Db, post: &PostFile) {
        let mut tx = db.begin().await.expect("a transaction");
        write::put(&mut tx, post, &Default::default()).await.expect("stored");
        tx.commit().await.expect("committed");
    }

    struct Site {
        following: Following,
        changes: Arc<Changes>,
        db: Db,
    }

    /// The index as it is now, without the one who holds it.
    fn copied(dir: &Path) -> tempfile::TempDir {
        let copy = tempfile::tempdir().expect("a folder");
        let (from, to) = (index::own_folder(dir), index::own_folder(copy.path()));
        std::fs::create_dir(&to).expect("a folder");
        for file in std::fs::read_dir(from).expect("files").flatten() {
            if !file.file_name().to_string_lossy().ends_with(".lock") {
                std::fs::copy(file.path(), to.join(file.file_name())).expect("copied");
            }
        }
        copy
    }

    /// The same with one text more, like `post/one`, that the store does not have: an index that is made anew has not got it.
    async fn marked(dir: &Path, db: &Db) -> tempfile::TempDir {
        let copy = copied(dir);
        let one = store::entry(db, "post/one").await.expect("no error").expect("a post");
        let index = TextIndex::open(copy.path()).expect("an index");
        let mut writer = index.writer().expect("a writer");
        writer.add(&Entry { key: "post/mark".into(), ..one }).expect("added");
        writer.commit(&index.written().expect("a note")).expect("committed");
        copy
    }

    async fn start(dir: &Path, db: &Db) -> Site {
        let changes = Arc::new(Changes::of(db).await.expect("changes"));
        let following = Following::start(dir, db.clone(), Arc::clone(&changes)).expect("an index");
        Site { following, changes, db: db.clone() }
    }

    impl Site {
        /// What is found once the index has everything that was written.
        async fn find(&self, query: &str) -> Vec<String> {
            self.changes.catch_up(&self.db).await.expect("heard");
            let current = async { while !self.following.is_current().await {} };
            timeout(Duration::from_secs(30), current).await.expect("the index follows");
            let query = Query::read(query, false);
            let answered = self.following.answer(query, Lang::DEFAULT, Narrow::default(), 10).await.expect("an answer");
            assert!(answered.is_complete);
            answered.answer.hits
        }
    }

    #[tokio::test]
    async fn what_is_written_is_found_and_what_is_removed_is_not() {
        for db in each_engine().await {
            let dir = tempfile::tempdir().expect("a folder");
            publish(&db, &post("one", "Harbour")).await;
            let site = start(dir.path(), &db).await;
            assert_eq!(site.find("harbour").await, ["post/one"], "{db:?}");
            publish(&db, &post("two", "Harbours and lighthouses")).await;
            assert_eq!(site.find("harbour").await.len(), 2, "{db:?}");
            publish(&db, &post("two", "Lighthouses")).await;
            assert_eq!(site.find("harbour").await, ["post/one"], "{db:?}");
            let mut tx = db.begin().await.expect("a transaction");
            let slug = |name| Slug::parse(name).expect("a slug");
            write::rename(&mut tx, &[(slug("two"), slug("three"))]).await.expect("renamed");
            let removed = RemovedPost { slug: slug("one"), day: date(2024, 1, 1), redirect_from: Vec::new() };
            write::remove(&mut tx, &removed).await.expect("removed");
            tx.commit().await.expect("committed");
            assert_eq!(site.find("words").await, ["post/three"], "{db:?}");
            assert!(site.find("harbour").await.is_empty(), "{db:?}");
        }
    }

    #[tokio::test]
    async fn what_was_written_while_nobody_followed_is_found_after_a_start() {
        for db in each_engine().await {
            let dir = tempfile::tempdir().expect("a folder");
            publish(&db, &post("one", "Harbour")).await;
            let site = start(dir.path(), &db).await;
            assert_eq!(site.find("harbour").await, ["post/one"], "{db:?}");
            let copy = marked(dir.path(), &db).await;
            publish(&db, &post("two", "Another harbour")).await;
            assert_eq!(start(copy.path(), &db).await.find("harbour").await.len(), 3, "{db:?}: the mark stays");
        }
    }

    #[tokio::test]
    async fn an_import_of_hundreds_is_followed_and_makes_nothing_anew() {
        for db in each_engine().await {
            let dir = tempfile::tempdir().expect("a folder");
            publish(&db, &post("one", "Harbour")).await;
            let site = start(dir.path(), &db).await;
            assert_eq!(site.find("harbour").await, ["post/one"], "{db:?}");
            let copy = marked(dir.path(), &db).await;
            let mut tx = db.begin().await.expect("a transaction");
            for n in 0..500 {
                let of_its_day = PostFile {
                    published: jiff::Timestamp::from_second(1_700_000_000 + n * 86_400).expect("a time"),
                    topics: ["access", "privacy"].map(|name| Slug::parse(name).expect("a slug")).to_vec(),
                    ..post(&format!("post-{n}"), "Lighthouse")
                };
                write::put(&mut tx, &of_its_day, &Default::default()).await.expect("stored");
            }
            tx.commit().await.expect("committed");
            let site = start(copy.path(), &db).await;
            assert_eq!(site.find("lighthouse").await.len(), 10, "{db:?}");
            assert_eq!(site.find("harbour").await.len(), 2, "{db:?}: the mark stays");
        }
    }

    #[tokio::test]
    async fn after_a_change_to_everything_the_index_is_made_anew() {
        for db in each_engine().await {
            let dir = tempfile::tempdir().expect("a folder");
            publish(&db, &post("one", "Harbour")).await;
            let site = start(dir.path(), &db).await;
            assert_eq!(site.find("harbour").await, ["post/one"], "{db:?}");
            let mut tx = db.begin().await.expect("a transaction");
            write::load(&mut tx, &[post("two", "Harbours")]).await.expect("stored");
            tx.changed_everything();
            tx.commit().await.expect("committed");
            assert_eq!(site.find("harbour").await.len(), 2, "{db:?}");
        }
    }

    #[tokio::test]
    async fn an_index_that_is_broken_or_of_another_store_is_made_anew() {
        let mut dirs = Vec::new();
        for db in each_engine().await {
            publish(&db, &post("one", "Harbour")).await;
            let dir = tempfile::tempdir().expect("a folder");
            let own = index::own_folder(dir.path());
            std::fs::create_dir(&own).expect("a folder");
            for (file, text) in [
                ("meta.json", "{\"segments\": ["),
                ("0123456789abcdef0123456789abcdef.idx", ""),
                ("notes.txt", "Mine."),
            ] {
                std::fs::write(own.join(file), text).expect("written");
            }
            assert_eq!(start(dir.path(), &db).await.find("harbour").await, ["post/one"], "{db:?}");
            assert!(own.join("notes.txt").exists() && !own.join("0123456789abcdef0123456789abcdef.idx").exists());
            dirs.push((db, dir));
        }
        let [(first, dir), (second, _)] = dirs.try_into().expect("two engines");
        // The same changes with the same numbers, but other words.
        publish(&first, &post("two", "Lighthouse")).await;
        publish(&second, &post("two", "Pier")).await;
        let copy = copied(dir.path());
        let site = start(copy.path(), &second).await;
        assert_eq!(site.find("pier").await, ["post/two"]);
        assert!(site.find("lighthouse").await.is_empty());
    }

    #[tokio::test]
    async fn an_index_whose_files_were_cut_is_made_anew_where_it_was() {
        for db in each_engine().await {
            let dir = tempfile::tempdir().expect("a folder");
            publish(&db, &post("one", "Harbour")).await;
            assert_eq!(start(dir.path(), &db).await.find("harbour").await, ["post/one"], "{db:?}");
            for cut in ["store", "idx", "term", "fast"] {
                let copy = copied(dir.path());
                let files = std::fs::read_dir(index::own_folder(copy.path())).expect("files").flatten();
                let files: Vec<_> =
                    files.map(|file| file.path()).filter(|it| it.extension() == Some(cut.as_ref())).collect();
                assert!(!files.is_empty(), "{cut}");
                for file in &files {
                    let bytes = std::fs::read(file).expect("a file");
                    std::fs::write(file, &bytes[..bytes.len() / 2]).expect("written");
                }
                assert_eq!(start(copy.path(), &db).await.find("harbour").await, ["post/one"], "{cut}, {db:?}");
                assert!(files.iter().all(|file| !file.exists()), "{cut}: it is not in memory");
            }
        }
    }

    #[tokio::test]
    async fn an_index_that_breaks_while_it_is_used_is_made_anew() {
        for db in each_engine().await {
            let dir = tempfile::tempdir().expect("a folder");
            publish(&db, &post("one", "Harbour")).await;
            let site = start(dir.path(), &db).await;
            assert_eq!(site.find("harbour").await, ["post/one"], "{db:?}");
            std::fs::remove_dir_all(dir.path()).expect("removed");
            publish(&db, &post("two", "Another harbour")).await;
            assert_eq!(site.find("harbour").await.len(), 2, "{db:?}");
        }
    }

    #[tokio::test]
    async fn nobody_waits_for_an_index_that_cannot_follow() {
        let [db, _] = each_engine().await;
        let dir = tempfile::tempdir().expect("a folder");
        let changes = Arc::new(Changes::of(&db).await.expect("changes"));
        db.close().await;
        let following = Following::start(dir.path(), db, changes).expect("an index");
        let mut state = following.state.clone();
        let failed = state.wait_for(|state| state.is_failing);
        assert!(timeout(Duration::from_secs(30), failed).await.expect("it says so").is_ok());
        // What waits is not ready when it is asked first.
        tokio::select! {
            biased;
            is_current = following.is_current() => assert!(!is_current),
            () = std::future::ready(()) => panic!("it is waited for"),
        }
    }

    #[tokio::test]
    async fn an_index_in_memory_has_the_newest_posts_and_says_that_older_ones_are_missing() {
        for db in each_engine().await {
            let file = tempfile::NamedTempFile::new().expect("a file");
            for name in ["one", "two", "three"] {
                publish(&db, &post(name, "Harbour")).await;
            }
            for (room, expected) in
                [(2, vec!["post/three", "post/two"]), (3, vec!["post/one", "post/three", "post/two"])]
            {
                let changes = Arc::new(Changes::of(&db).await.expect("changes"));
                let following = Following::begin(file.path(), db.clone(), changes, room).expect("an index");
                while !following.is_current().await {}
                let query = Query::read("harbour", false);
                let answered = following.answer(query, Lang::DEFAULT, Narrow::default(), 10).await.expect("an answer");
                let mut found = answered.answer.hits;
                found.sort();
                assert_eq!(
                    (found, answered.is_complete),
                    (expected.iter().map(|key| key.to_string()).collect(), room == 3),
                    "{db:?}"
                );
            }
        }
    }

    #[test]
    fn an_index_in_memory_is_made_anew_when_it_has_doubled_and_not_because_posts_are_in_four_languages() {
        assert!(!has_outgrown(80_000, 80_000, 20_000));
        assert!(has_outgrown(160_002, 80_000, 20_000));
        assert!(!has_outgrown(39_000, 100, 20_000) && !has_outgrown(u64::MAX, 0, usize::MAX));
    }

    #[tokio::test]
    async fn a_second_program_sees_what_the_first_one_indexes() {
        for db in each_engine().await {
            let dir = tempfile::tempdir().expect("a folder");
            publish(&db, &post("one", "Harbour")).await;
            let first = start(dir.path(), &db).await;
            assert_eq!(first.find("harbour").await, ["post/one"], "{db:?}");
            let second = start(dir.path(), &db).await;
            publish(&db, &post("two", "Another harbour")).await;
            assert_eq!(first.find("harbour").await.len(), 2, "{db:?}");
            assert_eq!(second.find("harbour").await.len(), 2, "{db:?}");
        }
    }
}
