//! 示例: small worlds and what must come out of them.
//!
//! Reading order: `world` (subjects and default periods of one fence), `target` (what a name means), `given`, `value`, `expect`.

mod expect;
mod given;
mod target;
mod value;
mod world;

use crate::checker::Checker;
use crate::codes;
use crate::core::{ArticleId, Example};
use hengjie_syntax::Diagnostic;
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
        self.warn_late_given(block);
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

    /// An example is one world: a 设 behind a 得 looks as if it counted only from there on.
    fn warn_late_given(&mut self, block: &ExampleBlock) {
        let Some(first) = block.expectations.iter().map(|expectation| expectation.span).min() else { return };
        let late =
            block.givens.iter().map(|given| given.span).filter(|given| given.start > first.start).min();
        let Some(late) = late else { return };
        self.report(
            Diagnostic::warning(
                codes::EXAMPLE_ORDER,
                late,
                "这一行“设”写在“得”后面，却对整段示例都算数，前面的“得”也用到它",
                "this 设 stands behind a 得, but it counts for the whole example, also for the lines above it",
            )
            .label(first, "第一行“得”", "the first 得")
            .help(
                "移到第一行“得”前面；要另一种情况，就另写一段示例",
                "move it before the first 得, or write another example for another situation",
            ),
        );
    }
}
