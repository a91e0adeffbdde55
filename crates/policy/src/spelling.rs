//! "Did you mean": the closest known name by edit distance, and names that swallowed a keyword.

/// The candidate closest to `name`, when it is close enough to be a slip of the pen. Ties go to the first in order.
pub(crate) fn closest<'a>(name: &str, candidates: impl IntoIterator<Item = &'a str>) -> Option<String> {
    let wanted: Vec<char> = name.chars().take(LONGEST).collect();
    let limit = (wanted.len() / 3).max(1);
    let mut best: Option<(usize, &str)> = None;
    for candidate in candidates {
        let letters: Vec<char> = candidate.chars().take(LONGEST).collect();
        if letters.len().abs_diff(wanted.len()) > limit
            || candidate == name
            || wanted.len() + letters.len() < 4
        {
            continue;
        }
        let distance = edit_distance(&wanted, &letters);
        if distance <= limit && best.is_none_or(|(least, _)| distance < least) {
            best = Some((distance, candidate));
        }
    }
    best.map(|(_, candidate)| candidate.to_owned())
}

/// Names are compared up to this length.
const LONGEST: usize = 40;

/// Number of single-character changes between two words.
fn edit_distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, left) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, right) in b.iter().enumerate() {
            let change = diagonal + usize::from(left != right);
            diagonal = row[j + 1];
            row[j + 1] = change.min(row[j] + 1).min(diagonal + 1);
        }
    }
    row[b.len()]
}

/// The reserved words of expressions that may be swallowed by a name, longest first.
const KEYWORDS: [&str; 10] = ["否则", "无则", "缺则", "其中", "属于", "如", "则", "且", "或", "非"];

/// The name with spaces around the first keyword in it for which `is_known` accepts at least one of the parts beside it.
pub(crate) fn split_keyword(name: &str, is_known: impl Fn(&str) -> bool) -> Option<String> {
    KEYWORDS.iter().find_map(|keyword| {
        name.match_indices(keyword).find_map(|(at, _)| {
            let (before, after) = (&name[..at], &name[at + keyword.len()..]);
            let plausible = (is_known(before) || is_known(after)) && !(before.is_empty() && after.is_empty());
            plausible.then(|| format!("{before} {keyword} {after}").trim().to_owned())
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_closest_name() {
        assert_eq!(closest("存款日钧", ["存款日均", "贷款日均"]), Some("存款日均".to_owned()));
        assert_eq!(closest("等级", ["区域", "存款"]), None);
        assert_eq!(closest("a", ["b"]), None);
        assert_eq!(closest("等极", ["等级", "等第"]), Some("等级".to_owned()));
    }

    #[test]
    fn splits_swallowed_keywords() {
        let known = |name: &str| name == "客户" || name == "余额";
        assert_eq!(split_keyword("客户其中余额", known), Some("客户 其中 余额".to_owned()));
        assert_eq!(split_keyword("非余额", known), Some("非 余额".to_owned()));
        assert_eq!(split_keyword("如意存款", known), None);
    }
}
