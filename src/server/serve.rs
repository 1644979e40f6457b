//! The accept loop: HTTP/1.1 and HTTP/2 on one port, with limits on slow clients, ended by SIGTERM without dropping anyone.

use axum::Router;
use hyper_util::{
    rt::{TokioExecutor, TokioIo, TokioTimer},
    server::{conn::auto, graceful::GracefulShutdown},
    service::TowerToHyperService,
};
use std::{io, time::Duration};
use tokio::{
    net::{TcpListener, TcpStream},
    signal::unix::{SignalKind, signal},
    time::{sleep, timeout},
};

/// How long a client may take to send the headers of a request.
const HEADERS: Duration = Duration::from_secs(10);
/// How long running requests may take to end after SIGTERM.
const DRAIN: Duration = Duration::from_secs(20);

/// Answers connections on `listener` until SIGTERM or Ctrl-C, then lets running requests end.
pub async fn serve(listener: TcpListener, router: Router) -> io::Result<()> {
    let mut terminate = signal(SignalKind::terminate())?;
    let mut interrupt = signal(SignalKind::interrupt())?;
    let connections = GracefulShutdown::new();
    loop {
        tokio::select! {
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => connect(stream, router.clone(), &connections),
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
    drop(listener);
    tracing::info!("ending: no new connections, waiting for running requests");
    if timeout(DRAIN, connections.shutdown()).await.is_err() {
        tracing::warn!("some requests were still running after {} s and were cut off", DRAIN.as_secs());
    }
    Ok(())
}

fn connect(stream: TcpStream, router: Router, connections: &GracefulShutdown) {
    // Answers are written whole; waiting to fill a packet would only delay them. A failure costs nothing but that.
    let _ = stream.set_nodelay(true);
    let mut builder = auto::Builder::new(TokioExecutor::new());
    builder.http1().timer(TokioTimer::new()).header_read_timeout(HEADERS);
    builder.http2().timer(TokioTimer::new()).keep_alive_interval(HEADERS).keep_alive_timeout(HEADERS);
    let connection = builder.serve_connection(TokioIo::new(stream), TowerToHyperService::new(router)).into_owned();
    let connection = connections.watch(connection);
    tokio::spawn(async move {
        if let Err(error) = connection.await {
            tracing::debug!(%error, "a connection ended early");
        }
    });
}
