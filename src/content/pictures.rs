//! The pictures of a content folder: each is looked into, and its files are made where the store does not have them yet. One
//! that cannot be shown is told, and its post goes without.

use super::{
    FileMistake,
    front_matter::Mistake,
    read::{Content, NamedPicture},
};
use crate::{
    media::{file::PictureSource, make, store},
    server::db::Db,
};
use std::{
    collections::HashMap,
    panic::{AssertUnwindSafe, catch_unwind},
    thread,
};
use tokio::task::JoinSet;

/// Decodes every picture and makes nothing of it. Those that cannot be shown are then in `broken`.
pub async fn look(content: &mut Content) {
    let mut refused = HashMap::new();
    let mut looks = SideBySide::new(sources(content), make::look);
    while let Some((source, seen)) = looks.next().await {
        refused.extend(seen.err().map(|what| (source.hash, what)));
    }
    content.refuse(&refused);
}

/// Makes the files of every picture that the store does not have, and stores them. Gives their number; those that cannot be
/// shown are then in `broken`.
pub async fn make(db: &Db, content: &mut Content) -> sqlx::Result<usize> {
    let mut new = Vec::new();
    for source in sources(content) {
        if !store::is_made(db, &source).await? {
            new.push(source);
        }
    }
    let (mut refused, mut count) = (HashMap::new(), 0);
    let mut making = SideBySide::new(new, make::make);
    while let Some((source, made)) = making.next().await {
        match made {
            // One by one: an import that is broken off goes on where it was, and no more are in memory than are at work.
            Ok(picture) => {
                store::put(db, &source, &picture).await?;
                count += 1;
            }
            Err(what) => drop(refused.insert(source.hash, what)),
        }
    }
    content.refuse(&refused);
    Ok(count)
}

/// The picture files of a folder, the same bytes once.
fn sources(content: &Content) -> Vec<PictureSource> {
    let named = content.posts.iter().flat_map(|post| post.beside.iter().chain(post.in_text.values()));
    let sources: HashMap<_, _> = named.map(|it| (it.source.hash.clone(), it.source.clone())).collect();
    sources.into_values().collect()
}

/// Work on pictures, as many at a time as the machine has cores.
struct SideBySide<T> {
    waiting: std::vec::IntoIter<PictureSource>,
    working: JoinSet<(PictureSource, Result<T, String>)>,
    work: fn(&PictureSource) -> Result<T, String>,
}

impl<T: Send + 'static> SideBySide<T> {
    fn new(sources: Vec<PictureSource>, work: fn(&PictureSource) -> Result<T, String>) -> Self {
        Self { waiting: sources.into_iter(), working: JoinSet::new(), work }
    }

    /// The next picture that is done, in no order; a panic in the work on it is a sentence as well.
    async fn next(&mut self) -> Option<(PictureSource, Result<T, String>)> {
        let cores = thread::available_parallelism().map_or(1, usize::from);
        while self.working.len() < cores
            && let Some(source) = self.waiting.next()
        {
            let work = self.work;
            self.working.spawn_blocking(move || {
                let result = catch_unwind(AssertUnwindSafe(|| work(&source)));
                let failed = || Err("no files for pages can be made of it: save it in another format".to_owned());
                (source, result.unwrap_or_else(|_| failed()))
            });
        }
        self.working.join_next().await?.ok()
    }
}

impl Content {
    /// Takes pictures out of the posts that name them, by their hashes, and notes for each why.
    fn refuse(&mut self, refused: &HashMap<String, String>) {
        let broken = &mut self.broken;
        let mut is_shown = |picture: &NamedPicture| {
            let Some(what) = refused.get(&picture.source.hash) else { return true };
            broken.push(picture.mistake(what));
            false
        };
        for post in &mut self.posts {
            post.beside.take_if(|picture| !is_shown(picture));
            post.in_text.retain(|_, picture| is_shown(picture));
        }
        self.broken.sort_by(|a, b| (&a.file, a.mistake.line).cmp(&(&b.file, b.mistake.line)));
    }
}

impl NamedPicture {
    fn mistake(&self, what: &str) -> FileMistake {
        let what = format!("the picture `{}`: {what}", self.name);
        FileMistake { file: self.named_in.clone(), mistake: Mistake::at(self.line, what) }
    }
}
