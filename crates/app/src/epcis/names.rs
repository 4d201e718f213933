//! What things are called outside the house: GS1 Digital Links where a GTIN is known, else URIs of the house's own.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use lotbook_domain::catalog::Lot;
use lotbook_domain::id::{LocationId, LotId, MovementId, PartyId, ProductId, VariantId};
use lotbook_domain::time::Time;
use lotbook_engine::query::codes::Coded;
use lotbook_engine::structure::Structure;
use lotbook_engine::zone;

/// Names by id, as far as they were read.
pub struct Names {
    /// What identifiers of the house's own begin with.
    pub base: String,
    /// Products.
    pub products: HashMap<ProductId, Coded>,
    /// Variants.
    pub variants: HashMap<VariantId, Coded>,
    /// Lots and instances.
    pub lots: HashMap<LotId, Lot>,
    /// The movement that brought a lot into the house.
    pub firsts: HashMap<LotId, MovementId>,
    /// Codes of parties.
    pub parties: HashMap<PartyId, String>,
    /// Locations, reasons and settings.
    pub structure: Arc<Structure>,
    zone: String,
}

impl Names {
    /// Without products, lots and parties.
    pub fn new(structure: Arc<Structure>) -> Self {
        let base = structure.settings.text("epcis.baseUri").unwrap_or_else(|| "urn:lotbook".to_owned());
        Self {
            base: base.trim_end_matches(['/', ':']).to_owned(),
            products: HashMap::new(),
            variants: HashMap::new(),
            lots: HashMap::new(),
            firsts: HashMap::new(),
            parties: HashMap::new(),
            zone: structure.settings.time_zone(),
            structure,
        }
    }

    fn own<'s>(&self, parts: impl IntoIterator<Item = &'s str>) -> String {
        let mut uri = self.base.clone();
        for part in parts {
            uri.push(if self.base.starts_with("urn:") { ':' } else { '/' });
            uri.push_str(&encode(part));
        }
        uri
    }

    /// A product, its variant, or a lot or instance of it.
    pub fn item(&self, product: ProductId, variant: VariantId, lot: LotId) -> String {
        let coded = if variant.0 == 0 { self.products.get(&product) } else { self.variants.get(&variant) };
        let gtin = coded.and_then(|coded| coded.barcodes.iter().find_map(|barcode| gtin_14(barcode)));
        let lot = self.lots.get(&lot);
        if let Some(gtin) = gtin {
            match lot {
                None => return format!("https://id.gs1.org/01/{gtin}"),
                Some(lot) if is_gs1_name(&lot.name) => {
                    let key = if lot.is_serial { 21 } else { 10 };
                    return format!("https://id.gs1.org/01/{gtin}/{key}/{}", encode(&lot.name));
                }
                Some(_) => {}
            }
        }
        let identifier = self.products.get(&product).map_or("", |coded| &coded.identifier);
        let mut parts = vec!["product", identifier];
        if let Some(variant) = self.variants.get(&variant) {
            parts.extend(["variant", &variant.identifier]);
        }
        if let Some(lot) = lot {
            parts.extend([if lot.is_serial { "instance" } else { "lot" }, &lot.name]);
        }
        self.own(parts)
    }

    /// A place in the house.
    pub fn place(&self, id: LocationId) -> String {
        let path = self.structure.catalog.locations.name_of(id);
        self.own(std::iter::once("location").chain(path.split('/')))
    }

    /// A customer or supplier.
    pub fn party(&self, id: PartyId) -> Option<String> {
        self.parties.get(&id).map(|code| self.own(["party", code]))
    }

    /// A paper by its kind and number.
    pub fn paper(&self, kind: &str, number: i64) -> String {
        self.own([kind, &number.to_string()])
    }

    /// A run.
    pub fn run(&self, uid: &str) -> String {
        self.own(["run", uid])
    }

    /// The unit in which a product is kept: its code of UN/ECE (nothing = pieces), and its symbol if it has none.
    pub fn unit(&self, product: ProductId) -> (Option<String>, Option<String>) {
        let symbol = self.products.get(&product).map_or("", |coded| coded.unit.as_str());
        match unece(symbol) {
            Some("") => (None, None),
            Some(code) => (Some(code.to_owned()), None),
            None => (None, Some(symbol.to_owned())),
        }
    }

    /// How far the house's clocks are ahead of UTC then: `+01:00`.
    pub fn offset(&self, at: Time) -> String {
        let minutes = zone::ahead_of_utc(at, &self.zone) / 60_000_000;
        let sign = if minutes < 0 { '-' } else { '+' };
        format!("{sign}{:02}:{:02}", minutes.abs() / 60, minutes.abs() % 60)
    }

    /// Whether a lot came into the house with one of these lines of a batch.
    pub fn is_first(&self, lot: LotId, lines: std::ops::RangeInclusive<i64>) -> bool {
        self.firsts.get(&lot).is_some_and(|id| lines.contains(&id.number()))
    }
}

