//! Filling seats from a ranking: pure arithmetic on positions, no expressions.

use std::ops::Range;

/// A line of a quota, ready to be filled.
#[derive(Debug, Clone)]
pub(crate) struct Line {
    pub(crate) item: u32,
    pub(crate) seats: usize,
    pub(crate) from_bottom: bool,
    /// By position in the ranking.
    pub(crate) eligible: Vec<bool>,
    pub(crate) cut: LineCut,
    /// The line that gets the seats that stay empty, if it comes later.
    pub(crate) unfilled_to: Option<usize>,
}

/// What happens to a tie at the border.
#[derive(Debug, Clone)]
pub(crate) enum LineCut {
    All,
    None,
    /// By position: decided for the seat, decided against it, open.
    Decide(Vec<Option<bool>>),
}

/// The result for a position.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Seat {
    /// No line took it.
    Left,
    Item(u32),
    /// Open until people have decided about these positions in this line.
    Open { line: usize, tied: Vec<usize> },
}

/// A tie that was cut, for explanations.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Border {
    pub(crate) line: usize,
    /// Positions of the tie.
    pub(crate) tied: Vec<usize>,
    /// Seats left for them.
    pub(crate) seats: usize,
}

/// The seats of a group.
#[derive(Debug, Default)]
pub(crate) struct Filled {
    /// By position.
    pub(crate) seats: Vec<Seat>,
    pub(crate) borders: Vec<Border>,
    /// Seats that each line had, including those it got from others.
    pub(crate) offered: Vec<usize>,
}

/// An open tie: who is tied, and who was left when the border was drawn.
struct OpenTie {
    line: usize,
    tied: Vec<usize>,
    left: Vec<usize>,
}

/// Fills lines one after the other. `ranks` are the ranks by position, ascending; equal ranks are a tie.
///
/// While a tie is open, the seats that remain go to the first of the tied, so that later lines go on with the right
/// number of people; the tied themselves are [`Seat::Open`]. Where a later line does not treat the tied alike (some are
/// eligible, some are not), the choice could matter to everybody who was left: then all of them are open.
pub(crate) fn fill(ranks: &[u32], mut lines: Vec<Line>) -> Filled {
    let mut filled = Filled { seats: vec![Seat::Left; ranks.len()], ..Filled::default() };
    let mut ties: Vec<OpenTie> = Vec::new();
    let mut unsure: Vec<(usize, usize, Vec<usize>)> = Vec::new();
    for at in 0..lines.len() {
        let line = lines[at].clone();
        for tie in &ties {
            let eligible = |place: &usize| line.eligible[*place];
            if tie.tied.iter().any(eligible) && !tie.tied.iter().all(eligible) {
                unsure.extend(tie.left.iter().map(|&place| (place, tie.line, tie.tied.clone())));
            }
        }
        let left = fill_line(ranks, at, &line, &mut filled, &mut ties);
        filled.offered.push(line.seats);
        if let Some(target) = line.unfilled_to.filter(|&target| target > at && target < lines.len()) {
            lines[target].seats += left;
        }
    }
    for (place, line, tied) in unsure {
        filled.seats[place] = Seat::Open { line, tied };
    }
    for tie in ties {
        for &place in &tie.tied {
            filled.seats[place] = Seat::Open { line: tie.line, tied: vec![place] };
        }
    }
    filled
}

