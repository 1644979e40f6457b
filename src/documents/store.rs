//! Documents in the database.

use super::{
    Document, Kind,
    file::{DocumentFile, words_revision},
};
use crate::{
    content::{
        markdown::{self, Place},
        translation::TranslationRow,
    },
    i18n::{Lang, Wording},
    posts::Slug,
    server::{
        changes::shows,
        db::{Db, Tx, on_read, on_tx, stored},
    },
};
use sqlx::FromRow;
use std::collections::HashMap;

const DOCUMENTS: &str = "
    select documents.slug, documents.lang, documents.title, documents.summary, documents.body_markdown,
           translated.title as translated_title, translated.summary as translated_summary,
           translated.body_markdown as translated_body, translated.made_from
    from documents
    left join document_translations as translated
        on translated.kind = documents.kind and translated.slug = documents.slug and translated.lang = $1
    where documents.kind = $2 and ($3 = '' or documents.slug = $3)
    order by documents.slug";

/// What a change to a document is called; without a slug, to any of its kind.
pub fn subject(kind: Kind, slug: &str) -> String {
    format!("documents/{}/{slug}", kind.name())
}

/// The document with this slug, for a reader of `lang`.
pub async fn by_slug(db: &Db, lang: Lang, kind: Kind, slug: &Slug) -> sqlx::Result<Option<Document>> {
    Ok(documents(db, lang, kind, slug.as_str()).await?.pop())
}

/// The language, title and slug of all documents of a kind, for a reader of `lang`, by their slugs.
pub async fn titles(db: &Db, lang: Lang, kind: Kind) -> sqlx::Result<Vec<(Lang, String, Slug)>> {
    shows(subject(kind, ""));
    let rows: Vec<(String, String, String, Option<String>)> = on_read!(db, pool => {
        sqlx::query_as(
            "select documents.slug, documents.lang, documents.title, translated.title
             from documents
             left join document_translations as translated
                 on translated.kind = documents.kind and translated.slug = documents.slug and translated.lang = $1
             where documents.kind = $2 order by documents.slug",
        )
        .bind(lang.tag())
        .bind(kind.name())
        .fetch_all(pool)
        .await
    })?;
    let title = |(slug, original, title, translated): (String, String, String, Option<String>)| {
        let words = if translated.is_some() { lang } else { Lang::stored(&original) };
        Ok((words, translated.unwrap_or(title), stored(slug)?))
    };
    rows.into_iter().map(title).collect()
}

/// All documents of a kind, for a reader of `lang`, by their titles.
pub async fn all(db: &Db, lang: Lang, kind: Kind) -> sqlx::Result<Vec<Document>> {
    let mut documents = documents(db, lang, kind, "").await?;
    documents.sort_by(|a, b| a.title.cmp(&b.title));
    Ok(documents)
}

async fn documents(db: &Db, lang: Lang, kind: Kind, slug: &str) -> sqlx::Result<Vec<Document>> {
    rows(db, lang, kind, slug).await?.into_iter().map(|row| row.into_document(kind, lang)).collect()
}

/// The words of a document as they are written, for a reader of `lang`.
pub async fn plain(db: &Db, lang: Lang, kind: Kind, slug: &Slug) -> sqlx::Result<Option<PlainDocument>> {
    Ok(rows(db, lang, kind, slug.as_str()).await?.pop().map(|row| row.into_plain(lang)))
}

/// A document's words as they are written.
pub struct PlainDocument {
    /// The language of title and summary.
    pub lang: Lang,
    /// Its title.
    pub title: String,
    /// One or two sentences about it.
    pub summary: String,
    /// The language of the text.
    pub body_lang: Lang,
    /// The text in Markdown.
    pub body: String,
}

async fn rows(db: &Db, lang: Lang, kind: Kind, slug: &str) -> sqlx::Result<Vec<DocumentRow>> {
    shows(subject(kind, slug));
    on_read!(db, pool => {
        sqlx::query_as(DOCUMENTS).bind(lang.tag()).bind(kind.name()).bind(slug).fetch_all(pool).await
    })
}

