//! `content/` and the store: `import` brings files in, `export` writes them back; neither loses anything.
//!
//! The form of a post's file is in `posts/file.rs`, that of a plan's in `plan/file.rs`; `front_matter.rs` is common to both.

pub mod front_matter;
pub mod markdown;
pub mod watch;

use crate::{
    i18n::Lang,
    media::{self, file::PictureBytes},
    plan::{self, PlanYear, file::PlanFile},
    posts::{self, Slug, file::PostFile},
    server::db::{Db, Tx},
};
use front_matter::Mistake;
use std::{
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// What an import did, in numbers of posts and plans.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New in the store.
    pub added: usize,
    /// There already, with other words.
    pub changed: usize,
    /// There already, word for word.
    pub unchanged: usize,
}

impl fmt::Display for Imported {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} added, {} changed, {} unchanged", self.added, self.changed, self.unchanged)
    }
}

/// Why nothing was imported or exported.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    /// The files have mistakes: all of them, each with its file and line.
    #[error("{}", lines(.0))]
    Mistakes(Vec<FileMistake>),
    /// A file or folder could not be read or written.
    #[error("{}: {}", .0.display(), .1)]
    Io(PathBuf, io::Error),
    /// The store failed.
    #[error("the store failed: {0}")]
    Store(#[from] sqlx::Error),
}

/// A mistake in a file: `posts/a-post/index.md:3: …`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FileMistake {
    /// The file.
    pub file: PathBuf,
    /// The line, from 1, and what is wrong there.
    pub mistake: Mistake,
}

impl fmt::Display for FileMistake {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.mistake)
    }
}

fn lines(mistakes: &[FileMistake]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Brings the posts and plans of the folder `dir` into the store, all in one transaction or none.
///
/// What is in the store but not in the folder stays.
pub async fn import(db: &Db, dir: &Path) -> Result<Imported, Error> {
    let content = read(dir)?;
    let mut imported = Imported::default();
    let mut tx = db.begin().await?;
    tx.alone().await?;
    for (post, picture) in &content.posts {
        imported.count(import_post(&mut tx, post, picture.as_ref()).await?);
    }
    for plan in &content.plans {
        imported.count(import_plan(&mut tx, plan).await?);
    }
    tx.commit().await?;
    Ok(imported)
}

/// Writes every post and plan of the store into the folder `dir`, in the form that `import` reads.
pub async fn export(db: &Db, dir: &Path) -> Result<usize, Error> {
    let mut tx = db.begin_read().await?;
    let mut written = 0;
    for (lang, slug) in posts::store::names(&mut tx).await? {
        let Some((post, picture)) = posts::store::file(&mut tx, lang, &slug).await? else { continue };
        let folder = dir.join("posts").join(slug.as_str());
        write(&folder.join("index.md"), post.format().as_bytes())?;
        if let (Some(picture), Some(hash)) = (&post.picture, picture)
            && let Some(bytes) = media::store::bytes(&mut tx, &hash).await?
        {
            write(&folder.join(&picture.file), &bytes)?;
        }
        written += 1;
    }
    for (lang, year) in plan::store::years(&mut tx).await? {
        if let Some(plan) = plan::store::file(&mut tx, lang, year).await? {
            write(&dir.join("plan").join(format!("{year}.md")), plan.format().as_bytes())?;
            written += 1;
        }
    }
    Ok(written)
}

/// Whether `dir` is a folder with content in it.
pub fn is_content(dir: &Path) -> bool {
    dir.join("posts").is_dir() || dir.join("plan").is_dir()
}

/// Everything in a content folder, read and checked.
#[derive(Debug)]
pub struct Content {
    /// The posts, oldest first, each with its picture.
    pub posts: Vec<(PostFile, Option<PictureBytes>)>,
    /// The plans.
    pub plans: Vec<PlanFile>,
}

/// Reads the folder `dir` and checks each file in it; on mistakes, gives all of them.
pub fn read(dir: &Path) -> Result<Content, Error> {
    if !is_content(dir) {
        let error = io::Error::new(io::ErrorKind::NotFound, "expected a folder with `posts/` or `plan/` in it");
        return Err(Error::Io(dir.to_owned(), error));
    }
    let mut mistakes = Vec::new();
    let mut posts = Vec::new();
    for folder in entries(&dir.join("posts"))? {
        posts.extend(read_post(&folder, &mut mistakes));
    }
    let mut plans = Vec::new();
    for file in entries(&dir.join("plan"))? {
        plans.extend(read_plan(&file, &mut mistakes));
    }
    if !mistakes.is_empty() {
        return Err(Error::Mistakes(mistakes));
    }
    // Posts of the same moment keep the order of their arrival, so the oldest comes in first.
    posts.sort_by(|(a, _), (b, _)| (a.published, &a.slug).cmp(&(b.published, &b.slug)));
    Ok(Content { posts, plans })
}

fn read_post(folder: &Path, mistakes: &mut Vec<FileMistake>) -> Option<(PostFile, Option<PictureBytes>)> {
    let file = folder.join("index.md");
    let mut tell = |mistake| mistakes.push(FileMistake { file: file.clone(), mistake });
    if !file.is_file() {
        tell(Mistake::at(1, "expected a folder with the post's slug as its name and the file `index.md` in it"));
        return None;
    }
    let slug = match Slug::parse(file_name(folder)) {
        Ok(slug) => slug,
        Err(error) => {
            tell(Mistake::at(1, format!("the folder's name: {error}")));
            return None;
        }
    };
    let text = read_text(&file, &mut tell)?;
    let post = match PostFile::parse(Lang::DEFAULT, slug, &text) {
        Ok(post) => post,
        Err(found) => {
            found.into_iter().for_each(tell);
            return None;
        }
    };
    let Some(picture) = &post.picture else { return Some((post, None)) };
    let line = 1 + text.lines().position(|line| line.trim_start().starts_with("file:")).unwrap_or(0);
    let bytes = fs::read(folder.join(&picture.file))
        .map_err(|error| format!("the picture `{}` cannot be read: {error}", picture.file))
        .and_then(|bytes| media::file::read(&picture.file, bytes));
    match bytes {
        Ok(bytes) => Some((post, Some(bytes))),
        Err(what) => {
            tell(Mistake::at(line, what));
            None
        }
    }
}

fn read_plan(file: &Path, mistakes: &mut Vec<FileMistake>) -> Option<PlanFile> {
    let mut tell = |mistake| mistakes.push(FileMistake { file: file.to_owned(), mistake });
    let year = file_name(file).strip_suffix(".md").and_then(PlanYear::parse);
    let Some(year) = year else {
        tell(Mistake::at(1, "expected a file with the plan's year as its name, such as `2023.md`"));
        return None;
    };
    let text = read_text(file, &mut tell)?;
    match PlanFile::parse(Lang::DEFAULT, year, &text) {
        Ok(plan) => Some(plan),
        Err(found) => {
            found.into_iter().for_each(tell);
            None
        }
    }
}

fn read_text(file: &Path, tell: &mut impl FnMut(Mistake)) -> Option<String> {
    let bytes = match fs::read(file) {
        Ok(bytes) => bytes,
        Err(error) => {
            tell(Mistake::at(1, format!("cannot be read: {error}")));
            return None;
        }
    };
    match String::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) => {
            let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
            let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
            tell(Mistake::at(line, "not UTF-8: save the file with that encoding"));
            None
        }
    }
}

