//! The one clock of the console.

use std::time::{SystemTime, UNIX_EPOCH};

/// Now, UTC as ISO 8601 with seconds. A clock before 1970 gives 1970.
#[must_use]
pub fn now() -> String {
    let seconds = SystemTime::now().duration_since(UNIX_EPOCH).map_or(0, |since| since.as_secs());
    let seconds = i64::try_from(seconds).unwrap_or_default();
    jiff::Timestamp::from_second(seconds).unwrap_or_default().to_string()
}
