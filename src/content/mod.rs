//! `content/` and the store: `import` brings files in, `export` writes them back; neither loses anything.
//!
//! `read.rs` reads and checks the files. Their forms are in `posts/file.rs`, `plan/file.rs`, `documents/file.rs` and, common
//! to all translations, `translation.rs`; `front_matter.rs` is common to everything.

pub mod front_matter;
mod identity;
pub mod markdown;
pub mod pictures;
pub mod read;
pub mod translation;
pub mod watch;

use crate::{
    documents::{self, Kind},
    media,
    plan::{self, PlanYear, file::PlanFile},
    posts::{
        self, Slug,
        file::{CommitmentName, PostFile},
        write::{Pictures, Stored},
    },
    server::{
        db::{self, Db, Tx},
        disk, hash,
    },
};
use front_matter::Mistake;
use read::PostWithPictures;
pub use read::{Content, look, read};
use std::{
    collections::{BTreeSet, HashSet},
    ffi::OsStr,
    fmt, fs, io,
    path::{Path, PathBuf},
};

/// What an import did, in numbers of posts, plans and documents.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Imported {
    /// New in the store.
    pub added: usize,
    /// There already, with other words.
    pub changed: usize,
    /// There already, word for word.
    pub unchanged: usize,
    /// Pictures whose files were made.
    pub pictures: usize,
    /// Pictures that cannot be shown; everything else is imported, and their posts without them.
    pub broken: Vec<FileMistake>,
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
    #[error("{}", disk::failure(.0, .1))]
    Io(PathBuf, io::Error),
    /// The store failed.
    #[error("{}", db::failure(.0))]
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
        write!(f, "{}:{}", front_matter::on_one_line(&self.file.display().to_string()), self.mistake)
    }
}

fn lines(mistakes: &[FileMistake]) -> String {
    mistakes.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n")
}

/// Brings the content of the folder `dir` into the store, all in one transaction or none.
///
/// What is in the store but not in the folder stays, but for posts whose file says that they were removed. A picture that
/// cannot be shown keeps nothing out.
pub async fn import(db: &Db, dir: &Path) -> Result<Imported, Error> {
    let mut content = read(dir)?;
    for file in &content.left_out {
        tracing::warn!(file = %file.display(), "left out: the site does not speak this language");
    }
    let pictures = pictures::make(db, &mut content).await?;
    let broken = std::mem::take(&mut content.broken);
    let mut imported = Imported { pictures, broken, ..Default::default() };
    let mut tx = db.begin().await?;
    tx.alone().await?;
    for document in &content.documents {
        let before = documents::store::file(&mut tx, document.kind, &document.slug).await?;
        if imported.count(before.as_ref(), document) {
            documents::store::put(&mut tx, document).await?;
        }
    }
    for plan in &content.plans {
        let before = plan::store::file(&mut tx, Some(plan.year)).await?;
        if imported.count(before.as_ref(), plan) {
            plan::store::put(&mut tx, plan).await?;
        }
    }
    let known = Known::with_store(&content, &mut tx).await?;
    let unknown = content.unknown_names(dir, &known);
    if !unknown.is_empty() {
        return Err(Error::Mistakes(unknown));
    }
    let mut changed = Vec::new();
    for (post, before) in known_posts(&mut tx, &content.posts).await? {
        changed.extend(import_post(&mut tx, post, before, &mut imported).await?);
    }
    for removed in &content.removed {
        imported.changed += usize::from(posts::write::remove(&mut tx, removed).await?);
    }
    posts::write::relate(&mut tx, &changed).await?;
    tx.commit().await?;
    Ok(imported)
}

/// Each post with what is stored of it. Those whose folders have other names than before are renamed in the store.
async fn known_posts<'a>(
    tx: &mut Tx,
    posts: &'a [PostWithPictures],
) -> sqlx::Result<Vec<(&'a PostWithPictures, Option<Stored>)>> {
    let mut files = Vec::new();
    for post in posts {
        files.push((&post.file, posts::write::candidates(tx, &post.file).await?));
    }
    let mut renamed = Vec::new();
    let mut known = Vec::new();
    for (post, slug) in posts.iter().zip(identity::identities(&files)) {
        let before = match &slug {
            Some(slug) => posts::write::stored_post(tx, slug).await?,
            None => None,
        };
        renamed.extend(slug.filter(|slug| *slug != post.file.slug).map(|slug| (slug, post.file.slug.clone())));
        known.push((post, before));
    }
    posts::write::rename(tx, &renamed).await?;
    Ok(known)
}

