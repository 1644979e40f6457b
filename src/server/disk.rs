//! Whether there is room where the program keeps its things, and whether it may write there.

use super::config::Settings;
use rustix::fs::{Access, access, statvfs};
use std::{
    io::{self, ErrorKind},
    path::Path,
};

/// With less room than this, in bytes, an operator should see to it: an import of photographs takes some of it.
const LITTLE: u64 = 256 * 1024 * 1024;

/// What an operator should know of the folders of the store and of the search index, and where this user may not write.
pub fn look(settings: &Settings) -> (Vec<String>, Vec<String>) {
    let store = settings.database.folder().map(|dir| ("DATABASE_URL", dir));
    let index = ("PAVISE_SEARCH_DIR", settings.search_dir.as_path());
    let (mut notes, mut mistakes) = (Vec::new(), Vec::new());
    for (setting, dir) in store.into_iter().chain([index]) {
        let there = existing(dir);
        let failed = |error| format!("{setting}: {} cannot be written to ({error})", there.display());
        mistakes.extend(access(there, Access::WRITE_OK | Access::EXEC_OK).map_err(failed).err());
        match statvfs(there) {
            Ok(disk) => notes.extend(note(there, disk.f_bavail.saturating_mul(disk.f_frsize))),
            Err(error) => mistakes.push(failed(error)),
        }
    }
    // Both are most often in one folder.
    notes.dedup();
    (notes, mistakes)
}

/// That a file or folder cannot be read or written, and what to do about it, where the error says it.
pub fn failure(path: &Path, error: &io::Error) -> String {
    let advice = match error.kind() {
        ErrorKind::NotFound => "; expected a path whose folders are there",
        ErrorKind::PermissionDenied => "; expected one that this user may read and write",
        ErrorKind::ReadOnlyFilesystem => "; expected a place that can be written to",
        ErrorKind::StorageFull | ErrorKind::QuotaExceeded => "; make room on the disk",
        _ => "",
    };
    format!("{}: {error}{advice}", path.display())
}

/// The folder itself, or the nearest above it that is there: in it, it will be made.
fn existing(dir: &Path) -> &Path {
    let there = dir.ancestors().find(|dir| dir.exists());
    there.filter(|dir| !dir.as_os_str().is_empty()).unwrap_or(Path::new("."))
}

fn note(dir: &Path, free: u64) -> Option<String> {
    let megabytes = free / (1024 * 1024);
    (free < LITTLE).then(|| format!("{}: {megabytes} MB are free: make room before the disk is full", dir.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn little_room_is_told() {
        let dir = Path::new("data");
        assert_eq!(note(dir, LITTLE), None);
        let told = note(dir, LITTLE - 1).expect("a note");
        assert_eq!(told, "data: 255 MB are free: make room before the disk is full");
    }

    #[test]
    fn a_failure_says_what_to_do_where_it_can() {
        let told = |kind: ErrorKind| failure(Path::new("a/b"), &kind.into());
        assert_eq!(told(ErrorKind::StorageFull), "a/b: no storage space; make room on the disk");
        assert_eq!(told(ErrorKind::NotFound), "a/b: entity not found; expected a path whose folders are there");
        assert_eq!(told(ErrorKind::Other), "a/b: other error");
    }

    #[test]
    fn a_folder_that_will_be_made_is_looked_at_above() {
        assert_eq!(existing(Path::new("no/such/folder")), Path::new("."));
        assert_eq!(existing(Path::new("/no/such/folder")), Path::new("/"));
        assert_eq!(existing(Path::new("src/server")), Path::new("src/server"));
    }
}
