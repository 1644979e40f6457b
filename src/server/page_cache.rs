//! Finished pages, kept in memory until something that they show changes.
//!
//! A page is looked up by its address, the part of its query that means something, the reader's theme, and whether they want
//! little data. It is not thrown away
//! when it is out of date but found to be so when it is next asked for (`changes.rs`): so a write costs the same however
//! many pages are kept, and the last good page is there when the store is not.

use super::{
    answer::{Answer, with},
    changes::{Changes, Shows},
    db::Db,
    metrics::Route,
};
use axum::{
    body::{HttpBody as _, to_bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::{IntoResponse as _, Response},
};
use moka::future::Cache;
use std::{
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicI64, AtomicU64, AtomicUsize, Ordering},
    },
    time::{Duration, Instant},
};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// The finished pages. Cheap to clone.
#[derive(Clone)]
pub struct PageCache(Arc<Parts>);

struct Parts {
    kept: Cache<String, Kept>,
    /// The most that one page may weigh, in bytes.
    heaviest: usize,
    /// For the kilobytes of large pages.
    room: Arc<Semaphore>,
    changes: Arc<Changes>,
    counts: Counts,
}

/// How often answers came from where.
#[derive(Debug, Default)]
pub struct Counts {
    /// From memory.
    pub hits: AtomicU64,
    /// Made, as there was none.
    pub misses: AtomicU64,
    /// Made anew, as what they show had changed.
    pub changed: AtomicU64,
    /// Made for another reader who had asked at the same time.
    pub shared: AtomicU64,
    /// Out of date and used all the same, as the store did not answer.
    pub stale: AtomicU64,
    /// Made and not kept: errors, redirects, what is too large.
    pub passed: AtomicU64,
}

impl Counts {
    /// All of them by their names.
    pub fn all(&self) -> [(&'static str, u64); 6] {
        let Self { hits, misses, changed, shared, stale, passed } = self;
        let named = [
            ("hit", hits),
            ("miss", misses),
            ("changed", changed),
            ("shared", shared),
            ("stale", stale),
            ("passed", passed),
        ];
        named.map(|(name, count)| (name, count.load(Ordering::Relaxed)))
    }
}

#[derive(Clone)]
enum Kept {
    Page(Arc<Page>),
    /// For those who asked at the same time, and for nobody else.
    Passed(Arc<Passed>),
}

struct Page {
    answer: Answer,
    route: Option<Route>,
    /// None for what never changes.
    shows: Option<Shows>,
    /// The last change that is known to leave it as it is.
    checked: AtomicI64,
    /// When making it anew failed.
    failed: Mutex<Option<Instant>>,
    /// What it weighed when it was last put into the cache.
    weighed: AtomicUsize,
    /// The room for a large one.
    room: Option<OwnedSemaphorePermit>,
}

enum Passed {
    Answer(Box<Answer>, Option<Route>),
    /// What cannot be given twice: a stream, or an answer meant for one reader.
    Once(Mutex<Option<Response>>),
}

/// How an answer came about, as RFC 9211 has it.
const CACHE_STATUS: HeaderName = HeaderName::from_static("cache-status");
const HIT: HeaderValue = HeaderValue::from_static("Pavise; hit");
const MISS: HeaderValue = HeaderValue::from_static("Pavise; fwd=uri-miss; stored");
const CHANGED: HeaderValue = HeaderValue::from_static("Pavise; fwd=stale; stored");
const STALE: HeaderValue = HeaderValue::from_static("Pavise; fwd=stale; fwd-status=503");
/// Obsolete since RFC 9111 and understood by what is older.
const WARNING: (HeaderName, HeaderValue) = (header::WARNING, HeaderValue::from_static("111 - \"Revalidation Failed\""));

/// From how many kilobytes on an answer is a large one. Of smaller ones there may be as many on their way as there are connections.
pub(super) const LARGE: usize = 32;
/// How many kilobytes of large pages may still be on their way that are not kept any more: clients that take nothing must not fill the
/// memory with them.
const BEYOND: usize = 256 * 1024;

/// Marks a large answer that has its room among the kept ones.
#[derive(Clone)]
pub(super) struct HasRoom;

/// After the store failed, how long readers get the last good page without asking it again.
const RETRY: Duration = Duration::from_secs(1);

impl Page {
    fn is_good(&self, changes: &Changes) -> bool {
        let Some(shows) = &self.shows else { return true };
        let (last, checked) = (changes.last(), self.checked.load(Ordering::Relaxed));
        if checked >= last {
            return true;
        }
        let good = changes.leave_alone(shows, checked);
        if good {
            self.checked.fetch_max(last, Ordering::Relaxed);
        }
        good
    }

