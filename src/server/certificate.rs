//! Whether browsers take the certificate that readers are shown at the site's address, by whoever stands before the program.

use rustls::{
    CertificateError, ClientConfig, ClientConnection, Error, RootCertStore,
    client::{WebPkiServerVerifier, danger::ServerCertVerifier},
    pki_types::{ServerName, UnixTime},
};
use std::{
    io,
    net::{TcpStream, ToSocketAddrs},
    sync::Arc,
    time::Duration,
};

/// Who has a certificate renewed by itself has it renewed earlier than so many days before its end.
const SOON: u64 = 14;
/// How long each step of a connection may take.
const PATIENCE: Duration = Duration::from_secs(5);

/// What an operator should know of the certificate at `base_url`, if readers come by TLS; an error where browsers would refuse it.
pub fn look(base_url: &str) -> Result<Option<String>, String> {
    look_as(base_url, RootCertStore { roots: webpki_roots::TLS_SERVER_ROOTS.into() })
}

/// The same for who trusts `roots`.
fn look_as(base_url: &str, roots: RootCertStore) -> Result<Option<String>, String> {
    let Ok(uri) = base_url.parse::<http::Uri>() else { return Ok(None) };
    let Some(host) = uri.host().filter(|_| uri.scheme_str() == Some("https")) else { return Ok(None) };
    let host = host.trim_start_matches('[').trim_end_matches(']');
    let name = ServerName::try_from(host.to_owned()).map_err(|error| format!("{base_url}: {error}"))?;
    // An address that is new, or is not answered from here, is no mistake.
    let mut stream = match connect(host, uri.port_u16().unwrap_or(443)) {
        Ok(stream) => stream,
        Err(error) => {
            return Ok(Some(format!(
                "{base_url}: nothing answers from here, so that its certificate was not looked at ({error})"
            )));
        }
    };
    let refused = |error: Error| format!("{base_url}: {}", reason(&error));
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let verifier = WebPkiServerVerifier::builder_with_provider(Arc::new(roots), Arc::clone(&provider))
        .build()
        .map_err(|error| format!("{base_url}: {error}"))?;
    let config = ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(refused)?
        .with_webpki_verifier(Arc::clone(&verifier))
        .with_no_client_auth();
    let mut tls = ClientConnection::new(Arc::new(config), name.clone()).map_err(refused)?;
    while tls.is_handshaking() {
        tls.complete_io(&mut stream).map_err(|error| {
            let known = error.get_ref().and_then(|error| error.downcast_ref::<Error>());
            known
                .map_or_else(|| format!("{base_url}: no TLS is spoken there ({error})"), |error| refused(error.clone()))
        })?;
    }
    let [certificate, between @ ..] = tls.peer_certificates().unwrap_or_default() else { return Ok(None) };
    let soon = UnixTime::since_unix_epoch(Duration::from_secs(UnixTime::now().as_secs() + SOON * 24 * 60 * 60));
    let then = verifier.verify_server_cert(certificate, between, &name, &[], soon);
    Ok(then.err().map(|_| format!("{base_url}: the certificate ends within {SOON} days: have it renewed")))
}

fn connect(host: &str, port: u16) -> io::Result<TcpStream> {
    let mut failed = io::Error::new(io::ErrorKind::NotFound, "the name has no address");
    for address in (host, port).to_socket_addrs()? {
        match TcpStream::connect_timeout(&address, PATIENCE) {
            Ok(stream) => {
                stream.set_read_timeout(Some(PATIENCE))?;
                stream.set_write_timeout(Some(PATIENCE))?;
                return Ok(stream);
            }
            Err(error) => failed = error,
        }
    }
    Err(failed)
}

