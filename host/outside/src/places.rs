//! Places for requests under way: fewer for one shop than for all, so that the shop with the slow service is the one that waits.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError, Weak};
use tokio::sync::{OwnedSemaphorePermit, Semaphore};

#[derive(Debug)]
pub(crate) struct Places {
    all: Arc<Semaphore>,
    per_shop: usize,
    /// Only shops with a request under way or waiting.
    shops: Mutex<HashMap<String, Weak<Semaphore>>>,
}

pub(crate) struct Place {
    _all: OwnedSemaphorePermit,
    _shop: OwnedSemaphorePermit,
}

impl Places {
    pub fn new(per_shop: usize, all: usize) -> Self {
        Self { all: Arc::new(Semaphore::new(all)), per_shop, shops: Mutex::default() }
    }

    /// Waits for a place; the shop's own first, so that nobody waits in it for the others'.
    pub async fn take(&self, shop: &str) -> Place {
        let of_shop = self.of(shop).acquire_owned().await.expect("a semaphore of ours is never closed");
        let of_all = Arc::clone(&self.all).acquire_owned().await.expect("a semaphore of ours is never closed");
        Place { _all: of_all, _shop: of_shop }
    }

    fn of(&self, shop: &str) -> Arc<Semaphore> {
        let mut shops = self.shops.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(places) = shops.get(shop).and_then(Weak::upgrade) {
            return places;
        }
        // Whoever comes new sweeps: the map stays as small as what is under way.
        shops.retain(|_, places| places.strong_count() > 0);
        let places = Arc::new(Semaphore::new(self.per_shop));
        shops.insert(shop.to_owned(), Arc::downgrade(&places));
        places
    }
}
