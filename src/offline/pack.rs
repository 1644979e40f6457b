//! The latest posts as text.

use super::{Pack, PackedPost};
use crate::{
    error::AppError,
    i18n::Lang,
    posts::store::{self, Selection, WholePost},
    server::{db, hash},
    ui::picture::words_for_pictures,
};

/// How many posts a pack has.
const POSTS: u32 = 20;
/// How many bytes it has at most, uncompressed. A post with which they would be more is left out.
const LARGEST: usize = 300_000;
/// What stands around the posts; the first one has no commas before it.
const AROUND: usize = r#"{"order":[],"posts":[]}"#.len() - 2;
/// What a post has beside its own words: quotes around its name in the order, and a comma there and here.
const BESIDE: usize = 4;

/// The pack for a reader of `lang` who has the versions that `have` names.
pub async fn of(lang: Lang, have: &str) -> Result<Pack, AppError> {
    let posts = store::whole(&db(), lang, &Selection::default(), POSTS, "").await?;
    let mut pack = Pack { order: Vec::new(), posts: Vec::new() };
    let mut size = AROUND;
    for post in posts {
        let post = packed(lang, post);
        let bytes = serde_json::to_vec(&post).map_or(0, |bytes| bytes.len()) + post.hash.len() + BESIDE;
        if size + bytes > LARGEST {
            continue;
        }
        size += bytes;
        pack.order.push(post.hash.clone());
        if !have.split(',').any(|hash| hash == post.hash) {
            pack.posts.push(post);
        }
    }
    Ok(pack)
}

fn packed(lang: Lang, post: WholePost) -> PackedPost {
    let WholePost { summary, body_lang, html, .. } = post;
    let mut packed = PackedPost {
        hash: String::new(),
        path: lang.path(&summary.path()),
        lang: summary.lang,
        published: summary.published.as_second(),
        title: summary.title,
        summary: summary.summary,
        body_lang,
        html: words_for_pictures(&html),
    };
    packed.hash = hash::hex(&serde_json::to_vec(&packed).unwrap_or_default(), 8);
    packed
}
