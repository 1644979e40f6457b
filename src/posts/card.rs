//! Posts in a list: picture, title, summary and date of each.

use super::{Filter, PostSummary};
use crate::{
    i18n::Lang,
    ui::{
        picture::{Loading, PictureView},
        t,
        time::PublishedOn,
    },
};
use leptos::prelude::*;

/// The posts of a filter as cards. Those that it leaves out are in the page, hidden, so that the island can bring them back.
#[component]
pub fn PostCards(
    /// The language of the page.
    lang: Lang,
    /// The posts, and which of them are shown.
    filter: Filter,
) -> impl IntoView {
    if filter.posts.is_empty() {
        return view! { <p class="empty">{t!(lang, "no-posts-yet")}</p> }.into_any();
    }
    let cards = filter.posts.into_iter().enumerate().map(|(index, (post, shown))| {
        // The first card may be in the first screen of a wide window.
        let loading = if index == 0 { Loading::Eager } else { Loading::Lazy };
        view! { <PostCard lang=lang post=post shown=shown loading=loading /> }
    });
    view! { <ol id="posts" class="post-list">{cards.collect_view()}</ol> }.into_any()
}

#[component]
fn PostCard(lang: Lang, post: PostSummary, shown: bool, loading: Loading) -> impl IntoView {
    let path = post.path();
    view! {
        <li class="post-card" hidden=!shown>
            {post.picture.map(|picture| view! { <PictureView picture=picture loading=loading class="post-card-picture" /> })}
            <h3 class="post-card-title"><a href=path>{post.title}</a></h3>
            <p class="post-card-summary">{post.summary}</p>
            <p class="post-card-date"><PublishedOn lang=lang at=post.published /></p>
        </li>
    }
}