/// Stores a post that is new or different, and gives its number.
async fn import_post(
    tx: &mut Tx,
    post: &PostWithPictures,
    before: Option<Stored>,
    imported: &mut Imported,
) -> Result<Option<i64>, Error> {
    let mut file = post.file.clone();
    if let Some(before) = &before {
        inherit(&mut file, &before.file);
    }
    while posts::write::uid_is_taken(tx, file.uid(), &file.slug).await? {
        // Its slug was another post's first name: it gets one that is free, and keeps it from then on.
        file.id = Some(next_name(file.uid()));
    }
    let pictures = Pictures {
        beside: post.beside.as_ref().map(|picture| picture.source.hash.clone()),
        in_text: post.in_text.iter().map(|(name, picture)| (name.clone(), picture.source.hash.clone())).collect(),
    };
    let before = before.map(|before| (before.file, before.pictures));
    let after = (file, pictures);
    if !imported.count(before.as_ref(), &after) {
        return Ok(None);
    }
    Ok(Some(posts::write::put(tx, &after.0, &after.1).await?))
}

/// `name` as `name-2`, `name-2` as `name-3`.
fn next_name(name: &Slug) -> Slug {
    let numbered = name.as_str().rsplit_once('-').and_then(|(stem, number)| Some((stem, number.parse::<u32>().ok()?)));
    let (stem, number) = numbered.unwrap_or((name.as_str(), 1));
    // The longest slugs have no room for a number; the hash of one has.
    Slug::parse(format!("{stem}-{}", number.saturating_add(1)))
        .or_else(|_| Slug::parse(hash::hex(name.as_str().as_bytes(), 8)))
        .unwrap_or_else(|_| name.clone())
}

/// What a post keeps when its file no longer says it: its name in feeds and the addresses that it ever had.
fn inherit(file: &mut PostFile, before: &PostFile) {
    let uid = file.id.clone().unwrap_or_else(|| before.uid().clone());
    file.id = Some(uid).filter(|uid| *uid != file.slug);
    file.redirect_from.extend(before.redirect_from.iter().cloned());
    let was = posts::path(before.published, &before.slug);
    let is = posts::path(file.published, &file.slug);
    file.redirect_from.push(was);
    file.redirect_from.retain(|path| *path != is);
    file.redirect_from.sort();
    file.redirect_from.dedup();
}

/// The names of topics, authors and commitments that posts may use.
#[derive(Default)]
pub struct Known {
    documents: HashSet<(Kind, Slug)>,
    commitments: HashSet<CommitmentName>,
}

impl Known {
    /// Those of a folder.
    pub fn of(content: &Content) -> Self {
        let documents = content.documents.iter().map(|document| (document.kind, document.slug.clone())).collect();
        let name = |plan: &PlanFile, slug: &Slug| CommitmentName { year: plan.year, slug: slug.clone() };
        let of_plan = |plan: &PlanFile| -> Vec<CommitmentName> {
            plan.areas.iter().flat_map(|area| &area.commitments).map(|it| name(plan, &it.slug)).collect()
        };
        Self { documents, commitments: content.plans.iter().flat_map(of_plan).collect() }
    }

    /// The same with those of files that have `mistakes`: who names them is right to.
    pub fn with_broken(mut self, content: &Content, dir: &Path, mistakes: &[FileMistake]) -> Self {
        for FileMistake { file, .. } in mistakes {
            let Ok(path) = file.strip_prefix(dir) else { continue };
            let folder = path.parent().and_then(Path::to_str).unwrap_or_default();
            let file = path.file_name().and_then(OsStr::to_str).unwrap_or_default();
            let name = file.split('.').next().unwrap_or_default();
            if let Some(kind) = Kind::ALL.into_iter().find(|kind| kind.name() == folder) {
                self.documents.extend(Slug::parse(name).ok().map(|slug| (kind, slug)));
            }
            if let Some(year) = PlanYear::parse(name).filter(|_| folder == "plan") {
                let named = content.posts.iter().flat_map(|post| &post.file.reports_on);
                self.commitments.extend(named.filter(|it| it.year == year).cloned());
            }
        }
        self
    }

