//! Entries of a draft: as they are sent, as they are passed on, and as they come back.

use jiff::tz::TimeZone;
use lotbook_domain::entry::{EntryDraft, Reference};
use lotbook_domain::id::{LocationId, ProductId, VoucherId};
use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::checks::Checks;
use super::enumeration::{Code, EnumStyle, SourceKind};
use super::filter::{id, ids};
use super::time::{TimeInput, TimeOutput};
use super::wire::{self, Fields, Id, Object, Opt, Wrap};
use crate::json::{Decimal, DecimalInput};

/// What is to be added to which appendix, and what the door found wrong with it.
///
/// Every line is here, also a faulty one, without the faulty field: so the engine can look at the
/// rest of it, and all faults are told at once.
#[derive(Clone, Debug, Default)]
pub struct EntriesDraft {
    /// The appendix.
    pub voucher: Option<VoucherId>,
    /// The lines, as they were sent.
    pub entries: Vec<EntryDraft>,
    /// What is wrong already.
    pub violations: Vec<Violation>,
}

/// The request of `CreateStockDraftEntries`.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct CreateEntriesRequest {
    stock_appendix_id: Option<Id>,
    stock_draft_entry_sources: Option<Vec<Object<EntrySource>>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct EntrySource {
    customer_actor_id: Opt<Id>,
    supplier_actor_id: Opt<Id>,
    description: Opt<String>,
    cost_price: Opt<DecimalInput>,
    sales_price: Opt<DecimalInput>,
    source: Opt<Object<SourceInput>>,
    organizational_unit_id: Option<Id>,
    stock_date: Option<TimeInput>,
    product_id: Option<Id>,
    variant_id: Opt<Id>,
    count: Option<DecimalInput>,
    instance_ids: Opt<Vec<Id>>,
    product_location_id: Option<Id>,
    lot_id: Opt<Id>,
    lot_name: Opt<String>,
    external_reference: Opt<Object<ReferenceInput>>,
    credit_note_external_reference: Opt<Object<ReferenceInput>>,
}

#[derive(Debug, Default, Deserialize)]
#[serde(default)]
struct SourceInput {
    kind: Option<SourceKind>,
    identifier: Option<String>,
}

impl Fields for SourceInput {
    const FIELDS: &'static [&'static str] = &["kind", "identifier"];
}

/// The document elsewhere that an entry names, or a filter looks for.
#[derive(Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct ReferenceInput {
    /// What kind of document.
    pub source_type: Option<String>,
    /// Its number there.
    pub source_id: Option<Id>,
}

impl Fields for ReferenceInput {
    const FIELDS: &'static [&'static str] = &["sourceType", "sourceId"];
}

impl CreateEntriesRequest {
    /// The lines in plain types. `zone` is what times without an offset are meant in.
    pub fn into_draft(self, zone: &TimeZone) -> EntriesDraft {
        let mut checks = Checks::default();
        let voucher = checks.required("voucher", self.stock_appendix_id).map(|Id(id)| VoucherId(id));
        let sources = checks.required("entries", self.stock_draft_entry_sources);
        if sources.as_ref().is_some_and(Vec::is_empty) {
            checks.push("entries", "empty", "is empty; give at least one entry");
        }
        let mut entries = Vec::with_capacity(sources.as_ref().map_or(0, Vec::len));
        for (index, Object(source)) in sources.into_iter().flatten().enumerate() {
            checks.at_line(index);
            entries.push(source.into_draft(zone, &mut checks));
        }
        EntriesDraft { voucher, entries, violations: checks.into_violations() }
    }
}

