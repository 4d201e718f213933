//! What keys of the ledger are called by people.

use std::collections::{BTreeSet, HashMap};

use lotbook_domain::catalog::{Costing, Lot, Product, Variant};
use lotbook_domain::costing::Plan;
use lotbook_domain::id::{LocationId, LotId, ProductId, TenantId, VariantId};
use lotbook_domain::time::Time;
use lotbook_engine::structure::Structure;
use lotbook_engine::thing::Value;
use lotbook_engine::{Conn, Error, table, uid};

use super::{number, record, text};

/// Names of what keys stand for.
#[derive(Default)]
pub struct Names {
    /// Products by id.
    pub products: HashMap<ProductId, Product>,
    /// Variants by id.
    pub variants: HashMap<VariantId, Variant>,
    /// Lots by id, with their ULIDs.
    pub lots: HashMap<LotId, (String, Lot)>,
}

impl Names {
    /// Reads the names of these keys: a handful of statements.
    pub fn load(
        conn: &mut Conn,
        tenant: TenantId,
        keys: impl Iterator<Item = (ProductId, VariantId, LotId)> + Clone,
    ) -> Result<Self, Error> {
        let products: BTreeSet<ProductId> = keys.clone().map(|key| key.0).collect();
        let variants: BTreeSet<VariantId> = keys.clone().map(|key| key.1).filter(|id| id.0 != 0).collect();
        let lots: BTreeSet<LotId> = keys.map(|key| key.2).filter(|id| id.0 != 0).collect();
        let uids: HashMap<LotId, String> = table::catalog::lot_uids(conn, tenant, lots.iter().copied())?;
        Ok(Self {
            products: table::catalog::products(conn, tenant, products)?
                .into_iter()
                .map(|found| (found.id, found))
                .collect(),
            variants: table::catalog::variants(conn, tenant, variants)?
                .into_iter()
                .map(|found| (found.id, found))
                .collect(),
            lots: table::catalog::lots(conn, tenant, lots)?
                .into_iter()
                .map(|found| (found.id, (uids.get(&found.id).cloned().unwrap_or_default(), found)))
                .collect(),
        })
    }

    /// Goes back to how the products were valued by what was known at a position: one statement, none where it is not of
    /// the past.
    pub fn as_known_at(&mut self, conn: &mut Conn, tenant: TenantId, known_at: Option<i64>) -> Result<(), Error> {
        let Some(known_at) = known_at.filter(|_| !self.products.is_empty()) else { return Ok(()) };
        let mut said = table::costing::said_by(conn, tenant, self.products.keys().copied(), known_at)?;
        for (id, product) in &mut self.products {
            product.costings = said.remove(id).unwrap_or_default();
        }
        Ok(())
    }

    /// A product as `{id, identifier}`.
    pub fn product_of(&self, id: ProductId) -> Value {
        let identifier = self.products.get(&id).map(|product| product.identifier.clone()).unwrap_or_default();
        Value::Object(record([("id", number(id.0)), ("identifier", text(identifier))]))
    }

    /// A product's name.
    pub fn name_of(&self, id: ProductId) -> Value {
        text(self.products.get(&id).map(|product| product.name.clone()).unwrap_or_default())
    }

    /// A variant as `{id, identifier}`, or nothing.
    pub fn variant_of(&self, id: VariantId) -> Value {
        if id.0 == 0 {
            return Value::Null;
        }
        let identifier = self.variants.get(&id).map(|variant| variant.identifier.clone()).unwrap_or_default();
        Value::Object(record([("id", number(id.0)), ("identifier", text(identifier))]))
    }

    /// A lot as `{id, uid, name}`, or nothing.
    pub fn lot_of(&self, id: LotId) -> Value {
        let Some((lot_uid, lot)) = self.lots.get(&id) else { return Value::Null };
        let fields = [("id", number(id.0)), ("uid", text(uid::print(lot_uid))), ("name", text(lot.name.clone()))];
        Value::Object(record(fields))
    }

    /// The symbol of a product's base unit.
    pub fn unit_of(&self, id: ProductId, structure: &Structure) -> Value {
        let symbol = self.products.get(&id).and_then(|product| structure.catalog.units.get(&product.unit));
        symbol.map_or(Value::Null, |symbol| text(symbol.clone()))
    }

    /// How a product is valued at a time.
    pub fn method_of(&self, id: ProductId, at: Time) -> &'static str {
        let product = self.products.get(&id);
        product.map_or(Costing::default(), |product| Plan::of(product, None).at(at).method).name()
    }
}

/// A place as `{id, path}`.
pub fn place(structure: &Structure, id: LocationId) -> Value {
    Value::Object(record([("id", number(id.0)), ("path", text(structure.catalog.locations.name_of(id)))]))
}
