//! What may come back, how, for how much and where to.