/// Why browsers would not go on, and what to do.
fn reason(error: &Error) -> String {
    match error {
        Error::InvalidCertificate(CertificateError::Expired | CertificateError::ExpiredContext { .. }) => {
            "the certificate has expired, and browsers warn readers away: have it renewed".into()
        }
        Error::InvalidCertificate(
            CertificateError::NotValidForName | CertificateError::NotValidForNameContext { .. },
        ) => "the certificate is for another name: get one for this".into(),
        // One that was signed by itself is either.
        Error::InvalidCertificate(CertificateError::UnknownIssuer | CertificateError::Other(_)) => {
            "browsers do not know who signed the certificate: get it from an authority that they trust, and have those between sent with it"
                .into()
        }
        Error::InvalidCertificate(error) => format!("browsers would refuse the certificate ({error})"),
        Error::InvalidMessage(_) => "no TLS is spoken there: put a server that does before the program".into(),
        error => format!("no connection by TLS can be made ({error})"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rcgen::{BasicConstraints, CertificateParams, CertifiedIssuer, IsCa, KeyPair};
    use rustls::{ServerConfig, ServerConnection, pki_types::PrivateKeyDer};
    use std::{
        io::Write as _,
        net::{Ipv4Addr, TcpListener},
        thread,
        time::SystemTime,
    };

    const DAY: Duration = Duration::from_secs(24 * 60 * 60);

    /// What is said of a certificate for `name` from and until so many days from now, shown to who trusts its authority or not.
    fn said_of(name: &str, days: std::ops::Range<i32>, is_trusted: bool) -> Result<Option<String>, String> {
        let at = |days: i32| {
            let now = SystemTime::now();
            let far = DAY * days.unsigned_abs();
            if days < 0 { now - far } else { now + far }.into()
        };
        let key = || KeyPair::generate().expect("a key");
        let mut params = CertificateParams::default();
        params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
        let authority = CertifiedIssuer::self_signed(params, key()).expect("an authority");
        let mut params = CertificateParams::new([name.to_owned()]).expect("a name");
        (params.not_before, params.not_after) = (at(days.start), at(days.end));
        let own = key();
        let certificate = params.signed_by(&own, &authority).expect("signed");

        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ServerConfig::builder_with_provider(provider).with_safe_default_protocol_versions();
        let key = PrivateKeyDer::try_from(own.serialize_der()).expect("a key");
        let config = config.expect("versions").with_no_client_auth().with_single_cert(vec![certificate.into()], key);
        let mut tls = ServerConnection::new(Arc::new(config.expect("settings"))).expect("a server");
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let port = listener.local_addr().expect("an address").port();
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            while tls.is_handshaking() && tls.complete_io(&mut stream).is_ok() {}
        });
        let mut roots = RootCertStore::empty();
        if is_trusted {
            roots.add(authority.der().clone()).expect("added");
        } else {
            roots.roots.extend_from_slice(webpki_roots::TLS_SERVER_ROOTS);
        }
        let said = look_as(&format!("https://localhost:{port}"), roots);
        server.join().expect("ended");
        said.map(|note| note.map(|note| note.replace(&port.to_string(), "PORT")))
            .map_err(|mistake| mistake.replace(&port.to_string(), "PORT"))
    }

    #[test]
    fn a_good_certificate_is_nothing_to_speak_of_and_one_that_ends_soon_is() {
        assert_eq!(said_of("localhost", -1..15, true), Ok(None));
        let note = "https://localhost:PORT: the certificate ends within 14 days: have it renewed";
        assert_eq!(said_of("localhost", -1..13, true), Ok(Some(note.into())));
    }

    #[test]
    fn what_browsers_refuse_is_a_mistake() {
        let refused = |name, days, is_trusted| said_of(name, days, is_trusted).expect_err("a mistake");
        assert!(refused("localhost", -9..-1, true).starts_with("https://localhost:PORT: the certificate has expired"));
        assert!(refused("localhost", 1..9, true).contains("browsers would refuse the certificate"));
        assert!(refused("www.example.org", -1..15, true).contains("for another name"));
        assert!(refused("localhost", -1..15, false).contains("who signed"));
    }

    #[test]
    fn an_address_without_tls_is_a_mistake_one_that_does_not_answer_is_told_and_plain_ones_are_left_alone() {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).expect("a port");
        let url = format!("https://{}", listener.local_addr().expect("an address"));
        let server = thread::spawn(move || {
            let (mut stream, _) = listener.accept().expect("a client");
            stream.write_all(b"HTTP/1.1 400 Bad Request\r\n\r\n").expect("written");
        });
        assert!(look(&url).expect_err("a mistake").contains("no TLS is spoken there"));
        server.join().expect("ended");
        assert!(look(&url).expect("a note").expect("a note").contains("nothing answers from here"));
        assert_eq!(look("http://www.example.org"), Ok(None));
    }
}
