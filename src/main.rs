//! The command line: serve the site, bring content in, write it out, check it.

use axum::Router;
use clap::{Parser, Subcommand};
use pavise::{
    backup,
    content::{self, Known, watch::Watched},
    generate,
    i18n::{self, Lang},
    messages, posts,
    search::follow::Following,
    server::{
        assets::Assets,
        certificate,
        changes::Changes,
        clients::Clients,
        config::Settings,
        db::{self, Db, OpenError},
        disk,
        front::Front,
        handover, log,
        metrics::{self, Measures},
        page_cache::PageCache,
        router::router,
        serve::{self, Signals},
        state::Site,
        trace::Tracer,
    },
    wellknown,
};
use std::{
    io::{ErrorKind, Write as _},
    net::SocketAddr,
    os::fd::AsFd as _,
    path::{Path, PathBuf},
    process::ExitCode,
    sync::Arc,
    time::Duration,
};
use tokio::{net::TcpListener, task::JoinHandle};

/// The publishing site of an organisation that defends the open Internet.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    command: Option<Command>,
}

#[derive(Subcommand)]
enum Command {
    /// Serve the site (the default)
    Serve,
    /// Bring a content folder into the store: all of it, or nothing if a text has a mistake
    Import {
        /// The folder, with posts/, plan/, topics/, authors/ or pages/ in it
        path: PathBuf,
    },
    /// Write the store's content into a folder, in the form that import reads
    Export {
        /// The folder; made where it does not exist
        dir: PathBuf,
    },
    /// Add generated posts to the store, the same for the same number, to see how the site behaves with many
    Generate {
        /// How many
        #[arg(long)]
        posts: usize,
    },
    /// Show the messages that readers sent, the oldest first, or remove one
    Messages {
        /// Remove the message with this name
        #[arg(long, value_name = "NAME")]
        remove: Option<String>,
    },
    /// Write all that the store has into one file, while the site goes on
    Backup {
        /// The file; one that is there is replaced when the new one is whole
        file: PathBuf,
    },
    /// Fill an empty store from a file that `backup` made
    Restore {
        /// The file
        file: PathBuf,
    },
    /// Check the settings and the content folder without changing anything
    Check,
}

#[tokio::main]
async fn main() -> ExitCode {
    let result = match readable().and_then(|()| log::start()) {
        Ok(()) => run(Cli::parse().command.unwrap_or(Command::Serve)).await,
        Err(message) => Err(message),
    };
    match result {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            // Standard error is where the sentence belongs; if even that is closed, the exit code still tells.
            let _ = writeln!(std::io::stderr(), "pavise: {message}");
            ExitCode::FAILURE
        }
    }
}

/// Refuses settings that are no text: they would count as not set.
fn readable() -> Result<(), String> {
    let is_setting = |name: &str| {
        ["PAVISE_", "LEPTOS_"].iter().any(|begin| name.starts_with(begin))
            || ["DATABASE_URL", "RUST_LOG", "OTEL_EXPORTER_OTLP_ENDPOINT"].contains(&name)
    };
    let odd =
        std::env::vars_os().find(|(name, value)| name.to_str().is_some_and(is_setting) && value.to_str().is_none());
    odd.map_or(Ok(()), |(name, value)| Err(format!("{} is `{}`: expected UTF-8", name.display(), value.display())))
}

