//! Plans in the database.

use super::{
    Area, Commitment, Evidence, Plan, PlanYear, Value,
    file::PlanFile,
    translation::{PlanTranslation, Rest},
};
use crate::{
    content::markdown::{self, Place},
    i18n::{Lang, Wording},
    posts::Slug,
    server::{
        changes::shows,
        db::{Db, Tx, on_read, on_tx, stored},
    },
};
use sqlx::FromRow;
use std::collections::HashMap;

/// What a change to any plan, or to the reports on one, is called.
pub const SUBJECT: &str = "plans";

/// A plan with its areas, commitments and their values: one row for each value.
const PLAN: &str = "
    select plans.lang, plans.year, plans.title, plans.headline, plans.summary, plans.body_markdown,
           plan_areas.slug as area_slug, plan_areas.title as area_title, plan_areas.summary as area_summary,
           commitments.slug, commitments.title as commitment_title, commitments.unit, commitments.baseline,
           commitments.target, commitments.evidence_title, commitments.evidence_url,
           commitment_values.as_of, commitment_values.value
    from plans
    join plan_areas on plan_areas.lang = plans.lang and plan_areas.year = plans.year
    join commitments on commitments.lang = plans.lang and commitments.year = plans.year
                    and commitments.area = plan_areas.slug
    join commitment_values on commitment_values.lang = plans.lang and commitment_values.year = plans.year
                          and commitment_values.commitment = commitments.slug
    where plans.year = case when $1 = 0 then (select max(year) from plans) else $1 end
    order by plan_areas.position, commitments.position, commitment_values.as_of";

/// The plan of `year`, or of the latest year that has one, for a reader of `reader`.
pub async fn plan(db: &Db, reader: Lang, year: Option<PlanYear>) -> sqlx::Result<Option<Plan>> {
    let mut tx = db.begin_read().await?;
    let Some(file) = file(&mut tx, year).await? else { return Ok(None) };
    drop(tx);
    Ok(Some(read(file, reader)))
}

/// The words of the introduction as they are written, for a reader of `reader`, after the plan itself.
pub async fn plain(db: &Db, reader: Lang, year: PlanYear) -> sqlx::Result<Option<(Plan, String)>> {
    let mut tx = db.begin_read().await?;
    let Some(file) = file(&mut tx, Some(year)).await? else { return Ok(None) };
    drop(tx);
    let translated = file.translations.iter().find(|it| it.lang == reader).and_then(|it| it.rest.as_ref());
    let body = translated.map_or_else(|| file.body.clone(), |rest| rest.body.clone());
    Ok(Some((read(file, reader), body)))
}

fn read(mut file: PlanFile, reader: Lang) -> Plan {
    let translations = std::mem::take(&mut file.translations);
    let translation = translations.into_iter().find(|translation| translation.lang == reader);
    let wording = match &translation {
        _ if reader == file.lang => Wording::Original,
        Some(it) if it.rest.is_some() && it.made_from == file.revision(true) => Wording::Translated,
        Some(it) if it.rest.is_some() => Wording::Stale,
        _ => Wording::Untranslated,
    };
    let mut plan = Plan {
        lang: file.lang,
        body_lang: file.lang,
        original_lang: file.lang,
        wording,
        year: file.year,
        title: file.title,
        headline: file.headline,
        summary: file.summary,
        areas: file.areas,
        html: String::new(),
    };
    let mut body = file.body;
    if let Some(translation) = translation {
        body = translation.rest.as_ref().map_or(body, |rest| rest.body.clone());
        translation.apply(&mut plan);
    }
    let place = Place { lang: plan.body_lang, reader, base: "", page: "", prefix: "intro-", pictures: &HashMap::new() };
    plan.html = markdown::render(&body, place).html;
    plan
}

