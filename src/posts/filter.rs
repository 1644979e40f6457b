//! The filter over a list of posts: a form whose GET answers the narrowed page.

use super::{LONGEST_QUERY, PostSummary, island::PostFilterIsland};
use crate::{i18n::Lang, ui::t};
use leptos::prelude::*;

/// A list of posts, some of which are shown.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Filter {
    /// What the reader typed; empty where all are shown.
    pub query: String,
    /// The posts in the order of the list, each with whether it is shown.
    pub posts: Vec<(PostSummary, bool)>,
}

impl Filter {
    /// What counts of a reader's query.
    pub fn words(query: &str) -> &str {
        let query = query.trim();
        let end = query.char_indices().nth(LONGEST_QUERY).map_or(query.len(), |(end, _)| end);
        &query[..end]
    }

    /// All of `latest`.
    pub fn all(latest: Vec<PostSummary>) -> Self {
        Self { query: String::new(), posts: latest.into_iter().map(|post| (post, true)).collect() }
    }

    /// Those of `latest` that are among `found`, and what else was found among older posts.
    pub fn narrowed(latest: Vec<PostSummary>, query: &str, found: Vec<PostSummary>) -> Self {
        let (shown, older): (Vec<_>, Vec<_>) = found.into_iter().partition(|post| latest.contains(post));
        let latest = latest.into_iter().map(|post| {
            let is_shown = shown.contains(&post);
            (post, is_shown)
        });
        Self { query: query.to_owned(), posts: latest.chain(older.into_iter().map(|post| (post, true))).collect() }
    }

    fn status(&self, lang: Lang) -> String {
        let (total, shown) = (self.posts.len(), self.posts.iter().filter(|(_, shown)| *shown).count());
        match (self.query.as_str(), shown) {
            ("", _) => String::new(),
            (_, 0) => t!(lang, "filter-none"),
            _ => t!(lang, "filter-some", count = shown, total = total),
        }
    }
}

/// The search box over the posts. Sent, it asks for the narrowed page; awake, it narrows the cards as one types.
#[component]
pub fn PostFilterForm(
    /// The language of the page.
    lang: Lang,
    /// What is shown.
    filter: Filter,
) -> impl IntoView {
    if filter.posts.is_empty() {
        return ().into_any();
    }
    view! {
        <PostFilterIsland>
            <form class="filter" action=lang.path("/") method="get">
                <label for="post-filter">{t!(lang, "filter-posts")}</label>
                <input id="post-filter" name="q" type="search" value=filter.query.clone() autocomplete="off" maxlength=LONGEST_QUERY />
                <button type="submit">{t!(lang, "filter-submit")}</button>
                <p
                    id="post-status"
                    class="filter-status"
                    role="status"
                    data-some=t!(lang, "filter-some", count = "{count}", total = "{total}")
                    data-none=t!(lang, "filter-none")
                >
                    {filter.status(lang)}
                </p>
            </form>
        </PostFilterIsland>
    }
    .into_any()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::posts::Slug;

    fn post(slug: &str) -> PostSummary {
        PostSummary {
            lang: Lang::DEFAULT,
            slug: Slug::parse(slug).expect("a slug"),
            title: slug.into(),
            uid: Slug::parse(slug).expect("a slug"),
            summary: String::new(),
            published: jiff::Timestamp::UNIX_EPOCH,
            updated: None,
            picture: None,
            cursor: crate::posts::Cursor { published_at: 0, id: 1 },
        }
    }

    #[test]
    fn what_is_left_out_stays_in_the_page_and_older_finds_come_after() {
        let filter = Filter::narrowed(vec![post("a"), post("b")], "x", vec![post("b"), post("c")]);
        let list: Vec<_> = filter.posts.iter().map(|(post, shown)| (post.slug.as_str(), *shown)).collect();
        assert_eq!(list, [("a", false), ("b", true), ("c", true)]);
        assert_eq!(filter.status(Lang::DEFAULT), "Posts shown: 2 of 3");
    }

    #[test]
    fn a_query_is_cut_between_characters() {
        assert_eq!(Filter::words("  two words "), "two words");
        assert_eq!(Filter::words(&"é".repeat(300)).chars().count(), 100);
    }
}
