//! Products and what belongs to them, places, and actors: what an integrator reads before it books.

use jiff::tz::TimeZone;
use lotbook_domain::id::{LocationId, ProductId, VariantId};
use lotbook_domain::time::Time;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::checks::{Checks, TEXT_CHARS_MAX};
use super::filter::{id, ids};
use super::page::{Page, Paging};
use super::time::{TimeInput, TimeOutput};
use super::wire::{self, Id, Opt};
use crate::json::Decimal;

/// The request of `GetProductPage`, without the paging.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProductPageRequest {
    modified_after: Opt<TimeInput>,
    search_pattern: Opt<String>,
    organizational_unit_id: Opt<Id>,
}

/// Which products are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductFilter {
    /// Changed after this.
    pub modified_after: Option<Time>,
    /// Whose identifier, name or barcode contains this.
    pub search: Option<String>,
    /// The org unit whose stock is to be shown.
    pub org_unit: Option<LocationId>,
    /// Which page of them.
    pub page: Page,
}

impl ProductPageRequest {
    /// The filter, or all that is wrong.
    pub fn into_filter(self, paging: Paging, zone: &TimeZone) -> Result<ProductFilter, Vec<Violation>> {
        let mut checks = Checks::default();
        let filter = ProductFilter {
            modified_after: self.modified_after.given().map(|time| time.at(zone)),
            search: checks.text("searchPattern", self.search_pattern, TEXT_CHARS_MAX),
            org_unit: self.organizational_unit_id.given().map(|Id(id)| wire::org_unit(id)),
            page: paging.page(&mut checks),
        };
        checks.finish(filter)
    }
}

/// One of a page of products.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductEntry {
    /// The product.
    pub product: ProductReply,
    /// What is there of it.
    pub stock_info: StockInfo,
}

/// A product.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ProductReply {
    /// Its id.
    pub id: i64,
    /// Its identifier.
    pub identifier: String,
    /// Its name.
    pub display_name: String,
    /// Its barcodes.
    pub barcodes: Vec<String>,
    /// Its category.
    pub product_category_id: Option<i64>,
    /// Whether it has variants.
    pub is_product_variants_supported: bool,
    /// Whether each piece has a serial number.
    pub is_product_instances_supported: bool,
    /// Whether it may be booked.
    pub is_enabled: bool,
    /// The cost of one.
    pub cost_price: Option<Decimal>,
    /// The cost of one where nothing else is known.
    pub default_cost_price: Option<Decimal>,
    /// The moving average of what is there, where the setting `adjustCostPrices` is on.
    pub current_cost: Option<Decimal>,
    /// The price of one.
    pub sales_price: Option<Decimal>,
    /// When it was last changed.
    pub modified_at: TimeOutput,
}

/// How much is there, and how much of it is free.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
pub struct StockInfo {
    /// So much is there.
    pub stock: Decimal,
    /// So much of it is reserved.
    pub reserved: Decimal,
    /// The difference.
    pub available: Decimal,
    /// So much is under way now; null where the rest is of the past.
    pub ordered: Option<Decimal>,
}

/// The request of `GetProductVariants` and of `GetProductInstancesPage`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ProductPartsRequest {
    product_id: Opt<Id>,
    product_ids: Opt<Vec<Id>>,
    variant_id: Opt<Id>,
    modified_after: Opt<TimeInput>,
    search_pattern: Opt<String>,
}

/// Which variants or instances are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductPartsFilter {
    /// Of these products; `None` = of all.
    pub products: Option<Vec<ProductId>>,
    /// Of this variant.
    pub variant: Option<VariantId>,
    /// Changed after this.
    pub modified_after: Option<Time>,
    /// Whose identifier contains this.
    pub search: Option<String>,
    /// Which page of them, where the call pages.
    pub page: Page,
}

impl ProductPartsRequest {
    /// The filter, or all that is wrong.
    pub fn into_filter(self, paging: Paging, zone: &TimeZone) -> Result<ProductPartsFilter, Vec<Violation>> {
        let mut checks = Checks::default();
        let filter = ProductPartsFilter {
            products: products(self.product_id, self.product_ids),
            variant: id(self.variant_id),
            modified_after: self.modified_after.given().map(|time| time.at(zone)),
            search: checks.text("searchPattern", self.search_pattern, TEXT_CHARS_MAX),
            page: paging.page(&mut checks),
        };
        checks.finish(filter)
    }
}

