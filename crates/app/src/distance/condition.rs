//! Conditions of a result: what is wanted, what is there, how much is missing, and which one binds.

use hengjie_quantity::Rational;
use serde_json::{Value as Json, json};

/// How a condition stands.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum State {
    /// 已满足
    Met,
    /// 未满足
    Unmet,
    /// 待补 or 待定: nobody can say yet.
    Waiting,
    /// 免: not assessed.
    Exempt,
}

/// How the parts of a condition make the whole.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shape {
    /// It has no parts.
    Leaf,
    /// All of them.
    All,
    /// Any of them.
    Any,
    /// At least so many.
    AtLeast(usize),
}

/// How far a condition is from being met, as a share of what is wanted: comparable between units.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) enum Cost {
    Met,
    Gap(Rational),
    /// Not met, and not to be measured.
    Open,
}

/// A condition with its parts. Texts are in the language that was asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Condition {
    /// What is looked at.
    pub label: String,
    /// Its article; empty inside a rule.
    pub article: String,
    /// How the parts make the whole.
    pub shape: Shape,
    /// How it stands.
    pub state: State,
    /// What is wanted.
    pub need: String,
    /// What is there.
    pub have: String,
    /// How much is missing, with its unit; empty when it is met or cannot be measured.
    pub gap: String,
    /// The one condition that keeps the result back.
    pub binding: bool,
    /// Its parts.
    pub children: Vec<Condition>,
    pub(crate) cost: Cost,
    /// A reading or a constant: nothing that a person could meet.
    pub(crate) is_fixed: bool,
}

impl Condition {
    /// A condition without parts.
    pub(crate) fn leaf(label: String, state: State, need: String, have: String) -> Self {
        let cost = if state == State::Met { Cost::Met } else { Cost::Open };
        Self {
            label,
            article: String::new(),
            shape: Shape::Leaf,
            state,
            need,
            have,
            gap: String::new(),
            binding: false,
            children: Vec::new(),
            cost,
            is_fixed: false,
        }
    }

    /// Parts as one condition. Parts that nobody assesses and constants that hold are left out; a single part stands for
    /// itself.
    pub(crate) fn group(shape: Shape, parts: Vec<Self>) -> Self {
        // What no fact can change: one constant that holds, or one that does not, decides.
        let decided = match shape {
            Shape::Any => parts.iter().any(|part| part.is_fixed && part.state == State::Met),
            Shape::All => parts.iter().any(|part| part.is_fixed && part.state != State::Met),
            _ => false,
        } || parts.iter().all(|part| part.is_fixed);
        let needless = |part: &Self| match shape {
            _ if part.state == State::Exempt => true,
            Shape::Any => part.is_fixed && part.state != State::Met,
            _ => part.is_fixed && part.state == State::Met,
        };
        let mut children: Vec<Self> = parts.iter().filter(|part| !needless(part)).cloned().collect();
        if children.is_empty() {
            children = parts.into_iter().take(1).collect();
        }
        if children.len() == 1
            && !matches!(shape, Shape::AtLeast(count) if count > 1)
            && let Some(mut only) = children.pop()
        {
            only.is_fixed |= decided;
            return only;
        }
        let mut group =
            Self { shape, children, ..Self::leaf(String::new(), State::Unmet, String::new(), String::new()) };
        group.settle();
        group.is_fixed = decided;
        group
    }

    /// State and distance of a group from its parts.
    pub(crate) fn settle(&mut self) {
        let wanted = self.wanted();
        let count = |state: State| self.children.iter().filter(|part| part.state == state).count();
        let (met, waiting) = (count(State::Met), count(State::Waiting));
        self.state = match () {
            () if met >= wanted => State::Met,
            () if met + waiting >= wanted && waiting > 0 => State::Waiting,
            () => State::Unmet,
        };
        self.cost = self.cost_of_parts();
    }

    /// The distance of the nearest way to have enough parts.
    pub(crate) fn cost_of_parts(&self) -> Cost {
        let mut costs: Vec<&Cost> = self.children.iter().map(|part| &part.cost).collect();
        costs.sort();
        match self.wanted() {
            0 => Cost::Met,
            wanted => costs.get(wanted - 1).map_or(Cost::Open, |cost| (*cost).clone()),
        }
    }

    /// How many parts are enough.
    pub(crate) fn wanted(&self) -> usize {
        match self.shape {
            Shape::Leaf | Shape::All => self.children.len(),
            Shape::Any => 1.min(self.children.len()),
            Shape::AtLeast(count) => count,
        }
    }

    /// Marks the one leaf that keeps the result back: on the nearest way, the part that is farthest away.
    pub(crate) fn mark(&mut self) {
        if self.state == State::Met {
            return;
        }
        if self.children.is_empty() {
            self.binding = true;
            return;
        }
        let wanted = self.wanted().max(1);
        let mut order: Vec<usize> = (0..self.children.len()).collect();
        order.sort_by(|left, right| self.children[*left].cost.cmp(&self.children[*right].cost));
        let place = order.get(wanted - 1).or(order.last()).copied();
        if let Some(part) = place.and_then(|place| self.children.get_mut(place)) {
            part.mark();
        }
    }

    /// The leaf that is marked.
    #[must_use]
    pub fn bound(&self) -> Option<&Self> {
        if self.binding { Some(self) } else { self.children.iter().find_map(Self::bound) }
    }

    /// Leaves that are not met, in their order.
    #[must_use]
    pub fn open(&self) -> Vec<&Self> {
        match self.children.as_slice() {
            _ if self.state == State::Met => Vec::new(),
            [] => vec![self],
            parts => parts.iter().flat_map(Self::open).collect(),
        }
    }

    /// For programs.
    #[must_use]
    pub fn to_json(&self) -> Json {
        let state = match self.state {
            State::Met => "met",
            State::Unmet => "unmet",
            State::Waiting => "waiting",
            State::Exempt => "exempt",
        };
        let shape = match self.shape {
            Shape::Leaf => "condition".to_owned(),
            Shape::All => "all".to_owned(),
            Shape::Any => "any".to_owned(),
            Shape::AtLeast(count) => format!("at least {count}"),
        };
        json!({
            "label": self.label, "article": self.article, "shape": shape, "state": state, "need": self.need,
            "have": self.have, "gap": self.gap, "binding": self.binding,
            "parts": self.children.iter().map(Self::to_json).collect::<Vec<_>>(),
        })
    }
}
