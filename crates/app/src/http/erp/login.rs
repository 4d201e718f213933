//! Logging in and staying so.

use lotbook_domain::violation::Violation;
use serde::{Deserialize, Serialize};

use super::checks::Checks;
use super::time::TimeOutput;
use super::wire::Opt;

/// The request of `Login`. It holds a password, so it cannot be printed.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct LoginRequest {
    #[serde(rename = "userNameOrEMail")]
    user_name_or_e_mail: Opt<String>,
    password: Opt<String>,
    tenant_domain_name: Opt<String>,
}

/// Who wants in, and where.
pub struct Credentials {
    /// The name or the address.
    pub user: String,
    /// The password.
    pub password: String,
    /// The tenant's name; `None` = the only one.
    pub tenant: Option<String>,
}

impl LoginRequest {
    /// Who wants in, or what is missing.
    pub fn into_credentials(self) -> Result<Credentials, Vec<Violation>> {
        let mut checks = Checks::default();
        let user = checks.required("userNameOrEMail", self.user_name_or_e_mail.given()).unwrap_or_default();
        let password = checks.required("password", self.password.given()).unwrap_or_default();
        checks.finish(Credentials { user, password, tenant: self.tenant_domain_name.given() })
    }
}

/// The request of `LoginWithRefreshToken`. It holds a secret, so it cannot be printed.
#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct RefreshRequest {
    tenant_domain_name: Opt<String>,
    refresh_token: Opt<String>,
    issue_refresh_token: Opt<bool>,
}

/// A refresh token to be used.
pub struct Refresh {
    /// The secret.
    pub token: String,
    /// The tenant's name; `None` = the only one.
    pub tenant: Option<String>,
    /// Whether a new refresh token is wanted with the new token.
    pub with_refresh_token: bool,
}

impl RefreshRequest {
    /// The token to be used, or that it is missing.
    pub fn into_refresh(self) -> Result<Refresh, Vec<Violation>> {
        let mut checks = Checks::default();
        let token = checks.required("refreshToken", self.refresh_token.given()).unwrap_or_default();
        checks.finish(Refresh {
            token,
            tenant: self.tenant_domain_name.given(),
            with_refresh_token: self.issue_refresh_token == Opt::Given(true),
        })
    }
}

/// The reply of both.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct LoginReply {
    /// The token to send with every call.
    pub token: String,
    /// Until when it holds.
    pub expires_in: TimeOutput,
    /// The token to get the next one with.
    pub refresh_token_info: Option<RefreshTokenInfo>,
}

/// A refresh token.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
pub struct RefreshTokenInfo {
    /// The secret.
    pub token: String,
    /// Until when it holds.
    pub expires_in: TimeOutput,
}

/// The token of an `Authorization` header: with `Bearer` in front or bare.
pub fn bearer_token(header: &str) -> Option<&str> {
    let header = header.trim();
    let token = match header.split_once(' ') {
        Some((scheme, token)) if scheme.eq_ignore_ascii_case("bearer") => token.trim(),
        Some(_) => return None,
        None if header.eq_ignore_ascii_case("bearer") => return None,
        None => header,
    };
    (!token.is_empty() && !token.contains(' ')).then_some(token)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::erp::fault::reply;
    use crate::http::erp::wire;
    use lotbook_domain::time::Time;

    #[test]
    fn a_login_is_read() {
        let body = br#"{"userNameOrEMail":"admin","password":"p\u00e4ss","tenantDomainName":"default"}"#;
        let read: LoginRequest = wire::read(body).unwrap();
        let credentials = read.into_credentials().unwrap_or_else(|_| panic!("complete"));
        assert_eq!(
            (credentials.user.as_str(), credentials.password.as_str(), credentials.tenant.as_deref()),
            ("admin", "päss", Some("default"))
        );
        let missing: LoginRequest = wire::read(b"").unwrap();
        assert_eq!(missing.into_credentials().err().unwrap().len(), 2);
        let body = br#"{"tenantDomainName":"default","refreshToken":"r","issueRefreshToken":true}"#;
        let refresh = wire::read::<RefreshRequest>(body).unwrap().into_refresh().unwrap_or_else(|_| panic!("complete"));
        assert!(refresh.token == "r" && refresh.with_refresh_token);
    }

    #[test]
    fn the_token_stands_where_clients_look_for_it() {
        let expires_in = TimeOutput(Time(0));
        let login = LoginReply {
            token: "t".into(),
            expires_in,
            refresh_token_info: Some(RefreshTokenInfo { token: "r".into(), expires_in }),
        };
        assert_eq!(
            reply(&login),
            r#"{"errorOrValue":{"error":null,"value":{"token":"t","expiresIn":"1970-01-01T00:00:00.000Z","refreshTokenInfo":{"token":"r","expiresIn":"1970-01-01T00:00:00.000Z"}}}}"#
        );
    }

    #[test]
    fn a_token_comes_with_its_scheme_or_bare() {
        for (header, want) in [
            ("Bearer abc", Some("abc")),
            ("bearer  abc ", Some("abc")),
            ("abc", Some("abc")),
            ("Basic abc", None),
            ("Bearer", None),
            ("Bearer ", None),
            ("", None),
            ("Bearer a b", None),
        ] {
            assert_eq!(bearer_token(header), want, "{header:?}");
        }
    }
}