    /// Whether it was just tried to make it anew, without success.
    fn has_failed(&self) -> bool {
        let failed = self.failed.lock().unwrap_or_else(PoisonError::into_inner);
        failed.is_some_and(|at| at.elapsed() < RETRY)
    }
}

impl Kept {
    fn page(&self) -> Option<&Arc<Page>> {
        match self {
            Self::Page(page) => Some(page),
            Self::Passed(_) => None,
        }
    }

    fn weight(&self) -> usize {
        self.page().map_or(0, |page| {
            let weight = page.answer.weight();
            page.weighed.store(weight, Ordering::Relaxed);
            weight
        })
    }
}

impl PageCache {
    /// An empty cache of at most `bytes`; of 0 bytes, it keeps nothing.
    pub fn new(bytes: u64, changes: Arc<Changes>) -> Self {
        let weigh = |key: &String, kept: &Kept| u32::try_from(key.len() + kept.weight()).unwrap_or(u32::MAX);
        let kept = Cache::builder().max_capacity(bytes).weigher(weigh).build();
        let heaviest = usize::try_from(bytes / 8).unwrap_or(usize::MAX);
        let room = usize::try_from(bytes / 1024).unwrap_or(usize::MAX).saturating_add(BEYOND);
        let room = Arc::new(Semaphore::new(room.min(Semaphore::MAX_PERMITS)));
        Self(Arc::new(Parts { kept, heaviest, room, changes, counts: Counts::default() }))
    }

    /// How often answers came from where.
    pub fn counts(&self) -> &Counts {
        &self.0.counts
    }

    /// How many pages are kept, and how many bytes they take, as far as the cache has counted.
    pub fn size(&self) -> (u64, u64) {
        (self.0.kept.entry_count(), self.0.kept.weighted_size())
    }

    /// Hears of what has changed in the store, so that nothing older is used.
    pub async fn keep_up(&self, db: &Db) {
        self.0.changes.keep_up(db).await;
    }

    /// The answer that is kept under `key`, if it is what would be made now.
    pub async fn find(&self, key: &str, method: &Method, request: &HeaderMap) -> Option<Response> {
        let page = self.good_page(key).await?;
        count(&self.counts().hits);
        Some(self.respond(key, &page, method, request, HIT).await)
    }

    async fn good_page(&self, key: &str) -> Option<Arc<Page>> {
        let kept = self.0.kept.get(key).await?;
        kept.page().filter(|page| page.is_good(&self.0.changes)).cloned()
    }

