//! Where nothing is answered.

use super::super::{Background, Ending, Patience, Taken};
use super::{World, walk};
use crate::registry::ports::ledger::LedgerError;
use crate::registry::ports::link_walk::{LinkWalks, Tally, WalkKind};
use std::time::Duration;
use tokio::sync::watch;
use uuid::Uuid;

#[tokio::test]
async fn an_organization_that_is_never_answered_for_holds_a_walk_up_once_and_not_at_each_page() {
    let world = World::with(10).await;
    for account in [0, 1, 2, 3, 4, 5, 8, 9] {
        world.say(account, Err(LedgerError::Forbidden));
    }
    let links = world.links();
    let mut rests = vec![];
    let tally = loop {
        match walk(&links, 2, usize::MAX).await.0 {
            Ending::Silent(tally, _) => rests.push(tally.total()),
            Ending::Whole(tally) => break tally,
            other => panic!("{other:?}"),
        }
    };
    // Something was answered in between, so the silence that follows is another one.
    assert_eq!(rests, [0, 0, 8, 8]);
    assert_eq!(tally, Tally { verified: 10, unanswered: 8, ..Tally::default() });
}

#[tokio::test]
async fn without_a_token_of_our_own_no_link_is_ever_passed_over() {
    let world = World::with(4).await;
    *world.ledger.is_locked.lock().unwrap() = true;
    for _ in 0..5 {
        let (ended, _) = walk(&world.links(), 2, usize::MAX).await;
        assert_eq!(ended, Ending::Silent(Tally::default(), "no token".to_owned()));
        assert_eq!(world.asked(), [0, 1]);
    }
}

#[tokio::test]
async fn a_walk_that_rests_in_silence_rests_for_all_servers() {
    let world = World::with(3).await;
    let hour = Duration::from_secs(3_600);
    let mut servers = [(); 2].map(|()| Background::new(world.links(), hour));
    let (_stop, mut stopped) = watch::channel(false);
    *world.ledger.is_down.lock().unwrap() = true;
    servers[0].look(&mut stopped).await.unwrap();
    assert_eq!(world.asked(), [0, 1, 2]);
    let noted = world.store.walk(WalkKind::Background).await.unwrap().walk;
    assert!(noted.walker.is_none() && noted.under_way.unwrap().rests);
    for server in [1, 0, 1, 0] {
        servers[server].look(&mut stopped).await.unwrap();
        assert_eq!(world.asked(), Vec::<usize>::new(), "server {server}");
    }

    // Whoever goes on takes the mark away: one that was only told to stop is gone on with at once.
    let (links, me) = (world.links(), Uuid::new_v4());
    let taken = links.take(WalkKind::Background, me, &mut Patience::default(), |_| true, false).await;
    let Ok(Taken::Ours(walking)) = taken else { panic!("it is not let go on with") };
    walking.rest().await.unwrap();
    let noted = world.store.walk(WalkKind::Background).await.unwrap().walk;
    assert!(!noted.under_way.unwrap().rests);
}
