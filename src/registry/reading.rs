//! Reading several records at once, of which one may be damaged (rule 16).

use super::caller::Caller;
use super::failure::Failure;
use super::ports::store::StoreError;
use futures::future::BoxFuture;

/// Reads the records of these keys in one call. Where a row among them cannot be read, each key is read by itself: then
/// that one is answered with its key, and the rest is there.
pub(super) async fn each<'a, K: Clone + Sync, R>(
    caller: &Caller,
    keys: &'a [K],
    read: impl Fn(&'a [K]) -> BoxFuture<'a, Result<Vec<R>, StoreError>>,
) -> Result<(Vec<R>, Vec<(K, Failure)>), Failure> {
    if keys.is_empty() {
        return Ok((Vec::new(), Vec::new()));
    }
    match caller.within(read(keys)).await {
        Err(Failure::Unreadable) => {}
        read => return read.map(|records| (records, Vec::new())),
    }
    let (mut records, mut unreadable) = (Vec::new(), Vec::new());
    for key in keys {
        match caller.within(read(std::slice::from_ref(key))).await {
            Ok(found) => records.extend(found),
            Err(Failure::Unreadable) => unreadable.push((key.clone(), Failure::Unreadable)),
            Err(failure) => return Err(failure),
        }
    }
    Ok((records, unreadable))
}
