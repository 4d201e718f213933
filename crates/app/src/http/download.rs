//! Tables that are taken away: sent row by row as they are read, a page of them in memory at a time.

use std::io::Read;
use std::sync::Arc;

use axum::body::{Body, Bytes};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse, Response};
use lotbook_engine::{Engine, Error};

use super::call::Call;
use super::problem::Problem;
use crate::bridge;
use crate::table::Table;
use crate::table::sheet::{Form, Sheet};

/// Bytes of a workbook that are sent together.
const CHUNK: usize = 64 * 1024;

/// The form that a request asks for, by `format` or by what it accepts; JSON if it says nothing.
pub fn form(call: &Call) -> Result<Form, Problem> {
    if let Some(text) = call.query("format").filter(|text| !text.is_empty()) {
        return match &*text {
            "json" => Ok(Form::Json),
            "csv" => Ok(Form::Csv),
            "xlsx" => Ok(Form::Xlsx),
            other => Err(Problem::unreadable(format!("format is json, csv or xlsx, not {other:?}"))),
        };
    }
    let accepted = call.parts.headers.get(header::ACCEPT).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let asks_for = |form: Form| accepted.contains(form.media_type().split(';').next().unwrap_or_default());
    Ok([Form::Csv, Form::Xlsx].into_iter().find(|form| asks_for(*form)).unwrap_or(Form::Json))
}

/// A table as a file of this name.
pub async fn download(engine: &Arc<Engine>, table: Table, form: Form, name: &str) -> Result<Response, Problem> {
    // The first page is read before anything is answered, so that what is wrong is told as a problem.
    let mut sending =
        Sending { engine: Arc::clone(engine), sheet: Sheet::new(form, table.columns.clone()), table, is_done: false };
    let first;
    (sending, first) = sending.advance().await?;
    let body = if form == Form::Xlsx {
        let file = bridge::blocking(move || sending.save()).await?;
        stream_file(file)
    } else {
        stream(sending, first)
    };
    let mut response = body.into_response();
    let headers = response.headers_mut();
    headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(form.media_type()));
    let disposition = format!("attachment; filename=\"{name}.{}\"", form.extension());
    if let Ok(value) = HeaderValue::from_str(&disposition) {
        headers.insert(header::CONTENT_DISPOSITION, value);
    }
    Ok(response)
}

/// A table on its way.
struct Sending {
    engine: Arc<Engine>,
    table: Table,
    sheet: Sheet,
    is_done: bool,
}

impl Sending {
    /// Reads the next page and writes it.
    async fn advance(self) -> Result<(Self, Vec<u8>), Error> {
        bridge::blocking(move || {
            let mut sending = self;
            let mut out = Vec::new();
            sending.step(&mut out)?;
            Ok((sending, out))
        })
        .await
    }

    fn step(&mut self, out: &mut Vec<u8>) -> Result<(), Error> {
        let rows = self.engine.read(|conn| (self.table.next)(conn))?;
        self.is_done = rows.is_none();
        self.sheet.write(&rows.unwrap_or_default(), out)?;
        if self.is_done { self.sheet.end(out) } else { Ok(()) }
    }

    /// Reads the rest and saves it as a workbook, on the disk.
    fn save(mut self) -> Result<std::fs::File, Error> {
        let mut out = Vec::new();
        while !self.is_done {
            self.step(&mut out)?;
        }
        let broken = |error: std::io::Error| Error::Internal(format!("a workbook could not be written: {error}"));
        let mut file = tempfile::tempfile().map_err(broken)?;
        self.sheet.save(&mut file)?;
        std::io::Seek::rewind(&mut file).map_err(broken)?;
        Ok(file)
    }
}

/// Sends what is ready and reads on. What fails in the middle breaks the connection off, so that nobody
/// takes half a table for a whole one.
fn stream(sending: Sending, first: Vec<u8>) -> Body {
    let state = Some((sending, Some(first)));
    Body::from_stream(futures_util::stream::unfold(state, |state| async move {
        let (sending, ready) = state?;
        if let Some(bytes) = ready {
            return Some((Ok(Bytes::from(bytes)), Some((sending, None))));
        }
        if sending.is_done {
            return None;
        }
        match sending.advance().await {
            Ok((sending, bytes)) => Some((Ok(Bytes::from(bytes)), Some((sending, None)))),
            Err(error) => Some((Err(std::io::Error::other(error.to_string())), None)),
        }
    }))
}

fn stream_file(file: std::fs::File) -> Body {
    Body::from_stream(futures_util::stream::unfold(Some(file), |file| async move {
        let mut file = file?;
        let read = tokio::task::spawn_blocking(move || {
            let mut bytes = vec![0; CHUNK];
            let length = file.read(&mut bytes)?;
            bytes.truncate(length);
            Ok::<_, std::io::Error>((file, bytes))
        });
        match read.await {
            Ok(Ok((_, bytes))) if bytes.is_empty() => None,
            Ok(Ok((file, bytes))) => Some((Ok(Bytes::from(bytes)), Some(file))),
            Ok(Err(error)) => Some((Err(error), None)),
            Err(error) => Some((Err(std::io::Error::other(error.to_string())), None)),
        }
    }))
}
