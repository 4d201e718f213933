//! Drafts and their appendices: descriptors, opening an appendix, pages of entries, removing.

use lotbook_domain::id::{EntryId, JournalId, LotId, ProductId, VoucherId};
use lotbook_domain::money::UnitCost;
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::booking::BookingReply;
use super::checks::{Checks, IDENTIFIER_CHARS_MAX, TEXT_CHARS_MAX};
use super::draft_entry::SourceFields;
use super::enumeration::Code;
use super::filter::{Between, PlaceFilter, id};
use super::page::{Page, Paging};
use super::time::TimeOutput;
use super::wire::{Fields, Id, NumberOrText, Object, Opt, Range};
use crate::json::{Decimal, DecimalInput};

/// What a draft is: one of the list of `GetAllStockDraftsDescriptors`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct DraftDescriptor {
    /// Its id.
    pub id: i64,
    /// Its name.
    pub name: String,
    /// What it is for.
    pub description: Option<String>,
    /// What its entries mean.
    pub kind: Code,
    /// Whether entries are booked as soon as they are entered.
    pub is_auto_book_possible: bool,
    /// Whether only administrators see it.
    pub is_hidden: bool,
    /// The org unit it belongs to; null = all.
    pub organizational_unit_id: Option<i64>,
    /// The location it belongs to; null = all.
    pub product_location_id: Option<i64>,
    /// Whether its bookings concern the accounts.
    pub create_finance_entries: bool,
    /// Entries that are not booked.
    pub entry_count: i64,
    /// Whether a booking runs.
    pub is_booking_in_progress: bool,
}

/// The request of `CreateStockAppendix`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CreateAppendixRequest {
    stock_draft_id: Option<Id>,
    description: Opt<String>,
    stock_appendix_source: Opt<Object<AppendixSourceInput>>,
    user_defined_appendix_number: Opt<Id>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct AppendixSourceInput {
    source_type: Opt<String>,
    source_id: Opt<Id>,
    source_identifier: Opt<NumberOrText>,
    alternative_appendix_number: Opt<NumberOrText>,
}

impl Fields for AppendixSourceInput {
    const FIELDS: &'static [&'static str] =
        &["sourceType", "sourceId", "sourceIdentifier", "alternativeAppendixNumber"];
}

/// An appendix to open.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppendixDraft {
    /// Its draft.
    pub journal: JournalId,
    /// Free text.
    pub description: Option<String>,
    /// The document it stands for.
    pub source: Option<AppendixSource>,
    /// The number chosen for it.
    pub number: Option<i64>,
}

/// The document that an appendix stands for.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct AppendixSource {
    /// What kind of document: `invoice`.
    pub kind: String,
    /// Its id there.
    pub id: Option<i64>,
    /// Its identifier there.
    pub identifier: Option<String>,
    /// Another number of it.
    pub alternative_number: Option<String>,
}

impl CreateAppendixRequest {
    /// The appendix, or all that is wrong.
    pub fn into_draft(self) -> Result<AppendixDraft, Vec<Violation>> {
        let mut checks = Checks::default();
        let journal = checks.required("journal", self.stock_draft_id).unwrap_or_default();
        let description = checks.text("description", self.description, TEXT_CHARS_MAX);
        let source = self.stock_appendix_source.given().map(|Object(source)| {
            let kind = checks.text("stockAppendixSource.sourceType", source.source_type, IDENTIFIER_CHARS_MAX);
            AppendixSource {
                kind: checks.required("stockAppendixSource.sourceType", kind).unwrap_or_default(),
                id: source.source_id.given().map(|Id(id)| id),
                identifier: checks.text(
                    "stockAppendixSource.sourceIdentifier",
                    source.source_identifier.text(),
                    IDENTIFIER_CHARS_MAX,
                ),
                alternative_number: checks.text(
                    "stockAppendixSource.alternativeAppendixNumber",
                    source.alternative_appendix_number.text(),
                    IDENTIFIER_CHARS_MAX,
                ),
            }
        });
        let number = self.user_defined_appendix_number.given().map(|Id(number)| number);
        if let Some(number) = number
            && number < 1
        {
            checks.push("number", "notPositive", format!("is {number}; it must be 1 or more"));
        }
        checks.finish(AppendixDraft { journal: JournalId(journal.0), description, source, number })
    }
}

