//! Processes and production orders.

use super::super::kind::{Field, Key, Kind, Type, Use};
use super::super::rule;
use super::{ANY, EXPRESSION, LOCATIONS, PARTIES, PRODUCTS, UNITS};

const EDGES: Type = Type::Word(&["RISING_EDGE", "FALLING_EDGE", "CHANGE"]);

const ORDER_STATUS: Type = Type::Word(&["IDLE", "SCHEDULED", "RUNNING", "PAUSED", "STOPPED", "CLOSED", "CANCELLED"]);

/// Processes of the shop floor.
pub static PROCESSES: Kind = Kind {
    name: "processes",
    one: "process",
    noun: "process",
    about: "What a line or a cell does for a production order, from start to stop. Operations whose trigger is PARENT \
            start and stop with it.",
    table: "process",
    counter: "process",
    fields: &[
        Field::required("name", "name", Type::Name, "What it is called. Unique."),
        Field::required("location", "location", Type::Reference(&LOCATIONS), "Where it happens."),
        Field::word(
            "triggerSource",
            "trigger_source",
            Type::Word(&["EXPRESSION", "MANUAL"]),
            "MANUAL",
            "What starts and stops it, beside people and scripts.",
        ),
        Field::optional("startTriggerExpression", "start_expression", Type::Text, EXPRESSION),
        Field::word("startTriggerType", "start_type", EDGES, "RISING_EDGE", "Which change starts it."),
        Field::optional("stopTriggerExpression", "stop_expression", Type::Text, EXPRESSION),
        Field::word("stopTriggerType", "stop_type", EDGES, "FALLING_EDGE", "Which change stops it."),
        Field::word(
            "runningConflictStrategy",
            "conflict_strategy",
            Type::Word(&["STOP_PREVIOUS", "THROW_EXCEPTION"]),
            "STOP_PREVIOUS",
            "What a start does while it runs: end that record first, or be refused.",
        ),
        Field::word(
            "productionOrderResolutionStrategy",
            "order_strategy",
            Type::Word(&["NONE", "MANUAL", "EXPRESSION", "SCHEDULE"]),
            "NONE",
            "Which order a start that names none is for: that of the expression, the next that is scheduled at its \
             location, or else the one that was set.",
        ),
        Field::word(
            "productionOrderUpdateStrategy",
            "order_update",
            Type::Word(&["KEEP_FIRST_GOOD_VALUE", "KEEP_LAST_GOOD_VALUE", "THROW_ERROR", "NEW_RECORD"]),
            "KEEP_FIRST_GOOD_VALUE",
            "Kept for the script API; the expression is read at the start.",
        ),
        Field::optional("productionOrderExpression", "order_expression", Type::Text, "Names the order."),
        Field::number(
            "updateProductionOrderStatusOnStart",
            "start_sets_order",
            Type::Flag,
            0,
            "Whether a start changes the order's status.",
        ),
        Field::word("startProductionOrderStatus", "start_order_status", ORDER_STATUS, "RUNNING", "To what."),
        Field::number(
            "updateProductionOrderStatusOnStop",
            "stop_sets_order",
            Type::Flag,
            0,
            "Whether a stop changes the order's status.",
        ),
        Field::word("stopProductionOrderStatus", "stop_order_status", ORDER_STATUS, "STOPPED", "To what."),
        Field::number("autoAddToSchedule", "joins_schedule", Type::Flag, 1, "Kept for schedules elsewhere."),
        Field::word(
            "expectedDurationCalculationStrategy",
            "duration_strategy",
            Type::Word(&["STATIC", "EXPRESSION", "FROM_PRODUCTION_ORDER"]),
            "STATIC",
            "What says how long it takes.",
        ),
        Field::number(
            "expectedDurationSeconds",
            "duration_seconds",
            Type::Whole(0, 1_000_000_000),
            0,
            "How long it takes.",
        ),
        Field::optional("expectedDurationExpression", "duration_expression", Type::Text, EXPRESSION),
        Field::optional("notes", "notes", Type::Text, "Free text."),
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be started."),
        Field::optional("spare1", "spare1", Type::Text, "Free for your own use."),
        Field::optional("spare2", "spare2", Type::Text, "Free for your own use."),
        Field::optional("spare3", "spare3", Type::Text, "Free for your own use."),
        Field::shown("status", "status", Type::Text, "IDLE, RUNNING, COMPLETED or FAULTED."),
        Field::shown("currentRecord", "current_record", Type::Whole(0, i64::MAX), "The open record; 0 = none."),
        Field::shown("currentOrder", "current_order", Type::Reference(&PRODUCTION_ORDERS), "The order it is for."),
        Field::shown("fault", "fault", Type::Text, "Why it is FAULTED."),
    ],
    key: Key::Column("name"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: true,
    check: Some(rule::processes),
    uses: &[
        Use { what: "operations", from: "operation t where t.tenant = $1 and t.process = $2" },
        Use { what: "records", from: "process_record t where t.tenant = $1 and t.process = $2" },
        Use { what: "runs", from: "run t where t.tenant = $1 and t.process = $2 and t.process > 0" },
    ],
};

/// Production orders.
pub static PRODUCTION_ORDERS: Kind = Kind {
    name: "production-orders",
    one: "productionOrder",
    noun: "production order",
    about: "So much of a product is to be made. What is produced for it is counted.",
    table: "production_order",
    counter: "productionOrder",
    fields: &[
        Field::required("name", "name", Type::Name, "Its number or name. Unique."),
        Field::required("product", "product", Type::Reference(&PRODUCTS), "What is to be made."),
        Field::optional("customer", "customer", Type::Reference(&PARTIES), "Who ordered it."),
        Field::optional("location", "location", Type::Reference(&LOCATIONS), "Where it is to be made."),
        Field::word("status", "status", ORDER_STATUS, "IDLE", "Where it is in its life."),
        Field::word(
            "schedulePriority",
            "priority",
            Type::Word(&["LOW", "NORMAL", "HIGH", "URGENT"]),
            "NORMAL",
            "How urgent it is.",
        ),
        Field::number("quantity", "quantity", Type::Decimal, 0, "How much is to be made."),
        Field::number("quantityProduced", "quantity_produced", Type::Decimal, 0, "How much was made."),
        Field::number("quantityScheduled", "quantity_scheduled", Type::Decimal, 0, "How much is scheduled."),
        Field::optional(
            "unitOfMeasure",
            "unit",
            Type::Reference(&UNITS),
            "What the quantities are counted in; the product's base unit if none is named.",
        ),
        Field::optional("startDate", "starts_at", Type::Time, "When it is to begin."),
        Field::optional("endDate", "ends_at", Type::Time, "When it is to end."),
        Field::optional("dueDate", "due_at", Type::Time, "When it has to be ready."),
        Field::optional("notes", "notes", Type::Text, "Free text."),
        Field::number("isEnabled", "is_enabled", Type::Flag, 1, "Whether it may be worked on."),
        Field::optional("spare1", "spare1", Type::Text, "Free for your own use."),
        Field::optional("spare2", "spare2", Type::Text, "Free for your own use."),
        Field::optional("spare3", "spare3", Type::Text, "Free for your own use."),
    ],
    key: Key::Column("name"),
    rows: ANY,
    constants: &[],
    listed: ANY,
    is_structure: false,
    check: None,
    uses: &[
        Use { what: "processes", from: "process t where t.tenant = $1 and t.current_order = $2" },
        Use {
            what: "process records",
            from: "process_record t where t.tenant = $1 and t.production_order = $2 and t.production_order > 0",
        },
        Use { what: "runs", from: "run t where t.tenant = $1 and t.production_order = $2 and t.production_order > 0" },
    ],
};