/// The stored plan of `year`, or of the latest year, in the form of its files.
pub async fn file(tx: &mut Tx, year: Option<PlanYear>) -> sqlx::Result<Option<PlanFile>> {
    shows(SUBJECT);
    let rows = on_tx!(tx, conn => {
        sqlx::query_as(PLAN).bind(year.map_or(0, PlanYear::get)).fetch_all(conn).await
    })?;
    let Some(mut file) = file_of(rows)? else { return Ok(None) };
    let rows: Vec<TranslationRow> = on_tx!(tx, conn => {
        sqlx::query_as(
            "select lang, title, headline, summary, areas, body_markdown, made_from from plan_translations
             where year = $1",
        )
        .bind(file.year.get())
        .fetch_all(conn)
        .await
    })?;
    // What the site does not speak any more stays in the store.
    let spoken = rows.into_iter().filter(|row| Lang::parse(&row.lang).is_some());
    file.translations = spoken.map(PlanTranslation::try_from).collect::<sqlx::Result<_>>()?;
    file.translations.sort_by_key(|translation| translation.lang);
    Ok(Some(file))
}

/// The years that have a plan, latest first.
pub async fn years(db: &Db) -> sqlx::Result<Vec<PlanYear>> {
    shows(SUBJECT);
    let years: Vec<i32> = on_read!(db, pool => {
        sqlx::query_scalar("select year from plans order by year desc").fetch_all(pool).await
    })?;
    years.into_iter().map(stored).collect()
}

/// The year and slug of every stored commitment.
pub async fn commitments(tx: &mut Tx) -> sqlx::Result<Vec<(PlanYear, Slug)>> {
    let rows: Vec<(i32, String)> = on_tx!(tx, conn => {
        sqlx::query_as("select year, slug from commitments order by year, slug").fetch_all(conn).await
    })?;
    rows.into_iter().map(|(year, slug)| Ok((stored(year)?, stored(slug)?))).collect()
}

/// Stores `plan` in place of an earlier one of the same language and year.
pub async fn put(tx: &mut Tx, plan: &PlanFile) -> sqlx::Result<()> {
    tx.changed(SUBJECT);
    let (lang, year) = (plan.lang.tag(), plan.year.get());
    // Everything goes in anew: areas, commitments and values have no life outside their plan, whose language may be another.
    for sql in [
        "delete from commitment_values where year = $1",
        "delete from commitments where year = $1",
        "delete from plan_areas where year = $1",
        "delete from plans where year = $1",
    ] {
        on_tx!(tx, conn => sqlx::query(sql).bind(year).execute(conn).await.map(drop))?;
    }
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into plans (lang, year, title, headline, summary, body_markdown) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(lang)
        .bind(year)
        .bind(&plan.title)
        .bind(&plan.headline)
        .bind(&plan.summary)
        .bind(&plan.body)
        .execute(conn)
        .await
        .map(drop)
    })?;
    for (position, area) in (0_i32..).zip(&plan.areas) {
        put_area(tx, plan, position, area).await?;
    }
    for lang in Lang::all() {
        on_tx!(tx, conn => {
            sqlx::query("delete from plan_translations where year = $1 and lang = $2")
                .bind(year)
                .bind(lang.tag())
                .execute(conn)
                .await
                .map(drop)
        })?;
    }
    for translation in &plan.translations {
        put_translation(tx, year, translation).await?;
    }
    Ok(())
}

async fn put_translation(tx: &mut Tx, year: i32, translation: &PlanTranslation) -> sqlx::Result<()> {
    let areas = translation.rest.as_ref().map(|rest| serde_json::to_string(&rest.areas)).transpose();
    let areas = areas.map_err(|error| sqlx::Error::Encode(error.into()))?;
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into plan_translations (year, lang, title, headline, summary, areas, body_markdown, made_from)
             values ($1, $2, $3, $4, $5, $6, $7, $8)",
        )
        .bind(year)
        .bind(translation.lang.tag())
        .bind(&translation.title)
        .bind(&translation.headline)
        .bind(&translation.summary)
        .bind(&areas)
        .bind(translation.rest.as_ref().map(|rest| &rest.body))
        .bind(&translation.made_from)
        .execute(conn)
        .await
        .map(drop)
    })
}

