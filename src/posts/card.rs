//! Posts in a list: picture, title, summary and date of each. Under a section's heading they are set as stories, one of which
//! leads; under a page's title as lines of a list.

use super::{Filter, PostSummary};
use crate::{
    i18n::Lang,
    ui::{
        empty::Empty,
        picture::{Loading, PictureView, Shown},
        t,
        time::PublishedOn,
        words::{dir_of, lang_of},
    },
};
use leptos::prelude::*;

/// What stands above a list of posts, which says on which level their titles are.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Under {
    /// The title of the page.
    Page,
    /// The heading of a section.
    Section,
}

/// The posts of a filter as cards. Those that it leaves out are in the page, hidden, so that the island can bring them back.
#[component]
pub fn FilteredCards(
    /// The language of the page.
    lang: Lang,
    /// The posts, and which of them are shown.
    filter: Filter,
) -> impl IntoView {
    if filter.posts.is_empty() {
        return view! { <Empty words=t!(lang, "no-posts-yet") href=lang.path("/action-plan/") way=t!(lang, "way-plan") /> }.into_any();
    }
    cards(lang, filter.posts, Under::Section).into_any()
}

/// Posts as cards.
#[component]
pub fn PostCards(
    /// The language of the page.
    lang: Lang,
    /// The posts.
    posts: Vec<PostSummary>,
    /// What they stand under.
    under: Under,
) -> impl IntoView {
    cards(lang, posts.into_iter().map(|post| (post, true)).collect(), under)
}

fn cards(lang: Lang, posts: Vec<(PostSummary, bool)>, under: Under) -> impl IntoView {
    let cards = posts.into_iter().enumerate().map(|(index, (post, shown))| {
        // The first card may be in the first screen of a wide window.
        let loading = if index == 0 { Loading::Eager } else { Loading::Lazy };
        let place = match (under, index) {
            (Under::Section, 0) => Shown::Lead,
            (Under::Section, 1..=3) => Shown::Story,
            _ => Shown::Line,
        };
        view! { <PostCard lang=lang post=post shown=shown loading=loading place=place under=under /> }
    });
    let class = if under == Under::Section { "post-list stories" } else { "post-list" };
    view! { <ol id="posts" class=class>{cards.collect_view()}</ol> }
}

/// A post as a card.
#[component]
pub fn PostCard(
    /// The language of the page.
    lang: Lang,
    /// The post.
    post: PostSummary,
    /// Whether the reader sees it.
    shown: bool,
    /// How soon its picture is wanted.
    loading: Loading,
    /// How wide its picture is shown.
    place: Shown,
    /// What it stands under.
    under: Under,
) -> impl IntoView {
    let link = view! { <a href=lang.path(&post.path())>{post.title.clone()}</a> };
    let title = match under {
        Under::Page => view! { <h2 class="post-card-title">{link}</h2> }.into_any(),
        Under::Section => view! { <h3 class="post-card-title">{link}</h3> }.into_any(),
    };
    view! {
        <li class="post-card" hidden=!shown>
            {post.picture.map(|picture| view! { <PictureView picture=picture lang=lang_of(lang, post.lang) loading=loading shown=place class="post-card-picture" /> })}
            <div class="post-card-words" lang=lang_of(lang, post.lang) dir=dir_of(lang, post.lang)>
                {title}
                <p class="post-card-summary">{post.summary}</p>
            </div>
            <p class="post-card-date"><PublishedOn lang=lang at=post.published /></p>
        </li>
    }
}
