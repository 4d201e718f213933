//! A small plant, and somebody who calls functions in it.

use std::collections::HashMap;

use serde_json::{Value, json};

use crate::support::{Client, Reply};

/// Somebody who calls functions.
pub struct Script {
    pub client: Client,
    calls: u64,
    throws: HashMap<String, Vec<String>>,
}

/// What was thrown.
#[derive(Debug)]
pub struct Thrown {
    pub code: i64,
    pub name: String,
    pub message: String,
    pub violations: Value,
}

impl Script {
    pub fn new(client: Client) -> Self {
        Self { client, calls: 0, throws: HashMap::new() }
    }

    /// Calls a function by its dotted name.
    pub fn call(&mut self, method: &str, params: Value) -> Result<Value, Thrown> {
        self.calls += 1;
        let body = json!({ "jsonrpc": "2.0", "id": self.calls, "method": method, "params": params });
        let reply = self.client.post("/script", &body);
        assert_eq!(reply.status, 200, "{method}: {:.900}", reply.text);
        let answer = reply.json();
        assert_eq!(answer["id"], self.calls);
        let Some(error) = answer.get("error") else { return Ok(answer["result"].clone()) };
        let name = error["data"]["type"].as_str().unwrap().to_owned();
        self.check_documented(method, &name);
        Err(Thrown {
            code: error["code"].as_i64().unwrap(),
            name,
            message: error["message"].as_str().unwrap().to_owned(),
            violations: error["data"]["violations"].clone(),
        })
    }

    /// Whatever a function throws in any of these tests is on its page.
    fn check_documented(&mut self, method: &str, name: &str) {
        if self.throws.is_empty() {
            for family in ok(&self.client.get("/script/functions"))["families"].as_array().unwrap() {
                let texts = |value: &Value| -> Vec<String> {
                    value.as_array().unwrap().iter().map(|one| one.as_str().unwrap().to_owned()).collect()
                };
                for function in family["functions"].as_array().unwrap() {
                    let names = texts(&function["names"]);
                    for prefix in texts(&family["prefixes"]) {
                        let dotted = names.iter().map(|name| format!("{prefix}.{name}"));
                        self.throws.extend(dotted.map(|dotted| (dotted, texts(&function["throws"]))));
                    }
                }
            }
        }
        let Some(throws) = self.throws.get(method) else { return };
        let is_of_all = matches!(name, "TypeError" | "SecurityException");
        assert!(is_of_all || throws.iter().any(|known| known == name), "{method} throws {name}, which its page lacks");
    }

    /// A function of inventory operations.
    pub fn op(&mut self, function: &str, params: Value) -> Value {
        self.call(&format!("system.mes.inventory.operation.{function}"), params).unwrap_or_else(|thrown| {
            panic!("{function}: {thrown:?}");
        })
    }

    /// The name and the message of what a function of inventory operations throws.
    pub fn op_throws(&mut self, function: &str, params: Value) -> (String, String) {
        let thrown = self.call(&format!("system.mes.inventory.operation.{function}"), params);
        let thrown = thrown.expect_err(function);
        (thrown.name, thrown.message)
    }
}

/// The reply to what is expected to succeed.
pub fn ok(reply: &Reply) -> Value {
    assert!(reply.status < 300, "{}: {:.900}", reply.status, reply.text);
    reply.json()
}

/// A plant with a bay, silos and a separator, and milk to fill them with.
pub fn furnish(admin: &mut Client) {
    ok(&admin.post("/v1/units", &json!([{ "symbol": "lb", "name": "Pound" }, { "symbol": "t", "name": "Ton" }])));
    ok(&admin.post("/v1/unit-conversions", &json!({ "from": "t", "to": "lb", "numerator": 2_000 })));
    ok(&admin.post("/v1/categories", &json!([{ "name": "Raw" }, { "name": "Finished" }])));
    let product = |category: &str, name: &str| {
        let identifier = format!("{category}/{name}");
        json!({ "identifier": identifier, "name": name, "category": category, "unit": "lb", "tracking": "lot" })
    };
    let products = ["Milk", "Salt"].map(|name| product("Raw", name));
    ok(&admin.post("/v1/products", &json!(products)));
    ok(&admin.post("/v1/products", &json!(["WIP", "Cream", "Skim", "Cup"].map(|name| product("Finished", name)))));
    let place = |name: &str, parent: &str| json!({ "name": name, "parent": parent, "allowNegative": false });
    ok(&admin.post("/v1/locations", &json!([{ "name": "Plant" }, place("Receiving", "Plant")])));
    let below = ["Bay1", "Silo1", "Silo2", "Separator", "CreamSilo", "SkimSilo", "SaltPoint", "Dock"];
    ok(&admin.post("/v1/locations", &json!(below.map(|name| place(name, "Plant/Receiving")))));
}
