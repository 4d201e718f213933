//! What is there, and what has been booked.

use jiff::tz::TimeZone;
use lotbook_domain::id::{LotId, PartyId, ProductId, VariantId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::catalog::{StockInfo, products};
use super::checks::{Checks, IDENTIFIER_CHARS_MAX, TEXT_CHARS_MAX};
use super::draft_entry::{ReferenceInput, SourceFields};
use super::enumeration::Code;
use super::filter::{Between, PlaceFilter, id, times};
use super::page::{Page, Paging};
use super::time::{TimeInput, TimeOutput};
use super::wire::{Id, Object, Opt, Range, Wrap};
use crate::json::Decimal;

/// The request of `GetProductAvailability` and of `GetProductAvailabilityPage`, without the paging.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct AvailabilityRequest {
    product_id: Opt<Id>,
    product_ids: Opt<Vec<Id>>,
    variant_id: Opt<Id>,
    product_category_ids: Opt<Vec<Id>>,
    organizational_unit_ids: Opt<Vec<Id>>,
    product_location_ids: Opt<Vec<Id>>,
    as_of: Opt<TimeInput>,
}

/// Which stock is asked about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AvailabilityFilter {
    /// Of these products; `None` = of all.
    pub products: Option<Vec<ProductId>>,
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// Where, and in which categories.
    pub places: PlaceFilter,
    /// When; `None` = now.
    pub as_of: Option<Time>,
    /// Which page of it, where the call pages.
    pub page: Page,
}

impl AvailabilityRequest {
    /// The filter, or all that is wrong.
    pub fn into_filter(self, paging: Paging, zone: &TimeZone) -> Result<AvailabilityFilter, Vec<Violation>> {
        let mut checks = Checks::default();
        let filter = AvailabilityFilter {
            products: products(self.product_id, self.product_ids),
            variant: id(self.variant_id),
            places: PlaceFilter::new(
                self.product_category_ids,
                self.product_location_ids,
                self.organizational_unit_ids,
            ),
            as_of: self.as_of.given().map(|time| time.until(zone)),
            page: paging.page(&mut checks),
        };
        checks.finish(filter)
    }
}

/// What is there of a product at a location.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AvailabilityReply {
    /// The product.
    pub product_id: i64,
    /// The variant, or null.
    pub variant_id: Option<i64>,
    /// The org unit; `-1` is the root.
    pub organizational_unit_id: i64,
    /// The location.
    pub product_location_id: i64,
    /// How much.
    #[serde(flatten)]
    pub stock: StockInfo,
}

/// The request of `GetStockEntriesPage`, without the paging.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct StockEntriesRequest {
    product_id: Opt<Id>,
    product_ids: Opt<Vec<Id>>,
    variant_id: Opt<Id>,
    instance_id: Opt<Id>,
    organizational_unit_ids: Opt<Vec<Id>>,
    product_location_ids: Opt<Vec<Id>>,
    product_category_ids: Opt<Vec<Id>>,
    stock_date: Opt<Object<Range<TimeInput>>>,
    appendix_number: Opt<Id>,
    external_reference: Opt<Object<ReferenceInput>>,
    customer_actor_id: Opt<Id>,
    supplier_actor_id: Opt<Id>,
    description: Opt<String>,
    lot_id: Opt<Id>,
    lot_name: Opt<String>,
}

/// Which booked entries are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StockEntryFilter {
    /// Of these products.
    pub products: Option<Vec<ProductId>>,
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// Of this instance.
    pub instance: Option<LotId>,
    /// Of this lot.
    pub lot: Option<LotId>,
    /// Of lots whose name contains this.
    pub lot_name: Option<String>,
    /// Where, and in which categories.
    pub places: PlaceFilter,
    /// Dated here.
    pub stock_date: Between<Time>,
    /// Of the appendix with this number.
    pub appendix_number: Option<i64>,
    /// For the document of this kind and number.
    pub external: Option<(String, i64)>,
    /// With this customer.
    pub customer: Option<PartyId>,
    /// With this supplier.
    pub supplier: Option<PartyId>,
    /// Whose description contains this.
    pub description: Option<String>,
    /// Which page of them.
    pub page: Page,
}

