//! What a story says there is: products, places, parties, settings.

use lotbook_domain::catalog::{Costing, LotStatus, Tracking};
use lotbook_domain::location::LotUse;
use lotbook_domain::money::UnitCost;
use lotbook_domain::time::Time;

/// Something that is defined or set. Names are unique within a story and have no blanks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Thing {
    /// `unit box`
    Unit {
        /// Its name and symbol.
        name: String,
    },
    /// `convert 1 box = 12 pcs [of BEANS]`
    Conversion {
        /// For this product only.
        product: Option<String>,
        /// From this unit …
        from: String,
        /// … to this one.
        to: String,
        /// Multiply by this …
        numerator: i64,
        /// … and divide by this.
        denominator: i64,
    },
    /// `product MILK unit l, fifo, cost 1.00`
    Product(Product),
    /// `variant SHIRT/RED cost 3.00`
    Variant {
        /// The product.
        product: String,
        /// The variant.
        name: String,
        /// Its cost.
        cost: Option<UnitCost>,
    },
    /// `org unit NORTH under SOUTH, uses stock of SOUTH`
    OrgUnit {
        /// Its name.
        name: String,
        /// The org unit above; `None` = the root.
        parent: Option<String>,
        /// Whose stock it uses.
        stock_of: Option<String>,
    },
    /// `location COLD in NORTH, forbid, default, takes fefo`
    Location {
        /// Its name.
        name: String,
        /// The org unit or location above; `None` = the root.
        parent: Option<String>,
        /// Its own word on negative stock.
        allow_negative: Option<bool>,
        /// Whether it is the org unit's default.
        is_default: bool,
        /// How lots are taken.
        lot_use: LotUse,
    },
    /// `lot MILK/A expires 2024-05-01, status QA_HOLD, cost 1.50`
    Lot {
        /// The product.
        product: String,
        /// Its name.
        name: String,
        /// When it expires.
        expires_at: Option<Time>,
        /// Its status.
        status: LotStatus,
        /// Its cost.
        cost: Option<UnitCost>,
    },
    /// `instance PHONE/SN1 cost 300`
    Instance {
        /// The product.
        product: String,
        /// The serial number.
        name: String,
        /// Its cost.
        cost: Option<UnitCost>,
    },
    /// `customer ANNA`, `supplier FARM`
    Party {
        /// Its name.
        name: String,
        /// A supplier; else a customer.
        is_supplier: bool,
    },
    /// `setting negativeStock "forbid" [for NORTH]`; the value is JSON.
    Setting {
        /// The setting.
        key: String,
        /// Its value as JSON.
        value: String,
        /// For which org unit; `None` = the tenant.
        org_unit: Option<String>,
    },
}

/// A product of a story.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Product {
    /// Its identifier.
    pub name: String,
    /// Its base unit; `None` = pieces.
    pub unit: Option<String>,
    /// How it is tracked.
    pub tracking: Tracking,
    /// How it is valued.
    pub costing: Costing,
    /// The cost entered for it.
    pub cost: Option<UnitCost>,
    /// The cost to fall back on.
    pub default_cost: Option<UnitCost>,
    /// Whether it has variants.
    pub has_variants: bool,
}
