//! A batch as a table of SQLite: `batch_rows(?1)` has the columns `c0` … `c63`.
//!
//! The batch is lent to the statement by SQLite's pointer passing, so that 100,000 rows are read
//! where they stand. The pointer is bound when a statement starts ([`Batch`]), and `sqlite.rs` ends
//! the statement before the borrow ends: `rusqlite` resets it when its rows are dropped, also on
//! unwinding, and clears its bindings before it goes back to the cache.
#![allow(unsafe_code)] // SQLite calls virtual tables through C; rusqlite asks for unsafe impls and hands out the bound pointer unsafely.

use std::borrow::Cow;
use std::ffi::{CStr, c_int};
use std::marker::PhantomData;

use rusqlite::types::{ToSqlOutput, Value, ValueRef};
use rusqlite::vtab::{
    Context, Filters, IndexConstraintOp, IndexInfo, Module, VTab, VTabConnection, VTabCursor, sqlite3_vtab,
    sqlite3_vtab_cursor,
};
use rusqlite::{Connection, Result, ToSql};

use super::rows::{Column, Rows};

const NAME: &CStr = c"batch_rows";
/// SQLite hands a pointer only to who asks with the same name.
const POINTER: &CStr = c"lotbook batch";
/// The hidden column behind the values: the argument of the function.
const ARGUMENT: c_int = Rows::COLUMNS_MAX as c_int;

/// Makes `batch_rows` known to a connection.
pub(super) fn register(connection: &Connection) -> Result<()> {
    const MODULE: Module<Table> = Module::eponymous_only_module();
    connection.create_module(NAME, &MODULE, None)
}

/// A batch as the value of a parameter.
pub(super) struct Batch<'a>(pub &'a Rows);

impl ToSql for Batch<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Pointer((std::ptr::from_ref(self.0).cast(), POINTER, None)))
    }
}

#[repr(C)]
struct Table {
    base: sqlite3_vtab,
}

// SAFETY: `base` is the first field of a `repr(C)` struct, as the trait demands.
unsafe impl<'vtab> VTab<'vtab> for Table {
    type Aux = ();
    type Cursor = Cursor<'vtab>;

    fn connect(
        _: &mut VTabConnection,
        _: Option<&()>,
        _module: &[u8],
        _database: &[u8],
        _table: &[u8],
        _: &[&[u8]],
    ) -> Result<(Cow<'static, CStr>, Self)> {
        let columns: Vec<String> = (0..Rows::COLUMNS_MAX).map(|index| format!("c{index}")).collect();
        let declaration = format!("create table x({}, batch hidden)", columns.join(", "));
        let declaration = std::ffi::CString::new(declaration).expect("the text has no zero byte");
        Ok((Cow::Owned(declaration), Self { base: sqlite3_vtab::default() }))
    }

    fn best_index(&self, info: &mut IndexInfo) -> Result<bool> {
        let mut has_argument = false;
        for (constraint, mut usage) in info.constraints_and_usages() {
            let is_argument = constraint.column() == ARGUMENT
                && constraint.is_usable()
                && constraint.operator() == IndexConstraintOp::SQLITE_INDEX_CONSTRAINT_EQ;
            if is_argument {
                has_argument = true;
                usage.set_argv_index(1);
                usage.set_omit(true);
            }
        }
        // Dear to begin and few rows: walking the batch once as the outer loop and looking up the
        // other tables by key beats everything else, also without statistics, where SQLite expects
        // ten rows under any one-column key.
        info.set_estimated_cost(500.0);
        info.set_estimated_rows(25);
        Ok(has_argument)
    }

    fn open(&'vtab mut self) -> Result<Cursor<'vtab>> {
        Ok(Cursor { base: sqlite3_vtab_cursor::default(), batch: None, row: 0, rows: 0, table: PhantomData })
    }
}

#[repr(C)]
struct Cursor<'vtab> {
    base: sqlite3_vtab_cursor,
    batch: Option<&'vtab Rows>,
    row: usize,
    rows: usize,
    table: PhantomData<&'vtab Table>,
}

// SAFETY: `base` is the first field of a `repr(C)` struct, as the trait demands.
unsafe impl VTabCursor for Cursor<'_> {
    fn filter(&mut self, _: c_int, _: Option<&str>, args: &Filters<'_>) -> Result<()> {
        // SAFETY: only `Batch` binds pointers of this name, and it binds a `Rows` that outlives the
        // run of the statement, hence the life of this cursor.
        self.batch = unsafe { args.get_pointer::<Rows>(0, POINTER) };
        let Some(batch) = self.batch else {
            return Err(rusqlite::Error::ModuleError("the argument of {rows …} is not a batch".into()));
        };
        self.row = 0;
        self.rows = batch.len();
        Ok(())
    }

    fn next(&mut self) -> Result<()> {
        self.row += 1;
        Ok(())
    }

    fn eof(&self) -> bool {
        self.row >= self.rows
    }

    fn column(&self, context: &mut Context, index: c_int) -> Result<()> {
        let column = self.batch.and_then(|batch| batch.columns().get(index as usize));
        match column {
            Some(Column::Int(values)) => context.set_result(values[self.row]),
            Some(Column::OptInt(values)) => match values[self.row] {
                Some(value) => context.set_result(value),
                None => context.set_result(Value::Null),
            },
            Some(Column::Text(values)) => context.set_result(Borrowed(ValueRef::Text(values[self.row].as_bytes()))),
            Some(Column::OptText(values)) => match &values[self.row] {
                Some(value) => context.set_result(Borrowed(ValueRef::Text(value.as_bytes()))),
                None => context.set_result(Value::Null),
            },
            Some(Column::Bytes(values)) => context.set_result(Borrowed(ValueRef::Blob(&values[self.row]))),
            None => context.set_result(Value::Null),
        }
    }

    fn rowid(&self) -> Result<i64> {
        Ok(self.row as i64)
    }
}

/// A value that SQLite copies into its own register, without a copy of ours before.
struct Borrowed<'a>(ValueRef<'a>);

impl ToSql for Borrowed<'_> {
    fn to_sql(&self) -> Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(self.0))
    }
}
