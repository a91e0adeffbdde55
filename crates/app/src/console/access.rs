//! The operations of the console, what each needs, and who may do it. What is not declared here does not exist.

use super::refusal::Refusal;
use std::collections::BTreeSet;

/// What a person may be allowed to do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Permission {
    /// 看制度
    ReadPolicies,
    /// 改制度
    EditPolicies,
    /// 看结果
    ReadResults,
    /// 运行
    Compute,
    /// 看资料
    ReadFacts,
    /// 导入资料
    ImportFacts,
    /// 看日志
    ReadLog,
}

impl Permission {
    /// All of them.
    pub const ALL: [Self; 7] = [
        Self::ReadPolicies,
        Self::EditPolicies,
        Self::ReadResults,
        Self::Compute,
        Self::ReadFacts,
        Self::ImportFacts,
        Self::ReadLog,
    ];

    /// Its name in Chinese.
    #[must_use]
    pub fn zh(self) -> &'static str {
        match self {
            Self::ReadPolicies => "看制度",
            Self::EditPolicies => "改制度",
            Self::ReadResults => "看结果",
            Self::Compute => "运行",
            Self::ReadFacts => "看资料",
            Self::ImportFacts => "导入资料",
            Self::ReadLog => "看日志",
        }
    }

    /// Its name in English.
    #[must_use]
    pub fn en(self) -> &'static str {
        match self {
            Self::ReadPolicies => "read policies",
            Self::EditPolicies => "edit policies",
            Self::ReadResults => "read results",
            Self::Compute => "compute",
            Self::ReadFacts => "read facts",
            Self::ImportFacts => "import facts",
            Self::ReadLog => "read the log",
        }
    }
}

/// Whose figures a person may see.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scope {
    /// 仅本人
    Own,
    /// 本机构
    Unit,
    /// 本机构及以下
    UnitAndBelow,
    /// 自定义
    Custom,
    /// 全部
    All,
}

/// Whose figures an operation shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reach {
    /// Nobody's.
    Nobody,
    /// Of the people in the scope of the one who asks. Until there are accounts, results are not narrowed: whoever has less
    /// than 全部 is refused.
    People,
}

