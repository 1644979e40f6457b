//! The accept loop: HTTP/1.1 and HTTP/2 on one port, with limits on slow clients, ended by SIGTERM without dropping anyone.

use super::front::Front;
use axum::extract::Request;
use hyper::{body::Incoming, service::service_fn};
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{
        conn::auto,
        graceful::{GracefulShutdown, Watcher},
    },
};
use std::{convert::Infallible, io, sync::Arc, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    sync::watch,
    time::{sleep, timeout},
};

/// How long a client may take to send the headers of a request.
const HEADERS: Duration = Duration::from_secs(10);
/// How long running requests may take to end after SIGTERM.
const DRAIN: Duration = Duration::from_secs(20);

/// Answers connections on `listener` until SIGTERM or Ctrl-C, then lets running requests end.
pub async fn serve(listener: TcpListener, front: Front) -> io::Result<()> {
    let front = Arc::new(front);
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let connections = GracefulShutdown::new();
    let (ending, _) = watch::channel(());
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connect(stream, Arc::clone(&front), connections.watcher(), ending.subscribe()),
                Err(error) => {
                    // Out of file descriptors, most often: others will close theirs.
                    tracing::warn!(%error, "a connection could not be accepted");
                    sleep(Duration::from_millis(50)).await;
                }
            },
            _ = terminate.recv() => break,
            _ = interrupt.recv() => break,
        }
    }
    drop((listener, ending));
    tracing::info!("ending: no new connections, waiting for running requests");
    tokio::select! {
        () = connections.shutdown() => {}
        () = sleep(DRAIN) => tracing::warn!("requests still running after {} s are cut off", DRAIN.as_secs()),
        _ = terminate.recv() => tracing::warn!("told twice to end: running requests are cut off"),
        _ = interrupt.recv() => tracing::warn!("told twice to end: running requests are cut off"),
    }
    Ok(())
}

fn connect(stream: TcpStream, front: Arc<Front>, watcher: Watcher, mut ending: watch::Receiver<()>) {
    // Answers are written whole; waiting to fill a packet would only delay them. A failure costs nothing but that.
    let _ = stream.set_nodelay(true);
    tokio::spawn(async move {
        // hyper's own timer starts with the first byte; a connection on which none comes is closed here.
        let mut byte = [0];
        let began = tokio::select! {
            first = timeout(HEADERS, stream.peek(&mut byte)) => matches!(first, Ok(Ok(1))),
            _ = ending.changed() => false,
        };
        if !began {
            return;
        }
        let mut builder = auto::Builder::new(TokioExecutor::new());
        builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
        builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).keep_alive_timeout(HEADERS);
        let service = service_fn(move |request: Request<Incoming>| {
            let front = Arc::clone(&front);
            async move { Ok::<_, Infallible>(front.answer(request).await) }
        });
        let connection = builder.serve_connection(TokioIo::new(stream), service).into_owned();
        if let Err(error) = watcher.watch(connection).await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