    async fn with_store(content: &Content, tx: &mut Tx) -> sqlx::Result<Self> {
        let mut known = Self::of(content);
        for kind in Kind::ALL {
            known.documents.extend(documents::store::names(tx, kind).await?.into_iter().map(|slug| (kind, slug)));
        }
        let commitments = plan::store::commitments(tx).await?.into_iter();
        known.commitments.extend(commitments.map(|(year, slug)| CommitmentName { year, slug }));
        Ok(known)
    }
}

/// Writes everything that is in the store into the folder `dir`, in the form that `import` reads, and gives the number of
/// posts, plans and documents.
pub async fn export(db: &Db, dir: &Path) -> Result<usize, Error> {
    let mut tx = db.begin_read().await?;
    let mut written = 0;
    for slug in posts::write::names(&mut tx).await? {
        let Some(mut post) = posts::write::stored_post(&mut tx, &slug).await? else { continue };
        // What a post was called before may be what another is called now. The store knows both; files can only say the second.
        post.file.redirect_from = posts::write::free(&mut tx, post.file.redirect_from).await?;
        let folder = dir.join("posts").join(slug.as_str());
        write(&folder.join("index.md"), post.file.format().as_bytes())?;
        for translation in &post.file.translations {
            write(&folder.join(format!("index.{}.md", translation.lang)), translation.format().as_bytes())?;
        }
        let beside = post.file.picture.as_ref().map(|picture| &picture.file).zip(post.pictures.beside.as_ref());
        for (name, hash) in beside.into_iter().chain(&post.pictures.in_text) {
            if let Some(bytes) = media::store::bytes(&mut tx, hash).await? {
                write(&folder.join(name), &bytes)?;
            }
        }
        written += 1;
    }
    for mut removed in posts::write::removed(&mut tx).await? {
        removed.redirect_from = posts::write::free(&mut tx, removed.redirect_from).await?;
        write(&dir.join("posts").join(removed.slug.as_str()).join("index.md"), removed.format().as_bytes())?;
    }
    for kind in Kind::ALL {
        for slug in documents::store::names(&mut tx, kind).await? {
            let Some(document) = documents::store::file(&mut tx, kind, &slug).await? else { continue };
            let folder = dir.join(kind.name());
            write(&folder.join(format!("{slug}.md")), document.format().as_bytes())?;
            for translation in &document.translations {
                write(&folder.join(format!("{slug}.{}.md", translation.lang)), translation.format().as_bytes())?;
            }
            written += 1;
        }
    }
    let years: BTreeSet<PlanYear> =
        plan::store::commitments(&mut tx).await?.into_iter().map(|(year, _)| year).collect();
    for year in years {
        let Some(plan) = plan::store::file(&mut tx, Some(year)).await? else { continue };
        write(&dir.join("plan").join(format!("{year}.md")), plan.format().as_bytes())?;
        for translation in &plan.translations {
            write(&dir.join("plan").join(format!("{year}.{}.md", translation.lang)), translation.format().as_bytes())?;
        }
        written += 1;
    }
    Ok(written)
}

/// Whether `dir` is a folder with content in it; an error where that cannot be seen.
pub fn is_content(dir: &Path) -> Result<bool, Error> {
    let has = |name: &str| match fs::metadata(dir.join(name)) {
        Ok(there) => Ok(there.is_dir()),
        Err(error) if matches!(error.kind(), io::ErrorKind::NotFound | io::ErrorKind::NotADirectory) => Ok(false),
        Err(error) => Err(Error::Io(dir.to_owned(), error)),
    };
    for name in ["posts", "plan"].into_iter().chain(Kind::ALL.map(Kind::name)) {
        if has(name)? {
            return Ok(true);
        }
    }
    Ok(false)
}

