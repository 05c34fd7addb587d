// Registers the element; importing this is all that a page needs. Nothing else happens here.
import { DeliveryEstimate } from "./element.js";

export { DeliveryEstimate } from "./element.js";
export { TEXTS, type Texts } from "./texts.js";

declare global {
  interface HTMLElementTagNameMap {
    "delivery-estimate": DeliveryEstimate;
  }
}

if (!customElements.get("delivery-estimate")) customElements.define("delivery-estimate", DeliveryEstimate);
