//! A batch of rows for one statement, kept by column.

/// The values of one column, all of one kind.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Column {
    /// Whole numbers, none missing.
    Int(Vec<i64>),
    /// Whole numbers or null.
    OptInt(Vec<Option<i64>>),
    /// Texts, none missing.
    Text(Vec<String>),
    /// Texts or null.
    OptText(Vec<Option<String>>),
    /// Byte strings, none missing.
    Bytes(Vec<Vec<u8>>),
}

/// What a column holds, as the marker `{rows …}` declares it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Kind {
    Int,
    Text,
    Bytes,
}

impl Column {
    /// How many values there are.
    pub fn len(&self) -> usize {
        match self {
            Self::Int(values) => values.len(),
            Self::OptInt(values) => values.len(),
            Self::Text(values) => values.len(),
            Self::OptText(values) => values.len(),
            Self::Bytes(values) => values.len(),
        }
    }

    /// Whether there are no values.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    pub(crate) fn kind(&self) -> Kind {
        match self {
            Self::Int(_) | Self::OptInt(_) => Kind::Int,
            Self::Text(_) | Self::OptText(_) => Kind::Text,
            Self::Bytes(_) => Kind::Bytes,
        }
    }
}

impl From<Vec<i64>> for Column {
    fn from(values: Vec<i64>) -> Self {
        Self::Int(values)
    }
}

impl From<Vec<Option<i64>>> for Column {
    fn from(values: Vec<Option<i64>>) -> Self {
        Self::OptInt(values)
    }
}

impl From<Vec<String>> for Column {
    fn from(values: Vec<String>) -> Self {
        Self::Text(values)
    }
}

impl From<Vec<Option<String>>> for Column {
    fn from(values: Vec<Option<String>>) -> Self {
        Self::OptText(values)
    }
}

impl From<Vec<Vec<u8>>> for Column {
    fn from(values: Vec<Vec<u8>>) -> Self {
        Self::Bytes(values)
    }
}

/// A batch: columns of one length, given to a statement as one argument (see the marker `{rows …}`
/// in [`super::dialect`]).
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Rows {
    columns: Vec<Column>,
}

impl Rows {
    /// The most columns a batch may have.
    pub const COLUMNS_MAX: usize = 64;

    /// A batch of these columns, in the order in which the marker names them.
    ///
    /// Panics when the columns differ in length or are more than [`Self::COLUMNS_MAX`]: both are
    /// mistakes of the calling code, never of data.
    pub fn new(columns: Vec<Column>) -> Self {
        assert!(columns.len() <= Self::COLUMNS_MAX, "a batch of {} columns, at most 64 fit", columns.len());
        if let Some(first) = columns.first() {
            let lengths: Vec<usize> = columns.iter().map(Column::len).collect();
            assert!(
                columns.iter().all(|column| column.len() == first.len()),
                "the columns of a batch differ in length: {lengths:?}"
            );
        }
        Self { columns }
    }

    /// A batch of one column of ids.
    pub fn ids(ids: impl IntoIterator<Item = i64>) -> Self {
        Self::new(vec![Column::Int(ids.into_iter().collect())])
    }

    /// A batch of one column of texts.
    pub fn texts<T: Into<String>>(texts: impl IntoIterator<Item = T>) -> Self {
        Self::new(vec![Column::Text(texts.into_iter().map(Into::into).collect())])
    }

    /// The id, where this is a batch of exactly one.
    pub fn only_id(&self) -> Option<i64> {
        match self.columns.as_slice() {
            [Column::Int(ids)] if ids.len() == 1 => ids.first().copied(),
            _ => None,
        }
    }

    /// How many rows there are.
    pub fn len(&self) -> usize {
        self.columns.first().map_or(0, Column::len)
    }

    /// Whether there is no row; a statement over it does nothing and need not be sent.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// The columns in order.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }
}

/// Makes a batch from records: one expression per column, each with the record at hand.
///
/// ```
/// # use lotbook_engine::rows;
/// let lines = [(1_i64, "a"), (2, "b")];
/// let batch = rows!(for line in &lines => line.0, line.1.to_string(), None::<i64>);
/// assert_eq!((batch.len(), batch.columns().len()), (2, 3));
/// ```
#[macro_export]
macro_rules! rows {
    (for $item:pat in $items:expr => $($value:expr),+ $(,)?) => {{
        let items = $items;
        $crate::store::Rows::new(vec![
            $($crate::store::Column::from(items.iter().map(|$item| $value).collect::<Vec<_>>())),+
        ])
    }};
}
