//! Names of people, companies and shops: common ones, never the same twice.

use crate::random::Random;

/// Surnames with how often they occur among 1,000 people.
const SURNAMES: &[(&str, usize)] = &[
    ("王", 72),
    ("李", 72),
    ("张", 68),
    ("刘", 54),
    ("陈", 45),
    ("杨", 31),
    ("黄", 22),
    ("赵", 21),
    ("吴", 20),
    ("周", 19),
    ("徐", 15),
    ("孙", 15),
    ("马", 13),
    ("朱", 13),
    ("胡", 12),
    ("郭", 12),
    ("何", 11),
    ("林", 11),
    ("高", 10),
    ("罗", 10),
    ("郑", 9),
    ("梁", 9),
    ("谢", 8),
    ("宋", 8),
    ("唐", 7),
    ("许", 7),
    ("邓", 6),
    ("韩", 6),
    ("冯", 6),
    ("曹", 6),
    ("彭", 6),
    ("曾", 6),
    ("肖", 5),
    ("田", 5),
    ("董", 5),
    ("潘", 5),
    ("袁", 5),
    ("蔡", 5),
    ("蒋", 5),
    ("余", 5),
    ("于", 5),
    ("杜", 4),
    ("叶", 4),
    ("程", 4),
    ("魏", 4),
    ("苏", 4),
    ("吕", 4),
    ("丁", 4),
    ("任", 4),
    ("卢", 4),
    ("姚", 4),
    ("沈", 4),
    ("钟", 4),
    ("姜", 4),
    ("崔", 4),
    ("谭", 4),
    ("陆", 4),
    ("汪", 4),
    ("石", 3),
    ("傅", 3),
    ("贾", 3),
    ("范", 3),
    ("金", 3),
    ("方", 3),
    ("韦", 3),
    ("夏", 3),
    ("廖", 3),
    ("侯", 3),
    ("白", 3),
    ("孟", 3),
    ("邹", 3),
    ("秦", 3),
    ("尹", 2),
    ("江", 2),
    ("熊", 2),
    ("薛", 2),
    ("邱", 2),
    ("闫", 2),
    ("段", 2),
    ("雷", 2),
    ("史", 2),
    ("陶", 2),
    ("贺", 2),
    ("毛", 2),
    ("龙", 2),
    ("顾", 2),
    ("郝", 2),
    ("龚", 2),
    ("邵", 2),
    ("欧阳", 1),
    ("司马", 1),
    ("上官", 1),
    ("诸葛", 1),
];

/// Characters of given names.
const GIVEN: &str = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红鹏宇浩然欣怡梓涵雨晨思源嘉俊志远建国春梅文博海燕晓\
东佳琪雪莹振宁立新永康家豪子轩诗语天佑美玲凤琴世龙泽楷瑞云卓越景行书瑶若曦安然清扬一诺承恩凯旋婷慧颖倩璐薇萍蕾菲琳瑾彤\
岚岩峰松柏林森川江河波澜光辉煌亮锋钧铭锐健康宏昌盛达贵福禄寿荣兴旺乐欢喜悦和顺祥庆余良善德仁义礼智信忠孝廉勤俭朴诚正";

/// Places in the names of companies and shops.
const PLACES: &str = "江城 临江 东湖 南浦 北关 西岭 长桥 青石 白云 龙泉 凤山 金沙 银湖 新港 石门 平川 安定 永宁 太和 清河 沙洲 桃源 梅岭 松林 竹溪 莲塘 古渡 云台 丰泽 华亭";
/// Trade names are two of these.
const TRADE: &str = "恒达丰盛鑫源宏泰瑞祥嘉华中联东方远航金辉锦程德信诚和顺昌兴隆永利广益海天创新科智汇通博雅康健美佳晨光星月龙腾飞跃卓越\
凯悦富民裕安平正大明珠玉宝银桥江河湖山林松竹梅兰菊春秋";
/// What companies do.
const TRADES: &str = "机械 电子 建材 纺织 食品 化工 医药 物流 商贸 农业 包装 印务 家具 汽配 五金 塑业 服饰 水产 粮油 能源 环保 装饰 市政 园林 电气 仪表 软件 网络 传媒 酒店";
const COMPANY_ENDINGS: &str = "有限公司 有限责任公司 股份有限公司 集团有限公司";
const SHOP_ENDINGS: &str = "便利店 超市 烟酒店 商行 副食店 百货 食杂店 综合商店 小卖部 生活超市";

