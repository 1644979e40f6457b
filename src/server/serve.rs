//! The accept loop: HTTP/1.1 and HTTP/2 on one port, with limits on clients that are slow or many, and an end that drops nobody.

use super::{
    answer::with,
    clients::Place,
    front::{self, Front},
    handover,
    metrics::Connected,
};
use axum::{
    Router,
    body::{Body, Bytes, HttpBody},
    extract::Request,
    http::{HeaderValue, StatusCode, Version, header},
    response::Response,
};
use http_body::{Frame, SizeHint};
use hyper::{body::Incoming, server::conn::http1, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::conn::auto,
};
use rustix::process::{Resource, Rlimit, getrlimit, setrlimit};
use std::{
    convert::Infallible,
    io,
    net::{IpAddr, SocketAddr},
    pin::{Pin, pin},
    sync::{Arc, Mutex, MutexGuard, PoisonError},
    task::{Context, Poll},
    time::Duration,
};
use tokio::{
    io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _, ReadBuf},
    net::{TcpListener, TcpStream},
    signal::unix::{Signal, SignalKind, signal},
    sync::{OwnedSemaphorePermit, Semaphore, watch},
    time::{Instant, sleep, sleep_until, timeout},
};
use tokio_io_timeout::TimeoutStream;
use tower_service::Service as _;

/// How long a client may take to send the headers of a request.
const HEADERS: Duration = Duration::from_secs(10);
/// How long a connection is kept on which nothing is asked.
const IDLE: Duration = Duration::from_secs(60);
/// How long a client may take nothing of what it asked for.
const STALLED: Duration = Duration::from_secs(30);
/// How long answers may take without one that begins or ends.
const LONGEST: Duration = Duration::from_secs(600);
/// How many bytes the headers of a request may have; there may be 100 of them, as hyper has it (to set that would cost each request).
const HEADER_BYTES: usize = 16 * 1024;
/// How many answers a client may ask for at once on one connection.
const STREAMS: u32 = 100;
/// At the end, how long a connection is silent before it is closed: one that is used will have spoken by then, and was told in
/// its answer that it ends.
const QUIET: Duration = Duration::from_millis(300);
/// How long a client may still send when all is said.
const HEARD_OUT: Duration = Duration::from_secs(5);
/// How long running requests may take to end after SIGTERM.
const DRAIN: Duration = Duration::from_secs(20);
/// How many file descriptors the program needs for itself: the store, the search index, those who are sent away.
const OWN_FILES: u32 = 512;
/// How many of those who are sent away are told why at once, and how long they may take to hear it.
const REFUSED_AT_ONCE: usize = 256;
const REFUSED: Duration = Duration::from_secs(1);
/// How many may ask for measures at once.
const GIVEN_AT_ONCE: usize = 16;

/// How many connections there can be of the `most` that are wanted: each takes a file descriptor, of which the system gives a
/// program only so many.
pub fn places(most: u32) -> u32 {
    let limit = getrlimit(Resource::Nofile);
    // Up to its own limit, a program may take as many as it likes.
    let raised = setrlimit(Resource::Nofile, Rlimit { current: limit.maximum, maximum: limit.maximum });
    let files = if raised.is_ok() { limit.maximum } else { limit.current };
    let places =
        files.map_or(most, |files| most.min(u32::try_from(files).unwrap_or(u32::MAX).saturating_sub(OWN_FILES)));
    if places < most {
        tracing::warn!(
            places,
            wanted = most,
            "fewer connections than wanted: the limit of open files (ulimit -Hn) is low"
        );
    }
    places.max(1)
}

/// What an operator may tell the program while it serves.
pub struct Signals {
    terminate: Signal,
    interrupt: Signal,
    /// The terminal is gone; none where whoever started the program wants it to go on (`nohup`).
    hangup: Option<Signal>,
    handed_over: Signal,
    replace: Signal,
}

impl Signals {
    /// Hears them from now on: until then, each of them would end the program at once.
    pub fn hear() -> io::Result<Self> {
        Ok(Self {
            terminate: signal(SignalKind::terminate())?,
            interrupt: signal(SignalKind::interrupt())?,
            hangup: (!ignores_hangup()).then(|| signal(SignalKind::hangup())).transpose()?,
            handed_over: signal(SignalKind::quit())?,
            replace: signal(SignalKind::user_defined2())?,
        })
    }

