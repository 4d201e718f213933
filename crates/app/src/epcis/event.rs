//! Events as they are written: the fields of EPCIS 2.0 that are used here, in its order.

use lotbook_domain::time::Time;
use serde::Serialize;

use crate::json::Decimal;

/// The document up to its events, whose list it opens.
pub fn head(at: Time, base: &str) -> String {
    let context = serde_json::json!([
        "https://ref.gs1.org/standards/epcis/2.0.0/epcis-context.jsonld",
        {"lotbook": format!("{base}{}", if base.starts_with("urn:") { ":" } else { "/" })}
    ]);
    format!(
        "{{\"@context\":{context},\"type\":\"EPCISDocument\",\"schemaVersion\":\"2.0\",\"creationDate\":\"{at}\",\
         \"epcisBody\":{{\"eventList\":["
    )
}

/// An event.
#[derive(Clone, Debug, Default, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Event {
    /// `ObjectEvent` or `TransformationEvent`.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The same for the same fact, however often it is exported.
    #[serde(rename = "eventID")]
    pub event_id: String,
    /// When it was true.
    pub event_time: String,
    /// How far the house's clocks were ahead of UTC then.
    pub event_time_zone_offset: String,
    /// Of an object event: whether things begin, are there, or end.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub action: Option<&'static str>,
    /// Of an object event: the instances.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub epc_list: Vec<String>,
    /// Of an object event: the quantities of lots or products.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub quantity_list: Vec<Quantity>,
    /// What went in: instances.
    #[serde(rename = "inputEPCList", skip_serializing_if = "Vec::is_empty")]
    pub input_epcs: Vec<String>,
    /// What went in: quantities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub input_quantity_list: Vec<Quantity>,
    /// What came out: instances.
    #[serde(rename = "outputEPCList", skip_serializing_if = "Vec::is_empty")]
    pub output_epcs: Vec<String>,
    /// What came out: quantities.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub output_quantity_list: Vec<Quantity>,
    /// The run.
    #[serde(rename = "transformationID", skip_serializing_if = "Option::is_none")]
    pub transformation: Option<String>,
    /// What was being done.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biz_step: Option<&'static str>,
    /// What state that leaves the things in.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub disposition: Option<&'static str>,
    /// Where it was seen.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub read_point: Option<Place>,
    /// Where the things are from then on.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub biz_location: Option<Place>,
    /// The papers.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub biz_transaction_list: Vec<Paper>,
    /// From whom or where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub source_list: Vec<Source>,
    /// To whom or where.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub destination_list: Vec<Destination>,
    /// What is known of a lot when it first appears.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ilmd: Option<LotData>,
    /// Why.
    #[serde(rename = "lotbook:reason", skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// The unit of the quantities, where it has no code of UN/ECE.
    #[serde(rename = "lotbook:unit", skip_serializing_if = "Option::is_none")]
    pub unit: Option<String>,
    /// It was taken back.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub error_declaration: Option<ErrorDeclaration>,
}

/// So much of a lot or product.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Quantity {
    /// The lot or product.
    pub epc_class: String,
    /// How much; nothing = not said.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quantity: Option<Decimal>,
    /// The unit by its UN/ECE code; nothing = pieces.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub uom: Option<String>,
}

/// A place.
#[derive(Clone, Debug, Serialize)]
pub struct Place {
    /// Its identifier.
    pub id: String,
}

/// A paper.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct Paper {
    /// What kind of paper.
    #[serde(rename = "type", skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its identifier.
    pub biz_transaction: String,
}

/// Where something came from.
#[derive(Clone, Debug, Serialize)]
pub struct Source {
    /// `location`, or whose it was.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The place or party.
    pub source: String,
}

/// Where something went.
#[derive(Clone, Debug, Serialize)]
pub struct Destination {
    /// `location`, or whose it is.
    #[serde(rename = "type")]
    pub kind: &'static str,
    /// The place or party.
    pub destination: String,
}

/// What is known of a lot.
#[derive(Clone, Debug, Serialize)]
pub struct LotData {
    /// What it is called.
    #[serde(rename = "cbvmda:lotNumber", skip_serializing_if = "Option::is_none")]
    pub lot: Option<String>,
    /// Until when it is good: a date.
    #[serde(rename = "cbvmda:itemExpirationDate", skip_serializing_if = "Option::is_none")]
    pub expires: Option<String>,
}

/// That an event did not occur.
#[derive(Clone, Debug, Serialize)]
#[serde(rename_all = "camelCase")]
pub struct ErrorDeclaration {
    /// When that was found out.
    pub declaration_time: String,
    /// `did_not_occur`.
    pub reason: &'static str,
}
