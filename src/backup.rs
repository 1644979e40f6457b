//! `pavise backup` and `pavise restore`: everything in the store in one file, which is the same for both engines.
//!
//! The file is lines of JSON in a zstd stream: one that says what it is, then for each table its name and its rows, and at the end
//! the number of rows and the SHA-256 of all lines before. Half a file has no such end. The search index is not in it: it is made
//! from the store.

use crate::{
    content::front_matter::on_one_line,
    server::{
        changes,
        config::{DatabaseUrl, folder_of},
        db::{self, Db, OpenError, Tx, on_tx},
        disk, hash,
    },
};
use base64::{Engine as _, engine::general_purpose::STANDARD};
use futures_util::TryStreamExt as _;
use jiff::Timestamp;
use serde::{Deserialize, Serialize};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use sqlx::{AssertSqlSafe, Column as _, Row as _, TypeInfo as _, ValueRef as _};
use std::{
    fmt,
    fs::{self, File, OpenOptions},
    io::{self, BufRead as _, BufReader, BufWriter, Write},
    os::unix::fs::{MetadataExt as _, OpenOptionsExt as _},
    path::{Path, PathBuf},
};

/// Every table that is not made from others, with the columns that order its rows. What refers to another comes after it.
const TABLES: [(&str, &str); 21] = [
    ("pictures", "hash"),
    ("picture_files", "made, name"),
    ("posts", "id"),
    ("post_translations", "post_id, lang"),
    ("post_topics", "post_id, topic"),
    ("post_commitments", "post_id, year, commitment"),
    ("post_pictures", "post_id, file"),
    ("post_relations", "post_id, position"),
    ("post_addresses", "path"),
    ("removed_posts", "slug"),
    ("documents", "kind, slug"),
    ("document_translations", "kind, slug, lang"),
    ("plans", "lang, year"),
    ("plan_areas", "lang, year, slug"),
    ("commitments", "lang, year, slug"),
    ("commitment_values", "lang, year, commitment, as_of"),
    ("plan_translations", "year, lang"),
    ("lists", "kind, name"),
    ("changes", "id"),
    ("messages", "name"),
    ("removed_messages", "name"),
];

/// How the lines are written. A program knows its own form and those before it.
const FORM: u32 = 1;

/// One line of the file.
#[derive(Serialize, Deserialize)]
#[serde(rename_all = "snake_case", deny_unknown_fields)]
enum Line {
    /// The first one.
    PaviseBackup {
        form: u32,
        /// The newest migration of the store.
        migration: i64,
    },
    /// The rows that follow are of this table.
    Table(String),
    /// A row: a number, a text, or bytes in base64 for each column that is not null.
    Row(serde_json::Map<String, Value>),
    /// The last one.
    End { rows: u64, sha256: String },
}

/// Why nothing was written or restored.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// A file that cannot be read or written.
    #[error("{}", disk::failure(.0, .1))]
    File(PathBuf, io::Error),
    /// A file of another kind.
    #[error("{0}: this is no backup that `pavise backup` made")]
    Other(PathBuf),
    /// A file that ends too early, or has changed.
    #[error("{0}: the backup is not whole ({1}); nothing was restored: take another copy of it")]
    Broken(PathBuf, String),
    /// A file of a newer release.
    #[error("{0}: the backup was made by a newer release of Pavise; restore it with that one")]
    Newer(PathBuf),
    /// A store that has something in it.
    #[error(
        "the store at DATABASE_URL is not empty: nothing was restored; expected a file that does not exist, or an empty database"
    )]
    NotEmpty,
    /// A place where no file can be written.
    #[error("{0}")]
    Place(String),
    /// A store that cannot be opened.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// A store that cannot be read or written.
    #[error("{}", db::failure(.0))]
    Store(#[from] sqlx::Error),
}

/// A file that is not whole, with what is wrong, which may be quoted from it.
fn broken(file: &Path, what: impl fmt::Display) -> Error {
    Error::Broken(file.to_owned(), on_one_line(&what.to_string()))
}

