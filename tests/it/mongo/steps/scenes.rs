//! Which calls come to which steps.

use super::super::super::app::App;
use super::super::attempt::Attempt;

/// A step, and a call that comes to it.
pub(super) struct Scene {
    pub(super) step: &'static str,
    pub(super) mutation: &'static str,
    hard: bool,
    /// Whether it is played with a key, without, or both.
    pub(super) keys: &'static [bool],
}

const BOTH: &[bool] = &[true, false];
const KEYED: &[bool] = &[true];
const PLAIN: &[bool] = &[false];

const fn scene(step: &'static str, mutation: &'static str, keys: &'static [bool]) -> Scene {
    Scene { step, mutation, hard: false, keys }
}

const fn purge(step: &'static str, mutation: &'static str, keys: &'static [bool]) -> Scene {
    Scene { step, mutation, hard: true, keys }
}

/// All steps but those of who takes over.
pub(super) const SCENES: [Scene; 40] = [
    scene("operation: begun", "createHolder", KEYED),
    scene("operation: begun", "onboardHolder", KEYED),
    scene("operation: begun", "createAliasAccount", KEYED),
    scene("operation: begun", "updateHolder", KEYED),
    scene("operation: begun", "restoreAliasAccount", KEYED),
    scene("operation: written", "createHolder", KEYED),
    scene("operation: written", "onboardHolder", KEYED),
    scene("operation: written", "createAliasAccount", KEYED),
    scene("operation: written", "updateAliasAccount", KEYED),
    scene("operation: written", "deleteHolder", KEYED),
    purge("operation: written", "deleteAliasAccount", KEYED),
    scene("operation: committed", "createHolder", KEYED),
    scene("operation: committed", "restoreAliasAccount", KEYED),
    scene("operation: committed", "addRelatedParty", KEYED),
    scene("link: held", "createAliasAccount", BOTH),
    scene("link: holder seen", "createAliasAccount", BOTH),
    scene("link: live", "createAliasAccount", BOTH),
    scene("create: holder held", "createHolder", KEYED),
    scene("create: holder held", "onboardHolder", BOTH),
    scene("create: alias accounts joining", "onboardHolder", BOTH),
    scene("create: live", "createHolder", PLAIN),
    scene("create: live", "onboardHolder", BOTH),
    scene("create: alias accounts live", "onboardHolder", BOTH),
    scene("update: written", "updateHolder", BOTH),
    scene("update: written", "updateAliasAccount", BOTH),
    scene("update: written", "removeRelatedParty", BOTH),
    scene("delete: written", "deleteAliasAccount", BOTH),
    scene("delete holder: marked", "deleteHolder", BOTH),
    scene("delete holder: looked", "deleteHolder", BOTH),
    scene("delete holder: deleted", "deleteHolder", BOTH),
    scene("restore: written", "restoreHolder", BOTH),
    scene("restore alias account: marked", "restoreAliasAccount", BOTH),
    scene("restore alias account: holder seen", "restoreAliasAccount", BOTH),
    scene("restore alias account: live", "restoreAliasAccount", BOTH),
    purge("purge: written", "deleteAliasAccount", BOTH),
    purge("purge holder: marked", "deleteHolder", BOTH),
    purge("purge holder: looked", "deleteHolder", BOTH),
    purge("purge holder: purged", "deleteHolder", BOTH),
    purge("purge holder: alias accounts purged", "deleteHolder", BOTH),
    scene("operation: begun", "deleteHolder", KEYED),
];

/// The steps of who takes over, and where the first one stopped.
pub(super) const FENCES: [(&str, Scene); 4] = [
    ("fence: fenced", scene("operation: begun", "createHolder", KEYED)),
    ("fence: fenced", scene("operation: begun", "updateHolder", KEYED)),
    ("fence: seen", scene("operation: begun", "updateHolder", KEYED)),
    ("fence: seen", scene("create: holder held", "onboardHolder", KEYED)),
];

impl Scene {
    /// A call of it that would succeed.
    pub(super) async fn attempt(&self, app: &App, has_key: bool) -> Attempt {
        match (self.mutation, self.hard) {
            ("deleteHolder", true) => Attempt::purge(app, has_key).await,
            (mutation, hard) => Attempt::new(app, mutation, hard, has_key).await,
        }
    }
}
