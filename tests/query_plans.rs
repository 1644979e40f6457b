//! What readers and editors ask of the store is answered by indexes, on both engines: no statement reads a large table whole, so
//! that the millionth post costs what the thousandth did.
//!
//! The statements are those that sqlx says it runs while every function of the stores is called; each engine then tells its plan.

#![expect(clippy::expect_used, reason = "a test ends where it fails")]

use jiff::civil::date;
use pavise::{
    content, documents,
    documents::Kind,
    generate::generate,
    i18n::Lang,
    media, messages, plan,
    plan::PlanYear,
    posts::{
        Cursor, Slug,
        file::RemovedPost,
        store::{self as posts, ListKind, Selection},
        write,
    },
    search::store as search,
    server::{
        changes::{Changes, since},
        config::DatabaseUrl,
        db::{Db, Tx},
    },
};
use sqlx::{AssertSqlSafe, Connection as _, Executor as _, PgConnection, Row as _, SqliteConnection};
use std::{
    collections::BTreeSet,
    fmt::{Debug, Write as _},
    path::Path,
    sync::{Arc, Mutex},
};
use tracing::field::{Field, Visit};
use tracing_subscriber::{Layer, layer::SubscriberExt as _};

/// The tables that grow with the site.
const LARGE: [&str; 9] = [
    "posts",
    // As post_translations is called within a statement.
    "translated",
    "post_topics",
    "post_translations",
    "post_relations",
    "post_pictures",
    "post_commitments",
    "post_addresses",
    "picture_files",
];

/// The functions that read everything because that is what they are for: an export, and what follows a change of versions.
const WHOLE: [&str; 4] = ["names", "removed", "note_all_changes", "complete"];

#[derive(Clone, Default)]
struct Statements(Arc<Mutex<BTreeSet<String>>>);

#[derive(Default)]
struct Said {
    summary: String,
    statement: String,
}

impl Visit for Said {
    fn record_str(&mut self, field: &Field, value: &str) {
        match field.name() {
            "summary" => self.summary = value.to_owned(),
            "db.statement" => self.statement = value.to_owned(),
            _ => {}
        }
    }

    fn record_debug(&mut self, field: &Field, value: &dyn Debug) {
        self.record_str(field, &format!("{value:?}"));
    }
}

impl<S: tracing::Subscriber> Layer<S> for Statements {
    fn on_event(&self, event: &tracing::Event<'_>, _: tracing_subscriber::layer::Context<'_, S>) {
        if event.metadata().target() != "sqlx::query" {
            return;
        }
        let mut said = Said::default();
        event.record(&mut said);
        // A short statement is its own summary.
        let statement = if said.statement.is_empty() { said.summary } else { said.statement };
        self.0.lock().expect("statements").insert(statement.split_whitespace().collect::<Vec<_>>().join(" "));
    }
}

impl Statements {
    fn forget(&self) {
        self.0.lock().expect("statements").clear();
    }

    /// Those that read or look for rows.
    fn heard(&self) -> Vec<String> {
        let all = self.0.lock().expect("statements");
        let reads = all.iter().filter(|it| ["select", "update", "delete"].iter().any(|verb| it.starts_with(verb)));
        reads.filter(|it| !it.contains("pg_") && !it.contains("_sqlx_migrations")).cloned().collect()
    }
}

fn slug(text: &str) -> Slug {
    Slug::parse(text).expect("a slug")
}

