//! A content folder, read and checked: every file with a mistake is told, with all of its mistakes.

use super::{Error, FileMistake, Known, front_matter::Mistake, is_content, markdown, translation::Translation};
use crate::{
    documents::{Kind, file::DocumentFile},
    i18n::Lang,
    media::{
        Alt,
        file::{self as picture_file, PictureSource},
    },
    plan::{PlanYear, file::PlanFile, translation::PlanTranslation},
    posts::{
        self, Slug,
        file::{PostFile, PostFolder, RemovedPost, is_own_file},
    },
};
use std::{
    collections::{BTreeMap, HashMap},
    fs, io,
    path::{Path, PathBuf},
};

/// Everything in a content folder.
#[derive(Debug, Default)]
pub struct Content {
    /// The posts, oldest first.
    pub posts: Vec<PostWithPictures>,
    /// The posts that were removed.
    pub removed: Vec<RemovedPost>,
    /// The plans.
    pub plans: Vec<PlanFile>,
    /// Topics, authors and pages.
    pub documents: Vec<DocumentFile>,
    /// Translations into languages that the site does not speak.
    pub left_out: Vec<PathBuf>,
    /// Pictures that cannot be shown; their posts go without them.
    pub broken: Vec<FileMistake>,
}

/// A post with the pictures in its folder.
#[derive(Debug)]
pub struct PostWithPictures {
    /// The post.
    pub file: PostFile,
    /// The picture beside its headline.
    pub beside: Option<NamedPicture>,
    /// Those in its text, by their file names.
    pub in_text: BTreeMap<String, NamedPicture>,
}

/// A picture file, and where a post names it.
#[derive(Debug)]
pub struct NamedPicture {
    /// The file.
    pub source: PictureSource,
    /// Its name.
    pub name: String,
    /// The file that names it.
    pub named_in: PathBuf,
    /// The line there.
    pub line: usize,
}

/// Reads the folder `dir` and checks each file in it; on mistakes, gives all of them.
pub fn read(dir: &Path) -> Result<Content, Error> {
    let (mut content, mut mistakes) = look(dir)?;
    if mistakes.is_empty() {
        return Ok(content);
    }
    mistakes.append(&mut content.broken);
    Err(Error::Mistakes(mistakes))
}

/// Everything in the folder `dir` that has no mistake, and the mistakes of the rest.
pub fn look(dir: &Path) -> Result<(Content, Vec<FileMistake>), Error> {
    if !is_content(dir)? {
        let error =
            io::Error::other("expected a folder with `posts/`, `plan/`, `topics/`, `authors/` or `pages/` in it");
        return Err(Error::Io(dir.to_owned(), error));
    }
    let mut reader = Reader::default();
    let mut content = Content::default();
    for folder in entries(&dir.join("posts"))? {
        reader.post(&folder, &mut content)?;
    }
    for file in reader.originals(&dir.join("plan"))? {
        content.plans.extend(reader.plan(&file)?);
    }
    for kind in Kind::ALL {
        for file in reader.originals(&dir.join(kind.name()))? {
            content.documents.extend(reader.document(kind, &file)?);
        }
    }
    reader.contradictions(dir, &content.posts);
    content.broken = reader.broken;
    content.left_out = reader.left_out;
    // Posts of the same moment keep the order of their arrival, so the oldest comes in first.
    content.posts.sort_by(|a, b| (a.file.published, &a.file.slug).cmp(&(b.file.published, &b.file.slug)));
    Ok((content, reader.mistakes))
}

impl Content {
    /// The topics, authors and commitments that posts name and nobody knows.
    pub fn unknown_names(&self, dir: &Path, known: &Known) -> Vec<FileMistake> {
        let mut mistakes = Vec::new();
        for PostWithPictures { file: post, .. } in &self.posts {
            let mut tell = |key: &str, what: String| mistakes.push(mistake_at_key(dir, &post.slug, key, what));
            for (kind, key, slug) in post
                .author
                .iter()
                .map(|slug| (Kind::Author, "author:", slug))
                .chain(post.topics.iter().map(|slug| (Kind::Topic, "topics:", slug)))
            {
                if !known.documents.contains(&(kind, slug.clone())) {
                    let name = kind.name();
                    tell(key, format!("`{slug}` is not one of the {name}: expected a file {name}/{slug}.md"));
                }
            }
            for name in &post.reports_on {
                if !known.commitments.contains(name) {
                    tell(
                        "reports_on:",
                        format!("`{name}` is not a commitment: there is none of that name in that year"),
                    );
                }
            }
        }
        mistakes
    }

