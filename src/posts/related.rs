//! Which posts a reader of one may want next: those that share its topics and its rarer words.

use std::{
    collections::{BTreeMap, HashMap, HashSet},
    sync::Arc,
};

/// A post as it is compared.
pub struct Subject {
    /// Its distinct words.
    pub words: Arc<HashSet<String>>,
    /// How many topics it shares with the post in question.
    pub shared_topics: u32,
}

/// How many are given.
const GIVEN: usize = 3;

/// What a shared topic counts beside shared words, whose measure is 0 to 1.
const TOPIC: f64 = 0.15;

/// The posts of `subjects` that are nearest to the post `id` among them, nearest first.
///
/// A word counts the more the fewer posts have it, so that no list of common words is needed in any language. What two
/// posts share is measured against what both have, so that a long post is not near to everything.
pub fn related(id: i64, subjects: &BTreeMap<i64, Subject>) -> Vec<i64> {
    let Some(post) = subjects.get(&id) else { return Vec::new() };
    let mut having: HashMap<&str, f64> = HashMap::new();
    for word in subjects.values().flat_map(|subject| subject.words.iter()) {
        *having.entry(word).or_default() += 1.0;
    }
    let all = subjects.len() as f64;
    let weight = |word: &str| (all / having.get(word).copied().unwrap_or(1.0)).ln();
    let sum = |words: &mut dyn Iterator<Item = &String>| words.map(|word| weight(word)).sum::<f64>();
    let own = sum(&mut post.words.iter());
    let mut near: Vec<(i64, f64)> = subjects
        .iter()
        .filter(|(other, _)| **other != id)
        .map(|(other, subject)| {
            let shared = sum(&mut post.words.intersection(&subject.words));
            let both = own + sum(&mut subject.words.iter()) - shared;
            let words = if both > 0.0 { shared / both } else { 0.0 };
            (*other, words + TOPIC * f64::from(subject.shared_topics))
        })
        .collect();
    // Of two that are equally near, the newer one.
    near.sort_by(|(a, near_a), (b, near_b)| near_b.total_cmp(near_a).then(b.cmp(a)));
    near.into_iter().take(GIVEN).map(|(other, _)| other).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subject(words: &str, shared_topics: u32) -> Subject {
        Subject { words: Arc::new(words.split_whitespace().map(str::to_owned).collect()), shared_topics }
    }

    #[test]
    fn shared_rare_words_and_topics_bring_posts_together() {
        let subjects = BTreeMap::from([
            (1, subject("internet korea settlement", 1)),
            (2, subject("internet korea twitch", 1)),
            (3, subject("internet senate law", 1)),
            (4, subject("internet senate court", 2)),
            (5, subject("internet mast box", 1)),
        ]);
        assert_eq!(related(1, &subjects), [2, 4, 5]);
    }

    #[test]
    fn a_post_alone_has_no_relations() {
        assert_eq!(related(1, &BTreeMap::from([(1, subject("a b", 1))])), [0; 0]);
        assert_eq!(related(1, &BTreeMap::new()), [0; 0]);
    }
}
