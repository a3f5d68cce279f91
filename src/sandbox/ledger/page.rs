//! `limit` and `page` of a list.

use super::super::refusal::Refusal;
use super::refusals::query_parameter;
use url::form_urlencoded;

const LARGEST_LIMIT: usize = 100;

/// Which part of a list is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct PageRequest {
    /// At most so many items.
    pub(super) limit: usize,
    /// Which page, from 1.
    pub(super) page: usize,
}

impl PageRequest {
    /// Reads a query; parameters of other names are not for us.
    pub(super) fn read(query: Option<&str>) -> Result<Self, Refusal> {
        let mut request = Self { limit: 10, page: 1 };
        for (name, value) in form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            match name.as_ref() {
                "limit" => request.limit = number(&value, 1..=LARGEST_LIMIT, "`limit` must be 1 to 100")?,
                "page" => {
                    request.page = number(&value, 1..=usize::MAX, "`page` must be a whole number from 1 on")?;
                }
                _ => {}
            }
        }
        Ok(request)
    }

    /// That part of the items.
    pub(super) fn of<I: Iterator>(self, items: I) -> impl Iterator<Item = I::Item> {
        items.skip((self.page - 1).saturating_mul(self.limit)).take(self.limit)
    }
}

fn number(text: &str, range: std::ops::RangeInclusive<usize>, fault: &'static str) -> Result<usize, Refusal> {
    let number = text.parse().ok().filter(|number| range.contains(number));
    number.ok_or_else(|| query_parameter(fault))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        #[test]
        fn pages_make_up_the_list(length in 0usize..350, limit in 1usize..=100) {
            let mut seen = Vec::new();
            for page in 1.. {
                let query = format!("limit={limit}&page={page}");
                let part: Vec<_> = PageRequest::read(Some(&query)).unwrap().of(0..length).collect();
                if part.is_empty() {
                    break;
                }
                seen.extend(part);
            }
            prop_assert_eq!(seen, (0..length).collect::<Vec<_>>());
        }
    }

    #[test]
    fn what_is_no_number_in_range_is_refused_and_what_is_left_out_has_a_default() {
        assert_eq!(PageRequest::read(None), Ok(PageRequest { limit: 10, page: 1 }));
        assert_eq!(PageRequest::read(Some("sort=x&page=3")), Ok(PageRequest { limit: 10, page: 3 }));
        for wrong in ["limit=0", "limit=101", "limit=-1", "limit=", "limit=ten", "page=0", "page=1.5"] {
            assert!(PageRequest::read(Some(wrong)).is_err(), "{wrong}");
        }
        let last = PageRequest::read(Some(&format!("page={}", usize::MAX))).unwrap();
        assert_eq!(last.of(0..50).count(), 0);
    }
}