/// The entries of `dir` in the order of their names, hidden ones left out; none where there is no such folder.
fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
    let failed = |error| Error::Io(dir.to_owned(), error);
    if !dir.is_dir() {
        return Ok(Vec::new());
    }
    let mut paths = Vec::new();
    for entry in fs::read_dir(dir).map_err(failed)? {
        let path = entry.map_err(failed)?.path();
        if !file_name(&path).starts_with('.') {
            paths.push(path);
        }
    }
    paths.sort();
    Ok(paths)
}

fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::Io(file.to_owned(), error);
    fs::create_dir_all(file.parent().unwrap_or(file)).map_err(failed)?;
    fs::write(file, bytes).map_err(failed)
}

/// What became of one file.
enum Outcome {
    Added,
    Changed,
    Unchanged,
}

impl Imported {
    fn count(&mut self, outcome: Outcome) {
        match outcome {
            Outcome::Added => self.added += 1,
            Outcome::Changed => self.changed += 1,
            Outcome::Unchanged => self.unchanged += 1,
        }
    }
}

async fn import_post(tx: &mut Tx, post: &PostFile, picture: Option<&PictureBytes>) -> sqlx::Result<Outcome> {
    let hash = picture.map(|picture| picture.hash.clone());
    let stored = posts::store::file(tx, post.lang, &post.slug).await?;
    let outcome = match &stored {
        None => Outcome::Added,
        Some((before, before_hash)) if before == post && *before_hash == hash => return Ok(Outcome::Unchanged),
        Some(_) => Outcome::Changed,
    };
    if let Some(picture) = picture {
        media::store::put(tx, picture).await?;
    }
    posts::store::put(tx, post, hash.as_deref()).await?;
    Ok(outcome)
}

