// What time it is, as far as the server's word goes: anchored at a `Date` header, ticking on by whichever of the device's two clocks
// went further. What this module must not know: how a header gets here, and what depends on the time.

/** Beyond this the device's two clocks have not just drifted: the device slept, or its clock was set. In milliseconds. */
const JUMP = 5_000;

export class Clock {
  readonly #wall: () => number;
  readonly #steady: () => number;
  #anchor: { server: number; wall: number; steady: number } | undefined;
  #seen: { wall: number; steady: number };

  /** Both in milliseconds: `wall` is the device's clock, which may be set; `steady` never is, but may stand still during sleep. */
  constructor(wall: () => number = Date.now, steady: () => number = () => performance.now()) {
    this.#wall = wall;
    this.#steady = steady;
    this.#seen = { wall: wall(), steady: steady() };
  }

  /** The device's clock, right or wrong. */
  device(): number {
    return this.#wall();
  }

  steady(): number {
    return this.#steady();
  }

  /** The later of two guesses, because a clock that is late promises what cannot be kept. */
  now(): number {
    const anchor = this.#anchor;
    if (!anchor) return this.#wall();
    return anchor.server + Math.max(this.#wall() - anchor.wall, this.#steady() - anchor.steady);
  }

  get source(): "server" | "device" {
    return this.#anchor ? "server" : "device";
  }

  /** The server's clock stands at this moment now. */
  anchor(server: number): void {
    this.#anchor = { server, wall: this.#wall(), steady: this.#steady() };
    this.#seen = this.#anchor;
  }

  /** Whether the device slept or its clock was set since the last anchor or the last call. */
  jumped(): boolean {
    const now = { wall: this.#wall(), steady: this.#steady() };
    const apart = now.wall - this.#seen.wall - (now.steady - this.#seen.steady);
    this.#seen = now;
    return Math.abs(apart) > JUMP;
  }
}