/// The reply of `CreateStockAppendix`.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct AppendixReply {
    /// Its id.
    pub appendix_id: i64,
    /// Its number.
    pub appendix_number: i64,
}

/// The reply of `CreateStockDraftEntries`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct CreateEntriesReply {
    /// What became of each line, in the order of the request.
    pub stock_draft_entries: CreatedEntries,
    /// The booking, where the draft books at once.
    pub book_operation_result: Option<BookingReply>,
}

/// What became of the lines: the list of them is printed and never held.
#[derive(Clone, Copy, Debug)]
pub struct CreatedEntries {
    /// The id of the first line's entry; the others follow without gaps.
    pub first: i64,
    /// How many lines there are.
    pub count: i64,
}

impl Serialize for CreatedEntries {
    fn serialize<S: serde::Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        #[derive(Serialize)]
        #[serde(rename_all = "camelCase")]
        struct Entry {
            stock_draft_entry_id: i64,
            index: i64,
        }
        let entry = |index| Entry { stock_draft_entry_id: self.first + index, index };
        serializer.collect_seq((0..self.count).map(entry))
    }
}

/// The request of `GetStockDraftEntriesPage`, without the paging.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct EntriesPageRequest {
    stock_appendix_id: Opt<Id>,
    stock_draft_id: Opt<Id>,
    product_id: Opt<Id>,
    description: Opt<String>,
    cost_price: Opt<Object<Range<DecimalInput>>>,
    product_category_ids: Opt<Vec<Id>>,
    product_location_ids: Opt<Vec<Id>>,
    organizational_unit_ids: Opt<Vec<Id>>,
    lot_id: Opt<Id>,
    lot_name: Opt<String>,
    calculate_total_cost_price: Opt<bool>,
}

/// Which entries are wanted.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct EntryFilter {
    /// Of this appendix.
    pub voucher: Option<VoucherId>,
    /// Of this draft. At least one of the two is given.
    pub journal: Option<JournalId>,
    /// Of this product.
    pub product: Option<ProductId>,
    /// Whose description contains this.
    pub description: Option<String>,
    /// Whose cost price lies here.
    pub cost_price: Between<UnitCost>,
    /// Where, and in which categories.
    pub places: PlaceFilter,
    /// Of this lot.
    pub lot: Option<LotId>,
    /// Of lots whose name contains this.
    pub lot_name: Option<String>,
    /// Whether to sum up what they cost.
    pub with_total_cost: bool,
    /// Which page of them.
    pub page: Page,
}

impl EntriesPageRequest {
    /// The filter, or all that is wrong.
    pub fn into_filter(self, paging: Paging) -> Result<EntryFilter, Vec<Violation>> {
        let mut checks = Checks::default();
        let (voucher, journal) = (id(self.stock_appendix_id), id(self.stock_draft_id));
        if voucher.is_none() && journal.is_none() {
            checks.push("journal", "required", "is missing; give stockDraftId or stockAppendixId");
        }
        let filter = EntryFilter {
            voucher,
            journal,
            product: id(self.product_id),
            description: checks.text("description", self.description, TEXT_CHARS_MAX),
            cost_price: checks.prices("costPrice", self.cost_price),
            places: PlaceFilter::new(
                self.product_category_ids,
                self.product_location_ids,
                self.organizational_unit_ids,
            ),
            lot: id(self.lot_id),
            lot_name: checks.text("lotName", self.lot_name, IDENTIFIER_CHARS_MAX),
            with_total_cost: self.calculate_total_cost_price == Opt::Given(true),
            page: paging.page(&mut checks),
        };
        checks.finish(filter)
    }
}

/// The reply of `GetStockDraftEntriesPage`.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntriesPageReply {
    /// The entries, in the order of their ids.
    pub entries: Vec<EntryReply>,
    /// How many match on all pages, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub overall_entry_count: Option<i64>,
    /// What all that match cost, where that was asked for.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub total_cost_price: Option<Decimal>,
}

