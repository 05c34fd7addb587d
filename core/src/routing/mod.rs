//! Which location ships which unit, at the least total cost per order.
