import assert from "node:assert/strict";
import { test } from "node:test";
import { Clock } from "../src/clock.js";

function clocks() {
  const device = { wall: 1_000_000, steady: 0, pass: (ms: number) => ((device.wall += ms), (device.steady += ms)) };
  return { device, clock: new Clock(() => device.wall, () => device.steady) };
}

test("without a word from the server the device's clock is told, and it says so", () => {
  const { clock } = clocks();
  assert.equal(clock.now(), 1_000_000);
  assert.equal(clock.source, "device");
});

test("a device whose clock is wrong by a day tells the server's time, and it ticks on", () => {
  const { clock, device } = clocks();
  clock.anchor(1_000_000 + 86_400_000);
  device.pass(90_000);
  assert.equal(clock.now(), 1_000_000 + 86_400_000 + 90_000);
  assert.equal(clock.source, "server");
});

test("during sleep the steady clock may stand still; the time went on all the same", () => {
  const { clock, device } = clocks();
  clock.anchor(5_000_000);
  device.wall += 7_200_000;
  assert.equal(clock.now(), 12_200_000);
  assert.equal(clock.jumped(), true);
  assert.equal(clock.jumped(), false);
});

test("a device's clock that is set back does not give time back", () => {
  const { clock, device } = clocks();
  clock.anchor(5_000_000);
  device.steady += 60_000;
  device.wall -= 86_400_000;
  assert.equal(clock.now(), 5_060_000);
  assert.equal(clock.jumped(), true);
});

test("drift is no jump", () => {
  const { clock, device } = clocks();
  clock.anchor(5_000_000);
  device.pass(30_000);
  device.wall += 800;
  assert.equal(clock.jumped(), false);
});
