//! The store of the settings: the embedded one, or MongoDB.

use super::failure::Failure;
use crate::config;
use crate::registry::ports::audit::AuditStore;
use crate::registry::ports::inspection::Inspection;
use crate::registry::ports::link_walk::LinkWalks;
use crate::registry::ports::store::Store;
use crate::reload::Watched;
use crate::store::Role;
use crate::store::mongo::MongoStore;
use crate::store::sqlite::SqliteStore;
use std::sync::Arc;

/// One store, in each of its capacities.
pub(super) struct Opened {
    /// For the use cases.
    pub(super) store: Arc<dyn Store>,
    /// For the audit trail.
    pub(super) audit: Arc<dyn AuditStore>,
    /// For looking after it.
    pub(super) inspection: Arc<dyn Inspection>,
    /// For walking over all links.
    pub(super) walks: Arc<dyn LinkWalks>,
    /// Its files, to be read again when they change, by whoever goes on for long.
    pub(super) watched: Option<Arc<dyn Watched>>,
}

/// Opens it.
pub(super) async fn open(settings: &config::store::Store, role: Role) -> Result<Opened, Failure> {
    let failed = |why: String| Failure::because("opening the store", why);
    match &settings.mongo {
        Some(mongo) => {
            let settings = mongo.connection();
            let store = MongoStore::connect(&settings, role).await;
            let store = store.map_err(|error| failed(error.to_string()))?;
            let watched =
                mongo.reread().map(|reread| -> Arc<dyn Watched> { store.keep_to(settings, reread) });
            Ok(Opened { watched, ..of(store) })
        }
        None => {
            let store = SqliteStore::open(&settings.data_dir, role);
            Ok(of(store.map_err(|error| failed(error.to_string()))?))
        }
    }
}

fn of<S: Store + AuditStore + LinkWalks + 'static>(store: S) -> Opened {
    let store = Arc::new(store);
    Opened {
        store: store.clone(),
        audit: store.clone(),
        inspection: store.clone(),
        walks: store,
        watched: None,
    }
}
