// How the element looks. It takes the page's font and colours, so that it is right on light, dark and forced colours, and contrast is
// the page's. What this module must not know: what is shown.

export const STYLE = `
:host {
  display: block;
  position: relative;
  box-sizing: border-box;
  text-align: start;
  overflow-wrap: anywhere;
}
:host([hidden]), [hidden] { display: none !important; }
* { box-sizing: border-box; font: inherit; color: inherit; }
.box { display: grid; gap: var(--delivery-estimate-gap, .25em); }
/* What is said lies in one cell with the longest that it usually is, which is not seen: so its room is there beforehand. */
.cell { display: grid; }
.cell > * { grid-area: 1 / 1; min-inline-size: 0; }
p { margin: 0; }
.room { visibility: hidden; }
.days { font-weight: 600; color: var(--delivery-estimate-days-color, inherit); }
.free { font-weight: 600; color: var(--delivery-estimate-free-color, inherit); }
.note { font-size: .875em; color: var(--delivery-estimate-muted, inherit); }
.place { display: flex; flex-wrap: wrap; align-items: center; gap: .25em .75em; min-block-size: 2.25em; }
form { display: grid; gap: .25em; margin: 0; }
label { font-size: .875em; }
.row { display: flex; flex-wrap: wrap; gap: .5em; }
input:not([type]), button {
  min-block-size: 2.25em;
  padding: .25em .75em;
  border: 1px solid var(--delivery-estimate-control-border, currentColor);
  border-radius: var(--delivery-estimate-control-radius, .25em);
  background: var(--delivery-estimate-control-background, transparent);
}
input:not([type]) { inline-size: 9em; max-inline-size: 100%; padding-inline: .5em; }
input[aria-invalid=true] { border-width: 2px; }
button { cursor: pointer; }
button.link { border-color: transparent; padding-inline: .25em; text-decoration: underline; text-underline-offset: .15em; }
.keep { display: flex; align-items: center; gap: .5em; min-block-size: 24px; }
.keep input { inline-size: 1.25em; block-size: 1.25em; min-inline-size: 20px; min-block-size: 20px; margin: 2px; flex: none; }
:focus-visible { outline: 2px solid var(--delivery-estimate-focus, currentColor); outline-offset: 2px; }
.said {
  position: absolute; inline-size: 1px; block-size: 1px; margin: -1px; padding: 0;
  overflow: hidden; clip-path: inset(50%); white-space: nowrap;
}
`;

/** Constructed sheets are also allowed where a page's CSP forbids inline styles. */
export function dress(root: ShadowRoot): void {
  try {
    const sheet = new CSSStyleSheet();
    sheet.replaceSync(STYLE);
    root.adoptedStyleSheets = [sheet];
  } catch {
    const style = document.createElement("style");
    style.textContent = STYLE;
    root.prepend(style);
  }
}
