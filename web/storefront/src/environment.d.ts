/// <reference types="vite/client" />

/** True when the build found the element's package; see vite.config.ts. */
declare const __ELEMENT__: boolean;

declare module "@cartwright/estimates/element" {}
