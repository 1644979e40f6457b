//! Who asks: how much each address has at once, and how often it may ask for what costs work.
//!
//! A program on this machine and a trusted proxy are not limited themselves; what a trusted proxy says of its clients is.

use axum::http::HeaderMap;
use ipnet::IpNet;
use std::{
    collections::{HashMap, hash_map::Entry},
    hash::{BuildHasher as _, RandomState},
    net::{IpAddr, Ipv6Addr, SocketAddr},
    sync::{
        Arc, Mutex, PoisonError,
        atomic::{AtomicU64, Ordering},
    },
    time::{Duration, Instant},
};

/// Where proxies say for whom they ask, the nearest last.
const FORWARDED_FOR: &str = "x-forwarded-for";

/// How many forms of one client are read at once: a reader sends one, and some may have one address.
const FORMS: u32 = 8;
/// How many answers are sent to one client at once that are made meanwhile: those are for robots.
const STREAMS: u32 = 8;
/// How many kilobytes of large answers are on their way to one client at once: twice the largest picture.
const KILOBYTES: u32 = 32 * 1024;

/// The clients of the running site.
pub struct Clients {
    trusted: Vec<IpNet>,
    /// How many of each kind one client may have.
    most: [u32; KINDS],
    held: Mutex<HashMap<IpAddr, [u32; KINDS]>>,
    rates: [Rate; 3],
}

/// What a client is allowed to have just so many of at once: there is room for a number of all clients' together, and none is to take
/// all of it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Held {
    /// A connection, or an answer over HTTP/2.
    Connection,
    /// A form on its way here.
    Form,
    /// An answer that is made while it is sent.
    Stream,
    /// A kilobyte of a large answer on its way.
    Kilobyte,
}

/// How many kinds there are.
const KINDS: usize = 4;

/// What a client is allowed to ask for just so often.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Work {
    /// A page that has to be made.
    Page,
    /// A look into the search index.
    Search,
    /// A form.
    Form,
}

/// A place among those of one client, until it is dropped.
pub struct Place(Option<(Arc<Clients>, IpAddr, Held, u32)>);

impl Clients {
    /// Clients with at most so many connections from one address, and proxies that are believed.
    pub fn new(trusted: Vec<IpNet>, connections: u32) -> Arc<Self> {
        let rates = [
            Rate::new(500, Duration::from_millis(20)),
            Rate::new(100, Duration::from_millis(100)),
            Rate::new(20, Duration::from_secs(5)),
        ];
        Arc::new(Self { trusted, most: [connections, FORMS, STREAMS, KILOBYTES], held: Mutex::default(), rates })
    }

    /// A place for a connection from `peer`, unless it has too many.
    pub fn enter(self: &Arc<Self>, peer: IpAddr) -> Option<Place> {
        self.hold(self.who(peer, &HeaderMap::new()), Held::Connection, 1)
    }

    /// A place for so many more of what `client` has, unless it has too many.
    pub fn hold(self: &Arc<Self>, client: Option<IpAddr>, what: Held, more: u32) -> Option<Place> {
        let Some(client) = client else { return Some(Place(None)) };
        let mut held = self.held.lock().unwrap_or_else(PoisonError::into_inner);
        let count = &mut held.entry(client).or_default()[what as usize];
        if count.saturating_add(more) > self.most[what as usize] {
            return None;
        }
        *count += more;
        Some(Place(Some((Arc::clone(self), client, what, more))))
    }

    /// Who asks on a connection from `peer`; none for what is not limited. A proxy that says for somebody, but not for whom, is
    /// limited itself.
    pub fn who(&self, peer: IpAddr, request: &HeaderMap) -> Option<IpAddr> {
        let mut client = peer.to_canonical();
        let hops = request.get_all(FORWARDED_FOR).iter().flat_map(|line| line.to_str().unwrap_or_default().split(','));
        let mut hops: Vec<&str> = hops.collect();
        // Each hop is what the one before says; what it says is worth as much as it is.
        while self.is_trusted(client) {
            let Some(hop) = address(hops.pop()?) else { break };
            client = hop;
        }
        Some(network(client))
    }

