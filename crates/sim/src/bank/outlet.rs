//! One outlet with everything that is known about it.

use super::customers::Customer;
use super::people::{Person, Post};
use super::{Bank, YEARS, grade};

/// An outlet.
#[derive(Debug)]
pub(super) struct Outlet {
    pub(super) seed: u64,
    pub(super) number: usize,
    pub(super) key: String,
    pub(super) name: String,
    pub(super) staff: Vec<Person>,
    pub(super) customers: Vec<Customer>,
    /// By person and year.
    pub(super) books: Vec<[Book; 2]>,
}

/// What somebody looked after in a year, by shares; amounts in fen.
#[derive(Debug, Clone, Copy, Default)]
pub(super) struct Book {
    pub(super) deposits: i64,
    pub(super) loans: i64,
    pub(super) credit: i64,
    pub(super) bad: i64,
    /// The grade that the figures roughly earn.
    pub(super) earned: Option<usize>,
}

const PLACES: [&str; 20] = [
    "城中",
    "江滨",
    "东门",
    "西关",
    "南湖",
    "北苑",
    "开发区",
    "高新",
    "火车站",
    "商贸城",
    "大学城",
    "港务",
    "新区",
    "古城",
    "桥北",
    "河东",
    "青山",
    "白沙",
    "龙泉",
    "金山",
];

impl Bank {
    /// The outlet with a number.
    pub(super) fn outlet(&mut self, number: usize) -> Outlet {
        let staff = self.staff(number);
        let customers = self.customers_of(number, &staff);
        let books = books(&staff, &customers);
        let (round, place) = (number / PLACES.len(), PLACES[number % PLACES.len()]);
        let ordinal = if round == 0 { String::new() } else { format!("第{}", round + 1) };
        Outlet {
            seed: self.seed,
            number,
            key: format!("B{:03}", number + 1),
            name: format!("{place}{ordinal}支行"),
            staff,
            customers,
            books,
        }
    }
}

fn books(staff: &[Person], customers: &[Customer]) -> Vec<[Book; 2]> {
    let mut books = vec![[Book::default(); 2]; staff.len()];
    for year in 0..YEARS.len() {
        for customer in customers {
            let figures = &customer.figures[year + 1];
            for (person, share) in customer.owners[year].shares() {
                let book = &mut books[person][year];
                book.deposits += figures.deposit * share / 100;
                book.loans += figures.loan * share / 100;
                book.credit += figures.credit * share / 100;
                book.bad += figures.bad * share / 100;
            }
        }
        for (position, person) in staff.iter().enumerate() {
            if matches!(person.post, Post::Corporate | Post::Deputy) && person.stays(YEARS[year]) {
                books[position][year].earned = grade::earned(customers, position, year);
            }
        }
    }
    books
}
