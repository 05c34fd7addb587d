// Draws how a parcel is packed, and says the same in words. Knows neither prices nor plugins.

import type { Parcel } from "../api/types.ts";
import { h, svg, uniqueId } from "../dom.ts";
import { plural, sides, weight } from "../format.ts";
import { faces, paintOrder, type Box, type Point } from "./geometry.ts";

/** The style sheet has so many colours for lines; the next line begins again with the first. */
const COLOURS = 8;
/** More boxes than this are a grey mass: the rest is only told in words. */
const MOST_DRAWN = 240;

/** The class of a line's colour, the same in every parcel of an order. */
export function colour(line: number): string {
  return `line-${(line % COLOURS) + 1}`;
}

function path(points: readonly Point[]): string {
  return `M${points.map(({ x, y }) => `${x.toFixed(1)} ${y.toFixed(1)}`).join("L")}Z`;
}

function boxesOf(parcel: Parcel): Box[] {
  return parcel.placements.slice(0, MOST_DRAWN).map(({ x, y, z, size }) => ({ x, y, z, ...size }));
}

/** What is in a parcel, in words: `1 × Two-person tent, 2 × Cup`. */
export function contents(parcel: Parcel, names: readonly string[]): string {
  return parcel.contents.map(({ line, quantity }) => `${quantity} × ${names[line] ?? `line ${line + 1}`}`).join(", ");
}

/** `names` are those of the order's lines, in its order. `number` counts the parcels of one option from 1. */
export function packedParcel(parcel: Parcel, number: number, of: number, names: readonly string[], from: string): HTMLElement {
  const caption = uniqueId("parcel");
  const heading = of === 1 ? "How it is packed" : `Parcel ${number} of ${of}`;
  const units = parcel.contents.reduce((sum, { quantity }) => sum + quantity, 0);
  const box = parcel.packaging === "" ? "In its own packaging" : `Box ${parcel.packaging.replaceAll("x", " × ")}`;
  return h(
    "figure",
    { class: "parcel", "data-testid": "parcel" },
    drawing(parcel, `${heading}: ${contents(parcel, names)}.`, caption),
    h(
      "figcaption",
      { id: caption },
      h("strong", {}, heading),
      h("p", {}, `${box}, ${sides(parcel.size)}, ${weight(parcel.weight)}, from ${from}. ${plural(units, "unit")}:`),
      h(
        "ul",
        { class: "legend" },
        parcel.contents.map(({ line, quantity }) =>
          h(
            "li",
            {},
            h("span", { class: `swatch ${colour(line)}`, "aria-hidden": "true" }),
            `${quantity} × ${names[line] ?? `line ${line + 1}`}`,
            h("span", { class: "muted" }, places(parcel, line)),
          ),
        ),
      ),
      parcel.placements.length > MOST_DRAWN && h("p", { class: "muted" }, `The picture shows the first ${MOST_DRAWN} units.`),
    ),
  );
}

/** Where the units of a line lie, for those who do not see the picture. */
function places(parcel: Parcel, line: number): string {
  const own = parcel.placements.filter((placement) => placement.line === line);
  const first = own[0];
  if (first === undefined) return " (size not known)";
  const lowest = Math.min(...own.map(({ z }) => z));
  return lowest === 0 ? " on the floor" : ` from ${Math.round(lowest / 10)} cm up`;
}

function drawing(parcel: Parcel, label: string, describedBy: string): SVGElement {
  const { length, width, height } = parcel.size;
  const shell: Box = { x: 0, y: 0, z: 0, length, width, height };
  const outside = faces(shell);
  const corners = [...outside.top, ...outside.right, ...outside.left];
  const [left, right] = [Math.min(...corners.map(({ x }) => x)), Math.max(...corners.map(({ x }) => x))];
  const [top, bottom] = [Math.min(...corners.map(({ y }) => y)), Math.max(...corners.map(({ y }) => y))];
  const margin = (right - left) * 0.03;
  const viewBox = [left - margin, top - margin, right - left + 2 * margin, bottom - top + 2 * margin]
    .map((value) => value.toFixed(1))
    .join(" ");
  const boxes = boxesOf(parcel);
  // Behind the goods: the box's floor and its two far walls. In front: the edges of the near ones, so that one looks into it.
  const floor = faces({ ...shell, height: 0 }).top;
  const farRight = faces({ ...shell, width: 0 }).left;
  const farLeft = faces({ ...shell, length: 0 }).right;
  return svg(
    "svg",
    { viewBox, role: "img", "aria-label": label, "aria-describedby": describedBy, class: "packed", preserveAspectRatio: "xMidYMid meet" },
    svg(
      "g",
      { class: "carton" },
      [floor, farRight, farLeft].map((face) => svg("path", { d: path(face) })),
    ),
    paintOrder(boxes).map((index) => {
      const box = boxes[index];
      const placement = parcel.placements[index];
      if (box === undefined || placement === undefined) return null;
      const seen = faces(box);
      return svg(
        "g",
        { class: `goods ${colour(placement.line)}` },
        svg("path", { d: path(seen.left), class: "left" }),
        svg("path", { d: path(seen.right), class: "right" }),
        svg("path", { d: path(seen.top), class: "top" }),
      );
    }),
    svg(
      "g",
      { class: "edges" },
      [outside.right, outside.left].map((face) => svg("path", { d: path(face) })),
    ),
  );
}