    /// Waits until the program is told to end.
    pub async fn end(&mut self) {
        tokio::select! {
            _ = self.terminate.recv() => {}
            _ = self.interrupt.recv() => {}
            () = hung_up(&mut self.hangup) => {}
        }
    }
}

async fn hung_up(hangup: &mut Option<Signal>) {
    match hangup {
        Some(signal) => drop(signal.recv().await),
        None => std::future::pending().await,
    }
}

/// Whether the program was started so that it does not hear when its terminal goes.
fn ignores_hangup() -> bool {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let ignored = status.lines().find_map(|line| u64::from_str_radix(line.strip_prefix("SigIgn:")?.trim(), 16).ok());
    // The first of the signals.
    ignored.is_some_and(|signals| signals & 1 == 1)
}

/// Until the site is there, tells whoever asks on `listener` that it will be.
pub async fn wait_on(listener: TcpListener) {
    one_each(listener, REFUSED_AT_ONCE, REFUSED, async |request| front::starting(request.uri())).await;
}

/// Gives operators what `router` has, on an address of its own, and keeps nothing from readers by it.
pub async fn give(listener: TcpListener, router: Router) {
    let answer = move |request: Request<Incoming>| {
        let answered = router.clone().call(request.map(Body::new));
        async { answered.await.unwrap_or_else(|never: Infallible| match never {}) }
    };
    one_each(listener, GIVEN_AT_ONCE, HEADERS, answer).await;
}

/// Answers one request on each connection, of which there are so many at once, each for so long.
async fn one_each<A, F>(listener: TcpListener, most: usize, longest: Duration, answer: A)
where
    A: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response> + Send,
{
    let turns = Arc::new(Semaphore::new(most));
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            sleep(Duration::from_millis(50)).await;
            continue;
        };
        let Ok(turn) = Arc::clone(&turns).try_acquire_owned() else { continue };
        let answer = answer.clone();
        tokio::spawn(async move {
            let service = service_fn(|request| async { Ok::<_, Infallible>(answer(request).await) });
            let mut connection = http1::Builder::new();
            let _ =
                timeout(longest, connection.keep_alive(false).serve_connection(TokioIo::new(stream), service)).await;
            drop(turn);
        });
    }
}

/// Answers connections on `listener`, at most `most` at once, until SIGTERM, SIGHUP or Ctrl-C, then lets running requests end.
/// SIGUSR2 starts a successor from the program's file, which takes the listener over and ends this one by SIGQUIT.
pub async fn serve(listener: TcpListener, most: u32, front: Front, mut signals: Signals) {
    let front = Arc::new(front);
    // The second are for answers over HTTP/2: of the first, none is left while the program waits for all of them at its end.
    let [places, streams] = [most, most].map(|most| Arc::new(Semaphore::new(most as usize)));
    let refusals = Arc::new(Semaphore::new(REFUSED_AT_ONCE));
    let (ending, _) = watch::channel(());
    let mut successor = handover::Successor::none();
    let mut sent_away = SentAway::default();
    let mut take = |stream: TcpStream, peer: SocketAddr| {
        let peer = peer.ip();
        let refused = match room(&places, &front, peer) {
            Ok(room) => {
                let (front, streams, activity) = (Arc::clone(&front), Arc::clone(&streams), Activity::new());
                let stream = Stream::new(stream, room, front.connected(), Arc::clone(&activity));
                tokio::spawn(Connection { front, streams, peer, activity }.run(stream, ending.subscribe()));
                return;
            }
            Err(refused) => refused,
        };
        front.turn_away(refused);
        sent_away.tell(refused);
        // Beyond that they are sent away without a word.
        if let Ok(turn) = Arc::clone(&refusals).try_acquire_owned() {
            tokio::spawn(async move {
                let _ = timeout(REFUSED, refuse(stream, refused)).await;
                drop(turn);
            });
        }
    };
    handover::ready();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, peer)) => take(stream, peer),
                Err(error) => {
                    // Out of file descriptors, most often: others will close theirs.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(50)).await;
                }
            },
            _ = signals.replace.recv() => successor.start(&listener),
            () = successor.failed() => {}
            _ = signals.handed_over.recv() => break,
            _ = signals.terminate.recv() => break successor.stop(),
            _ = signals.interrupt.recv() => break successor.stop(),
            () = hung_up(&mut signals.hangup) => break successor.stop(),
        }
    }
    // Those who wait to be accepted would hear that nobody is here; those who are told to come again must not wait there.
    if let Ok(listener) = listener.into_std() {
        while let Ok((stream, peer)) = listener.accept() {
            if stream.set_nonblocking(true).is_ok()
                && let Ok(stream) = TcpStream::from_std(stream)
            {
                take(stream, peer);
            }
        }
    }
    front.end();
    drop(ending);
    tracing::info!("ending: no new connections, waiting for running requests");
    tokio::select! {
        _ = places.acquire_many(most) => {}
        () = sleep(DRAIN) => tracing::warn!("requests still running after {} s are cut off", DRAIN.as_secs()),
        () = signals.end() => tracing::warn!("told twice to end: running requests are cut off"),
    }
}

