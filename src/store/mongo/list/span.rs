//! Which records stand on a page, and what lies on both sides of it.

use super::super::alias_accounts::HOLDER_ID;
use super::super::document::projection;
use super::super::names::{CLEAR, STATE};
use super::super::values::Fields;
use super::joiners::{Fault, joining};
use super::lists::Lists;
use super::range::{Cut, Range};
use super::walk::{Order, Walk, time};
use crate::registry::ports::list::{Direction, LOOKED_AT_MAX, PageRequest, Position, Sort, Take};
use mongodb::bson::{Document, doc};

/// A page by the documents of its records, in the list's order.
pub(super) struct Span {
    pub(super) documents: Vec<Document>,
    pub(super) has_previous: bool,
    pub(super) has_next: bool,
    pub(super) start: Option<Position>,
    pub(super) end: Option<Position>,
}

/// What a walk brought, in its own order.
struct Gathered {
    entries: Vec<Entry>,
    /// Whether more may follow.
    more: bool,
    /// The last place that was looked at, where the walk was given up before the page was full.
    given_up: Option<Position>,
}

/// A document and where it stands.
struct Entry {
    place: Position,
    document: Document,
}

/// On which side of a cut something lies.
#[derive(Clone, Copy)]
enum Side {
    Below,
    Above,
}

impl Lists<'_> {
    /// The same page of each list.
    pub(super) async fn spans(&self, request: &PageRequest) -> Result<Vec<Span>, Fault> {
        let PageRequest { sort, direction, after, before, take, .. } = *request;
        let rising = direction == Direction::Ascending;
        let climbing = rising == (take == Take::First);
        // `after` bounds the lower side of a rising list, and the upper side of a falling one.
        let (below, above) = if rising { (after, before) } else { (before, after) };
        let (below, above) = (below.map(Cut::behind), above.map(Cut::before));
        let (gathered, lower, upper) = tokio::try_join!(
            self.gather(Order { sort, climbing }, (below, above), request),
            self.any(sort, Side::Below, below),
            self.any(sort, Side::Above, above),
        )?;
        let sides = lower.into_iter().zip(upper);
        let spans = gathered.into_iter().zip(sides).map(|(gathered, (lower, upper))| {
            let lower = lower || !climbing && gathered.more;
            let upper = upper || climbing && gathered.more;
            let (has_previous, has_next) = if rising { (lower, upper) } else { (upper, lower) };
            span(gathered, take, has_previous, has_next)
        });
        Ok(spans.collect())
    }

    async fn gather(
        &self,
        order: Order,
        (below, above): (Option<Cut>, Option<Cut>),
        request: &PageRequest,
    ) -> Result<Vec<Gathered>, Fault> {
        let (size, fields) = (request.size, projection(request.detail));
        let most = size.saturating_add(1);
        let ranged = |walk| (walk, Walk::range(walk, order.sort).within(below, above));
        let walks: Vec<(&Walk, Range)> = self.walks.iter().map(ranged).collect();
        let first =
            walks.iter().enumerate().map(|(list, (walk, range))| (list, walk.first(order, range, most)));
        let mut pages = self.entries(order, first, fields.clone()).await?;

        let is_short = |list: usize| pages.get(list).is_some_and(|page| page.len() <= size);
        let short = walks
            .iter()
            .enumerate()
            .filter(|(list, (walk, _))| is_short(*list) && walk.is_bounded(order.sort));
        let last = short.map(|(list, (walk, range))| (list, walk.behind(order, range, LOOKED_AT_MAX - 1, 2)));
        let ends = self.entries(order, last, place_fields(order.sort)).await?;
        // An entry behind the last one that may be looked at tells that there are more.
        let ends = ends.iter().map(|ends| ends.get(1).and(ends.first()).map(|entry| entry.place));
        let ends: Vec<Option<Position>> = ends.collect();

        // Others write meanwhile, so exactly what lies before that end is read again.
        let cut = walks.iter().zip(&ends).enumerate().filter_map(|(list, ((walk, range), end))| {
            Some((list, walk.first_of_all(order, &until(range, order, (*end)?), most)))
        });
        for (page, again) in pages.iter_mut().zip(self.entries(order, cut, fields).await?) {
            if !again.is_empty() {
                *page = again;
            }
        }
        Ok(pages.into_iter().zip(ends).map(|(page, end)| Gathered::of(page, size, end)).collect())
    }

    /// Whether each list has a record on this side of a cut; yes where looking for it was given up.
    async fn any(&self, sort: Sort, side: Side, cut: Option<Cut>) -> Result<Vec<bool>, Fault> {
        let Some(cut) = cut else { return Ok(vec![false; self.walks.len()]) };
        let (climbing, from, to) = match side {
            Side::Below => (false, None, Some(cut)),
            Side::Above => (true, Some(cut), None),
        };
        let order = Order { sort, climbing };
        let ranged = |walk| (walk, Walk::range(walk, sort).within(from, to));
        let walks: Vec<(&Walk, Range)> = self.walks.iter().map(ranged).collect();
        let first = walks.iter().enumerate().map(|(list, (walk, range))| (list, walk.first(order, range, 1)));
        let found = self.entries(order, first, place_fields(sort)).await?;
        let found: Vec<bool> = found.iter().map(|entries| !entries.is_empty()).collect();

        let open = walks.iter().enumerate().filter(|(list, (walk, _))| {
            walk.is_bounded(sort) && found.get(*list).is_some_and(|found| !found)
        });
        let beyond = open.map(|(list, (walk, range))| (list, walk.behind(order, range, LOOKED_AT_MAX, 1)));
        let beyond = self.entries(order, beyond, place_fields(sort)).await?;
        Ok(found.into_iter().zip(beyond).map(|(found, beyond)| found || !beyond.is_empty()).collect())
    }

    /// The entries that some lists tell of, in the order of the walk.
    async fn entries(
        &self,
        order: Order,
        questions: impl Iterator<Item = (usize, Vec<Document>)>,
        fields: Document,
    ) -> Result<Vec<Vec<Entry>>, Fault> {
        let answers = self.ask(order.sort, questions, fields).await?;
        self.joiners.know(answers.iter().flatten().filter_map(joining))?;
        Ok(answers.into_iter().map(|answer| sorted(answer, order)).collect())
    }
}

