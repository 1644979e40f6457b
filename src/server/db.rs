//! The store's engine: SQLite in the program, or PostgreSQL for many machines. Everything above writes its SQL once.
//!
//! `on_read!` and `on_tx!` run one sqlx expression on whichever engine it is. ARCHITECTURE.md says why not `AnyPool`.

use super::{
    changes::{self, Change},
    config::{DatabaseOptions, DatabaseUrl},
};
use crate::error::AppError;
use sqlx::{
    ConnectOptions as _, Connection as _, PgConnection, PgPool, Postgres, Sqlite, SqlitePool, Transaction,
    error::{DatabaseError as _, ErrorKind},
    migrate::{MigrateError, Migrator},
    postgres::{PgConnectOptions, PgPoolOptions},
    sqlite::{SqliteConnectOptions, SqliteError, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous},
};
use std::{
    error::Error,
    fs, io,
    iter::successors,
    num::NonZero,
    os::unix::fs::MetadataExt as _,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};
use tokio::time::timeout;

static MIGRATOR: Migrator = sqlx::migrate!();

/// How long a request waits for a connection before it is told that the store cannot be reached.
const ACQUIRE: Duration = Duration::from_secs(5);

/// The store, on one of its engines.
#[derive(Clone, Debug)]
pub enum Db {
    /// A file. SQLite has one writer at a time, so writes have a pool of one connection and wait there in turn.
    Sqlite {
        /// Connections for reading.
        read: SqlitePool,
        /// The connection for writing.
        write: SqlitePool,
        /// The file.
        file: DatabaseFile,
    },
    /// A server, with whatever number of machines on it.
    Postgres(PgPool),
}

/// The file of an SQLite database with the journal that commits go to, as they were opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DatabaseFile {
    path: PathBuf,
    device_and_inode: (u64, u64),
    is_empty: bool,
    journal_device_and_inode: (u64, u64),
}

impl DatabaseFile {
    fn at(path: &Path) -> io::Result<Self> {
        // SQLite puts the journal beside the file that a link leads to.
        let mut journal = fs::canonicalize(path)?.into_os_string();
        journal.push("-wal");
        let (file, journal) = (fs::metadata(path)?, fs::metadata(journal)?);
        Ok(Self {
            path: path.to_owned(),
            device_and_inode: (file.dev(), file.ino()),
            is_empty: file.len() == 0,
            journal_device_and_inode: (journal.dev(), journal.ino()),
        })
    }

    /// Fails where the file was removed, replaced or emptied while it is open, or its journal removed or replaced. SQLite would
    /// go on without a word, and what it stores would be lost with the program.
    fn is_there(&self) -> io::Result<()> {
        let is_same = Self::at(&self.path).is_ok_and(|found| found == *self);
        is_same.then_some(()).ok_or_else(|| {
            let file = self.path.display();
            io::Error::other(format!(
                "{file} or its journal is not the file any more that this program opened: restore it and restart"
            ))
        })
    }
}

/// A transaction on one of the engines. Dropped without `commit`, it leaves nothing behind.
pub struct Tx {
    /// The engine's own transaction.
    pub on: On,
    /// What it changed, for the pages that show it.
    pub(super) changes: Vec<Change>,
    /// The file that it writes into, on SQLite.
    file: Option<DatabaseFile>,
}

