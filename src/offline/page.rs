//! `GET /offline/`: what is kept in this browser. The server knows nothing of that: its page has the words and the templates which
//! the service worker fills in (`worker.js`), and says what to do where there is none.

use crate::{
    i18n::Lang,
    search::{island::SearchIsland, page::SearchField},
    server::site,
    ui::{page::Page, t},
};
use leptos::prelude::*;

/// The page, and the templates for everything that the worker shows.
///
/// A place in braces is filled in with words, and with markup where its name is in capitals.
pub async fn show(lang: Lang) -> Page {
    let words = if site().settings.offline { t!(lang, "offline-none") } else { t!(lang, "offline-off") };
    let main = view! {
        <Head lang=lang />
        <div class="prose">
            <p>{words}</p>
            <ul>
                <li><a href=lang.path("/blog/")>{t!(lang, "all-posts")}</a></li>
                <li><a href=lang.path("/feed/") type="application/rss+xml">{t!(lang, "feed")}</a></li>
            </ul>
        </div>
        <Templates lang=lang />
    };
    Page::new(lang, t!(lang, "offline-title"), "/offline/", main).unlisted()
}

#[component]
fn Head(lang: Lang) -> impl IntoView {
    view! {
        <header class="page-header">
            <h1>{t!(lang, "offline-title")}</h1>
            <p class="page-summary">{t!(lang, "offline-summary")}</p>
        </header>
    }
}

#[component]
fn Templates(lang: Lang) -> impl IntoView {
    let told = ["saved", "removed", "packed", "queued", "sent", "full", "failed"].map(|what| {
        let words = match what {
            "saved" => t!(lang, "told-saved"),
            "removed" => t!(lang, "told-removed"),
            "packed" => t!(lang, "told-packed"),
            "queued" => t!(lang, "told-queued"),
            "sent" => t!(lang, "told-sent"),
            "full" => t!(lang, "told-full"),
            _ => t!(lang, "told-failed"),
        };
        view! { <template id=format!("offline-told-{what}")><p class="told" role="status" tabindex="-1" autofocus>{words}</p></template> }
    });
    let words = |name: &'static str, words: String| {
        view! { <template id=format!("offline-{name}")><p>{words}</p></template> }
    };
    view! {
        <template id="offline-head"><Head lang=lang /> "{TOLD}"</template>
        {told.collect_view()}
        <template id="offline-missing">
            <header class="page-header">
                <h1>{t!(lang, "missing-title")}</h1>
                <p class="page-summary">{t!(lang, "missing")} " " <a href="{url}">{t!(lang, "try-again")}</a></p>
            </header>
        </template>
        <template id="offline-copy">
            <p id="copy-note" class="copy-note">{t!(lang, "copy-of", date = "{date}")} " " <a href="{url}">{t!(lang, "try-again")}</a></p>
        </template>
        <List lang=lang />
        <Waiting lang=lang />
        <Pack lang=lang />
        <Search lang=lang />
        {words("none-saved", t!(lang, "none-saved"))}
        {words("none-visited", t!(lang, "none-visited"))}
        {words("found-some", t!(lang, "found-here"))}
        {words("found-part", t!(lang, "found-part-here"))}
        {words("found-none", t!(lang, "found-none-here"))}
        <template id="offline-found-meant">
            <p>{t!(lang, "search-meant", query = "{q}")} " " <a href="{path}"><bdi>"{meant}"</bdi></a></p>
        </template>
        {words("found-all", t!(lang, "search-all-here"))}
        {words("no-search", t!(lang, "no-search-here"))}
    }
}

#[component]
fn List(lang: Lang) -> impl IntoView {
    view! {
        <template id="offline-list">
            "{WAITING}"
            <section class="kept" aria-labelledby="kept-pack">
                <h2 id="kept-pack">{t!(lang, "pack-title")}</h2>
                "{PACK}{OTHERS}"
            </section>
            <section class="kept" aria-labelledby="kept-saved">
                <h2 id="kept-saved">{t!(lang, "saved-title")}</h2>
                "{SAVED}"
            </section>
            <section class="kept" aria-labelledby="kept-visited">
                <h2 id="kept-visited">{t!(lang, "visited-title")}</h2>
                "{VISITED}"
            </section>
            "{ALL}"
        </template>
        <template id="offline-all">
            <div class="kept-all">
                <p>{t!(lang, "kept-size", size = "{total}")}</p>
                <Act lang=lang what="remove-all" words=t!(lang, "remove-all") />
            </div>
        </template>
        <template id="offline-items"><ul class="kept-list">"{ITEMS}"</ul></template>
        <template id="offline-item">
            <li>
                <a href="{path}" lang="{lang}" dir="auto">"{title}"</a>
                <span class="kept-size">"{size}"</span>
                <Remove lang=lang what="remove" path="{path}" name=" {title}" />
            </li>
        </template>
    }
}