    /// What readers of other languages do not get, or get from an earlier original: a line for each.
    pub fn translation_notes(&self) -> Vec<String> {
        let mut notes = Vec::new();
        let mut note = |name: String, original: Lang, has: &dyn Fn(Lang) -> Has| {
            for lang in Lang::all().filter(|lang| *lang != original) {
                let what = match has(lang) {
                    Has::Present => continue,
                    Has::Stale { present } => format!("stale: the original is now `made_from: \"{present}\"`"),
                    Has::Head => "only title and summary are translated".to_owned(),
                    Has::Nothing { present } => format!("missing: the original is `made_from: \"{present}\"`"),
                };
                notes.push(format!("{name} in {lang}: {what}"));
            }
        };
        for PostWithPictures { file, .. } in &self.posts {
            let revision = |with_body| file.revision(with_body);
            note(format!("posts/{}", file.slug), file.lang, &|lang| {
                Has::of(file.translations.iter().find(|it| it.lang == lang), true, &revision)
            });
        }
        for file in &self.documents {
            let revision = |with_body| file.revision(with_body);
            note(format!("{}/{}", file.kind.name(), file.slug), file.lang, &|lang| {
                Has::of(file.translations.iter().find(|it| it.lang == lang), !file.body.is_empty(), &revision)
            });
        }
        for file in &self.plans {
            note(format!("plan/{}", file.year), file.lang, &|lang| {
                let translation = file.translations.iter().find(|it| it.lang == lang);
                let Some(it) = translation else { return Has::Nothing { present: file.revision(true) } };
                Has::one(it.rest.is_some(), true, &it.made_from, &|whole| file.revision(whole))
            });
        }
        notes
    }
}

/// What a language has of a post, plan or document.
enum Has {
    Present,
    Stale { present: String },
    Head,
    Nothing { present: String },
}

impl Has {
    fn of(translation: Option<&Translation>, with_body: bool, revision: &dyn Fn(bool) -> String) -> Self {
        match translation {
            Some(it) => Self::one(it.body.is_some(), with_body, &it.made_from, revision),
            None => Self::Nothing { present: revision(with_body) },
        }
    }

    fn one(has_body: bool, wants_body: bool, made_from: &str, revision: &dyn Fn(bool) -> String) -> Self {
        let present = revision(has_body);
        match made_from {
            from if from != present => Self::Stale { present },
            _ if wants_body && !has_body => Self::Head,
            _ => Self::Present,
        }
    }
}

/// Reads files one by one and collects their mistakes; a file that has one gives nothing.
#[derive(Default)]
struct Reader {
    mistakes: Vec<FileMistake>,
    broken: Vec<FileMistake>,
    left_out: Vec<PathBuf>,
}

impl Reader {
    fn post(&mut self, folder: &Path, content: &mut Content) -> Result<(), Error> {
        let file = folder.join("index.md");
        if folder.is_dir() {
            self.originals(folder)?;
        }
        if !file.is_file() {
            let what = "expected a folder with the post's slug as its name and the file `index.md` in it";
            self.tell(&file, Mistake::at(1, what));
            return Ok(());
        }
        let slug = match Slug::parse(file_name(folder)) {
            Ok(slug) => slug,
            Err(error) => {
                self.tell(&file, Mistake::at(1, format!("the folder's name: {error}")));
                return Ok(());
            }
        };
        let Some(text) = self.text(&file) else { return Ok(()) };
        let mut post = match self.parsed(&file, PostFolder::parse(slug, &text)) {
            Some(PostFolder::Post(post)) => *post,
            Some(PostFolder::Removed(removed)) => {
                content.removed.push(removed);
                return Ok(());
            }
            None => return Ok(()),
        };
        let before = self.mistakes.len();
        for (lang, file) in self.translations(&file, post.lang)? {
            let Some(text) = self.text(&file) else { continue };
            let Some(translation) = self.parsed(&file, Translation::parse(lang, &text)) else { continue };
            let has_words = post.picture.as_ref().is_some_and(|picture| matches!(picture.alt, Alt::Text(_)));
            if has_words != translation.picture_alt.is_some() {
                let what = if has_words {
                    "`picture_alt` is missing: say in this language what the picture shows"
                } else {
                    "`picture_alt` is too much: the original has no picture, or a decorative one"
                };
                self.tell(&file, Mistake::at(1, what));
            }
            if let Some(body) = &translation.body {
                self.pictures_named(&file, &text, body);
            }
            post.translations.push(translation);
        }
        self.pictures_named(&file, &text, &post.body);
        let beside = post.picture.as_ref().and_then(|picture| {
            let line = 1 + text.lines().position(|line| line.trim_start().starts_with("file:")).unwrap_or(0);
            self.picture(folder, &picture.file, &file, line)
        });
        let mut in_text = BTreeMap::new();
        for name in post.pictures_in_text().into_iter().filter(|name| is_own_file(name)) {
            let line = 1 + text.lines().position(|line| line.contains(&name)).unwrap_or(0);
            in_text.extend(self.picture(folder, &name, &file, line).map(|picture| (name, picture)));
        }
        if self.mistakes.len() == before {
            content.posts.push(PostWithPictures { file: post, beside, in_text });
        }
        Ok(())
    }