/// What the log says of connections for which there was no place: once a minute at most, as a flood must not fill it.
#[derive(Default)]
struct SentAway {
    untold: u32,
    told: Option<Instant>,
}

impl SentAway {
    const EVERY: Duration = Duration::from_secs(60);

    fn tell(&mut self, status: StatusCode) {
        self.untold += 1;
        if self.told.is_some_and(|told| told.elapsed() < Self::EVERY) {
            return;
        }
        let connections = self.untold;
        match status {
            StatusCode::TOO_MANY_REQUESTS => tracing::warn!(
                connections,
                "sent away: an address had as many as PAVISE_MAX_CONNECTIONS_PER_ADDRESS allows; that of a proxy belongs in \
                 PAVISE_TRUSTED_PROXIES"
            ),
            _ => tracing::warn!(connections, "sent away: there were as many as PAVISE_MAX_CONNECTIONS allows"),
        }
        *self = Self { untold: 0, told: Some(Instant::now()) };
    }
}

/// Tells a client that there is no place for it.
async fn refuse(mut stream: TcpStream, status: StatusCode) -> io::Result<()> {
    stream.write_all(&front::refusal(status)).await?;
    hear_out(&mut stream).await
}

/// Closes a connection, and reads what its client still sends: else the system would tell the client that all is lost, and it
/// would throw away the answer that it was to read.
async fn hear_out(stream: &mut (impl AsyncRead + AsyncWrite + Unpin)) -> io::Result<()> {
    stream.shutdown().await?;
    let mut unread = [0; 4096];
    while stream.read(&mut unread).await? > 0 {}
    Ok(())
}

/// What a connection takes, of all of them and of those from its address. With HTTP/2, which has many answers on one, each of them
/// takes as much once more, until its last byte is gone: else a client who takes nothing would keep a hundred in memory.
type Room = (OwnedSemaphorePermit, Place);

/// Room for one more, or what a client is told where there is none.
fn room(places: &Arc<Semaphore>, front: &Front, peer: IpAddr) -> Result<Room, StatusCode> {
    let place = Arc::clone(places).try_acquire_owned().map_err(|_| StatusCode::SERVICE_UNAVAILABLE)?;
    let of_address = front.enter(peer).ok_or(StatusCode::TOO_MANY_REQUESTS)?;
    Ok((place, of_address))
}

/// The bytes of a connection, and its places. Dropped, it is closed when its client has been heard out, unless it was idle.
struct Stream {
    /// None only when it has been dropped.
    open: Option<Open>,
    is_heard_out: bool,
    activity: Arc<Activity>,
}

struct Open {
    stream: Pin<Box<TimeoutStream<TcpStream>>>,
    _room: Room,
    _counted: Connected,
}

impl Stream {
    fn new(stream: TcpStream, room: Room, counted: Connected, activity: Arc<Activity>) -> Self {
        // Answers are written whole; waiting to fill a packet would only delay them. A failure costs nothing but that.
        let _ = stream.set_nodelay(true);
        let mut stream = TimeoutStream::new(stream);
        stream.set_write_timeout(Some(STALLED));
        let open = Open { stream: Box::pin(stream), _room: room, _counted: counted };
        Self { open: Some(open), is_heard_out: false, activity }
    }

