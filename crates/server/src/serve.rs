//! Listening on this machine.

use crate::session::Sessions;
use crate::{Server, router};
use hengjie_app::console::Console;
use std::future::Future;
use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use tokio::net::TcpListener;

/// A server that listens.
#[derive(Debug, Clone)]
pub struct Opened {
    address: SocketAddr,
    sessions: Arc<Sessions>,
}

impl Opened {
    /// A link that signs one browser in, once.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn link(&self) -> io::Result<String> {
        let token = self.sessions.link().map_err(io::Error::other)?;
        Ok(format!("http://{}/enter/{token}", self.address))
    }
}

/// Serves a console on 127.0.0.1 until `stop` is done, then closes the store. `opened` is called as soon as it listens.
///
/// # Errors
/// When the port cannot be had.
pub async fn serve(
    console: Console,
    port: u16,
    opened: impl FnOnce(Opened),
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<()> {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
    let address = listener.local_addr()?;
    let sessions = Arc::new(Sessions::default());
    let server =
        Server { console: console.clone(), sessions: Arc::clone(&sessions), host: address.to_string() };
    opened(Opened { address, sessions });
    let outcome = axum::serve(listener, router(server)).with_graceful_shutdown(stop).await;
    console.close().await;
    outcome
}
