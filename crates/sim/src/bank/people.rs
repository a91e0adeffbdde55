//! The staff of an outlet: who is there, who comes, who goes.

use super::{Bank, YEARS};
use crate::calendar::{any_day, day, later, year_end};
use crate::random::{Random, SIGMA};
use hengjie_calendar::Date;

/// What somebody does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Post {
    Corporate,
    Retail,
    Small,
    /// Deputy head of the corporate section; some look after customers themselves.
    Deputy,
    /// Keeps the papers.
    Clerk,
}

/// Somebody of the staff.
#[derive(Debug, Clone)]
pub(super) struct Person {
    pub(super) key: String,
    pub(super) name: String,
    pub(super) post: Post,
    /// Looks after customers.
    pub(super) has_customers: bool,
    /// First day at the post.
    pub(super) from: Date,
    /// First day after leaving.
    pub(super) until: Option<Date>,
    /// First day of work in marketing.
    pub(super) marketing: Date,
    /// Came straight from school.
    pub(super) is_beginner: bool,
    /// The post before, of those who came from another one.
    pub(super) came_from: Option<&'static str>,
    pub(super) education: &'static str,
    pub(super) title: &'static str,
    /// The day of the title.
    pub(super) titled: Date,
    pub(super) certificates: usize,
    /// How good somebody is, as a normal value.
    pub(super) skill: i64,
}

impl Person {
    /// Is somebody at the post on the last day of a year?
    pub(super) fn stays(&self, year: i32) -> bool {
        let end = year_end(year);
        self.from <= end && self.until.is_none_or(|until| until > end)
    }

    /// Does somebody start in a year?
    pub(super) fn starts(&self, year: i32) -> bool {
        self.from.year() == year
    }
}

/// Posts at the beginning: 15 who market, 600 in 40 outlets.
const POSTS: [(Post, usize); 4] =
    [(Post::Corporate, 9), (Post::Retail, 4), (Post::Small, 2), (Post::Deputy, 1)];

const EDUCATION: [(&str, usize); 4] = [("研究生", 12), ("本科", 63), ("专科", 23), ("专科以下", 2)];
const TITLES: [(&str, usize); 4] = [("高级职称", 4), ("中级职称", 34), ("初级职称", 37), ("无职称", 25)];
const FORMER_POSTS: [(&str, usize); 6] = [
    ("总行普通员工", 3),
    ("柜员", 6),
    ("会计主管", 2),
    ("他单位客户经理", 3),
    ("总行辅导员", 1),
    ("总行部门副职", 1),
];

/// Two without degree and title, and one who does badly year after year, in every 40 outlets.
fn make_special(staff: &mut [Person], outlet: usize) {
    match outlet % 40 {
        8 | 9 => {
            staff[1].education = "专科以下";
            staff[1].title = "无职称";
        }
        21 => staff[3].skill = -7 * SIGMA,
        _ => {}
    }
}

impl Bank {
    /// The staff of an outlet over all years.
    pub(super) fn staff(&mut self, outlet: usize) -> Vec<Person> {
        let mut random = Random::new(self.seed, "staff", outlet as u64);
        let mut staff = Vec::new();
        for (post, number) in POSTS {
            for _ in 0..number {
                let from = any_day(&mut random, day(2006, 3, 1), day(2023, 11, 30));
                staff.push(self.person(&mut random, post, from));
            }
        }
        make_special(&mut staff, outlet);
        if random.chance(3_000) {
            staff.push(self.person(&mut random, Post::Clerk, day(2019, 7, 1)));
        }
        for year in YEARS {
            if random.chance(4_000) {
                let leaver = random.below(15);
                let last = any_day(&mut random, day(year, 2, 10), day(year, 11, 20));
                staff[leaver].until.get_or_insert(last);
            }
            if random.chance(6_500) {
                let newcomer = self.newcomer(&mut random, year);
                staff.push(newcomer);
            }
        }
        staff
    }

    fn person(&mut self, random: &mut Random, post: Post, from: Date) -> Person {
        self.staff += 1;
        let education = random.weighted(&EDUCATION);
        let title = random.weighted(&TITLES);
        let has_customers = match post {
            Post::Deputy => random.chance(6_000),
            Post::Clerk => false,
            Post::Corporate | Post::Retail | Post::Small => true,
        };
        let before = random.between(0, 900);
        Person {
            key: format!("G{:04}", self.staff),
            name: self.people.name(),
            post,
            has_customers,
            from,
            until: None,
            marketing: later(from, -before),
            is_beginner: false,
            came_from: None,
            education,
            title,
            titled: any_day(random, day(2012, 1, 1), day(2023, 6, 30)),
            certificates: random.weighted(&[(0, 62), (1, 25), (2, 9), (3, 4)]),
            skill: random.normal(),
        }
    }

    fn newcomer(&mut self, random: &mut Random, year: i32) -> Person {
        let post = random.weighted(&[(Post::Corporate, 6), (Post::Retail, 3), (Post::Small, 2)]);
        let from = any_day(random, day(year, 2, 1), day(year, 10, 31));
        let person = self.person(random, post, from);
        let is_beginner = random.chance(6_000);
        let came_from = random.weighted(&FORMER_POSTS);
        let is_experienced = !is_beginner && came_from == "他单位客户经理";
        Person {
            is_beginner,
            came_from: (!is_beginner).then_some(came_from),
            marketing: if is_experienced { person.marketing } else { from },
            title: if is_beginner { "无职称" } else { person.title },
            ..person
        }
    }
}