    fn open(&mut self) -> io::Result<Pin<&mut TimeoutStream<TcpStream>>> {
        let open = self.open.as_mut().ok_or(io::ErrorKind::NotConnected)?;
        Ok(open.stream.as_mut())
    }
}

impl AsyncRead for Stream {
    fn poll_read(mut self: Pin<&mut Self>, cx: &mut Context<'_>, buf: &mut ReadBuf<'_>) -> Poll<io::Result<()>> {
        let before = buf.filled().len();
        let polled = self.open()?.poll_read(cx, buf);
        if buf.filled().len() > before {
            self.activity.doing().heard.get_or_insert_with(Instant::now);
        }
        self.is_heard_out = match &polled {
            Poll::Ready(Ok(())) => buf.filled().len() == before && buf.remaining() > 0,
            Poll::Ready(Err(_)) => true,
            Poll::Pending => false,
        };
        polled
    }
}

impl AsyncWrite for Stream {
    fn poll_write(mut self: Pin<&mut Self>, cx: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        self.open()?.poll_write(cx, bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.open()?.poll_flush(cx)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.open()?.poll_shutdown(cx)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        cx: &mut Context<'_>,
        bytes: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.open()?.poll_write_vectored(cx, bytes)
    }

    fn is_write_vectored(&self) -> bool {
        true
    }
}

impl Drop for Stream {
    fn drop(&mut self) {
        let is_over = self.is_heard_out || self.activity.doing().is_over;
        let Some(mut open) = self.open.take().filter(|_| !is_over) else { return };
        tokio::spawn(async move {
            let _ = timeout(HEARD_OUT, hear_out(&mut open.stream)).await;
        });
    }
}

/// One connection.
struct Connection {
    front: Arc<Front>,
    streams: Arc<Semaphore>,
    peer: IpAddr,
    activity: Arc<Activity>,
}

impl Connection {
    async fn run(self, stream: Stream, mut ending: watch::Receiver<()>) {
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder
            .http1()
            // It would be counted from the last answer on: see `Activity`.
            .header_read_timeout(None)
            .max_buf_size(HEADER_BYTES);
        builder
            .http2()
            .timer(TokioTimer::new())
            .keep_alive_interval(HEADERS)
            .keep_alive_timeout(HEADERS)
            .max_header_list_size(HEADER_BYTES as u32)
            .max_concurrent_streams(STREAMS);
        let activity = self.activity;
        let service = service_fn(|request: Request<Incoming>| {
            let is_http2 = request.version() == Version::HTTP_2;
            let running = Running::begin(&activity, request.version());
            let (front, peer) = (Arc::clone(&self.front), self.peer);
            let room = is_http2.then(|| room(&self.streams, &front, peer).map(Arc::new));
            // Boxed: a connection keeps room for what answers it, also when nothing is asked.
            Box::pin(async move {
                let (mut response, room) = match room.transpose() {
                    Ok(room) => (front.answer(request, peer).await, room),
                    Err(refused) => (front.turn_back(request.method(), request.uri(), refused), None),
                };
                // Else a client would send its next request on a connection that is about to be closed.
                if !is_http2 && front.is_ending() {
                    response.headers_mut().insert(header::CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response.map(|body| Held { body, room, _running: running }))
            })
        });
        let mut connection = pin!(builder.serve_connection(TokioIo::new(stream), service));
        let mut is_ending = false;
        loop {
            tokio::select! {
                biased;
                ended = connection.as_mut() => {
                    if let Err(error) = ended {
                        tracing::debug!(%error, "a connection ended early");
                        // What is no request hyper answers by itself.
                        if let Some(error) = error.downcast_ref::<hyper::Error>().filter(|error| error.is_parse()) {
                            let is_large = error.is_parse_too_large();
                            self.front.turn_away(match is_large {
                                true => StatusCode::REQUEST_HEADER_FIELDS_TOO_LARGE,
                                false => StatusCode::BAD_REQUEST,
                            });
                        }
                    }
                    return;
                }
                _ = ending.changed(), if !is_ending => {
                    is_ending = true;
                    // HTTP/2 says so in a frame of its own, at any time.
                    if activity.is_http2() {
                        break;
                    }
                }
                // Bytes of a request, which give it less time, wake nobody here: they are looked for.
                () = sleep_until(activity.until(is_ending).min(Instant::now() + HEADERS)) =>
                    if activity.until(is_ending) <= Instant::now() {
                        break;
                    },
            }
        }
        // What was answered, or is asked just now, goes out first.
        activity.doing().is_over = true;
        connection.as_mut().graceful_shutdown();
        let is_open = timeout(QUIET, connection.as_mut()).await.is_err();
        if is_open && activity.doing().version.is_some() {
            let _ = timeout(STALLED, connection).await;
        }
    }
}

/// What is going on on a connection.
struct Activity(Mutex<Doing>);

struct Doing {
    running: usize,
    version: Option<Version>,
    /// When something last began or ended.
    last: Instant,
    /// When the first byte since the last request began came: of the next one, if nothing runs.
    heard: Option<Instant>,
    /// Whether it is closed as nothing goes on any more.
    is_over: bool,
}

impl Activity {
    fn new() -> Arc<Self> {
        Arc::new(Self(Mutex::new(Doing {
            running: 0,
            version: None,
            last: Instant::now(),
            heard: None,
            is_over: false,
        })))
    }

