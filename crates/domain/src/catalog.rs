//! What stock is made of: products, variants, lots, and who it comes from and goes to.

use std::collections::HashMap;
use std::sync::Arc;

use crate::costing::{CostingFact, Plan};
use crate::id::{CategoryId, LotId, PartyId, ProductId, ReasonId, UnitId, VariantId};
use crate::location::LocationTree;
use crate::money::UnitCost;
use crate::policy::Policies;
use crate::time::Time;

/// How single pieces or batches of a product are told apart.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Tracking {
    /// Not at all.
    #[default]
    None,
    /// By lot.
    Lot,
    /// By serial number: each instance is a lot of one unit.
    Serial,
}

/// How the cost of an issue is found.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Costing {
    /// Moving average of the pool.
    #[default]
    Average,
    /// Oldest layers first.
    Fifo,
    /// At the standard cost, with variances.
    Standard,
    /// At the cost of the lot or instance itself.
    Specific,
}

impl Costing {
    /// Its name on every face.
    pub fn name(self) -> &'static str {
        match self {
            Self::Average => "average",
            Self::Fifo => "fifo",
            Self::Standard => "standard",
            Self::Specific => "specific",
        }
    }

    /// The reverse of [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        [Self::Average, Self::Fifo, Self::Standard, Self::Specific].into_iter().find(|method| method.name() == name)
    }
}

/// A product, as far as booking needs it.
#[derive(Clone, Debug, Default)]
pub struct Product {
    /// Its id.
    pub id: ProductId,
    /// Its identifier as people write it.
    pub identifier: String,
    /// Its name.
    pub name: String,
    /// Its category; 0 = none.
    pub category: CategoryId,
    /// Its base unit; quantities are kept in it.
    pub unit: UnitId,
    /// How it is tracked.
    pub tracking: Tracking,
    /// How it is valued.
    pub costing: Costing,
    /// The cost entered for it.
    pub cost_price: Option<UnitCost>,
    /// The cost to fall back on when nothing else is known.
    pub default_cost_price: Option<UnitCost>,
    /// Whether each entry must name a variant.
    pub has_variants: bool,
    /// Whether it may be entered.
    pub is_enabled: bool,
    /// What was said about how it is valued since when, in the order in which it was said.
    pub costings: Vec<CostingFact>,
}

/// A variant of a product.
#[derive(Clone, Debug, Default)]
pub struct Variant {
    /// Its id.
    pub id: VariantId,
    /// The product.
    pub product: ProductId,
    /// Its identifier.
    pub identifier: String,
    /// The cost entered for it.
    pub cost_price: Option<UnitCost>,
    /// Whether it may be entered.
    pub is_enabled: bool,
}

/// Where a lot is in its life.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum LotStatus {
    /// Being made or received.
    Open,
    /// Free for use.
    #[default]
    Available,
    /// Held by quality.
    QaHold,
    /// Past its date.
    Expired,
    /// Left the house.
    Shipped,
    /// Done; nothing may touch it.
    Closed,
}

impl LotStatus {
    /// Every status, in the order of a lot's life.
    pub const ALL: [Self; 6] = [Self::Open, Self::Available, Self::QaHold, Self::Expired, Self::Shipped, Self::Closed];

    /// The reverse of [`Self::name`].
    pub fn from_name(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|status| status.name() == name)
    }

    /// As people read it.
    pub fn name(self) -> &'static str {
        match self {
            Self::Open => "OPEN",
            Self::Available => "AVAILABLE",
            Self::QaHold => "QA_HOLD",
            Self::Expired => "EXPIRED",
            Self::Shipped => "SHIPPED",
            Self::Closed => "CLOSED",
        }
    }
}

/// A lot; an instance (serial number) is a lot of one unit.
#[derive(Clone, Debug, Default)]
pub struct Lot {
    /// Its id.
    pub id: LotId,
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// Its name; unique within the product.
    pub name: String,
    /// Whether it is one serial-numbered unit.
    pub is_serial: bool,
    /// Where it is in its life.
    pub status: LotStatus,
    /// When it expires.
    pub expires_at: Option<Time>,
    /// The cost of this very lot or instance, if entered.
    pub cost_price: Option<UnitCost>,
    /// Whether it may be entered.
    pub is_enabled: bool,
}

