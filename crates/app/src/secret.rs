//! The text of a token: `lb_<tenant>_<43 characters>`, 256 random bits in base64url.
//!
//! The tenant is in the text so that a token can be looked up within its tenant; the prefix lets
//! scanners find tokens that were published by mistake.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use lotbook_domain::id::TenantId;
use lotbook_engine::security::hash_secret;

use crate::surroundings;

/// A token as its holder has it. It cannot be printed by accident.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret {
    tenant: TenantId,
    bits: [u8; 32],
}

impl Secret {
    /// A fresh one.
    pub fn fresh(tenant: TenantId) -> Self {
        let mut bits = [0; 32];
        surroundings::fill(&mut bits);
        Self { tenant, bits }
    }

    /// The token in a text; `None` where it has another form, so that it cannot hold.
    pub fn parse(text: &str) -> Option<Self> {
        let (tenant, bits) = text.strip_prefix("lb_")?.split_once('_')?;
        if bits.len() != 43 || !tenant.bytes().all(|digit| digit.is_ascii_digit()) {
            return None;
        }
        let bits = URL_SAFE_NO_PAD.decode(bits).ok()?.try_into().ok()?;
        Some(Self { tenant: TenantId(tenant.parse().ok()?), bits })
    }

    /// The tenant it is for.
    pub fn tenant(&self) -> TenantId {
        self.tenant
    }

    /// What the database keeps of it.
    pub fn hash(&self) -> [u8; 32] {
        hash_secret(&self.bits)
    }

    /// What a page has to send beside the cookie that holds this token, to show that the request was
    /// made by the page itself: pages of other sites cannot read it.
    pub fn csrf_token(&self) -> String {
        let bits = blake3::derive_key("lotbook session cookie: proof of the page's own request", &self.bits);
        URL_SAFE_NO_PAD.encode(&bits[..24])
    }

    /// The text to hand out.
    pub fn reveal(&self) -> String {
        format!("lb_{}_{}", self.tenant, URL_SAFE_NO_PAD.encode(self.bits))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_reads_back_from_its_text() {
        for tenant in [1, 4_711] {
            let secret = Secret::fresh(TenantId(tenant));
            let text = secret.reveal();
            assert_eq!(text.len(), "lb__".len() + tenant.to_string().len() + 43);
            assert!(Secret::parse(&text).is_some_and(|read| read == secret));
        }
        assert_ne!(Secret::fresh(TenantId(1)).hash(), Secret::fresh(TenantId(1)).hash());
    }

    #[test]
    fn other_texts_are_no_tokens() {
        let good = Secret::fresh(TenantId(1)).reveal();
        for wrong in [
            "",
            "lb_",
            "lb_1_",
            "lb__AAAA",
            "admin",
            &good[..good.len() - 1],
            &format!("{good}A"),
            &good.replace("lb_1", "lb_-1"),
            &good.replace("lb_1", "lb_+1"),
            &good.replace("lb_1", "lb_99999999999999999999"),
            &format!("lb_1_{}", "ä".repeat(43)),
        ] {
            assert!(Secret::parse(wrong).is_none(), "{wrong}");
        }
    }
}
