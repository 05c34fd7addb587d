//! The solver against brute force and an independent solver, on random problems of the whole model.

mod brute;

mod hostile;
mod milp;
mod random;
mod route;
