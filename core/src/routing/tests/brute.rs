//! Every assignment of small problems, priced by the checker.

use super::random::{With, small};
use crate::routing::checker::check;
use crate::routing::problem::{Problem, Take};
use crate::routing::solve::{Effort, solve};
use alloc::vec::Vec;

/// The cheapest total, by trying everything that is allowed.
fn brute(problem: &Problem) -> i64 {
    fn go(problem: &Problem, at: usize, left: u32, takes: &mut Vec<Take>, best: &mut i64) {
        let width = problem.sources.len();
        let (item, source) = (at / width, at % width);
        if item == problem.items.len() {
            if let Ok(total) = check(problem, takes) {
                *best = total.min(*best);
            }
            return;
        }
        let left = if source == 0 { problem.items[item].quantity } else { left };
        // Nothing is shipped where that alone costs more than not shipping.
        let dear = problem.costs[at] > problem.items[item].backorder;
        let most = if dear { 0 } else { problem.stock[at].min(left) };
        for units in 0..=most {
            if units > 0 {
                takes.push(Take { source: source as u32, item: item as u32, units });
            }
            go(problem, at + 1, left - units, takes, best);
            if units > 0 {
                takes.pop();
            }
        }
    }
    let mut best = i64::MAX;
    go(problem, 0, 0, &mut Vec::new(), &mut best);
    best
}

fn agree(problem: &Problem, seed: u64) {
    let solution = solve(problem, Effort { steps: 50_000_000 }).unwrap();
    assert_eq!(check(problem, &solution.takes), Ok(solution.total), "seed {seed}: {problem:#?}");
    assert_eq!(solution.total, brute(problem), "seed {seed}: {solution:?} {problem:#?}");
    assert_eq!(solution.bound, solution.total, "seed {seed} is not proven: {problem:#?}");
}

#[test]
fn small_problems_are_solved_to_the_optimum_that_brute_force_finds() {
    for seed in 0..4_000 {
        agree(&small(seed, 3, 4, 3, With { freight: false, capacities: false }), seed);
    }
    for seed in 4_000..4_200 {
        agree(&small(seed, 2, 6, 3, With { freight: false, capacities: false }), seed);
    }
}

#[test]
fn with_unit_capacities_and_groups_too() {
    for seed in 10_000..12_500 {
        agree(&small(seed, 3, 4, 3, With { freight: false, capacities: true }), seed);
    }
}

#[test]
fn with_freight_by_weight_breaks_too() {
    for seed in 20_000..22_500 {
        agree(&small(seed, 4, 3, 3, With { freight: true, capacities: false }), seed);
    }
}

#[test]
fn with_everything_at_once_too() {
    for seed in 30_000..32_500 {
        agree(&small(seed, 4, 3, 3, With { freight: true, capacities: true }), seed);
    }
}

#[test]
fn whatever_the_effort_the_bound_is_below_the_optimum_and_the_answer_is_sound() {
    for seed in 0..500 {
        let problem = small(seed, 3, 3, 2, With { freight: seed % 2 == 0, capacities: seed % 3 == 0 });
        let best = brute(&problem);
        for steps in [0, 1, 10, 30, 100, 1_000] {
            let solution = solve(&problem, Effort { steps }).unwrap();
            assert_eq!(check(&problem, &solution.takes), Ok(solution.total));
            assert!(solution.bound <= best && best <= solution.total, "seed {seed}, {steps} steps: {solution:?}");
            assert!(solution.bound >= 0, "seed {seed}, {steps} steps: {solution:?}");
        }
    }
}
