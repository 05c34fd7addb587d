// Stands in for the element's package where that is not built; see vite.config.ts. The sentence in the element then stays.
export {};
