// The picture of a parcel: nearer goods are painted over farther ones.

import assert from "node:assert/strict";
import { test } from "node:test";
import { faces, inFront, paintOrder, project, type Box } from "../src/parcel/geometry.ts";

const box = (x: number, y: number, z: number, length = 10, width = 10, height = 10): Box => ({ x, y, z, length, width, height });

test("up is up, and both far ends of the floor come down towards the eye", () => {
  assert.ok(project(0, 0, 10).y < project(0, 0, 0).y);
  assert.ok(project(10, 0, 0).x > 0 && project(10, 0, 0).y > 0);
  assert.ok(project(0, 10, 0).x < 0 && project(0, 10, 0).y > 0);
});

test("the three faces that are seen share the corner nearest to the eye", () => {
  const { top, right, left } = faces(box(0, 0, 0));
  const nearest = project(10, 10, 10);
  for (const face of [top, right, left]) assert.ok(face.some(({ x, y }) => x === nearest.x && y === nearest.y));
});

test("what lies on something, or before it, is painted after it", () => {
  const boxes = [box(0, 0, 10), box(10, 0, 0), box(0, 0, 0), box(0, 10, 0)];
  const order = paintOrder(boxes);
  for (const front of [0, 1, 3]) assert.ok(order.indexOf(2) < order.indexOf(front), `${front} hides the farthest`);
});

/** A box cut in two again and again: a packing without gaps, in which everything touches. */
function split(parts: number, random: () => number): Box[] {
  const boxes = [box(0, 0, 0, 400, 300, 200)];
  while (boxes.length < parts) {
    const index = Math.floor(random() * boxes.length);
    const [whole] = boxes.splice(index, 1);
    if (whole === undefined) break;
    const [from, size] = (
      [
        ["x", "length"],
        ["y", "width"],
        ["z", "height"],
      ] as const
    )[Math.floor(random() * 3)] ?? ["x", "length"];
    const cut = Math.max(1, Math.floor(whole[size] * (0.2 + 0.6 * random())));
    boxes.push({ ...whole, [size]: cut }, { ...whole, [from]: whole[from] + cut, [size]: whole[size] - cut });
  }
  return boxes;
}

test("in packings without gaps, no box is ever painted before one that it hides", () => {
  let seed = 7;
  const random = (): number => {
    seed = (seed * 48_271) % 2_147_483_647;
    return seed / 2_147_483_647;
  };
  let pairs = 0;
  for (let round = 0; round < 200; round += 1) {
    const boxes = split(2 + (round % 40), random);
    const order = paintOrder(boxes);
    assert.deepEqual(
      [...order].sort((a, b) => a - b),
      boxes.map((_, index) => index),
    );
    const rank = new Map(order.map((index, at) => [index, at]));
    boxes.forEach((one, a) =>
      boxes.forEach((other, b) => {
        if (a === b || !inFront(one, other) || inFront(other, one)) return;
        pairs += 1;
        assert.ok((rank.get(b) ?? 0) < (rank.get(a) ?? 0), `round ${round}: ${b} before ${a}`);
      }),
    );
  }
  assert.ok(pairs > 10_000);
});