/// A part of a URI: everything but letters, digits and `-._~` by its code.
fn encode(part: &str) -> String {
    let mut out = String::with_capacity(part.len());
    for byte in part.bytes() {
        match byte {
            b'a'..=b'z' | b'A'..=b'Z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            other => {
                let _ = write!(out, "%{other:02X}");
            }
        }
    }
    out
}

/// The GTIN that a barcode is, with 14 digits; `None` where its length or its check digit says that it is none.
fn gtin_14(barcode: &str) -> Option<String> {
    let digits: Vec<u32> = barcode.chars().map(|digit| digit.to_digit(10)).collect::<Option<_>>()?;
    if ![8, 12, 13, 14].contains(&digits.len()) {
        return None;
    }
    // From the right, the check digit weighs 1 and the others 3 and 1 in turn.
    let sum: u32 = digits.iter().rev().enumerate().map(|(at, digit)| digit * if at % 2 == 1 { 3 } else { 1 }).sum();
    (sum.is_multiple_of(10) && digits.iter().any(|digit| *digit != 0)).then(|| format!("{barcode:0>14}"))
}

/// Whether GS1 allows this as the name of a lot or as a serial number.
fn is_gs1_name(name: &str) -> bool {
    let is_allowed = |letter: u8| letter.is_ascii_alphanumeric() || b"!\"%&'()*+,-./_:;<=>?".contains(&letter);
    (1..=20).contains(&name.len()) && name.bytes().all(is_allowed)
}

