//! Inventory operations deleted, and their states put right.

use lotbook_domain::id::OperationId;
use lotbook_engine::command::{ForgetOperation, RefreshOperations};
use lotbook_engine::thing::{Reference, Value, kinds};
use lotbook_engine::uid;

use crate::http::script::argument::Args;
use crate::http::script::fault::Fault;
use crate::http::script::session::{Session, read_answer};
use crate::http::script::shape::deleted;

#[derive(serde::Deserialize)]
struct Gone {
    uid: String,
    name: String,
}

/// `deleteInventoryOperation`, `deleteInventoryOperationWithReferences`.
pub async fn delete(session: Session, args: Args, with_references: bool) -> Result<Value, Fault> {
    let reference = Reference::Plain(args.needed("id")?);
    if with_references {
        tracing::warn!(
            "deleteInventoryOperationWithReferences was called, which later versions of the API do not have"
        );
    }
    let tells = session.read(|reader| Ok(reader.answers_api_responses())).await?;
    let outcome = session.change(ForgetOperation { reference, with_references }).await;
    let outcome = outcome.and_then(|answer| read_answer::<Gone>(&answer));
    deleted(tells, outcome.map(|gone| (uid::print(&gone.uid), format!("the inventory operation {}", gone.name))))
}

/// `updateInventoryOperationStatesFromDatabase`.
pub async fn refresh(session: Session, args: Args) -> Result<Value, Fault> {
    let operations = match args.texts("ids")? {
        None => None,
        Some(texts) => {
            let found = session.read(move |reader| reader.need_all(&kinds::OPERATIONS, &texts)).await?;
            Some(found.into_iter().map(OperationId).collect())
        }
    };
    session.change(RefreshOperations { operations }).await?;
    Ok(Value::Null)
}
