//! A successor takes the listener over while its predecessor still serves, so that a new release turns nobody away.
//!
//! The listener is the successor's standard input, as service managers hand one over too (systemd: `StandardInput=socket`).

use rustix::process::{Pid, Signal, getpid, getppid, kill_process};
use sd_notify::NotifyState;
use std::{
    fs::File,
    future::pending,
    io,
    net::TcpListener,
    os::fd::{AsFd, OwnedFd},
    path::PathBuf,
    process::Stdio,
};
use tokio::process::{Child, Command};

/// Names the process that a successor relieves.
const PREDECESSOR: &str = "PAVISE_PREDECESSOR";

/// The listener that was handed over as standard input, if there is one.
pub fn inherited() -> Option<TcpListener> {
    let stdin = io::stdin().as_fd().try_clone_to_owned().ok()?;
    let listener: TcpListener = rustix::net::sockopt::socket_acceptconn(&stdin).ok()?.then(|| stdin.into())?;
    // It would stay open as long as the program lives, and clients would wait in it for one that ends.
    if let Err(error) = File::open("/dev/null").and_then(|nothing| Ok(rustix::stdio::dup2_stdin(nothing)?)) {
        tracing::warn!(%error, "the listener stays open at the end of the program");
    }
    // A service manager's is one that waits, and its thread would wait in it.
    if let Err(error) = listener.set_nonblocking(true) {
        tracing::warn!(%error, "the listener keeps a thread waiting");
    }
    Some(listener)
}

/// The program that this one relieves, if there is one.
fn predecessor() -> Option<Pid> {
    let named = std::env::var(PREDECESSOR).ok().and_then(|pid| Pid::from_raw(pid.parse().ok()?));
    // Another process may have that number by now.
    named.filter(|pid| getppid() == Some(*pid))
}

/// Whether another program serves until this one does.
pub fn is_successor() -> bool {
    predecessor().is_some()
}

/// Says that this program serves: to the service manager, and to the predecessor, which ends now.
pub fn ready() {
    let pid = getpid();
    tell(&[NotifyState::MainPid(pid.as_raw_pid().unsigned_abs()), NotifyState::Ready]);
    if let Some(predecessor) = predecessor() {
        match kill_process(predecessor, Signal::QUIT) {
            Ok(()) => tracing::info!(pid = pid.as_raw_pid(), "relieved the predecessor"),
            Err(error) => tracing::warn!(%error, "the predecessor cannot be told to end"),
        }
    }
}

/// Tells the service manager, where there is one.
fn tell(state: &[NotifyState<'_>]) {
    if let Err(error) = sd_notify::notify(state) {
        tracing::warn!(%error, "the service manager cannot be told how far the program is");
    }
}

/// The program that is to take over, while it starts.
pub struct Successor {
    /// Its file by name: what stands there when it is started, most often a newer one.
    program: io::Result<PathBuf>,
    child: Option<Child>,
}

impl Successor {
    /// None yet. To be called before the program's file may be replaced: after that, its name is not known any more.
    pub fn none() -> Self {
        Self { program: std::env::current_exe(), child: None }
    }

    /// Starts it from the program's file, with the same settings.
    pub fn start(&mut self, listener: &impl AsFd) {
        if self.child.is_some() {
            tracing::warn!("a successor is starting already");
            return;
        }
        match self.spawn(listener) {
            Ok(child) => self.child = Some(child),
            Err(error) => tracing::error!(%error, "no successor could be started: this program goes on"),
        }
    }

    /// Waits until it ends without having taken over, and says so.
    pub async fn failed(&mut self) {
        let Some(child) = &mut self.child else { return pending().await };
        match child.wait().await {
            Ok(status) => tracing::error!(%status, "the successor ended before it served: this program goes on"),
            Err(error) => tracing::error!(%error, "nothing is heard of the successor: this program goes on"),
        }
        self.child = None;
    }

    /// Ends it, as the whole site ends.
    pub fn stop(&mut self) {
        tell(&[NotifyState::Stopping]);
        if let Some(child) = &mut self.child {
            // It may have taken over just now, and finishes then what it began; where it has ended already, all is well.
            let pid = child.id().and_then(|id| Pid::from_raw(id.cast_signed()));
            let _ = pid.map(|pid| kill_process(pid, Signal::TERM));
        }
    }

    fn spawn(&self, listener: &impl AsFd) -> io::Result<Child> {
        let listener: OwnedFd = listener.as_fd().try_clone_to_owned()?;
        let program = self.program.as_ref().map_err(|error| io::Error::new(error.kind(), error.to_string()))?;
        Command::new(program)
            .args(std::env::args_os().skip(1))
            .env(PREDECESSOR, getpid().as_raw_pid().to_string())
            .stdin(Stdio::from(listener))
            .spawn()
    }
}
