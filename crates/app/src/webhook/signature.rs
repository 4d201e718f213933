//! Secrets and signatures as Standard Webhooks 1.0 has them.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

use crate::surroundings;

const PREFIX: &str = "whsec_";
const SECRET_BYTES: usize = 32;

/// A new secret: `whsec_` and 32 random bytes in base64.
pub fn fresh_secret() -> String {
    let mut bytes = [0; SECRET_BYTES];
    surroundings::fill(&mut bytes);
    format!("{PREFIX}{}", STANDARD.encode(bytes))
}

/// The header `webhook-signature`: one `v1` signature of `id.timestamp.body` for each secret. `None` where
/// a secret is none of ours.
pub fn sign<'s>(secrets: impl IntoIterator<Item = &'s str>, id: &str, timestamp: i64, body: &[u8]) -> Option<String> {
    let mut signatures = Vec::new();
    for secret in secrets {
        let key = STANDARD.decode(secret.strip_prefix(PREFIX)?).ok()?;
        let mut mac = Hmac::<Sha256>::new_from_slice(&key).ok()?;
        mac.update(format!("{id}.{timestamp}.").as_bytes());
        mac.update(body);
        signatures.push(format!("v1,{}", STANDARD.encode(mac.finalize().into_bytes())));
    }
    Some(signatures.join(" "))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_signature_is_what_others_compute() {
        // The example that the convention's own libraries test with.
        let secret = "whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw";
        let signed = sign([secret], "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, br#"{"test": 2432232314}"#).unwrap();
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
        let both = sign([secret, &fresh_secret()], "msg_1", 1, b"{}").unwrap();
        assert_eq!(both.split(' ').count(), 2);
        assert_eq!(sign(["another"], "msg_1", 1, b"{}"), None);
    }

    #[test]
    fn secrets_differ() {
        assert_ne!(fresh_secret(), fresh_secret());
        assert_eq!(fresh_secret().len(), PREFIX.len() + 44);
    }
}
