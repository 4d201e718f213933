//! What the reference says of logins, people, roles and keys; their routes are in [`super::super::auth`]
//! and [`super::super::people`].
#![allow(clippy::needless_pass_by_value)] // schemas are made on the spot and given away

use lotbook_engine::security::permission::{AUDIT_READ, USERS_WRITE};
use serde_json::{Value, json};

use super::openapi::{self, Api, Operation, list_of, one_or_many, schema_ref};

fn object(properties: Value, required: &[&str]) -> Value {
    json!({"type": "object", "properties": properties, "required": required})
}

/// Adds their operations.
pub fn describe(api: &mut Api) {
    api.tag("session", "Who calls: a session with a token, or an API key.");
    let text = || json!({"type": "string"});
    let login = object(
        json!({
            "user": text(), "password": text(), "tenant": text(),
            "cookie": {"type": "boolean", "description": "Whether the token goes into a cookie that pages cannot read."}
        }),
        &["user", "password"],
    );
    api.schema(
        "Session",
        object(
            json!({
                "token": text(), "expiresAt": text(), "refreshToken": text(), "refreshExpiresAt": text(),
                "csrfToken": text(), "user": {"type": "integer"}, "tenant": {"type": "integer"}
            }),
            &["expiresAt", "user", "tenant"],
        ),
    );
    api.add(
        "post",
        "/v1/login",
        Operation::new("session", "login", "Begin a session").open().body(login).answers(
            200,
            "The token.",
            schema_ref("Session"),
        ),
    );
    api.add(
        "post",
        "/v1/login/refresh",
        Operation::new("session", "refreshLogin", "Begin the next session with a refresh token")
            .open()
            .body(object(json!({"refreshToken": text()}), &["refreshToken"]))
            .answers(200, "The next token.", schema_ref("Session")),
    );
    api.add(
        "post",
        "/v1/logout",
        Operation::new("session", "logout", "End the session").answers(200, "Ended.", json!({"type": "object"})),
    );
    api.add(
        "get",
        "/v1/me",
        Operation::new("session", "me", "Who calls, and what they may do").answers(
            200,
            "The person.",
            json!({"type": "object"}),
        ),
    );
    api.add(
        "post",
        "/v1/me/password",
        Operation::new("session", "changePassword", "Set another password; ends all sessions")
            .body(object(json!({"current": text(), "new": text()}), &["current", "new"]))
            .answers(200, "It is set.", json!({"type": "object"})),
    );
    describe_people(api);
    describe_keys(api);
}

fn describe_people(api: &mut Api) {
    let text = || json!({"type": "string"});
    api.tag("users", "People and programs that may call, and the roles they hold.");
    let user = json!({
        "name": text(), "email": {"type": ["string", "null"]}, "password": {"type": ["string", "null"], "writeOnly": true},
        "isEnabled": {"type": "boolean", "default": true}, "role": schema_ref("Reference"), "orgUnit": schema_ref("Reference"),
        "roles": {
            "type": "array",
            "items": object(json!({"role": schema_ref("Reference"), "orgUnit": schema_ref("Reference")}), &["role"])
        }
    });
    api.schema("User", object(user, &["name"]));
    api.schema("Role", object(json!({"name": text(), "permissions": {"type": "array", "items": text()}}), &["name"]));
    for (name, one, several) in [("users", "User", "Users"), ("roles", "Role", "Roles")] {
        let path = format!("/v1/{name}");
        let single = format!("/v1/{name}/{{reference}}");
        api.add(
            "get",
            &path,
            Operation::new("users", &format!("list{several}"), &format!("List {name}"))
                .needs(USERS_WRITE)
                .paged()
                .answers(200, "A page.", list_of(one)),
        );
        api.add(
            "post",
            &path,
            Operation::new("users", &format!("create{several}"), &format!("Create {name}, all or none"))
                .needs(USERS_WRITE)
                .changes()
                .body(one_or_many(one))
                .answers(201, "What was made.", schema_ref(one)),
        );
        api.add(
            "get",
            &single,
            Operation::new("users", &format!("get{one}"), &format!("Get one of the {name}"))
                .needs(USERS_WRITE)
                .by_reference()
                .answers(200, "The record.", schema_ref(one)),
        );
        api.add(
            "patch",
            &single,
            Operation::new("users", &format!("change{one}"), &format!("Change one of the {name}"))
                .needs(USERS_WRITE)
                .by_reference()
                .changes()
                .versioned()
                .body(schema_ref(one))
                .answers(200, "The record as it is then.", schema_ref(one)),
        );
    }
    api.add(
        "get",
        "/v1/permissions",
        Operation::new("users", "listPermissions", "List what roles can permit")
            .about(
                "What stands before a dot grants all behind it. Below a family, names are free: scripts ask for them.",
            )
            .needs(USERS_WRITE)
            .answers(
                200,
                "All of them.",
                object(
                    json!({
                        "items": {"type": "array", "items": object(json!({"name": text()}), &["name"])},
                        "families": {"type": "array", "items": text()}, "nextCursor": {"type": "null"}
                    }),
                    &["items", "families"],
                ),
            ),
    );
    api.add(
        "delete",
        "/v1/roles/{reference}",
        Operation::new("users", "deleteRole", "Delete a role that nobody holds")
            .needs(USERS_WRITE)
            .by_reference()
            .changes()
            .versioned()
            .answers(200, "It is gone.", json!({"type": "object"})),
    );
}

fn describe_keys(api: &mut Api) {
    let text = || json!({"type": "string"});
    api.tag("tokens", "API keys and sessions. The secret of a key is shown once, when it is made.");
    let key = json!({
        "id": {"type": "integer", "readOnly": true}, "name": text(), "user": schema_ref("Reference"),
        "expiresAt": {"type": ["string", "null"]}, "token": {"type": ["string", "null"], "readOnly": true}
    });
    api.schema("ApiKey", object(key, &[]));
    api.add(
        "get",
        "/v1/tokens",
        Operation::new("tokens", "listTokens", "List API keys")
            .parameters([openapi::query("user", "Of this user, for whoever may change users; all.", text())])
            .paged()
            .answers(200, "A page.", list_of("ApiKey")),
    );
    api.add(
        "post",
        "/v1/tokens",
        Operation::new("tokens", "createToken", "Make an API key").changes().body(schema_ref("ApiKey")).answers(
            201,
            "The key with its secret.",
            schema_ref("ApiKey"),
        ),
    );
    api.add(
        "delete",
        "/v1/tokens/{id}",
        Operation::new("tokens", "revokeToken", "Revoke an API key").in_path("id", "Its id.").changes().answers(
            200,
            "It is revoked.",
            json!({"type": "object"}),
        ),
    );
    api.tag("audit", "Who changed what, when and from where.");
    api.schema(
        "AuditEntry",
        object(
            json!({
                "id": {"type": "integer"}, "at": text(), "user": {"type": "object"}, "origin": text(), "action": text(),
                "subject": text(), "detail": {"type": ["string", "null"]}
            }),
            &["id", "at", "action", "subject"],
        ),
    );
    api.add(
        "get",
        "/v1/audit",
        Operation::new("audit", "listAudit", "Read the audit log, newest first")
            .needs(AUDIT_READ)
            .parameters([
                openapi::query("user", "By this user.", text()),
                openapi::query("from", "At this time or later; a day is its start.", text()),
                openapi::query("to", "At this time or before; a day is all of it.", text()),
                openapi::query("search", "What was done, to what, or more about it contains this.", text()),
            ])
            .paged()
            .answers(200, "A page.", list_of("AuditEntry")),
    );
}
