// The binary form of questions and answers, as wit/src/wire.rs defines it: varints, lengths before texts and lists, a byte before an
// option. What the types look like comes from `generated/shapes.ts`, which is written from the Rust types.
//
// What this module must not know: what a question is about.

import { shapes } from "./generated/shapes.js";
import type { Estimate, Failure, Question } from "./generated/types.js";

const encoder = new TextEncoder();
const decoder = new TextDecoder();
const DAY_MILLISECONDS = 86_400_000;

/** A value that does not fit the type it is given for; `field` is a JSON pointer. */
export class Unwritable extends Error {
  constructor(
    readonly field: string,
    readonly value: unknown,
    readonly remedy: string,
  ) {
    super(`${field || "the question"} is ${String(JSON.stringify(value)).slice(0, 100)}; give ${remedy}`);
  }
}

class Writer {
  readonly bytes: number[] = [];

  unsigned(value: number): void {
    // Beyond 31 bits JavaScript's shifts lie, so larger numbers are divided.
    while (value >= 0x80) {
      this.bytes.push((value % 0x80) | 0x80);
      value = Math.floor(value / 0x80);
    }
    this.bytes.push(value);
  }

  /** Zigzag; exact for all integers within `Number.MAX_SAFE_INTEGER / 2`, and no figure of the contract is larger. */
  signed(value: number): void {
    this.unsigned(value < 0 ? -2 * value - 1 : 2 * value);
  }

  write(shape: string, value: unknown, field: string, yes?: 1): void {
    const wrong = (remedy: string): never => {
      throw new Unwritable(field, value, remedy);
    };
    if (shape.startsWith("?")) {
      const there = value !== undefined && value !== null;
      this.bytes.push(there ? 1 : 0);
      if (there) this.write(shape.slice(1), value, field);
    } else if (shape.startsWith("[]")) {
      const list = value ?? [];
      if (!Array.isArray(list)) return wrong("a list");
      this.unsigned(list.length);
      for (const [index, item] of list.entries()) this.write(shape.slice(2), item, `${field}/${index}`);
    } else if (shape === "u" || shape === "i") {
      const number = value ?? 0;
      const least = shape === "u" ? 0 : -Number.MAX_SAFE_INTEGER / 2;
      const most = shape === "u" ? 0xffff_ffff : Number.MAX_SAFE_INTEGER / 2;
      if (typeof number !== "number" || !Number.isInteger(number) || number < least || number > most) {
        return wrong("a whole number" + (shape === "u" ? " from 0 to 4294967295" : "; money is in minor units"));
      }
      if (shape === "u") this.unsigned(number);
      else this.signed(number);
    } else if (shape === "b") {
      const truth = value ?? yes === 1;
      if (typeof truth !== "boolean") return wrong("true or false");
      this.bytes.push(truth ? 1 : 0);
    } else if (shape === "s") {
      // Half a character would become another one on its way; the server refuses it in JSON, too.
      if (typeof value !== "string" || /\p{Cs}/u.test(value)) return wrong("a text");
      const text = encoder.encode(value);
      this.unsigned(text.length);
      for (const byte of text) this.bytes.push(byte);
    } else if (shape === "@") {
      const time = typeof value === "string" ? Date.parse(value) : Number.NaN;
      if (Number.isNaN(time)) return wrong('a timestamp such as "2026-11-21T15:00:00Z"');
      this.signed(Math.floor(time / 1000));
    } else {
      this.record(shape, value, field);
    }
  }

  private record(name: string, value: unknown, field: string): void {
    const shape = shapes[name] ?? [];
    if (typeof shape[0] === "string") {
      const at = (shape as readonly string[]).indexOf((value ?? shape[0]) as string);
      if (at < 0) throw new Unwritable(field, value, `one of ${shape.join(", ")}`);
      this.bytes.push(at);
      return;
    }
    if (typeof value !== "object" || value === null) throw new Unwritable(field, value, "an object");
    for (const [key, of, yes] of shape as readonly (readonly [string, string, 1?])[]) {
      this.write(of, (value as Record<string, unknown>)[key], `${field}/${key}`, yes);
    }
  }
}

class Reader {
  private at = 0;

  constructor(private readonly bytes: Uint8Array) {}

  byte(): number {
    const byte = this.bytes[this.at++];
    if (byte === undefined) throw new RangeError("the answer is cut");
    return byte;
  }

  private unsigned(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.byte();
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }

  private signed(): number {
    const value = this.unsigned();
    return value % 2 === 0 ? value / 2 : -(value + 1) / 2;
  }

  private text(): string {
    const length = this.unsigned();
    this.at += length;
    return decoder.decode(this.bytes.subarray(this.at - length, this.at));
  }

  read(shape: string): unknown {
    if (shape.startsWith("?")) return this.byte() === 1 ? this.read(shape.slice(1)) : undefined;
    if (shape.startsWith("[]")) {
      return Array.from({ length: this.unsigned() }, () => this.read(shape.slice(2)));
    }
    switch (shape) {
      case "u":
        return this.unsigned();
      case "i":
        return this.signed();
      case "b":
        return this.byte() === 1;
      case "s":
        return this.text();
      case "@":
        // As the server writes it: whole seconds, without the milliseconds.
        return new Date(this.signed() * 1000).toISOString().replace(".000Z", "Z");
      case "#":
        return new Date(this.signed() * DAY_MILLISECONDS).toISOString().slice(0, 10);
    }
    const known = shapes[shape] ?? [];
    if (typeof known[0] === "string") return known[this.byte()];
    const record: Record<string, unknown> = {};
    for (const [key, of] of known as readonly (readonly [string, string, 1?])[]) {
      const value = this.read(of);
      if (value !== undefined) record[key] = value;
    }
    return record;
  }
}

/** @throws {Unwritable} names the field that is not of its type. */
export function writeQuestion(question: Question): Uint8Array {
  const writer = new Writer();
  writer.write("Question", question, "");
  return Uint8Array.from(writer.bytes);
}

/** What `Estimator.estimate` of the wasm gives. */
export function readOutcome(bytes: Uint8Array): { estimate: Estimate } | { failure: Failure } {
  const reader = new Reader(bytes);
  return reader.byte() === 0
    ? { estimate: reader.read("Estimate") as Estimate }
    : { failure: reader.read("Failure") as Failure };
}