/// An entry that is not booked.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct EntryReply {
    /// Its id.
    pub id: i64,
    /// Its draft.
    pub stock_draft_id: i64,
    /// Its appendix.
    pub stock_appendix_id: i64,
    /// The number of its appendix.
    pub appendix_number: i64,
    /// What was sent.
    #[serde(flatten)]
    pub source: SourceFields,
    /// The product's identifier.
    pub product_identifier: String,
    /// The product's name.
    pub product_name: String,
    /// When it was entered.
    pub created_at: TimeOutput,
    /// Who entered it.
    pub created_by: i64,
    /// Whether the system made it.
    pub is_system_generated: bool,
}

/// The request of `RemoveStockDraftEntry`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RemoveEntryRequest {
    stock_draft_entry_id: Option<Id>,
}

impl RemoveEntryRequest {
    /// The entry to remove.
    pub fn into_entry(self) -> Result<EntryId, Vec<Violation>> {
        let mut checks = Checks::default();
        let id = checks.required("entry", self.stock_draft_entry_id).unwrap_or_default();
        checks.finish(EntryId(id.0))
    }
}

/// The request of `ClearStockDraft`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ClearDraftRequest {
    stock_draft_id: Option<Id>,
}

impl ClearDraftRequest {
    /// The draft to clear.
    pub fn into_journal(self) -> Result<JournalId, Vec<Violation>> {
        let mut checks = Checks::default();
        let id = checks.required("journal", self.stock_draft_id).unwrap_or_default();
        checks.finish(JournalId(id.0))
    }
}

