//! Entries: what somebody wants booked, checked as far as it can be before booking.

use std::collections::HashSet;

use crate::catalog::{Catalog, Lot, Tracking, fold};
use crate::id::{
    EntryId, JournalId, LocationId, LotId, PartyId, ProductId, ReasonId, ReservationId, UnitId, VariantId, VoucherId,
};
use crate::journal::{Journal, JournalKind};
use crate::money::UnitCost;
use crate::quantity::{ONE_E6, Quantity};
use crate::time::Time;
use crate::violation::Violation;

/// Longest free text.
pub const TEXT_MAX: usize = 4_000;
/// Longest identifier, name or type of a reference.
pub const IDENTIFIER_MAX: usize = 255;

/// A document elsewhere that an entry refers to.
#[derive(Clone, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Reference {
    /// What kind of document: `invoice`.
    pub kind: String,
    /// Its number there.
    pub id: i64,
}

/// An entry as it was asked for: nothing checked, what is missing is `None`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct EntryDraft {
    /// The org unit that acts.
    pub org_unit: Option<LocationId>,
    /// When it was true.
    pub effective_at: Option<Time>,
    /// The product.
    pub product: Option<ProductId>,
    /// The variant; required exactly when the product has variants.
    pub variant: Option<VariantId>,
    /// The lot by id.
    pub lot: Option<LotId>,
    /// The lot by name; a receipt creates it.
    pub lot_name: Option<String>,
    /// The instances (serial numbers); required exactly when the product is serial-tracked.
    pub instances: Option<Vec<LotId>>,
    /// The location.
    pub location: Option<LocationId>,
    /// How many; what the sign means depends on the journal's kind.
    pub count: Option<Quantity>,
    /// The unit it is counted in; `None` = the product's base unit.
    pub unit: Option<UnitId>,
    /// The cost of one.
    pub cost_price: Option<UnitCost>,
    /// The price of one.
    pub sales_price: Option<UnitCost>,
    /// The customer.
    pub customer: Option<PartyId>,
    /// The supplier.
    pub supplier: Option<PartyId>,
    /// Why.
    pub reason: Option<ReasonId>,
    /// Free text.
    pub description: Option<String>,
    /// What kind of document it comes from, as the ERP numbers them.
    pub source_kind: Option<i64>,
    /// Which document it comes from.
    pub source_identifier: Option<String>,
    /// The document that it fulfils.
    pub external: Option<Reference>,
    /// The document that it cancels.
    pub credit_note: Option<Reference>,
    /// The reservation that it fulfils.
    pub reservation: Option<ReservationId>,
}

/// An entry of a voucher, checked and waiting to be booked.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Entry {
    /// Its id.
    pub id: EntryId,
    /// The journal.
    pub journal: JournalId,
    /// The voucher.
    pub voucher: VoucherId,
    /// The voucher's number, for messages.
    pub voucher_number: i64,
    /// The org unit that acts.
    pub org_unit: LocationId,
    /// When it was true.
    pub effective_at: Time,
    /// The product.
    pub product: ProductId,
    /// The variant; 0 = none.
    pub variant: VariantId,
    /// The lot; 0 = none given.
    pub lot: LotId,
    /// The lot's name, where it was given by name.
    pub lot_name: Option<String>,
    /// The instances; empty = none given.
    pub instances: Vec<LotId>,
    /// Whether instances were given, maybe none of them: a count that found nothing.
    pub has_instances: bool,
    /// The location.
    pub location: LocationId,
    /// How many, in `unit`.
    pub count: Quantity,
    /// The unit entered.
    pub unit: UnitId,
    /// The cost of one, if given.
    pub cost_price: Option<UnitCost>,
    /// The price of one, if given.
    pub sales_price: Option<UnitCost>,
    /// The customer; 0 = none.
    pub customer: PartyId,
    /// The supplier; 0 = none.
    pub supplier: PartyId,
    /// The reason; 0 = none.
    pub reason: ReasonId,
    /// Free text.
    pub description: Option<String>,
    /// What kind of document it comes from.
    pub source_kind: Option<i64>,
    /// Which document it comes from.
    pub source_identifier: Option<String>,
    /// The document that it fulfils.
    pub external: Option<Reference>,
    /// The document that it cancels.
    pub credit_note: Option<Reference>,
    /// The reservation that it fulfils; 0 = none.
    pub reservation: ReservationId,
}