/// Stores `document` and its translations, in place of what was there under its name.
pub async fn put(tx: &mut Tx, document: &DocumentFile) -> sqlx::Result<()> {
    tx.changed(subject(document.kind, ""));
    tx.changed(subject(document.kind, document.slug.as_str()));
    let (kind, slug) = (document.kind.name(), document.slug.as_str());
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into documents (kind, slug, lang, title, summary, body_markdown) values ($1, $2, $3, $4, $5, $6)
             on conflict (kind, slug) do update set
                 lang = excluded.lang, title = excluded.title, summary = excluded.summary,
                 body_markdown = excluded.body_markdown",
        )
        .bind(kind)
        .bind(slug)
        .bind(document.lang.tag())
        .bind(&document.title)
        .bind(&document.summary)
        .bind(&document.body)
        .execute(conn)
        .await
        .map(drop)
    })?;
    for lang in Lang::all() {
        on_tx!(tx, conn => {
            sqlx::query("delete from document_translations where kind = $1 and slug = $2 and lang = $3")
                .bind(kind)
                .bind(slug)
                .bind(lang.tag())
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    for translation in &document.translations {
        on_tx!(tx, conn => {
            sqlx::query(
                "insert into document_translations (kind, slug, lang, title, summary, body_markdown, made_from)
                 values ($1, $2, $3, $4, $5, $6, $7)",
            )
            .bind(kind)
            .bind(slug)
            .bind(translation.lang.tag())
            .bind(&translation.title)
            .bind(&translation.summary)
            .bind(&translation.body)
            .bind(&translation.made_from)
            .execute(conn)
            .await
            .map(drop)
        })?;
    }
    Ok(())
}

/// A stored document in the form of its files.
pub async fn file(tx: &mut Tx, kind: Kind, slug: &Slug) -> sqlx::Result<Option<DocumentFile>> {
    let row: Option<(String, String, String, String)> = on_tx!(tx, conn => {
        sqlx::query_as("select lang, title, summary, body_markdown from documents where kind = $1 and slug = $2")
            .bind(kind.name())
            .bind(slug.as_str())
            .fetch_optional(conn)
            .await
    })?;
    let Some((lang, title, summary, body)) = row else { return Ok(None) };
    let rows: Vec<TranslationRow> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select lang, title, summary, cast(null as text) as picture_alt, body_markdown, made_from
             from document_translations where kind = $1 and slug = $2",
        )
        .bind(kind.name())
        .bind(slug.as_str())
        .fetch_all(conn)
        .await
    })?;
    let translations = TranslationRow::spoken(rows);
    let slug = slug.clone();
    Ok(Some(DocumentFile { kind, slug, lang: Lang::stored(&lang), title, summary, body, translations }))
}

/// The slugs of all stored documents of a kind.
pub async fn names(tx: &mut Tx, kind: Kind) -> sqlx::Result<Vec<Slug>> {
    let slugs: Vec<String> = on_tx!(tx, conn => {
        sqlx::query_scalar("select slug from documents where kind = $1 order by slug")
            .bind(kind.name())
            .fetch_all(conn)
            .await
    })?;
    slugs.into_iter().map(stored).collect()
}

#[derive(FromRow)]
struct DocumentRow {
    slug: String,
    lang: String,
    title: String,
    summary: String,
    body_markdown: String,
    translated_title: Option<String>,
    translated_summary: Option<String>,
    translated_body: Option<String>,
    made_from: Option<String>,
}

impl DocumentRow {
    fn into_document(self, kind: Kind, reader: Lang) -> sqlx::Result<Document> {
        let original_lang = Lang::stored(&self.lang);
        // A document without a text is whole when title and summary are translated.
        let whole = self.translated_body.is_some() || self.body_markdown.is_empty();
        let present = words_revision(
            &self.title,
            &self.summary,
            self.translated_body.as_ref().map(|_| self.body_markdown.as_str()),
        );
        let wording = match &self.made_from {
            _ if reader == original_lang => Wording::Original,
            Some(made_from) if whole && *made_from == present => Wording::Translated,
            Some(_) if whole => Wording::Stale,
            _ => Wording::Untranslated,
        };
        let slug = stored(self.slug.clone())?;
        let PlainDocument { lang, title, summary, body_lang, body } = self.into_plain(reader);
        let place = Place { lang: body_lang, reader, base: "", page: "", prefix: "", pictures: &HashMap::new() };
        let html = markdown::render(&body, place).html;
        Ok(Document { kind, slug, lang, body_lang, original_lang, wording, title, summary, html })
    }

