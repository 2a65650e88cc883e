//! The page about ratings.

use actix_web::http::StatusCode;
use actix_web::web::{self, Query};
use actix_web::{HttpResponse, get};
use askama::Template;
use sqlx::PgConnection;

use super::breakdown::{Report, report};
use super::chart::{Intervals, Squares};
use super::filter::{Asked, Filter, Rounds};
use super::store;
use super::study::{Category, Rated, Study};
use crate::auth::Authorized;
use crate::auth::permission::ReadDrafts;
use crate::claims;
use crate::db::Pool;
use crate::error::{Error, Result};
use crate::id::{ClaimId, DeskId};
use crate::scales::{self, Entry, Kind};
use crate::web::paging::PAGE;
use crate::web::{Shell, page};

#[derive(Template)]
#[template(path = "agreement/ratings.html")]
struct AgreementPage {
    shell: Shell,
    filter: Filter,
    scales: Vec<Entry>,
    topics: Vec<String>,
    scale: Option<Entry>,
    study: Study,
    report: Report,
    overall: Option<Intervals>,
    by_topic: Option<Intervals>,
    by_month: Option<Intervals>,
    squares: Squares,
    disagreements: Vec<Disagreement>,
    next: Option<String>,
}

/// A claim on which people disagree.
struct Disagreement {
    claim: ClaimId,
    words: String,
    rated: Rated,
}

impl AgreementPage {
    /// Where a file is that has what the page is about.
    fn file(&self, name: &str) -> String {
        self.shell.path(name) + &self.filter.query()
    }

    fn path(&self, claim: &ClaimId) -> String {
        claims::address(self.shell.slug(), *claim)
    }

    /// What the list shows of a round: who gave which rating.
    fn given<'a>(&'a self, rated: &'a Rated) -> impl Iterator<Item = (&'a str, &'a Category)> {
        rated.cells.iter().filter_map(|cell| {
            let by = self.study.raters.get(cell.rater as usize)?;
            Some((by.name.as_str(), self.study.categories.get(usize::from(cell.code))?))
        })
    }

    fn outcome(&self, rated: &Rated) -> Option<&Category> {
        rated.outcome.and_then(|code| self.study.categories.get(usize::from(code)))
    }

    /// The names of the two whom the page is about.
    fn pair(&self) -> Option<[&str; 2]> {
        match self.study.raters.as_slice() {
            [a, b] => Some([a.name.as_str(), b.name.as_str()]),
            _ => None,
        }
    }

    fn is_scale(&self, entry: &Entry) -> bool {
        self.scale.as_ref().is_some_and(|scale| scale.id == entry.id)
    }

    fn is_topic(&self, topic: &str) -> bool {
        self.filter.topic.as_deref() == Some(topic)
    }
}

/// How far the ratings agree that were given in closed rounds.
#[get("/{desk}/agreement")]
pub async fn show(member: Authorized<ReadDrafts>, asked: Query<Asked>, pool: Pool) -> Result<HttpResponse> {
    let filter = asked.filter()?;
    let desk = member.desk.id;
    let conn = &mut *pool.acquire().await?;
    let scales = scales(conn, desk).await?;
    let scale = chosen(&scales, &filter)?;
    let topics = store::topics(conn, desk).await?;
    let study = study(conn, desk, scale.as_ref(), &filter).await?;
    let asked = filter.clone();
    let (study, report, disagreements, next) = web::block(move || {
        let report = report(&study, &asked);
        let (listed, next) = listed(&study, &asked);
        (study, report, listed, next)
    })
    .await
    .map_err(Error::internal)?;
    let claims: Vec<ClaimId> = disagreements.iter().map(|rated| rated.claim).collect();
    let mut words = store::words(conn, desk, &claims).await?;
    let disagreement = |rated: Rated| Disagreement {
        claim: rated.claim,
        words: words.remove(&rated.claim).unwrap_or_default(),
        rated,
    };
    let disagreements = disagreements.into_iter().map(disagreement).collect();
    let label = |line: &super::lines::Line| line.coefficient.label().to_owned();
    let of_groups = |groups: &[super::breakdown::Group]| {
        Intervals::of(groups.iter().filter_map(|group| Some((group.label.clone(), group.drawn()?))))
    };
    let template = AgreementPage {
        shell: Shell::new(&member.viewer()),
        overall: Intervals::of(report.overall.iter().map(|line| (label(line), line))),
        by_topic: of_groups(&report.topics),
        by_month: of_groups(&report.months),
        squares: Squares::of(&report.matrix),
        next: next.map(|rated| filter.behind(rated)),
        filter,
        scales,
        topics,
        scale,
        study,
        report,
        disagreements,
    };
    page(StatusCode::OK, &template)
}

/// Part of the list of disagreements, and the round that the next part begins behind.
fn listed(study: &Study, filter: &Filter) -> (Vec<Rated>, Option<crate::id::RoundId>) {
    let all = study.disagreements();
    let begin = filter.after.and_then(|after| all.iter().position(|rated| rated.round == after));
    let begin = begin.map_or(0, |place| place + 1);
    let part: Vec<Rated> = all.iter().skip(begin).take(PAGE).map(|rated| (*rated).clone()).collect();
    let next = if all.len() > begin + PAGE { part.last().map(|rated| rated.round) } else { None };
    (part, next)
}

/// The scales on which something can be rated.
///
/// # Errors
/// When PostgreSQL fails.
pub async fn scales(conn: &mut PgConnection, desk: DeskId) -> Result<Vec<Entry>> {
    let mut scales = scales::list(conn, desk).await?;
    scales.retain(|scale| scale.kind != Kind::None);
    Ok(scales)
}

/// The scale that is asked for, or the desk's own; none when that has no ratings.
///
/// # Errors
/// [`Error::NotFound`] when the desk has not the one that is asked for.
pub fn chosen(scales: &[Entry], filter: &Filter) -> Result<Option<Entry>> {
    match filter.scale {
        Some(id) => {
            let scale = scales.iter().find(|scale| scale.id == id).cloned();
            scale.map(Some).ok_or(Error::NotFound("scale"))
        }
        None => Ok(scales.iter().find(|scale| scale.is_default).or(scales.first()).cloned()),
    }
}

/// The ratings that are asked for.
///
/// # Errors
/// [`Error::NotFound`] when the pair that is asked for did not rate.
pub async fn study(
    conn: &mut PgConnection,
    desk: DeskId,
    scale: Option<&Entry>,
    filter: &Filter,
) -> Result<Study> {
    let Some(scale) = scale else {
        return Ok(Study {
            kind: Kind::None,
            categories: Vec::new(),
            raters: Vec::new(),
            rounds: Vec::new(),
        });
    };
    let study = store::study(conn, desk, scale, filter).await?;
    match &filter.pair {
        Some(pair) => {
            let pair = study.pair(pair).ok_or(Error::NotFound("pair of people"))?;
            Ok(study.of_pair(pair))
        }
        None => Ok(study),
    }
}
