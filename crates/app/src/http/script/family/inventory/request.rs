//! The requests of direct actions: their keys in order, and what each key stands for.

use lotbook_domain::run::RunKind;
use lotbook_engine::command::ActionKind;

use crate::http::script::function::{Parameter, Type};

/// What an action's request is made of.
pub struct Request {
    /// What it does.
    pub kind: ActionKind,
    /// What its `type` says.
    pub word: &'static str,
    /// Its keys.
    pub parameters: &'static [Parameter],
    /// The keys of what an action knows; empty = it has none.
    pub keys: Keys,
}

/// Which key of a request stands for what.
pub struct Keys {
    pub quantity: &'static str,
    pub lot: &'static str,
    pub material: &'static str,
    pub other_lot: &'static str,
    pub other_material: &'static str,
    pub from: &'static str,
    pub to: &'static str,
    pub name: &'static str,
}

const NO_KEYS: Keys = Keys {
    quantity: "quantity",
    lot: "lotIdOrName",
    material: "materialIdOrPath",
    other_lot: "",
    other_material: "",
    from: "",
    to: "",
    name: "inventoryName",
};

macro_rules! word {
    ($word:literal) => {
        Parameter::optional("type", Type::Text, "What it is; set by the template.").preset(concat!("\"", $word, "\""))
    };
}

const QUANTITY: Parameter = Parameter::required("quantity", Type::Number, "How much.");
const UNIT: Parameter = Parameter::optional("unitOfMeasureSymbol", Type::Id, "The unit; the material's own.");
const LOT: Parameter = Parameter::optional(
    "lotIdOrName",
    Type::Id,
    "The lot. Not named, what is taken is the next by the location's rule, and what arrives is a new lot.",
);
const MATERIAL: Parameter = Parameter::required("materialIdOrPath", Type::Id, "The material.");
const FROM: Parameter = Parameter::required("sourceLocationIdOrPath", Type::Id, "Where it is taken from.");
const MAY_FROM: Parameter = Parameter::optional("sourceLocationIdOrPath", Type::Id, "Where it comes from.");
const TO: Parameter = Parameter::required("destinationLocationIdOrPath", Type::Id, "Where it is brought to.");
const MAY_TO: Parameter = Parameter::optional("destinationLocationIdOrPath", Type::Id, "Where it goes.");
const MAKES: Parameter =
    Parameter::optional("createIfNotExists", Type::Flag, "Whether named lots that do not exist are made.")
        .preset("false");
const OPERATION: Parameter =
    Parameter::optional("operationId", Type::Id, "The production operation whose current record it belongs to.");
const INVENTORY_OPERATION: Parameter =
    Parameter::optional("inventoryOperationId", Type::Id, "The inventory operation that it is counted to.");
const ORDER: Parameter = Parameter::optional("productionOrderIdOrName", Type::Id, "The production order.");
const REASON: Parameter = Parameter::optional("materialReasonCodeId", Type::Id, "Why; its code does as well.");
const START: Parameter = Parameter::optional("startDate", Type::Time, "When it began.").preset("now");
const END: Parameter = Parameter::optional("endDate", Type::Time, "When it ended, and the goods moved; its start.");
const ONGOING: Parameter =
    Parameter::optional("ongoing", Type::Flag, "Whether it goes on; the goods move at its start.").preset("false");
const NAME: Parameter =
    Parameter::optional("inventoryName", Type::Text, "What the row of stock is called, such as a pallet's number.");
const NAME_THERE: Parameter =
    Parameter::optional("destinationInventoryName", Type::Text, "What the row of stock is called where it arrives.");
const NOTES: Parameter = Parameter::optional("notes", Type::Text, "Free text.");
const SPARE1: Parameter = Parameter::optional("spare1", Type::Text, "Free for your own use.");
const SPARE2: Parameter = Parameter::optional("spare2", Type::Text, "Free for your own use.");
const SPARE3: Parameter = Parameter::optional("spare3", Type::Text, "Free for your own use.");
const GOES_INTO: Parameter = Parameter::optional("destinationLotIdOrName", Type::Id, "The lot that it goes into.");
const GOES_INTO_MATERIAL: Parameter =
    Parameter::optional("destinationMaterialIdOrPath", Type::Id, "The material of that lot; the same.");

/// `scrap`, `returnInventory` and `ship` have the same keys.
macro_rules! outward {
    ($word:literal) => {
        &[
            word!($word),
            QUANTITY,
            UNIT,
            LOT,
            MATERIAL,
            FROM,
            OPERATION,
            INVENTORY_OPERATION,
            ORDER,
            REASON,
            START,
            END,
            ONGOING,
            NAME,
            NOTES,
            SPARE1,
            SPARE2,
            SPARE3,
            GOES_INTO,
            GOES_INTO_MATERIAL,
            MAY_TO,
        ]
    };
}

