//! Who looks after which customer: handed out at the start, handed over when people leave, come, or are moved.

use super::customers::{Customer, Owners, group_figures};
use super::people::{Person, Post};
use super::{Bank, YEARS};
use crate::names::private_customer;
use crate::random::Random;

/// Customers that a newcomer takes over from colleagues.
const FOR_A_NEWCOMER: usize = 26;

/// Customers by post, as weights.
fn weight(post: Post) -> usize {
    match post {
        Post::Corporate => 58,
        Post::Retail => 175,
        Post::Small => 130,
        Post::Deputy => 20,
        Post::Clerk => 0,
    }
}

impl Bank {
    /// The customers of an outlet with their owners and figures.
    pub(super) fn customers_of(&mut self, outlet: usize, staff: &[Person]) -> Vec<Customer> {
        let mut random = Random::new(self.seed, "customers", outlet as u64);
        let start = starting_owners(&mut random, staff);
        let mut customers: Vec<Customer> =
            start.iter().map(|owner| self.customer(&mut random, *owner, &staff[*owner])).collect();
        if outlet.is_multiple_of(2) {
            give_group(&mut random, staff, &start, &mut customers, outlet.is_multiple_of(4));
        }
        let mut random = Random::new(self.seed, "ownership", outlet as u64);
        let mut owner_of: Vec<Owners> = start.iter().map(|owner| Owners::alone(*owner)).collect();
        share(&mut random, staff, &mut owner_of);
        for (position, year) in YEARS.into_iter().enumerate() {
            hand_over(&mut random, staff, year, &mut owner_of);
            for (customer, owners) in customers.iter_mut().zip(&owner_of) {
                customer.owners[position] = *owners;
            }
        }
        if outlet % 13 == 5 {
            make_late(&mut customers, staff);
        }
        customers
    }

    fn customer(&mut self, random: &mut Random, owner: usize, person: &Person) -> Customer {
        self.customers += 1;
        let number = self.customers;
        let name = match person.post {
            Post::Retail => private_customer(number),
            _ => self.signs.name(number),
        };
        let first = random.weighted(&[(0, 92), (1, 4), (2, 4)]);
        let last = if first == 0 { random.weighted(&[(2, 98), (1, 2)]) } else { 2 };
        let figures = super::customers::figures(random, person.post, person.skill, first, last);
        Customer {
            key: format!("C{number:08}"),
            name,
            owners: [Owners::alone(owner); 2],
            figures,
            is_late: false,
        }
    }
}

/// The owner of each customer at the start: by post, more for some than for others.
fn starting_owners(random: &mut Random, staff: &[Person]) -> Vec<usize> {
    let is_there = |person: &Person| person.has_customers && person.from.year() < YEARS[0];
    let weights: Vec<usize> = staff
        .iter()
        .map(|person| if is_there(person) { weight(person.post) * (70 + random.below(61)) } else { 0 })
        .collect();
    let total: usize = weights.iter().sum();
    let mut owners = Vec::with_capacity(super::CUSTOMERS);
    let mut before = 0;
    for (person, weight) in weights.into_iter().enumerate() {
        before += weight;
        let until = super::CUSTOMERS * before / total.max(1);
        owners.resize(until.max(owners.len()), person);
    }
    owners
}

/// The best corporate manager who stays looks after a group of companies.
fn give_group(
    random: &mut Random,
    staff: &[Person],
    start: &[usize],
    customers: &mut [Customer],
    is_giant: bool,
) {
    let stays =
        |person: &Person| person.post == Post::Corporate && YEARS.into_iter().all(|year| person.stays(year));
    let is_candidate = |owner: &usize| stays(&staff[*owner]) && staff[*owner].from.year() < YEARS[0] - 2;
    let best = start.iter().copied().filter(is_candidate).max_by_key(|owner| staff[*owner].skill);
    let place = start.iter().position(|owner| Some(*owner) == best);
    if let Some(place) = place {
        customers[place].figures = group_figures(random, is_giant);
    }
}

/// Some corporate customers have two managers.
fn share(random: &mut Random, staff: &[Person], owners: &mut [Owners]) {
    for owners in owners {
        if staff[owners.first].post == Post::Corporate && random.chance(400) {
            let year = YEARS[0] - 1;
            let second = colleague(random, staff, owners.first, year);
            let part = *random.pick(&[20, 30, 40, 50]);
            owners.second = second.map(|second| (second, part));
        }
    }
}

/// Changes of a year: of those who left, for those who came, and by rotation.
fn hand_over(random: &mut Random, staff: &[Person], year: i32, owners: &mut [Owners]) {
    for (position, newcomer) in staff.iter().enumerate().filter(|(_, person)| person.starts(year)) {
        let from: Vec<usize> =
            (0..owners.len()).filter(|place| staff[owners[*place].first].post == newcomer.post).collect();
        for _ in 0..FOR_A_NEWCOMER.min(from.len()) {
            owners[*random.pick(&from)] = Owners::alone(position);
        }
    }
    for owners in owners {
        if owners.second.is_some_and(|(second, _)| !staff[second].stays(year)) {
            owners.second = None;
        }
        if !staff[owners.first].stays(year) || random.chance(250) {
            let next = colleague(random, staff, owners.first, year);
            let next =
                next.or_else(|| staff.iter().position(|person| person.has_customers && person.stays(year)));
            owners.first = next.unwrap_or(owners.first);
            owners.second = owners.second.filter(|(second, _)| *second != owners.first);
        }
    }
}

/// Another one at the same post who stays for the year.
fn colleague(random: &mut Random, staff: &[Person], of: usize, year: i32) -> Option<usize> {
    let is_one = |(position, person): &(usize, &Person)| {
        *position != of && person.post == staff[of].post && person.has_customers && person.stays(year)
    };
    let others: Vec<usize> = staff.iter().enumerate().filter(is_one).map(|(position, _)| position).collect();
    (!others.is_empty()).then(|| *random.pick(&others))
}

/// The deposits of one corporate customer have not arrived.
fn make_late(customers: &mut [Customer], staff: &[Person]) {
    let is_corporate = |customer: &&mut Customer| {
        customer.owners[1].second.is_none() && staff[customer.owners[1].first].post == Post::Corporate
    };
    if let Some(customer) = customers.iter_mut().find(is_corporate) {
        customer.is_late = true;
    }
}
