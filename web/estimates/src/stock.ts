// Fills a question's stock from the bundle's hints. What this module must not know: how an engine or a server uses it.
import type { StockHints } from "./bundle.js";
import type { LocationStock, Question } from "./generated/types.js";

/**
 * The question with the stock that is known of its lines. It stays as it is when it has stock of its own, or when the hints are silent
 * about one of its skus: then nothing is known of the whole, and every location is taken to have everything, as on the server.
 * A location that does not name a sku which others name has none of it.
 */
export function withStock(question: Question, hints: StockHints | undefined): Question {
  if (question.stock || !hints) return question;
  const locations = Object.entries(hints);
  const units = (location: Record<string, number>, sku: string) => (Object.hasOwn(location, sku) ? location[sku] : undefined);
  const known = question.lines.every(
    (line) => line.physical === false || locations.some(([, location]) => units(location, line.sku) !== undefined),
  );
  if (!known || !locations.length) return question;
  const stock: LocationStock[] = locations.map(([location, skus]) => ({
    location,
    available: question.lines.map((line) => units(skus, line.sku) ?? (line.physical === false ? line.quantity : 0)),
  }));
  return { ...question, stock };
}