/// Fills one line and returns how many seats stay empty.
fn fill_line(ranks: &[u32], at: usize, line: &Line, filled: &mut Filled, ties: &mut Vec<OpenTie>) -> usize {
    let free = |place: &usize| filled.seats[*place] == Seat::Left && line.eligible[*place];
    let mut candidates: Vec<usize> = (0..ranks.len()).filter(free).collect();
    if line.from_bottom {
        candidates.reverse();
    }
    let mut seats = line.seats;
    for tied in candidates.chunk_by(|left, right| ranks[*left] == ranks[*right]) {
        if seats == 0 {
            break;
        }
        if tied.len() <= seats {
            seats -= tied.len();
            take(&mut filled.seats, tied, line.item);
            continue;
        }
        filled.borders.push(Border { line: at, tied: tied.to_vec(), seats });
        match &line.cut {
            LineCut::All => {
                take(&mut filled.seats, tied, line.item);
                seats = 0;
            }
            LineCut::None => {}
            LineCut::Decide(decided) => {
                let left: Vec<usize> =
                    (0..ranks.len()).filter(|&place| filled.seats[place] == Seat::Left).collect();
                let open = decide(tied, decided, &mut seats, line.item, &mut filled.seats);
                if !open.is_empty() {
                    ties.push(OpenTie { line: at, tied: open, left });
                }
            }
        }
        break;
    }
    seats
}

/// Seats those for whom it is decided; returns those about whom it is open. As many decisions as there are seats settle
/// the tie.
fn decide(tied: &[usize], decided: &[Option<bool>], seats: &mut usize, item: u32, out: &mut [Seat]) -> Vec<usize> {
    let chosen: Vec<usize> = tied.iter().copied().filter(|&place| decided[place] == Some(true)).collect();
    let open: Vec<usize> = tied.iter().copied().filter(|&place| decided[place].is_none()).collect();
    take(out, &chosen, item);
    *seats = seats.saturating_sub(chosen.len());
    if *seats == 0 || open.is_empty() {
        return Vec::new();
    }
    // Seats stay with the tied until it is decided who gets them.
    let holders = open.len().min(*seats);
    take(out, &open[..holders], item);
    *seats -= holders;
    open
}

fn take(out: &mut [Seat], places: &[usize], item: u32) {
    for &place in places {
        out[place] = Seat::Item(item);
    }
}

/// Slices a ranking by cumulated seats, the first item first. A tie over several slices goes as the cut says.
pub(crate) fn slice(ranks: &[u32], seats: &[(u32, usize)], cut: &LineCut) -> Filled {
    let mut filled = Filled { seats: vec![Seat::Left; ranks.len()], ..Filled::default() };
    filled.offered = seats.iter().map(|(_, seats)| *seats).collect();
    let by_place: Vec<usize> =
        seats.iter().enumerate().flat_map(|(slice, (_, seats))| std::iter::repeat_n(slice, *seats)).collect();
    let item = |slice: usize| Seat::Item(seats[slice].0);
    for tie in ties(ranks) {
        let places = || tie.clone().filter_map(|place| by_place.get(place).copied());
        let (Some(first), Some(last)) = (places().next(), places().last()) else { continue };
        if first == last {
            tie.for_each(|place| filled.seats[place] = item(first));
            continue;
        }
        let tied: Vec<usize> = tie.clone().collect();
        let above = places().filter(|&slice| slice == first).count();
        filled.borders.push(Border { line: first, tied: tied.clone(), seats: above });
        let decided = match cut {
            LineCut::All => {
                tied.iter().for_each(|&place| filled.seats[place] = item(first));
                continue;
            }
            LineCut::None => {
                tied.iter().for_each(|&place| filled.seats[place] = item(last));
                continue;
            }
            LineCut::Decide(decided) => decided,
        };
        let settled = tied.iter().filter(|&&place| decided[place] == Some(true)).count() >= above;
        for &place in &tied {
            filled.seats[place] = match decided[place] {
                Some(true) => item(first),
                Some(false) => item(first + 1),
                None if settled => item(first + 1),
                None => Seat::Open { line: first, tied: vec![place] },
            };
        }
    }
    filled
}

/// The positions of equal ranks.
fn ties(ranks: &[u32]) -> impl Iterator<Item = Range<usize>> {
    let mut start = 0;
    ranks.chunk_by(|left, right| left == right).map(move |tie| {
        let range = start..start + tie.len();
        start = range.end;
        range
    })
}
