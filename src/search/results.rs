//! From what the index finds to what a reader is shown: in the words of the store, so that nothing is shown that is gone.

use super::{
    Found, How, Results, Suggestion,
    follow::Answered,
    index::{Narrow, Version},
    passage::{Piece, marked, passage},
    query::{self, Query, Wanted},
    store,
};
use crate::{
    error::AppError,
    i18n::Lang,
    server::{
        changes::{shows_anything, shows_this_moment},
        db, site,
    },
};

/// How many texts a page of results has.
pub const PAGE: u32 = 10;
/// How many suggestions there are.
const SUGGESTIONS: usize = 8;

/// What has the words of `text`, for a reader of `lang`: the page of results with this number, from 1.
pub async fn of(lang: Lang, text: &str, narrow: Narrow, page: u32) -> Result<Results, AppError> {
    // Any write may bring a text that is better than those that are shown.
    shows_anything();
    let reader = narrow.lang.unwrap_or(lang);
    let asked = Query::read(text, false);
    let limit = (page * PAGE + 1) as usize;
    let Answered { answer, is_complete } = site().search.answer(asked.clone(), lang, narrow, limit).await?;
    if !is_complete {
        shows_this_moment();
    }
    let has_more = answer.hits.len() == limit;
    let mut how = match &answer.how {
        query::How::Asked => How::Asked,
        query::How::Respelled(_) => How::Respelled(String::new()),
        query::How::Partly => How::Partly,
    };
    let mut found = Vec::new();
    for key in answer.hits.iter().skip(((page - 1) * PAGE) as usize).take(PAGE as usize) {
        let Some(shown) = store::shown(&db(), reader, key).await? else { continue };
        let version = &shown.version;
        let text_of_it = version.text();
        if let (How::Respelled(to), query::How::Respelled(units)) = (&mut how, &answer.how)
            && to.is_empty()
        {
            let words = [version.title.as_str(), &version.summary, &text_of_it];
            *to = query::respelled(text, &asked, units, &answer.wanted, &words);
        }
        let (passage_lang, passage) = best_passage(version, &text_of_it, &answer.wanted);
        let title = marked(&version.title, version.lang.tag(), &answer.wanted);
        found.push(Found {
            path: reader.path(&shown.path),
            subject: shown.subject,
            lang: version.lang,
            title,
            passage_lang,
            passage,
        });
    }
    Ok(Results { found, how, page, has_more, is_complete })
}

/// The part of the text that has what was asked for, with its language; the summary where no part of it has.
fn best_passage(version: &Version, text: &str, wanted: &[Wanted]) -> (Lang, Vec<Piece>) {
    let of_text = passage(text, version.body_lang.tag(), wanted);
    if of_text.iter().any(|piece| piece.marked) {
        return (version.body_lang, of_text);
    }
    (version.lang, passage(&version.summary, version.lang.tag(), wanted))
}

/// The titles of what may be meant by `text`, which is still being typed.
pub async fn suggestions(lang: Lang, text: &str) -> Result<Vec<Suggestion>, AppError> {
    shows_anything();
    let answered = site().search.answer(Query::read(text, true), lang, Narrow::default(), SUGGESTIONS).await?;
    if !answered.is_complete {
        shows_this_moment();
    }
    let mut suggestions = Vec::new();
    for key in answered.answer.hits {
        let Some(shown) = store::shown(&db(), lang, &key).await? else { continue };
        let title = shown.version.title;
        suggestions.push(Suggestion { path: lang.path(&shown.path), lang: shown.version.lang, title });
    }
    Ok(suggestions)
}