/// The columns of a row that are not null. The two engines have the same ones, of the same three kinds.
macro_rules! fields {
    ($row:expr) => {{
        let mut fields = serde_json::Map::new();
        for (index, column) in $row.columns().iter().enumerate() {
            let raw = $row.try_get_raw(index)?;
            if raw.is_null() {
                continue;
            }
            let value = match raw.type_info().name() {
                "INTEGER" | "INT8" => Value::from($row.try_get::<i64, _>(index)?),
                "INT4" => Value::from($row.try_get::<i32, _>(index)?),
                "BLOB" | "BYTEA" => serde_json::json!({ "base64": STANDARD.encode($row.try_get::<&[u8], _>(index)?) }),
                _ => Value::from($row.try_get::<&str, _>(index)?),
            };
            fields.insert(column.name().to_owned(), value);
        }
        fields
    }};
}

/// How much there was.
#[derive(Debug, PartialEq, Eq)]
pub struct Amount {
    rows: u64,
    tables: u64,
}

impl Amount {
    fn count(&mut self, line: &Line) {
        self.rows += u64::from(matches!(line, Line::Row(_)));
        self.tables += u64::from(matches!(line, Line::Table(_)));
    }
}

impl fmt::Display for Amount {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} rows of {} tables", self.rows, self.tables)
    }
}

/// Writes all that the store has at this moment into `file`, while it goes on: with the tables of an older release as well. The
/// file is there whole or not at all, on the disk, and can be read by nobody else. A link leads to where it is.
pub async fn backup(db: &Db, file: &Path) -> Result<Amount, Error> {
    let failed = |error| Error::File(file.to_owned(), error);
    let file = &target(file).map_err(failed)?;
    sweep(file);
    let (part, out) = part_of(file).map_err(failed)?;
    // Held until it has its name.
    let _held = out.try_clone().map_err(failed)?;
    let written = write(db, out, failed).await.and_then(|rows| {
        fs::rename(&part, file).map_err(failed)?;
        File::open(folder_of(file)).and_then(|folder| folder.sync_all()).map_err(failed)?;
        Ok(rows)
    });
    if written.is_err() {
        // What is left says why; it is no backup.
        let _ = fs::remove_file(&part);
    }
    written
}

/// Where a backup into `file` goes: a link may lead to the disk for backups, and what is no file, a device, must not become one.
fn target(file: &Path) -> io::Result<PathBuf> {
    if fs::symlink_metadata(file).is_err_and(|error| error.kind() == io::ErrorKind::NotFound) {
        return Ok(file.to_owned());
    }
    let there = fs::canonicalize(file)?;
    match there.is_file() {
        true => Ok(there),
        false => Err(io::Error::other("there is something that is no file; expected a file, or nothing yet")),
    }
}

/// A new file beside `file`, which nobody sweeps away: who else writes a backup there has another one.
fn part_of(file: &Path) -> io::Result<(PathBuf, File)> {
    loop {
        let part = file.with_added_extension(format!("{}.part", Timestamp::now().as_nanosecond()));
        let out = OpenOptions::new().write(true).create_new(true).mode(0o600).open(&part)?;
        // Where it cannot be held, nothing is swept away either.
        let _ = out.lock();
        // Another program may have held it for a moment before, to remove it.
        if fs::metadata(&part).is_ok_and(|there| out.metadata().is_ok_and(|own| own.ino() == there.ino())) {
            return Ok((part, out));
        }
    }
}