    /// Makes the answer for `key` with `make` and keeps it. However many ask at once, it is made once.
    pub async fn make<F>(&self, key: String, method: &Method, request: &HeaderMap, make: impl Fn() -> F) -> Response
    where
        F: Future<Output = Response>,
    {
        let old = self.0.kept.get(&key).await.and_then(|kept| kept.page().cloned());
        let changes = &self.0.changes;
        let making = async {
            match &old {
                // Readers who waited for one that failed do not wait again.
                Some(old) if old.has_failed() => Kept::Page(Arc::clone(old)),
                _ => self.finish(old.clone(), &make).await,
            }
        };
        let entry = self.0.kept.entry_by_ref(&key);
        let made = entry.or_insert_with_if(making, |kept| kept.page().is_none_or(|page| !page.is_good(changes))).await;
        let was_made = made.is_fresh();
        match made.into_value() {
            Kept::Page(page) => {
                let is_old = old.as_ref().is_some_and(|old| Arc::ptr_eq(old, &page));
                let (counter, status) = match &old {
                    _ if is_old && !page.is_good(changes) => (&self.counts().stale, STALE),
                    _ if !was_made => (&self.counts().shared, HIT),
                    Some(_) => (&self.counts().changed, CHANGED),
                    None => (&self.counts().misses, MISS),
                };
                count(counter);
                self.respond(&key, &page, method, request, status).await
            }
            Kept::Passed(passed) => {
                count(&self.counts().passed);
                self.0.kept.invalidate(&key).await;
                let once = match &*passed {
                    Passed::Answer(answer, route) => {
                        let mut response = on(route.as_ref(), answer.respond(method, request));
                        response.headers_mut().remove(CACHE_STATUS);
                        return response;
                    }
                    Passed::Once(response) => response.lock().unwrap_or_else(PoisonError::into_inner).take(),
                };
                match once {
                    Some(response) => response,
                    // Another reader took it.
                    None => make().await,
                }
            }
        }
    }

    /// Makes an answer, and finds out whether it may be kept.
    async fn finish<F: Future<Output = Response>>(&self, old: Option<Arc<Page>>, make: impl Fn() -> F) -> Kept {
        let since = self.0.changes.last();
        let (mut parts, body) = make().await.into_parts();
        if let Some(old) = old.filter(|_| parts.status.is_server_error()) {
            *old.failed.lock().unwrap_or_else(PoisonError::into_inner) = Some(Instant::now());
            return Kept::Page(old);
        }
        let is_whole = body.size_hint().exact().is_some();
        let is_of_moment = parts.extensions.get::<Shows>().is_some_and(Shows::are_of_this_moment);
        if !is_whole || is_of_moment || is_for_one(&parts.headers) {
            return Kept::Passed(Arc::new(Passed::Once(Mutex::new(Some(Response::from_parts(parts, body))))));
        }
        let Ok(bytes) = to_bytes(body, usize::MAX).await else {
            let failed = StatusCode::INTERNAL_SERVER_ERROR.into_response();
            return Kept::Passed(Arc::new(Passed::Once(Mutex::new(Some(failed)))));
        };
        let shows = parts.extensions.remove::<Shows>().unwrap_or_default();
        let route = parts.extensions.remove::<Route>();
        // Readers after this one get a copy, which has no room for a header more.
        parts.headers.insert(CACHE_STATUS, HIT);
        let shows = (!is_immutable(&parts.headers)).then_some(shows);
        let answer = Answer::new(parts.status, parts.headers, bytes);
        let kilobytes = answer.weight() / 1024;
        let permits = u32::try_from(if kilobytes < LARGE { 0 } else { kilobytes }).unwrap_or(u32::MAX);
        let room = Arc::clone(&self.0.room).try_acquire_many_owned(permits).ok();
        let Some(room) = room.filter(|_| parts.status == StatusCode::OK && answer.weight() <= self.0.heaviest) else {
            return Kept::Passed(Arc::new(Passed::Answer(Box::new(answer), route)));
        };
        Kept::Page(Arc::new(Page {
            answer,
            route,
            shows,
            checked: since.into(),
            failed: Mutex::default(),
            weighed: AtomicUsize::default(),
            room: (permits > 0).then_some(room),
        }))
    }

