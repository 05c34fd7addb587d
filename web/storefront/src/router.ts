// Which page an address means. Addresses are hashes (`#/cart`), because the shop is served as plain static files: any other path
// would have to exist on the server. Knows no page.

export interface Route<T> {
  /** `/products/:id`; a segment with a colon stands for any one segment. */
  readonly path: string;
  readonly page: T;
}

export interface Match<T> {
  readonly page: T;
  readonly params: Readonly<Record<string, string>>;
}

/** The path in a hash, without a slash at its end: `#/cart/` is `/cart`, nothing is `/`. */
export function pathOf(hash: string): string {
  const path = (hash.replace(/^#/, "").split("?")[0] ?? "").replace(/\/+$/, "");
  return path.startsWith("/") ? path : `/${path}`;
}

/** The first route that fits, or nothing. A segment that is no valid percent-encoding fits nowhere. */
export function match<T>(routes: readonly Route<T>[], path: string): Match<T> | undefined {
  const segments = path.split("/");
  for (const route of routes) {
    const wanted = route.path.split("/");
    if (wanted.length !== segments.length) continue;
    const params: Record<string, string> = {};
    const fits = wanted.every((want, index) => {
      const segment = segments[index] ?? "";
      if (!want.startsWith(":")) return want === segment;
      try {
        params[want.slice(1)] = decodeURIComponent(segment);
      } catch {
        return false;
      }
      return segment !== "";
    });
    if (fits) return { page: route.page, params };
  }
  return undefined;
}
