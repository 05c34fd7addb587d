/// <reference types="vite/client" />

// Only its effect is wanted: it registers the element.
declare module "@cartwright/estimates/element" {}
