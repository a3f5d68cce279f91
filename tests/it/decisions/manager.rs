//! An Access Manager that does what no good server does: raw bytes over TCP, as the test says. A connection takes one
//! question after the other, so that what goes wrong in the middle of a run goes wrong on a connection in use.

use super::super::process::PATIENCE;
use serde_json::Value;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Condvar, Mutex};
use std::thread::JoinHandle;
use std::time::{Duration, Instant};
use tokio::net::TcpSocket;

/// How a question is answered.
#[derive(Clone)]
pub(super) enum Reply {
    /// A whole answer.
    Whole(Vec<u8>),
    /// These bytes, then the connection is closed.
    Cut(Vec<u8>),
    /// These bytes, then nothing more until the other side gives up.
    Stuck(Vec<u8>),
    /// These bytes one by one, too slowly to ever come to an end.
    Drip(Vec<u8>),
    /// This, once the gate is open.
    Held(Arc<Gate>, Box<Reply>),
}

/// A whole answer with these header lines.
pub(super) fn answer(status: &str, headers: &str, body: &str) -> Reply {
    Reply::Whole(response(status, headers, body))
}

/// An answer of JSON.
pub(super) fn json(status: &str, body: &str) -> Reply {
    answer(status, "Content-Type: application/json\r\n", body)
}

/// The bytes of an answer.
pub(super) fn response(status: &str, headers: &str, body: &str) -> Vec<u8> {
    let length = body.len();
    format!("HTTP/1.1 {status}\r\n{headers}Content-Length: {length}\r\n\r\n{body}").into()
}