async fn put_area(tx: &mut Tx, plan: &PlanFile, position: i32, area: &Area) -> sqlx::Result<()> {
    let (lang, year) = (plan.lang.tag(), plan.year.get());
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into plan_areas (lang, year, position, slug, title, summary) values ($1, $2, $3, $4, $5, $6)",
        )
        .bind(lang)
        .bind(year)
        .bind(position)
        .bind(area.slug.as_str())
        .bind(&area.title)
        .bind(&area.summary)
        .execute(conn)
        .await
        .map(drop)
    })?;
    for (position, commitment) in (0_i32..).zip(&area.commitments) {
        on_tx!(tx, conn => {
            sqlx::query(
                "insert into commitments (lang, year, area, position, slug, title, unit, baseline, target,
                                          evidence_title, evidence_url)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)",
            )
            .bind(lang)
            .bind(year)
            .bind(area.slug.as_str())
            .bind(position)
            .bind(commitment.slug.as_str())
            .bind(&commitment.title)
            .bind(&commitment.unit)
            .bind(commitment.baseline)
            .bind(commitment.target)
            .bind(&commitment.evidence.title)
            .bind(&commitment.evidence.url)
            .execute(conn)
            .await
            .map(drop)
        })?;
        for counted in &commitment.values {
            on_tx!(tx, conn => {
                sqlx::query(
                    "insert into commitment_values (lang, year, commitment, as_of, value) values ($1, $2, $3, $4, $5)",
                )
                .bind(lang)
                .bind(year)
                .bind(commitment.slug.as_str())
                .bind(counted.as_of.to_string())
                .bind(counted.value)
                .execute(conn)
                .await
                .map(drop)
            })?;
        }
    }
    Ok(())
}

#[derive(FromRow)]
struct TranslationRow {
    lang: String,
    title: String,
    headline: String,
    summary: String,
    areas: Option<String>,
    body_markdown: Option<String>,
    made_from: String,
}

impl TryFrom<TranslationRow> for PlanTranslation {
    type Error = sqlx::Error;

    fn try_from(row: TranslationRow) -> sqlx::Result<Self> {
        let areas = row.areas.map(|areas| serde_json::from_str(&areas)).transpose();
        let areas = areas.map_err(|error| sqlx::Error::Decode(error.into()))?;
        Ok(Self {
            lang: stored(row.lang)?,
            title: row.title,
            headline: row.headline,
            summary: row.summary,
            made_from: row.made_from,
            rest: areas.zip(row.body_markdown).map(|(areas, body)| Rest { areas, body }),
        })
    }
}

/// A value of a commitment, with the commitment, the area and the plan that it belongs to.
#[derive(FromRow)]
struct PlanRow {
    lang: String,
    year: i32,
    title: String,
    headline: String,
    summary: String,
    body_markdown: String,
    area_slug: String,
    area_title: String,
    area_summary: String,
    slug: String,
    commitment_title: String,
    unit: String,
    baseline: i64,
    target: i64,
    evidence_title: String,
    evidence_url: String,
    as_of: String,
    value: i64,
}