impl StockEntriesRequest {
    /// The filter, or all that is wrong.
    pub fn into_filter(self, paging: Paging, zone: &TimeZone) -> Result<StockEntryFilter, Vec<Violation>> {
        let mut checks = Checks::default();
        let external = self.external_reference.given().and_then(|Object(reference)| {
            let kind = reference.source_type.map_or(Opt::Missing, Opt::Given);
            let kind = checks.text("externalReference.sourceType", kind, IDENTIFIER_CHARS_MAX);
            let kind = checks.required("externalReference.sourceType", kind);
            let id = checks.required("externalReference.sourceId", reference.source_id);
            Some((kind?, id?.0))
        });
        let filter = StockEntryFilter {
            products: products(self.product_id, self.product_ids),
            variant: id(self.variant_id),
            instance: id(self.instance_id),
            lot: id(self.lot_id),
            lot_name: checks.text("lotName", self.lot_name, IDENTIFIER_CHARS_MAX),
            places: PlaceFilter::new(
                self.product_category_ids,
                self.product_location_ids,
                self.organizational_unit_ids,
            ),
            stock_date: times(self.stock_date, zone),
            appendix_number: self.appendix_number.given().map(|Id(number)| number),
            external,
            customer: id(self.customer_actor_id),
            supplier: id(self.supplier_actor_id),
            description: checks.text("description", self.description, TEXT_CHARS_MAX),
            page: paging.page(&mut checks),
        };
        checks.finish(filter)
    }
}

/// A booked entry: receipts are positive, issues negative, in drafts of every kind.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct StockEntryReply {
    /// Its id.
    pub id: i64,
    /// The draft it was in.
    pub stock_draft_id: i64,
    /// What kind of draft that is.
    pub kind: Code,
    /// Its appendix.
    pub stock_appendix_id: i64,
    /// The number of its appendix.
    pub appendix_number: i64,
    /// What was sent; `count` is the change of the stock.
    #[serde(flatten)]
    pub source: SourceFields,
    /// The total that was counted, in a Settlement.
    pub counted_total: Wrap<Decimal>,
    /// What the change was worth when it was booked.
    pub amount: Decimal,
    /// The product's identifier.
    pub product_identifier: String,
    /// The product's name.
    pub product_name: String,
    /// When it was booked.
    pub booked_at: TimeOutput,
    /// Who booked it.
    pub booked_by: i64,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::erp::page;
    use lotbook_domain::id::LocationId;

    #[test]
    fn stock_is_asked_for_as_of_a_time() {
        let body = br#"{"productIds":{"value":[1,2]},"productLocationIds":{"value":[3]},"asOf":{"value":"2011-01-31"},
            "organizationalUnitIds":[-1]}"#;
        let (request, paging): (AvailabilityRequest, _) = page::read(body).unwrap();
        let filter = request.into_filter(paging, &TimeZone::UTC).unwrap();
        assert_eq!(filter.products, Some(vec![ProductId(1), ProductId(2)]));
        assert_eq!(filter.places.org_units, Some(vec![LocationId(1)]));
        assert_eq!(filter.as_of.unwrap().to_string(), "2011-01-31T23:59:59.999Z");
    }

    #[test]
    fn stock_stands_beside_its_place() {
        let stock = StockInfo {
            stock: Decimal(5_000_000),
            reserved: Decimal(0),
            available: Decimal(5_000_000),
            ordered: Some(Decimal(0)),
        };
        let line = AvailabilityReply {
            product_id: 1,
            variant_id: None,
            organizational_unit_id: -1,
            product_location_id: 3,
            stock,
        };
        assert_eq!(
            serde_json::to_string(&line).unwrap(),
            r#"{"productId":1,"variantId":null,"organizationalUnitId":-1,"productLocationId":3,"stock":5,"reserved":0,"available":5,"ordered":0}"#
        );
    }

    #[test]
    fn booked_entries_are_asked_for_by_everything() {
        let body = br#"{"productId":{"value":1},"variantId":{"value":2},"instanceId":{"value":3},
            "stockDate":{"value":{"from":"2011-01-01T00:00:00Z","to":"2011-01-31T23:59:59Z"}},
            "appendixNumber":{"value":4},"externalReference":{"value":{"sourceType":"invoice","sourceId":5}},
            "customerActorId":{"value":6},"supplierActorId":{"value":7},"description":{"value":"d"},
            "lotId":{"value":8},"lotName":{"value":"L"},"count":5}"#;
        let (request, paging): (StockEntriesRequest, _) = page::read(body).unwrap();
        let filter = request.into_filter(paging, &TimeZone::UTC).unwrap();
        assert_eq!(filter.products, Some(vec![ProductId(1)]));
        assert_eq!((filter.variant, filter.instance, filter.lot), (Some(VariantId(2)), Some(LotId(3)), Some(LotId(8))));
        assert_eq!(filter.stock_date.from.unwrap().to_string(), "2011-01-01T00:00:00.000Z");
        assert_eq!(filter.stock_date.to.unwrap().to_string(), "2011-01-31T23:59:59.000Z");
        assert_eq!((filter.appendix_number, filter.external), (Some(4), Some(("invoice".into(), 5))));
        assert_eq!((filter.customer, filter.supplier), (Some(PartyId(6)), Some(PartyId(7))));
        assert_eq!(filter.page.count, 5);
    }
}