    /// Counts one piece of work for `client`, or says how long it has to wait for it.
    pub fn allow(&self, client: Option<IpAddr>, work: Work) -> Result<(), Duration> {
        let Some(client) = client else { return Ok(()) };
        self.rates[work as usize].allow(client)
    }

    /// Whether what comes from there is believed.
    pub fn is_trusted(&self, address: IpAddr) -> bool {
        let address = address.to_canonical();
        self.trusted.iter().any(|network| network.contains(&address))
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let Some((clients, client, what, more)) = self.0.take() else { return };
        let mut held = clients.held.lock().unwrap_or_else(PoisonError::into_inner);
        let Entry::Occupied(mut counts) = held.entry(client) else { return };
        counts.get_mut()[what as usize] -= more;
        if *counts.get() == [0; KINDS] {
            counts.remove();
        }
    }
}

/// The address that a proxy names, with or without a port.
fn address(hop: &str) -> Option<IpAddr> {
    let hop = hop.trim();
    let address = hop.parse().or_else(|_| hop.parse().map(|hop: SocketAddr| hop.ip())).ok()?;
    Some(address.to_canonical())
}

/// What counts as one client: an address, or the network that one customer gets with IPv6.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            IpAddr::V6(Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
        address => address,
    }
}

/// So much at once, and then one in each span: the generic cell rate algorithm. It takes the same memory however many clients
/// there are; two that share a cell, one pair in `CELLS`, share what is allowed.
struct Rate {
    at_once: u64,
    span: u64,
    since: Instant,
    cells: Box<[AtomicU64]>,
    hasher: RandomState,
}

const CELLS: usize = 1 << 16;

impl Rate {
    fn new(at_once: u64, span: Duration) -> Self {
        let cells = (0..CELLS).map(|_| AtomicU64::new(0)).collect();
        Self { at_once, span: micros(span), since: Instant::now(), cells, hasher: RandomState::new() }
    }

    fn allow(&self, client: IpAddr) -> Result<(), Duration> {
        self.allow_at(client, micros(self.since.elapsed()))
    }

    fn allow_at(&self, client: IpAddr, now: u64) -> Result<(), Duration> {
        let cell = &self.cells[self.hasher.hash_one(client) as usize % CELLS];
        // A cell says until when all is used up that was asked for.
        let used = |until: u64| until.max(now) + self.span;
        let most = now + self.at_once * self.span;
        let asked = cell.fetch_update(Ordering::Relaxed, Ordering::Relaxed, |until| {
            Some(used(until)).filter(|until| *until <= most)
        });
        asked.map(drop).map_err(|until| Duration::from_micros(used(until) - most))
    }
}

