//! Which stored post a file is: its folder may have another name than before.

use crate::posts::{Slug, file::PostFile, write::Candidate};
use std::collections::HashSet;

/// Whether a file is this stored post.
type Rule = dyn Fn(&PostFile, &Candidate) -> bool;

/// For each file the slug of the stored post that it is, if it is one, given what each may be.
///
/// A file that says its `id` is the post of that name in feeds. Any other is the post of its own slug, unless that has
/// another text and a post under another slug has just this date and text: then folders were renamed. A stored post is one
/// file's, and no post gets a slug under which another stays.
pub fn identities(files: &[(&PostFile, Vec<Candidate>)]) -> Vec<Option<Slug>> {
    let by_id = |file: &PostFile, it: &Candidate| file.id.as_ref() == Some(&it.uid);
    let own_text = |file: &PostFile, it: &Candidate| it.slug == file.slug && it.same_text;
    let same_text = |_: &PostFile, it: &Candidate| it.same_text;
    let own = |file: &PostFile, it: &Candidate| it.slug == file.slug;
    let rules: [&Rule; 4] = [&by_id, &own_text, &same_text, &own];

    let mut found: Vec<Option<Slug>> = vec![None; files.len()];
    let mut taken: HashSet<Slug> = HashSet::new();
    for rule in rules {
        for ((file, candidates), found) in files.iter().zip(&mut found).filter(|(_, found)| found.is_none()) {
            let candidate = candidates.iter().find(|it| rule(file, it) && !taken.contains(&it.slug));
            *found = candidate.map(|it| it.slug.clone());
            taken.extend(found.clone());
        }
    }
    while let Some(blocked) = blocked(files, &found) {
        found[blocked] = Some(files[blocked].0.slug.clone());
    }
    found
}

/// A file that would get the slug of a stored post that stays where it is.
fn blocked(files: &[(&PostFile, Vec<Candidate>)], found: &[Option<Slug>]) -> Option<usize> {
    let renamed = |(found, (file, _)): (&Option<Slug>, &(&PostFile, Vec<Candidate>))| {
        found.clone().filter(|from| *from != file.slug)
    };
    let leaving: HashSet<Slug> = found.iter().zip(files).filter_map(renamed).collect();
    found.iter().zip(files).position(|(found, file)| {
        let stays = |it: &Candidate| it.slug == file.0.slug && !leaving.contains(&it.slug);
        renamed((found, file)).is_some() && file.1.iter().any(stays)
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posts::file::PostFolder;

    fn slug(text: &str) -> Slug {
        Slug::parse(text).expect("a slug")
    }

    /// A stored post: its slug, its name in feeds, its text.
    type Stored = (&'static str, &'static str, &'static str);

    /// What becomes of files (slug, id, text) over what is stored.
    fn found(files: &[(&str, &str, &str)], stored: &[Stored]) -> Vec<Option<String>> {
        let parsed: Vec<PostFile> = files
            .iter()
            .map(|(name, id, text)| {
                let id = if id.is_empty() { String::new() } else { format!("id: \"{id}\"\n") };
                let text = format!("---\ntitle: \"T\"\nsummary: \"S\"\npublished: 2023-01-01\n{id}---\n\n{text}\n");
                match PostFolder::parse(slug(name), &text).expect("a post") {
                    PostFolder::Post(post) => *post,
                    PostFolder::Removed(_) => panic!("a post was expected"),
                }
            })
            .collect();
        let candidates = |file: &PostFile| -> Vec<Candidate> {
            let of = |(name, uid, text): &Stored| Candidate {
                slug: slug(name),
                uid: slug(uid),
                same_text: file.body.trim() == *text,
            };
            let near = |it: &Candidate| it.slug == file.slug || it.uid == *file.uid() || it.same_text;
            stored.iter().map(of).filter(near).collect()
        };
        let files: Vec<_> = parsed.iter().map(|file| (file, candidates(file))).collect();
        identities(&files).into_iter().map(|slug| slug.map(|slug| slug.to_string())).collect()
    }

    fn some(slug: &str) -> Option<String> {
        Some(slug.to_owned())
    }

    #[test]
    fn a_folder_with_another_name_and_the_same_text_is_the_same_post() {
        assert_eq!(found(&[("b", "", "x")], &[("a", "a", "x")]), [some("a")]);
        assert_eq!(found(&[("a", "", "y")], &[("a", "a", "x")]), [some("a")]);
        assert_eq!(found(&[("b", "", "y")], &[("a", "a", "x")]), [None]);
    }

    #[test]
    fn names_that_move_on_by_one_are_followed() {
        let stored = [("a", "a", "x"), ("b", "b", "y")];
        assert_eq!(found(&[("b", "", "x"), ("c", "", "y")], &stored), [some("a"), some("b")]);
        assert_eq!(found(&[("a", "", "y"), ("b", "", "x")], &stored), [some("b"), some("a")]);
    }

    #[test]
    fn what_a_file_says_of_itself_comes_first() {
        let stored = [("a", "one", "x"), ("b", "two", "y")];
        assert_eq!(found(&[("a", "two", "x"), ("b", "one", "y")], &stored), [some("b"), some("a")]);
        assert_eq!(found(&[("c", "one", "z")], &stored), [some("a")]);
    }

    #[test]
    fn a_name_in_feeds_that_is_anothers_slug_makes_nobody_that_post() {
        // The post `a` became `b`, and a new post has the free name.
        assert_eq!(found(&[("a", "", "new"), ("b", "a", "x")], &[("b", "a", "x")]), [None, some("b")]);
        assert_eq!(found(&[("a", "", "new")], &[("b", "a", "x")]), [None]);
    }

    #[test]
    fn no_post_takes_the_place_of_one_that_stays() {
        let stored = [("a", "a", "x"), ("b", "b", "y")];
        assert_eq!(found(&[("b", "", "x")], &stored), [some("b")]);
        assert_eq!(found(&[("a", "", "x"), ("copy", "", "x")], &stored), [some("a"), None]);
    }
}