    fn into_plain(self, reader: Lang) -> PlainDocument {
        let original_lang = Lang::stored(&self.lang);
        let lang = if self.translated_title.is_some() { reader } else { original_lang };
        let body_lang = match (&self.translated_body, self.body_markdown.is_empty()) {
            (Some(_), _) => reader,
            (None, true) => lang,
            (None, false) => original_lang,
        };
        PlainDocument {
            lang,
            title: self.translated_title.unwrap_or(self.title),
            summary: self.translated_summary.unwrap_or(self.summary),
            body_lang,
            body: self.translated_body.unwrap_or(self.body_markdown),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{content::translation::Translation, i18n::testing::*, server::db::testing::each_engine};

    fn page() -> DocumentFile {
        let text = "---\ntitle: \"About\"\nsummary: \"Who we are.\"\n---\n\nWe are.\n";
        let mut page = DocumentFile::parse(Kind::Page, Slug::parse("about").expect("a slug"), text).expect("a page");
        let translation = |lang, body: Option<&str>, made_from| Translation {
            lang,
            title: "À propos".into(),
            summary: "Nous.".into(),
            picture_alt: None,
            body: body.map(Into::into),
            made_from,
        };
        page.translations = vec![
            translation(FR, Some("Nous sommes.\n"), page.revision(true)),
            translation(ES, None, page.revision(false)),
        ];
        page
    }

    async fn store(db: &Db, document: &DocumentFile) {
        let mut tx = db.begin().await.expect("a transaction");
        put(&mut tx, document).await.expect("stored");
        tx.commit().await.expect("committed");
    }

    #[tokio::test]
    async fn a_reader_gets_their_language_or_the_original() {
        for db in each_engine().await {
            let page = page();
            store(&db, &page).await;
            let read =
                async |lang| by_slug(&db, lang, Kind::Page, &page.slug).await.expect("no error").expect("a page");
            let french = read(FR).await;
            assert_eq!((french.title.as_str(), french.lang, french.body_lang), ("À propos", FR, FR), "{db:?}");
            assert_eq!((french.wording, french.html.as_str()), (Wording::Translated, "<p>Nous sommes.</p>\n"));
            let spanish = read(ES).await;
            assert_eq!((spanish.wording, spanish.lang, spanish.body_lang), (Wording::Untranslated, ES, Lang::DEFAULT));
            let arabic = read(AR).await;
            assert_eq!(
                (arabic.title.as_str(), arabic.lang, arabic.wording),
                ("About", Lang::DEFAULT, Wording::Untranslated)
            );
            assert_eq!(read(Lang::DEFAULT).await.wording, Wording::Original);
            assert!(by_slug(&db, FR, Kind::Topic, &page.slug).await.expect("no error").is_none());
        }
    }

    #[tokio::test]
    async fn a_translation_of_an_earlier_original_is_stale() {
        for db in each_engine().await {
            let changed = DocumentFile { body: "We are many.\n".into(), ..page() };
            store(&db, &changed).await;
            let french = by_slug(&db, FR, Kind::Page, &changed.slug).await.expect("no error").expect("a page");
            assert_eq!((french.wording, french.html.as_str()), (Wording::Stale, "<p>Nous sommes.</p>\n"), "{db:?}");
        }
    }

    #[tokio::test]
    async fn a_document_comes_back_as_it_went_in() {
        for db in each_engine().await {
            store(&db, &page()).await;
            let shorter = DocumentFile { translations: page().translations[..1].to_vec(), ..page() };
            store(&db, &shorter).await;
            let mut tx = db.begin().await.expect("a transaction");
            assert_eq!(names(&mut tx, Kind::Page).await.expect("names"), [page().slug], "{db:?}");
            assert_eq!(file(&mut tx, Kind::Page, &page().slug).await.expect("no error"), Some(shorter));
        }
    }
}