macro_rules! operations {
    ($($(#[doc = $doc:literal])* $name:ident = $id:literal needs $permission:ident reaches $reach:ident;)*) => {
        /// Everything that can be done.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub enum Operation { $($(#[doc = $doc])* $name,)* }

        impl Operation {
            /// All of them.
            pub const ALL: &'static [Self] = &[$(Self::$name,)*];

            /// Its name in the API and in the log.
            #[must_use]
            pub fn id(self) -> &'static str {
                match self { $(Self::$name => $id,)* }
            }

            /// What a person needs to do it.
            #[must_use]
            pub fn permission(self) -> Permission {
                match self { $(Self::$name => Permission::$permission,)* }
            }

            /// Whose figures it shows.
            #[must_use]
            pub fn reach(self) -> Reach {
                match self { $(Self::$name => Reach::$reach,)* }
            }
        }
    };
}

operations! {
    /// The documents with their last runs.
    ListDocuments = "list_documents" needs ReadPolicies reaches Nobody;
    /// Adds a document with its facts.
    PutDocument = "put_document" needs EditPolicies reaches Nobody;
    /// A document, article by article.
    ReadDocument = "read_document" needs ReadPolicies reaches Nobody;
    /// Checks a text while it is written.
    CheckDocument = "check_document" needs ReadPolicies reaches Nobody;
    /// Saves a text as the next version.
    SaveDocument = "save_document" needs EditPolicies reaches Nobody;
    /// Two versions side by side.
    CompareVersions = "compare_versions" needs ReadPolicies reaches Nobody;
    /// The health check of a version.
    ExamineDocument = "examine_document" needs ReadPolicies reaches Nobody;
    /// The computations.
    ListRuns = "list_runs" needs ReadResults reaches Nobody;
    /// Starts a computation.
    StartRun = "start_run" needs Compute reaches Nobody;
    /// Writes down how a computation ended.
    EndRun = "end_run" needs Compute reaches Nobody;
    /// A computation: how far it is, or what came of it.
    ReadRun = "read_run" needs ReadResults reaches Nobody;
    /// Stops a computation.
    CancelRun = "cancel_run" needs Compute reaches Nobody;
    /// Computes a run again and compares every byte.
    ReplayRun = "replay_run" needs Compute reaches Nobody;
    /// Compares two runs and finds the cause of every difference.
    CompareRuns = "compare_runs" needs Compute reaches People;
    /// A replay or comparison: how far it is, or what it found.
    ReadJob = "read_job" needs ReadResults reaches People;
    /// Stops a replay or comparison.
    CancelJob = "cancel_job" needs Compute reaches Nobody;
    /// Rows of a result table.
    ReadTable = "read_table" needs ReadResults reaches People;
    /// How the values of a column are distributed.
    ReadDistribution = "read_distribution" needs ReadResults reaches People;
    /// The workbook of a run.
    ExportRun = "export_run" needs ReadResults reaches People;
    /// All figures of a person.
    ReadPerson = "read_person" needs ReadResults reaches People;
    /// Why a figure is what it is.
    ExplainValue = "explain_value" needs ReadResults reaches People;
    /// What a person still needs.
    MeasureDistance = "measure_distance" needs ReadResults reaches People;
    /// What other facts would give.
    TryChanges = "try_changes" needs ReadResults reaches People;
    /// The tables of facts that a document is run on.
    ListFacts = "list_facts" needs ReadFacts reaches Nobody;
    /// Rows of a table of facts.
    ReadFacts = "read_facts" needs ReadFacts reaches People;
    /// Who owns which customer from when to when.
    ReadOwnership = "read_ownership" needs ReadFacts reaches People;
    /// What nobody owns.
    FindUncovered = "find_uncovered" needs ReadFacts reaches People;
    /// Hands a file in.
    HandIn = "hand_in" needs ImportFacts reaches Nobody;
    /// Empty tables to fill in.
    ExportTemplate = "export_template" needs ReadFacts reaches Nobody;
    /// The imports.
    ListImports = "list_imports" needs ReadFacts reaches Nobody;
    /// Starts an import.
    StartImport = "start_import" needs ImportFacts reaches Nobody;
    /// Writes down how an import ended.
    EndImport = "end_import" needs ImportFacts reaches Nobody;
    /// An import: how far it is, or what became of every row.
    ReadImport = "read_import" needs ReadFacts reaches People;
    /// Stops an import.
    CancelImport = "cancel_import" needs ImportFacts reaches Nobody;
    /// The rows that an import did not take.
    ExportRejects = "export_rejects" needs ReadFacts reaches People;
    /// How the files of each source fit.
    ListMappings = "list_mappings" needs ReadFacts reaches Nobody;
    /// Saves how the files of a source fit.
    SaveMapping = "save_mapping" needs ImportFacts reaches Nobody;
    /// Who did what.
    ReadLog = "read_log" needs ReadLog reaches Nobody;
    /// Is the log whole?
    CheckLog = "check_log" needs ReadLog reaches Nobody;
}

/// Who asks.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Actor {
    /// As the log names them.
    pub name: String,
    /// What they may do.
    pub permissions: BTreeSet<Permission>,
    /// Whose figures they may see.
    pub scope: Scope,
}

impl Actor {
    /// Whoever has started the server on this machine: there are no accounts yet.
    #[must_use]
    pub fn owner() -> Self {
        let permissions = Permission::ALL.into_iter().collect();
        Self { name: "本机".to_owned(), permissions, scope: Scope::All }
    }

    /// May this person do it?
    ///
    /// # Errors
    /// [`Refusal::Forbidden`].
    pub fn permit(&self, operation: Operation) -> Result<(), Refusal> {
        let in_scope = operation.reach() == Reach::Nobody || self.scope == Scope::All;
        match self.permissions.contains(&operation.permission()) && in_scope {
            true => Ok(()),
            false => Err(Refusal::Forbidden(operation)),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_operations_are_their_own() {
        let ids: BTreeSet<&str> = Operation::ALL.iter().map(|operation| operation.id()).collect();
        assert_eq!(ids.len(), Operation::ALL.len());
    }

    #[test]
    fn nobody_without_permission_and_nobody_below_all_sees_people() {
        let nobody = Actor { permissions: BTreeSet::new(), ..Actor::owner() };
        let unit = Actor { scope: Scope::Unit, ..Actor::owner() };
        for &operation in Operation::ALL {
            assert!(Actor::owner().permit(operation).is_ok(), "{operation:?}");
            assert!(nobody.permit(operation).is_err(), "{operation:?}");
            assert_eq!(unit.permit(operation).is_ok(), operation.reach() == Reach::Nobody, "{operation:?}");
        }
    }
}
