//! Settings: `Leptos.toml` in the working folder, overridden by the environment, read once into [`Settings`].

use crate::i18n;
use ipnet::IpNet;
use jiff::{Timestamp, civil::Date, tz::TimeZone};
use serde::Deserialize;
use sqlx::{postgres::PgConnectOptions, sqlite::SqliteConnectOptions};
use std::{
    fmt, fs, io,
    net::{IpAddr, SocketAddr},
    ops::RangeInclusive,
    os::unix::fs::OpenOptionsExt as _,
    path::{Path, PathBuf},
    str::FromStr,
};

/// Everything that an operator can set. README.md has the list with the names and defaults.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Where to listen: `LEPTOS_SITE_ADDR`.
    pub site_addr: SocketAddr,
    /// The folder with the browser's files: `LEPTOS_SITE_ROOT`.
    pub site_root: PathBuf,
    /// The store: `DATABASE_URL`.
    pub database: DatabaseUrl,
    /// The folder that fills a new store: `PAVISE_CONTENT_DIR`.
    pub content_dir: PathBuf,
    /// The folder of the search index, which is made from the store: `PAVISE_SEARCH_DIR`.
    pub search_dir: PathBuf,
    /// The scheme and host that readers use, without a slash at the end: `PAVISE_BASE_URL`.
    pub base_url: String,
    /// The languages that the site speaks, by their BCP 47 tags, the default one first: `PAVISE_LANGUAGES`.
    pub languages: Vec<String>,
    /// Where weaknesses of the site are reported, for `security.txt`: `PAVISE_SECURITY_CONTACT`.
    pub security_contact: Option<String>,
    /// Until when that contact is good: `PAVISE_SECURITY_EXPIRES`.
    pub security_expires: Option<Timestamp>,
    /// The WebSub hub that feeds name: `PAVISE_WEBSUB_HUB`.
    pub websub_hub: Option<String>,
    /// How many bytes of finished pages are kept in memory: `PAVISE_PAGE_CACHE_MB`.
    pub page_cache_bytes: u64,
    /// Where operators find measures, if anywhere: `PAVISE_METRICS_ADDR`.
    pub metrics_addr: Option<SocketAddr>,
    /// Where the collector of traces is, if there is one, without a slash at the end: `OTEL_EXPORTER_OTLP_ENDPOINT`.
    pub otlp_endpoint: Option<String>,
    /// How many connections there may be at once: `PAVISE_MAX_CONNECTIONS`.
    pub max_connections: u32,
    /// How many of them one address may have: `PAVISE_MAX_CONNECTIONS_PER_ADDRESS`.
    pub max_connections_per_address: u32,
    /// The proxies that say for whom they ask: `PAVISE_TRUSTED_PROXIES`.
    pub trusted_proxies: Vec<IpNet>,
    /// Whether readers' browsers keep pages for reading without a network; if not, they remove what they kept: `PAVISE_OFFLINE`.
    pub offline: bool,
    /// Whether `cargo leptos watch` runs this program and pages reload themselves: `LEPTOS_WATCH`.
    pub watch: bool,
    /// The port on which `cargo leptos watch` says when to reload: `LEPTOS_RELOAD_PORT`.
    pub reload_port: u32,
}

/// Every setting that cannot be used, a line for each.
#[derive(Debug, Default)]
pub struct Mistakes(Vec<SettingError>);

impl fmt::Display for Mistakes {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.lines().join("\n"))
    }
}

/// A setting that cannot be used: which, what it is, and what is expected.
#[derive(Debug, thiserror::Error)]
pub enum SettingError {
    /// A value that does not say what it should.
    #[error("{name} is `{value}`: expected {expected}")]
    Value {
        /// The setting's name in the environment.
        setting: &'static str,
        /// The setting's name, as it is written where it came from.
        name: String,
        /// What it is set to.
        value: String,
        /// What it may be.
        expected: &'static str,
    },
    /// A settings file that cannot be understood.
    #[error("{file}, line {line}: {what}")]
    File {
        /// The file.
        file: String,
        /// The line, from 1.
        line: usize,
        /// What is wrong there.
        what: String,
    },
    /// A settings file that cannot be read.
    #[error("{0} cannot be read: {1}")]
    Unreadable(String, io::Error),
}