    /// Tells what is wrong with how a text, the end of `whole`, names its pictures.
    fn pictures_named(&mut self, file: &Path, whole: &str, body: &str) {
        for mention in markdown::pictures(body) {
            let line = line_in_file(whole, body, mention.line);
            if !is_own_file(&mention.file) {
                let what =
                    format!("the picture `{}`: expected the name of a file in the post's own folder", mention.file);
                self.tell(file, Mistake::at(line, what));
            }
            if mention.alt.trim().is_empty() {
                let what = "the picture has no text alternative: say what it shows, `![a map](map.svg)`, or `![decorative](map.svg)`";
                self.tell(file, Mistake::at(line, what));
            }
        }
    }

    /// Tells the pictures in a text that shows none.
    fn no_pictures(&mut self, file: &Path, whole: &str, body: &str) {
        for mention in markdown::pictures(body) {
            let line = line_in_file(whole, body, mention.line);
            self.tell(file, Mistake::at(line, "a picture in the text: pictures are shown in posts only"));
        }
    }

    /// The picture `name` beside a post, which names it in `file`; one that cannot be shown is noted.
    fn picture(&mut self, folder: &Path, name: &str, file: &Path, line: usize) -> Option<NamedPicture> {
        match picture_file::find(folder.join(name)) {
            Ok(source) => Some(NamedPicture { source, name: name.to_owned(), named_in: file.to_owned(), line }),
            Err(what) => {
                let mistake = Mistake::at(line, format!("the picture `{name}`: {what}"));
                self.broken.push(FileMistake { file: file.to_owned(), mistake });
                None
            }
        }
    }

    /// Tells where two posts want the same name in feeds or the same address.
    fn contradictions(&mut self, dir: &Path, posts: &[PostWithPictures]) {
        let mut ids: HashMap<&Slug, &Slug> = HashMap::new();
        let mut addresses: HashMap<&str, &Slug> = HashMap::new();
        let own: HashMap<String, &Slug> =
            posts.iter().map(|post| (posts::path(post.file.published, &post.file.slug), &post.file.slug)).collect();
        for PostWithPictures { file: post, .. } in posts {
            let mut tell = |key: &str, what: String| self.mistakes.push(mistake_at_key(dir, &post.slug, key, what));
            if let Some(id) = &post.id
                && let Some(other) = ids.insert(id, &post.slug)
            {
                tell("id:", format!("`id` is `{id}`, as in the post `{other}`"));
            }
            for path in &post.redirect_from {
                let wrong = match (addresses.insert(path, &post.slug), own.get(path)) {
                    (_, Some(other)) if **other != post.slug => {
                        format!("`{path}` is the address of another post, `{other}`")
                    }
                    (Some(other), _) => format!("`{path}` leads to another post as well, `{other}`"),
                    _ => continue,
                };
                tell("redirect_from:", wrong);
            }
        }
    }

    fn plan(&mut self, file: &Path) -> Result<Option<PlanFile>, Error> {
        let Some(year) = file_name(file).strip_suffix(".md").and_then(PlanYear::parse) else {
            self.tell(file, Mistake::at(1, "expected a file with the plan's year as its name, such as `2023.md`"));
            return Ok(None);
        };
        let Some(text) = self.text(file) else { return Ok(None) };
        let Some(mut plan) = self.parsed(file, PlanFile::parse(year, &text)) else { return Ok(None) };
        self.no_pictures(file, &text, &plan.body);
        for (lang, file) in self.translations(file, plan.lang)? {
            let Some(text) = self.text(&file) else { continue };
            let translation = PlanTranslation::parse(lang, &plan, &text);
            plan.translations.extend(self.parsed(&file, translation));
        }
        Ok(Some(plan))
    }

