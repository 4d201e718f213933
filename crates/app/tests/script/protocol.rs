//! JSON-RPC: calls, batches, notifications, faults of the text, and keys that make a retry harmless.

use serde_json::{Value, json};

use crate::plant::{Script, furnish, ok};
use crate::support::{Server, run_ok};

const NEW: &str = "system.mes.inventory.operation.newInventoryOperation";
const SAVE: &str = "system.mes.inventoryOperation.saveInventoryOperation";
const ALL: &str = "system.mes.inventory.operation.getAllInventoryOperations";

#[test]
fn calls_come_alone_or_in_batches() {
    let server = Server::start();
    let mut admin = server.admin();
    let code = |reply: &Value| reply["error"]["code"].as_i64().unwrap();
    for (body, want) in [
        ("{", -32_700),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"id\":2,\"method\":\"x\"}", -32_700),
        ("[]", -32_600),
        ("5", -32_600),
        ("{\"id\":1,\"method\":\"x\"}", -32_600),
        ("{\"jsonrpc\":\"2.0\",\"id\":{},\"method\":\"x\"}", -32_600),
        ("{\"jsonrpc\":\"2.0\",\"id\":1}", -32_600),
        ("{\"jsonrpc\":\"2.0\",\"id\":1,\"method\":\"system.mes.nonsense\"}", -32_601),
    ] {
        let reply = admin.send("POST", "/script", body);
        assert_eq!((reply.status, code(&reply.json())), (200, want), "{body}");
    }
    let bad = json!({ "jsonrpc": "2.0", "id": 1, "method": NEW, "params": 7 });
    assert_eq!(code(&ok(&admin.post("/script", &bad))), -32_602);
    // A notification is done and not answered.
    let save = |name: &str| json!({ "jsonrpc": "2.0", "method": SAVE, "params": { "name": name } });
    let reply = admin.post("/script", &save("silent"));
    assert_eq!((reply.status, reply.text.as_str()), (204, ""));
    assert_eq!(admin.post("/script", &json!([save("a"), save("b")])).status, 204);
    let batch = json!([
        save("c"),
        { "jsonrpc": "2.0", "id": "first", "method": ALL },
        1,
        { "jsonrpc": "2.0", "id": null, "method": "nothing" }
    ]);
    let answers = ok(&admin.post("/script", &batch));
    let answers = answers.as_array().unwrap();
    assert_eq!(answers.len(), 3);
    let names: Vec<&str> =
        answers[0]["result"].as_array().unwrap().iter().map(|one| one["name"].as_str().unwrap()).collect();
    assert_eq!((answers[0]["id"].as_str().unwrap(), names), ("first", vec!["a", "b", "c", "silent"]));
    assert_eq!((code(&answers[1]), code(&answers[2])), (-32_600, -32_601));
    let many: Vec<Value> = (0..1_001).map(|id| json!({ "jsonrpc": "2.0", "id": id, "method": NEW })).collect();
    assert_eq!(code(&ok(&admin.post("/script", &json!(many)))), -32_600);
    assert_eq!(ok(&admin.post("/script", &json!(many[..1_000]))).as_array().unwrap().len(), 1_000);
    assert_eq!(server.client().post("/script", &bad).status, 401);
    assert_eq!(server.client().get("/script/functions").status, 401);
    let functions = ok(&admin.get("/script/functions"));
    assert!(functions["families"].as_array().unwrap().iter().any(|family| family["functions"][0]["name"] == NEW));
}

#[test]
fn a_key_makes_a_retry_harmless() {
    let server = Server::start();
    let mut keyed = server.admin().with("Idempotency-Key", "once");
    let save = |name: &str| json!({ "jsonrpc": "2.0", "id": 1, "method": SAVE, "params": { "name": name } });
    let first = ok(&keyed.post("/script", &save("a")));
    assert_eq!(ok(&keyed.post("/script", &save("a"))), first);
    assert_eq!(keyed.post("/script", &save("b")).problem(), (422, "idempotencyKeyReused".to_owned()));
    let mut keyed = server.admin().with("Idempotency-Key", "batch");
    let first = ok(&keyed.post("/script", &json!([save("c"), save("d")])));
    assert_eq!(ok(&keyed.post("/script", &json!([save("c"), save("d")]))), first);
    assert_eq!(keyed.post("/script", &json!([save("e"), save("d")])).problem().0, 422);
    assert_eq!(keyed.post("/script", &save("f")).problem().0, 422);
    let mut script = Script::new(server.admin());
    assert_eq!(script.op("getAllInventoryOperations", json!([])).as_array().unwrap().len(), 3);
}

#[test]
fn functions_are_for_those_who_may() {
    let server = Server::start();
    furnish(&mut server.admin());
    run_ok(&server.database, &["user", "create", "rita", "--role", "reader"]);
    let mut admin = Script::new(server.admin());
    let id = admin.op("saveInventoryOperation", json!({ "name": "x" }))["id"].clone();
    let mut reader = Script::new(server.client_with(&server.key("rita")));
    assert_eq!(reader.op("getInventoryOperationStatus", json!([id])), "IDLE");
    for (function, params) in [
        ("saveInventoryOperation", json!({ "name": "y" })),
        ("startInventoryOperation", json!([id])),
        ("cancelInventoryOperation", json!([id])),
    ] {
        assert_eq!(reader.op_throws(function, params).0, "SecurityException", "{function}");
    }
}
