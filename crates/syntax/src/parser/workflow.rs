//! Workflows: 流程 with 步 and 终.

use super::{Parsed, Parser};
use crate::ast::{EndDecl, StatementKind, StepDecl, WorkflowDecl};
use crate::keywords::Keyword;
use crate::tree::SyntaxKind as K;

enum WorkflowItem {
    Step(StepDecl),
    End(EndDecl),
}

impl Parser<'_> {
    /// `流程 NAME 对 ctx 起于 expr` with its steps and ends.
    pub(super) fn workflow_statement(&mut self) -> Option<StatementKind> {
        let head = self.line(|p| {
            p.head_word();
            let name = p.name("流程名", "the name of the workflow")?;
            p.expect_word(Keyword::For)?;
            let context = p.context()?;
            p.expect_word(Keyword::Starts)?;
            Ok((name, context, p.collection()?))
        });
        let items = self.items(K::Item, Self::workflow_item);
        let (name, context, starts) = head?;
        let mut workflow = WorkflowDecl { name, context, starts, steps: Vec::new(), ends: Vec::new() };
        for item in items {
            match item {
                WorkflowItem::Step(step) => workflow.steps.push(step),
                WorkflowItem::End(end) => workflow.ends.push(end),
            }
        }
        Some(StatementKind::Workflow(workflow))
    }

    fn workflow_item(&mut self) -> Parsed<WorkflowItem> {
        let start = self.start();
        if self.eat_word(Keyword::Step) {
            self.step(start).map(WorkflowItem::Step)
        } else if self.eat_word(Keyword::Finish) {
            self.finish_line(start).map(WorkflowItem::End)
        } else {
            self.fail_expected("“步”或“终”", "“step” or “finish”")
        }
    }

    fn step(&mut self, start: u32) -> Parsed<StepDecl> {
        let mut step = StepDecl {
            name: self.name("步骤名", "the name of the step")?,
            by: Vec::new(),
            all_sign: false,
            majority: false,
            deliver: Vec::new(),
            limit: None,
            times: None,
            outcomes: Vec::new(),
            span: self.since(start),
        };
        while let Some(word) = self.word() {
            match word {
                Keyword::By => {
                    self.bump_as(K::Keyword);
                    step.by = self.names("办理的角色", "who does the step")?;
                }
                Keyword::AllSign => step.all_sign = self.eat_word(word),
                Keyword::Majority => step.majority = self.eat_word(word),
                Keyword::Deliver => {
                    self.bump_as(K::Keyword);
                    step.deliver = self.names("要交的表单", "a form to deliver")?;
                }
                Keyword::Limit => {
                    self.bump_as(K::Keyword);
                    let length = self.path()?;
                    let from = if self.eat_word(Keyword::From) { Some(self.path()?) } else { None };
                    step.limit = Some((length, from));
                }
                Keyword::Only => {
                    self.bump_as(K::Keyword);
                    step.times = Some(self.number("次数，如 1次", "how many times, such as 1次")?);
                }
                Keyword::Outcome => {
                    self.bump_as(K::Keyword);
                    step.outcomes = self.alternatives("一种结果", "an outcome")?;
                }
                _ => break,
            }
        }
        step.span = self.since(start);
        Ok(step)
    }

    /// `终 NAME [记 path = value [自 expr]]`
    fn finish_line(&mut self, start: u32) -> Parsed<EndDecl> {
        let name = self.name("结束的名称", "the name of the end")?;
        let record = if self.eat_word(Keyword::Record) {
            let fact = self.path()?;
            self.expect(K::Equal, "=")?;
            let value = self.sum()?;
            let from = if self.eat_word(Keyword::From) { Some(self.sum()?) } else { None };
            Some((fact, value, from))
        } else {
            None
        };
        Ok(EndDecl { name, record, span: self.since(start) })
    }
}