    fn document(&mut self, kind: Kind, file: &Path) -> Result<Option<DocumentFile>, Error> {
        let slug = match Slug::parse(file_name(file).strip_suffix(".md").unwrap_or_default()) {
            Ok(slug) => slug,
            Err(error) => {
                self.tell(file, Mistake::at(1, format!("the file's name without `.md`: {error}")));
                return Ok(None);
            }
        };
        let Some(text) = self.text(file) else { return Ok(None) };
        let Some(mut document) = self.parsed(file, DocumentFile::parse(kind, slug, &text)) else { return Ok(None) };
        self.no_pictures(file, &text, &document.body);
        for (lang, file) in self.translations(file, document.lang)? {
            let Some(text) = self.text(&file) else { continue };
            let Some(translation) = self.parsed(&file, Translation::parse(lang, &text)) else { continue };
            if translation.picture_alt.is_some() {
                self.tell(&file, Mistake::at(1, "`picture_alt` is too much: only posts have a picture"));
            }
            self.no_pictures(&file, &text, translation.body.as_deref().unwrap_or_default());
            document.translations.push(translation);
        }
        Ok(Some(document))
    }

    /// The translations beside an original in the language `own`, in the order of the languages.
    fn translations(&mut self, original: &Path, own: Lang) -> Result<Vec<(Lang, PathBuf)>, Error> {
        let Some(stem) = file_name(original).strip_suffix(".md") else { return Ok(Vec::new()) };
        let mut translations = Vec::new();
        for file in entries(original.parent().unwrap_or(original))? {
            let name = file_name(&file).strip_suffix(".md").and_then(|name| name.strip_prefix(stem)?.strip_prefix('.'));
            let Some(tag) = name else { continue };
            match Lang::parse(tag) {
                Some(lang) if lang == own => {
                    let what = "this is the language of the original: say `lang` there if it is another";
                    self.tell(&file, Mistake::at(1, what));
                }
                Some(lang) => translations.push((lang, file)),
                None => self.left_out.push(file),
            }
        }
        translations.sort();
        Ok(translations)
    }

    /// The originals in `dir`: files whose name without `.md` has no dot. A translation without one is told.
    fn originals(&mut self, dir: &Path) -> Result<Vec<PathBuf>, Error> {
        let is_translation =
            |file: &PathBuf| file_name(file).strip_suffix(".md").is_some_and(|stem| stem.contains('.'));
        let (translations, originals): (Vec<_>, Vec<_>) = entries(dir)?.into_iter().partition(is_translation);
        for file in translations {
            let stem = file_name(&file).split('.').next().unwrap_or_default();
            if !originals.contains(&dir.join(format!("{stem}.md"))) {
                self.tell(&file, Mistake::at(1, format!("there is no original: expected `{stem}.md` beside it")));
            }
        }
        Ok(originals)
    }

    fn text(&mut self, file: &Path) -> Option<String> {
        let bytes = fs::read(file).map_err(|error| self.tell(file, Mistake::at(1, format!("cannot be read: {error}"))));
        String::from_utf8(bytes.ok()?)
            .map_err(|error| {
                let before = &error.as_bytes()[..error.utf8_error().valid_up_to()];
                let line = 1 + before.iter().filter(|byte| **byte == b'\n').count();
                self.tell(file, Mistake::at(line, "not UTF-8: save the file with that encoding"));
            })
            .ok()
    }

    fn parsed<T>(&mut self, file: &Path, parsed: Result<T, Vec<Mistake>>) -> Option<T> {
        parsed.map_err(|found| found.into_iter().for_each(|mistake| self.tell(file, mistake))).ok()
    }

    fn tell(&mut self, file: &Path, mistake: Mistake) {
        self.mistakes.push(FileMistake { file: file.to_owned(), mistake });
    }
}

/// A mistake of a post's own file, on the line of front matter that begins with `key`.
fn mistake_at_key(dir: &Path, slug: &Slug, key: &str, what: String) -> FileMistake {
    let file = dir.join("posts").join(slug.as_str()).join("index.md");
    let text = fs::read_to_string(&file).unwrap_or_default();
    let line = 1 + text.lines().position(|line| line.starts_with(key)).unwrap_or_default();
    FileMistake { file, mistake: Mistake::at(line, what) }
}

/// The line in a file of a line in its body, which ends where the file ends.
fn line_in_file(whole: &str, body: &str, line: usize) -> usize {
    (whole.trim_end().lines().count() + line).saturating_sub(body.trim_end().lines().count())
}

/// The entries of `dir` in the order of their names, hidden ones left out; none where there is no such folder.
pub fn entries(dir: &Path) -> Result<Vec<PathBuf>, Error> {
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

/// The last part of a path; empty where it is not text.
pub fn file_name(path: &Path) -> &str {
    path.file_name().and_then(|name| name.to_str()).unwrap_or_default()
}
