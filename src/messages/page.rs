//! `/message/`: the form, what is wrong with what was written, and the thanks.

use super::{
    LONGEST, Mistake, Written,
    store::{self, Kept},
};
use crate::{
    i18n::{self, Lang},
    server::site,
    ui::{page::Page, t},
};
use axum::{
    Form,
    http::StatusCode,
    response::{IntoResponse, Redirect, Response},
};
use jiff::Timestamp;
use leptos::prelude::*;

/// How many bytes the form may have: the longest message, each character of it in four bytes, each byte as `%00`.
pub const LARGEST: usize = 12 * LONGEST + 8 * 1024;

/// Why a message was not stored.
#[derive(Clone, Copy)]
enum Unsent {
    Wrong(Mistake),
    Full,
    Failed,
}

/// `GET /message/`: the form.
pub async fn show(lang: Lang) -> Page {
    form(lang, Written::default(), None)
}

/// `POST /message/`: stores the message and leads to the thanks, or shows the form again with all that was written.
pub async fn send(lang: Lang, Form(written): Form<Written>) -> Response {
    let (unsent, status) = match keep(lang, &written).await {
        Ok(()) => return Redirect::to(&lang.path("/message/sent/")).into_response(),
        Err(unsent @ Unsent::Wrong(_)) => (unsent, StatusCode::UNPROCESSABLE_ENTITY),
        Err(unsent) => (unsent, StatusCode::SERVICE_UNAVAILABLE),
    };
    form(lang, written, Some(unsent)).with_status(status).into_response()
}

async fn keep(lang: Lang, written: &Written) -> Result<(), Unsent> {
    let message = written.message(lang, Timestamp::now()).map_err(Unsent::Wrong)?;
    match store::keep(&site().db, &message).await {
        Ok(Kept::Now) => {
            tracing::info!(name = message.name, "a message came in; `pavise messages` shows it");
            Ok(())
        }
        Ok(Kept::Before) => Ok(()),
        Ok(Kept::Full) => {
            tracing::error!("no more messages fit in; `pavise messages --remove` makes room");
            Err(Unsent::Full)
        }
        Err(error) => {
            tracing::error!(%error, "a message cannot be stored");
            Err(Unsent::Failed)
        }
    }
}

/// `GET /message/sent/`: the thanks.
pub async fn sent(lang: Lang) -> Page {
    let main = view! {
        <header class="page-header">
            <h1>{t!(lang, "sent-title")}</h1>
            <p class="page-summary">{t!(lang, "sent")}</p>
        </header>
        <p><a href=lang.path("/")>{t!(lang, "way-home")}</a></p>
    };
    Page::new(lang, t!(lang, "sent-title"), "/message/sent/", main).unlisted()
}

fn form(lang: Lang, written: Written, unsent: Option<Unsent>) -> Page {
    let words = unsent.map(|unsent| match unsent {
        Unsent::Wrong(_) => t!(lang, "write-wrong"),
        Unsent::Full => t!(lang, "write-full"),
        Unsent::Failed => t!(lang, "write-failed"),
    });
    let mistake = match unsent {
        Some(Unsent::Wrong(mistake)) => Some(mistake),
        _ => None,
    };
    let title = t!(lang, "write-title");
    let main = view! {
        <header class="page-header">
            <h1>{title.clone()}</h1>
            <p class="page-summary">
                {t!(lang, "write-summary")} " " <a href=lang.path("/privacy/")>{t!(lang, "write-privacy")}</a>
            </p>
        </header>
        {words.map(|words| view! { <p class="told" role="alert">{words}</p> })}
        <Fields lang=lang written=written mistake=mistake />
    };
    Page::new(lang, title, "/message/", main).unlisted()
}

/// The form itself.
#[component]
pub fn Fields(
    /// The language of the page.
    lang: Lang,
    /// What was written before.
    written: Written,
    /// What is wrong with it.
    mistake: Option<Mistake>,
) -> impl IntoView {
    let wrong =
        |id: &'static str, words: Option<String>| words.map(|words| view! { <p id=id class="field-wrong">{words}</p> });
    let of_text = match mistake {
        Some(Mistake::Empty) => Some(t!(lang, "write-empty")),
        Some(Mistake::Long) => Some(t!(lang, "write-long", most = i18n::number(lang, LONGEST as i64))),
        _ => None,
    };
    let of_reply = (mistake == Some(Mistake::NoAddress)).then(|| t!(lang, "write-no-address"));
    let of_trap = (mistake == Some(Mistake::Trapped)).then(|| t!(lang, "write-trapped"));
    let attributes =
        |words: &Option<String>, id: &'static str| (words.is_some().then_some("true"), words.is_some().then_some(id));
    let (text_invalid, text_described) = attributes(&of_text, "text-wrong");
    let (reply_invalid, reply_described) = attributes(&of_reply, "reply-wrong");
    let is_trapped = of_trap.is_some();
    view! {
        <form class="write" method="post" action=lang.path("/message/")>
            <div class="field">
                <label for="message-text">{t!(lang, "write-text")}</label>
                <textarea
                    id="message-text"
                    name="message"
                    rows="9"
                    maxlength=LONGEST.to_string()
                    required
                    dir="auto"
                    aria-invalid=text_invalid
                    aria-describedby=text_described
                    autofocus=text_invalid.is_some()
                >
                    {written.message}
                </textarea>
                {wrong("text-wrong", of_text)}
            </div>
            <div class="field">
                <label for="message-reply">{t!(lang, "write-reply")}</label>
                <input
                    id="message-reply"
                    type="email"
                    name="reply_to"
                    value=written.reply_to
                    autocomplete="email"
                    dir="ltr"
                    aria-invalid=reply_invalid
                    aria-describedby=reply_described
                    autofocus=reply_invalid.is_some()
                />
                {wrong("reply-wrong", of_reply)}
            </div>
            <div class="field">
                <label for="message-about">{t!(lang, "write-about")}</label>
                <input id="message-about" type="text" name="about" value=written.about inputmode="url" autocomplete="off" dir="ltr" />
            </div>
            // Seen by a person only once it was filled in by mistake: what they wrote is not lost to a trap for programs.
            <div class="field" class:write-trap=!is_trapped>
                <label for="message-homepage">{t!(lang, "write-trap")}</label>
                <input id="message-homepage" type="text" name="homepage" value=written.homepage autocomplete="off" autofocus=is_trapped />
                {wrong("trap-wrong", of_trap)}
            </div>
            <button type="submit">{t!(lang, "write-send")}</button>
        </form>
    }
}
