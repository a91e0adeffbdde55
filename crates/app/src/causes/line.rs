//! Each result that differs, with the parts of the difference.

use super::step::Step;
use super::walk::{Cell, Move, Place, State, Walk};
use crate::dataset::KeyIndex;
use crate::names;
use crate::outcome::{Sort, sorts};
use hengjie_evaluate::format::format_value;
use hengjie_evaluate::value::Value;
use hengjie_policy::core::{AttributeId, Body, KindId, Program};
use hengjie_quantity::{Lang, Rational};
use std::collections::BTreeMap;

/// Facts that a part names.
const NAMED: usize = 3;

/// A result that differs.
#[derive(Debug, Clone)]
pub struct Line {
    /// Key of the person; empty for figures of everybody.
    pub key: String,
    /// Key and name.
    pub who: String,
    /// The period; empty without one.
    pub period: String,
    /// Name of the value.
    pub value: String,
    /// Is it an amount or a grade in which rules end?
    pub is_outcome: bool,
    /// In the old run.
    pub before: String,
    /// In the new run.
    pub after: String,
    /// New minus old as people read it; empty for what is no number.
    pub difference: String,
    /// What it is made of, in the order of the steps.
    pub parts: Vec<Part>,
    pub(super) number: Option<Rational>,
}

/// What one step does to a result; several steps where one alone leaves it waiting.
#[derive(Debug, Clone)]
pub struct Part {
    /// Positions of the steps, from 0.
    pub steps: Vec<usize>,
    /// What they change, in words.
    pub cause: String,
    /// The facts of this person that they change.
    pub facts: Vec<String>,
    /// Before.
    pub before: String,
    /// After.
    pub after: String,
    /// After minus before as people read it; empty for what is no number.
    pub difference: String,
    pub(super) number: Option<Rational>,
}

/// All lines: people first, outcomes before what leads to them.
pub(super) fn lines(walk: &Walk<'_>, start: &State, lang: Lang) -> Vec<Line> {
    let scribe = Scribe::new(walk, start, lang);
    let mut lines: Vec<Line> = Vec::new();
    for ((place, key), moves) in &walk.moves {
        lines.extend(scribe.line(&walk.places[*place as usize], key, moves));
    }
    lines.sort_by(|left, right| (&left.key, !left.is_outcome).cmp(&(&right.key, !right.is_outcome)));
    lines
}

/// Whose facts a step changes: by name of the kind and key.
type Index<'a> = BTreeMap<(&'a str, &'a str), Vec<&'a str>>;