/// Calls everything that readers and editors call.
async fn call_everything(db: &Db) {
    let (lang, other) = (Lang::DEFAULT, Lang::all().last().expect("a language"));
    let post = slug("we-testified-because-the-internet-needs-a-voice");
    let cursor = Some(Cursor { published_at: 1_500_000_000, id: 7 });
    let (topic, author) = (Some(slug("topic-01")), Some(slug("author-01")));
    let span = (Some(1_400_000_000), Some(1_600_000_000));
    for (topic, author) in [(None, None), (topic.clone(), None), (None, author.clone()), (topic, author)] {
        for (before, after) in [(None, None), (cursor, None), (None, cursor)] {
            for (from, until) in [(None, None), span] {
                let selection = Selection { topic: topic.clone(), author: author.clone(), from, until, before, after };
                posts::list(db, lang, &selection, 12).await.expect("posts");
            }
        }
    }
    posts::latest(db, other, 8).await.expect("posts");
    posts::find(db, lang, "sender", 8).await.expect("posts");
    posts::periods(db).await.expect("periods");
    posts::by_slug(db, other, &post).await.expect("no error").expect("the post");
    posts::whole(db, other, &Selection::default(), 20, "https://example.org").await.expect("posts");
    posts::plain(db, lang, &post).await.expect("no error").expect("the post");
    posts::moved(db, "/old/").await.expect("no error");
    posts::moved(db, "/blog/2020/01/old/").await.expect("no error");
    posts::lists(db, ListKind::Shards).await.expect("lists");
    posts::addresses(db, 0, -1, 250).await.expect("addresses");
    let year = plan::store::years(db).await.expect("years")[0];
    posts::reports(db, lang, year).await.expect("reports");
    plan::store::plan(db, other, None::<PlanYear>).await.expect("no error").expect("the plan");
    plan::store::plain(db, lang, year).await.expect("no error").expect("the plan");
    documents::store::by_slug(db, lang, Kind::Topic, &slug("access")).await.expect("no error").expect("the topic");
    documents::store::plain(db, lang, Kind::Topic, &slug("access")).await.expect("no error").expect("the topic");
    documents::store::titles(db, lang, Kind::Page).await.expect("titles");
    documents::store::all(db, lang, Kind::Author).await.expect("authors");
    media::store::file(db, "0123456789abcdef", "640.avif").await.expect("no error");
    media::store::size(db, "0123456789abcdef", "640.avif").await.expect("no error");
    media::store::made(db, "0123456789abcdef").await.expect("no error");
    media::store::original(db, "0123456789abcdef").await.expect("no error");
    let message = messages::Message {
        name: "0123456789abcdef".into(),
        message: "a".into(),
        reply_to: None,
        about: None,
        lang,
        received: jiff::Timestamp::UNIX_EPOCH,
    };
    messages::store::keep(db, &message).await.expect("no error");
    messages::store::all(db).await.expect("messages");
    messages::store::remove(db, "0123456789abcdef").await.expect("no error");
    search::identity(db).await.expect("a name");
    search::posts(db, 1000, 250).await.expect("posts");
    search::others(db).await.expect("others");
    for key in search::keys(db, "plans").await.expect("keys").iter().chain([&format!("post/{post}")]) {
        search::entry(db, key).await.expect("no error").expect("an entry");
        search::shown(db, other, key).await.expect("no error").expect("an entry");
    }
    since(db, 0).await.expect("changes");
    Changes::of(db).await.expect("changes").catch_up(db).await.expect("heard");

    // What an import calls for each post: stored_post, candidates, uid_is_taken, put, relate; file, put of plans and documents;
    // is_made and put of pictures.
    let dir = tempfile::tempdir().expect("a folder");
    let name = dir.path().join("posts/a-tale/index.md");
    std::fs::create_dir_all(name.parent().expect("a folder")).expect("made");
    for (title, day) in [("A tale", "2024-01-01"), ("Another", "2024-02-01")] {
        let text = format!(
            "---\ntitle: \"{title}\"\nsummary: \"Words.\"\npublished: {day}\ntopics: [\"topic-01\"]\nauthor: \"author-01\"\n---\n\nWords.\n"
        );
        std::fs::write(&name, text).expect("written");
        content::import(db, dir.path()).await.expect("imported");
    }
    let mut tx = db.begin().await.expect("a transaction");
    media::store::bytes(&mut tx, "0123456789abcdef").await.expect("no error");
    write::rename(&mut tx, &[(slug("a-tale"), slug("a-new-tale"))]).await.expect("renamed");
    assert!(write::free(&mut tx, vec!["/blog/2024/02/a-new-tale/".into()]).await.expect("addresses").is_empty());
    let removed = RemovedPost { slug: slug("a-new-tale"), day: date(2024, 3, 1), redirect_from: Vec::new() };
    assert!(write::remove(&mut tx, &removed).await.expect("removed"));
    whole_are_called(&mut tx).await;
    tx.commit().await.expect("committed");
}

/// What may read everything is not looked at, but is to work.
async fn whole_are_called(tx: &mut Tx) {
    plan::store::commitments(tx).await.expect("commitments");
    documents::store::names(tx, Kind::Topic).await.expect("names");
}

/// A function that is new in a store has to be called above.
#[test]
fn every_function_of_the_stores_is_looked_at() {
    let test = include_str!("query_plans.rs");
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("src");
    for file in [
        "posts/store.rs",
        "posts/write.rs",
        "plan/store.rs",
        "documents/store.rs",
        "media/store.rs",
        "messages/store.rs",
        "search/store.rs",
    ] {
        let source = std::fs::read_to_string(root.join(file)).expect("source");
        for name in source.lines().filter_map(|line| line.strip_prefix("pub async fn ")) {
            let name = name.split(['(', '<']).next().unwrap_or_default();
            let is_named = [format!("::{name}("), format!(" {name},"), format!(" {name};"), format!(" {name} ")];
            let is_known =
                WHOLE.contains(&name) || name == "load" || is_named.iter().any(|it| test.contains(it.as_str()));
            assert!(is_known, "{file}: {name} is not called in tests/query_plans.rs");
        }
    }
}

