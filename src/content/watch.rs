//! The developer's loop: under `cargo leptos watch`, a content file that changed is in the store before the next answer.
//!
//! cargo-leptos reloads the page when a file under `content/` changes, but restarts the server for code only.

use crate::server::db::Db;
use std::{
    fs,
    path::{Path, PathBuf},
    sync::Arc,
    time::SystemTime,
};
use tokio::sync::Mutex;

/// The content folder and when it was last brought in.
pub struct Watched {
    db: Db,
    dir: PathBuf,
    imported: Mutex<Option<SystemTime>>,
}

impl Watched {
    /// Watches `dir`; the first request brings it in.
    pub fn new(db: Db, dir: PathBuf) -> Arc<Self> {
        Arc::new(Self { db, dir, imported: Mutex::new(None) })
    }

    /// Imports the folder if a file in it has changed. Mistakes go to the log; the site goes on with what it has.
    pub async fn import_changed(&self) {
        let mut imported = self.imported.lock().await;
        let newest = newest(&self.dir);
        if newest > *imported {
            match super::import(&self.db, &self.dir).await {
                Ok(done) => {
                    done.warn();
                    tracing::info!(%done, "content changed");
                }
                Err(error) => tracing::error!("nothing imported:\n{error}"),
            }
            *imported = newest;
        }
    }
}

/// When the newest file below `dir` was changed.
fn newest(dir: &Path) -> Option<SystemTime> {
    let entries = fs::read_dir(dir).ok()?.flatten();
    entries
        .filter_map(|entry| {
            let path = entry.path();
            if path.is_dir() { newest(&path) } else { entry.metadata().ok()?.modified().ok() }
        })
        .max()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_change_below_the_folder_is_noticed() {
        let dir = tempfile::tempdir().expect("a folder");
        assert_eq!(newest(dir.path()), None);
        let file = dir.path().join("posts/one/index.md");
        fs::create_dir_all(file.parent().expect("a parent")).expect("made");
        fs::write(&file, "x").expect("written");
        let before = newest(dir.path()).expect("a time");
        let later = before + std::time::Duration::from_secs(5);
        fs::File::options().write(true).open(&file).and_then(|file| file.set_modified(later)).expect("touched");
        assert_eq!(newest(dir.path()), Some(later));
    }
}
