//! What all connections of a proxy share: what is to happen to them, and what came by.

use super::message::Message;
use super::plan::{Fault, Plan};
use mongodb::bson::Document;
use std::sync::Mutex;
use std::time::Duration;
use tokio::sync::watch;
use tokio::task::JoinSet;

/// What holds for all connections at once.
#[derive(Clone, Copy, Default)]
pub(super) struct Weather {
    pub(super) frozen: bool,
    /// How long each answer is kept back.
    pub(super) slow: Duration,
    /// Whether answers that were to be lost later are lost now.
    pub(super) lost: bool,
}

pub(super) struct State {
    /// Host and port of the server.
    pub(super) server: String,
    pub(super) weather: watch::Sender<Weather>,
    pub(super) plans: Mutex<Vec<Plan>>,
    /// The commands that came by, in their order.
    pub(super) seen: Mutex<Vec<Document>>,
    /// Commands that the server sees later.
    pub(super) late: Mutex<Vec<Message>>,
    /// The connections that there are.
    pub(super) connections: Mutex<JoinSet<()>>,
}

impl State {
    pub(super) fn new(server: String) -> Self {
        let weather = watch::Sender::new(Weather::default());
        Self {
            server,
            weather,
            plans: Mutex::default(),
            seen: Mutex::default(),
            late: Mutex::default(),
            connections: Mutex::default(),
        }
    }

    /// Notes a command, and what becomes of it.
    pub(super) fn strike(&self, command: &Document) -> Option<Fault> {
        self.seen.lock().unwrap().push(command.clone());
        let mut plans = self.plans.lock().unwrap();
        // Each plan counts for itself; where several strike, the first one does.
        let faults: Vec<Fault> = plans.iter_mut().filter_map(|plan| plan.strike(command)).collect();
        faults.into_iter().next()
    }

    /// From now on nothing goes by.
    pub(super) fn freeze(&self) {
        self.weather.send_modify(|weather| weather.frozen = true);
    }

    /// When nothing is frozen.
    pub(super) async fn thawed(&self) {
        self.until(|weather| !weather.frozen).await;
    }

    /// When what was to be lost later is lost.
    pub(super) async fn lost(&self) {
        self.until(|weather| weather.lost).await;
    }

    /// Ends all connections that there are; they have ended when this is told.
    pub(super) async fn cut(&self) {
        let mut connections = std::mem::take(&mut *self.connections.lock().unwrap());
        connections.shutdown().await;
    }

    /// As long as an answer is kept back.
    pub(super) async fn slowness(&self) {
        let slow = self.weather.borrow().slow;
        tokio::time::sleep(slow).await;
    }

    async fn until(&self, is: impl Fn(&Weather) -> bool) {
        let mut weather = self.weather.subscribe();
        // The sender is in this very value: it cannot be gone.
        weather.wait_for(is).await.unwrap();
    }
}
