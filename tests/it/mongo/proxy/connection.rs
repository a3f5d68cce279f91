//! One connection through the proxy, message by message.

use super::message::Message;
use super::plan::Fault;
use super::state::State;
use std::collections::HashMap;
use std::sync::{Arc, Mutex};
use tokio::io::AsyncWriteExt;
use tokio::net::TcpStream;
use tokio::net::tcp::{OwnedReadHalf, OwnedWriteHalf};

/// Faults of answers that are awaited, by the ids of their commands.
type Awaited = Mutex<HashMap<i32, Fault>>;

/// Carries messages both ways until one side, a fault or [`State::cut`] ends it.
pub(super) async fn carry(state: Arc<State>, client: TcpStream) {
    let Ok(server) = TcpStream::connect(&state.server).await else { return };
    if client.set_nodelay(true).and_then(|()| server.set_nodelay(true)).is_err() {
        return;
    }
    let (from_client, to_client) = client.into_split();
    let (from_server, to_server) = server.into_split();
    let to_client = tokio::sync::Mutex::new(to_client);
    let awaited = Awaited::default();
    tokio::select! {
        _ = commands(&state, &awaited, from_client, to_server, &to_client) => {}
        _ = answers(&state, &awaited, from_server, &to_client) => {}
    }
}

async fn commands(
    state: &State,
    awaited: &Awaited,
    mut from_client: OwnedReadHalf,
    mut to_server: OwnedWriteHalf,
    to_client: &tokio::sync::Mutex<OwnedWriteHalf>,
) -> Option<()> {
    loop {
        let message = Message::read(&mut from_client).await?;
        state.thawed().await;
        let fault = message.command().and_then(|command| state.strike(&command));
        let answer = match fault {
            Some(Fault::Unsent) => return None,
            Some(Fault::Late) => {
                state.late.lock().unwrap().push(message);
                return None;
            }
            Some(Fault::Freeze) => {
                state.freeze();
                state.thawed().await;
                None
            }
            Some(Fault::Error(code, name)) => Some(Message::failure(message.id(), code, name)),
            Some(Fault::WriteError(code, name)) => Some(Message::write_failure(message.id(), code, name)),
            Some(fault @ (Fault::Lost | Fault::LostLater | Fault::Cut(_))) => {
                awaited.lock().unwrap().insert(message.id(), fault);
                None
            }
            None => None,
        };
        match answer {
            Some(answer) => answer.write(&mut *to_client.lock().await).await?,
            None => message.write(&mut to_server).await?,
        }
    }
}

async fn answers(
    state: &State,
    awaited: &Awaited,
    mut from_server: OwnedReadHalf,
    to_client: &tokio::sync::Mutex<OwnedWriteHalf>,
) -> Option<()> {
    loop {
        let mut message = Message::read(&mut from_server).await?;
        state.slowness().await;
        state.thawed().await;
        let fault = awaited.lock().unwrap().remove(&message.answers());
        match fault {
            Some(Fault::Lost) => return None,
            Some(Fault::LostLater) => {
                state.lost().await;
                return None;
            }
            Some(Fault::Cut(bytes)) => {
                message.0.truncate(bytes);
                let mut to_client = to_client.lock().await;
                message.write(&mut *to_client).await?;
                return to_client.shutdown().await.ok();
            }
            _ => message.write(&mut *to_client.lock().await).await?,
        }
    }
}