impl EntrySource {
    fn into_draft(self, zone: &TimeZone, checks: &mut Checks) -> EntryDraft {
        let source = self.source.given().map(|Object(source)| source);
        if source.as_ref().is_some_and(|source| source.kind.is_none()) {
            checks.push("sourceKind", "required", "is missing");
        }
        let (source_kind, source_identifier) =
            source.map_or((None, None), |source| (source.kind.map(|kind| kind.0), source.identifier));
        let count = checks.required("count", self.count);
        EntryDraft {
            org_unit: checks.required("orgUnit", self.organizational_unit_id).map(|Id(id)| wire::org_unit(id)),
            effective_at: checks.required("stockDate", self.stock_date).map(|time| time.at(zone)),
            product: checks.required("product", self.product_id).map(|Id(id)| ProductId(id)),
            variant: id(self.variant_id),
            lot: id(self.lot_id),
            lot_name: self.lot_name.given(),
            instances: ids(self.instance_ids),
            location: checks.required("location", self.product_location_id).map(|Id(id)| LocationId(id)),
            count: count.and_then(|count| checks.quantity("count", count)),
            cost_price: checks.price("costPrice", self.cost_price),
            sales_price: checks.price("salesPrice", self.sales_price),
            customer: id(self.customer_actor_id),
            supplier: id(self.supplier_actor_id),
            description: self.description.given(),
            unit: None,
            reason: None,
            source_kind,
            source_identifier,
            external: reference(
                ["externalReference.sourceType", "externalReference.sourceId"],
                self.external_reference,
                checks,
            ),
            credit_note: reference(
                ["creditNoteReference.sourceType", "creditNoteReference.sourceId"],
                self.credit_note_external_reference,
                checks,
            ),
            // The dialect does not know reservations.
            reservation: None,
        }
    }
}

fn reference(
    [type_field, id_field]: [&'static str; 2],
    input: Opt<Object<ReferenceInput>>,
    checks: &mut Checks,
) -> Option<Reference> {
    let Object(input) = input.given()?;
    let kind = checks.required(type_field, input.source_type);
    let id = checks.required(id_field, input.source_id);
    Some(Reference { kind: kind?, id: id?.0 })
}

/// The fields of a line as they come back, in the wrappers in which they were sent.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct SourceFields {
    /// The customer.
    pub customer_actor_id: Wrap<i64>,
    /// The supplier.
    pub supplier_actor_id: Wrap<i64>,
    /// Free text.
    pub description: Wrap<String>,
    /// The cost of one, as it was given.
    pub cost_price: Wrap<Decimal>,
    /// The price of one.
    pub sales_price: Wrap<Decimal>,
    /// The document it comes from.
    pub source: Wrap<SourceOutput>,
    /// The org unit; `-1` is the root.
    pub organizational_unit_id: i64,
    /// When it was true.
    pub stock_date: TimeOutput,
    /// The product.
    pub product_id: i64,
    /// The variant, or null.
    pub variant_id: Option<i64>,
    /// How many.
    pub count: Decimal,
    /// The instances.
    pub instance_ids: Wrap<Vec<i64>>,
    /// The location.
    pub product_location_id: i64,
    /// The lot.
    pub lot_id: Wrap<i64>,
    /// The lot's name.
    pub lot_name: Wrap<String>,
    /// The document that it fulfils.
    pub external_reference: Wrap<ReferenceOutput>,
    /// The document that it cancels.
    pub credit_note_external_reference: Wrap<ReferenceOutput>,
}

/// The document that a line comes from.
#[derive(Clone, Debug, Serialize)]
pub struct SourceOutput {
    /// What kind of document.
    pub kind: Code,
    /// Which one.
    pub identifier: Option<String>,
}

impl SourceOutput {
    /// The document, if its kind was given.
    pub fn new(kind: Option<i64>, identifier: Option<String>, style: EnumStyle) -> Option<Self> {
        Some(Self { kind: style.code(kind?), identifier })
    }
}

/// A document elsewhere.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ReferenceOutput {
    /// What kind of document.
    pub source_type: String,
    /// Its number there.
    pub source_id: i64,
}

impl From<Reference> for ReferenceOutput {
    fn from(reference: Reference) -> Self {
        Self { source_type: reference.kind, source_id: reference.id }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use lotbook_domain::id::{LotId, PartyId, VariantId};
    use lotbook_domain::money::UnitCost;
    use lotbook_domain::quantity::Quantity;
    use lotbook_domain::time::Time;

    /// The longest request of the API's description, its placeholders filled in.
    const LINE: &str = r#"{
        "customerActorId": {"value": 11},
        "supplierActorId": {"value": 12},
        "description": {"value": "my stock draft entry"},
        "costPrice": {"value": 2.55},
        "salesPrice": {"value": "3.39"},
        "source": {"value": {"kind": "PurchaseDelivery = 1", "identifier": "string"}},
        "organizationalUnitId": -1,
        "stockDate": "2020-06-26T06:04:13.637Z",
        "productId": 1,
        "variantId": null,
        "count": 1,
        "instanceIds": {"value": [1]},
        "productLocationId": 1,
        "externalReference": {"value": {"sourceType": "invoice", "sourceId": 536365}},
        "creditNoteExternalReference": {"value": {"sourceType": "string", "sourceId": 0}}
    }"#;

