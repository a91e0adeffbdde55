//! Closing a year: what changes afterwards is booked in an open period.

use crate::{Book, Entry, Key, Kind};
use hengjie_calendar::{Date, Grain, Period};

impl Book {
    /// The last closed day.
    #[must_use]
    pub fn closed_through(&self) -> Option<Date> {
        let closed = self.entries.iter().filter(|entry| entry.kind == Kind::Close);
        closed.map(|entry| entry.key.period.last_day()).max()
    }

    /// The entry that closes a year; `None` when it is closed already, or no year, or not over on the day of closing.
    #[must_use]
    pub fn close(&self, year: Period, on: Date, by: &str, because: &str) -> Option<Entry> {
        let is_closed = self.closed_through().is_some_and(|day| day >= year.last_day());
        if is_closed || year.grain() != Grain::Year || year.last_day() >= on {
            return None;
        }
        Some(Entry {
            number: self.next_number(),
            kind: Kind::Close,
            key: Key { policy: String::new(), person: String::new(), item: String::new(), period: year },
            booked: year,
            amount_fen: 0,
            article: String::new(),
            because: because.to_owned(),
            corrects: None,
            artifact: String::new(),
            on,
            by: by.to_owned(),
        })
    }

    /// The period an amount is booked in: its own, or the first open one of the same grain.
    pub(crate) fn open_period(&self, period: Period) -> Period {
        let Some(closed) = self.closed_through().filter(|closed| period.first_day() <= *closed) else {
            return period;
        };
        closed.add_days(1).map_or(period, |first| Period::containing(period.grain(), first))
    }
}