    async fn respond(
        &self,
        key: &str,
        page: &Arc<Page>,
        method: &Method,
        request: &HeaderMap,
        status: HeaderValue,
    ) -> Response {
        // A large one keeps its room until its last byte is gone.
        let keep = |bytes| match page.room {
            Some(_) => with(bytes, Arc::clone(page)),
            None => bytes,
        };
        let mut response = on(page.route.as_ref(), page.answer.respond_keeping(method, request, keep));
        if page.room.is_some() {
            response.extensions_mut().insert(HasRoom);
        }
        let headers = response.headers_mut();
        if status == STALE || page.shows.is_some() && !self.0.changes.are_heard() {
            let (name, value) = WARNING;
            headers.insert(name, value);
        }
        let is_hit = status == HIT;
        headers.insert(CACHE_STATUS, status);
        // What is asked for twice is worth the work; what nobody asks for again is not.
        if is_hit && page.answer.begin_best() {
            self.improve(key.to_owned(), Arc::clone(page));
        }
        if page.answer.weight() != page.weighed.load(Ordering::Relaxed) {
            self.weigh(key, page).await;
        }
        response
    }

    /// Compresses a page as well as can be, while readers get what is there.
    fn improve(&self, key: String, page: Arc<Page>) {
        // It is work for the processor, and readers' answers come first.
        static AT_ONCE: Semaphore = Semaphore::const_new(1);
        let cache = self.clone();
        tokio::spawn(async move {
            let Ok(_permit) = AT_ONCE.acquire().await else { return };
            let improved = Arc::clone(&page);
            if tokio::task::spawn_blocking(move || improved.answer.make_best()).await.is_ok() {
                cache.weigh(&key, &page).await;
            }
        });
    }

