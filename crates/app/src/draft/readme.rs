//! The page of a new regulation: what to do next, who supplies which figures, which readings to confirm.

use super::{Missing, PARAMETERS, POLICY, Sample};
use crate::document::Policy;
use hengjie_quantity::Lang;

/// Where demonstration values lie, when the sample has any.
const DEMONSTRATION: &str = "parameters.demo.csv";

pub(super) fn text(policy: &Policy, sample: Option<&Sample>, missing: &Missing, lang: Lang) -> String {
    let mut text = format!("# {}\n\n", policy.program.name);
    text += &origin(sample, lang);
    text += &steps(policy, sample, !missing.is_empty(), lang);
    text += &offices(missing, lang);
    text += &readings(policy, lang);
    text
}

fn origin(sample: Option<&Sample>, lang: Lang) -> String {
    match (sample, lang) {
        (Some(sample), Lang::Zh) => {
            format!("从示范制度 `{}` 起草。条文和数逐条改成自己的再发布。\n\n", sample.name)
        }
        (Some(sample), Lang::En) => {
            format!(
                "Drafted from the sample policy `{}`. Make every article and figure your own before it is issued.\n\n",
                sample.name
            )
        }
        (None, Lang::Zh) => "从空白起草：各章是一份办法通常有的，数都是起草用的。\n\n".to_owned(),
        (None, Lang::En) => {
            "Drafted from the blank: the usual chapters, with figures to start from.\n\n".to_owned()
        }
    }
}

fn steps(policy: &Policy, sample: Option<&Sample>, has_missing: bool, lang: Lang) -> String {
    let has_demonstration =
        sample.is_some_and(|sample| sample.files.iter().any(|(file, _)| *file == DEMONSTRATION));
    let params = if has_missing { format!(" --params {PARAMETERS}") } else { String::new() };
    let mut steps = vec![edit(policy, lang)];
    steps.extend(has_missing.then(|| supply(&params, lang)));
    steps.push(lang.pick(
        format!("备资料：`hengjie template {POLICY} --out 资料` 生成要填的表。"),
        format!("Prepare the facts: `hengjie template {POLICY} --out facts` makes the tables to fill in."),
    ));
    steps.push(lang.pick(
        format!("计算：`hengjie run {POLICY} --data 资料{params}`；给条文体检：`hengjie health {POLICY}`。"),
        format!(
            "Compute: `hengjie run {POLICY} --data facts{params}`; look for faults of the text: `hengjie health {POLICY}`."
        ),
    ));
    steps.extend(has_demonstration.then(|| {
        lang.pick(
            format!("`{DEMONSTRATION}` 里是演示值，只供试算（`--params {DEMONSTRATION}`），不能用于发放；用完删去。"),
            format!("`{DEMONSTRATION}` holds demonstration values for trials (`--params {DEMONSTRATION}`), never for pay; delete it afterwards."),
        )
    }));
    let numbered = (1..).zip(&steps).map(|(number, step)| format!("{number}. {step}\n"));
    format!("## {}\n\n{}\n", lang.pick("接着做", "Next steps"), numbered.collect::<String>())
}

fn edit(policy: &Policy, lang: Lang) -> String {
    let from = policy.program.from;
    lang.pick(
        format!(
            "改 `{POLICY}`：条文、规则、示例一起改，`制度` 一行的生效日（现在是 {from}）改成自己的。改一处查一次：`hengjie check {POLICY}`、`hengjie test {POLICY}`。"
        ),
        format!(
            "Edit `{POLICY}`: articles, rules and examples together, and the first day of validity (now {from}) in the line that names the policy. Check after every change: `hengjie check {POLICY}`, `hengjie test {POLICY}`."
        ),
    )
}

fn supply(params: &str, lang: Lang) -> String {
    lang.pick(
        format!(
            "补参数：`{PARAMETERS}` 每行是一个还没有定的数，由下表的部门给出，填在“值”一栏，数字写单位；没有填的照缺。还缺哪些：`hengjie params {POLICY}{params}`。"
        ),
        format!(
            "Supply the parameters: every row of `{PARAMETERS}` is a figure that is still open; the offices below fill it into the column 值, with its unit. What is left empty stays missing. What is left: `hengjie params {POLICY}{params}`."
        ),
    )
}

fn offices(missing: &Missing, lang: Lang) -> String {
    if missing.is_empty() {
        return String::new();
    }
    let mut text = lang
        .pick(
            "## 谁给哪些数\n\n| 由谁给 | 参数 |\n| --- | --- |\n",
            "## Who supplies which figures\n\n| office | parameters |\n| --- | --- |\n",
        )
        .to_owned();
    for (office, parameters) in missing {
        let shown = parameters.iter().map(|(name, values)| match (*values, lang) {
            (1, _) => name.clone(),
            (values, Lang::Zh) => format!("{name}（{values} 个值）"),
            (values, Lang::En) => format!("{name} ({values} values)"),
        });
        text += &format!("| {office} | {} |\n", shown.collect::<Vec<_>>().join(lang.pick("、", ", ")));
    }
    text + "\n"
}

fn readings(policy: &Policy, lang: Lang) -> String {
    let readings = &policy.program.readings;
    if readings.is_empty() {
        return String::new();
    }
    let mut text = lang
        .pick(
            "## 要定下的读法\n\n条文可以有几种理解；现在取的是示范制度的取法，由有权的人定。\n\n| 读法 | 现在取 | 可以取 |\n| --- | --- | --- |\n",
            "## Readings to confirm\n\nThe text can be understood in several ways; the sample has taken one of each.\n\n| reading | taken | alternatives |\n| --- | --- | --- |\n",
        )
        .to_owned();
    for reading in readings {
        let taken = reading.alternatives.get(reading.chosen as usize).map_or("", String::as_str);
        let all = reading.alternatives.join(lang.pick("、", ", "));
        text += &format!("| {} {} | {taken} | {all} |\n", reading.name, reading.title);
    }
    text + "\n"
}
