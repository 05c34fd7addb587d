// What every page is: a function that gives its content at once and may fill in the rest when an answer comes.

export interface PageContext {
  readonly params: Readonly<Record<string, string>>;
  /** Aborted when the shopper leaves the page. */
  readonly signal: AbortSignal;
}

export interface Page {
  /** For the tab and the history. */
  readonly title: string;
  readonly content: Node;
}

/** A page, or the path of another one when there is nothing to show here: checkout with an empty cart. */
export type RenderPage = (context: PageContext) => Page | { readonly redirect: string };

/** Goes to another page. */
export function go(path: string): void {
  location.hash = path;
}