impl Gathered {
    fn of(mut entries: Vec<Entry>, size: usize, end: Option<Position>) -> Self {
        let more = entries.len() > size || end.is_some();
        let given_up = end.filter(|_| entries.len() < size);
        entries.truncate(size);
        Self { entries, more, given_up }
    }
}

/// The part of a range that a walk has behind it at a place.
fn until(range: &Range, order: Order, place: Position) -> Range {
    if order.climbing {
        range.within(None, Some(Cut::behind(place)))
    } else {
        range.within(Some(Cut::before(place)), None)
    }
}

/// What tells where a document stands, and with which holder it came.
fn place_fields(sort: Sort) -> Document {
    doc! { time(sort): 1, STATE: 1, format!("{CLEAR}.{HOLDER_ID}"): 1 }
}

/// Documents of several walks come in no order.
fn sorted(documents: Vec<Document>, order: Order) -> Vec<Entry> {
    let placed = documents.into_iter().filter_map(|document| {
        let fields = Fields(&document);
        let place = fields.date(time(order.sort)).and_then(|at| Ok(Position { at, id: fields.uuid("_id")? }));
        match place {
            Ok(place) => Some(Entry { place, document }),
            Err(error) => {
                tracing::error!(%error, "a document has no place in lists: run `holdergraph check`");
                None
            }
        }
    });
    let mut entries: Vec<Entry> = placed.collect();
    entries.sort_by_key(|entry| (entry.place.at, entry.place.id));
    if !order.climbing {
        entries.reverse();
    }
    entries
}

fn span(gathered: Gathered, take: Take, has_previous: bool, has_next: bool) -> Span {
    let Gathered { mut entries, given_up, .. } = gathered;
    if take == Take::Last {
        entries.reverse();
    }
    let (mut start, mut end) =
        (entries.first().map(|entry| entry.place), entries.last().map(|entry| entry.place));
    if given_up.is_some() {
        *(if take == Take::First { &mut end } else { &mut start }) = given_up;
    }
    let documents = entries.into_iter().map(|entry| entry.document).collect();
    Span { documents, has_previous, has_next, start, end }
}
