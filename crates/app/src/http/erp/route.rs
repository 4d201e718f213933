//! Which call a request means.

use axum::http::StatusCode;
use lotbook_engine::security::permission;

use super::fault::Fault;

macro_rules! calls {
    ($($(#[$doc:meta])* $call:ident = $area:literal $controller:literal $effect:ident;)*) => {
        /// A call of the dialect, named as the last part of its path.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
        pub enum Call {$(
            $(#[$doc])*
            $call,
        )*}

        impl Call {
            /// Every call.
            pub const ALL: &'static [Self] = &[$(Self::$call,)*];

            /// Area, controller and method, as they are spelled in the path.
            pub fn names(self) -> [&'static str; 3] {
                match self {$(Self::$call => [$area, $controller, stringify!($call)],)*}
            }

            /// Whether it changes something, so that an idempotency key counts.
            pub fn changes(self) -> bool {
                match self {$(Self::$call => effect!($effect),)*}
            }
        }
    };
}

macro_rules! effect {
    (changes) => {
        true
    };
    (reads) => {
        false
    };
}

calls! {
    /// Gives a token for a name and a password.
    Login = "security" "Authentication" reads;
    /// Gives a token for a refresh token.
    LoginWithRefreshToken = "security" "Authentication" reads;
    /// Ends a session.
    Logout = "security" "Authentication" reads;
    /// The drafts that the user may see.
    GetAllStockDraftsDescriptors = "inventory" "StockDraft" reads;
    /// Removes all entries of a draft.
    ClearStockDraft = "inventory" "StockDraft" changes;
    /// Starts booking a draft's entries.
    BookStockDraftEntries = "inventory" "StockDraft" changes;
    /// How far a booking is.
    GetStockBookingOperationState = "inventory" "StockDraft" reads;
    /// Opens an appendix and numbers it.
    CreateStockAppendix = "inventory" "StockAppendicies" changes;
    /// Adds entries to an appendix.
    CreateStockDraftEntries = "inventory" "StockDraftEntry" changes;
    /// A page of entries that are not booked.
    GetStockDraftEntriesPage = "inventory" "StockDraftEntry" reads;
    /// Removes one entry.
    RemoveStockDraftEntry = "inventory" "StockDraftEntry" changes;
    /// A page of products.
    GetProductPage = "inventory" "Product" reads;
    /// The variants of a product.
    GetProductVariants = "inventory" "ProductVariant" reads;
    /// A page of instances.
    GetProductInstancesPage = "inventory" "ProductInstance" reads;
    /// All categories.
    GetProductCategories = "inventory" "ProductCategory" reads;
    /// The locations of an org unit, or all.
    GetProductLocations = "inventory" "ProductLocation" reads;
    /// All org units.
    GetOrganizationalUnits = "inventory" "OrganizationalUnit" reads;
    /// What is there and what of it is free.
    GetProductAvailability = "inventory" "ProductAvailability" reads;
    /// A page of the same.
    GetProductAvailabilityPage = "inventory" "ProductAvailability" reads;
    /// A page of the ledger.
    GetStockEntriesPage = "inventory" "StockEntry" reads;
    /// A page of customers and suppliers.
    GetActorsPage = "actors" "Actor" reads;
}

impl Call {
    /// What the caller needs to be permitted, at least somewhere; `None` = nothing but a token.
    pub fn permission(self) -> Option<&'static str> {
        match self {
            Self::Login | Self::LoginWithRefreshToken | Self::Logout => None,
            Self::BookStockDraftEntries => Some(permission::STOCK_BOOK),
            Self::CreateStockAppendix
            | Self::CreateStockDraftEntries
            | Self::RemoveStockDraftEntry
            | Self::ClearStockDraft => Some(permission::STOCK_DRAFT),
            _ => Some(permission::STOCK_READ),
        }
    }

    /// Whether it needs no token.
    pub fn is_public(self) -> bool {
        matches!(self, Self::Login | Self::LoginWithRefreshToken)
    }
}

/// Whether a path is of this dialect.
pub fn is_of_dialect(path: &str) -> bool {
    path.split('/').find(|part| !part.is_empty()).is_some_and(|first| first.eq_ignore_ascii_case("api"))
}

/// The call that a method and a path mean. Case does not matter, nor do repeated slashes.
pub fn find(method: &str, path: &str) -> Result<Call, Fault> {
    let mut parts = path.split('/').filter(|part| !part.is_empty());
    let names = [parts.next(), parts.next(), parts.next(), parts.next()];
    let call = match (names, parts.next()) {
        ([Some(api), Some(area), Some(controller), Some(name)], None) if api.eq_ignore_ascii_case("api") => {
            let asked = [area, controller, name];
            Call::ALL
                .iter()
                .find(|call| call.names().iter().zip(asked).all(|(known, asked)| known.eq_ignore_ascii_case(asked)))
        }
        _ => None,
    };
    let Some(call) = call else {
        return Err(Fault::with_status(
            StatusCode::NOT_FOUND,
            "UnknownRoute",
            "there is no such call; calls are POST /api/inventory/{Controller}/{Method}",
        ));
    };
    if method != "POST" {
        let message = format!("{} is called with POST, not {method}", call.names()[2]);
        return Err(Fault::with_status(StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message));
    }
    Ok(*call)
}

/// Refuses a body that says it is no JSON. A body that says nothing, and no body, pass.
pub fn check_content_type(content_type: Option<&str>, body: &[u8]) -> Result<(), Fault> {
    let Some(content_type) = content_type.filter(|_| !body.is_empty()) else { return Ok(()) };
    let essence = content_type.split(';').next().unwrap_or_default().trim();
    if ["application/json", "text/json", "application/json-patch+json"]
        .iter()
        .any(|accepted| accepted.eq_ignore_ascii_case(essence))
    {
        return Ok(());
    }
    Err(Fault::with_status(
        StatusCode::BAD_REQUEST,
        "UnsupportedContentType",
        format!("the content type is {essence:?}; send application/json, text/json or application/json-patch+json"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_is_found_in_any_spelling() {
        for (path, want) in [
            ("/api/inventory/StockDraft/GetAllStockDraftsDescriptors", Call::GetAllStockDraftsDescriptors),
            ("/API/Inventory/stockdraft/getallstockdraftsdescriptors", Call::GetAllStockDraftsDescriptors),
            ("/api//inventory/product/GetProductPage", Call::GetProductPage),
            ("//api/inventory///StockAppendicies/CreateStockAppendix/", Call::CreateStockAppendix),
            ("/api/security/Authentication/Login", Call::Login),
            ("/api/actors/Actor/GetActorsPage", Call::GetActorsPage),
        ] {
            assert_eq!(find("POST", path), Ok(want), "{path}");
        }
        for call in Call::ALL {
            let [area, controller, name] = call.names();
            assert_eq!(find("POST", &format!("/api/{area}/{controller}/{name}")), Ok(*call));
        }
    }

    #[test]
    fn what_is_unknown_is_said_in_the_envelope() {
        for (method, path, status, code) in [
            ("POST", "/api/inventory/StockDraft/Nothing", 404, "UnknownRoute"),
            ("POST", "/api/inventory/StockEntry/GetProductPage", 404, "UnknownRoute"),
            ("POST", "/api/inventory/Product/GetProductPage/1", 404, "UnknownRoute"),
            ("POST", "/api/security/Actor/GetActorsPage", 404, "UnknownRoute"),
            ("POST", "/", 404, "UnknownRoute"),
            ("GET", "/api/inventory/Nothing", 404, "UnknownRoute"),
            ("GET", "/api/inventory/Product/GetProductPage", 405, "MethodNotAllowed"),
        ] {
            let fault = find(method, path).expect_err(path);
            assert_eq!((fault.status.as_u16(), fault.code.as_ref()), (status, code), "{method} {path}");
        }
    }

    #[test]
    fn a_body_of_another_kind_is_refused() {
        for accepted in
            ["application/json", "Application/JSON; charset=utf-8", "text/json", "application/json-patch+json"]
        {
            assert_eq!(check_content_type(Some(accepted), b"{}"), Ok(()));
        }
        assert_eq!(check_content_type(None, b"{}"), Ok(()));
        assert_eq!(check_content_type(Some("text/plain"), b""), Ok(()));
        for refused in ["application/x-www-form-urlencoded", "text/plain", "", "application/xml", "application/jsonx"] {
            assert_eq!(check_content_type(Some(refused), b"{}").expect_err(refused).status, StatusCode::BAD_REQUEST);
        }
    }

    #[test]
    fn calls_that_change_something_say_so() {
        let changing: Vec<_> = Call::ALL.iter().filter(|call| call.changes()).map(|call| call.names()[2]).collect();
        assert_eq!(
            changing,
            [
                "ClearStockDraft",
                "BookStockDraftEntries",
                "CreateStockAppendix",
                "CreateStockDraftEntries",
                "RemoveStockDraftEntry"
            ]
        );
        assert!(Call::Login.is_public() && !Call::Logout.is_public());
    }
}
