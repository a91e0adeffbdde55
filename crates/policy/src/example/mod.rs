//! 示例: small worlds and what must come out of them.
//!
//! Reading order: `world` (subjects and default periods of one fence), `target` (what a name means), `given`, `value`, `expect`.

mod expect;
mod given;
mod target;
mod value;
mod world;

use crate::checker::Checker;
use crate::core::{ArticleId, Example};
use hengjie_syntax::ast::{Block, ExampleBlock};
use world::World;

impl<'a> Checker<'a> {
    /// All example fences.
    pub(crate) fn read_examples(&mut self) {
        let document = self.document;
        for (position, section) in document.sections.iter().enumerate() {
            let article = ArticleId(crate::checker::count(position));
            for block in &section.blocks {
                if let Block::Examples(block) = block {
                    self.read_example(block, article);
                }
            }
        }
    }

    fn read_example(&mut self, block: &'a ExampleBlock, article: ArticleId) {
        let mut world = World::default();
        self.gather(&mut world, block);
        let mut givens = Vec::new();
        for given in &block.givens {
            self.read_given(&mut world, given, &mut givens);
        }
        let mut expectations = Vec::new();
        for expectation in &block.expectations {
            self.read_expectation(&mut world, expectation, &mut expectations);
        }
        world.add_missing_subjects(&mut givens);
        self.examples.push(Example { article, givens, expectations, span: block.span });
    }
}