async fn import_plan(tx: &mut Tx, plan: &PlanFile) -> sqlx::Result<Outcome> {
    let outcome = match plan::store::file(tx, plan.lang, plan.year).await? {
        None => Outcome::Added,
        Some(before) if before == *plan => return Ok(Outcome::Unchanged),
        Some(_) => Outcome::Changed,
    };
    plan::store::put(tx, plan).await?;
    Ok(outcome)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::testing::each_engine;

    fn shipped() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/content"))
    }

    /// A copy of the shipped content to make mistakes in.
    fn copy() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        copy_dir(shipped(), dir.path());
        dir
    }

    fn copy_dir(from: &Path, to: &Path) {
        for path in entries(from).expect("readable") {
            let target = to.join(file_name(&path));
            if path.is_dir() {
                copy_dir(&path, &target);
            } else {
                write(&target, &fs::read(&path).expect("readable")).expect("writable");
            }
        }
    }

    #[tokio::test]
    async fn an_export_has_the_same_files_and_importing_it_changes_nothing() {
        for db in each_engine().await {
            let first = import(&db, shipped()).await.expect("imported");
            assert_eq!(first, Imported { added: 9, ..Default::default() }, "{db:?}");

            let dir = tempfile::tempdir().expect("a folder");
            assert_eq!(export(&db, dir.path()).await.expect("exported"), 9);
            let mut files = 0;
            for folder in entries(&dir.path().join("posts")).expect("posts") {
                for file in entries(&folder).expect("files") {
                    let path = file.strip_prefix(dir.path()).expect("inside");
                    assert_eq!(
                        fs::read(&file).expect("exported"),
                        fs::read(shipped().join(path)).expect("shipped"),
                        "{path:?}"
                    );
                    files += 1;
                }
            }
            assert_eq!(files, 16);
            let plan = |root: &Path| fs::read(root.join("plan/2023.md")).expect("a plan");
            assert_eq!(plan(dir.path()), plan(shipped()));

            let again = import(&db, dir.path()).await.expect("imported");
            assert_eq!(again, Imported { unchanged: 9, ..Default::default() });
        }
    }

    #[tokio::test]
    async fn one_mistake_keeps_everything_out_and_all_mistakes_are_told() {
        let dir = copy();
        let post = dir.path().join("posts/we-testified-because-the-internet-needs-a-voice");
        let text = fs::read_to_string(post.join("index.md")).expect("a post");
        let without_alt = text.replace("  alt: \"US Capitol Building\"\n", "");
        write(&post.join("index.md"), without_alt.as_bytes()).expect("written");
        write(&dir.path().join("posts/Bad Name/index.md"), text.as_bytes()).expect("written");
        write(&dir.path().join("plan/next.md"), b"---\n---\n").expect("written");
        for db in each_engine().await {
            let Err(Error::Mistakes(mistakes)) = import(&db, dir.path()).await else { panic!("expected mistakes") };
            let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
            assert_eq!(told.len(), 3, "{told:#?}");
            assert!(told[0].contains("Bad Name/index.md:1: the folder's name"), "{told:#?}");
            assert!(told[1].contains("needs-a-voice/index.md:6: `picture.alt` is missing"), "{told:#?}");
            assert!(told[2].contains("next.md:1: expected a file with the plan's year"), "{told:#?}");
            let mut tx = db.begin().await.expect("a transaction");
            assert!(posts::store::names(&mut tx).await.expect("names").is_empty(), "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_picture_that_is_missing_or_broken_is_a_mistake_of_its_post() {
        let dir = copy();
        let folder = |slug: &str| dir.path().join("posts").join(slug);
        fs::remove_file(folder("we-testified-because-the-internet-needs-a-voice").join("capitol.svg"))
            .expect("removed");
        write(&folder("sanctions-can-deny-internet-access-when-people-need-it-most").join("notice.svg"), b"<svg")
            .expect("written");
        let Err(Error::Mistakes(mistakes)) = read(dir.path()) else { panic!("expected mistakes") };
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 2, "{told:#?}");
        assert!(told[0].contains("index.md:6: the SVG is not well-formed"), "{told:#?}");
        assert!(told[1].contains("index.md:6: the picture `capitol.svg` cannot be read"), "{told:#?}");
    }

    #[tokio::test]
    async fn a_changed_file_is_counted_and_shown() {
        let dir = copy();
        let file = dir.path().join("plan/2023.md");
        for db in each_engine().await {
            import(&db, shipped()).await.expect("imported");
            let text = fs::read_to_string(shipped().join("plan/2023.md")).expect("a plan");
            write(&file, text.replace("current: 23", "current: 24").as_bytes()).expect("written");
            let imported = import(&db, dir.path()).await.expect("imported");
            assert_eq!(imported, Imported { changed: 1, unchanged: 8, added: 0 }, "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_folder_without_content_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = read(dir.path()).expect_err("refused").to_string();
        assert!(error.contains("expected a folder with `posts/` or `plan/` in it"), "{error}");
    }
}
