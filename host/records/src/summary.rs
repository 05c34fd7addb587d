//! What of an answer stays readable for statistics.
