//! Limits that keep checking bounded in time and memory, whatever the document says.

/// Deepest nesting of an expression, formulas expanded.
pub const EXPRESSION_DEPTH: u32 = 200;

/// Most expression nodes of one document, formulas expanded.
pub const EXPRESSION_NODES: u64 = 500_000;

/// Most attributes of one document, one per grain.
pub const ATTRIBUTES: usize = 20_000;

/// Most items of one 名目; evaluators keep ordinals in 16 bits.
pub const ENUMERATION_ITEMS: usize = 60_000;

/// Most rows of one table in long form.
pub const TABLE_ROWS: usize = 200_000;

/// Most diagnostics of one check; the rest is counted in a last one.
pub const DIAGNOSTICS: usize = 1_000;

/// Findings after which no similar name is looked for.
pub const GUESSES: usize = 100;

/// Names looked at for a similar one.
pub const CANDIDATES: usize = 20_000;

/// Most combinations of conditions looked at when guards are compared.
pub const GUARD_COMBINATIONS: usize = 4_096;

/// Most guarded cases of one name that are compared pair by pair.
pub const GUARDED_CASES: usize = 64;