/// `Leptos.toml`.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    #[serde(default)]
    leptos: LeptosTable,
    #[serde(default)]
    pavise: PaviseTable,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct LeptosTable {
    site_addr: Option<String>,
    site_root: Option<String>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
struct PaviseTable {
    database_url: Option<String>,
    content_dir: Option<String>,
    search_dir: Option<String>,
    base_url: Option<String>,
    languages: Option<String>,
    security_contact: Option<String>,
    security_expires: Option<String>,
    websub_hub: Option<String>,
    page_cache_mb: Option<u64>,
    metrics_addr: Option<String>,
    otlp_endpoint: Option<String>,
    max_connections: Option<u64>,
    max_connections_per_address: Option<u64>,
    trusted_proxies: Option<String>,
    offline: Option<String>,
}

impl Settings {
    /// Reads the settings file at `path`, which need not exist, and the environment through `env`, which wins.
    pub fn read(path: &Path, env: impl Fn(&str) -> Option<String>) -> Result<Self, Mistakes> {
        Self::read_in_spite_of(&Mistakes::default(), path, env)
    }

    /// The same, with what holds where nothing is set for every setting that `wrong` tells of.
    pub fn read_in_spite_of(
        wrong: &Mistakes,
        path: &Path,
        env: impl Fn(&str) -> Option<String>,
    ) -> Result<Self, Mistakes> {
        let file = read_file(path).map_err(|mistake| Mistakes(vec![mistake]))?;
        let mut mistakes = Mistakes::default();
        let set = |setting, key: &str, in_file: Option<String>, default: &str| {
            let (name, value) = match (env(setting), in_file) {
                _ if wrong.tell_of(setting) => (setting.to_owned(), default.to_owned()),
                (Some(value), _) => (setting.to_owned(), value),
                (None, Some(value)) => (format!("{key} in {}", path.display()), value),
                (None, None) => (setting.to_owned(), default.to_owned()),
            };
            Set { setting, name, value }
        };

        let setting = set("LEPTOS_SITE_ADDR", "site-addr", file.leptos.site_addr, "127.0.0.1:3000");
        let expected = "an address and port such as 127.0.0.1:3000";
        let site_addr: Option<SocketAddr> = mistakes.required(setting, expected, |text| text.parse().ok());

        let setting = set("DATABASE_URL", "database-url", file.pavise.database_url, "sqlite://data/pavise.db");
        let expected = "sqlite://path/to/file.db or postgres://user@host/database";
        let database = mistakes.required(setting, expected, DatabaseUrl::parse);

        let default = site_addr.map_or_else(|| "http://127.0.0.1".to_owned(), |at| format!("http://{at}"));
        let setting = set("PAVISE_BASE_URL", "base-url", file.pavise.base_url, &default);
        let expected = "a scheme and host such as https://www.example.org, without a path";
        let base_url = mistakes.required(setting, expected, parse_base_url);

        let setting = set("PAVISE_LANGUAGES", "languages", file.pavise.languages, &i18n::SHIPPED.join(" "));
        let languages =
            mistakes.required(setting, "language tags such as `en fr ar`, the default one first", parse_languages);

        let setting = set("PAVISE_SECURITY_CONTACT", "security-contact", file.pavise.security_contact, "");
        let security_contact = mistakes.optional(setting, "a mailto: or https: address", |text| {
            let is_mail = text.strip_prefix("mailto:").is_some_and(|address| address.contains('@'));
            let is_page = text.strip_prefix("https://").is_some_and(|rest| !rest.is_empty());
            (is_mail || is_page).then(|| text.to_owned())
        });
        let setting = set("PAVISE_SECURITY_EXPIRES", "security-expires", file.pavise.security_expires, "");
        let security_expires = mistakes.optional(setting, "a day such as 2027-06-30", |text| {
            let day: Date = text.parse().ok()?;
            TimeZone::UTC.to_timestamp(day.at(0, 0, 0, 0)).ok()
        });
        let setting = set("PAVISE_WEBSUB_HUB", "websub-hub", file.pavise.websub_hub, "");
        let websub_hub = mistakes.optional(setting, "an http: or https: address", |text| {
            (text.starts_with("https://") || text.starts_with("http://")).then(|| text.to_owned())
        });

        let mut number = |name, key: &str, in_file: Option<u64>, default: u32, range: RangeInclusive<u32>, expected| {
            let setting = set(name, key, in_file.map(|number| number.to_string()), &default.to_string());
            mistakes.required(setting, expected, |text| text.parse().ok().filter(|number| range.contains(number)))
        };
        let (in_file, expected) = (file.pavise.page_cache_mb, "a number of megabytes, 0 for none");
        let page_cache_mb =
            number("PAVISE_PAGE_CACHE_MB", "page-cache-mb", in_file, PAGE_CACHE_MB, 0..=1024 * 1024, expected);

        let mut most = |name, key: &str, in_file: Option<u64>, default: u32| {
            number(name, key, in_file, default, 1..=1_000_000, "a number from 1 to 1000000")
        };
        let in_file = file.pavise.max_connections;
        let max_connections = most("PAVISE_MAX_CONNECTIONS", "max-connections", in_file, MAX_CONNECTIONS);
        let max_connections_per_address = most(
            "PAVISE_MAX_CONNECTIONS_PER_ADDRESS",
            "max-connections-per-address",
            file.pavise.max_connections_per_address,
            MAX_CONNECTIONS_PER_ADDRESS,
        );

        let setting = set("PAVISE_METRICS_ADDR", "metrics-addr", file.pavise.metrics_addr, "");
        let expected = "an address and port such as 127.0.0.1:9090, other than the site's, or nothing";
        let is_free = |address: &SocketAddr| address.port() == 0 || Some(*address) != site_addr;
        let metrics_addr = mistakes.optional(setting, expected, |text| text.parse().ok().filter(is_free));

        let setting = set("OTEL_EXPORTER_OTLP_ENDPOINT", "otlp-endpoint", file.pavise.otlp_endpoint, "");
        let expected = "an http: address such as http://127.0.0.1:4318, or nothing";
        let otlp_endpoint = mistakes.optional(setting, expected, |text| {
            let uri: http::Uri = text.parse().ok()?;
            let is_plain = !uri.authority()?.as_str().contains('@') && uri.query().is_none();
            (uri.scheme_str() == Some("http") && is_plain).then(|| text.trim_end_matches('/').to_owned())
        });

        let default = "127.0.0.0/8 ::1";
        let setting = set("PAVISE_TRUSTED_PROXIES", "trusted-proxies", file.pavise.trusted_proxies, default);
        let expected = "addresses or networks such as `127.0.0.1 10.0.0.0/8`";
        let trusted_proxies = mistakes.required(setting, expected, parse_networks);

        let setting = set("PAVISE_OFFLINE", "offline", file.pavise.offline, "on");
        let offline = mistakes.required(setting, "on or off", |text| match text {
            "on" => Some(true),
            "off" => Some(false),
            _ => None,
        });

        let site_root = set("LEPTOS_SITE_ROOT", "site-root", file.leptos.site_root, "target/site");
        let content_dir = set("PAVISE_CONTENT_DIR", "content-dir", file.pavise.content_dir, "content");
        let default = database.as_ref().map(|database| database.search_dir().display().to_string());
        let setting = set("PAVISE_SEARCH_DIR", "search-dir", file.pavise.search_dir, &default.unwrap_or("-".into()));
        let search_dir = mistakes.required(setting, "a folder", |text| (!text.is_empty()).then(|| text.into()));
        let settings = || {
            Some(Self {
                site_addr: site_addr?,
                site_root: site_root.value.into(),
                database: database?,
                content_dir: content_dir.value.into(),
                search_dir: search_dir?,
                base_url: base_url?,
                languages: languages?,
                security_contact: security_contact?,
                security_expires: security_expires?,
                websub_hub: websub_hub?,
                page_cache_bytes: u64::from(page_cache_mb?) * 1024 * 1024,
                metrics_addr: metrics_addr?,
                otlp_endpoint: otlp_endpoint?,
                max_connections: max_connections?,
                max_connections_per_address: max_connections_per_address?,
                trusted_proxies: trusted_proxies?,
                offline: offline?,
                watch: env("LEPTOS_WATCH").is_some(),
                reload_port: env("LEPTOS_RELOAD_PORT").and_then(|port| port.parse().ok()).unwrap_or(3001),
            })
        };
        settings().ok_or(mistakes)
    }
}

/// Each takes some kilobytes; a reader's browser has one, or six.
const MAX_CONNECTIONS: u32 = 16_384;
/// Many readers may share an address.
const MAX_CONNECTIONS_PER_ADDRESS: u32 = 512;

/// Some 1,000 pages in one language, each in the form that nearly everyone takes.
const PAGE_CACHE_MB: u32 = 16;

impl Settings {
    /// Takes over the address on which the program really listens, where the system chose the port: it is the one that
    /// readers use, unless the operator said another.
    pub fn listening_on(&mut self, address: SocketAddr) {
        if self.base_url == format!("http://{}", self.site_addr) {
            self.base_url = format!("http://{address}");
        }
        self.site_addr = address;
    }
}

/// A setting: its name in the environment, its name as it is written where it came from, and what it is set to.
struct Set {
    setting: &'static str,
    name: String,
    value: String,
}

impl Mistakes {
    /// Whether the setting of this name, in the environment, is among them.
    pub fn tell_of(&self, name: &str) -> bool {
        self.0.iter().any(|wrong| matches!(wrong, SettingError::Value { setting, .. } if *setting == name))
    }

    /// A sentence for each.
    pub fn lines(&self) -> Vec<String> {
        self.0.iter().map(SettingError::to_string).collect()
    }

    /// What a setting says; nothing, and one mistake more, if it says something else than is expected.
    fn required<T>(
        &mut self,
        Set { setting, name, value }: Set,
        expected: &'static str,
        read: impl Fn(&str) -> Option<T>,
    ) -> Option<T> {
        let read = read(&value);
        if read.is_none() {
            self.0.push(SettingError::Value { setting, name, value: without_password(&value), expected });
        }
        read
    }

    /// The same for one that may be left out or empty.
    fn optional<T>(&mut self, set: Set, expected: &'static str, read: impl Fn(&str) -> Option<T>) -> Option<Option<T>> {
        let text = set.value.trim().to_owned();
        // What is set goes into headers and files of lines: one line, nothing else.
        let is_plain = text.bytes().all(|byte| byte.is_ascii_graphic());
        match text.is_empty() {
            true => Some(None),
            false => {
                let set = Set { value: text, ..set };
                self.required(set, expected, |text| read(text).filter(|_| is_plain)).map(Some)
            }
        }
    }
}

/// What has spaces or commas between it.
fn parts(text: &str) -> impl Iterator<Item = &str> {
    text.split([' ', ',']).filter(|part| !part.is_empty())
}

/// Language tags with spaces or commas between them, each once.
fn parse_languages(text: &str) -> Option<Vec<String>> {
    let tags: Vec<String> = parts(text).map(str::to_ascii_lowercase).collect();
    let is_tag = |tag: &String| tag.len() <= 35 && tag.parse::<icu_locale::LanguageIdentifier>().is_ok();
    let once = tags.iter().collect::<std::collections::HashSet<_>>().len() == tags.len();
    (!tags.is_empty() && tags.len() <= 64 && once && tags.iter().all(is_tag)).then_some(tags)
}

/// Addresses and networks with spaces or commas between them.
fn parse_networks(text: &str) -> Option<Vec<IpNet>> {
    parts(text).map(|part| part.parse().or_else(|_| part.parse::<IpAddr>().map(IpNet::from)).ok()).collect()
}

/// Which database.
#[derive(Clone, Debug)]
pub struct DatabaseUrl {
    /// The address as it may be shown: without a password.
    pub shown: String,
    /// How to connect.
    pub options: DatabaseOptions,
}

/// How to connect to a database.
#[derive(Clone, Debug)]
pub enum DatabaseOptions {
    /// A file.
    Sqlite(SqliteConnectOptions),
    /// A server.
    Postgres(PgConnectOptions),
}

impl DatabaseUrl {
    /// Reads `sqlite://path` or `postgres://…`.
    pub fn parse(url: &str) -> Option<Self> {
        let options = match url.split_once("://")? {
            ("sqlite", path) if !path.is_empty() && path != ":memory:" && !path.contains("mode=memory") => {
                SqliteConnectOptions::from_str(url).ok().map(DatabaseOptions::Sqlite)
            }
            ("postgres" | "postgresql", rest) if !rest.is_empty() => {
                PgConnectOptions::from_str(url).ok().map(DatabaseOptions::Postgres)
            }
            _ => None,
        };
        Some(Self { shown: without_password(url), options: options? })
    }

    /// What an operator has to provide at this address.
    pub fn expected(&self) -> &'static str {
        match self.options {
            DatabaseOptions::Sqlite(_) => "an SQLite database of this program, or no file yet",
            DatabaseOptions::Postgres(_) => {
                "a PostgreSQL server that answers there and a database that this user may change"
            }
        }
    }

    /// Where the search index of this store is if the operator does not say: beside the file, or in the working folder.
    fn search_dir(&self) -> PathBuf {
        match &self.options {
            DatabaseOptions::Sqlite(options) => options.get_filename().with_extension("search"),
            DatabaseOptions::Postgres(_) => "data/search".into(),
        }
    }

    /// The database file.
    pub fn file(&self) -> Option<&Path> {
        match &self.options {
            DatabaseOptions::Sqlite(options) => Some(options.get_filename()),
            DatabaseOptions::Postgres(_) => None,
        }
    }

    /// The folder of a database file.
    pub fn folder(&self) -> Option<&Path> {
        self.file().map(folder_of)
    }

    /// Whether there is a database to look at: a file that is not there yet will be made.
    pub fn is_there(&self) -> bool {
        self.file().is_none_or(Path::exists)
    }

    /// Makes the folder of a database file, and says in a sentence why not where the file could not be written there.
    pub fn prepare(&self) -> Result<(), String> {
        let Some(file) = self.file() else { return Ok(()) };
        fs::create_dir_all(folder_of(file))
            // What readers wrote is for nobody else. SQLite gives its journal the same rights.
            .and_then(|()| fs::OpenOptions::new().append(true).create(true).mode(0o600).open(file).map(drop))
            .map_err(|error| {
                format!(
                    "DATABASE_URL is `{}`: the file cannot be written ({error}); expected one in a folder that this user may write to",
                    self.shown
                )
            })
    }
}

