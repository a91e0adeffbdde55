//! The ownership ledger: who owned which customer or account, in which role, on which day, with which share.
//!
//! What is kept are the changes that people made (a table of a fact store, 归属变动), never their result. The result, [`Tenure`]s, is
//! what the changes give one after the other: every change leaves shares that sum to 100 %, or nobody, and refuses what does not
//! follow from the day before. A change is never edited; it is withdrawn, or another change follows.
//!
//! | 操作 | what it does | 由 | 给 | 份额 |
//! |---|---|---|---|---|
//! | 认领 claim | somebody takes what nobody has | – | who | – |
//! | 移交 hand over | all of a share, or a part of it, goes to somebody else | from whom | to whom | the part; empty: all |
//! | 转介 refer | who referred gets a share, the others keep the rest in proportion | – | who | the share |
//! | 联合营销 joint | several share as agreed, a row each with the same 对象, 身份 and 自 | – | who | each; together 100 % |
//! | 指定 designate | one or several, whoever had it before | – | who | each; empty: 100 % |
//! | 自然增长 walk-in | nobody's: it does not count for anybody | – | – | – |

mod change;
mod fold;
mod judge;
mod tenure;

pub use change::{TABLE, spec};
pub(crate) use judge::judge;
pub use tenure::{Tenure, tenures, write_parquet};
