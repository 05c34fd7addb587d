//! What a record keeps, hides, gives back and survives; what the recorder loses (nothing, below its bounds).

mod comparing;
mod recording;
mod reporting;
mod samples;
mod sealing;