/// Puts the rows of a plan together; none where there are none.
fn file_of(rows: Vec<PlanRow>) -> sqlx::Result<Option<PlanFile>> {
    let mut plan: Option<PlanFile> = None;
    for row in rows {
        let plan = match &mut plan {
            Some(plan) => plan,
            None => plan.insert(PlanFile {
                lang: Lang::stored(&row.lang),
                year: stored(row.year)?,
                title: row.title,
                headline: row.headline,
                summary: row.summary,
                areas: Vec::new(),
                body: row.body_markdown,
                translations: Vec::new(),
            }),
        };
        if plan.areas.last().is_none_or(|area| area.slug.as_str() != row.area_slug) {
            plan.areas.push(Area {
                slug: stored(row.area_slug)?,
                title: row.area_title,
                summary: row.area_summary,
                commitments: Vec::new(),
            });
        }
        let Some(area) = plan.areas.last_mut() else { continue };
        if area.commitments.last().is_none_or(|commitment| commitment.slug.as_str() != row.slug) {
            area.commitments.push(Commitment {
                slug: stored(row.slug)?,
                title: row.commitment_title,
                unit: row.unit,
                baseline: row.baseline,
                target: row.target,
                values: Vec::new(),
                evidence: Evidence { title: row.evidence_title, url: row.evidence_url },
            });
        }
        if let Some(commitment) = area.commitments.last_mut() {
            let as_of = row.as_of.parse().map_err(|error: jiff::Error| sqlx::Error::Decode(error.into()))?;
            commitment.values.push(Value { as_of, value: row.value });
        }
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{i18n::testing::*, server::db::testing::each_engine};

    fn shipped(name: &str) -> String {
        std::fs::read_to_string(format!("{}/content/plan/{name}", env!("CARGO_MANIFEST_DIR")))
            .expect("the shipped plan")
    }

    fn plan_file(year: &str) -> PlanFile {
        let year = PlanYear::parse(year).expect("a year");
        let mut plan = PlanFile::parse(year, &shipped("2023.md")).expect("a plan");
        let french = PlanTranslation::parse(FR, &plan, &shipped("2023.fr.md")).expect("a translation");
        let french = PlanTranslation { made_from: plan.revision(true), ..french };
        let head = PlanTranslation { lang: ES, rest: None, made_from: plan.revision(false), ..french.clone() };
        plan.translations = vec![french, head];
        plan
    }

    async fn store(db: &Db, plan: &PlanFile) {
        let mut tx = db.begin().await.expect("a transaction");
        put(&mut tx, plan).await.expect("stored");
        tx.commit().await.expect("committed");
    }

    #[tokio::test]
    async fn a_plan_comes_back_as_it_went_in() {
        for db in each_engine().await {
            let plan_file = plan_file("2023");
            store(&db, &plan_file).await;
            store(&db, &plan_file).await;
            let plan = plan(&db, Lang::DEFAULT, Some(plan_file.year)).await.expect("no error").expect("the plan");
            assert_eq!((&plan.areas, plan.wording), (&plan_file.areas, Wording::Original), "{db:?}");
            let mut tx = db.begin().await.expect("a transaction");
            assert_eq!(file(&mut tx, Some(plan_file.year)).await.expect("no error"), Some(plan_file));
        }
    }

    #[tokio::test]
    async fn a_reader_gets_their_words_over_the_originals_figures() {
        for db in each_engine().await {
            let original = plan_file("2023");
            store(&db, &original).await;
            let french = plan(&db, FR, None).await.expect("no error").expect("the plan");
            assert_eq!((french.wording, french.lang, french.body_lang), (Wording::Translated, FR, FR), "{db:?}");
            let (theirs, ours) = (&french.areas[0].commitments[0], &original.areas[0].commitments[0]);
            assert_ne!(theirs.title, ours.title);
            assert_eq!((&theirs.values, theirs.target), (&ours.values, ours.target));
            let spanish = plan(&db, ES, None).await.expect("no error").expect("the plan");
            assert_eq!((spanish.wording, spanish.lang, spanish.body_lang), (Wording::Untranslated, ES, Lang::DEFAULT));
            assert_eq!(spanish.areas, original.areas);

            store(&db, &PlanFile { summary: "Another.".into(), ..original }).await;
            assert_eq!(plan(&db, FR, None).await.expect("no error").expect("the plan").wording, Wording::Stale);
        }
    }

    #[tokio::test]
    async fn without_a_year_the_latest_plan_is_meant() {
        for db in each_engine().await {
            assert!(plan(&db, Lang::DEFAULT, None).await.expect("no error").is_none());
            store(&db, &plan_file("2022")).await;
            store(&db, &plan_file("2023")).await;
            let latest = plan(&db, Lang::DEFAULT, None).await.expect("no error").expect("a plan");
            assert_eq!(latest.path(), "/action-plan/2023/");
            let years = years(&db).await.expect("years");
            assert_eq!(years.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2023", "2022"], "{db:?}");
        }
    }
}