/// One product, or several; given both, the one if it is among the several.
pub(super) fn products(one: Opt<Id>, several: Opt<Vec<Id>>) -> Option<Vec<ProductId>> {
    match (id(one), ids(several)) {
        (Some(one), Some(several)) => Some(several.into_iter().filter(|product| *product == one).take(1).collect()),
        (Some(one), None) => Some(vec![one]),
        (None, several) => several,
    }
}

/// A variant.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct VariantReply {
    /// Its id.
    pub id: i64,
    /// Its product.
    pub product_id: i64,
    /// Its identifier.
    pub identifier: String,
    /// Its name.
    pub display_name: String,
    /// Its barcodes.
    pub barcodes: Vec<String>,
    /// Whether it may be booked.
    pub is_enabled: bool,
    /// The cost of one.
    pub cost_price: Option<Decimal>,
    /// The price of one.
    pub sales_price: Option<Decimal>,
    /// When it was last changed.
    pub modified_at: TimeOutput,
}

/// One serial-numbered piece.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct InstanceReply {
    /// Its id.
    pub id: i64,
    /// Its product.
    pub product_id: i64,
    /// Its variant.
    pub variant_id: Option<i64>,
    /// Its serial number.
    pub identifier: String,
    /// What it cost.
    pub cost_price: Option<Decimal>,
    /// Where it is; null = not in stock.
    pub product_location_id: Option<i64>,
    /// When it was last changed.
    pub modified_at: TimeOutput,
}

/// A category.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CategoryReply {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// Its parent; null = at the top.
    pub parent_id: Option<i64>,
    /// The names from the top down to it.
    pub path: String,
}

/// The request of `GetProductLocations`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LocationsRequest {
    organizational_unit_id: Opt<Id>,
    organizational_unit_ids: Opt<Vec<Id>>,
}

impl LocationsRequest {
    /// The org units whose locations are wanted; `None` = of all.
    pub fn into_org_units(self) -> Option<Vec<LocationId>> {
        let one = self.organizational_unit_id.given().map(|Id(id)| vec![wire::org_unit(id)]);
        one.or_else(|| super::filter::org_units(self.organizational_unit_ids))
    }
}

/// A shelf or bin.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LocationReply {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The org unit it belongs to.
    pub organizational_unit_id: i64,
    /// The location around it; null = the org unit itself.
    pub parent_id: Option<i64>,
    /// The names from the top down to it.
    pub path: String,
    /// Whether its org unit books here where nothing else is said.
    pub is_default: bool,
}

/// A store, a department, a chain.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct OrgUnitReply {
    /// Its id; the root is `-1`.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// The org unit above; null = the root.
    pub parent_id: Option<i64>,
    /// The names from the top down to it.
    pub path: String,
}

/// The request of `GetActorsPage`, without the paging.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ActorsPageRequest {
    modified_after: Opt<TimeInput>,
    search_pattern: Opt<String>,
    is_customer: Opt<bool>,
    is_supplier: Opt<bool>,
}

/// Which actors are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ActorFilter {
    /// Changed after this.
    pub modified_after: Option<Time>,
    /// Whose code or name contains this.
    pub search: Option<String>,
    /// Customers, or those who are none.
    pub is_customer: Option<bool>,
    /// Suppliers, or those who are none.
    pub is_supplier: Option<bool>,
    /// Which page of them.
    pub page: Page,
}

impl ActorsPageRequest {
    /// The filter, or all that is wrong.
    pub fn into_filter(self, paging: Paging, zone: &TimeZone) -> Result<ActorFilter, Vec<Violation>> {
        let mut checks = Checks::default();
        let filter = ActorFilter {
            modified_after: self.modified_after.given().map(|time| time.at(zone)),
            search: checks.text("searchPattern", self.search_pattern, TEXT_CHARS_MAX),
            is_customer: self.is_customer.given(),
            is_supplier: self.is_supplier.given(),
            page: paging.page(&mut checks),
        };
        checks.finish(filter)
    }
}