/// The code of UN/ECE Recommendation 20 for a unit's symbol; empty for pieces, which EPCIS leaves out.
fn unece(symbol: &str) -> Option<&'static str> {
    const CODES: [(&str, &[&str]); 27] = [
        ("", &["", "pc", "pcs", "piece", "pieces", "ea", "each", "st", "stk", "unit", "units", "c62", "h87"]),
        ("KGM", &["kg", "kgm", "kilogram"]),
        ("GRM", &["g", "gr", "grm", "gram"]),
        ("MGM", &["mg", "mgm"]),
        ("TNE", &["t", "to", "tne", "tonne"]),
        ("LBR", &["lb", "lbs", "lbr", "pound"]),
        ("ONZ", &["oz", "onz", "ounce"]),
        ("LTR", &["l", "ltr", "liter", "litre"]),
        ("MLT", &["ml", "mlt"]),
        ("CLT", &["cl", "clt"]),
        ("HLT", &["hl", "hlt"]),
        ("MTQ", &["m3", "m³", "mtq"]),
        ("CMQ", &["cm3", "cm³", "cmq"]),
        ("GLL", &["gal", "gll", "gallon"]),
        ("OZA", &["fl oz", "floz", "oza"]),
        ("MTR", &["m", "mtr", "meter", "metre"]),
        ("CMT", &["cm", "cmt"]),
        ("MMT", &["mm", "mmt"]),
        ("KMT", &["km", "kmt"]),
        ("INH", &["in", "inh", "inch"]),
        ("FOT", &["ft", "fot", "foot"]),
        ("MTK", &["m2", "m²", "mtk"]),
        ("CMK", &["cm2", "cm²", "cmk"]),
        ("HUR", &["h", "hur", "hour"]),
        ("KWH", &["kwh"]),
        ("MWH", &["mwh"]),
        ("DZN", &["dz", "doz", "dozen", "dzn"]),
    ];
    let folded = symbol.trim().to_lowercase();
    CODES.iter().find(|(_, symbols)| symbols.contains(&folded.as_str())).map(|(code, _)| *code)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(base: &str) -> Names {
        let mut names = Names::new(Arc::new(Structure::default()));
        base.clone_into(&mut names.base);
        let milk = Coded { identifier: "Raw/Milk".to_owned(), unit: "lb".to_owned(), barcodes: vec!["x".to_owned()] };
        let cheese =
            Coded { identifier: "C".to_owned(), unit: "wheel".to_owned(), barcodes: vec!["4006381333931".to_owned()] };
        names.products.extend([(ProductId(1), milk), (ProductId(2), cheese)]);
        for (id, name, is_serial) in [(1, "MILK-001", false), (2, "Käse", false), (3, "A 1", true), (4, "S/1", true)] {
            let lot = Lot { id: LotId(id), name: name.to_owned(), is_serial, ..Lot::default() };
            names.lots.insert(LotId(id), lot);
        }
        names
    }

    #[test]
    fn a_gtin_is_known_by_its_length_and_check_digit() {
        assert_eq!(gtin_14("4006381333931").as_deref(), Some("04006381333931"));
        assert_eq!(gtin_14("96385074").as_deref(), Some("00000096385074"));
        assert_eq!(gtin_14("036000291452").as_deref(), Some("00036000291452"));
        for wrong in ["4006381333932", "400638133393", "85123A", "", "00000000", "4006381333931 "] {
            assert_eq!(gtin_14(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn things_with_a_gtin_have_digital_links_and_others_names_of_the_house() {
        let names = names("urn:lotbook");
        let item = |product, lot| names.item(ProductId(product), VariantId(0), LotId(lot));
        assert_eq!(item(2, 0), "https://id.gs1.org/01/04006381333931");
        assert_eq!(item(2, 1), "https://id.gs1.org/01/04006381333931/10/MILK-001");
        assert_eq!(item(2, 4), "https://id.gs1.org/01/04006381333931/21/S%2F1");
        assert_eq!(item(2, 2), "urn:lotbook:product:C:lot:K%C3%A4se");
        assert_eq!(item(2, 3), "urn:lotbook:product:C:instance:A%201");
        assert_eq!(item(1, 1), "urn:lotbook:product:Raw%2FMilk:lot:MILK-001");
        assert_eq!(item(1, 0), "urn:lotbook:product:Raw%2FMilk");
    }

    #[test]
    fn the_house_may_have_an_address() {
        let names = names("https://id.example.com/epcis");
        let lot = names.item(ProductId(1), VariantId(0), LotId(1));
        assert_eq!(lot, "https://id.example.com/epcis/product/Raw%2FMilk/lot/MILK-001");
        assert_eq!(names.paper("voucher", 7), "https://id.example.com/epcis/voucher/7");
    }

    #[test]
    fn units_have_codes_or_are_named() {
        let names = names("urn:lotbook");
        assert_eq!(names.unit(ProductId(1)), (Some("LBR".to_owned()), None));
        assert_eq!(names.unit(ProductId(2)), (None, Some("wheel".to_owned())));
        assert_eq!(unece("pcs"), Some(""));
        assert_eq!(unece("KG"), Some("KGM"));
    }

    #[test]
    fn offsets_are_written_with_sign() {
        assert_eq!(names("urn:lotbook").offset(Time(0)), "+00:00");
    }
}