    fn doing(&self) -> MutexGuard<'_, Doing> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_http2(&self) -> bool {
        self.doing().version == Some(Version::HTTP_2)
    }

    /// Until when the connection is kept if nothing begins or ends on it.
    fn until(&self, is_ending: bool) -> Instant {
        let doing = self.doing();
        match (doing.running, doing.version, doing.heard) {
            (1.., ..) => doing.last + LONGEST,
            // HTTP/2 speaks between requests as well; before the first one, nobody knows what it will be.
            (0, version, Some(heard)) if version < Some(Version::HTTP_2) => heard + HEADERS,
            _ if is_ending => doing.last + QUIET,
            (0, None, _) => doing.last + HEADERS,
            (0, Some(_), _) => doing.last + IDLE,
        }
    }
}

/// A request that is being answered, until it is dropped with the last byte of its answer.
struct Running(Arc<Activity>);

impl Running {
    fn begin(activity: &Arc<Activity>, version: Version) -> Self {
        let mut doing = activity.doing();
        doing.running += 1;
        doing.version = Some(version);
        doing.last = Instant::now();
        doing.heard = None;
        drop(doing);
        Self(Arc::clone(activity))
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        let mut doing = self.0.doing();
        doing.running -= 1;
        doing.last = Instant::now();
        doing.heard = None;
    }
}

/// A body that keeps its request running, and its room until its bytes are gone.
struct Held {
    body: Body,
    room: Option<Arc<Room>>,
    _running: Running,
}

impl HttpBody for Held {
    type Data = Bytes;
    type Error = axum::Error;

    fn poll_frame(mut self: Pin<&mut Self>, cx: &mut Context<'_>) -> Poll<Option<Result<Frame<Bytes>, axum::Error>>> {
        let polled = Pin::new(&mut self.body).poll_frame(cx);
        let Some(room) = &self.room else { return polled };
        let keep = |bytes| with(bytes, Arc::clone(room));
        polled.map(|frame| frame.map(|frame| frame.map(|frame| frame.map_data(keep))))
    }

    fn is_end_stream(&self) -> bool {
        self.body.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.body.size_hint()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test(start_paused = true)]
    async fn a_connection_is_kept_for_what_it_does() {
        let activity = Activity::new();
        let left = |is_ending| activity.until(is_ending) - Instant::now();
        assert_eq!(left(false), HEADERS);
        let running = [Version::HTTP_11, Version::HTTP_11].map(|version| Running::begin(&activity, version));
        assert_eq!((left(false), left(true)), (LONGEST, LONGEST), "what is running may end");
        drop(running);
        assert_eq!((left(false), left(true)), (IDLE, QUIET));
        activity.doing().heard = Some(Instant::now());
        assert_eq!((left(false), left(true)), (HEADERS, HEADERS), "the next request has begun to come");
        drop(Running::begin(&activity, Version::HTTP_11));
        assert_eq!(left(false), IDLE);
        sleep(QUIET).await;
        assert_eq!(left(true), Duration::ZERO);
    }
}
