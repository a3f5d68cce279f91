//! The check values of key generations.

use super::Stores;
use crate::registry::ports::record::KeyId;
use crate::registry::ports::store::KeyCheck;
use futures::future::join_all;

fn check(id: &str, value: u8) -> KeyCheck {
    KeyCheck { id: KeyId(id.to_owned()), value: [value; 32] }
}

pub(crate) async fn the_first_value_stays<S: Stores>(stores: &mut S) {
    let store = stores.store();
    for value in [1, 1, 2] {
        assert!(store.key_check(check("1", value)).await.unwrap() == check("1", 1), "{value}");
    }
}

pub(crate) async fn generations_have_values_of_their_own<S: Stores>(stores: &mut S) {
    let store = stores.store();
    assert!(store.key_check(check("1", 1)).await.unwrap() == check("1", 1));
    assert!(store.key_check(check("2", 2)).await.unwrap() == check("2", 2));
    assert!(store.key_check(check("1", 2)).await.unwrap() == check("1", 1));
}

pub(crate) async fn of_64_racing_values_all_are_told_the_same<S: Stores>(stores: &mut S) {
    let race = (0..64).map(|value| {
        let store = stores.store();
        tokio::spawn(async move { store.key_check(check("1", value)).await.unwrap() })
    });
    let told: Vec<_> = join_all(race).await.into_iter().map(Result::unwrap).collect();
    assert!(told.windows(2).all(|pair| pair[0] == pair[1]));
    assert!(stores.store().key_check(check("1", 99)).await.unwrap() == told[0]);
}
