//! Chinese number words: amounts in financial capitals (大写金额) and small written integers.

const DIGITS: [&str; 10] = ["零", "壹", "贰", "叁", "肆", "伍", "陆", "柒", "捌", "玖"];
/// One hundred million, 亿, the largest named power; larger amounts repeat it (亿亿).
const YI: u128 = 100_000_000;

/// An amount in fen as financial capitals, as written on payment vouchers.
///
/// 整 follows when the amount ends at 元 or 角; a single 零 stands for zeros inside; 负 marks a negative.
/// Where the rules make 零 optional (107000.53) it is left out.
///
/// ```
/// use hengjie_quantity::to_financial_upper;
/// assert_eq!(to_financial_upper(1_640_902), "壹万陆仟肆佰零玖元零贰分");
/// assert_eq!(to_financial_upper(10_050), "壹佰元伍角整");
/// ```
pub fn to_financial_upper(fen: i128) -> String {
    let size = fen.unsigned_abs();
    let (yuan, jiao, cent) = (size / 100, size / 10 % 10, size % 10);
    let mut text = String::new();
    if fen < 0 {
        text.push('负');
    }
    if yuan > 0 || size == 0 {
        push_integer(&mut text, yuan);
        text.push('元');
    }
    if jiao > 0 {
        text.push_str(digit(jiao));
        text.push('角');
    } else if cent > 0 && yuan > 0 {
        text.push('零');
    }
    if cent > 0 {
        text.push_str(digit(cent));
        text.push('分');
    } else {
        text.push('整');
    }
    text
}

fn digit(value: u128) -> &'static str {
    usize::try_from(value).ok().and_then(|index| DIGITS.get(index)).copied().unwrap_or("")
}

fn push_integer(text: &mut String, value: u128) {
    if value == 0 {
        text.push('零');
    } else {
        push_split(text, value, YI, "亿");
    }
}

/// Writes a positive number as its part above `size`, the word for `size`, and the part below.
fn push_split(text: &mut String, value: u128, size: u128, word: &str) {
    let (above, below) = (value / size, value % size);
    if above > 0 {
        if size == YI {
            push_integer(text, above)
        } else {
            push_group(text, above)
        }
        text.push_str(word);
        if below > 0 && below < size / 10 {
            text.push('零');
        }
    }
    if below > 0 {
        if size == YI { push_split(text, below, 10_000, "万") } else { push_group(text, below) }
    }
}

/// Writes a number from 1 to 9999.
fn push_group(text: &mut String, value: u128) {
    let mut started = false;
    let mut gap = false;
    for (size, word) in [(1000, "仟"), (100, "佰"), (10, "拾"), (1, "")] {
        let place = value / size % 10;
        if place == 0 {
            gap = started;
            continue;
        }
        if gap {
            text.push('零');
            gap = false;
        }
        text.push_str(digit(place));
        text.push_str(word);
        started = true;
    }
}

/// Reads a small integer in Chinese words: `二十一`, `一百零五`, `两千`, `三万`, or digit by digit `二〇二六`.
///
/// `None` for anything else, including colloquial short forms whose last word is left out (`三百五`), words
/// out of order, and values beyond `i64`.
///
/// ```
/// use hengjie_quantity::parse_chinese_integer;
/// assert_eq!(parse_chinese_integer("二十一"), Some(21));
/// assert_eq!(parse_chinese_integer("三百五"), None);
/// ```
pub fn parse_chinese_integer(text: &str) -> Option<i64> {
    if text.chars().count() > 1 && text.chars().all(|word| digit_value(word).is_some()) {
        return text
            .chars()
            .try_fold(0_i64, |value, word| value.checked_mul(10)?.checked_add(digit_value(word)?));
    }
    parse_scale(text, &[('亿', 100_000_000), ('万', 10_000), ('千', 1000), ('百', 100), ('十', 10)])
}

fn digit_value(word: char) -> Option<i64> {
    let value = match word {
        '零' | '〇' => 0,
        '一' => 1,
        '二' | '两' => 2,
        '三' => 3,
        '四' => 4,
        '五' => 5,
        '六' => 6,
        '七' => 7,
        '八' => 8,
        '九' => 9,
        _ => return None,
    };
    Some(value)
}

/// Reads `[part before] scale [part after]` for the largest scale word present, then each part alike.
fn parse_scale(text: &str, scales: &[(char, i64)]) -> Option<i64> {
    let Some((&(word, size), smaller)) = scales.split_first() else {
        let mut words = text.chars();
        let value = digit_value(words.next()?)?;
        return words.next().is_none().then_some(value);
    };
    let Some((before, after)) = text.split_once(word) else {
        return parse_scale(text, smaller);
    };
    // 十 alone may start a number: 十五 is 15.
    let times = if before.is_empty() && size == 10 {
        1
    } else {
        // Only 万 and 亿 count in more than a digit.
        parse_scale(before, if size < 10_000 { &[] } else { smaller })?
    };
    if times == 0 {
        return None;
    }
    let rest = if after.is_empty() { 0 } else { parse_rest(after, size, smaller)? };
    times.checked_mul(size)?.checked_add(rest)
}

/// Reads what follows a scale word: a leading 零 is required exactly when the next place is skipped.
fn parse_rest(text: &str, size: i64, smaller: &[(char, i64)]) -> Option<i64> {
    let (gap, words) = match text.strip_prefix(['零', '〇']) {
        Some(words) => (true, words),
        None => (false, text),
    };
    let value = parse_scale(words, smaller)?;
    let skips = value < size / 10;
    // After 万 or 亿 many writers leave 零 out before 十 or 百; only a bare digit would be ambiguous.
    let plausible = gap == skips || (!gap && size >= 10_000 && value >= 10);
    (value > 0 && plausible).then_some(value)
}