/// Removes what backups into `file` have left that were killed: nobody holds it any more. What cannot be removed stays.
fn sweep(file: &Path) {
    let is_part = |path: &Path| {
        let name = path.file_name().unwrap_or_default().as_encoded_bytes();
        let rest = file.file_name().and_then(|file| name.strip_prefix(file.as_encoded_bytes()));
        let moment = rest.and_then(|rest| rest.strip_prefix(b".")?.strip_suffix(b".part"));
        moment.is_some_and(|moment| !moment.is_empty() && moment.iter().all(u8::is_ascii_digit))
    };
    let siblings = fs::read_dir(folder_of(file)).into_iter().flatten().flatten().map(|entry| entry.path());
    for part in siblings.filter(|path| is_part(path)) {
        if let Ok(held) = File::open(&part)
            && held.try_lock().is_ok()
        {
            let _ = fs::remove_file(part);
        }
    }
}

async fn write(db: &Db, out: File, failed: impl Fn(io::Error) -> Error) -> Result<Amount, Error> {
    let mut tx = db.begin_read().await?;
    let migration = tx.newest_migration().await?.unwrap_or_default();
    let stream = zstd::Encoder::new(BufWriter::new(out), 3).map_err(&failed)?;
    let mut lines = Lines { out: stream, digest: Sha256::new(), amount: Amount { rows: 0, tables: 0 } };
    lines.write(&Line::PaviseBackup { form: FORM, migration }).map_err(&failed)?;
    for (table, order) in TABLES {
        if !tx.has_table(table).await? {
            continue;
        }
        lines.write(&Line::Table(table.to_owned())).map_err(&failed)?;
        let sql = format!("select * from {table} order by {order}");
        on_tx!(&mut tx, conn => {
            let mut rows = sqlx::query(AssertSqlSafe(sql)).fetch(conn);
            while let Some(row) = rows.try_next().await? {
                lines.write(&Line::Row(fields!(row))).map_err(&failed)?;
            }
        });
    }
    let (rows, sha256) = (lines.amount.rows, hash::hex_of(&lines.digest.clone().finalize()));
    lines.write(&Line::End { rows, sha256 }).map_err(&failed)?;
    let out = lines.out.finish().and_then(|out| out.into_inner().map_err(io::IntoInnerError::into_error));
    out.and_then(|out| out.sync_all()).map_err(&failed)?;
    Ok(lines.amount)
}

struct Lines<W> {
    out: W,
    digest: Sha256,
    amount: Amount,
}

impl<W: Write> Lines<W> {
    fn write(&mut self, line: &Line) -> io::Result<()> {
        let mut text = serde_json::to_vec(line)?;
        text.push(b'\n');
        self.digest.update(&text);
        self.amount.count(line);
        self.out.write_all(&text)
    }
}

/// Fills an empty store with what `file` has: all of it, once it is known to be whole, or nothing.
pub async fn restore(url: &DatabaseUrl, file: &Path) -> Result<Amount, Error> {
    let (migration, amount) = verify(file)?;
    if Some(migration) > Db::newest_known() {
        return Err(Error::Newer(file.to_owned()));
    }
    url.prepare().map_err(Error::Place)?;
    let db = Db::connect(url).await.map_err(OpenError::from)?;
    let restored = fill(&db, migration, file).await;
    db.close().await;
    restored.map(|()| amount)
}

async fn fill(db: &Db, migration: i64, file: &Path) -> Result<(), Error> {
    // One transaction from the first table to the last: one that is interrupted leaves nothing.
    let mut tx = db.begin().await?;
    tx.alone().await?;
    if tx.newest_migration().await? > Some(migration) || has_rows(&mut tx).await? {
        return Err(Error::NotEmpty);
    }
    // The tables as they were, and then on from there: a migration that changes rows finds them.
    tx.migrate_to(Some(migration)).await.map_err(OpenError::from)?;
    let mut table = String::new();
    for line in lines(file)? {
        match line?.1 {
            Line::Table(name) => table = name,
            Line::Row(fields) => insert(&mut tx, &table, fields, file).await?,
            Line::PaviseBackup { .. } | Line::End { .. } => {}
        }
    }
    tx.migrate_to(None).await.map_err(OpenError::from)?;
    changes::start_anew(&mut tx, Timestamp::now()).await?;
    tx.commit().await?;
    Ok(())
}