async fn run(command: Command) -> Result<(), String> {
    match command {
        Command::Serve => serve_site(settings()?).await,
        Command::Import { path } => {
            let imported =
                with_store(open(&settings()?).await?, async |db| content::import(db, &path).await.map_err(told))
                    .await?;
            for mistake in &imported.broken {
                say(format_args!("{mistake}; the post is shown without it"))?;
            }
            say(format_args!("{}: {imported}", path.display()))
        }
        Command::Export { dir } => {
            let written = with_store(open_existing(&settings()?).await?, async |db| {
                content::export(db, &dir).await.map_err(told)
            })
            .await?;
            say(format_args!("{}: {written} posts, plans and documents written", dir.display()))
        }
        Command::Generate { posts } => {
            with_store(open(&settings()?).await?, async |db| generate::generate(db, posts).await.map_err(told)).await?;
            say(format_args!("{posts} posts generated"))
        }
        Command::Messages { remove: None } => {
            let db = open_existing(&settings()?).await?;
            for message in
                with_store(db, async |db| messages::store::all(db).await.map_err(|error| db::failure(&error))).await?
            {
                say(format_args!("{message}"))?;
            }
            Ok(())
        }
        Command::Messages { remove: Some(name) } => {
            let removed = async |db: &Db| messages::store::remove(db, &name).await.map_err(|error| db::failure(&error));
            match with_store(open_existing(&settings()?).await?, removed).await? {
                true => say(format_args!("{name}: removed")),
                false => Err(format!("no message is called `{name}`; `pavise messages` shows their names")),
            }
        }
        Command::Backup { file } => {
            // An older store stays as it is: its backup is the way back from a new release.
            let db = existing(&settings()?).await?;
            let rows = with_store(db, async |db| backup::backup(db, &file).await.map_err(told)).await?;
            say(format_args!("{}: {rows} backed up", file.display()))
        }
        Command::Restore { file } => {
            let rows = backup::restore(&settings()?.database, &file).await.map_err(told)?;
            say(format_args!("{}: {rows} restored", file.display()))
        }
        Command::Check => check().await,
    }
}

/// The settings file, in the working folder.
const SETTINGS: &str = "Leptos.toml";

fn from_environment(name: &str) -> Option<String> {
    std::env::var(name).ok()
}

/// What the operator has set, whose languages the site speaks from here on.
fn settings() -> Result<Settings, String> {
    let settings = Settings::read(Path::new(SETTINGS), from_environment).map_err(told)?;
    speak(&settings.languages)?;
    Ok(settings)
}

/// From here on the site speaks these languages.
fn speak(languages: &[String]) -> Result<(), String> {
    i18n::load(languages, Path::new("locales"))?;
    i18n::speak(languages);
    Ok(())
}

/// Tells every mistake in settings, content, browser's files, store, disk, contact and certificate, and what readers of some
/// language do not get. What a wrong setting hides is not looked at: the content without the languages, the store and its disk
/// without its address.
async fn check() -> Result<(), String> {
    let path = Path::new(SETTINGS);
    let mistakes = Settings::read(path, from_environment).err().unwrap_or_default();
    let settings = &Settings::read_in_spite_of(&mistakes, path, from_environment).map_err(told)?;
    let mut wrong = mistakes.lines();
    let content = match mistakes.tell_of("PAVISE_LANGUAGES") {
        true => Err(()),
        false => check_content(settings).await.map_err(|mistakes| wrong.push(mistakes)),
    };
    let assets = Assets::load(&settings.site_root, settings.watch, settings.offline);
    wrong.extend(assets.err().map(told));
    let (mut disk, mut store) = (Vec::new(), Ok(Vec::new()));
    if !mistakes.tell_of("DATABASE_URL") {
        let (notes, unwritable) = disk::look(settings);
        disk = notes;
        wrong.extend(unwritable);
        store = check_store(settings).await.map_err(|mistake| wrong.push(mistake));
    }
    let certificate = certificate::look(&settings.base_url).map_err(|mistake| wrong.push(mistake));
    let notes = [disk, store.unwrap_or_default(), certificate.into_iter().flatten().collect()];
    for note in notes.concat() {
        say(format_args!("{note}"))?;
    }
    let (contact, expires) = (settings.security_contact.as_deref(), settings.security_expires);
    let now = jiff::Timestamp::now();
    let is_known = !mistakes.tell_of("PAVISE_SECURITY_CONTACT") && !mistakes.tell_of("PAVISE_SECURITY_EXPIRES");
    if let Some(note) = wellknown::security_note(contact, expires, now).filter(|_| is_known) {
        match expires.is_some_and(|at| at <= now) {
            true => wrong.push(note),
            false => say(format_args!("{note}"))?,
        }
    }
    match content {
        Ok(counts) if wrong.is_empty() => {
            say(format_args!("settings and {}: no mistakes ({counts})", settings.content_dir.display()))
        }
        _ => Err(wrong.join("\n")),
    }
}