/// The transaction of one of the engines.
pub enum On {
    /// SQLite's.
    Sqlite(Transaction<'static, Sqlite>),
    /// PostgreSQL's.
    Postgres(Transaction<'static, Postgres>),
}

/// Evaluates an expression with `$pool` as the pool for reading of whichever engine `$db` is on.
macro_rules! on_read {
    ($db:expr, $pool:ident => $query:expr) => {
        match $db {
            $crate::server::db::Db::Sqlite { read: $pool, .. } => $query,
            $crate::server::db::Db::Postgres($pool) => $query,
        }
    };
}

/// Evaluates an expression with `$conn` as the connection of whichever engine `$tx` is on.
macro_rules! on_tx {
    ($tx:expr, $conn:ident => $query:expr) => {
        match &mut $tx.on {
            $crate::server::db::On::Sqlite(tx) => {
                let $conn = &mut **tx;
                $query
            }
            $crate::server::db::On::Postgres(tx) => {
                let $conn = &mut **tx;
                $query
            }
        }
    };
}

pub(crate) use {on_read, on_tx};

impl Db {
    /// Connects to the database at `url`, makes it if it is a file that does not exist yet, and brings its tables up to date.
    pub async fn open(url: &DatabaseUrl) -> Result<Self, OpenError> {
        let db = Self::connect(url).await?;
        db.migrate_to(None).await?;
        Ok(db)
    }

    /// Connects to the database at `url` as it is, if a store of this release or an older one is in it. No file is made.
    pub async fn existing(url: &DatabaseUrl) -> Result<Self, OpenError> {
        if !url.is_there() {
            return Err(OpenError::Nothing);
        }
        let db = Self::connect(url).await?;
        let refused = match db.newest_migration().await? {
            None => OpenError::Nothing,
            newest if newest > Self::newest_known() => OpenError::Newer,
            Some(_) => return Ok(db),
        };
        db.close().await;
        Err(refused)
    }

    /// Connects to the database at `url` as it is. A file that does not exist yet is made, empty.
    pub async fn connect(url: &DatabaseUrl) -> sqlx::Result<Self> {
        match &url.options {
            DatabaseOptions::Sqlite(options) => Self::open_sqlite(options.clone()).await,
            DatabaseOptions::Postgres(options) => Self::open_postgres(options.clone()).await,
        }
    }

    async fn open_sqlite(options: SqliteConnectOptions) -> sqlx::Result<Self> {
        let options = options
            .create_if_missing(true)
            .journal_mode(SqliteJournalMode::Wal)
            // What was answered with success is on the disk.
            .synchronous(SqliteSynchronous::Full)
            .busy_timeout(ACQUIRE)
            .foreign_keys(true);
        let path = options.get_filename().to_owned();
        // SQLite would read a file that it may not write, and leave a journal beside it that nobody can write then.
        if path.exists() {
            fs::OpenOptions::new().append(true).open(&path)?;
        }
        let write = connect_sqlite(1, options.clone()).await?;
        // Only now is the journal there.
        sqlx::query("select count(*) from sqlite_master").execute(&write).await?;
        let file = DatabaseFile::at(&path)?;
        // A reader computes rather than waits, and each has memory of its own: more than some of them serve nobody.
        let cores = std::thread::available_parallelism().map_or(1, NonZero::get) as u32;
        let read = connect_sqlite((2 * cores).clamp(4, 8), options.read_only(true)).await?;
        Ok(Self::Sqlite { read, write, file })
    }

    async fn open_postgres(options: PgConnectOptions) -> sqlx::Result<Self> {
        // A pool tries until its time is up and then says only that; one connection says at once what is wrong.
        options.connect().await?.close().await?;
        let pool = PgPoolOptions::new()
            .max_connections(16)
            .acquire_timeout(ACQUIRE)
            .after_connect(|connection, _| {
                Box::pin(async move {
                    durable(connection).await?;
                    attentive(connection).await
                })
            })
            // This one does so without an end.
            .test_before_acquire(false)
            .before_acquire(|connection, _| Box::pin(answers(connection)))
            .after_release(|connection, _| Box::pin(answers(connection)))
            .connect_with(options)
            .await?;
        Ok(Self::Postgres(pool))
    }

    /// Starts a transaction that may write.
    pub async fn begin(&self) -> sqlx::Result<Tx> {
        let (on, file) = match self {
            // Immediate: a deferred transaction that reads first and writes then can find the file busy half way.
            Self::Sqlite { write, file, .. } => {
                file.is_there()?;
                (On::Sqlite(write.begin_with("begin immediate").await?), Some(file.clone()))
            }
            Self::Postgres(pool) => (On::Postgres(pool.begin().await?), None),
        };
        Ok(Tx { on, changes: Vec::new(), file })
    }

    /// Starts a transaction in which several reads see one state of the store. It waits for no writer.
    pub async fn begin_read(&self) -> sqlx::Result<Tx> {
        let on = match self {
            Self::Sqlite { read, .. } => On::Sqlite(read.begin().await?),
            Self::Postgres(pool) => {
                On::Postgres(pool.begin_with("begin isolation level repeatable read read only").await?)
            }
        };
        Ok(Tx { on, changes: Vec::new(), file: None })
    }

    /// Brings the tables up to date, or as far as a migration.
    pub async fn migrate_to(&self, version: Option<i64>) -> Result<(), OpenError> {
        self.own_migration().await?;
        match self {
            Self::Sqlite { .. } => {
                // sqlx takes no lock on SQLite; this transaction keeps two programs that start at once apart.
                let mut tx = self.begin().await?;
                tx.migrate_to(version).await?;
                tx.commit().await?;
            }
            Self::Postgres(pool) => MIGRATOR.run_to(known_or_newest(version), pool).await?,
        }
        Ok(())
    }

    /// The newest migration that the store went through, unless it is not this program's to write.
    pub async fn own_migration(&self) -> Result<Option<i64>, OpenError> {
        let mut tx = self.begin_read().await?;
        // In this order: a program that makes them at this moment makes that of its migrations first.
        let has_tables = tx.has_tables().await?;
        let newest = tx.newest_migration().await?;
        match newest {
            None if has_tables => Err(OpenError::Foreign),
            newest if newest > Self::newest_known() => Err(OpenError::Newer),
            newest if !tx.may_write(newest < Self::newest_known()).await? => Err(OpenError::ReadOnly),
            newest => Ok(newest),
        }
    }

    /// The newest migration that this program knows.
    pub fn newest_known() -> Option<i64> {
        MIGRATOR.iter().map(|migration| migration.version).max()
    }

    /// The newest migration that the store went through; none if it has no tables yet.
    pub async fn newest_migration(&self) -> sqlx::Result<Option<i64>> {
        self.begin_read().await?.newest_migration().await
    }

    /// Whether the store answers and has every table of this program's.
    pub async fn is_ready(&self) -> bool {
        let newest = self.newest_migration().await;
        let is_there = match self {
            Self::Sqlite { file, .. } => file.is_there().is_ok(),
            Self::Postgres(_) => true,
        };
        // While a new release rolls out, its tables are there and this program still serves from them.
        is_there && newest.is_ok_and(|newest| newest >= Self::newest_known())
    }

    /// What SQLite finds wrong in its file when it looks through all of it. A server looks after its own.
    pub async fn damage(&self) -> sqlx::Result<Option<String>> {
        let Self::Sqlite { read, .. } = self else { return Ok(None) };
        let found: String = sqlx::query_scalar("pragma quick_check(1)").fetch_one(read).await?;
        Ok(found.lines().last().filter(|found| *found != "ok").map(ToOwned::to_owned))
    }

    /// Whether nothing was ever stored.
    pub async fn is_empty(&self) -> sqlx::Result<bool> {
        let any: bool = on_read!(self, pool => {
            sqlx::query_scalar("select exists (select 1 from posts) or exists (select 1 from plans)").fetch_one(pool).await
        })?;
        Ok(!any)
    }

    /// How many connections are in use, and how many wait to be.
    pub fn connections(&self) -> (u32, u32) {
        let of = |size: u32, idle: usize| {
            let idle = u32::try_from(idle).unwrap_or(size).min(size);
            (size - idle, idle)
        };
        match self {
            Self::Sqlite { read, write, .. } => of(read.size() + write.size(), read.num_idle() + write.num_idle()),
            Self::Postgres(pool) => of(pool.size(), pool.num_idle()),
        }
    }

    /// Lets running queries end and closes all connections.
    pub async fn close(&self) {
        match self {
            Self::Sqlite { read, write, .. } => {
                read.close().await;
                write.close().await;
            }
            Self::Postgres(pool) => pool.close().await,
        }
    }
}

/// The migration that is asked for, or the newest one.
fn known_or_newest(version: Option<i64>) -> i64 {
    version.or(Db::newest_known()).unwrap_or_default()
}

impl Tx {
    /// Brings the tables up to date, or as far as a migration, within this transaction.
    pub async fn migrate_to(&mut self, version: Option<i64>) -> Result<(), MigrateError> {
        on_tx!(self, conn => MIGRATOR.run_to(known_or_newest(version), conn).await)
    }

    /// The newest migration that the store went through; none if it has no tables yet.
    pub async fn newest_migration(&mut self) -> sqlx::Result<Option<i64>> {
        if !self.has_table("_sqlx_migrations").await? {
            return Ok(None);
        }
        on_tx!(self, conn => {
            sqlx::query_scalar("select max(version) from _sqlx_migrations where success").fetch_one(conn).await
        })
    }

    /// Whether there are tables that may not be this program's: in a file any, in PostgreSQL, which programs may share, of its names.
    async fn has_tables(&mut self) -> sqlx::Result<bool> {
        match &mut self.on {
            On::Sqlite(tx) => {
                let sql =
                    "select exists (select 1 from sqlite_master where type = 'table' and name not like 'sqlite%')";
                sqlx::query_scalar(sql).fetch_one(&mut **tx).await
            }
            On::Postgres(_) => self.has_table("posts").await,
        }
    }

    /// Whether this user may write to the tables, or, where some are `lacking`, make them.
    async fn may_write(&mut self, lacking: bool) -> sqlx::Result<bool> {
        match &mut self.on {
            // It is the file's own affair.
            On::Sqlite(_) => Ok(true),
            On::Postgres(tx) => {
                let sql = match lacking {
                    true => "select coalesce(has_schema_privilege(current_schema(), 'create'), false)",
                    false => "select has_table_privilege('posts', 'insert, update, delete')",
                };
                sqlx::query_scalar(sql).fetch_one(&mut **tx).await
            }
        }
    }

    /// Whether the store has this table.
    pub async fn has_table(&mut self, name: &str) -> sqlx::Result<bool> {
        match &mut self.on {
            On::Sqlite(tx) => {
                let sql = "select exists (select 1 from sqlite_master where type = 'table' and name = $1)";
                sqlx::query_scalar(sql).bind(name).fetch_one(&mut **tx).await
            }
            On::Postgres(tx) => {
                sqlx::query_scalar("select to_regclass($1) is not null").bind(name).fetch_one(&mut **tx).await
            }
        }
    }

    /// Waits until no other writer is at work, and keeps others waiting until the end: SQLite does so by itself.
    pub async fn alone(&mut self) -> sqlx::Result<()> {
        /// Any number will do, as long as every writer asks for the same.
        const WRITERS: i64 = 7_283_474;
        if let On::Postgres(tx) = &mut self.on {
            sqlx::query("select pg_advisory_xact_lock($1)").bind(WRITERS).execute(&mut **tx).await?;
        }
        Ok(())
    }

    /// Makes what was written durable and seen by all, and tells every machine which pages show it. It fails as well where the
    /// database file went away meanwhile, and what was written with it.
    pub async fn commit(mut self) -> sqlx::Result<()> {
        if !self.changes.is_empty() {
            self.alone().await?;
            changes::record(&mut self).await?;
        }
        match self.on {
            On::Sqlite(tx) => tx.commit().await?,
            On::Postgres(tx) => tx.commit().await?,
        }
        if let Some(file) = self.file {
            file.is_there()?;
        }
        Ok(())
    }
}

/// Has a server that answers before anything is on a disk wait for its own; one that waits for others as well is left to it.
async fn durable(connection: &mut PgConnection) -> sqlx::Result<()> {
    let sql =
        "select set_config('synchronous_commit', 'on', false) where current_setting('synchronous_commit') = 'off'";
    sqlx::query(sql).execute(connection).await.map(drop)
}

/// Has the server, where it can, see within some seconds that nobody waits for its answer any more: while it waits for a lock it would not
/// notice, and those that wait would become more and more.
async fn attentive(connection: &mut PgConnection) -> sqlx::Result<()> {
    let sql = "select set_config('client_connection_check_interval', '2s', false)
        where current_setting('client_connection_check_interval', true) = '0'";
    match sqlx::query(sql).execute(connection).await {
        // Not every system can.
        Err(sqlx::Error::Database(_)) => Ok(()),
        done => done.map(drop),
    }
}

/// Fails where the server at the other end does not answer, which may be gone without a word: the pool would wait for it, and keep its
/// places from connections to one that is there.
async fn answers(connection: &mut PgConnection) -> sqlx::Result<bool> {
    const SOON: Duration = Duration::from_secs(2);
    let answered = timeout(SOON, connection.ping()).await.map_err(|_| sqlx::Error::PoolTimedOut)?;
    answered.map(|()| true)
}

/// Opens a file, and goes on trying while another program that starts at the same time has it: making it a WAL file takes it
/// alone for a moment, and for that SQLite does not wait by itself.
async fn connect_sqlite(connections: u32, options: SqliteConnectOptions) -> sqlx::Result<SqlitePool> {
    const AGAIN: Duration = Duration::from_millis(20);
    let started = Instant::now();
    loop {
        let pool = SqlitePoolOptions::new()
            .max_connections(connections)
            .acquire_timeout(ACQUIRE)
            // The last connection that is closed takes the journal away, and the next one makes another.
            .idle_timeout(None)
            .max_lifetime(None)
            // On a full disk SQLite ends a transaction itself; sqlx, whose own end of it fails then, takes it for open ever after.
            .before_acquire(|connection, _| Box::pin(async { Ok(!connection.is_in_transaction()) }));
        match pool.connect_with(options.clone()).await {
            Err(error) if is_busy(&error) && started.elapsed() < ACQUIRE => tokio::time::sleep(AGAIN).await,
            connected => return connected,
        }
    }
}

/// Whether SQLite says that another connection is in the way: SQLITE_BUSY, of whatever kind.
fn is_busy(error: &sqlx::Error) -> bool {
    sqlite_code(error).is_some_and(|code| code & 0xff == 5)
}

/// SQLite's code of an error, where it is SQLite's (<https://sqlite.org/rescode.html>): the low byte is the primary one.
fn sqlite_code(error: &sqlx::Error) -> Option<u32> {
    error.as_database_error()?.try_downcast_ref::<SqliteError>()?.code()?.parse().ok()
}

const DAMAGED: &str =
    "expected a database that is whole: move it away, and restore a backup with `pavise restore FILE`";

/// What an operator can do, where the error says it.
fn advice(error: &sqlx::Error) -> Option<&'static str> {
    if matches!(error, sqlx::Error::Io(error) if error.kind() == io::ErrorKind::PermissionDenied) {
        return Some("expected a file that this user may read and write");
    }
    let code = sqlite_code(error)?;
    match (code & 0xff, code >> 8) {
        (5 | 6, _) => Some("another program keeps it locked: end that one, and start again"),
        (11 | 26, _) => Some(DAMAGED),
        // The second is of the file in which programs share what they know of the journal.
        (13, _) | (10, 19) => Some("the disk is full: make room, and start again"),
        _ => None,
    }
}

/// That the store cannot be read or written, and what to do about it, where the error says it.
pub fn failure(error: &sqlx::Error) -> String {
    let advice = advice(error).map(|advice| format!("; {advice}")).unwrap_or_default();
    format!("the store failed: {error}{advice}")
}

/// Why the database could not be opened.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// It could not be reached or made.
    #[error("{0}")]
    Connect(#[from] sqlx::Error),
    /// Its tables could not be brought up to date.
    #[error("its tables cannot be brought up to date: {0}")]
    Migrate(#[from] MigrateError),
    /// It is not there, or has no tables of this program's.
    #[error("there is no store of Pavise in it")]
    Nothing,
    /// Its file is not whole.
    #[error("it is damaged: {0}")]
    Damaged(String),
    /// It has tables that this program did not make.
    #[error("there are tables of another program in it")]
    Foreign,
    /// This user may not write there.
    #[error("this user may not make tables there, or write to them")]
    ReadOnly,
    /// Its tables are those of a later release.
    #[error("its tables are those of a newer release of Pavise: start that one, or restore a backup of this one")]
    Newer,
}

impl OpenError {
    /// What an operator can do, where the error says it.
    pub fn advice(&self) -> Option<&'static str> {
        match self {
            Self::Nothing => return Some("run this in the folder of the site, with its settings"),
            Self::Damaged(_) => return Some(DAMAGED),
            Self::Connect(_) | Self::Migrate(_) | Self::Newer | Self::Foreign | Self::ReadOnly => {}
        }
        let causes = successors(Some(self as &(dyn Error + 'static)), |error| (*error).source());
        advice(causes.filter_map(<dyn Error>::downcast_ref::<sqlx::Error>).next()?)
    }
}

impl From<sqlx::Error> for AppError {
    /// The cause goes to the log, the visitor gets one of two sentences.
    fn from(error: sqlx::Error) -> Self {
        tracing::error!(%error, "the store failed");
        match error {
            // A server that goes away while a connection is made breaks its protocol.
            sqlx::Error::Io(_)
            | sqlx::Error::Protocol(_)
            | sqlx::Error::Tls(_)
            | sqlx::Error::PoolTimedOut
            | sqlx::Error::PoolClosed
            | sqlx::Error::WorkerCrashed => Self::Unavailable,
            // The statements are fixed and tested on both engines: what they meet with is a database in trouble.
            sqlx::Error::Database(error) if error.kind() == ErrorKind::Other => Self::Unavailable,
            _ => Self::Internal,
        }
    }
}

/// A value that was checked when it was stored; a row that says otherwise was written by another program.
pub fn stored<T, S>(value: S) -> sqlx::Result<T>
where
    T: TryFrom<S>,
    T::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    T::try_from(value).map_err(|error| sqlx::Error::Decode(error.into()))
}

#[cfg(test)]
pub mod testing {
    //! Empty stores for tests, one on each engine.

    use super::*;
    use std::sync::atomic::{AtomicU32, Ordering};

    /// An empty store on SQLite and one on PostgreSQL.
    ///
    /// `PAVISE_TEST_POSTGRES` names a PostgreSQL that tests may fill; `make test` starts one and sets it.
    pub async fn each_engine() -> [Db; 2] {
        [sqlite().await, postgres().await]
    }

    async fn sqlite() -> Db {
        let dir = tempfile::tempdir().expect("a folder").keep();
        let url = format!("sqlite://{}", dir.join("test.db").display());
        Db::open(&DatabaseUrl::parse(&url).expect("a database URL")).await.expect("SQLite opens")
    }

    async fn postgres() -> Db {
        Db::open(&empty_postgres().await).await.expect("PostgreSQL opens")
    }

    /// A store as the first release made it, with a post, a plan and a commitment.
    pub async fn oldest(url: &DatabaseUrl) -> Db {
        let db = Db::connect(url).await.expect("opens");
        db.migrate_to(MIGRATOR.iter().map(|migration| migration.version).min()).await.expect("tables");
        for sql in [
            "insert into posts (id, lang, slug, title, summary, published_at, body_markdown)
             values (1, 'en', 'first-post', 'The first post', 'About it.', 1700000000, 'Words.')",
            "insert into plans values ('en', 2026, 'The plan', 'What we do', 'About it.', 'Words.')",
            "insert into plan_areas values ('en', 2026, 0, 'access', 'Access', 'About it.')",
            "insert into commitments
             values ('en', 2026, 'access', 0, 'networks', 'Networks', 'networks supported', 0, 40, 12, '2026-06-30',
                     'A report', 'https://example.org/report')",
        ] {
            execute(&db, sql).await;
        }
        db
    }

    /// Runs one statement and commits it.
    pub async fn execute(db: &Db, sql: &'static str) {
        let mut tx = db.begin().await.expect("a transaction");
        on_tx!(&mut tx, conn => sqlx::query(sql).execute(conn).await.map(drop)).expect("written");
        tx.commit().await.expect("committed");
    }

    /// A place on PostgreSQL with nothing in it.
    pub async fn empty_postgres() -> DatabaseUrl {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let url = std::env::var("PAVISE_TEST_POSTGRES").expect(
            "PAVISE_TEST_POSTGRES is not set: run `make test`, or set it to a postgres:// URL for tests to fill",
        );
        let options: PgConnectOptions = url.parse().expect("a postgres:// URL");
        let schema = format!("test_{}_{}", std::process::id(), COUNT.fetch_add(1, Ordering::Relaxed));
        let admin = PgPool::connect_with(options.clone()).await.expect("PostgreSQL answers");
        let create = sqlx::AssertSqlSafe(format!("create schema {schema}"));
        sqlx::query(create).execute(&admin).await.expect("a schema");
        admin.close().await;
        let options = options.options([("search_path", schema)]);
        DatabaseUrl { shown: String::new(), options: DatabaseOptions::Postgres(options) }
    }
}

#[cfg(test)]
mod tests {
    use super::{
        testing::{each_engine, empty_postgres, execute, oldest},
        *,
    };
    use crate::{
        i18n::Lang,
        plan,
        posts::{self, Slug},
    };

    #[tokio::test]
    async fn a_new_store_is_ready_and_empty() {
        for db in each_engine().await {
            assert!(db.is_ready().await, "{db:?}");
            assert!(db.is_empty().await.expect("an answer"), "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_closed_store_is_not_ready() {
        for db in each_engine().await {
            db.close().await;
            assert!(!db.is_ready().await, "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_store_of_a_newer_release_is_refused_and_left_as_it_is() {
        let dir = tempfile::tempdir().expect("a folder");
        for url in [sqlite_in(&dir), empty_postgres().await] {
            let db = Db::open(&url).await.expect("opens");
            let newer = "update _sqlx_migrations set version = 99991231000000
                         where version = (select max(version) from _sqlx_migrations)";
            execute(&db, newer).await;
            execute(&db, "alter table posts add column newer text").await;
            execute(&db, "insert into documents values ('pages', 'about', 'en', 'About', 'Us.', 'Words.')").await;
            assert!(db.is_ready().await, "an old program still serves while the new one rolls out");
            db.close().await;
            let before = all_of(&url).await;
            for refused in [Db::open(&url).await, Db::existing(&url).await] {
                assert!(matches!(refused, Err(OpenError::Newer)), "{refused:?}");
            }
            assert!(all_of(&url).await == before, "{url:?} was changed");
        }
    }

    #[tokio::test]
    async fn a_database_of_another_program_is_refused_and_left_as_it_is() {
        let dir = tempfile::tempdir().expect("a folder");
        for url in [sqlite_in(&dir), empty_postgres().await] {
            let db = Db::connect(&url).await.expect("connected");
            execute(&db, "create table posts (what text)").await;
            db.close().await;
            assert!(matches!(Db::open(&url).await, Err(OpenError::Foreign)));
            let db = Db::connect(&url).await.expect("connected");
            assert_eq!(db.newest_migration().await.expect("an answer"), None);
            assert!(matches!(db.own_migration().await, Err(OpenError::Foreign)));
            db.close().await;
        }
    }

    fn sqlite_in(dir: &tempfile::TempDir) -> DatabaseUrl {
        DatabaseUrl::parse(&format!("sqlite://{}", dir.path().join("site.db").display())).expect("a database URL")
    }

    /// The bytes of a file; on a server its columns and the rows that a test has put there.
    async fn all_of(url: &DatabaseUrl) -> Vec<u8> {
        match &url.options {
            DatabaseOptions::Sqlite(options) => fs::read(options.get_filename()).expect("bytes"),
            DatabaseOptions::Postgres(options) => {
                let sql = "select concat(
                    (select json_agg(it order by table_name, ordinal_position) from information_schema.columns it
                     where table_schema = current_schema()),
                    (select json_agg(it order by version) from _sqlx_migrations it),
                    (select json_agg(it) from documents it))";
                let mut connection = options.connect().await.expect("PostgreSQL answers");
                let all: String = sqlx::query_scalar(sql).fetch_one(&mut connection).await.expect("a state");
                all.into_bytes()
            }
        }
    }

    #[tokio::test]
    async fn only_a_store_that_is_there_is_an_existing_one() {
        let dir = tempfile::tempdir().expect("a folder");
        for url in [sqlite_in(&dir), empty_postgres().await] {
            assert!(matches!(Db::existing(&url).await, Err(OpenError::Nothing)));
            assert_eq!(fs::read_dir(&dir).expect("a folder").count(), 0, "no file was made");
            oldest(&url).await.close().await;
            let existing = Db::existing(&url).await.expect("an older one");
            assert!(existing.newest_migration().await.expect("a number") < Db::newest_known(), "it stays what it is");
            existing.close().await;
            dir.path().join("site.db").exists().then(|| fs::remove_file(dir.path().join("site.db")).expect("removed"));
        }
    }

    #[tokio::test]
    async fn what_an_older_release_stored_is_read_by_this_one() {
        let dir = tempfile::tempdir().expect("a folder");
        for url in [sqlite_in(&dir), empty_postgres().await] {
            oldest(&url).await.close().await;
            let db = Db::open(&url).await.expect("opens");
            let slug = Slug::parse("first-post").expect("a slug");
            let post = posts::store::by_slug(&db, Lang::DEFAULT, &slug).await.expect("read").expect("the post");
            assert_eq!((post.summary.title.as_str(), post.html.trim()), ("The first post", "<p>Words.</p>"));
            let mut tx = db.begin_read().await.expect("a transaction");
            let plan = plan::store::file(&mut tx, None).await.expect("read").expect("the plan");
            let commitment = plan.areas.first().and_then(|area| area.commitments.first()).expect("the commitment");
            assert_eq!((commitment.unit.as_str(), commitment.target), ("networks supported", 40));
            assert_eq!(format!("{:?}", commitment.values), "[Value { as_of: 2026-06-30, value: 12 }]");
        }
    }

    #[tokio::test]
    async fn a_damaged_file_is_noticed() {
        let dir = tempfile::tempdir().expect("a folder");
        let url = sqlite_in(&dir);
        let db = Db::open(&url).await.expect("opens");
        assert_eq!(db.damage().await.expect("looked"), None);
        execute(&db, "insert into store values ('large', hex(zeroblob(100000)))").await;
        db.close().await;
        let file = dir.path().join("site.db");
        let mut bytes = fs::read(&file).expect("bytes");
        let half = bytes.len() / 2;
        bytes[half..].fill(0xff);
        fs::write(&file, bytes).expect("written");
        let damaged = Db::connect(&url).await.expect("opens");
        assert!(!matches!(damaged.damage().await, Ok(None)));
    }

    #[tokio::test]
    async fn what_is_committed_is_on_the_disk() {
        let dir = tempfile::tempdir().expect("a folder");
        let Db::Sqlite { write, .. } = Db::open(&sqlite_in(&dir)).await.expect("opens") else { panic!("SQLite") };
        let mode: String = sqlx::query_scalar("pragma journal_mode").fetch_one(&write).await.expect("an answer");
        let synchronous: i64 = sqlx::query_scalar("pragma synchronous").fetch_one(&write).await.expect("an answer");
        // In the journal's mode only `full` syncs at each commit.
        assert_eq!((mode.as_str(), synchronous), ("wal", 2));
        for (server, ours) in [("off", "on"), ("on", "on"), ("local", "local"), ("remote_apply", "remote_apply")] {
            let DatabaseOptions::Postgres(options) = empty_postgres().await.options else { panic!("PostgreSQL") };
            let options = DatabaseOptions::Postgres(options.options([("synchronous_commit", server)]));
            let db = Db::open(&DatabaseUrl { shown: String::new(), options }).await.expect("opens");
            let Db::Postgres(pool) = &db else { panic!("{db:?}") };
            let shown: String = sqlx::query_scalar("show synchronous_commit").fetch_one(pool).await.expect("an answer");
            assert_eq!(shown, ours);
            db.close().await;
        }
    }

    #[tokio::test]
    async fn nothing_is_written_into_a_file_that_is_gone() {
        let dir = tempfile::tempdir().expect("a folder");
        let (path, link) = (dir.path().join("site.db"), dir.path().join("link.db"));
        let url = DatabaseUrl::parse(&format!("sqlite://{}", link.display())).expect("a database URL");
        let is_refused = |result: sqlx::Result<()>| {
            result.is_err_and(|error| matches!(AppError::from(error), AppError::Unavailable))
        };
        for harm in [
            (|path| fs::rename(path, path.with_extension("old"))) as fn(&Path) -> io::Result<()>,
            |path| fs::rename(path, path.with_extension("old")).and_then(|()| fs::write(path, "another")),
            |path| fs::write(path, ""),
            |path| fs::remove_file(path.with_extension("db-wal")),
            |path| {
                let journal = path.with_extension("db-wal");
                fs::rename(&journal, path.with_extension("old")).and_then(|()| fs::write(journal, "another"))
            },
        ] {
            std::os::unix::fs::symlink(&path, &link).expect("a link");
            let db = Db::open(&url).await.expect("opens");
            execute(&db, "update posts set title = title").await;
            assert!(db.is_ready().await);
            let mut begun = db.begin().await.expect("a transaction");
            on_tx!(&mut begun, conn => sqlx::query("delete from posts").execute(conn).await.map(drop))
                .expect("written");
            harm(&path).expect("done");
            assert!(is_refused(begun.commit().await));
            assert!(is_refused(db.begin().await.map(drop)));
            assert!(!db.is_ready().await);
            db.close().await;
            fs::remove_dir_all(dir.path()).and_then(|()| fs::create_dir(dir.path())).expect("an empty folder");
        }
    }

    #[tokio::test]
    async fn a_journal_that_other_programs_use_as_well_stays_the_same() {
        let dir = tempfile::tempdir().expect("a folder");
        let url = sqlite_in(&dir);
        let db = Db::open(&url).await.expect("opens");
        for _ in 0..3 {
            let other = Db::open(&url).await.expect("opens");
            execute(&other, "insert into store values ('one', 'value')").await;
            execute(&db, "delete from store").await;
            let Db::Sqlite { write, .. } = &other else { unreachable!("{other:?}") };
            sqlx::query("pragma wal_checkpoint(truncate)").execute(write).await.expect("truncated");
            other.close().await;
            execute(&db, "update posts set title = title").await;
            assert!(db.is_ready().await);
        }
        db.close().await;
        assert!(Db::open(&url).await.expect("opens").is_ready().await, "the next one has a journal of its own");
    }

    #[tokio::test]
    async fn two_programs_may_open_a_new_store_at_once() {
        let dir = tempfile::tempdir().expect("a folder");
        let url = format!("sqlite://{}", dir.path().join("new.db").display());
        for url in [DatabaseUrl::parse(&url).expect("a database URL"), empty_postgres().await] {
            let (one, two) = tokio::join!(Db::open(&url), Db::open(&url));
            assert!(one.expect("opens").is_ready().await);
            assert!(two.expect("opens").is_ready().await);
        }
    }
}