/// Checks one drafted entry; pushes every violation, or returns the entry without its ids.
///
/// Violations, in the order of fields: `required`, `unknownProduct`, `productDisabled`,
/// `unknownVariant`, `variantRequired`, `variantNotAllowed`, `unknownLocation`, `locationNotInOrgUnit`,
/// `unknownOrgUnit`, `dateOutOfRange`, `periodClosed`, `countZero`, `countNotWhole`,
/// `instancesRequired`, `instancesNotAllowed`, `instanceCountDiffers`, `instanceRepeated`,
/// `unknownInstance`, `lotNotAllowed`, `unknownLot`, `unknownUnit`, `noConversion`, `negativePrice`,
/// `unknownCustomer`, `unknownSupplier`, `unknownReason`, `tooLong`, `illegalText`.
pub fn check(
    index: usize,
    draft: &EntryDraft,
    journal: &Journal,
    catalog: &Catalog,
    violations: &mut Vec<Violation>,
) -> Option<Entry> {
    let before = violations.len();
    let mut fault = |field: &'static str, code: &'static str, message: String| {
        violations.push(Violation::at(index, field, code, message));
    };
    let missing = "is missing; every entry needs it";

    let product = match draft.product {
        None => {
            fault("product", "required", missing.into());
            None
        }
        Some(id) => match catalog.products.get(&id) {
            None => {
                fault("product", "unknownProduct", format!("there is no product {id}"));
                None
            }
            Some(product) if !product.is_enabled => {
                fault(
                    "product",
                    "productDisabled",
                    format!("product {} is disabled; enable it first", product.identifier),
                );
                None
            }
            found => found,
        },
    };

    let variant = draft.variant.filter(|variant| variant.0 != 0);
    if let Some(product) = product {
        match variant {
            None if product.has_variants => {
                fault("variant", "variantRequired", format!("product {} has variants; name one", product.identifier));
            }
            Some(_) if !product.has_variants => {
                fault(
                    "variant",
                    "variantNotAllowed",
                    format!("product {} has no variants; leave it out", product.identifier),
                );
            }
            Some(id) => match catalog.variants.get(&id) {
                Some(found) if found.product == product.id && found.is_enabled => {}
                Some(found) if found.product == product.id => {
                    fault(
                        "variant",
                        "variantDisabled",
                        format!("variant {} is disabled; enable it first", found.identifier),
                    );
                }
                _ => fault("variant", "unknownVariant", format!("product {} has no variant {id}", product.identifier)),
            },
            None => {}
        }
    }

    let org_unit = match draft.org_unit {
        None => {
            fault("orgUnit", "required", missing.into());
            None
        }
        Some(id) => match catalog.locations.get(id) {
            Some(node) if node.is_org_unit => Some(id),
            Some(node) => {
                fault("orgUnit", "unknownOrgUnit", format!("{} is a location, not an org unit", node.path));
                None
            }
            None => {
                fault("orgUnit", "unknownOrgUnit", format!("there is no org unit {id}"));
                None
            }
        },
    };
    match draft.location {
        None => fault("location", "required", missing.into()),
        Some(id) => {
            match catalog.locations.get(id).filter(|node| node.id.is_real() && node.id != LocationId::IN_TRANSIT) {
                None => {
                    let message = match catalog.locations.get(id) {
                        Some(node) => format!("nothing is stored at {}; name a location in the house", node.path),
                        None => format!("there is no location {id}"),
                    };
                    fault("location", "unknownLocation", message);
                }
                Some(node) => {
                    if let Some(org_unit) = org_unit {
                        let stock_unit = catalog.locations.stock_org_unit_of(org_unit);
                        if !catalog.locations.is_within(id, stock_unit) {
                            fault(
                                "location",
                                "locationNotInOrgUnit",
                                format!(
                                    "location {} does not belong to {}; take a location of that org unit",
                                    node.path,
                                    catalog.locations.name_of(stock_unit)
                                ),
                            );
                        } else if !node.is_enabled {
                            fault(
                                "location",
                                "locationDisabled",
                                format!("location {} is disabled; enable it first", node.path),
                            );
                        }
                    }
                }
            }
        }
    }

    match draft.effective_at {
        None => fault("stockDate", "required", missing.into()),
        Some(at) if !at.is_datable() => {
            fault("stockDate", "dateOutOfRange", format!("{at} is not between 1900-01-01 and 2199-12-31"));
        }
        Some(at) => {
            if let Some(place) = draft.location.or(org_unit)
                && let Some(open_from) = catalog.policies.open_from_at(&catalog.locations, place)
                && at < open_from
            {
                fault(
                    "stockDate",
                    "periodClosed",
                    format!("{at} lies in a closed period; the first open instant is {open_from}"),
                );
            }
        }
    }

    let is_settlement = journal.kind == JournalKind::Settlement;
    match draft.count {
        None => fault("count", "required", missing.into()),
        Some(count) if count.0 == 0 && !is_settlement => {
            fault("count", "countZero", "is 0; nothing would move".into());
        }
        Some(count) if count.0 < 0 && is_settlement => {
            fault("count", "countNegative", format!("is {count}; a counted total is 0 or more"));
        }
        Some(count) => {
            let tracking = product.map(|product| product.tracking);
            let name = product.map_or("", |product| product.identifier.as_str());
            let wants = tracking == Some(Tracking::Serial);
            match (&draft.instances, wants) {
                (None, true) => {
                    let message = format!("product {name} is tracked by serial number; name each instance");
                    fault("instances", "instancesRequired", message);
                }
                (Some(named), false) if !named.is_empty() && product.is_some() => {
                    let message = format!("product {name} is not tracked by serial number; leave them out");
                    fault("instances", "instancesNotAllowed", message);
                }
                (Some(named), true) => {
                    if !count.is_whole() {
                        fault("count", "countNotWhole", format!("is {count}; instances are counted whole"));
                    } else if count.0.unsigned_abs() != (named.len() as u64).saturating_mul(ONE_E6 as u64) {
                        fault(
                            "instances",
                            "instanceCountDiffers",
                            format!("{} instances are named for a count of {count}; name one for each", named.len()),
                        );
                    }
                    let mut seen = HashSet::new();
                    for id in named {
                        if !seen.insert(*id) {
                            let serial = catalog.lots.get(id).map_or_else(|| id.to_string(), |lot| lot.name.clone());
                            fault("instances", "instanceRepeated", format!("instance {serial} is named twice"));
                        }
                        match catalog.lots.get(id) {
                            Some(lot)
                                if lot.is_serial
                                    && Some(lot.product) == draft.product
                                    && (lot.variant.0 == 0 || Some(lot.variant) == variant) =>
                            {
                                if !lot.is_enabled {
                                    let message = format!("instance {} is disabled; enable it first", lot.name);
                                    fault("instances", "instanceDisabled", message);
                                }
                            }
                            _ => fault("instances", "unknownInstance", format!("product {name} has no instance {id}")),
                        }
                    }
                }
                _ => {}
            }
            let names_lot = draft.lot.is_some() || draft.lot_name.is_some();
            if names_lot && tracking.is_some() && tracking != Some(Tracking::Lot) {
                let field = if draft.lot.is_some() { "lot" } else { "lotName" };
                fault(field, "lotNotAllowed", format!("product {name} is not tracked by lot; leave the lot out"));
            }
            if tracking == Some(Tracking::Lot) {
                if let Some(id) = draft.lot {
                    let is_own = |lot: &&Lot| !lot.is_serial && Some(lot.product) == draft.product;
                    match catalog.lots.get(&id).filter(is_own) {
                        None => fault("lot", "unknownLot", format!("product {name} has no lot {id}")),
                        Some(lot) if !lot.is_enabled => {
                            fault("lot", "lotDisabled", lot.disabled(name));
                        }
                        Some(_) => {}
                    }
                }
                if is_settlement && !names_lot {
                    fault("lot", "required", format!("product {name} is tracked by lot; a count names its lot"));
                }
            }
        }
    }

    if let (Some(product), Some(unit)) = (product, draft.unit) {
        if !catalog.units.contains_key(&unit) {
            fault("unit", "unknownUnit", format!("there is no unit {unit}"));
        } else if catalog.ratio(product.id, unit, product.unit).is_none() {
            fault(
                "unit",
                "noConversion",
                format!(
                    "there is no conversion from that unit to the unit of product {}; enter one",
                    product.identifier
                ),
            );
        }
    }
    for (field, price) in [("costPrice", draft.cost_price), ("salesPrice", draft.sales_price)] {
        if let Some(price) = price
            && price.0 < 0
        {
            fault(field, "negativePrice", format!("is {}; it must be 0 or more", Quantity(price.0)));
        }
    }
    for (field, code, party) in
        [("customer", "unknownCustomer", draft.customer), ("supplier", "unknownSupplier", draft.supplier)]
    {
        if let Some(id) = party
            && !catalog.parties.contains_key(&id)
        {
            fault(field, code, format!("there is no {field} {id}"));
        }
    }
    if let Some(id) = draft.reason
        && !catalog.reasons.contains_key(&id)
    {
        fault("reason", "unknownReason", format!("there is no reason code {id}"));
    }
    let texts = [
        ("description", draft.description.as_deref(), TEXT_MAX),
        ("lotName", draft.lot_name.as_deref(), IDENTIFIER_MAX),
        ("sourceIdentifier", draft.source_identifier.as_deref(), IDENTIFIER_MAX),
        ("externalReference", draft.external.as_ref().map(|reference| reference.kind.as_str()), IDENTIFIER_MAX),
        ("creditNoteReference", draft.credit_note.as_ref().map(|reference| reference.kind.as_str()), IDENTIFIER_MAX),
    ];
    for (field, text, limit) in texts {
        if let Some(text) = text
            && let Err((code, message)) = check_text(text, limit)
        {
            fault(field, code, message);
        }
    }
    if draft.lot_name.as_deref().is_some_and(|name| fold(name).is_empty()) {
        fault("lotName", "required", "is empty; leave it out or give a name".into());
    }

    if violations.len() > before {
        return None;
    }
    Some(Entry {
        id: EntryId(0),
        journal: journal.id,
        voucher: VoucherId(0),
        voucher_number: 0,
        org_unit: org_unit?,
        effective_at: draft.effective_at?,
        product: draft.product?,
        variant: variant.unwrap_or_default(),
        lot: draft.lot.unwrap_or_default(),
        lot_name: draft.lot_name.clone(),
        instances: draft.instances.clone().unwrap_or_default(),
        has_instances: draft.instances.is_some(),
        location: draft.location?,
        count: draft.count?,
        unit: draft.unit.or(product.map(|product| product.unit))?,
        cost_price: draft.cost_price,
        sales_price: draft.sales_price,
        customer: draft.customer.unwrap_or_default(),
        supplier: draft.supplier.unwrap_or_default(),
        reason: draft.reason.unwrap_or_default(),
        description: draft.description.clone(),
        source_kind: draft.source_kind,
        source_identifier: draft.source_identifier.clone(),
        external: draft.external.clone(),
        credit_note: draft.credit_note.clone(),
        reservation: draft.reservation.unwrap_or_default(),
    })
}

/// A text within its limit and without the one character that no database keeps.
pub fn check_text(text: &str, limit: usize) -> Result<(), (&'static str, String)> {
    if text.contains('\0') {
        return Err(("illegalText", "contains the character NUL; remove it".into()));
    }
    let length = text.chars().count();
    if length > limit {
        return Err(("tooLong", format!("has {length} characters; {limit} are allowed")));
    }
    Ok(())
}