/// The value of a call that only does something: `{}`.
#[derive(Clone, Copy, Debug, Serialize)]
pub struct Done {}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::erp::{page, wire};
    use lotbook_domain::id::{CategoryId, LocationId};

    fn appendix(body: &str) -> Result<AppendixDraft, Vec<(&'static str, &'static str)>> {
        let request: CreateAppendixRequest = wire::read(body.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?}"));
        request.into_draft().map_err(|all| all.into_iter().map(|found| (found.field, found.code)).collect())
    }

    fn filter(body: &str) -> Result<EntryFilter, Vec<(&'static str, &'static str)>> {
        let (request, paging): (EntriesPageRequest, _) =
            page::read(body.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?}"));
        request.into_filter(paging).map_err(|all| all.into_iter().map(|found| (found.field, found.code)).collect())
    }

    #[test]
    fn an_appendix_is_asked_for_in_its_described_forms() {
        assert_eq!(
            appendix(r#"{"stockDraftId": 1}"#),
            Ok(AppendixDraft { journal: JournalId(1), ..AppendixDraft::default() })
        );
        let source = AppendixSource {
            kind: "invoice".into(),
            id: Some(42),
            identifier: Some("INV-42".into()),
            alternative_number: Some("A42".into()),
        };
        assert_eq!(
            appendix(
                r#"{"stockDraftId": 1, "description": {"value": "my appendix"}, "stockAppendixSource": {"value": {
                "sourceType": "invoice", "sourceId": {"value": 42}, "sourceIdentifier": {"value": "INV-42"},
                "alternativeAppendixNumber": {"value": "A42"}}}, "userDefinedAppendixNumber": {"value": "4711"}}"#
            ),
            Ok(AppendixDraft {
                journal: JournalId(1),
                description: Some("my appendix".into()),
                source: Some(source),
                number: Some(4711),
            })
        );
        assert_eq!(appendix(r#"{"stockDraftId":1,"userDefinedAppendixNumber":4711}"#).unwrap().number, Some(4711));
        let numbered = appendix(
            r#"{"stockDraftId":1,"stockAppendixSource":{"value":{"sourceType":"invoice",
            "sourceIdentifier":{"value":12},"alternativeAppendixNumber":13}}}"#,
        );
        let source = numbered.unwrap().source.unwrap();
        assert_eq!((source.identifier.as_deref(), source.alternative_number.as_deref()), (Some("12"), Some("13")));
    }

    #[test]
    fn an_appendix_tells_all_its_faults() {
        assert_eq!(appendix("{}"), Err(vec![("journal", "required")]));
        let body = format!(
            r#"{{"description":{{"value":"{}"}},"stockAppendixSource":{{"value":{{"sourceIdentifier":"a\u0000"}}}},
            "userDefinedAppendixNumber":0}}"#,
            "é".repeat(4_001)
        );
        assert_eq!(
            appendix(&body),
            Err(vec![
                ("journal", "required"),
                ("description", "tooLong"),
                ("stockAppendixSource.sourceType", "required"),
                ("stockAppendixSource.sourceIdentifier", "illegalText"),
                ("number", "notPositive"),
            ])
        );
        let long = format!(r#"{{"stockDraftId":1,"description":"{}"}}"#, "é".repeat(4_000));
        assert!(appendix(&long).is_ok());
    }

    #[test]
    fn a_page_of_entries_is_asked_for_in_its_described_forms() {
        let short =
            filter(r#"{"stockAppendixId": 9, "offset": 0, "count": 10, "includeOverallEntryCount": false}"#).unwrap();
        assert_eq!((short.voucher, short.journal, short.page.count), (Some(VoucherId(9)), None, 10));
        let long = filter(
            r#"{"stockDraftId": 1, "productId": {"value": 2}, "description": {"value": "abc"},
            "costPrice": {"value": {"from": 1.5, "to": "2.5"}}, "productCategoryIds": {"value": [3]},
            "productLocationIds": {"value": []}, "organizationalUnitIds": {"value": [-1, 4]},
            "calculateTotalCostPrice": {"value": true}, "offset": 0, "count": 10, "includeOverallEntryCount": true,
            "sortInfo": [{"by": "id"}]}"#,
        );
        assert_eq!(
            long,
            Ok(EntryFilter {
                voucher: None,
                journal: Some(JournalId(1)),
                product: Some(ProductId(2)),
                description: Some("abc".into()),
                cost_price: Between { from: Some(UnitCost(1_500_000)), to: Some(UnitCost(2_500_000)) },
                places: PlaceFilter {
                    categories: Some(vec![CategoryId(3)]),
                    locations: Some(vec![]),
                    org_units: Some(vec![LocationId(1), LocationId(4)]),
                },
                lot: None,
                lot_name: None,
                with_total_cost: true,
                page: Page { offset: 0, count: 10, with_total: true },
            })
        );
        assert_eq!(
            filter(r#"{"costPrice":{"value":{"from":1e99}},"offset":-1}"#),
            Err(vec![("journal", "required"), ("costPrice", "tooLarge"), ("offset", "negative")])
        );
    }

    #[test]
    fn replies_have_the_described_shape() {
        let entries = CreateEntriesReply {
            stock_draft_entries: CreatedEntries { first: 7, count: 2 },
            book_operation_result: None,
        };
        assert_eq!(
            serde_json::to_string(&entries).unwrap(),
            concat!(
                r#"{"stockDraftEntries":[{"stockDraftEntryId":7,"index":0},{"stockDraftEntryId":8,"index":1}],"#,
                r#""bookOperationResult":null}"#
            )
        );
        assert_eq!(
            serde_json::to_string(&AppendixReply { appendix_id: 3, appendix_number: 1_000_000_000 }).unwrap(),
            r#"{"appendixId":3,"appendixNumber":1000000000}"#
        );
        assert_eq!(serde_json::to_string(&Done {}).unwrap(), "{}");
        let page = EntriesPageReply { entries: vec![], overall_entry_count: None, total_cost_price: None };
        assert_eq!(serde_json::to_string(&page).unwrap(), r#"{"entries":[]}"#);
        let page =
            EntriesPageReply { overall_entry_count: Some(2), total_cost_price: Some(Decimal(5_100_000)), ..page };
        assert_eq!(
            serde_json::to_string(&page).unwrap(),
            r#"{"entries":[],"overallEntryCount":2,"totalCostPrice":5.1}"#
        );
    }

    #[test]
    fn removing_and_clearing_name_their_object() {
        let remove: RemoveEntryRequest = wire::read(br#"{"stockDraftEntryId": 1}"#).unwrap();
        assert_eq!(remove.into_entry(), Ok(EntryId(1)));
        let clear: ClearDraftRequest = wire::read(br#"{"stockDraftId": 1}"#).unwrap();
        assert_eq!(clear.into_journal(), Ok(JournalId(1)));
        assert!(RemoveEntryRequest::default().into_entry().is_err());
        assert!(ClearDraftRequest::default().into_journal().is_err());
    }
}