/// Whether anything is in those tables that there are.
async fn has_rows(tx: &mut Tx) -> sqlx::Result<bool> {
    for (table, _) in TABLES {
        let sql = format!("select exists (select 1 from {table})");
        if tx.has_table(table).await?
            && on_tx!(tx, conn => sqlx::query_scalar(AssertSqlSafe(sql)).fetch_one(conn).await)?
        {
            return Ok(true);
        }
    }
    Ok(false)
}

async fn insert(tx: &mut Tx, table: &str, fields: serde_json::Map<String, Value>, file: &Path) -> Result<(), Error> {
    let odd = |what: &str| broken(file, format!("{what} is no column of {table}"));
    let (mut names, mut values) = (Vec::new(), Vec::new());
    for (name, value) in fields {
        // Names go into the statement: what is not like one of ours does not.
        if !name.bytes().all(|byte| byte.is_ascii_lowercase() || byte == b'_') {
            return Err(odd(&name));
        }
        let value = match value {
            Value::Number(number) => number.as_i64().map(Field::Number),
            Value::String(text) => Some(Field::Text(text)),
            Value::Object(bytes) => match bytes.get("base64") {
                Some(Value::String(text)) => STANDARD.decode(text).ok().map(Field::Bytes),
                _ => None,
            },
            _ => None,
        };
        values.push(value.ok_or_else(|| odd(&name))?);
        names.push(name);
    }
    let places: Vec<String> = (1..=names.len()).map(|place| format!("${place}")).collect();
    let sql = format!("insert into {table} ({}) values ({})", names.join(", "), places.join(", "));
    on_tx!(tx, conn => {
        let mut query = sqlx::query(AssertSqlSafe(sql));
        for value in values {
            query = match value {
                Field::Number(number) => query.bind(number),
                Field::Text(text) => query.bind(text),
                Field::Bytes(bytes) => query.bind(bytes),
            };
        }
        query.execute(conn).await?;
    });
    Ok(())
}

enum Field {
    Number(i64),
    Text(String),
    Bytes(Vec<u8>),
}

/// The migration of the store and how much there is, if the file is whole.
fn verify(file: &Path) -> Result<(i64, Amount), Error> {
    let mut digest = Sha256::new();
    let (mut first, mut found, mut end) = (None, Amount { rows: 0, tables: 0 }, None);
    for (number, line) in lines(file)?.enumerate() {
        let (text, line) = line?;
        if end.is_some() {
            return Err(broken(file, "something follows its end"));
        }
        found.count(&line);
        match line {
            Line::PaviseBackup { form, .. } if form > FORM => return Err(Error::Newer(file.to_owned())),
            Line::PaviseBackup { migration, .. } if number == 0 => first = Some(migration),
            _ if number == 0 => return Err(Error::Other(file.to_owned())),
            Line::Table(name) if TABLES.iter().any(|(table, _)| *table == name) => {}
            Line::Row(_) => {}
            Line::End { rows, sha256 } => {
                end = Some((rows, sha256));
                continue;
            }
            Line::Table(_) | Line::PaviseBackup { .. } => {
                return Err(broken(file, format!("line {} is none of a backup", number + 1)));
            }
        }
        digest.update(text.as_bytes());
    }
    let first = first.ok_or_else(|| Error::Other(file.to_owned()))?;
    match end {
        Some((rows, sha256)) if rows == found.rows && sha256 == hash::hex_of(&digest.finalize()) => Ok((first, found)),
        Some(_) => Err(broken(file, "it has changed since it was made")),
        None => Err(broken(file, "its end is missing")),
    }
}

