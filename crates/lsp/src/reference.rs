//! What is said of the words of the language: for the hover, for completion, and as the printed reference.
//!
//! Reading order: `constructs` (statements and their lines), `functions`, `others` (types, units, built-in names), `print` (the
//! reference as Markdown), [`grammar`] (colours for editors that know only words). A test holds that every word of
//! `hengjie_syntax::keywords` is told of.

mod constructs;
mod functions;
pub mod grammar;
mod others;
mod print;

pub use print::markdown;

use hengjie_quantity::Lang;
use hengjie_syntax::keywords::{self, FUNCTIONS, Keyword, Pair, TYPES, VALUES};
use hengjie_syntax::tree::SyntaxKind as K;
pub(crate) use others::UNITS;

/// What a word means, in Markdown; `None` for what is no word of the language.
pub(crate) fn word_text(word: &str, kind: K, lang: Lang) -> Option<String> {
    match kind {
        K::Keyword => {
            let found = Keyword::parse(word)?;
            let forms = constructs::forms_of(found, lang);
            let title = format!("**{}** · {}", found.zh(), found.en());
            let meaning = keyword_meaning(found, lang).unwrap_or_default();
            let code = if forms.is_empty() {
                String::new()
            } else {
                format!("\n\n```hengjie\n{}\n```", forms.join("\n"))
            };
            Some(format!("{title}\n\n{meaning}{code}"))
        }
        K::Function => {
            let (zh, en) = keywords::find(FUNCTIONS, word)?;
            let found = functions::find(zh)?;
            let signature = found.signature(lang);
            let meaning = lang.pick(found.zh, found.en);
            let gives = lang.pick(found.gives_zh, found.gives_en);
            let result = lang.pick("结果：", "gives: ");
            Some(format!("**{zh}** · {en}\n\n```hengjie\n{signature}\n```\n\n{meaning}\n\n{result}{gives}"))
        }
        K::TypeWord => pair_text(TYPES, word, others::type_meaning(word, lang), lang),
        K::Name => {
            let (zh, _) = keywords::find(VALUES, word)?;
            pair_text(VALUES, word, value_meaning(zh, lang), lang)
        }
        _ => None,
    }
}

fn pair_text(
    table: &'static [Pair],
    word: &str,
    meaning: Option<&'static str>,
    lang: Lang,
) -> Option<String> {
    let (zh, en) = keywords::find(table, word)?;
    let built_in = lang.pick("内置", "built in");
    Some(format!("**{zh}** · {en} · {built_in}\n\n{}", meaning.unwrap_or_default()))
}

/// What a keyword means in a few words.
pub(crate) fn keyword_meaning(word: Keyword, lang: Lang) -> Option<String> {
    constructs::meaning(word).map(|(zh, en)| lang.pick(zh, en).to_owned())
}

/// `合计(集合, 值) · 各项的值相加`
pub(crate) fn function_line(name: &str, lang: Lang) -> String {
    functions::find(name)
        .map(|found| format!("{} · {}", found.signature(lang), lang.pick(found.zh, found.en)))
        .unwrap_or_default()
}

/// What a built-in name means, by its Chinese spelling.
pub(crate) fn value_meaning(name: &str, lang: Lang) -> Option<&'static str> {
    others::value_meaning(name, lang)
}
