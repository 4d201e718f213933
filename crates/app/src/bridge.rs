//! From asynchronous doors to the synchronous engine: changes are answered by a writer's thread, reads
//! run where they may block. Nobody here waits on a thread that answers requests.

use std::sync::Arc;

use lotbook_engine::write::{Change, Command, Request};
use lotbook_engine::{Conn, Engine, Error};
use tokio::sync::oneshot;

/// Puts a request into the write path and waits for its answer.
pub async fn submit(engine: &Engine, request: Request, command: Command) -> Result<String, Error> {
    let (sender, receiver) = oneshot::channel();
    engine.submit(request, command, move |answer| {
        // Nobody waits any more: the change is made all the same, and a retry with the same key is
        // told of it.
        let _ = sender.send(answer);
    });
    receiver.await.unwrap_or_else(|_| Err(Error::Busy("the server is stopping; try again in a moment".to_owned())))
}

/// [`submit`] for a change that runs alone.
pub async fn change(engine: &Engine, request: Request, change: impl Change) -> Result<String, Error> {
    submit(engine, request, Command::Change(Box::new(change))).await
}

/// Reads one snapshot.
pub async fn read<T: Send + 'static>(
    engine: &Arc<Engine>,
    f: impl FnOnce(&mut Conn) -> Result<T, Error> + Send + 'static,
) -> Result<T, Error> {
    let engine = Arc::clone(engine);
    blocking(move || engine.read(f)).await
}

/// Runs what blocks where it may.
pub async fn blocking<T: Send + 'static>(f: impl FnOnce() -> Result<T, Error> + Send + 'static) -> Result<T, Error> {
    match tokio::task::spawn_blocking(f).await {
        Ok(outcome) => outcome,
        Err(_) => Err(Error::Internal("a reading thread panicked or was stopped; see the log".to_owned())),
    }
}