impl Lot {
    /// Why its status keeps it from giving or taking, in words.
    pub fn refusal(&self, product: &str, is_receipt: bool) -> String {
        let (name, status) = (&self.name, self.status.name());
        let what = if is_receipt { "take anything in" } else { "be issued" };
        format!("lot {name} of {product} is {status}; it can not {what} before its status is changed")
    }

    /// That it is disabled, in words.
    pub fn disabled(&self, product: &str) -> String {
        format!("lot {} of {product} is disabled ({}); enable it first", self.name, self.status.name())
    }
}

/// Exact ratios `(numerator, denominator)` by product (0 = all), unit from and unit to.
pub type Conversions = HashMap<(ProductId, UnitId, UnitId), (i64, i64)>;

/// The part of the catalog that a group of requests touches. What a request names and is not here
/// does not exist.
#[derive(Clone, Debug, Default)]
pub struct Catalog {
    /// Products by id.
    pub products: HashMap<ProductId, Product>,
    /// Variants by id.
    pub variants: HashMap<VariantId, Variant>,
    /// Lots and instances by id.
    pub lots: HashMap<LotId, Lot>,
    /// Lots by product and folded name.
    pub lots_by_name: HashMap<(ProductId, String), LotId>,
    /// Parties by id, with their names.
    pub parties: HashMap<PartyId, String>,
    /// Reason codes by id, with their names.
    pub reasons: Arc<HashMap<ReasonId, String>>,
    /// All locations.
    pub locations: Arc<LocationTree>,
    /// Parents of categories.
    pub category_parents: Arc<HashMap<CategoryId, CategoryId>>,
    /// Exact ratios `(numerator, denominator)` from one unit to another; product 0 = for all products.
    pub conversions: Arc<Conversions>,
    /// Unit symbols by id.
    pub units: Arc<HashMap<UnitId, String>>,
    /// What decides: negative stock, closed periods, scale.
    pub policies: Arc<Policies>,
}

impl Catalog {
    /// Adds a lot and its name.
    pub fn insert_lot(&mut self, lot: Lot) {
        self.lots_by_name.insert((lot.product, fold(&lot.name)), lot.id);
        self.lots.insert(lot.id, lot);
    }

    /// How a product, or one of its variants, is valued over time.
    pub fn costing(&self, product: ProductId, variant: VariantId) -> Plan {
        self.products.get(&product).map_or_else(Plan::default, |product| Plan::of(product, self.variants.get(&variant)))
    }

    /// How a product is named to people: `85123A`.
    pub fn product_name(&self, id: ProductId) -> String {
        self.products.get(&id).map_or_else(|| format!("product {id}"), |product| product.identifier.clone())
    }

    /// The ratio that turns a quantity of `from` into the product's `to` unit: the product's own
    /// conversion, else the general one, either way round; `None` where nobody has entered one.
    pub fn ratio(&self, product: ProductId, from: UnitId, to: UnitId) -> Option<(i64, i64)> {
        if from == to || from.0 == 0 {
            return Some((1, 1));
        }
        for owner in [product, ProductId(0)] {
            if let Some(ratio) = self.conversions.get(&(owner, from, to)) {
                return Some(*ratio);
            }
            if let Some((numerator, denominator)) = self.conversions.get(&(owner, to, from)) {
                return Some((*denominator, *numerator));
            }
        }
        None
    }

    /// Whether a category is `above` or somewhere below it; bounded against cycles.
    pub fn category_is_within(&self, category: CategoryId, above: CategoryId) -> bool {
        let mut at = category;
        for _ in 0..64 {
            if at == above {
                return true;
            }
            match self.category_parents.get(&at) {
                Some(parent) if parent.0 != 0 => at = *parent,
                _ => return false,
            }
        }
        false
    }

    /// The cost of a unit when the entry gives none, and no movement tells: the instance's or lot's,
    /// the variant's, the product's, the product's default; `None` where none is entered.
    pub fn fallback_cost(&self, product: ProductId, variant: VariantId, lot: LotId) -> Option<UnitCost> {
        let product = self.products.get(&product);
        self.lots
            .get(&lot)
            .and_then(|lot| lot.cost_price)
            .or_else(|| self.variants.get(&variant).and_then(|variant| variant.cost_price))
            .or_else(|| product.and_then(|product| product.cost_price))
            .or_else(|| product.and_then(|product| product.default_cost_price))
    }
}

/// A name as it is compared: trimmed, lower case.
pub fn fold(name: &str) -> String {
    name.trim().to_lowercase()
}
