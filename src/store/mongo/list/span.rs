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

/// A part of one list.
struct Part<'a> {
    /// Which list.
    list: usize,
    walk: &'a Walk,
    range: Range,
    /// Whether more entries may have to be looked at than are asked for.
    is_bounded: bool,
}

/// How a part is searched for one record: each where those before it found nothing.
#[derive(Clone, Copy)]
enum Look {
    /// Among the entries that may be looked at.
    First,
    /// Anything behind those, for then it is given up.
    Behind,
    /// Among all of them, which are not too many any more: a record may have moved up among the first ones after they
    /// were looked at.
    Whole,
}

impl Look {
    fn stages(self, order: Order, part: &Part<'_>) -> Vec<Document> {
        match self {
            Self::First => part.walk.first(order, &part.range, 1),
            Self::Behind => part.walk.behind(order, &part.range, LOOKED_AT_MAX, 1),
            Self::Whole => part.walk.first_of_all(order, &part.range, 1),
        }
    }
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
        let parts = self.parts(order.sort, below, above);
        let first = parts.iter().map(|part| (part.list, part.walk.first(order, &part.range, most)));
        let pages = self.entries(order, first, fields.clone()).await?;

        let is_short = |part: &Part| pages.get(part.list).is_some_and(|page| page.len() <= size);
        let short: Vec<Part> = parts.into_iter().filter(|part| part.is_bounded && is_short(part)).collect();
        let ends = self.ends(order, &short).await?;
        // Others write meanwhile. What lies before such an end is read again, and where there is none all of the list:
        // a record may have moved up among the entries that are looked at after they were.
        let whole = short.iter().map(|part| {
            let range = until(&part.range, order, ends.get(part.list).copied().flatten());
            (part.list, part.walk.first_of_all(order, &range, most))
        });
        let again = self.entries(order, whole, fields).await?;
        let gathered =
            pages.into_iter().zip(again).zip(ends).enumerate().map(|(list, ((page, again), end))| {
                let is_again = short.iter().any(|part| part.list == list);
                Gathered::of(if is_again { again } else { page }, size, end)
            });
        Ok(gathered.collect())
    }

    /// The last entry of each of these parts that may be looked at; `None` where the part ends before or with it.
    async fn ends(&self, order: Order, parts: &[Part<'_>]) -> Result<Vec<Option<Position>>, Fault> {
        let last = |part: &Part| (part.list, part.walk.behind(order, &part.range, LOOKED_AT_MAX - 1, 2));
        let ends = self.entries(order, parts.iter().map(last), place_fields(order.sort)).await?;
        // The entry behind it tells that there are more.
        Ok(ends.iter().map(|ends| ends.get(1).and(ends.first()).map(|entry| entry.place)).collect())
    }

    /// Whether each list has a record on this side of a cut; yes where looking for it was given up.
    async fn any(&self, sort: Sort, side: Side, cut: Option<Cut>) -> Result<Vec<bool>, Fault> {
        let Some(cut) = cut else { return Ok(vec![false; self.walks.len()]) };
        let (climbing, from, to) = match side {
            Side::Below => (false, None, Some(cut)),
            Side::Above => (true, Some(cut), None),
        };
        let order = Order { sort, climbing };
        let mut parts = self.parts(sort, from, to);
        let mut found = vec![false; self.walks.len()];
        for look in [Look::First, Look::Behind, Look::Whole] {
            let looked = parts.iter().map(|part| (part.list, look.stages(order, part)));
            let looked = self.entries(order, looked, place_fields(sort)).await?;
            for (found, looked) in found.iter_mut().zip(looked) {
                *found |= !looked.is_empty();
            }
            parts.retain(|part| part.is_bounded && found.get(part.list) == Some(&false));
        }
        Ok(found)
    }

    /// The parts of all lists between two cuts.
    fn parts(&self, sort: Sort, from: Option<Cut>, to: Option<Cut>) -> Vec<Part<'_>> {
        let mut parts = Vec::with_capacity(self.walks.len());
        for (list, walk) in self.walks.iter().enumerate() {
            let range = walk.range(sort).within(from, to);
            parts.push(Part { list, walk, range, is_bounded: walk.is_bounded(sort) });
        }
        parts
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

/// The part of a range that a walk has behind it at a place; without one, all of it.
fn until(range: &Range, order: Order, place: Option<Position>) -> Range {
    if order.climbing {
        range.within(None, place.map(Cut::behind))
    } else {
        range.within(place.map(Cut::before), None)
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
