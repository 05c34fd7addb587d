//! The shops that this server answers for: those of a folder, installed at the start, and those of the store, installed when they are asked.
//!
//! What this module must not know: HTTP, how the store is kept.

pub mod folder;
mod place;

pub use place::{AnyPlace, Deployed, Figures, Make, Member, Place, Stage, Trial};

use crate::calls::ShopCalls;
use crate::config::{ShopId, Stock};
use crate::estimates::bundle::Today;
use crate::platform::merchant::Merchant;
use cartwright_contract::CurrencyCode;
use cartwright_contract::settings::Issue;
use cartwright_outside::Secrets;
use cartwright_records::PluginRef;
use cartwright_runtime::Composition;
use cartwright_runtime::composition::Compose;
use cartwright_runtime::hooks::{AddressValidation, OrderRouting, OrderScreening, ReturnPolicy, ShippingQuote};
use cartwright_velocity::{Subjects, Velocity};
use serde::Serialize;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::atomic::AtomicU64;
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;
use utoipa::ToSchema;

/// What [`crate::Server::prepare`] is doing.
#[derive(Debug)]
pub enum Progress<'a> {
    /// Begins to install plugin `number` (counted from 1) of `of`; compiling takes up to some seconds.
    Installing { shop: &'a ShopId, hook: &'static str, component: &'a Path, number: usize, of: usize },
    /// It is ready.
    Installed {
        shop: &'a ShopId,
        hook: &'static str,
        plugin: &'a PluginIdentity,
        /// What the plugin finds odd in the shop's settings.
        warnings: &'a [Issue],
        took: Duration,
    },
}

/// One shop.
#[derive(Debug)]
pub struct Shop {
    pub id: ShopId,
    pub name: String,
    pub hooks: Hooks,
    pub secrets: Secrets,
    pub calls: ShopCalls,
    pub estimates: Estimates,
    /// What only a shop of the store has.
    pub merchant: Option<Arc<Merchant>>,
}

impl Shop {
    /// What it is called in metrics: a folder's shop by its name, a store's by its class, since there are thousands of them.
    pub fn label(&self) -> &str {
        self.merchant.as_ref().map_or(self.id.as_str(), |merchant| &merchant.class)
    }
}

/// What a shop's pages are told before there is an order.
#[derive(Debug, Default)]
pub struct Estimates {
    pub currency: Option<CurrencyCode>,
    pub stock: Stock,
    pub today: Today,
}

/// Who answers at each hook; nobody where the merchant has installed nothing.
#[derive(Debug, Default)]
pub struct Hooks {
    pub shipping_quote: Option<Arc<Place<ShippingQuote>>>,
    pub order_routing: Option<Arc<Place<OrderRouting>>>,
    pub order_screening: Option<Arc<Place<OrderScreening>>>,
    pub address_validation: Option<Arc<Place<AddressValidation>>>,
    pub return_policy: Option<Arc<Place<ReturnPolicy>>>,
}

impl Hooks {
    /// All hooks that have something, whichever they are.
    pub fn places(&self) -> impl Iterator<Item = &dyn AnyPlace> {
        let Self { shipping_quote, order_routing, order_screening, address_validation, return_policy } = self;
        [
            shipping_quote.as_deref().map(|place| place as &dyn AnyPlace),
            order_routing.as_deref().map(|place| place as &dyn AnyPlace),
            order_screening.as_deref().map(|place| place as &dyn AnyPlace),
            address_validation.as_deref().map(|place| place as &dyn AnyPlace),
            return_policy.as_deref().map(|place| place as &dyn AnyPlace),
        ]
        .into_iter()
        .flatten()
    }
}

/// A hook's plugins.
#[derive(Debug)]
pub struct Installed<H: Compose> {
    pub composition: Composition<H>,
    /// One for each plugin, in their order.
    pub identities: Vec<PluginIdentity>,
    /// The installs of the store behind them, in their order; none for a shop of a folder.
    pub members: Vec<Member>,
    /// The same as records keep it.
    pub references: Arc<[PluginRef]>,
    /// Calls that ended in the fallback since the start.
    pub failures: AtomicU64,
}

