// Written by `cargo xtask web` from the Rust types of wit/src/estimate.rs. Not to be edited.
import type { Estimate, Failure, Question } from "./types.js";

export declare function writeQuestion(question: Question): Uint8Array;
export declare function readOutcome(bytes: Uint8Array): { estimate: Estimate } | { failure: Failure };
