//! What the service worker calls, to search what it keeps.

use crate::{
    passage::{Piece, marked, passage},
    query::{How, Query, respelled, search},
    texts::{Text, Texts},
};
use js_sys::{Array, Object, Reflect};
use wasm_bindgen::{JsValue, prelude::wasm_bindgen};

/// The texts that a reader has, ready to be searched.
#[wasm_bindgen]
pub struct Kept {
    texts: Vec<Text>,
    index: Texts,
}

#[wasm_bindgen]
impl Kept {
    /// Takes texts apart for a reader of the language with the tag `reader`. Each is an object with the texts `lang`, `title`,
    /// `summary`, `bodyLang` and `body`, and `published` in seconds since 1970, if it was.
    #[wasm_bindgen(constructor)]
    pub fn new(reader: &str, texts: &Array) -> Self {
        let texts: Vec<_> = texts.iter().map(|text| read(&text)).collect();
        Self { index: Texts::new(reader, texts.clone()), texts }
    }

    /// What has the words of `query`, the best first: objects with `text`, the place of the text in the list, `title` and `passage`,
    /// lists of pairs of words and whether they are marked. Has `isPart`, whether no text has everything, and `meant`, the query with
    /// other words where what was asked for is nowhere. With `is_open` the reader is still typing.
    pub fn search(&self, query: &str, is_open: bool, limit: usize) -> Array {
        let asked = Query::read(query, is_open);
        let Ok(answer) = search(&self.index, &asked, &self.index.languages());
        let meant = match (&answer.how, answer.hits.first().and_then(|hit| self.texts.get(*hit))) {
            (How::Respelled(units), Some(text)) => {
                respelled(query, &asked, units, &answer.wanted, &[&text.title, &text.summary, &text.body])
            }
            _ => String::new(),
        };
        let found = answer.hits.iter().take(limit).filter_map(|hit| {
            let text = self.texts.get(*hit)?;
            let of_body = passage(&text.body, &text.body_lang, &answer.wanted);
            let passage = match of_body.iter().any(|piece| piece.marked) {
                true => of_body,
                false => passage(&text.summary, &text.lang, &answer.wanted),
            };
            Some(object(&[
                ("text", JsValue::from(*hit as u32)),
                ("title", pieces(marked(&text.title, &text.lang, &answer.wanted))),
                ("passage", pieces(passage)),
                ("isPart", JsValue::from(answer.how == How::Partly)),
                ("meant", JsValue::from(meant.as_str())),
            ]))
        });
        found.collect()
    }
}

fn read(text: &JsValue) -> Text {
    let get = |name: &str| Reflect::get(text, &name.into()).unwrap_or_default();
    let words = |name| get(name).as_string().unwrap_or_default();
    Text {
        lang: words("lang"),
        title: words("title"),
        summary: words("summary"),
        body_lang: words("bodyLang"),
        body: words("body"),
        published: get("published").as_f64().map(|second| second as i64),
    }
}

fn pieces(pieces: Vec<Piece>) -> JsValue {
    let pair = |piece: Piece| JsValue::from(Array::of2(&piece.text.into(), &piece.marked.into()));
    pieces.into_iter().map(pair).collect::<Array>().into()
}

fn object(fields: &[(&str, JsValue)]) -> JsValue {
    let object = Object::new();
    for (name, value) in fields {
        // A new object takes whatever it is given.
        let _ = Reflect::set(&object, &(*name).into(), value);
    }
    object.into()
}