/// Gives every person a name of their own.
#[derive(Debug)]
pub(crate) struct People {
    random: Random,
    given: Vec<char>,
    surnames: Vec<(usize, usize)>,
    /// By surname: how many have it already.
    taken: Vec<u64>,
}

impl People {
    pub(crate) fn new(seed: u64, organisation: &str) -> Self {
        let mut random = Random::new(seed, organisation, 0);
        let mut given = characters(GIVEN);
        random.shuffle(&mut given);
        let surnames = SURNAMES.iter().enumerate().map(|(place, (_, weight))| (place, *weight)).collect();
        Self { random, given, surnames, taken: vec![0; SURNAMES.len()] }
    }

    /// The next name.
    pub(crate) fn name(&mut self) -> String {
        let place = self.random.weighted(&self.surnames);
        let surname = SURNAMES[place].0;
        let number = self.taken[place];
        self.taken[place] += 1;
        let count = self.given.len() as u64;
        // One name in eight has one character, as long as there are enough.
        if number % 8 == 7 && number / 8 < count {
            return format!("{surname}{}", self.given[((number / 8 + 7 * place as u64) % count) as usize]);
        }
        // Every surname starts elsewhere, so that namesakes are rare.
        let (parts, more) = digits(number, 977 * place as u64, &[self.given.len(), self.given.len()]);
        format!("{surname}{}{}{more}", self.given[parts[0]], self.given[parts[1]])
    }
}

/// Names of companies or shops by number.
#[derive(Debug)]
pub(crate) struct Signs {
    /// Each part of a name is one of these.
    parts: Vec<Vec<String>>,
}

impl Signs {
    pub(crate) fn companies() -> Self {
        Self::of(&[TRADES, COMPANY_ENDINGS])
    }

    pub(crate) fn shops() -> Self {
        Self::of(&[SHOP_ENDINGS])
    }

    fn of(endings: &[&str]) -> Self {
        let words = |list: &&str| list.split(' ').map(str::to_owned).collect();
        let trade: Vec<String> = characters(TRADE).into_iter().map(String::from).collect();
        let mut parts = vec![words(&PLACES), trade.clone(), trade];
        parts.extend(endings.iter().map(words));
        Self { parts }
    }

    /// The name with a number.
    pub(crate) fn name(&self, number: u64) -> String {
        let sizes: Vec<usize> = self.parts.iter().map(Vec::len).collect();
        let (places, more) = digits(number, 0, &sizes);
        let (last, first) = (places.len() - 1, self.parts.iter().zip(&places));
        let word = |(position, (words, place)): (usize, (&Vec<String>, &usize))| match position == last {
            true => format!("{more}{}", words[*place]),
            false => words[*place].clone(),
        };
        first.enumerate().map(word).collect()
    }
}

/// How a bank lists a private customer: no given name.
pub(crate) fn private_customer(number: u64) -> String {
    let surname = SURNAMES[(number * 7919 % 60) as usize].0;
    let title = if number.is_multiple_of(2) { "先生" } else { "女士" };
    format!("{surname}{title}（尾号{number:08}）")
}

/// Every character once.
fn characters(list: &str) -> Vec<char> {
    let mut characters: Vec<char> = list.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    characters
}

/// A number as digits in mixed bases from a start on, different for different numbers; what is left over is a number behind
/// the name.
fn digits(number: u64, start: u64, sizes: &[usize]) -> (Vec<usize>, String) {
    let all: u64 = sizes.iter().map(|size| *size as u64).product();
    let more = if number < all { String::new() } else { (number / all + 1).to_string() };
    let mut rest = spread(number + start, all);
    let mut parts = Vec::with_capacity(sizes.len());
    for size in sizes {
        parts.push((rest % *size as u64) as usize);
        rest /= *size as u64;
    }
    (parts, more)
}

/// Puts the numbers below `all` in another order, so that neighbours look different.
fn spread(number: u64, all: u64) -> u64 {
    // A prime that no product of the small lists has as a factor: multiplication by it is one to one.
    ((u128::from(number % all) * 1_000_000_007 + 12_345) % u128::from(all)) as u64
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeSet;

    #[test]
    fn no_name_occurs_twice() {
        let mut people = People::new(1, "bank");
        let names: BTreeSet<String> = (0..60_000).map(|_| people.name()).collect();
        assert_eq!(names.len(), 60_000);
        for signs in [Signs::companies(), Signs::shops()] {
            let names: BTreeSet<String> = (0..300_000).map(|number| signs.name(number)).collect();
            assert_eq!(names.len(), 300_000);
        }
    }
}