/// The folder that a file is in, as it can be opened.
pub fn folder_of(file: &Path) -> &Path {
    file.parent().filter(|folder| !folder.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn read_file(path: &Path) -> Result<File, SettingError> {
    let file = path.display().to_string();
    let text = match fs::read_to_string(path) {
        Ok(text) => text,
        Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(File::default()),
        Err(error) => return Err(SettingError::Unreadable(file, error)),
    };
    toml::from_str(&text).map_err(|error| {
        let before = error.span().and_then(|span| text.get(..span.start)).unwrap_or_default();
        let line = 1 + before.matches('\n').count();
        SettingError::File { file, line, what: error.message().replace('\n', " ") }
    })
}

/// The address up to the host and port, or nothing if there is more or less than that.
fn parse_base_url(text: &str) -> Option<String> {
    let text = text.trim_end_matches('/');
    let uri = text.parse::<axum::http::Uri>().ok()?;
    let web = matches!(uri.scheme_str(), Some("http" | "https"));
    let host = uri.authority().is_some_and(|authority| {
        let has_port = authority.as_str().len() > authority.host().len();
        let is_whole = !authority.host().is_empty() && (!has_port || authority.port_u16().is_some());
        is_whole && !authority.as_str().contains('@')
    });
    // A fragment is no part of what is parsed.
    let bare = uri.path() == "/" && uri.query().is_none() && !text.contains('#');
    (web && host && bare).then(|| text.to_owned())
}

/// A database URL as it may be shown and logged.
fn without_password(url: &str) -> String {
    // What is malformed may have its password anywhere before the host, or in the query; or one with a question mark.
    let (address, query) = match url.split_once('?') {
        Some((_, query)) if query.contains('@') => (url.split(':').next().unwrap_or_default(), "://…"),
        Some((address, _)) => (address, "?…"),
        None => (url, ""),
    };
    match (address.split_once(':'), address.rfind('@')) {
        (Some((scheme, _)), Some(at)) if scheme != "mailto" => format!("{scheme}://…{}{query}", &address[at..]),
        _ => format!("{address}{query}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(file: &str, env: &[(&str, &str)]) -> Result<Settings, String> {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("Leptos.toml");
        fs::write(&path, file).expect("written");
        let env = |name: &str| env.iter().find(|(key, _)| *key == name).map(|(_, value)| (*value).to_owned());
        Settings::read(&path, env).map_err(|error| error.to_string())
    }

    #[test]
    fn nothing_set_means_the_defaults() {
        let settings = Settings::read(Path::new("/nowhere/Leptos.toml"), |_| None).expect("settings");
        assert_eq!(settings.site_addr.to_string(), "127.0.0.1:3000");
        assert_eq!(settings.base_url, "http://127.0.0.1:3000");
        assert!(matches!(settings.database.options, DatabaseOptions::Sqlite(_)));
        assert_eq!(settings.page_cache_bytes, 16 * 1024 * 1024);
        assert_eq!(read("[pavise]\npage-cache-mb = 0\n", &[]).expect("settings").page_cache_bytes, 0);
    }

    #[test]
    fn readers_use_the_address_that_the_system_chose_unless_the_operator_says_another() {
        let chosen = "127.0.0.1:40000".parse().expect("an address");
        let mut settings = read("", &[("LEPTOS_SITE_ADDR", "127.0.0.1:0")]).expect("settings");
        settings.listening_on(chosen);
        assert_eq!(settings.base_url, "http://127.0.0.1:40000");
        let mut settings = read("[pavise]\nbase-url = \"https://example.org\"\n", &[]).expect("settings");
        settings.listening_on(chosen);
        assert_eq!(settings.base_url, "https://example.org");
    }

    #[test]
    fn the_environment_wins_over_the_file() {
        let file = "[leptos]\nsite-addr = \"127.0.0.1:4000\"\n[pavise]\nbase-url = \"https://example.org/\"\n";
        let settings = read(file, &[("LEPTOS_SITE_ADDR", "127.0.0.1:5000")]).expect("settings");
        assert_eq!(settings.site_addr.port(), 5000);
        assert_eq!(settings.base_url, "https://example.org");
    }

    #[test]
    fn a_wrong_value_is_named_with_what_is_expected() {
        let told = |env: &[(&str, &str)]| read("", env).expect_err("an error");
        assert_eq!(
            told(&[("LEPTOS_SITE_ADDR", "localhost")]),
            "LEPTOS_SITE_ADDR is `localhost`: expected an address and port such as 127.0.0.1:3000"
        );
        assert!(told(&[("PAVISE_BASE_URL", "example.org")]).starts_with("PAVISE_BASE_URL is `example.org`: expected"));
        assert!(told(&[("PAVISE_BASE_URL", "https://example.org/blog")]).contains("without a path"));
        assert!(
            told(&[("DATABASE_URL", "mysql://x/y")]).starts_with("DATABASE_URL is `mysql://x/y`: expected sqlite://")
        );
    }

    #[test]
    fn languages_and_the_security_contact_are_read_or_refused() {
        let settings = read("[pavise]\nlanguages = \"ar, en\"\n", &[("PAVISE_SECURITY_EXPIRES", "2027-06-30")]);
        let settings = settings.expect("settings");
        assert_eq!(settings.languages, ["ar", "en"]);
        let trusted = read("", &[("PAVISE_TRUSTED_PROXIES", "10.0.0.0/8, 2001:db8::1")]).expect("settings");
        let trusted: Vec<String> = trusted.trusted_proxies.iter().map(IpNet::to_string).collect();
        assert_eq!(trusted, ["10.0.0.0/8", "2001:db8::1/128"]);
        assert_eq!(settings.security_expires.map(|at| at.to_string()).as_deref(), Some("2027-06-30T00:00:00Z"));
        for (name, value) in [
            ("PAVISE_LANGUAGES", "en en"),
            ("PAVISE_LANGUAGES", "../x"),
            ("PAVISE_SECURITY_CONTACT", "me@example.org"),
            ("PAVISE_SECURITY_CONTACT", "mailto:a@b\nExpires: never"),
            ("PAVISE_SECURITY_EXPIRES", "soon"),
            ("PAVISE_WEBSUB_HUB", "hub.example.org"),
            ("PAVISE_PAGE_CACHE_MB", "-1"),
            ("PAVISE_PAGE_CACHE_MB", "much"),
            ("PAVISE_METRICS_ADDR", "9090"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "https://collector.example.org:4318"),
            ("OTEL_EXPORTER_OTLP_ENDPOINT", "127.0.0.1:4318"),
            ("PAVISE_MAX_CONNECTIONS", "0"),
            ("PAVISE_MAX_CONNECTIONS_PER_ADDRESS", "many"),
            ("PAVISE_TRUSTED_PROXIES", "10.0.0.0/33"),
            ("PAVISE_OFFLINE", "maybe"),
        ] {
            let told = read("", &[(name, value)]).expect_err("an error");
            assert!(told.starts_with(&format!("{name} is `")), "{told}");
        }
    }

    #[test]
    fn every_mistake_is_told() {
        let wrong = [("LEPTOS_SITE_ADDR", "here"), ("PAVISE_OFFLINE", "maybe"), ("PAVISE_MAX_CONNECTIONS", "0")];
        let told = read("", &wrong).expect_err("mistakes");
        assert_eq!(told.lines().count(), 3, "{told}");
        for (name, value) in wrong {
            assert!(told.contains(&format!("{name} is `{value}`: expected")), "{told}");
        }
    }

    #[test]
    fn what_is_right_is_read_beside_what_is_wrong() {
        let dir = tempfile::tempdir().expect("a folder");
        let path = dir.path().join("Leptos.toml");
        fs::write(&path, "[pavise]\nlanguages = \"../x\"\ncontent-dir = \"texts\"\n").expect("written");
        let env = |name: &str| (name == "PAVISE_OFFLINE").then(|| "maybe".to_owned());
        let mistakes = Settings::read(&path, env).expect_err("mistakes");
        assert!(mistakes.tell_of("PAVISE_LANGUAGES") && mistakes.tell_of("PAVISE_OFFLINE"));
        assert!(!mistakes.tell_of("PAVISE_CONTENT_DIR"));
        let settings = Settings::read_in_spite_of(&mistakes, &path, env).expect("settings");
        assert_eq!(settings.languages, i18n::SHIPPED);
        assert_eq!(settings.content_dir, Path::new("texts"));
    }

    #[test]
    fn a_password_is_not_told() {
        let told = read("", &[("DATABASE_URL", "mysql://me:secret@db/x")]).expect_err("an error");
        assert!(told.contains("mysql://…@db/x") && !told.contains("secret"), "{told}");
        for name in ["PAVISE_BASE_URL", "PAVISE_WEBSUB_HUB", "OTEL_EXPORTER_OTLP_ENDPOINT"] {
            let told = read("", &[(name, "ftp://me:secret@host/x")]).expect_err("an error");
            assert!(told.starts_with(name) && !told.contains("secret"), "{told}");
        }
        assert!(read("", &[("OTEL_EXPORTER_OTLP_ENDPOINT", "http://me:secret@host:4318")]).is_err());
        for url in [
            "postgres:me:secret@host/db",
            "postgres://host/db?password=secret&sslmode=zzz",
            "postgres://me:se?secret@host/db",
            "postgres://me:secret?x@host/db",
            "postgres://host/db?password=secret@x",
        ] {
            assert!(!without_password(url).contains("secret"), "{}", without_password(url));
        }
    }

    #[test]
    fn an_unknown_key_is_named_with_its_line() {
        let told = read("[pavise]\n\nbase-ulr = \"x\"\n", &[]).expect_err("an error");
        assert!(told.contains("Leptos.toml, line 3: unknown field `base-ulr`"), "{told}");
        assert!(told.contains("base-url"), "{told}");
    }

    #[test]
    fn a_wrong_value_in_the_file_is_named_as_the_files() {
        let told = read("[leptos]\nsite-addr = \"here\"\n", &[]).expect_err("an error");
        assert!(told.starts_with("site-addr in ") && told.contains("Leptos.toml is `here`"), "{told}");
    }
}
