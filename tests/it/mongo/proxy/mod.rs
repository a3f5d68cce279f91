//! A proxy between driver and server that makes what goes wrong between them: each fault is switched on and off by the
//! test, and lasts until then.

mod connection;
mod message;
mod plan;
mod state;
mod tests;

use super::super::apart;
use message::Message;
use mongodb::options::{ClientOptions, ServerAddress};
pub(crate) use plan::{Fault, Which};
use plan::{Plan, Strikes};
use state::State;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::{Arc, Mutex};
use std::time::Duration;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::task::JoinHandle;

/// Who holds the port.
enum Port {
    Listening(JoinHandle<()>),
    /// Bound, so that nobody else takes it, but whoever connects is refused.
    Held(TcpSocket),
}

pub(crate) struct Proxy {
    address: SocketAddr,
    uri: String,
    state: Arc<State>,
    port: Mutex<Option<Port>>,
}

impl Proxy {
    /// One before the first server of a URI.
    pub(crate) fn before(uri: &str) -> Self {
        let given = uri.to_owned();
        let options = apart::wait(async move { ClientOptions::parse(given).await.unwrap() });
        assert!(options.tls.is_none(), "the proxy reads what goes by: it needs a server without TLS");
        let ServerAddress::Tcp { host, port } = options.hosts[0].clone() else { panic!("no TCP") };
        let state = Arc::new(State::new(format!("{host}:{}", port.unwrap_or(27017))));
        let bound = bind(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)));
        let address = bound.local_addr().unwrap();
        let port = Mutex::new(Some(Port::Held(bound)));
        let proxy = Self { address, uri: through(uri, address), state, port };
        proxy.accept();
        proxy
    }

    /// The URI that leads through it.
    pub(crate) fn uri(&self) -> String {
        self.uri.clone()
    }

    /// From now on whoever connects is refused, and all connections end.
    pub(crate) fn refuse(&self) {
        let mut port = self.port.lock().unwrap();
        if let Some(Port::Listening(task)) = port.take() {
            task.abort();
            // It has ended when this is told; a cancelled task is no surprise.
            apart::wait(async move { drop(task.await) });
        }
        self.cut();
        *port = Some(Port::Held(bind(self.address)));
    }

    /// From now on connections are taken again.
    pub(crate) fn accept(&self) {
        let mut port = self.port.lock().unwrap();
        let Some(Port::Held(socket)) = port.take() else { panic!("connections are taken already") };
        let state = self.state.clone();
        let (told, listening) = std::sync::mpsc::sync_channel(1);
        let task = apart::go_on(async move {
            let listener = socket.listen(1024).unwrap();
            told.send(()).unwrap();
            take(listener, state).await;
        });
        listening.recv().unwrap();
        *port = Some(Port::Listening(task));
    }

    /// Ends all connections that there are: nothing that is sent afterwards goes by way of one of them.
    pub(crate) fn cut(&self) {
        let state = self.state.clone();
        apart::wait(async move { state.cut().await });
    }

    /// From now on nothing goes by, and no connection ends.
    pub(crate) fn freeze(&self) {
        self.state.freeze();
    }

    /// What was kept back goes by.
    pub(crate) fn thaw(&self) {
        self.state.weather.send_modify(|weather| weather.frozen = false);
    }

    /// What was to be lost later is lost from now on.
    pub(crate) fn lose(&self) {
        self.state.weather.send_modify(|weather| weather.lost = true);
    }

    /// What was to come late is carried out now, in its order; how many commands that was.
    pub(crate) async fn deliver(&self) -> usize {
        let late = std::mem::take(&mut *self.state.late.lock().unwrap());
        for command in &late {
            let mut server = TcpStream::connect(&self.state.server).await.unwrap();
            command.write(&mut server).await.unwrap();
            Message::read(&mut server).await.expect("the server answers");
        }
        late.len()
    }

    /// From now on each answer is kept back for so long.
    pub(crate) fn slow(&self, by: Duration) {
        self.state.weather.send_modify(|weather| weather.slow = by);
    }

    /// This happens to the n-th of these commands from now on, counted from 1, and to no other.
    pub(crate) fn nth(&self, n: usize, which: Which, fault: Fault) {
        self.plan(Plan { which, spared: n - 1, strikes: Strikes::One, fault });
    }

    /// This happens to each of these commands until [`Proxy::calm`].
    pub(crate) fn each(&self, which: Which, fault: Fault) {
        self.plan(Plan { which, spared: 0, strikes: Strikes::All, fault });
    }

    fn plan(&self, plan: Plan) {
        self.state.plans.lock().unwrap().push(plan);
    }

    /// Forgets all that was planned; whether something of it did not happen.
    pub(crate) fn calm(&self) -> bool {
        let plans = std::mem::take(&mut *self.state.plans.lock().unwrap());
        plans.iter().any(|plan| plan.strikes == Strikes::One)
    }

    /// How many of these commands came by since the last [`Proxy::forget`].
    pub(crate) fn count(&self, which: &Which) -> usize {
        self.state.seen.lock().unwrap().iter().filter(|command| which.has(command)).count()
    }

    /// Begins to count anew.
    pub(crate) fn forget(&self) {
        self.state.seen.lock().unwrap().clear();
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        if let Some(Port::Listening(task)) = self.port.lock().unwrap().take() {
            task.abort();
        }
        self.state.connections.lock().unwrap().abort_all();
    }
}

async fn take(listener: TcpListener, state: Arc<State>) {
    while let Ok((client, _)) = listener.accept().await {
        let mut connections = state.connections.lock().unwrap();
        while connections.try_join_next().is_some() {}
        connections.spawn(connection::carry(state.clone(), client));
    }
}

/// A port that is taken, and not listened on.
fn bind(address: SocketAddr) -> TcpSocket {
    apart::wait(async move {
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(address).unwrap();
        socket
    })
}

/// The same URI, but by way of this address and no other: what the server says of its neighbours is not followed.
fn through(uri: &str, address: SocketAddr) -> String {
    let (scheme, rest) = uri.split_once("://").unwrap();
    let end = rest.find(['/', '?']).unwrap_or(rest.len());
    let (authority, path) = rest.split_at(end);
    let user = authority.rsplit_once('@').map_or(String::new(), |(user, _)| format!("{user}@"));
    let (path, parameters) = path.split_once('?').unwrap_or((path, ""));
    let path = if path.is_empty() { "/" } else { path };
    let mut parameters: Vec<&str> = parameters.split('&').filter(|one| !one.is_empty()).collect();
    parameters.retain(|one| !one.starts_with("directConnection=") && !one.starts_with("replicaSet="));
    parameters.push("directConnection=true");
    format!("{scheme}://{user}{address}{path}?{}", parameters.join("&"))
}
