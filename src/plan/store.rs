//! Plans in the database.

use super::{Area, Commitment, Evidence, Plan, PlanYear, file::PlanFile};
use crate::{
    content::markdown,
    i18n::Lang,
    server::db::{Db, Tx, on_read, on_tx, stored},
};
use sqlx::FromRow;

/// A plan with its areas and commitments, in one statement: what it reads is one state of the store.
const PLAN: &str = "
    select plans.year, plans.title, plans.headline, plans.summary, plans.body_markdown,
           plan_areas.slug as area_slug, plan_areas.title as area_title, plan_areas.summary as area_summary,
           commitments.slug, commitments.title as commitment_title, commitments.unit, commitments.baseline,
           commitments.target, commitments.current, commitments.as_of,
           commitments.evidence_title, commitments.evidence_url
    from plans
    join plan_areas on plan_areas.lang = plans.lang and plan_areas.year = plans.year
    join commitments on commitments.lang = plans.lang and commitments.year = plans.year
                    and commitments.area = plan_areas.slug
    where plans.lang = $1
      and plans.year = case when $2 = 0 then (select max(year) from plans where lang = $1) else $2 end
    order by plan_areas.position, commitments.position";

/// The plan of `year`, or of the latest year that has one.
pub async fn plan(db: &Db, lang: Lang, year: Option<PlanYear>) -> sqlx::Result<Option<Plan>> {
    let rows = on_read!(db, pool => {
        sqlx::query_as(PLAN).bind(lang.tag()).bind(year.map_or(0, PlanYear::get)).fetch_all(pool).await
    })?;
    let file = file_of(lang, rows)?;
    Ok(file.map(|file| Plan {
        lang,
        year: file.year,
        title: file.title,
        headline: file.headline,
        summary: file.summary,
        areas: file.areas,
        html: markdown::to_html(&file.body),
    }))
}

/// The stored plan of `year` in the form of its file.
pub async fn file(tx: &mut Tx, lang: Lang, year: PlanYear) -> sqlx::Result<Option<PlanFile>> {
    let rows = on_tx!(tx, conn => {
        sqlx::query_as(PLAN).bind(lang.tag()).bind(year.get()).fetch_all(conn).await
    })?;
    file_of(lang, rows)
}

/// The language and year of each stored plan, oldest first.
pub async fn years(tx: &mut Tx) -> sqlx::Result<Vec<(Lang, PlanYear)>> {
    let rows: Vec<(String, i32)> = on_tx!(tx, conn => {
        sqlx::query_as("select lang, year from plans order by year, lang").fetch_all(conn).await
    })?;
    rows.into_iter().map(|(lang, year)| Ok((stored(lang)?, stored(year)?))).collect()
}

/// The years that have a plan in `lang`, latest first.
pub async fn years_in(db: &Db, lang: Lang) -> sqlx::Result<Vec<PlanYear>> {
    let years: Vec<i32> = on_read!(db, pool => {
        sqlx::query_scalar("select year from plans where lang = $1 order by year desc")
            .bind(lang.tag())
            .fetch_all(pool)
            .await
    })?;
    years.into_iter().map(stored).collect()
}

/// Stores `plan` in place of an earlier one of the same language and year.
pub async fn put(tx: &mut Tx, plan: &PlanFile) -> sqlx::Result<()> {
    let (lang, year) = (plan.lang.tag(), plan.year.get());
    on_tx!(tx, conn => {
        sqlx::query(
            "insert into plans (lang, year, title, headline, summary, body_markdown) values ($1, $2, $3, $4, $5, $6)
             on conflict (lang, year) do update set
                 title = excluded.title, headline = excluded.headline, summary = excluded.summary,
                 body_markdown = excluded.body_markdown",
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
    // Areas and commitments go in anew: they have no life outside their plan.
    for sql in [
        "delete from commitments where lang = $1 and year = $2",
        "delete from plan_areas where lang = $1 and year = $2",
    ] {
        on_tx!(tx, conn => sqlx::query(sql).bind(lang).bind(year).execute(conn).await.map(drop))?;
    }
    for (position, area) in (0_i32..).zip(&plan.areas) {
        put_area(tx, plan, position, area).await?;
    }
    Ok(())
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
                "insert into commitments (lang, year, area, position, slug, title, unit, baseline, target, current, as_of,
                                          evidence_title, evidence_url)
                 values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13)",
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
            .bind(commitment.current)
            .bind(commitment.as_of.to_string())
            .bind(&commitment.evidence.title)
            .bind(&commitment.evidence.url)
            .execute(conn)
            .await
            .map(drop)
        })?;
    }
    Ok(())
}

/// A commitment with the area and the plan that it belongs to.
#[derive(FromRow)]
struct PlanRow {
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
    current: i64,
    as_of: String,
    evidence_title: String,
    evidence_url: String,
}

/// Puts the rows of a plan together; none where there are none.
fn file_of(lang: Lang, rows: Vec<PlanRow>) -> sqlx::Result<Option<PlanFile>> {
    let mut plan: Option<PlanFile> = None;
    for row in rows {
        let plan = match &mut plan {
            Some(plan) => plan,
            None => plan.insert(PlanFile {
                lang,
                year: stored(row.year)?,
                title: row.title,
                headline: row.headline,
                summary: row.summary,
                areas: Vec::new(),
                body: row.body_markdown,
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
        let commitment = Commitment {
            slug: stored(row.slug)?,
            title: row.commitment_title,
            unit: row.unit,
            baseline: row.baseline,
            target: row.target,
            current: row.current,
            as_of: row.as_of.parse().map_err(|error: jiff::Error| sqlx::Error::Decode(error.into()))?,
            evidence: Evidence { title: row.evidence_title, url: row.evidence_url },
        };
        if let Some(area) = plan.areas.last_mut() {
            area.commitments.push(commitment);
        }
    }
    Ok(plan)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::server::db::testing::each_engine;

    fn plan_file(year: &str) -> PlanFile {
        let text = std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/content/plan/2023.md"));
        let year = PlanYear::parse(year).expect("a year");
        PlanFile::parse(Lang::DEFAULT, year, &text.expect("the shipped plan")).expect("a plan")
    }

    async fn store(db: &Db, plan: &PlanFile) {
        let mut tx = db.begin().await.expect("a transaction");
        put(&mut tx, plan).await.expect("stored");
        tx.commit().await.expect("committed");
    }

    #[tokio::test]
    async fn a_plan_comes_back_as_it_went_in() {
        for db in each_engine().await {
            let file = plan_file("2023");
            store(&db, &file).await;
            store(&db, &file).await;
            let plan = plan(&db, Lang::DEFAULT, Some(file.year)).await.expect("no error").expect("the plan");
            assert_eq!(plan.areas, file.areas, "{db:?}");
            let mut tx = db.begin().await.expect("a transaction");
            assert_eq!(super::file(&mut tx, Lang::DEFAULT, file.year).await.expect("no error"), Some(file));
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
            let years = years_in(&db, Lang::DEFAULT).await.expect("years");
            assert_eq!(years.iter().map(ToString::to_string).collect::<Vec<_>>(), ["2023", "2022"], "{db:?}");
        }
    }
}
