//! What subjects are called: `张三（1010）` where they are first mentioned, `张三` afterwards.

use crate::dataset::Dataset;
use crate::format::format_subject;
use hengjie_policy::core::KindId;
use hengjie_quantity::Lang;
use rustc_hash::FxHashMap;

/// Who has been mentioned under which name.
#[derive(Debug, Default)]
pub(super) struct Naming {
    mentioned: FxHashMap<(KindId, String), u32>,
}

impl Naming {
    /// The name alone for somebody mentioned before, unless it is the name of somebody else too.
    pub(super) fn mention(&mut self, data: &Dataset, kind: KindId, position: u32, lang: Lang) -> String {
        let name = data.kinds.get(kind.index()).map_or("", |subjects| subjects.name(position as usize));
        if !name.is_empty() {
            let first = self.mentioned.entry((kind, name.to_owned()));
            let before = matches!(&first, std::collections::hash_map::Entry::Occupied(_));
            if *first.or_insert(position) == position && before {
                return name.to_owned();
            }
        }
        format_subject(data, kind, position, lang)
    }
}