struct Scribe<'a> {
    /// The new run before the old one.
    states: [&'a State; 2],
    steps: &'a [Step],
    /// By step.
    facts: Vec<Index<'a>>,
    sorts: [BTreeMap<AttributeId, Sort>; 2],
    keys: [Vec<KeyIndex<'a>>; 2],
    lang: Lang,
}

impl<'a> Scribe<'a> {
    fn new(walk: &'a Walk<'_>, start: &'a State, lang: Lang) -> Self {
        let states = [&walk.now, start];
        let index = |step: &'a Step| {
            let mut index: Index<'a> = BTreeMap::new();
            for touched in &step.touched {
                for (kind, key) in &touched.whose {
                    index.entry((kind, key)).or_default().push(&touched.text);
                }
            }
            index
        };
        Self {
            states,
            steps: &walk.steps,
            facts: walk.steps.iter().map(index).collect(),
            sorts: states.map(|state| sorts(&state.policy.program)),
            keys: states
                .map(|state| state.facts.data.kinds.iter().map(|kind| KeyIndex::of(&kind.keys)).collect()),
            lang,
        }
    }

    /// A result with its parts; `None` when in the end it is what it was.
    fn line(&self, place: &Place, key: &str, moves: &[Move]) -> Option<Line> {
        let (first, last) = (moves.first()?, moves.last()?);
        let (before, after) = (&first.before, &last.after);
        if before == after {
            return None;
        }
        let (side, attribute) = self.attribute(place)?;
        let program = &self.states[side].policy.program;
        let definition = &program.attributes[attribute.index()];
        // Ranks do not add up.
        let adds_up = !matches!(definition.body, Body::Rank(_));
        let difference = |before: &Cell, after: &Cell| {
            let is_number = [before, after].iter().any(|cell| matches!(cell, Cell::Number(..)));
            if is_number && adds_up { Some(after.number()? - before.number()?) } else { None }
        };
        let text = |number: &Option<Rational>| {
            let data = &self.states[side].facts.data;
            let shown = |number: &Rational| {
                format_value(program, data, &Value::Number(number.clone()), &definition.ty.base, self.lang)
            };
            number.as_ref().map_or_else(String::new, shown)
        };
        let number = difference(before, after);
        let parts = grouped(moves).into_iter().filter(|group| group.before != group.after).map(|group| {
            let number = difference(&group.before, &group.after);
            self.part(place, key, group, text(&number), number)
        });
        let (_, name, row, period) = place;
        Some(Line {
            key: key.to_owned(),
            who: self.who(place, key),
            period: period.map_or_else(String::new, |period| self.lang.pick(period.to_string(), period.en())),
            value: row.as_ref().map_or_else(|| name.clone(), |row| format!("{name}·{row}")),
            is_outcome: self.sorts[side].get(&attribute).is_some_and(|sort| *sort != Sort::Other),
            before: before.text(self.lang).to_owned(),
            after: after.text(self.lang).to_owned(),
            difference: text(&number),
            parts: parts.collect(),
            number,
        })
    }

    fn part(
        &self,
        place: &Place,
        key: &str,
        group: Group,
        difference: String,
        number: Option<Rational>,
    ) -> Part {
        let causes: Vec<String> = group.steps.iter().map(|step| self.steps[*step].text(self.lang)).collect();
        let own = group.steps.iter().flat_map(|step| {
            let found = self.facts[*step].get(&(place.0.as_str(), key));
            found.into_iter().flatten().map(|text| (*text).to_owned())
        });
        let mut facts: Vec<String> = own.collect();
        if facts.len() > NAMED {
            let more = facts.len() - NAMED;
            facts.truncate(NAMED);
            facts.push(self.lang.pick(format!("还有 {more} 处"), format!("{more} more")));
        }
        Part {
            steps: group.steps,
            cause: causes.join(self.lang.pick("、", ", ")),
            facts,
            before: group.before.text(self.lang).to_owned(),
            after: group.after.text(self.lang).to_owned(),
            difference,
            number,
        }
    }

    /// The value in the new run, else in the old one.
    fn attribute(&self, (kind, name, _, _): &Place) -> Option<(usize, AttributeId)> {
        (0..2).find_map(|side| {
            let program = &self.states[side].policy.program;
            let of = |attribute: &hengjie_policy::core::Attribute| {
                attribute.context.kind.map_or("", |kind| program.kinds[kind.index()].name.as_str())
            };
            let found = program.attributes.iter().position(|one| one.name == *name && of(one) == kind)?;
            Some((side, AttributeId(u32::try_from(found).ok()?)))
        })
    }

    fn who(&self, (kind, ..): &Place, key: &str) -> String {
        if kind.is_empty() {
            return self.lang.pick("全体", "all").to_owned();
        }
        let found = (0..2).find_map(|side| {
            let state = self.states[side];
            let kind = kind_named(&state.policy.program, kind)?;
            let position = self.keys[side].get(kind.index())?.position(key)?;
            Some(names::person(&state.facts, kind, position, self.lang))
        });
        found.unwrap_or_else(|| key.to_owned())
    }
}

fn kind_named(program: &Program, name: &str) -> Option<KindId> {
    let position = program.kinds.iter().position(|kind| kind.name == name)?;
    u32::try_from(position).ok().map(KindId)
}

/// Steps whose effect is told together.
struct Group {
    steps: Vec<usize>,
    before: Cell,
    after: Cell,
}

/// Steps with what they do. A result that waits between two steps, though it waits neither before nor after all of them, tells
/// nothing of either alone.
fn grouped(moves: &[Move]) -> Vec<Group> {
    let waits_in_the_end = moves.last().is_none_or(|last| last.after.waits());
    let waits_at_first = moves.first().is_none_or(|first| first.before.waits());
    let is_open =
        |group: &Group| group.after.waits() && !waits_in_the_end && !(waits_at_first && group.before.waits());
    let mut groups: Vec<Group> = Vec::new();
    for one in moves {
        match groups.last_mut().filter(|group| is_open(group)) {
            Some(group) => {
                group.steps.push(one.step);
                group.after = one.after.clone();
            }
            None => groups.push(Group {
                steps: vec![one.step],
                before: one.before.clone(),
                after: one.after.clone(),
            }),
        }
    }
    groups
}