const OUTWARD: Keys = Keys {
    other_lot: "destinationLotIdOrName",
    other_material: "destinationMaterialIdOrPath",
    from: "sourceLocationIdOrPath",
    to: "destinationLocationIdOrPath",
    ..NO_KEYS
};

/// `consume`.
pub static CONSUME: Request = Request {
    kind: ActionKind::Run(RunKind::Consume),
    word: "CONSUME",
    parameters: &[
        word!("CONSUME"),
        QUANTITY,
        UNIT,
        LOT,
        MATERIAL,
        FROM,
        Parameter::optional("consumingLotIdOrName", Type::Id, "The lot that it goes into."),
        MAY_TO,
        MAKES,
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        REASON,
        START,
        END,
        ONGOING,
        NAME,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
        Parameter::optional("consumingMaterialIdOrPath", Type::Id, "The material of that lot; the same."),
    ],
    keys: Keys {
        other_lot: "consumingLotIdOrName",
        other_material: "consumingMaterialIdOrPath",
        from: "sourceLocationIdOrPath",
        to: "destinationLocationIdOrPath",
        ..NO_KEYS
    },
};

/// `unconsume`.
pub static UNCONSUME: Request = Request {
    kind: ActionKind::Run(RunKind::Unconsume),
    word: "UNCONSUME",
    parameters: &[
        word!("UNCONSUME"),
        QUANTITY,
        UNIT,
        LOT,
        MATERIAL,
        TO,
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        REASON,
        START,
        END,
        ONGOING,
        NAME,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
        MAY_FROM,
        // Of older validators.
        Parameter::optional("consumingLotIdOrName", Type::Id, "Taken for older scripts; without effect.").hidden(),
        Parameter::optional("createIfNotExists", Type::Flag, "Taken for older scripts; without effect.").hidden(),
    ],
    keys: Keys { from: "sourceLocationIdOrPath", to: "destinationLocationIdOrPath", ..NO_KEYS },
};

/// `produce`.
pub static PRODUCE: Request = Request {
    kind: ActionKind::Run(RunKind::Produce),
    word: "PRODUCE",
    parameters: &[
        word!("PRODUCE"),
        QUANTITY,
        UNIT,
        LOT,
        MATERIAL,
        TO,
        Parameter::optional("producingLotIdOrName", Type::Id, "The lot that it is made of."),
        MAY_FROM,
        MAKES,
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        Parameter::optional(
            "incrementProductionOrderCount",
            Type::Flag,
            "Whether the quantity counts for the production order.",
        )
        .preset("false"),
        REASON,
        START,
        END,
        ONGOING,
        NAME,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
        Parameter::optional("producingMaterialIdOrPath", Type::Id, "The material of that lot; the same."),
    ],
    keys: Keys {
        other_lot: "producingLotIdOrName",
        other_material: "producingMaterialIdOrPath",
        from: "sourceLocationIdOrPath",
        to: "destinationLocationIdOrPath",
        ..NO_KEYS
    },
};

/// `receive`.
pub static RECEIVE: Request = Request {
    kind: ActionKind::Run(RunKind::Receive),
    word: "RECEIVE",
    parameters: &[
        word!("RECEIVE"),
        QUANTITY,
        UNIT,
        LOT,
        MATERIAL,
        TO,
        MAKES,
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        REASON,
        START,
        END,
        ONGOING,
        NAME,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
        Parameter::optional("sourceLotIdOrName", Type::Id, "The lot that it comes from."),
        Parameter::optional("sourceMaterialIdOrPath", Type::Id, "The material of that lot; the same."),
        MAY_FROM,
    ],
    keys: Keys {
        other_lot: "sourceLotIdOrName",
        other_material: "sourceMaterialIdOrPath",
        from: "sourceLocationIdOrPath",
        to: "destinationLocationIdOrPath",
        ..NO_KEYS
    },
};

/// `ship`.
pub static SHIP: Request =
    Request { kind: ActionKind::Run(RunKind::Ship), word: "SHIP", parameters: outward!("SHIP"), keys: OUTWARD };

/// `returnInventory`.
pub static RETURN: Request =
    Request { kind: ActionKind::Run(RunKind::Return), word: "RETURN", parameters: outward!("RETURN"), keys: OUTWARD };

/// `scrap`.
pub static SCRAP: Request =
    Request { kind: ActionKind::Run(RunKind::Scrap), word: "SCRAP", parameters: outward!("SCRAP"), keys: OUTWARD };