/// Tells what is in the content folder, and what readers of some language do not get of it.
async fn check_content(settings: &Settings) -> Result<String, String> {
    speak(&settings.languages)?;
    let dir = settings.content_dir.as_path();
    let (mut content, mut mistakes) = content::look(dir).map_err(told)?;
    content::pictures::look(&mut content).await;
    let known = Known::of(&content).with_broken(&content, dir, &mistakes);
    mistakes.append(&mut content.unknown_names(dir, &known));
    mistakes.append(&mut content.broken);
    if !mistakes.is_empty() {
        return Err(content::Error::Mistakes(mistakes).to_string());
    }
    for file in &content.left_out {
        say(format_args!("{}: left out, the site does not speak this language", file.display()))?;
    }
    for note in content.translation_notes() {
        say(format_args!("{note}"))?;
    }
    for (lang, id) in Lang::all().flat_map(|lang| i18n::missing(lang).into_iter().map(move |id| (lang, id))) {
        say(format_args!("locales/{lang}.ftl: the message `{id}` is missing"))?;
    }
    let (posts, plans, documents) = (content.posts.len(), content.plans.len(), content.documents.len());
    Ok(format!("posts: {posts}, plans: {plans}, topics, authors and pages: {documents}"))
}

/// Tells whether the store can be opened and is whole, and whether its tables are this program's, without changing them.
async fn check_store(settings: &Settings) -> Result<Vec<String>, String> {
    if !settings.database.is_there() {
        return Ok(Vec::new());
    }
    let look = async {
        let db = Db::connect(&settings.database).await?;
        let (newest, damage) = (db.own_migration().await, db.damage().await);
        db.close().await;
        match damage? {
            Some(damage) => Err(OpenError::Damaged(damage)),
            None => newest,
        }
    };
    let newest = look.await.map_err(|error: OpenError| not_opened(settings, &error))?;
    let shown = &settings.database.shown;
    let is_older = newest < Db::newest_known();
    let note = || format!("{shown}: its tables are brought up to date when the site is next served");
    Ok(is_older.then(note).into_iter().collect())
}

async fn serve_site(mut settings: Settings) -> Result<(), String> {
    let assets = Assets::load(&settings.site_root, settings.watch, settings.offline).map_err(told)?;
    let is_first = !handover::is_successor();
    let listener = match handover::inherited() {
        Some(listener) => TcpListener::from_std(listener).map_err(told)?,
        None => listen("LEPTOS_SITE_ADDR", settings.site_addr).await?,
    };
    // Where another program still serves, nobody has to wait.
    let waiting = is_first.then(|| wait_on(&listener)).transpose().map_err(told)?;
    let address = listener.local_addr().map_err(told)?;
    settings.listening_on(address);
    let mut signals = Signals::hear().map_err(told)?;
    let filled = async {
        let db = open(&settings).await?;
        fill(&db, &settings.content_dir).await?;
        Ok::<_, String>(db)
    };
    // The first process of a container hears nothing that it does not listen to.
    let db = tokio::select! {
        db = filled => db?,
        // Nothing waits for pictures that are being made: what is not committed was never there.
        () = signals.end() => std::process::exit(0),
    };
    let (contact, expires) = (settings.security_contact.as_deref(), settings.security_expires);
    if let Some(note) = wellknown::security_note(contact, expires, jiff::Timestamp::now()) {
        tracing::warn!("{note}");
    }
    let changes = Arc::new(Changes::of(&db).await.map_err(told)?);
    let search = Following::start(&settings.search_dir, db.clone(), Arc::clone(&changes)).map_err(told)?;
    let pages = PageCache::new(settings.page_cache_bytes, changes);
    let watched = settings.watch.then(|| Watched::new(db.clone(), settings.content_dir.clone()));
    let most = serve::places(settings.max_connections);
    let clients = Clients::new(settings.trusted_proxies.clone(), settings.max_connections_per_address);
    let tracer = Arc::new(Tracer::new(settings.otlp_endpoint.as_deref()).map_err(told)?);
    let metrics_addr = settings.metrics_addr;
    let site = Site::new(settings, db.clone(), assets, search);
    let measures = Measures::new();
    if let Some(address) = metrics_addr {
        let metrics = metrics::router(Arc::clone(&measures), pages.clone(), site.clone());
        if is_first {
            give_metrics(listen("PAVISE_METRICS_ADDR", address).await?, metrics)?;
        } else {
            tokio::spawn(give_metrics_after(address, metrics));
        }
    }
    let front = Front::new(site.clone(), pages, router(site), clients, measures, Arc::clone(&tracer), watched);
    if let Some(waiting) = waiting {
        waiting.abort();
    }
    // Nobody may be there to read it.
    let _ = say(format_args!("Pavise serves http://{address}"));
    serve::serve(listener, most, front, signals).await;
    tracer.end().await;
    // A query that hangs must not keep the program alive: what was committed is safe either way.
    let _ = tokio::time::timeout(Duration::from_secs(2), db.close()).await;
    Ok(())
}

