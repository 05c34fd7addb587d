//! The same problems as mixed-integer programs, solved by `microlp`, which shares nothing with this solver.

#![allow(clippy::cast_precision_loss)] // figures of small problems

use super::random::{With, shop, small};
use crate::routing::checker::check;
use crate::routing::problem::Problem;
use crate::routing::solve::{Effort, solve};
use alloc::vec::Vec;
use microlp::{ComparisonOp, OptimizationDirection, Problem as Program, Variable};

/// The cheapest total. Without dangerous goods: those would need a table of their own.
fn optimum(problem: &Problem) -> i64 {
    let mut program = Program::new(OptimizationDirection::Minimize);
    let width = problem.sources.len();
    let money = |amount: i64| amount as f64;
    let integer = |program: &mut Program, cost: i64, most: u32| program.add_integer_var(money(cost), (0, most as i32));
    let opened: Vec<Variable> =
        problem.sources.iter().map(|source| integer(&mut program, source.fixed + problem.split, 1)).collect();
    // Nothing shipped at all: then there is no first shipment whose penalty would come back.
    let first = integer(&mut program, -problem.split, 1);
    let mut rebate = opened.iter().map(|opened| (*opened, -1.0)).collect::<Vec<_>>();
    rebate.push((first, 1.0));
    program.add_constraint(&rebate, ComparisonOp::Le, 0.0);
    if let Some(most) = problem.most_shipments {
        let all: Vec<_> = opened.iter().map(|opened| (*opened, 1.0)).collect();
        program.add_constraint(&all, ComparisonOp::Le, f64::from(most));
    }
    let mut units: Vec<Vec<(Variable, usize)>> = alloc::vec![Vec::new(); width];
    for (index, item) in problem.items.iter().enumerate() {
        let short = integer(&mut program, item.backorder, item.quantity);
        let first = integer(&mut program, -problem.spread, 1);
        let mut sum = alloc::vec![(short, 1.0)];
        let mut rebate = alloc::vec![(first, 1.0)];
        for source in 0..width {
            let most = problem.most(index, source);
            if most == 0 || problem.cost(index, source) > item.backorder {
                continue;
            }
            let taken = integer(&mut program, problem.cost(index, source), most);
            let from = integer(&mut program, problem.spread, 1);
            program.add_constraint([(taken, 1.0), (from, -f64::from(most))], ComparisonOp::Le, 0.0);
            program.add_constraint([(from, 1.0), (opened[source], -1.0)], ComparisonOp::Le, 0.0);
            sum.push((taken, 1.0));
            rebate.push((from, -1.0));
            units[source].push((taken, index));
        }
        program.add_constraint(&sum, ComparisonOp::Eq, f64::from(item.quantity));
        program.add_constraint(&rebate, ComparisonOp::Le, 0.0);
    }
    for (index, source) in problem.sources.iter().enumerate() {
        if let Some(capacity) = source.unit_capacity {
            let picks: Vec<_> =
                units[index].iter().map(|(taken, item)| (*taken, f64::from(problem.items[*item].picks))).collect();
            program.add_constraint(&picks, ComparisonOp::Le, f64::from(capacity));
        }
        if let Some(freight) = source.freight {
            let mut one = alloc::vec![(opened[index], -1.0)];
            let mut mass: Vec<_> =
                units[index].iter().map(|(taken, item)| (*taken, problem.items[*item].grams as f64)).collect();
            for step in &problem.freights[freight as usize].plain {
                let chosen = integer(&mut program, step.price, 1);
                one.push((chosen, 1.0));
                mass.push((chosen, -(step.up_to as f64)));
            }
            program.add_constraint(&one, ComparisonOp::Eq, 0.0);
            program.add_constraint(&mass, ComparisonOp::Le, 0.0);
        }
    }
    libm::round(program.solve().expect("everything may be backordered").objective()) as i64
}

fn agree(problem: &Problem, seed: u64) {
    let solution = solve(problem, Effort { steps: 50_000_000 }).unwrap();
    assert_eq!(check(problem, &solution.takes), Ok(solution.total));
    assert_eq!(solution.bound, solution.total, "seed {seed} is not proven");
    assert_eq!(solution.total, optimum(problem), "seed {seed}: {problem:#?}");
}

#[test]
fn problems_as_shops_have_them_are_solved_to_the_optimum_of_an_independent_solver() {
    for seed in 0..120 {
        agree(&shop(seed, 4 + seed as usize % 4, 8 + seed as usize % 7, 30 + seed % 5 * 15, 1 + seed % 2 * 4), seed);
    }
}

#[test]
fn with_freight_capacities_groups_and_limits_too() {
    for seed in 50_000..50_300 {
        let with = With { freight: seed % 2 == 0, capacities: seed % 3 > 0 };
        let mut problem = small(seed, 5, 6, 4, with);
        problem.items.iter_mut().for_each(|item| item.hazardous = false);
        agree(&problem, seed);
    }
}