/// Permission.
pub(super) fn yes() -> Reply {
    json("200 OK", r#"{"authorized":true,"timestamp":"2026-11-23T00:00:00Z"}"#)
}

/// What answers wait for.
#[derive(Default)]
pub(super) struct Gate(Mutex<bool>, Condvar);

impl Gate {
    pub(super) fn open(&self) {
        *self.0.lock().unwrap() = true;
        self.1.notify_all();
    }

    fn wait(&self) {
        let (open, waited) =
            self.1.wait_timeout_while(self.0.lock().unwrap(), PATIENCE, |open| !*open).unwrap();
        assert!(*open && !waited.timed_out(), "the gate was never opened");
    }
}

/// A question as it came.
#[derive(Clone)]
pub(super) struct Asked {
    pub(super) path: String,
    /// The header with the token.
    pub(super) authorization: String,
    pub(super) body: Value,
}

impl Asked {
    /// `resource:action`.
    pub(super) fn permission(&self) -> String {
        format!("{}:{}", self.body["resource"].as_str().unwrap(), self.body["action"].as_str().unwrap())
    }
}

type Script = Box<dyn Fn(&Asked) -> Reply + Send>;

/// The server; it ends with the test.
pub(super) struct Manager {
    pub(super) url: String,
    address: SocketAddr,
    shared: Arc<Shared>,
    listening: Option<JoinHandle<()>>,
    /// Keeps the port while nobody listens there.
    closed: Option<TcpSocket>,
}

struct Shared {
    script: Mutex<Script>,
    asked: Mutex<Vec<Asked>>,
    connections: Mutex<Vec<TcpStream>>,
    closing: AtomicBool,
}

impl Manager {
    /// One that answers every question so.
    pub(super) fn always(reply: Reply) -> Self {
        Self::start(move |_| reply.clone())
    }

    /// One that answers each question as this says.
    pub(super) fn start(script: impl Fn(&Asked) -> Reply + Send + 'static) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        let address = listener.local_addr().unwrap();
        let shared = Shared {
            script: Mutex::new(Box::new(script)),
            asked: Mutex::default(),
            connections: Mutex::default(),
            closing: AtomicBool::new(false),
        };
        let (url, shared) = (format!("http://{address}"), Arc::new(shared));
        let listening = Some(listen(listener, shared.clone()));
        Self { url, address, shared, listening, closed: None }
    }

    /// From now on every question is answered so.
    pub(super) fn answers(&self, reply: Reply) {
        *self.shared.script.lock().unwrap() = Box::new(move |_| reply.clone());
    }

    /// From now on connections are refused, and those in use are gone.
    pub(super) fn close(&mut self) {
        self.stop_listening();
        let socket = TcpSocket::new_v4().unwrap();
        socket.set_reuseaddr(true).unwrap();
        socket.bind(self.address).unwrap();
        self.closed = Some(socket);
    }

    /// Connections are taken again.
    pub(super) fn reopen(&mut self) {
        if self.closed.take().is_some() {
            self.shared.closing.store(false, Ordering::SeqCst);
            self.listening = Some(listen(TcpListener::bind(self.address).unwrap(), self.shared.clone()));
        }
    }

    /// What it was asked so far.
    pub(super) fn asked(&self) -> Vec<Asked> {
        self.shared.asked.lock().unwrap().clone()
    }

    /// Waits until it was asked so often.
    pub(super) async fn was_asked(&self, times: usize) {
        let began = Instant::now();
        while self.asked().len() < times {
            assert!(began.elapsed() < PATIENCE, "asked {} times, not {times}", self.asked().len());
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    fn stop_listening(&mut self) {
        if let Some(listening) = self.listening.take() {
            self.shared.closing.store(true, Ordering::SeqCst);
            drop(TcpStream::connect(self.address));
            listening.join().unwrap();
            for connection in self.shared.connections.lock().unwrap().drain(..) {
                // The other side may have closed it before.
                drop(connection.shutdown(Shutdown::Both));
            }
        }
    }
}

impl Drop for Manager {
    fn drop(&mut self) {
        self.stop_listening();
    }
}

fn listen(listener: TcpListener, shared: Arc<Shared>) -> JoinHandle<()> {
    std::thread::spawn(move || {
        for connection in listener.incoming() {
            if shared.closing.load(Ordering::SeqCst) {
                return;
            }
            let (connection, shared) = (connection.unwrap(), shared.clone());
            shared.connections.lock().unwrap().push(connection.try_clone().unwrap());
            std::thread::spawn(move || {
                while serve(&connection, &shared).is_some() {}
                drop(connection.shutdown(Shutdown::Both));
            });
        }
    })
}

/// Answers one question; `None` where the connection is not to be used any longer.
fn serve(mut connection: &TcpStream, shared: &Shared) -> Option<()> {
    let asked = read(connection)?;
    let mut reply = if asked.path == "/v1/authorize" {
        let reply = (shared.script.lock().unwrap())(&asked);
        shared.asked.lock().unwrap().push(asked);
        reply
    } else {
        // Wherever a redirect leads to, there is a yes.
        yes()
    };
    loop {
        // Writing fails where the other side has given up: that is what many of these are about.
        match reply {
            Reply::Whole(bytes) => return connection.write_all(&bytes).ok(),
            Reply::Cut(bytes) => return connection.write_all(&bytes).ok().and(None),
            Reply::Stuck(bytes) => {
                connection.write_all(&bytes).ok()?;
                return connection.read_to_end(&mut Vec::new()).ok().and(None);
            }
            Reply::Drip(bytes) => {
                for byte in bytes {
                    connection.write_all(&[byte]).ok()?;
                    std::thread::sleep(Duration::from_millis(50));
                }
                return None;
            }
            Reply::Held(gate, then) => {
                gate.wait();
                reply = *then;
            }
        }
    }
}

/// One request; `None` where the connection ends before it does.
fn read(connection: &TcpStream) -> Option<Asked> {
    let mut lines = BufReader::new(connection);
    let mut next = || {
        let mut line = String::new();
        lines.read_line(&mut line).ok().filter(|read| *read > 0).map(|_| line.trim_end().to_owned())
    };
    let path = next()?.split(' ').nth(1)?.to_owned();
    let (mut authorization, mut length) = (String::new(), 0);
    loop {
        let line = next()?;
        match line.split_once(": ") {
            Some((name, value)) if name.eq_ignore_ascii_case("authorization") => {
                authorization = value.to_owned()
            }
            Some((name, value)) if name.eq_ignore_ascii_case("content-length") => {
                length = value.parse().ok()?
            }
            Some(_) => {}
            None => break,
        }
    }
    let mut body = vec![0; length];
    lines.read_exact(&mut body).ok()?;
    Some(Asked { path, authorization, body: serde_json::from_slice(&body).unwrap_or(Value::Null) })
}
