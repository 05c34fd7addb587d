//! Sine and cosine of the angles that two places on the globe can make, bit for bit as `libm` has them.
//!
//! `libm` reduces arguments of any size, which takes code and tables for numbers like 10^300; the angles of [`crate::geo`] are whole
//! micro-degrees from 0 to half a turn. A test asks for every one of them.
//!
//! What this module must not know: the globe.

/// The top 33 bits of a quarter turn, and the rest of it.
const QUARTER: (f64, f64) = (1.570_796_326_734_125_6, 6.077_100_506_506_192e-11);

/// What a quarter turn has more than the number nearest to it, which two parts are too coarse for.
const MISSING: f64 = 6.123_233_995_736_766e-17;

/// An angle from 0 to half a turn (both included) as the nearest number of quarter turns and what is beyond it, in two parts.
fn reduced(angle: f64) -> (u32, f64, f64) {
    // As libm does, by the upper half of the number: a little beyond an eighth and three eighths of a turn.
    let quarters = match (angle.to_bits() >> 32) as u32 {
        0..=0x3fe9_21fb => return (0, angle, 0.0),
        0x3fe9_21fc..=0x4002_d97c => 1.0,
        _ => 2.0,
    };
    if angle == quarters * core::f64::consts::FRAC_PI_2 {
        return (quarters as u32, -quarters * MISSING, 0.0);
    }
    let near = angle - quarters * QUARTER.0;
    let rest = quarters * QUARTER.1;
    let beyond = near - rest;
    (quarters as u32, beyond, (near - beyond) - rest)
}

/// Up to an eighth of a turn, by the minimax polynomial of degree 13 of FreeBSD's msun.
fn small_sin(x: f64, tail: f64) -> f64 {
    const THIRD: f64 = -1.666_666_666_666_663_2e-1;
    let square = x * x;
    let high = 8.333_333_333_322_49e-3
        + square * (-1.984_126_982_985_795e-4 + square * 2.755_731_370_707_006_8e-6)
        + square * (square * square) * (-2.505_076_025_340_686_3e-8 + square * 1.589_690_995_211_55e-10);
    let cube = square * x;
    if tail == 0.0 {
        return x + cube * (THIRD + square * high);
    }
    x - ((square * (0.5 * tail - cube * high) - tail) - cube * THIRD)
}

/// Up to an eighth of a turn, by the minimax polynomial of degree 14 of FreeBSD's msun.
fn small_cos(x: f64, tail: f64) -> f64 {
    let square = x * x;
    let fourth = square * square;
    let high = square
        * (4.166_666_666_666_66e-2 + square * (-1.388_888_888_887_411e-3 + square * 2.480_158_728_947_673e-5))
        + fourth
            * fourth
            * (-2.755_731_435_139_066_3e-7
                + square * (2.087_572_321_298_175e-9 + square * -1.135_964_755_778_819_5e-11));
    let half = 0.5 * square;
    let whole = 1.0 - half;
    whole + (((1.0 - whole) - half) + (square * high - x * tail))
}

/// Of an angle from 0 to half a turn.
pub(crate) fn sin(angle: f64) -> f64 {
    match reduced(angle) {
        (0, x, tail) => small_sin(x, tail),
        (1, x, tail) => small_cos(x, tail),
        (_, x, tail) => -small_sin(x, tail),
    }
}

/// Of an angle from 0 to half a turn.
pub(crate) fn cos(angle: f64) -> f64 {
    match reduced(angle) {
        (0, x, tail) => small_cos(x, tail),
        (1, x, tail) => -small_sin(x, tail),
        (_, x, tail) => -small_cos(x, tail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// As [`crate::geo`] makes them: of a latitude's micro-degrees, and of half a difference.
    fn check(micro_degrees: u32) {
        let angle = f64::from(micro_degrees) * (core::f64::consts::PI / 180e6);
        assert_eq!(sin(angle / 2.0).to_bits(), libm::sin(angle / 2.0).to_bits(), "half of {micro_degrees}");
        if micro_degrees <= 90_000_000 {
            assert_eq!(cos(angle).to_bits(), libm::cos(angle).to_bits(), "{micro_degrees}");
        }
    }

    #[test]
    fn many_angles_are_those_of_libm() {
        (0..=360_000_000).step_by(997).for_each(check);
        for around in [0, 45_000_000, 90_000_000, 135_000_000, 180_000_000, 270_000_000, 360_000_000u32] {
            (around.saturating_sub(100_000)..=(around + 100_000).min(360_000_000)).for_each(check);
        }
    }

    #[test]
    #[ignore = "takes half a minute: all 450 million angles there are"]
    fn all_angles_are_those_of_libm() {
        (0..=360_000_000).for_each(check);
    }
}
