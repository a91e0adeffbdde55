//! One-time links and signed-in browsers. Only digests of tokens are held, in memory: when the server stops, everybody is
//! signed out.

use hengjie_app::console::access::Actor;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Name of the cookie.
pub const COOKIE: &str = "hengjie_session";

/// Links that wait to be opened, and browsers at a time; the oldest go first.
const MOST: usize = 64;

/// Bytes of a token.
const TOKEN_BYTES: usize = 32;

type Hash = [u8; 32];

/// Links and browsers.
#[derive(Debug, Default)]
pub struct Sessions {
    links: Mutex<Vec<Hash>>,
    browsers: Mutex<Vec<(Hash, Actor)>>,
}

impl Sessions {
    /// A token for a link that signs one browser in.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn link(&self) -> Result<String, getrandom::Error> {
        let token = token()?;
        push(&mut lock(&self.links), digest(&token));
        Ok(token)
    }

    /// Takes the token of a link: it works once. Gives the token of a session.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn enter(&self, link: &str) -> Result<Option<String>, getrandom::Error> {
        let hash = digest(link);
        let mut links = lock(&self.links);
        let Some(at) = links.iter().position(|known| *known == hash) else { return Ok(None) };
        links.remove(at);
        self.sign_in(Actor::owner()).map(Some)
    }

    /// Signs somebody in. Gives the token of the session.
    ///
    /// # Errors
    /// When the system has no randomness to give.
    pub fn sign_in(&self, actor: Actor) -> Result<String, getrandom::Error> {
        let token = token()?;
        push(&mut lock(&self.browsers), (digest(&token), actor));
        Ok(token)
    }

    /// Who has a session.
    #[must_use]
    pub fn actor(&self, session: &str) -> Option<Actor> {
        let hash = digest(session);
        lock(&self.browsers).iter().find(|(known, _)| *known == hash).map(|(_, actor)| actor.clone())
    }

    /// Ends a session.
    pub fn sign_out(&self, session: &str) {
        let hash = digest(session);
        lock(&self.browsers).retain(|(known, _)| *known != hash);
    }
}

/// The session that a `Cookie` header names.
pub(crate) fn of_cookies(header: &str) -> Option<&str> {
    let cookies: BTreeMap<&str, &str> =
        header.split(';').filter_map(|cookie| cookie.trim().split_once('=')).collect();
    cookies.get(COOKIE).copied()
}

/// 256 random bits in hexadecimal.
pub(crate) fn token() -> Result<String, getrandom::Error> {
    let mut bytes = [0; TOKEN_BYTES];
    getrandom::fill(&mut bytes)?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
}

fn digest(token: &str) -> Hash {
    Sha256::digest(token.as_bytes()).into()
}

fn push<T>(list: &mut Vec<T>, item: T) {
    if list.len() >= MOST {
        list.remove(0);
    }
    list.push(item);
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