#[tokio::test]
async fn no_statement_reads_a_large_table_whole() {
    let statements = Statements::default();
    let subscriber = tracing_subscriber::registry().with(statements.clone());
    tracing::subscriber::set_global_default(subscriber).expect("the only subscriber");
    let dir = tempfile::tempdir().expect("a folder");
    let sqlite = format!("sqlite://{}", dir.path().join("plans.db").display());
    let postgres = std::env::var("PAVISE_TEST_POSTGRES").expect("PAVISE_TEST_POSTGRES is not set: run `make test`");
    let mut admin = PgConnection::connect(&postgres).await.expect("PostgreSQL answers");
    admin.execute("create schema plans").await.expect("a schema");
    let postgres = format!("{postgres}?options=-c%20search_path%3Dplans");

    let mut whole = String::new();
    for url in [&sqlite, &postgres] {
        let db = Db::open(&DatabaseUrl::parse(url).expect("a database URL")).await.expect("opens");
        content::import(&db, &Path::new(env!("CARGO_MANIFEST_DIR")).join("content")).await.expect("imported");
        generate(&db, 3000).await.expect("generated");
        statements.forget();
        call_everything(&db).await;
        let heard = statements.heard();
        assert!(heard.len() > 40, "only {} statements were heard", heard.len());
        for statement in heard {
            let plan = match &db {
                Db::Sqlite { .. } => sqlite_plan(url, &statement).await,
                Db::Postgres(_) => postgres_plan(url, &statement).await,
            };
            for table in read_whole(&statement, &plan) {
                let _ = writeln!(whole, "{table} is read whole by\n  {statement}\n  {}\n", plan.join("\n  "));
            }
        }
    }
    assert!(whole.is_empty(), "{whole}");
}

async fn sqlite_plan(url: &str, statement: &str) -> Vec<String> {
    let mut connection = SqliteConnection::connect(url).await.expect("opens");
    let sql = AssertSqlSafe(format!("explain query plan {statement}"));
    let rows =
        sqlx::raw_sql(sql).fetch_all(&mut connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    rows.iter().map(|row| row.get::<String, _>("detail")).collect()
}

async fn postgres_plan(url: &str, statement: &str) -> Vec<String> {
    let mut connection = PgConnection::connect(url).await.expect("PostgreSQL answers");
    // Without values, as for any; and by an index wherever one could be used, as it would be with more rows.
    connection.execute("set plan_cache_mode = force_generic_plan").await.expect("set");
    connection.execute("set enable_seqscan = off").await.expect("set");
    let prepare = AssertSqlSafe(format!("prepare it as {statement}"));
    sqlx::raw_sql(prepare).execute(&mut connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    let values = (1..).take_while(|n| statement.contains(&format!("${n}"))).count();
    let nulls = vec!["null"; values].join(", ");
    let arguments = if values == 0 { String::new() } else { format!("({nulls})") };
    let explain = AssertSqlSafe(format!("explain execute it{arguments}"));
    let rows =
        sqlx::raw_sql(explain).fetch_all(&mut connection).await.unwrap_or_else(|error| panic!("{statement}: {error}"));
    rows.iter().map(|row| row.get::<String, _>(0)).collect()
}

/// The large tables of which a plan reads every row. Going through an index in order is another thing where a limit, or the
/// first row found, ends it.
fn read_whole(statement: &str, plan: &[String]) -> Vec<&'static str> {
    let ends = statement.contains(" limit ") || statement.contains("exists (");
    let is_of = |line: &str, table: &str| line.split([' ', ',', '(']).any(|word| word == table);
    let mut found = Vec::new();
    for (n, line) in plan.iter().enumerate() {
        let sequential = line.contains("Seq Scan on");
        let through_index = line.trim_start().starts_with("SCAN ")
            || line.contains("Index")
                && line.contains(" on ")
                && !plan.get(n + 1).is_some_and(|next| next.contains("Cond:"));
        let ordered = line.contains("INDEX") || line.contains("Index");
        if sequential || through_index && !(ordered && ends) {
            found.extend(LARGE.into_iter().filter(|table| is_of(line, table)));
        }
    }
    // A list in order of the date, in which those of one author are picked out, ends early only where there are enough of them.
    // Of two that are chosen, one is enough.
    let through_index = |column: &str| {
        plan.iter().any(|line| {
            line.contains(&format!("({column}=?"))
                || line.contains("Index Cond:") && line.contains(&format!("({column} = $"))
        })
    };
    let chosen: Vec<_> = [("posts", "author"), ("post_topics", "topic")]
        .into_iter()
        .filter(|(table, column)| statement.contains(&format!("{table}.{column} = $")))
        .collect();
    if !chosen.is_empty() && !chosen.iter().any(|(_, column)| through_index(column)) {
        found.extend(chosen.iter().map(|(table, _)| *table));
    }
    found
}
