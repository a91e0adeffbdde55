//! Strongly connected components, without recursion.

/// Components of a graph given as lists of successors, each after the components it leads to.
pub(crate) fn components(successors: &[Vec<usize>]) -> Vec<Vec<usize>> {
    let mut search = Search {
        successors,
        index: vec![UNSEEN; successors.len()],
        low: vec![0; successors.len()],
        on_stack: vec![false; successors.len()],
        stack: Vec::new(),
        next: 0,
        found: Vec::new(),
    };
    for node in 0..successors.len() {
        if search.index[node] == UNSEEN {
            search.visit(node);
        }
    }
    search.found
}

const UNSEEN: usize = usize::MAX;

/// Tarjan's algorithm with its own stack of (node, next successor).
struct Search<'g> {
    successors: &'g [Vec<usize>],
    index: Vec<usize>,
    low: Vec<usize>,
    on_stack: Vec<bool>,
    stack: Vec<usize>,
    next: usize,
    found: Vec<Vec<usize>>,
}

impl Search<'_> {
    fn visit(&mut self, start: usize) {
        let mut work = vec![(start, 0)];
        self.enter(start);
        while let Some((node, position)) = work.pop() {
            if let Some(&next) = self.successors[node].get(position) {
                work.push((node, position + 1));
                if self.index[next] == UNSEEN {
                    self.enter(next);
                    work.push((next, 0));
                } else if self.on_stack[next] {
                    self.low[node] = self.low[node].min(self.index[next]);
                }
                continue;
            }
            self.leave(node);
            if let Some(&(parent, _)) = work.last() {
                self.low[parent] = self.low[parent].min(self.low[node]);
            }
        }
    }

    fn enter(&mut self, node: usize) {
        self.index[node] = self.next;
        self.low[node] = self.next;
        self.next += 1;
        self.stack.push(node);
        self.on_stack[node] = true;
    }

    fn leave(&mut self, node: usize) {
        if self.low[node] != self.index[node] {
            return;
        }
        let mut component = Vec::new();
        while let Some(member) = self.stack.pop() {
            self.on_stack[member] = false;
            component.push(member);
            if member == node {
                break;
            }
        }
        component.reverse();
        self.found.push(component);
    }
}

/// A shortest way round from `start` back to itself inside a component; the nodes in order, `start` first.
pub(crate) fn cycle_through(successors: &[Vec<usize>], component: &[usize], start: usize) -> Vec<usize> {
    let mut inside = vec![false; successors.len()];
    component.iter().for_each(|&node| inside[node] = true);
    let mut before = vec![UNSEEN; successors.len()];
    let mut queue = std::collections::VecDeque::from([start]);
    while let Some(node) = queue.pop_front() {
        for &next in &successors[node] {
            if next == start {
                let mut path = vec![node];
                let mut at = node;
                while at != start {
                    at = before[at];
                    path.push(at);
                }
                path.reverse();
                return path;
            }
            if inside[next] && before[next] == UNSEEN {
                before[next] = node;
                queue.push_back(next);
            }
        }
    }
    vec![start]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn components_come_after_what_they_lead_to() {
        let graph = vec![vec![1], vec![2], vec![1, 3], vec![]];
        assert_eq!(components(&graph), vec![vec![3], vec![1, 2], vec![0]]);
        assert_eq!(cycle_through(&graph, &[1, 2], 2), vec![2, 1]);
    }

    #[test]
    fn long_chains_need_no_stack() {
        let graph: Vec<Vec<usize>> =
            (0..100_000).map(|node| if node < 99_999 { vec![node + 1] } else { vec![] }).collect();
        assert_eq!(components(&graph).len(), 100_000);
    }
}
