// How a packed parcel looks from above one corner: isometric projection, and the order in which items must be painted so that nearer
// ones hide farther ones. Pure numbers; knows neither SVG nor the API.

export interface Box {
  readonly x: number;
  readonly y: number;
  readonly z: number;
  readonly length: number;
  readonly width: number;
  readonly height: number;
}

export interface Point {
  readonly x: number;
  readonly y: number;
}

const COS = Math.cos(Math.PI / 6);
const SIN = Math.sin(Math.PI / 6);

/** On the page, x to the right and y down. The eye is beyond the far ends of x and y, above. */
export function project(x: number, y: number, z: number): Point {
  return { x: (x - y) * COS, y: (x + y) * SIN - z };
}

export interface Faces {
  readonly top: readonly Point[];
  /** Towards the end of x: on the page at the right. */
  readonly right: readonly Point[];
  /** Towards the end of y: on the page at the left. */
  readonly left: readonly Point[];
}

/** The three faces that can be seen. */
export function faces({ x, y, z, length, width, height }: Box): Faces {
  const [x2, y2, z2] = [x + length, y + width, z + height];
  return {
    top: [project(x, y, z2), project(x2, y, z2), project(x2, y2, z2), project(x, y2, z2)],
    right: [project(x2, y, z2), project(x2, y2, z2), project(x2, y2, z), project(x2, y, z)],
    left: [project(x, y2, z2), project(x2, y2, z2), project(x2, y2, z), project(x, y2, z)],
  };
}

/** Whether `a` can hide a part of `b`: it lies wholly beyond `b` in the eye's direction along some side. */
export function inFront(a: Box, b: Box): boolean {
  return a.x >= b.x + b.length || a.y >= b.y + b.width || a.z >= b.z + b.height;
}

/**
 * Indexes in the order of painting, farthest first. Boxes that do not overlap in space can only be in a circle of hiding one another in
 * rare arrangements of three or more; one of them is then painted a little wrong, and nothing else happens.
 */
export function paintOrder(boxes: readonly Box[]): number[] {
  const order: number[] = [];
  const state = new Uint8Array(boxes.length);
  const visit = (index: number): void => {
    if (state[index] !== 0) return;
    state[index] = 1;
    const box = boxes[index];
    if (box !== undefined) {
      boxes.forEach((other, at) => {
        if (at !== index && inFront(box, other) && !inFront(other, box)) visit(at);
      });
    }
    order.push(index);
  };
  // Starting with the lowest and farthest keeps the order stable where nothing hides anything.
  const starts = boxes.map((_, index) => index).sort((a, b) => depth(boxes[a]) - depth(boxes[b]));
  for (const index of starts) visit(index);
  return order;
}

function depth(box: Box | undefined): number {
  return box === undefined ? 0 : box.x + box.y + box.z;
}
