//! What every request can reach: the settings, the store and the assets.

use super::{assets::Assets, config::Settings, db::Db};
use crate::search::follow::Following;
use leptos::prelude::expect_context;
use std::sync::{Arc, atomic::AtomicBool};

/// The running site. Cheap to clone.
#[derive(Clone)]
pub struct Site(Arc<Parts>);

/// The parts of the running site.
pub struct Parts {
    /// What the operator set.
    pub settings: Settings,
    /// The store.
    pub db: Db,
    /// The browser's files.
    pub assets: Assets,
    /// The search index.
    pub search: Following,
    /// Whether the program has been told to end.
    pub is_ending: AtomicBool,
}

impl Site {
    /// Puts the site together.
    pub fn new(settings: Settings, db: Db, assets: Assets, search: Following) -> Self {
        Self(Arc::new(Parts { settings, db, assets, search, is_ending: AtomicBool::new(false) }))
    }
}

impl std::ops::Deref for Site {
    type Target = Parts;

    fn deref(&self) -> &Parts {
        &self.0
    }
}

/// The site that serves this request. Every handler runs within `router::scope`, which provides it.
pub fn site() -> Site {
    expect_context()
}

/// The store of the site that serves this request.
pub fn db() -> Db {
    site().db.clone()
}
