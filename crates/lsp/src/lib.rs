//! The language server of policy documents (boundary crate): what an editor asks, answered from the checker.
//!
//! Stage table: bytes —`frame`→ messages —`protocol`→ requests —`server`→ answers. A document is read and checked at most once
//! per version; every answer comes from [`hengjie_policy::analyse`], so that an editor never understands a document in
//! another way than a run does.
//!
//! Reading order: `frame` and `protocol` (what travels), `position` (UTF-16 places), `document` (one open text), `server`
//! (which request goes where), then one module per feature: `diagnostics`, `hover`, `live`, `completion`, `navigate`,
//! `rename`, `outline`, `tokens`, `format`; `words` and [`reference`] hold what is said of the words of the language.
//!
//! **Invariants:** whatever a client sends, the server answers or says why not, and never ends by a fault; nothing here
//! writes a file. The clock is read only to wait before telling what is wrong.

mod completion;
mod diagnostics;
mod document;
mod format;
mod frame;
mod hover;
mod live;
mod navigate;
mod outline;
mod position;
mod protocol;
pub mod reference;
mod rename;
mod run;
mod server;
mod tokens;

pub use run::run;
pub use server::Server;
