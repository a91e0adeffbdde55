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
    /// The item whose line gets the seats that stay empty, if that line comes later.
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
    Open {
        line: usize,
        tied: Vec<usize>,
    },
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
        let heir = line
            .unfilled_to
            .and_then(|item| lines[at + 1..].iter_mut().find(|heir| heir.item as usize == item));
        if let Some(heir) = heir {
            heir.seats += left;
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
fn decide(
    tied: &[usize],
    decided: &[Option<bool>],
    seats: &mut usize,
    item: u32,
    out: &mut [Seat],
) -> Vec<usize> {
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
        let (Some(first), Some(last)) = (places().next(), places().next_back()) else { continue };
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

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn line(item: u32, seats: usize, people: usize, cut: LineCut) -> Line {
        Line { item, seats, from_bottom: false, eligible: vec![true; people], cut, unfilled_to: None }
    }

    fn show(filled: &Filled) -> String {
        let seat = |seat: &Seat| match seat {
            Seat::Left => "-".to_owned(),
            Seat::Item(item) => item.to_string(),
            Seat::Open { .. } => "?".to_owned(),
        };
        filled.seats.iter().map(seat).collect()
    }

    fn check(ranks: &[u32], lines: Vec<Line>, expected: &str) {
        assert_eq!(show(&fill(ranks, lines)), expected, "{ranks:?}");
    }

    #[test]
    fn lines_fill_from_the_top_and_leave_the_rest() {
        check(&[1, 2, 3, 4], vec![line(1, 1, 4, LineCut::All), line(0, 2, 4, LineCut::All)], "100-");
    }

    #[test]
    fn a_line_may_fill_from_the_bottom() {
        let bottom = Line { from_bottom: true, ..line(0, 1, 3, LineCut::All) };
        check(&[1, 2, 3], vec![bottom, line(1, 1, 3, LineCut::All)], "1-0");
    }

    #[test]
    fn only_eligible_people_take_seats() {
        let strict = Line { eligible: vec![false, true, true], ..line(1, 1, 3, LineCut::All) };
        check(&[1, 2, 3], vec![strict, line(0, 1, 3, LineCut::All)], "01-");
    }

    #[test]
    fn a_cut_tie_goes_in_stays_out_or_waits() {
        let tie = [1, 2, 2, 4];
        check(&tie, vec![line(1, 2, 4, LineCut::All)], "111-");
        check(&tie, vec![line(1, 2, 4, LineCut::None)], "1---");
        check(&tie, vec![line(1, 2, 4, LineCut::Decide(vec![None; 4]))], "1??-");
    }

    #[test]
    fn as_many_decisions_as_seats_settle_a_tie() {
        let decided = |decided: [Option<bool>; 4]| vec![line(1, 2, 4, LineCut::Decide(decided.to_vec()))];
        check(&[1, 2, 2, 4], decided([None, None, Some(true), None]), "1-1-");
        check(&[1, 2, 2, 4], decided([None, Some(false), None, None]), "1-?-");
        check(&[1, 2, 2, 4], decided([None, Some(false), Some(false), None]), "1---");
    }

    #[test]
    fn an_open_tie_does_not_stop_the_next_line() {
        // One of the tied takes the seat of the next line, whoever it is.
        let lines = vec![line(2, 1, 4, LineCut::Decide(vec![None; 4])), line(1, 2, 4, LineCut::All)];
        check(&[1, 1, 3, 4], lines, "??1-");
    }

    #[test]
    fn an_open_tie_stops_all_when_the_choice_matters() {
        let first = line(2, 1, 4, LineCut::Decide(vec![None; 4]));
        let second = Line { eligible: vec![true, false, true, true], ..line(1, 1, 4, LineCut::All) };
        check(&[1, 1, 3, 4], vec![first, second], "????");
    }

    #[test]
    fn unfilled_seats_stay_empty_or_go_to_another_line() {
        let few = Line { eligible: vec![true, false, false], ..line(1, 2, 3, LineCut::All) };
        check(&[1, 2, 3], vec![few.clone(), line(0, 1, 3, LineCut::All)], "10-");
        check(&[1, 2, 3], vec![Line { unfilled_to: Some(0), ..few }, line(0, 1, 3, LineCut::All)], "100");
    }

    #[test]
    fn slices_cover_the_ranking() {
        let seats = [(2, 1), (1, 2), (0, 1)];
        assert_eq!(show(&slice(&[1, 2, 3, 4], &seats, &LineCut::All)), "2110");
        assert_eq!(show(&slice(&[1, 1, 3, 3], &seats, &LineCut::All)), "2211");
        assert_eq!(show(&slice(&[1, 1, 3, 3], &seats, &LineCut::None)), "1100");
        assert_eq!(show(&slice(&[1, 1, 3, 4], &seats, &LineCut::Decide(vec![None; 4]))), "??10");
        let decided = LineCut::Decide(vec![Some(true), None, None, None]);
        assert_eq!(show(&slice(&[1, 1, 3, 4], &seats, &decided)), "2110");
    }

    /// Ranks as a ranking gives them: 1, 2, 2, 4, …
    fn ranks() -> impl Strategy<Value = Vec<u32>> {
        prop::collection::vec(any::<bool>(), 1..12).prop_map(|ties| {
            let mut ranks: Vec<u32> = Vec::new();
            for (position, tied) in (1..).zip(ties) {
                let rank = ranks.last().copied().filter(|_| tied).unwrap_or(position);
                ranks.push(rank);
            }
            ranks
        })
    }

    proptest! {
        /// Without a cut that takes everybody, no line seats more people than it has seats, and nobody who was eligible
        /// for it and is strictly better is left behind.
        #[test]
        fn lines_seat_the_best(
            ranks in ranks(),
            seats in 0_usize..8,
            eligible in prop::collection::vec(any::<bool>(), 12),
        ) {
            let eligible = eligible[..ranks.len()].to_vec();
            let filled = fill(&ranks, vec![Line { eligible: eligible.clone(), ..line(1, seats, ranks.len(), LineCut::None) }]);
            let seated: Vec<usize> = (0..ranks.len()).filter(|&place| filled.seats[place] == Seat::Item(1)).collect();
            prop_assert!(seated.len() <= seats);
            for &place in &seated {
                prop_assert!(eligible[place]);
                for better in (0..place).filter(|&better| eligible[better]) {
                    prop_assert!(seated.contains(&better));
                }
            }
        }

        /// Equal ranks get equal results unless people decide.
        #[test]
        fn ties_are_treated_alike(ranks in ranks(), first in 0_usize..6, second in 0_usize..6, all in any::<bool>()) {
            let cut = if all { LineCut::All } else { LineCut::None };
            let lines = vec![line(2, first, ranks.len(), cut.clone()), line(1, second, ranks.len(), cut)];
            let filled = fill(&ranks, lines);
            for (left, right) in (0..ranks.len()).zip(1..ranks.len()) {
                if ranks[left] == ranks[right] {
                    prop_assert_eq!(&filled.seats[left], &filled.seats[right]);
                }
            }
        }
    }
}
