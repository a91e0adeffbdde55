//! Random numbers that are equal on every machine: integers only, no library whose stream may change.

/// Normal values are in 1/65,536 of the standard deviation.
pub(crate) const SIGMA: i64 = 1 << 16;

/// log2(e) in 1/65,536.
const LOG2_E: i128 = 94_548;

/// One for [`power_of_two`]: factors are in 1/2⁶².
const ONE: u128 = 1 << 62;

/// The 16 repeated square roots of two, in 1/2⁶².
const ROOTS: [u128; 16] = {
    let mut roots = [0; 16];
    let mut root = 2 * ONE;
    let mut position = 0;
    while position < roots.len() {
        root = (root << 62).isqrt();
        roots[position] = root;
        position += 1;
    }
    roots
};

/// A stream of random numbers (splitmix64).
#[derive(Debug, Clone)]
pub(crate) struct Random(u64);

impl Random {
    /// A stream of its own for every purpose and place, so that a new table does not change the others.
    pub(crate) fn new(seed: u64, purpose: &str, place: u64) -> Self {
        let mix = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        let purpose = purpose.bytes().fold(0xcbf2_9ce4_8422_2325, mix);
        let mut random = Self(seed ^ purpose);
        random.0 = random.next().wrapping_add(place.wrapping_mul(0x9e37_79b9_7f4a_7c15));
        random.0 = random.next();
        random
    }

    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        mixed ^ (mixed >> 31)
    }

    /// A number below `bound`, 0 when there is none.
    pub(crate) fn below(&mut self, bound: usize) -> usize {
        ((u128::from(self.next()) * bound as u128) >> 64) as usize
    }

    /// A number between two, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = high.abs_diff(low) as usize + 1;
        low + self.below(span) as i64
    }

    /// Does something happen that happens in so many of 10,000 cases?
    pub(crate) fn chance(&mut self, per_ten_thousand: usize) -> bool {
        self.below(10_000) < per_ten_thousand
    }

    /// One of some things, all equally often. The slice must not be empty.
    pub(crate) fn pick<'a, T>(&mut self, things: &'a [T]) -> &'a T {
        &things[self.below(things.len())]
    }

    /// One of some things by weight. The slice must not be empty.
    pub(crate) fn weighted<T: Copy>(&mut self, things: &[(T, usize)]) -> T {
        let total: usize = things.iter().map(|(_, weight)| weight).sum();
        let mut place = self.below(total);
        for (thing, weight) in things {
            if place < *weight {
                return *thing;
            }
            place -= weight;
        }
        things[0].0
    }

    /// A standard normal value in 1/[`SIGMA`]: the sum of twelve uniform ones, which has exactly this spread.
    pub(crate) fn normal(&mut self) -> i64 {
        let mut sum = 0;
        for _ in 0..3 {
            let bits = self.next();
            sum += (0..4).map(|part| (bits >> (16 * part)) & 0xffff).sum::<u64>() as i64;
        }
        sum - 6 * (SIGMA - 1)
    }

    /// A normal value with a mean and a standard deviation.
    pub(crate) fn around(&mut self, mean: i64, deviation: i64) -> i64 {
        mean + ((self.normal() * deviation) >> 16)
    }

    /// A log-normal value; the spread of its logarithm is in thousandths.
    pub(crate) fn log_normal(&mut self, median: i64, spread: i64) -> i64 {
        let exponent = i128::from(self.normal()) * i128::from(spread) * LOG2_E / (1000 << 16);
        grown(median, exponent as i64)
    }

    /// How often something happens that happens `mean`/1000 times on average (Poisson; for means up to 40).
    pub(crate) fn count(&mut self, mean: i64) -> usize {
        let never = grown(1 << 40, -((i128::from(mean) * LOG2_E / 1000) as i64));
        let mut product: u128 = 1 << 40;
        let mut times = 0;
        loop {
            product = (product * u128::from(self.next())) >> 64;
            if product <= never as u128 {
                return times;
            }
            times += 1;
        }
    }

    /// Mixes the order.
    pub(crate) fn shuffle<T>(&mut self, things: &mut [T]) {
        for last in (1..things.len()).rev() {
            things.swap(last, self.below(last + 1));
        }
    }
}

/// `value × 2^(exponent/`[`SIGMA`]`)`, rounded down.
pub(crate) fn grown(value: i64, exponent: i64) -> i64 {
    let (whole, fraction) = (exponent >> 16, exponent & 0xffff);
    let mut factor = ONE;
    for (position, root) in ROOTS.iter().enumerate() {
        if (fraction >> (15 - position)) & 1 == 1 {
            factor = (factor * root) >> 62;
        }
    }
    let product = i128::from(value) * (factor >> 22) as i128;
    let shift = 40 - whole.clamp(-60, 20);
    (product >> shift) as i64
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn powers_of_two() {
        assert_eq!(grown(1_000_000, 0), 1_000_000);
        assert_eq!(grown(1_000_000, 3 << 16), 8_000_000);
        assert_eq!(grown(1_000_000, 1 << 15), 1_414_213);
        assert_eq!(grown(1_000_000, -(1 << 16)), 500_000);
        assert_eq!(grown(1_000_000_000, LOG2_E as i64), 2_718_268_540);
    }

    #[test]
    fn streams_have_the_spread_they_promise() {
        let mut random = Random::new(7, "spread", 0);
        let values: Vec<i64> = (0..20_000).map(|_| random.around(100_000, 10_000)).collect();
        let within = values.iter().filter(|value| (90_000..=110_000).contains(*value)).count();
        assert!((13_400..13_900).contains(&within), "{within}");
        let mut sizes: Vec<i64> = (0..20_000).map(|_| random.log_normal(1_000, 1_000)).collect();
        sizes.sort_unstable();
        assert!((970..1_030).contains(&sizes[10_000]), "{}", sizes[10_000]);
        assert!((2_600..2_850).contains(&sizes[16_827]), "{}", sizes[16_827]);
        let events: usize = (0..20_000).map(|_| random.count(5_000)).sum();
        assert!((99_000..101_000).contains(&events), "{events}");
    }

    #[test]
    fn purposes_and_places_have_streams_of_their_own() {
        let first = |purpose, place| Random::new(1, purpose, place).next();
        assert_eq!(first("a", 0), first("a", 0));
        assert_ne!(first("a", 0), first("a", 1));
        assert_ne!(first("a", 0), first("b", 0));
    }
}
