//! Customers and their yearly figures. Amounts are in fen, or in cents.

use super::people::Post;
use crate::random::{Random, grown};

/// Years of figures: the one before the first year, and the years.
pub(super) const HISTORY: usize = 3;

/// A customer.
#[derive(Debug, Clone)]
pub(super) struct Customer {
    pub(super) key: String,
    pub(super) name: String,
    /// By year of the data: who looks after the customer.
    pub(super) owners: [Owners; 2],
    /// By year of the history; nothing but zeros before the first and after the last account.
    pub(super) figures: [Figures; HISTORY],
    /// The deposits of the last year have not arrived from the core system.
    pub(super) is_late: bool,
}

/// Who looks after a customer: positions in the staff.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Owners {
    pub(super) first: usize,
    /// The other one, with a share in percent.
    pub(super) second: Option<(usize, i64)>,
}

impl Owners {
    pub(super) fn alone(first: usize) -> Self {
        Self { first, second: None }
    }

    /// Each owner with a share in percent.
    pub(super) fn shares(self) -> impl Iterator<Item = (usize, i64)> {
        let rest = 100 - self.second.map_or(0, |(_, share)| share);
        std::iter::once((self.first, rest)).chain(self.second)
    }
}

/// Figures of a year.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(super) struct Figures {
    /// Daily average.
    pub(super) deposit: i64,
    /// Of these, deposits by agreement.
    pub(super) agreed: i64,
    /// Daily average.
    pub(super) loan: i64,
    /// In cents of a dollar.
    pub(super) settled_abroad: i64,
    pub(super) settled_in_yuan: i64,
    /// At the end of the year.
    pub(super) credit: i64,
    /// Of these, pass.
    pub(super) normal: i64,
    /// Of these, substandard, doubtful or loss.
    pub(super) bad: i64,
    pub(super) unpaid_interest: i64,
    pub(super) advances: i64,
}

const YUAN: i64 = 100;
const TEN_THOUSAND: i64 = 10_000 * YUAN;

/// How customers of a segment look.
struct Segment {
    /// Median and spread (thousandths) of deposits.
    deposit: (i64, i64),
    /// How many of 10,000 borrow; median and spread of the loan.
    borrows: usize,
    loan: (i64, i64),
    /// How many of 10,000 trade abroad.
    trades: usize,
    /// How many of 10,000 borrowers turn bad in a year.
    turns_bad: usize,
}

fn segment(post: Post) -> Segment {
    match post {
        Post::Retail => Segment {
            deposit: (12 * TEN_THOUSAND, 1_000),
            borrows: 3_000,
            loan: (45 * TEN_THOUSAND, 600),
            trades: 0,
            turns_bad: 70,
        },
        Post::Small => Segment {
            deposit: (15 * TEN_THOUSAND, 1_200),
            borrows: 5_000,
            loan: (80 * TEN_THOUSAND, 700),
            trades: 150,
            turns_bad: 60,
        },
        Post::Corporate | Post::Deputy | Post::Clerk => Segment {
            deposit: (24 * TEN_THOUSAND, 1_650),
            borrows: 3_500,
            loan: (380 * TEN_THOUSAND, 1_000),
            trades: 900,
            turns_bad: 9,
        },
    }
}

/// A loan on its way through the classes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Class {
    Normal,
    /// Special mention.
    Watched,
    Bad,
}

/// The figures of a customer over the history, by the first and last year with an account.
pub(super) fn figures(
    random: &mut Random,
    post: Post,
    skill: i64,
    first: usize,
    last: usize,
) -> [Figures; HISTORY] {
    let segment = segment(post);
    // Good managers have larger customers: half as much again for one standard deviation.
    let reach = grown(1_000, skill * 58 / 100);
    let (median, spread) = segment.deposit;
    let mut deposit = random.log_normal(median * reach / 1_000, spread);
    let size = (deposit / median.max(1)).clamp(0, 400);
    let (loan_median, loan_spread) = segment.loan;
    // Ten times the deposits go with about three times the loan.
    let mut loan = if random.chance(segment.borrows) {
        random.log_normal(loan_median * reach / 1_000 * (1_000 + size.isqrt() * 500) / 1_000, loan_spread)
    } else {
        0
    };
    let mut abroad =
        if random.chance(segment.trades) { random.log_normal(60 * TEN_THOUSAND, 1_300) } else { 0 };
    let agreed =
        if deposit > 2_000 * TEN_THOUSAND && random.chance(1_200) { random.between(15, 45) } else { 0 };
    let mut class = if random.chance(50) { Class::Watched } else { Class::Normal };
    let mut years = [Figures::default(); HISTORY];
    for (year, place) in years.iter_mut().enumerate() {
        deposit = random.log_normal(deposit * 1_045 / 1_000, 230);
        loan = random.log_normal(loan * 1_030 / 1_000, 180);
        abroad = random.log_normal(abroad, 350);
        class = next_class(random, class, segment.turns_bad);
        if year >= first && year <= last {
            let figures = Figures {
                deposit,
                loan,
                settled_abroad: abroad,
                agreed: deposit * agreed / 100,
                ..Figures::default()
            };
            *place = with_credit(random, figures, class);
        }
    }
    years
}

/// The figures of a group of companies, in two sizes.
pub(super) fn group_figures(random: &mut Random, is_giant: bool) -> [Figures; HISTORY] {
    let size = if is_giant { 100 } else { 38 };
    let mut deposit = random.between(130, 250) * size * TEN_THOUSAND;
    let mut loan = random.between(250, 520) * size * TEN_THOUSAND;
    let mut abroad = random.between(0, 44) * size * TEN_THOUSAND;
    let mut years = [Figures::default(); HISTORY];
    for place in &mut years {
        deposit = random.log_normal(deposit * 108 / 100, 140);
        loan = random.log_normal(loan * 104 / 100, 80);
        abroad = random.log_normal(abroad, 200);
        let figures =
            Figures { deposit, loan, settled_abroad: abroad, agreed: deposit / 20, ..Figures::default() };
        *place = with_credit(random, figures, Class::Normal);
    }
    years
}

fn next_class(random: &mut Random, class: Class, turns_bad: usize) -> Class {
    match class {
        Class::Normal if random.chance(turns_bad) => Class::Bad,
        Class::Normal if random.chance(30) => Class::Watched,
        Class::Watched => random.weighted(&[(Class::Watched, 4), (Class::Normal, 5), (Class::Bad, 1)]),
        Class::Bad => random.weighted(&[(Class::Bad, 4), (Class::Normal, 6)]),
        Class::Normal => Class::Normal,
    }
}

/// Adds the figures of credit at the end of the year.
fn with_credit(random: &mut Random, figures: Figures, class: Class) -> Figures {
    let credit = figures.loan * random.between(88, 112) / 100;
    let class = if credit == 0 { Class::Normal } else { class };
    let in_yuan = figures.settled_abroad * 712 / 100;
    Figures {
        settled_in_yuan: in_yuan
            + if figures.settled_abroad > 0 { random.log_normal(60 * TEN_THOUSAND, 800) } else { 0 },
        credit,
        normal: if class == Class::Normal { credit } else { 0 },
        bad: if class == Class::Bad { credit } else { 0 },
        unpaid_interest: if class == Class::Bad && random.chance(7_000) {
            credit * random.between(5, 40) / 1_000
        } else {
            0
        },
        advances: if credit > 0 && random.chance(3) { random.log_normal(35 * TEN_THOUSAND, 700) } else { 0 },
        ..figures
    }
}