/// Tells readers and probes that the site is coming, until the task is ended.
fn wait_on(listener: &TcpListener) -> std::io::Result<JoinHandle<()>> {
    let listener = std::net::TcpListener::from(listener.as_fd().try_clone_to_owned()?);
    Ok(tokio::spawn(serve::wait_on(TcpListener::from_std(listener)?)))
}

async fn listen(setting: &str, address: SocketAddr) -> Result<TcpListener, String> {
    TcpListener::bind(address).await.map_err(|error| {
        let reason = match error.kind() {
            ErrorKind::AddrInUse => "another program listens there".to_owned(),
            _ => error.to_string(),
        };
        format!("{setting} is `{address}`: {reason}; expected a free address of this machine")
    })
}

/// Gives measures to whoever asks there, for as long as the program runs.
fn give_metrics(listener: TcpListener, metrics: Router) -> Result<(), String> {
    tracing::info!("metrics at http://{}/metrics", listener.local_addr().map_err(told)?);
    tokio::spawn(serve::give(listener, metrics));
    Ok(())
}

/// The same, once the program that this one relieves has left the address.
async fn give_metrics_after(address: SocketAddr, metrics: Router) {
    const AGAIN: Duration = Duration::from_millis(200);
    // By then the other one has ended, as long as its requests may take.
    const LONG: usize = 150;
    for tried in 0_usize.. {
        match listen("PAVISE_METRICS_ADDR", address).await {
            Ok(listener) => {
                if let Err(error) = give_metrics(listener, metrics) {
                    tracing::warn!(error, "there are no measures");
                }
                return;
            }
            Err(error) if tried == LONG => tracing::warn!(error, "there are no measures until that address is free"),
            Err(_) => {}
        }
        tokio::time::sleep(AGAIN).await;
    }
}

/// Fills a store that is new from the content folder.
async fn fill(db: &Db, dir: &Path) -> Result<(), String> {
    if !db.is_empty().await.map_err(|error| db::failure(&error))? {
        return Ok(());
    }
    if !content::is_content(dir).map_err(told)? {
        tracing::warn!(dir = %dir.display(), "the store is empty and there is no content to fill it from");
        return Ok(());
    }
    let imported =
        content::import(db, dir).await.map_err(|error| format!("nothing imported from {}:\n{error}", dir.display()))?;
    imported.warn();
    tracing::info!(%imported, dir = %dir.display(), "content is in the store");
    Ok(())
}

/// Works on the store, and closes it: what SQLite has in its journal comes into the file then.
async fn with_store<T>(db: Db, work: impl AsyncFnOnce(&Db) -> Result<T, String>) -> Result<T, String> {
    let done = work(&db).await;
    db.close().await;
    done
}

/// Opens a store that is there, for what would only seem to do something with a new one.
async fn open_existing(settings: &Settings) -> Result<Db, String> {
    existing(settings).await?.close().await;
    open(settings).await
}

async fn existing(settings: &Settings) -> Result<Db, String> {
    Db::existing(&settings.database).await.map_err(|error| not_opened(settings, &error))
}

async fn open(settings: &Settings) -> Result<Db, String> {
    settings.database.prepare()?;
    let db = Db::open(&settings.database).await.map_err(|error| not_opened(settings, &error))?;
    posts::write::complete(&db).await.map_err(|error| db::failure(&error))?;
    Ok(db)
}

fn not_opened(settings: &Settings, error: &OpenError) -> String {
    let shown = &settings.database.shown;
    let what_to_do =
        error.advice().map_or_else(|| format!("expected {}", settings.database.expected()), ToOwned::to_owned);
    format!("DATABASE_URL is `{shown}`: the database cannot be opened ({error}); {what_to_do}")
}

fn say(message: std::fmt::Arguments<'_>) -> Result<(), String> {
    writeln!(std::io::stdout(), "{message}").map_err(|error| format!("standard output is closed: {error}"))
}

fn told(error: impl ToString) -> String {
    error.to_string()
}