fn write(file: &Path, bytes: &[u8]) -> Result<(), Error> {
    let failed = |error| Error::Io(file.to_owned(), error);
    fs::create_dir_all(file.parent().unwrap_or(file)).map_err(failed)?;
    fs::write(file, bytes).map_err(failed)
}

impl Imported {
    /// Tells the log which pictures cannot be shown.
    pub fn warn(&self) {
        for mistake in &self.broken {
            tracing::warn!("{mistake}; the post is shown without it");
        }
    }

    /// Counts what becomes of one thing, and tells whether it has to be stored.
    fn count<T: PartialEq>(&mut self, before: Option<&T>, after: &T) -> bool {
        match before {
            None => self.added += 1,
            Some(before) if before == after => {
                self.unchanged += 1;
                return false;
            }
            Some(_) => self.changed += 1,
        }
        true
    }
}

#[cfg(test)]
mod tests {
    use super::{
        read::{entries, file_name},
        *,
    };
    use crate::{
        i18n::{Lang, testing::*},
        posts::store::{Moved, by_slug, moved},
        server::db::testing::each_engine,
    };
    use std::collections::BTreeMap;

    fn shipped() -> &'static Path {
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/content"))
    }

    #[test]
    fn a_mistake_is_one_line_whatever_its_file_is_called() {
        let mistake = FileMistake { file: "posts/\u{1b}]0;x\u{7}\n/index.md".into(), mistake: Mistake::at(3, "wrong") };
        assert_eq!(mistake.to_string(), r"posts/\u{1b}]0;x\u{7}\n/index.md:3: wrong");
    }

    /// A copy of the shipped content to make mistakes in.
    fn copy() -> tempfile::TempDir {
        let dir = tempfile::tempdir().expect("a folder");
        for (name, bytes) in files(shipped()) {
            write(&dir.path().join(name), &bytes).expect("writable");
        }
        dir
    }

    /// All files below `dir`, by their names from there.
    fn files(dir: &Path) -> BTreeMap<PathBuf, Vec<u8>> {
        let mut files = BTreeMap::new();
        for path in entries(dir).expect("readable") {
            let name = PathBuf::from(file_name(&path));
            if path.is_dir() {
                files.extend(super::tests::files(&path).into_iter().map(|(below, bytes)| (name.join(below), bytes)));
            } else {
                files.insert(name, fs::read(&path).expect("readable"));
            }
        }
        files
    }

    fn slug(text: &str) -> Slug {
        Slug::parse(text).expect("a slug")
    }

    fn told(imported: Result<Imported, Error>) -> Vec<String> {
        let Err(Error::Mistakes(mistakes)) = imported else { panic!("expected mistakes") };
        mistakes.iter().map(ToString::to_string).collect()
    }

    const POST: &str = "we-testified-because-the-internet-needs-a-voice";

    fn edit(dir: &Path, name: &str, from: &str, to: &str) {
        let file = dir.join(name);
        let text = fs::read_to_string(&file).expect("a file");
        assert!(text.contains(from), "{name} has no {from}");
        write(&file, text.replace(from, to).as_bytes()).expect("written");
    }

    #[tokio::test]
    async fn an_export_has_the_same_files_and_importing_it_changes_nothing() {
        let mut shipped_files = files(shipped());
        shipped_files.remove(Path::new("README.md"));
        for db in each_engine().await {
            let first = import(&db, shipped()).await.expect("imported");
            let dir = tempfile::tempdir().expect("a folder");
            assert_eq!(export(&db, dir.path()).await.expect("exported"), first.added, "{db:?}");
            let exported = files(dir.path());
            assert_eq!(exported.keys().collect::<Vec<_>>(), shipped_files.keys().collect::<Vec<_>>());
            for (name, bytes) in &exported {
                assert!(shipped_files[name] == *bytes, "{} differs", name.display());
            }
            let again = import(&db, dir.path()).await.expect("imported");
            assert_eq!(again, Imported { unchanged: first.added, ..Default::default() });
        }
    }

    #[tokio::test]
    async fn one_mistake_keeps_everything_out_and_all_mistakes_are_told() {
        let dir = copy();
        edit(dir.path(), &format!("posts/{POST}/index.md"), "  alt: \"US Capitol Building\"\n", "");
        let text = fs::read(dir.path().join(format!("posts/{POST}/index.md"))).expect("a post");
        write(&dir.path().join("posts/Bad Name/index.md"), &text).expect("written");
        write(&dir.path().join("plan/next.md"), b"---\n---\n").expect("written");
        edit(dir.path(), "topics/access.fr.md", "made_from", "made");
        for db in each_engine().await {
            let told = told(import(&db, dir.path()).await);
            assert_eq!(told.len(), 5, "{told:#?}");
            assert!(told[0].contains("Bad Name/index.md:1: the folder's name"), "{told:#?}");
            assert!(
                told[1].contains("needs-a-voice/index.md:") && told[1].contains("`picture.alt` is missing"),
                "{told:#?}"
            );
            assert!(told[2].contains("next.md:1: expected a file with the plan's year"), "{told:#?}");
            assert!(told[3].contains("access.fr.md:1: `made_from` is missing"), "{told:#?}");
            let mut tx = db.begin().await.expect("a transaction");
            assert!(posts::write::names(&mut tx).await.expect("names").is_empty(), "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_picture_that_is_missing_or_broken_is_told_and_keeps_nothing_else_out() {
        let dir = copy();
        let folder = |slug: &str| dir.path().join("posts").join(slug);
        fs::remove_file(folder(POST).join("capitol.svg")).expect("removed");
        let other = "sanctions-can-deny-internet-access-when-people-need-it-most";
        write(&folder(other).join("notice.svg"), b"<svg").expect("written");
        for db in each_engine().await {
            let imported = import(&db, dir.path()).await.expect("imported");
            let told: Vec<String> = imported.broken.iter().map(ToString::to_string).collect();
            assert_eq!(told.len(), 2, "{told:#?}");
            assert!(told[0].contains(&format!("{other}/index.md:")), "{told:#?}");
            assert!(told[0].contains("the picture `notice.svg`: the SVG is not well-formed"), "{told:#?}");
            assert!(told[1].contains("the picture `capitol.svg`: the file cannot be read"), "{told:#?}");
            let post = by_slug(&db, Lang::DEFAULT, &slug(other)).await.expect("no error").expect("the post");
            assert_eq!(post.summary.picture, None, "{db:?}");
            // The words stay as they are, and so do the translations made from them.
            let exported = tempfile::tempdir().expect("a folder");
            export(&db, exported.path()).await.expect("exported");
            let file = Path::new("posts").join(other).join("index.md");
            assert_eq!(files(exported.path())[&file], files(dir.path())[&file]);
            let again = import(&db, dir.path()).await.expect("imported");
            assert_eq!((again.unchanged, again.pictures, again.broken.len()), (imported.added, 0, 2), "{db:?}");
            // Mended, it is shown.
            let mended = import(&db, shipped()).await.expect("imported");
            assert_eq!((mended.changed, mended.pictures, mended.broken.len()), (2, 2, 0), "{db:?}");
        }
        let mut content = read(dir.path()).expect("content");
        pictures::look(&mut content).await;
        assert_eq!(content.broken.len(), 2, "{:#?}", content.broken);
    }

    #[tokio::test]
    async fn the_same_picture_is_made_once_whatever_posts_show_it() {
        let svg = br#"<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 8 5"/>"#;
        let dir = tempfile::tempdir().expect("a folder");
        let folder = |name: &str| dir.path().join("posts").join(name);
        for (name, file) in [("one", "a.svg"), ("two", "b.svg")] {
            let text = format!(
                "---\ntitle: \"T\"\nsummary: \"S\"\npublished: 2023-01-01\npicture:\n  file: \"{file}\"\n  alt: \"x\"\n  focus: \"10% 90%\"\n---\n\n![x]({file})\n"
            );
            write(&folder(name).join("index.md"), text.as_bytes()).expect("written");
            write(&folder(name).join(file), svg).expect("written");
        }
        for db in each_engine().await {
            let imported = import(&db, dir.path()).await.expect("imported");
            assert_eq!((imported.added, imported.pictures), (2, 1), "{db:?}");
            let again = import(&db, dir.path()).await.expect("imported");
            assert_eq!(again, Imported { unchanged: 2, ..Default::default() });
            let one = by_slug(&db, Lang::DEFAULT, &slug("one")).await.expect("no error").expect("the post");
            let two = by_slug(&db, Lang::DEFAULT, &slug("two")).await.expect("no error").expect("the post");
            let picture = |post: &posts::Post| post.summary.picture.clone().expect("a picture");
            assert_eq!(picture(&one).made, picture(&two).made);
            assert_eq!(picture(&one).focus, media::Focus::parse("10% 90%"));
            assert!(one.html.contains(&picture(&one).path()), "{}", one.html);
        }
    }

    #[tokio::test]
    async fn a_picture_in_the_text_needs_words_and_a_file_of_its_own() {
        let dir = copy();
        let more = "\n\n![](/etc/passwd)\n\n![A map](map.svg)\n\n## What twenty-six words do";
        edit(dir.path(), &format!("posts/{POST}/index.md"), "\n\n## What twenty-six words do", more);
        let Err(Error::Mistakes(mistakes)) = read(dir.path()) else { panic!("expected mistakes") };
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        assert_eq!(told.len(), 3, "{told:#?}");
        let text = fs::read_to_string(dir.path().join(format!("posts/{POST}/index.md"))).expect("a post");
        let line = 1 + text.lines().position(|line| line.contains("passwd")).expect("a line");
        assert!(told[0].contains(&format!("index.md:{line}: the picture `/etc/passwd`")), "{told:#?}");
        assert!(told[1].contains(&format!("index.md:{line}: the picture has no text alternative")), "{told:#?}");
        // What alone would keep nothing out is told with the rest.
        assert!(told[2].contains("the picture `map.svg`: the file cannot be read"), "{told:#?}");
    }

    #[tokio::test]
    async fn names_that_nobody_knows_are_mistakes_unless_the_store_knows_them() {
        let dir = copy();
        let file = format!("posts/{POST}/index.md");
        edit(dir.path(), &file, "topics: [\"", "topics: [\"zebras\", \"");
        edit(dir.path(), &file, "author: \"policy-desk\"", "author: \"nobody\"");
        for db in each_engine().await {
            let told = told(import(&db, dir.path()).await);
            assert_eq!(told.len(), 2, "{told:#?}");
            assert!(told[0].contains("`nobody` is not one of the authors"), "{told:#?}");
            assert!(told[1].contains("`zebras` is not one of the topics"), "{told:#?}");
            // A folder of posts alone names what is in the store.
            let posts = tempfile::tempdir().expect("a folder");
            for (name, bytes) in files(&shipped().join("posts")) {
                write(&posts.path().join("posts").join(name), &bytes).expect("written");
            }
            assert!(import(&db, posts.path()).await.is_err());
            import(&db, shipped()).await.expect("imported");
            assert_eq!(import(&db, posts.path()).await.expect("imported").unchanged, 8, "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_changed_file_is_counted_and_shown() {
        let dir = copy();
        edit(dir.path(), "plan/2023.md", "value: 23", "value: 24");
        for db in each_engine().await {
            let first = import(&db, shipped()).await.expect("imported");
            let imported = import(&db, dir.path()).await.expect("imported");
            assert_eq!(imported, Imported { changed: 1, unchanged: first.added - 1, ..Default::default() }, "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_post_whose_folder_has_another_name_keeps_its_old_address_and_its_name_in_feeds() {
        let dir = copy();
        fs::rename(dir.path().join("posts").join(POST), dir.path().join("posts/we-testified")).expect("renamed");
        for db in each_engine().await {
            let first = import(&db, shipped()).await.expect("imported");
            let imported = import(&db, dir.path()).await.expect("imported");
            assert_eq!((imported.changed, imported.unchanged), (1, first.added - 1), "{db:?}");
            assert!(by_slug(&db, Lang::DEFAULT, &slug(POST)).await.expect("no error").is_none());
            let post = by_slug(&db, Lang::DEFAULT, &slug("we-testified")).await.expect("no error").expect("the post");
            assert_eq!(post.summary.uid, slug(POST));
            let to = moved(&db, &format!("/blog/2023/03/{POST}/")).await.expect("no error");
            assert_eq!(to, Some(Moved::To("/blog/2023/03/we-testified/".into())));
            // The file says nothing of the old name, and still nothing is lost, nor anything changed.
            let again = import(&db, dir.path()).await.expect("imported");
            assert_eq!(again, Imported { unchanged: first.added, ..Default::default() });
            let exported = tempfile::tempdir().expect("a folder");
            export(&db, exported.path()).await.expect("exported");
            let text = fs::read_to_string(exported.path().join("posts/we-testified/index.md")).expect("a post");
            assert!(text.contains(&format!("id: \"{POST}\"")), "{text}");
            assert!(text.contains(&format!("redirect_from: [\"/blog/2023/03/{POST}/\"]")), "{text}");
        }
    }

    #[tokio::test]
    async fn two_posts_may_exchange_their_names_and_a_free_name_may_be_used_again() {
        let folder = |posts: &[(&str, &str)]| {
            let dir = tempfile::tempdir().expect("a folder");
            for (name, body) in posts {
                let text = format!("---\ntitle: \"T\"\nsummary: \"S\"\npublished: 2023-01-01\n---\n\n{body}\n");
                write(&dir.path().join(format!("posts/{name}/index.md")), text.as_bytes()).expect("written");
            }
            dir
        };
        for db in each_engine().await {
            let uid = async |name| {
                let post = by_slug(&db, Lang::DEFAULT, &slug(name)).await.expect("no error").expect("the post");
                post.summary.uid.to_string()
            };
            import(&db, folder(&[("a", "One."), ("b", "Two.")]).path()).await.expect("imported");
            import(&db, folder(&[("a", "Two."), ("b", "One.")]).path()).await.expect("imported");
            assert_eq!((uid("a").await.as_str(), uid("b").await.as_str()), ("b", "a"), "{db:?}");
            import(&db, folder(&[("c", "Two."), ("b", "One.")]).path()).await.expect("imported");
            // `a` is free, but feeds know another post by that name.
            import(&db, folder(&[("a", "New.")]).path()).await.expect("imported");
            assert_eq!((uid("a").await.as_str(), uid("b").await.as_str()), ("a-2", "a"), "{db:?}");
            let again = import(&db, folder(&[("a", "New."), ("b", "One."), ("c", "Two.")]).path()).await;
            assert_eq!(again.expect("imported").unchanged, 3, "{db:?}");
            // What goes out comes in again, here and into a new store.
            let dir = tempfile::tempdir().expect("a folder");
            export(&db, dir.path()).await.expect("exported");
            assert_eq!(import(&db, dir.path()).await.expect("imported").unchanged, 3, "{db:?}");
            for new in each_engine().await {
                assert_eq!(import(&new, dir.path()).await.expect("imported").added, 3, "{db:?}");
            }
        }
    }

    #[tokio::test]
    async fn an_address_that_had_another_month_and_another_name_still_leads_on() {
        for db in each_engine().await {
            let dir = copy();
            let old = format!("posts/{POST}");
            import(&db, shipped()).await.expect("imported");
            edit(dir.path(), &format!("{old}/index.md"), "published: 2023-03-14", "published: 2023-02-14");
            import(&db, dir.path()).await.expect("imported");
            fs::rename(dir.path().join(&old), dir.path().join("posts/new")).expect("renamed");
            import(&db, dir.path()).await.expect("imported");
            for month in ["02", "03"] {
                let to = moved(&db, &format!("/blog/2023/{month}/{POST}/")).await.expect("no error");
                assert_eq!(to, Some(Moved::To("/blog/2023/02/new/".into())), "{db:?}");
            }
        }
    }

    #[tokio::test]
    async fn what_contradicts_itself_is_a_mistake() {
        let dir = copy();
        let other = "sanctions-can-deny-internet-access-when-people-need-it-most";
        for name in [POST, other] {
            let file = format!("posts/{name}/index.md");
            edit(dir.path(), &file, "author:", "id: \"same\"\nauthor:");
            let to = format!("redirect_from: [\"/old/\", \"/blog/2023/03/{POST}/\"]\npicture:");
            edit(dir.path(), &file, "picture:", &to);
        }
        write(&dir.path().join("pages/abuot.fr.md"), b"---\n---\n").expect("written");
        let french = fs::read(dir.path().join("pages/about.fr.md")).expect("a page");
        write(&dir.path().join("pages/about.en.md"), &french).expect("written");
        edit(dir.path(), "topics/access.fr.md", "made_from", "picture_alt: \"x\"\nmade_from");
        edit(dir.path(), "plan/2023.md", "\n---\n\n", "\n---\n\n![A map](map.svg)\n\n");
        let Err(Error::Mistakes(mistakes)) = read(dir.path()) else { panic!("expected mistakes") };
        let told: Vec<String> = mistakes.iter().map(ToString::to_string).collect();
        for (file, what) in [
            (POST, "`id` is `same`, as in"),
            (POST, "`/old/` leads to another post as well"),
            (other, "is the address of another post"),
            ("abuot.fr.md", "there is no original"),
            ("about.en.md", "the language of the original"),
            ("access.fr.md", "`picture_alt`"),
            ("2023.md", "pictures are shown in posts only"),
        ] {
            assert!(told.iter().any(|it| it.contains(file) && it.contains(what)), "{file}: {what} in {told:#?}");
        }
    }

    #[tokio::test]
    async fn a_removed_post_is_gone_and_its_addresses_say_so() {
        let dir = copy();
        let file = format!("posts/{POST}/index.md");
        edit(dir.path(), &file, "picture:", "redirect_from: [\"/2023/testified\"]\npicture:");
        for db in each_engine().await {
            import(&db, dir.path()).await.expect("imported");
            let only = tempfile::tempdir().expect("a folder");
            write(&only.path().join(&file), b"---\nremoved: 2024-01-05\n---\n").expect("written");
            assert_eq!(import(&db, only.path()).await.expect("imported").changed, 1, "{db:?}");
            assert_eq!(import(&db, only.path()).await.expect("imported").changed, 0);
            for path in [format!("/blog/2023/03/{POST}/"), "/2023/testified".to_owned()] {
                assert_eq!(moved(&db, &path).await.expect("no error"), Some(Moved::Removed), "{path}");
            }
            assert_eq!(moved(&db, "/blog/2023/03/another/").await.expect("no error"), None);
            let exported = tempfile::tempdir().expect("a folder");
            export(&db, exported.path()).await.expect("exported");
            let text = b"---\nremoved: 2024-01-05\nredirect_from: [\"/2023/testified\"]\n---\n";
            assert_eq!(files(exported.path())[Path::new(&file)], text);
            // It may come back.
            import(&db, dir.path()).await.expect("imported");
            assert!(by_slug(&db, FR, &slug(POST)).await.expect("no error").is_some());
        }
    }

    #[tokio::test]
    async fn what_is_missing_or_stale_is_noted() {
        let dir = copy();
        assert!(read(dir.path()).expect("content").translation_notes().iter().all(|note| !note.contains("stale")));
        edit(dir.path(), &format!("posts/{POST}/index.md"), "On March 8", "On the 8th of March");
        fs::remove_file(dir.path().join("pages/about.ar.md")).expect("removed");
        let notes = read(dir.path()).expect("content").translation_notes();
        let has = |start: &str| notes.iter().any(|note| note.starts_with(start));
        assert!(has(&format!("posts/{POST} in fr: stale")), "{notes:#?}");
        assert!(has("pages/about in ar: missing"), "{notes:#?}");
        assert!(!has("pages/about in fr"), "{notes:#?}");
    }

    #[tokio::test]
    async fn a_folder_without_content_is_refused() {
        let dir = tempfile::tempdir().expect("a folder");
        let error = read(dir.path()).expect_err("refused").to_string();
        assert!(error.contains("expected a folder with `posts/`, `plan/`"), "{error}");
    }
}
