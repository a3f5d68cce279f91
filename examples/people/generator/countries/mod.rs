//! The countries that people come from.

mod africa;
mod americas;
mod central_europe;
mod east_asia;
mod eastern_europe;
mod near_east;
mod south_asia;
mod south_east_asia;
mod western_europe;

use super::country::{Bank, BySex, Country, Names, Places};
use super::dice::Words;
use super::documents::Kind::{Computed, Pattern};
use super::documents::{
    americas as american, east_asia as east_asian, eastern_europe as eastern, near_east as near_eastern,
    south_asia as south_asian, western_europe as western,
};

/// All of them, always in this order.
pub(super) fn all() -> Vec<Country> {
    [
        americas::all(),
        western_europe::all(),
        central_europe::all(),
        eastern_europe::all(),
        near_east::all(),
        south_asia::all(),
        east_asia::all(),
        south_east_asia::all(),
        africa::all(),
    ]
    .into_iter()
    .flatten()
    .collect()
}