/// `scrapAll`.
pub static SCRAP_ALL: Request = Request {
    kind: ActionKind::ScrapAll,
    word: "SCRAP",
    parameters: &[
        word!("SCRAP"),
        FROM.also(&["locationIdOrPath"]),
        Parameter::optional("materialIdOrPath", Type::Id, "The material; every one that stands there."),
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        REASON,
        START,
        END,
        GOES_INTO,
        GOES_INTO_MATERIAL,
        MAY_TO,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    keys: Keys { quantity: "", lot: "", name: "", ..OUTWARD },
};

/// `move`.
pub static MOVE: Request = Request {
    kind: ActionKind::Run(RunKind::Move),
    word: "MOVE",
    parameters: &[
        word!("MOVE"),
        QUANTITY,
        UNIT,
        LOT,
        MATERIAL,
        FROM,
        TO,
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        REASON,
        START,
        END,
        ONGOING,
        NAME_THERE,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    keys: Keys {
        from: "sourceLocationIdOrPath",
        to: "destinationLocationIdOrPath",
        name: "destinationInventoryName",
        ..NO_KEYS
    },
};

/// `split`.
pub static SPLIT: Request = Request {
    kind: ActionKind::Run(RunKind::Split),
    word: "SPLIT",
    parameters: &[
        word!("SPLIT"),
        QUANTITY,
        UNIT,
        Parameter::required("sourceLotId", Type::Id, "The lot that a part is taken of."),
        FROM,
        Parameter::required("destinationLotName", Type::Text, "What the new lot is called."),
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        REASON,
        NAME_THERE,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    keys: Keys {
        lot: "sourceLotId",
        material: "",
        other_lot: "destinationLotName",
        from: "sourceLocationIdOrPath",
        name: "destinationInventoryName",
        ..NO_KEYS
    },
};

/// `merge`.
pub static MERGE: Request = Request {
    kind: ActionKind::Run(RunKind::Merge),
    word: "MERGE",
    parameters: &[
        word!("MERGE"),
        Parameter::required("sourceLotId", Type::Id, "The lot that becomes part of the other, and is closed."),
        Parameter::required("destinationLotId", Type::Id, "The lot that remains."),
        Parameter::optional("locationId", Type::Id, "Where all of it is brought; where it stands."),
        OPERATION,
        INVENTORY_OPERATION,
        ORDER,
        REASON,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    keys: Keys {
        quantity: "",
        lot: "destinationLotId",
        material: "",
        other_lot: "sourceLotId",
        to: "locationId",
        name: "",
        ..NO_KEYS
    },
};

/// `changeStatus`.
pub static CHANGE_STATUS: Request = Request {
    kind: ActionKind::Run(RunKind::StatusChange),
    word: "STATUS_CHANGE",
    parameters: &[
        word!("STATUS_CHANGE"),
        Parameter::required("lotId", Type::Id, "The lot."),
        Parameter::required(
            "newStatus",
            Type::Word(&["OPEN", "AVAILABLE", "QA_HOLD", "EXPIRED", "SHIPPED", "CLOSED"]),
            "The status that it gets.",
        ),
        OPERATION,
        INVENTORY_OPERATION,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    keys: Keys { quantity: "", lot: "lotId", material: "", name: "", ..NO_KEYS },
};

/// `editInventoryQuantity`.
pub static EDIT: Request = Request {
    kind: ActionKind::Run(RunKind::Edit),
    word: "EDIT",
    parameters: &[
        word!("EDIT"),
        Parameter::required("newQuantity", Type::Number, "What stands there now."),
        UNIT,
        LOT,
        MATERIAL,
        FROM,
        OPERATION,
        INVENTORY_OPERATION,
        NOTES,
        SPARE1,
        SPARE2,
        SPARE3,
    ],
    keys: Keys { quantity: "newQuantity", from: "sourceLocationIdOrPath", name: "", ..NO_KEYS },
};

/// All of them.
pub static ALL: [&Request; 13] = [
    &CONSUME,
    &UNCONSUME,
    &PRODUCE,
    &SCRAP,
    &SCRAP_ALL,
    &RETURN,
    &RECEIVE,
    &SHIP,
    &MOVE,
    &SPLIT,
    &MERGE,
    &CHANGE_STATUS,
    &EDIT,
];

impl Request {
    /// Whether it has a key.
    pub fn has(&self, name: &str) -> bool {
        self.parameters.iter().any(|parameter| parameter.name == name)
    }

    /// Whether it needs a key.
    pub fn needed(&self) -> impl Iterator<Item = &'static str> {
        self.parameters.iter().filter(|parameter| parameter.is_required).map(|parameter| parameter.name)
    }
}