/// A customer or supplier.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ActorReply {
    /// Its id.
    pub id: i64,
    /// Its code.
    pub identifier: String,
    /// Its name.
    pub display_name: String,
    /// Whether it buys.
    pub is_customer: bool,
    /// Whether it sells.
    pub is_supplier: bool,
    /// When it was last changed.
    pub modified_at: TimeOutput,
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::erp::page;

    #[test]
    fn products_are_asked_for_in_their_described_form() {
        let body = br#"{"propertiesToLoad": {"value": 136}, "offset": 0, "count": 50, "includeOverallEntryCount": true,
            "modifiedAfter": {"value": "2017-09-26T12:52:29.960Z"}, "organizationalUnitId": {"value": -1}}"#;
        let (request, paging): (ProductPageRequest, _) = page::read(body).unwrap();
        let filter = request.into_filter(paging, &TimeZone::UTC).unwrap();
        assert_eq!(filter.modified_after.unwrap().to_string(), "2017-09-26T12:52:29.960Z");
        assert_eq!((filter.org_unit, filter.search), (Some(LocationId(1)), None));
        assert_eq!(filter.page, Page { offset: 0, count: 50, with_total: true });
        let (all, paging): (ProductPageRequest, _) = page::read(br#"{"modifiedAfter":null}"#).unwrap();
        assert_eq!(all.into_filter(paging, &TimeZone::UTC).unwrap().modified_after, None);
    }

    #[test]
    fn parts_are_those_of_one_product_or_of_several() {
        let list = |ids: &[i64]| Opt::Given(ids.iter().map(|id| Id(*id)).collect());
        assert_eq!(products(Opt::Missing, Opt::Missing), None);
        assert_eq!(products(Opt::Given(Id(1)), Opt::Missing), Some(vec![ProductId(1)]));
        assert_eq!(products(Opt::Missing, list(&[1, 2])), Some(vec![ProductId(1), ProductId(2)]));
        assert_eq!(products(Opt::Given(Id(2)), list(&[1, 2, 2])), Some(vec![ProductId(2)]));
        assert_eq!(products(Opt::Given(Id(3)), list(&[1])), Some(vec![]));
    }

    #[test]
    fn a_product_has_the_described_shape() {
        let entry = ProductEntry {
            product: ProductReply {
                id: 1,
                identifier: "85123A".into(),
                display_name: "Holder".into(),
                barcodes: vec!["400".into()],
                product_category_id: None,
                is_product_variants_supported: false,
                is_product_instances_supported: true,
                is_enabled: true,
                cost_price: Some(Decimal(2_550_000)),
                default_cost_price: None,
                current_cost: Some(Decimal(2_600_000)),
                sales_price: None,
                modified_at: TimeOutput(Time(0)),
            },
            stock_info: StockInfo {
                stock: Decimal(5_000_000),
                reserved: Decimal(500_000),
                available: Decimal(4_500_000),
                ordered: Some(Decimal(0)),
            },
        };
        assert_eq!(
            serde_json::to_string(&entry).unwrap(),
            concat!(
                r#"{"product":{"id":1,"identifier":"85123A","displayName":"Holder","barcodes":["400"],"#,
                r#""productCategoryId":null,"isProductVariantsSupported":false,"isProductInstancesSupported":true,"#,
                r#""isEnabled":true,"costPrice":2.55,"defaultCostPrice":null,"currentCost":2.6,"salesPrice":null,"#,
                r#""modifiedAt":"1970-01-01T00:00:00.000Z"},"#,
                r#""stockInfo":{"stock":5,"reserved":0.5,"available":4.5,"ordered":0}}"#
            )
        );
    }

    #[test]
    fn places_and_actors_are_asked_for() {
        let request: LocationsRequest = wire::read(br#"{"organizationalUnitId":{"value":-1}}"#).unwrap();
        assert_eq!(request.into_org_units(), Some(vec![LocationId(1)]));
        assert_eq!(LocationsRequest::default().into_org_units(), None);
        let (request, paging): (ActorsPageRequest, _) =
            page::read(br#"{"searchPattern":{"value":"acme"},"isSupplier":true}"#).unwrap();
        let filter = request.into_filter(paging, &TimeZone::UTC).unwrap();
        assert_eq!(
            (filter.search.as_deref(), filter.is_supplier, filter.is_customer),
            (Some("acme"), Some(true), None)
        );
    }
}