    /// Lets the cache know what a page weighs now that it has another form.
    async fn weigh(&self, key: &str, page: &Arc<Page>) {
        let kept = self.0.kept.get(key).await;
        if kept.and_then(|kept| kept.page().cloned()).is_some_and(|kept| Arc::ptr_eq(&kept, page)) {
            self.0.kept.insert(key.to_owned(), Kept::Page(Arc::clone(page))).await;
        }
    }
}

/// Writes the route on an answer.
fn on(route: Option<&Route>, mut response: Response) -> Response {
    if let Some(route) = route {
        response.extensions_mut().insert(route.clone());
    }
    response
}

fn count(counter: &AtomicU64) {
    counter.fetch_add(1, Ordering::Relaxed);
}

/// Whether an answer is one reader's own, or of one moment.
fn is_for_one(headers: &HeaderMap) -> bool {
    headers.contains_key(header::SET_COOKIE) || cache_control(headers).any(|it| it == "no-store" || it == "private")
}

fn is_immutable(headers: &HeaderMap) -> bool {
    cache_control(headers).any(|it| it == "immutable")
}

fn cache_control(headers: &HeaderMap) -> impl Iterator<Item = &str> {
    let values = headers.get_all(header::CACHE_CONTROL).iter().filter_map(|value| value.to_str().ok());
    values.flat_map(|value| value.split(',')).map(str::trim)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::{changes::testing::shows_subject, db::testing::each_engine};
    use axum::body::Body;

    const KEY: &str = "/a/";

    async fn cache(db: &Db) -> (PageCache, Arc<Changes>) {
        let changes = Arc::new(Changes::of(db).await.expect("changes"));
        (PageCache::new(1024 * 1024, Arc::clone(&changes)), changes)
    }

    fn html(status: u16, words: &'static str) -> Response {
        let mut response = ([(header::CONTENT_TYPE, "text/html")], words).into_response();
        *response.status_mut() = StatusCode::from_u16(status).expect("a status");
        response.extensions_mut().insert(shows_subject("plans"));
        response
    }

    /// What a reader gets, and how it came about.
    async fn read(cache: &PageCache, make: impl AsyncFn() -> Response) -> (String, String) {
        let (method, request) = (Method::GET, HeaderMap::new());
        let response = match cache.find(KEY, &method, &request).await {
            Some(response) => response,
            None => cache.make(KEY.into(), &method, &request, || make()).await,
        };
        let status = response.headers().get(CACHE_STATUS).map(|it| it.to_str().expect("text").replace("Pavise; ", ""));
        let body = to_bytes(response.into_body(), usize::MAX).await.expect("a body");
        (String::from_utf8(body.to_vec()).expect("text"), status.unwrap_or_default())
    }

    async fn change(db: &Db, changes: &Changes, subject: &str) {
        let mut tx = db.begin().await.expect("a transaction");
        tx.changed(subject);
        tx.commit().await.expect("committed");
        changes.catch_up(db).await.expect("heard");
    }

    fn told(words: &str, status: &str) -> (String, String) {
        (words.into(), status.into())
    }

    #[tokio::test]
    async fn a_page_is_made_once_and_again_only_when_what_it_shows_has_changed() {
        for db in each_engine().await {
            let (cache, changes) = cache(&db).await;
            let read = async |words| read(&cache, async || html(200, words)).await;
            assert_eq!(read("first").await, told("first", "fwd=uri-miss; stored"));
            assert_eq!(read("second").await, told("first", "hit"));
            change(&db, &changes, "documents/topics/").await;
            assert_eq!(read("second").await, told("first", "hit"), "{db:?}");
            change(&db, &changes, "plans").await;
            assert_eq!(read("third").await, told("third", "fwd=stale; stored"), "{db:?}");
            assert_eq!(read("fourth").await, told("third", "hit"));
        }
    }

    #[tokio::test]
    async fn a_change_while_a_page_is_made_is_not_lost() {
        for db in each_engine().await {
            let (cache, changes) = cache(&db).await;
            let during = async || {
                let response = html(200, "before");
                change(&db, &changes, "plans").await;
                response
            };
            assert_eq!(read(&cache, during).await.0, "before");
            assert_eq!(read(&cache, async || html(200, "after")).await.0, "after", "{db:?}");
        }
    }

    #[tokio::test]
    async fn however_many_ask_at_once_it_is_made_once() {
        let [db, _] = each_engine().await;
        let (cache, _) = cache(&db).await;
        let (made, gate) = (AtomicU64::new(0), Semaphore::new(0));
        let make = async || {
            count(&made);
            let _open = gate.acquire().await.expect("open");
            html(200, "once")
        };
        let readers = async { futures_util::future::join_all((0..20).map(|_| read(&cache, &make))).await };
        let (read, ()) = tokio::join!(readers, async { gate.add_permits(1) });
        assert!(read.iter().all(|(words, _)| words == "once"));
        assert_eq!(made.into_inner(), 1);
    }

    #[tokio::test]
    async fn without_the_store_readers_get_the_last_good_page_with_a_warning() {
        for db in each_engine().await {
            let (cache, changes) = cache(&db).await;
            read(&cache, async || html(200, "good")).await;
            change(&db, &changes, "plans").await;
            let stale = told("good", "fwd=stale; fwd-status=503");
            assert_eq!(read(&cache, async || html(503, "no store")).await, stale, "{db:?}");
            assert_eq!(read(&cache, async || unreachable!("it was just tried")).await, stale);
            let response = cache.make(KEY.into(), &Method::GET, &HeaderMap::new(), async || html(503, "")).await;
            assert!(response.headers().contains_key(header::WARNING));
            assert_eq!(cache.counts().stale.load(Ordering::Relaxed), 3);
        }
    }

    #[tokio::test]
    async fn what_is_no_page_or_one_readers_own_is_not_kept() {
        let [db, _] = each_engine().await;
        let (cache, _) = cache(&db).await;
        let with = |name, value: &'static str| {
            let mut response = html(200, "own");
            response.headers_mut().insert(name, HeaderValue::from_static(value));
            response
        };
        for (n, make) in [
            (&|| html(404, "none")) as &dyn Fn() -> Response,
            &|| html(503, "none"),
            &|| with(header::SET_COOKIE, "a=b"),
            &|| with(header::CACHE_CONTROL, "private, max-age=9"),
            &|| with(header::CACHE_CONTROL, "no-store"),
            &|| Response::new(Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("parts")]))),
        ]
        .into_iter()
        .enumerate()
        {
            assert_eq!(read(&cache, async || make()).await.1, "", "{n}");
            assert_eq!(read(&cache, async || html(200, "page")).await.1, "fwd=uri-miss; stored", "{n}");
            cache.0.kept.invalidate_all();
        }
    }

    #[tokio::test]
    async fn a_stream_that_many_ask_for_at_once_is_given_to_each() {
        let [db, _] = each_engine().await;
        let (cache, _) = cache(&db).await;
        let make = async || {
            tokio::task::yield_now().await;
            Response::new(Body::from_stream(futures_util::stream::iter([Ok::<_, std::io::Error>("parts")])))
        };
        let read = futures_util::future::join_all((0..5).map(|_| read(&cache, &make))).await;
        assert!(read.iter().all(|(words, _)| words == "parts"), "{read:?}");
    }

    #[tokio::test]
    async fn a_page_that_is_asked_for_again_is_compressed_better_and_weighed_anew() {
        let [db, _] = each_engine().await;
        let (cache, _) = cache(&db).await;
        let words: &'static str = (0..3000).map(|n| format!("{} ", n * n)).collect::<String>().leak();
        let request = HeaderMap::from_iter([(header::ACCEPT_ENCODING, HeaderValue::from_static("br"))]);
        let size = async || {
            let response = cache.find(KEY, &Method::GET, &request).await.expect("kept");
            response.body().size_hint().exact().expect("a size")
        };
        cache.make(KEY.into(), &Method::GET, &request, async || html(200, words)).await;
        cache.0.kept.run_pending_tasks().await;
        let (quick, light) = (size().await, cache.size().1);
        while size().await == quick {
            tokio::task::yield_now().await;
        }
        assert!(size().await < quick);
        cache.0.kept.run_pending_tasks().await;
        assert!(cache.size().1 > light);
    }

    #[tokio::test]
    async fn a_large_page_that_is_not_kept_any_more_has_its_room_until_its_last_byte_is_gone() {
        let [db, _] = each_engine().await;
        let (cache, _) = cache(&db).await;
        let (all, request) = (cache.0.room.available_permits(), HeaderMap::new());
        let picture = async || ([(header::CONTENT_TYPE, "image/avif")], vec![0; LARGE * 1024]).into_response();
        cache.make(KEY.into(), &Method::GET, &request, picture).await;
        let hit = cache.find(KEY, &Method::GET, &request).await.expect("kept");
        cache.0.kept.invalidate(KEY).await;
        cache.0.kept.run_pending_tasks().await;
        assert!(cache.0.room.available_permits() < all);
        drop(hit);
        // What is thrown out goes a little later.
        let is_free = async {
            while cache.0.room.available_permits() < all {
                cache.0.kept.run_pending_tasks().await;
                tokio::task::yield_now().await;
            }
        };
        assert!(tokio::time::timeout(Duration::from_secs(30), is_free).await.is_ok());
    }

    #[tokio::test]
    async fn a_large_page_for_which_there_is_no_room_is_not_kept() {
        let [db, _] = each_engine().await;
        let (cache, _) = cache(&db).await;
        let _taken = cache.0.room.acquire_many(cache.0.room.available_permits() as u32).await.expect("all");
        let picture = async || ([(header::CONTENT_TYPE, "image/avif")], vec![0; LARGE * 1024]).into_response();
        let made = cache.make(KEY.into(), &Method::GET, &HeaderMap::new(), picture).await;
        assert_eq!(made.status(), StatusCode::OK);
        assert!(cache.find(KEY, &Method::GET, &HeaderMap::new()).await.is_none());
    }

    #[tokio::test]
    async fn a_cache_of_nothing_keeps_nothing() {
        let [db, _] = each_engine().await;
        let changes = Arc::new(Changes::of(&db).await.expect("changes"));
        let cache = PageCache::new(0, changes);
        assert_eq!(read(&cache, async || html(200, "first")).await.0, "first");
        assert_eq!(read(&cache, async || html(200, "second")).await.0, "second");
    }
}