fn micros(span: Duration) -> u64 {
    u64::try_from(span.as_micros()).unwrap_or(u64::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::{HeaderName, HeaderValue};

    fn clients(of_each: u32) -> Arc<Clients> {
        let trusted = ["127.0.0.0/8", "::1/128", "10.0.0.0/8"].map(|network| network.parse().expect("a network"));
        Clients::new(trusted.to_vec(), of_each)
    }

    fn ip(text: &str) -> IpAddr {
        text.parse().expect("an address")
    }

    #[test]
    fn an_address_has_so_many_connections_and_gets_its_place_back() {
        let clients = clients(2);
        let mut places = vec![clients.enter(ip("192.0.2.1")), clients.enter(ip("::ffff:192.0.2.1"))];
        assert!(places.iter().all(Option::is_some));
        assert!(clients.enter(ip("192.0.2.1")).is_none());
        assert!(clients.enter(ip("192.0.2.2")).is_some());
        assert!((0..9).all(|_| clients.enter(ip("127.0.0.1")).is_some()), "a proxy has those of all its clients");
        places.pop();
        assert!(clients.enter(ip("192.0.2.1")).is_some());
        drop(places);
        assert!(clients.held.lock().expect("a map").is_empty(), "nothing is left of who has gone");
    }

    #[test]
    fn each_kind_has_places_of_its_own() {
        let clients = clients(1);
        let one = Some(ip("192.0.2.1"));
        let connection = clients.hold(one, Held::Connection, 1);
        assert!(connection.is_some() && clients.hold(one, Held::Connection, 1).is_none());
        let forms: Vec<_> = (0..FORMS).map(|_| clients.hold(one, Held::Form, 1)).collect();
        assert!(forms.iter().all(Option::is_some) && clients.hold(one, Held::Form, 1).is_none());
        assert!(
            clients.hold(one, Held::Stream, 1).is_some()
                && clients.hold(Some(ip("192.0.2.2")), Held::Form, 1).is_some()
        );
        let _large = clients.hold(one, Held::Kilobyte, KILOBYTES - 9);
        assert!(clients.hold(one, Held::Kilobyte, 10).is_none() && clients.hold(one, Held::Kilobyte, 9).is_some());
        drop(connection);
        assert!(clients.hold(one, Held::Connection, 1).is_some() && clients.hold(one, Held::Form, 1).is_none());
        assert!((0..99).all(|_| clients.hold(None, Held::Stream, 1).is_some()), "a program on this machine");
    }

    #[test]
    fn a_network_of_one_customer_is_one_client() {
        let clients = clients(1);
        let _place = clients.enter(ip("2001:db8:1:2::1")).expect("a place");
        assert!(clients.enter(ip("2001:db8:1:2:9:9:9:9")).is_none());
        assert!(clients.enter(ip("2001:db8:1:3::1")).is_some());
    }

    #[test]
    fn only_trusted_proxies_are_believed() {
        let who = |peer: &str, forwarded: &[&'static str]| {
            let name = HeaderName::from_static(FORWARDED_FOR);
            let headers = forwarded.iter().map(|value| (name.clone(), HeaderValue::from_static(value)));
            clients(1).who(ip(peer), &headers.collect()).map(|ip| ip.to_string())
        };
        assert_eq!(who("192.0.2.9", &["198.51.100.1"]).as_deref(), Some("192.0.2.9"), "anyone may write that header");
        assert_eq!(who("127.0.0.1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(who("::ffff:127.0.0.1", &["198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(who("127.0.0.1", &["203.0.113.5, 198.51.100.1, 10.0.0.2"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(who("127.0.0.1", &["203.0.113.5", "198.51.100.1"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(who("127.0.0.1", &["2001:db8:1:2::7"]).as_deref(), Some("2001:db8:1:2::"));
        assert_eq!(who("127.0.0.1", &[]), None, "a program on this machine");
        assert_eq!(who("127.0.0.1", &["198.51.100.1:4711"]).as_deref(), Some("198.51.100.1"));
        assert_eq!(who("127.0.0.1", &["[2001:db8:1:2::7]:443"]).as_deref(), Some("2001:db8:1:2::"));
        assert_eq!(who("127.0.0.1", &["198.51.100.1, unknown, 10.0.0.2"]).as_deref(), Some("10.0.0.2"));
    }

    #[test]
    fn so_much_at_once_and_then_one_in_each_span() {
        let rate = Rate::new(3, Duration::from_micros(10));
        let (one, other) = (ip("192.0.2.1"), ip("192.0.2.2"));
        for _ in 0..3 {
            assert!(rate.allow_at(one, 1000).is_ok());
        }
        assert_eq!(rate.allow_at(one, 1000), Err(Duration::from_micros(10)));
        assert_eq!(rate.allow_at(one, 1007), Err(Duration::from_micros(3)));
        assert!(rate.allow_at(other, 1007).is_ok());
        assert!(rate.allow_at(one, 1010).is_ok());
        assert!(rate.allow_at(one, 1010).is_err());
        for _ in 0..3 {
            assert!(rate.allow_at(one, 9000).is_ok(), "who waits has all of it again, and no more");
        }
        assert!(rate.allow_at(one, 9000).is_err());
    }
}