/// A form that removes one thing of a list, by its path; the button has its name for those who only hear it.
#[component]
fn Remove(lang: Lang, what: &'static str, path: &'static str, name: &'static str) -> impl IntoView {
    view! {
        <form method="post" action=lang.path("/offline/")>
            <input type="hidden" name="do" value=what />
            <input type="hidden" name="path" value=path />
            <button type="submit">{t!(lang, "remove")} <span class="visually-hidden">{name}</span></button>
        </form>
    }
}

/// Messages that could not be sent yet.
#[component]
fn Waiting(lang: Lang) -> impl IntoView {
    view! {
        <template id="offline-waiting">
            <section class="kept" aria-labelledby="kept-waiting">
                <h2 id="kept-waiting">{t!(lang, "waiting-title")}</h2>
                <p>{t!(lang, "waiting")}</p>
                <ul class="kept-list">"{ITEMS}"</ul>
            </section>
        </template>
        <template id="offline-refused"><p>{t!(lang, "waiting-refused")}</p></template>
        <template id="offline-waits">
            <li>
                <p class="kept-message" dir="auto">"{message}"</p>
                "{REFUSED}"
                <form method="post" action="{path}">
                    <input type="hidden" name="message" value="{message}" />
                    <input type="hidden" name="reply_to" value="{reply_to}" />
                    <input type="hidden" name="about" value="{about}" />
                    <input type="hidden" name="homepage" value="{homepage}" />
                    <button type="submit">{t!(lang, "send-now")} <span class="visually-hidden">" {begin}"</span></button>
                </form>
                <Remove lang=lang what="discard" path="{place}" name=" {begin}" />
            </li>
        </template>
    }
}

/// A form with one button.
#[component]
fn Act(lang: Lang, what: &'static str, words: String) -> impl IntoView {
    view! {
        <form method="post" action=lang.path("/offline/")>
            <input type="hidden" name="do" value=what />
            <button type="submit">{words}</button>
        </form>
    }
}

#[component]
fn Pack(lang: Lang) -> impl IntoView {
    view! {
        <template id="offline-no-pack">
            <p>{t!(lang, "pack-none")}</p>
            <Act lang=lang what="pack" words=t!(lang, "pack-get") />
        </template>
        <template id="offline-pack">
            <p>{t!(lang, "pack-has", count = "{count}", size = "{size}", date = "{date}")}</p>
            <ul class="kept-list">"{ITEMS}"</ul>
            <div class="kept-acts">
                <Act lang=lang what="pack" words=t!(lang, "pack-update") />
                <Act lang=lang what="unpack" words=t!(lang, "pack-remove") />
            </div>
        </template>
        <template id="offline-other-pack">
            <div class="kept-acts">
                <p><strong>"{language}"</strong> " – " {t!(lang, "pack-has", count = "{count}", size = "{size}", date = "{date}")}</p>
                <form method="post" action=lang.path("/offline/")>
                    <input type="hidden" name="do" value="unpack" />
                    <input type="hidden" name="path" value="{path}" />
                    <button type="submit">{t!(lang, "pack-remove")} <span class="visually-hidden">" {language}"</span></button>
                </form>
            </div>
        </template>
        <template id="offline-packed">
            <li><a href="{path}" lang="{lang}" dir="auto">"{title}"</a></li>
        </template>
        <template id="offline-post">
            <article class="post">
                <header class="post-header">
                    <h1 lang="{lang}" dir="auto">"{title}"</h1>
                    <p class="post-summary" lang="{lang}" dir="auto">"{summary}"</p>
                    <ul class="byline"><li>{t!(lang, "published")} " {date}"</li></ul>
                </header>
                <p class="copy-note">{t!(lang, "packed-copy", date = "{kept}")} " " <a href="{path}">{t!(lang, "try-again")}</a></p>
                <div class="prose" lang="{bodyLang}" dir="auto">"{HTML}"</div>
            </article>
        </template>
    }
}

#[component]
fn Search(lang: Lang) -> impl IntoView {
    view! {
        <template id="offline-search">
            <header class="page-header">
                <h1>{t!(lang, "search-title")}</h1>
                <p class="page-summary">{t!(lang, "search-here")} " " <a href="{url}">{t!(lang, "try-again")}</a></p>
            </header>
        </template>
        <template id="offline-field">
            <SearchIsland>
                <form class="filter search-form" action=lang.path("/search/") method="get">
                    <label for="search-input">{t!(lang, "search-kept")}</label>
                    <SearchField lang=lang query="{q}".to_owned() />
                    <button type="submit">{t!(lang, "search-submit")}</button>
                </form>
            </SearchIsland>
        </template>
        <template id="offline-results"><ol class="results">"{ITEMS}"</ol></template>
        <template id="offline-found">
            <li class="result">
                <h2 lang="{lang}" dir="auto"><a href="{path}">"{TITLE}"</a></h2>
                <p class="result-passage" dir="auto">"{PASSAGE}"</p>
            </li>
        </template>
    }
}