impl<H: Compose> Installed<H> {
    /// Plugins of a folder.
    pub fn new(composition: Composition<H>, identities: Vec<PluginIdentity>) -> Self {
        let references = Vec::new().into();
        Self { composition, identities, members: Vec::new(), references, failures: AtomicU64::new(0) }
    }
}

/// Which plugin answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, ToSchema)]
pub struct PluginIdentity {
    /// From its manifest, or the name of its file when it has none.
    #[schema(example = "shipping-quote")]
    pub name: String,
    /// From its manifest; empty when it has none.
    #[schema(example = "1.0.0")]
    pub version: String,
    /// Digest of component and settings in one; the same answer to the same request comes from the same snapshot.
    pub snapshot: String,
    /// The merchant's revision of its install, where installs are kept in the store.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub revision: Option<i64>,
}

/// A hook that shops can have plugins on.
pub trait Served: Compose {
    fn of(hooks: &Hooks) -> Option<&Place<Self>>
    where
        Self: Sized;

    /// Puts into a request what only the host knows; gives what the request is counted by, where it is.
    fn complete(_velocity: &Velocity, _shop: &ShopId, _request: &mut Self::Request) -> Option<Subjects> {
        None
    }

    /// Counts an answered request, for later ones that will ask about it.
    fn remember(_velocity: &Velocity, _shop: &ShopId, _request: &Self::Request, _subjects: &Subjects) {}
}

macro_rules! served {
    ($($hook:ident: $field:ident),*) => {$(
        impl Served for $hook {
            fn of(hooks: &Hooks) -> Option<&Place<Self>> {
                hooks.$field.as_deref()
            }
        }
    )*};
}

served!(
    ShippingQuote: shipping_quote,
    OrderRouting: order_routing,
    AddressValidation: address_validation,
    ReturnPolicy: return_policy
);

impl Served for OrderScreening {
    fn of(hooks: &Hooks) -> Option<&Place<Self>> {
        hooks.order_screening.as_deref()
    }

    /// The velocity counters, for a platform that keeps none of its own.
    fn complete(velocity: &Velocity, shop: &ShopId, request: &mut Self::Request) -> Option<Subjects> {
        let subjects = velocity.subjects(shop.as_str(), request);
        if request.velocities.is_empty() {
            request.velocities = velocity.count(&subjects, request.at);
        }
        Some(subjects)
    }

    fn remember(velocity: &Velocity, shop: &ShopId, request: &Self::Request, subjects: &Subjects) {
        if let Err(error) = velocity.record(subjects, request.payment.amount, request.at) {
            tracing::error!(shop = shop.as_str(), %error, "a velocity counter was not written");
        }
    }
}

/// All shops, by their ids. A request takes its shop out once and keeps it to its end, so that a switch happens between requests.
#[derive(Debug, Default)]
pub struct Shops(RwLock<BTreeMap<ShopId, Arc<Shop>>>);

impl Shops {
    pub fn new(shops: impl IntoIterator<Item = Arc<Shop>>) -> Self {
        Self(RwLock::new(shops.into_iter().map(|shop| (shop.id.clone(), shop)).collect()))
    }

    pub fn get(&self, id: &str) -> Option<Arc<Shop>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).get(id).cloned()
    }

    /// From now on requests find this one.
    pub fn put(&self, shop: Arc<Shop>) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).insert(shop.id.clone(), shop);
    }

    /// From now on requests find none; those under way end with the one they have.
    pub fn remove(&self, id: &str) {
        self.0.write().unwrap_or_else(PoisonError::into_inner).remove(id);
    }

    pub fn all(&self) -> Vec<Arc<Shop>> {
        self.0.read().unwrap_or_else(PoisonError::into_inner).values().cloned().collect()
    }

    pub fn len(&self) -> usize {
        self.0.read().unwrap_or_else(PoisonError::into_inner).len()
    }
}