/// The lines of the file as they are written and what they say.
fn lines(file: &Path) -> Result<impl Iterator<Item = Result<(String, Line), Error>>, Error> {
    let named = |error| Error::File(file.to_owned(), error);
    let stream = zstd::Decoder::new(File::open(file).map_err(named)?).map_err(named)?;
    let (mut stream, mut is_first) = (BufReader::new(stream), true);
    Ok(std::iter::from_fn(move || {
        let was_first = std::mem::replace(&mut is_first, false);
        let mut text = String::new();
        match stream.read_line(&mut text) {
            Ok(0) => None,
            Ok(_) => Some(match serde_json::from_str(&text) {
                Ok(line) => Ok((text, line)),
                Err(_) if was_first => Err(Error::Other(file.to_owned())),
                Err(error) => Err(broken(file, error)),
            }),
            Err(_) if was_first => Some(Err(Error::Other(file.to_owned()))),
            Err(error) => Some(Err(broken(file, error))),
        }
    }))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{
        content,
        i18n::Lang,
        messages,
        server::{
            config::DatabaseOptions,
            db::{
                on_read,
                testing::{each_engine, empty_postgres, oldest},
            },
        },
    };
    use std::collections::BTreeSet;
    use tempfile::TempDir;

    fn folder() -> TempDir {
        tempfile::tempdir().expect("a folder")
    }

    async fn filled(db: &Db) {
        content::import(db, &Path::new(env!("CARGO_MANIFEST_DIR")).join("content")).await.expect("imported");
        let written = serde_json::json!({ "message": "A message, \u{1f6e1}\nwith lines" });
        let written: messages::Written = serde_json::from_value(written).expect("a form");
        let message = written.message(Lang::DEFAULT, jiff::Timestamp::UNIX_EPOCH).expect("a message");
        messages::store::keep(db, &message).await.expect("kept");
    }

    /// A backup, in a folder of its own.
    async fn backed_up(db: &Db) -> (TempDir, PathBuf) {
        let dir = folder();
        let file = dir.path().join("backup");
        backup(db, &file).await.expect("backed up");
        (dir, file)
    }

    /// The lines of a backup but for the last one, and for what tells machines that all is another.
    fn rows_of(file: &Path) -> Vec<String> {
        let lines = lines(file).expect("lines").map(|line| line.expect("a line"));
        let is_row = |line: &(String, Line)| !matches!(line.1, Line::End { .. }) && !line.0.contains("\"everything\"");
        lines.filter(is_row).map(|line| line.0).collect()
    }

    /// An empty place on each engine.
    async fn empty_places(dir: &TempDir) -> [DatabaseUrl; 2] {
        let sqlite = DatabaseUrl::parse(&format!("sqlite://{}/restored.db", dir.path().display()));
        [sqlite.expect("a database URL"), empty_postgres().await]
    }

    #[tokio::test]
    async fn what_is_restored_on_either_engine_is_what_was_backed_up_on_either() {
        for db in each_engine().await {
            filled(&db).await;
            let dir = folder();
            let (first, second) = (dir.path().join("first"), dir.path().join("second"));
            let rows = backup(&db, &first).await.expect("backed up");
            assert!(rows.rows > 100, "{rows}");
            for url in empty_places(&dir).await {
                assert_eq!(restore(&url, &first).await.expect("restored"), rows);
                let restored = Db::open(&url).await.expect("opens");
                assert!(restored.is_ready().await);
                backup(&restored, &second).await.expect("backed up");
                assert!(rows_of(&first) == rows_of(&second), "other rows");
                assert!(changes::newest(&restored).await.expect("a number") > Timestamp::now().as_second() - 600);
                let again = restore(&url, &first).await;
                assert!(matches!(again, Err(Error::NotEmpty)), "{again:?}");
            }
        }
    }

    #[tokio::test]
    async fn every_table_is_in_it() {
        for db in each_engine().await {
            let tables: Vec<String> = on_read!(&db, pool => {
                let sql = match &db {
                    Db::Sqlite { .. } => "select name from sqlite_master where type = 'table'",
                    Db::Postgres(_) => "select tablename::text from pg_tables where schemaname = current_schema()",
                };
                sqlx::query_scalar(sql).fetch_all(pool).await
            })
            .expect("tables");
            // How far the tables are is said in the first line; which store it is, is said anew.
            let left_out = ["_sqlx_migrations", "store"];
            let found: BTreeSet<&str> =
                tables.iter().map(String::as_str).filter(|name| !left_out.contains(name)).collect();
            assert_eq!(found, TABLES.iter().map(|(table, _)| *table).collect());
        }
    }

    #[tokio::test]
    async fn half_a_file_and_a_changed_one_are_refused_and_leave_nothing() {
        let [db, _] = each_engine().await;
        filled(&db).await;
        let (_dir, file) = backed_up(&db).await;
        let whole = fs::read(&file).expect("bytes");
        let changed = |at: usize| {
            let mut bytes = whole.clone();
            bytes[at] ^= 1;
            bytes
        };
        let text = |lines: &str| zstd::encode_all(lines.as_bytes(), 1).expect("compressed");
        let cut = |part: usize| whole[..whole.len() * part / 100].to_vec();
        for bytes in [
            cut(0),
            cut(1),
            cut(50),
            cut(99),
            whole[..whole.len() - 1].to_vec(),
            changed(whole.len() / 2),
            changed(whole.len() - 9),
            [whole.clone(), text("{\"table\":\"posts\"}\n")].concat(),
            b"not a backup".to_vec(),
            text("{}\n"),
            text("{\"pavise_backup\":{\"form\":1,\"migration\":1}}\n"),
        ] {
            fs::write(&file, bytes).expect("written");
            for url in empty_places(&folder()).await {
                let refused = restore(&url, &file).await;
                assert!(matches!(refused, Err(Error::Broken(..) | Error::Other(..))), "{refused:?}");
                if let DatabaseOptions::Sqlite(options) = &url.options {
                    assert!(!options.get_filename().exists(), "nothing was made");
                }
            }
        }
    }

    #[tokio::test]
    async fn a_store_of_an_older_release_is_backed_up_as_it_is_and_restored_up_to_date() {
        let dir = folder();
        for older in empty_places(&folder()).await {
            older.prepare().expect("a place");
            let db = oldest(&older).await;
            let before = db.newest_migration().await.expect("a number");
            let file = dir.path().join("backup");
            let amount = backup(&db, &file).await.expect("backed up");
            assert_eq!(amount.to_string(), "4 rows of 5 tables");
            assert_eq!(db.newest_migration().await.expect("a number"), before, "it stays what it is");
            for url in empty_places(&folder()).await {
                assert_eq!(restore(&url, &file).await.expect("restored"), amount);
                let restored = Db::open(&url).await.expect("opens");
                let values: Vec<(String, i64)> = on_read!(&restored, pool => {
                    sqlx::query_as("select as_of, value from commitment_values").fetch_all(pool).await
                })
                .expect("rows");
                assert_eq!(values, [("2026-06-30".to_owned(), 12)]);
                let uid: String =
                    on_read!(&restored, pool => sqlx::query_scalar("select uid from posts").fetch_one(pool).await)
                        .expect("a row");
                assert_eq!(uid, "first-post");
            }
        }
    }

    #[tokio::test]
    async fn a_restore_that_was_interrupted_may_be_begun_anew() {
        let [first, second] = [folder(), folder()];
        let new = {
            let [db, _] = each_engine().await;
            filled(&db).await;
            backed_up(&db).await
        };
        let old = {
            let place = folder();
            let [url, _] = empty_places(&place).await;
            url.prepare().expect("a place");
            backed_up(&oldest(&url).await).await
        };
        // Two posts with one slug: the newest tables take only one, those of the first release both, and are not brought up to date.
        let post = |lang| {
            format!(
                r#"{{"row":{{"id":{},"lang":"{lang}","slug":"a","title":"","summary":"","published_at":0,"body_markdown":""}}}}"#,
                str::len(lang)
            )
        };
        let twice = [r#"{"table":"posts"}"#, &post("en"), &post("pt-br")];
        let dir = folder();
        let fails = dir.path().join("fails");
        for (dir, (_kept, file)) in [(&first, &new), (&second, &old)] {
            let (migration, _) = verify(file).expect("whole");
            for url in empty_places(dir).await {
                url.prepare().expect("a place");
                // What an earlier program left that was killed before the first row.
                let begun = Db::connect(&url).await.expect("a store");
                begun.migrate_to(Some(migration)).await.expect("tables");
                begun.close().await;
                fs::write(&fails, text_of(migration, &twice)).expect("written");
                assert!(matches!(restore(&url, &fails).await, Err(Error::Store(_) | Error::Open(_))));
                restore(&url, file).await.expect("restored");
                assert!(matches!(restore(&url, file).await, Err(Error::NotEmpty)));
            }
        }
    }

    /// A whole backup with these lines.
    fn text_of(migration: i64, lines: &[&str]) -> Vec<u8> {
        let first = Line::PaviseBackup { form: FORM, migration };
        let mut text = serde_json::to_string(&first).expect("text") + "\n";
        lines.iter().for_each(|line| text.extend([line, "\n"]));
        let rows = lines.iter().filter(|line| line.starts_with("{\"row\"")).count() as u64;
        let end = Line::End { rows, sha256: hash::hex(text.as_bytes(), 32) };
        text += &serde_json::to_string(&end).expect("text");
        zstd::encode_all(format!("{text}\n").as_bytes(), 1).expect("compressed")
    }

    #[tokio::test]
    async fn what_an_error_quotes_of_a_file_does_nothing_to_a_terminal() {
        let dir = folder();
        let file = dir.path().join("backup");
        let newest = Db::newest_known().expect("a number");
        for line in [r#"{"row":{"\u001b[2J":1}}"#, r#"{"\u001b[2J":1}"#] {
            fs::write(&file, text_of(newest, &["{\"table\":\"posts\"}", line])).expect("written");
            for url in empty_places(&folder()).await {
                let told = restore(&url, &file).await.expect_err("refused").to_string();
                assert!(told.contains(r"\u{1b}[2J") && !told.contains('\u{1b}'), "{told:?}");
            }
        }
    }

    #[tokio::test]
    async fn a_backup_of_a_newer_release_is_refused() {
        let dir = folder();
        let file = dir.path().join("backup");
        for first in [r#"{"form":2,"migration":1}"#, r#"{"form":1,"migration":99991231000000}"#] {
            let first = format!("{{\"pavise_backup\":{first}}}\n");
            let end = Line::End { rows: 0, sha256: hash::hex(first.as_bytes(), 32) };
            let end = serde_json::to_string(&end).expect("text");
            fs::write(&file, zstd::encode_all(format!("{first}{end}\n").as_bytes(), 1).expect("compressed"))
                .expect("written");
            for url in empty_places(&dir).await {
                assert!(matches!(restore(&url, &file).await, Err(Error::Newer(_))));
            }
        }
    }

    #[tokio::test]
    async fn a_backup_that_fails_leaves_the_one_before() {
        let [db, _] = each_engine().await;
        let (dir, file) = backed_up(&db).await;
        let before = fs::read(&file).expect("bytes");
        db.close().await;
        assert!(matches!(backup(&db, &file).await, Err(Error::Store(_))));
        assert_eq!(fs::read(&file).expect("bytes"), before);
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }

    #[tokio::test]
    async fn two_backups_to_one_file_at_once_are_not_mixed() {
        let [db, _] = each_engine().await;
        filled(&db).await;
        let (dir, file) = backed_up(&db).await;
        let whole = fs::read(&file).expect("bytes");
        // Of one that was killed.
        fs::write(file.with_added_extension("1.part"), "half").expect("written");
        let (first, second) = tokio::join!(backup(&db, &file), backup(&db, &file));
        assert!(first.is_ok() && second.is_ok(), "{first:?}, {second:?}");
        assert!(fs::read(&file).expect("bytes") == whole, "other bytes");
        assert_eq!(fs::read_dir(dir.path()).expect("a folder").count(), 1);
    }
}