    fn draft(body: &str) -> EntriesDraft {
        let request: CreateEntriesRequest = wire::read(body.as_bytes()).unwrap_or_else(|fault| panic!("{fault:?}"));
        request.into_draft(&TimeZone::UTC)
    }

    fn violations(body: &str) -> Vec<(Option<usize>, &'static str, &'static str)> {
        draft(body).violations.into_iter().map(|found| (found.index, found.field, found.code)).collect()
    }

    #[test]
    fn the_described_request_is_read_completely() {
        let draft = draft(&format!(r#"{{"stockAppendixId": 5, "stockDraftEntrySources": [{LINE}]}}"#));
        assert_eq!(draft.violations, []);
        assert_eq!(draft.voucher, Some(VoucherId(5)));
        assert_eq!(
            draft.entries,
            [EntryDraft {
                org_unit: Some(LocationId(1)),
                effective_at: Some(Time(1_593_151_453_637_000)),
                product: Some(ProductId(1)),
                variant: None,
                lot: None,
                lot_name: None,
                unit: None,
                reason: None,
                instances: Some(vec![LotId(1)]),
                location: Some(LocationId(1)),
                count: Some(Quantity::ONE),
                cost_price: Some(UnitCost(2_550_000)),
                sales_price: Some(UnitCost(3_390_000)),
                customer: Some(PartyId(11)),
                supplier: Some(PartyId(12)),
                description: Some("my stock draft entry".into()),
                source_kind: Some(1),
                source_identifier: Some("string".into()),
                external: Some(Reference { kind: "invoice".into(), id: 536_365 }),
                credit_note: Some(Reference { kind: "string".into(), id: 0 }),
                reservation: None,
            }]
        );
    }

    #[test]
    fn a_short_line_leaves_the_rest_open() {
        let draft = draft(
            r#"{"stockAppendixId":"5","stockDraftEntrySources":[{"organizationalUnitId":7,"stockDate":"2020-06-26",
            "productId":"1","count":-2.5,"productLocationId":3,"variantId":{"value":4},"lotName":"L1","lotId":{"value":9},
            "costPrice":null,"salesPrice":{"value":null},"modelType":"x"}]}"#,
        );
        assert_eq!(draft.violations, []);
        assert_eq!(
            draft.entries,
            [EntryDraft {
                org_unit: Some(LocationId(7)),
                effective_at: Some(Time(1_593_129_600_000_000)),
                product: Some(ProductId(1)),
                variant: Some(VariantId(4)),
                lot: Some(LotId(9)),
                lot_name: Some("L1".into()),
                location: Some(LocationId(3)),
                count: Some(Quantity(-2_500_000)),
                ..EntryDraft::default()
            }]
        );
    }

    #[test]
    fn all_that_is_missing_is_told_at_once() {
        assert_eq!(violations(""), [(None, "voucher", "required"), (None, "entries", "required")]);
        assert_eq!(violations(r#"{"stockAppendixId":1,"stockDraftEntrySources":[]}"#), [(None, "entries", "empty")]);
        let required = ["count", "orgUnit", "stockDate", "product", "location"];
        let mut want = vec![(None, "voucher", "required")];
        for index in [0, 2] {
            want.extend(required.map(|field| (Some(index), field, "required")));
        }
        assert_eq!(violations(&format!(r#"{{"stockDraftEntrySources":[{{}},{LINE},{{"count":null}}]}}"#)), want);
    }

    #[test]
    fn a_field_out_of_range_is_a_violation_and_the_line_goes_on_without_it() {
        let body = r#"{"stockAppendixId":1,"stockDraftEntrySources":[{"organizationalUnitId":7,"stockDate":"2020-06-26",
            "productId":1,"count":1e400,"productLocationId":3,"costPrice":{"value":0.1234567},"salesPrice":1000000000000,
            "source":{"value":{"identifier":"x"}},"externalReference":{"value":{}},
            "creditNoteExternalReference":{"value":{"sourceId":1}}}]}"#;
        assert_eq!(
            violations(body),
            [
                ("sourceKind", "required"),
                ("count", "tooLarge"),
                ("costPrice", "tooPrecise"),
                ("salesPrice", "tooLarge"),
                ("externalReference.sourceType", "required"),
                ("externalReference.sourceId", "required"),
                ("creditNoteReference.sourceType", "required"),
            ]
            .map(|(field, code)| (Some(0), field, code))
        );
        let entry = &draft(body).entries[0];
        assert_eq!((entry.product, entry.count), (Some(ProductId(1)), None));
    }

    #[test]
    fn a_wrong_type_names_its_line() {
        for (line, path) in [
            (r#"{"count":"many"}"#, "$.stockDraftEntrySources[1].count"),
            (r#"{"count":{"value":1}}"#, "$.stockDraftEntrySources[1].count"),
            (r#"{"stockDate":"yesterday"}"#, "$.stockDraftEntrySources[1].stockDate"),
            (r#"{"stockDate":1593151453}"#, "$.stockDraftEntrySources[1].stockDate"),
            (r#"{"productId":1.0}"#, "$.stockDraftEntrySources[1].productId"),
            (r#"{"costPrice":{"value":true}}"#, "$.stockDraftEntrySources[1].costPrice.value"),
            (r#"{"source":{"value":{"kind":"Sale"}}}"#, "$.stockDraftEntrySources[1].source.value.kind"),
            (r#"{"instanceIds":{"value":[1,"x"]}}"#, "$.stockDraftEntrySources[1].instanceIds.value[1]"),
            (r#"{"externalReference":{"value":5}}"#, "$.stockDraftEntrySources[1].externalReference.value"),
            ("[]", "$.stockDraftEntrySources[1]"),
            ("null", "$.stockDraftEntrySources[1]"),
            ("5", "$.stockDraftEntrySources[1]"),
        ] {
            let body = format!(r#"{{"stockAppendixId":1,"stockDraftEntrySources":[{LINE},{line}]}}"#);
            let fault = wire::read::<CreateEntriesRequest>(body.as_bytes()).expect_err(line);
            assert_eq!(fault.path, path, "{}", fault.message);
        }
        for end in 1..LINE.len() {
            let body = format!(r#"{{"stockAppendixId":1,"stockDraftEntrySources":[{}"#, &LINE[..end]);
            assert!(wire::read::<CreateEntriesRequest>(body.as_bytes()).is_err(), "cut off after {end}");
        }
    }

    #[test]
    fn a_line_comes_back_in_its_wrappers() {
        let fields = SourceFields {
            customer_actor_id: Wrap(Some(11)),
            supplier_actor_id: Wrap(None),
            description: Wrap(Some("d".into())),
            cost_price: Wrap(Some(Decimal(2_550_000))),
            sales_price: Wrap(None),
            source: Wrap(Some(SourceOutput { kind: EnumStyle::Digits.code(1), identifier: Some("s".into()) })),
            organizational_unit_id: -1,
            stock_date: TimeOutput(Time(1_593_151_453_637_000)),
            product_id: 1,
            variant_id: None,
            count: Decimal(1_000_000),
            instance_ids: Wrap(Some(vec![1])),
            product_location_id: 1,
            lot_id: Wrap(None),
            lot_name: Wrap(None),
            external_reference: Wrap(Some(Reference { kind: "invoice".into(), id: 5 }.into())),
            credit_note_external_reference: Wrap(None),
        };
        assert_eq!(
            serde_json::to_string(&fields).unwrap(),
            concat!(
                r#"{"customerActorId":{"value":11},"supplierActorId":null,"description":{"value":"d"},"#,
                r#""costPrice":{"value":2.55},"salesPrice":null,"source":{"value":{"kind":"1","identifier":"s"}},"#,
                r#""organizationalUnitId":-1,"stockDate":"2020-06-26T06:04:13.637Z","productId":1,"variantId":null,"#,
                r#""count":1,"instanceIds":{"value":[1]},"productLocationId":1,"lotId":null,"lotName":null,"#,
                r#""externalReference":{"value":{"sourceType":"invoice","sourceId":5}},"creditNoteExternalReference":null}"#
            )
        );
    }
}
