// Pictures of the products, drawn in code: no image files, sharp at every size. The markup is constant, so it may go in as markup.

import { h } from "./dom.ts";

/** 320 × 240; colours that change with the scheme are custom properties of the style sheet. */
const DRAWINGS: Readonly<Record<string, string>> = {
  "two-person-tent": `
    <path d="M22 196 160 62l138 134z" fill="#4f8f74"/><path d="M160 62 298 196h-84z" fill="#3b7259"/>
    <path d="M160 62 112 196h102z" fill="#e9dfc8"/><path d="M160 62v134h54z" fill="#d8cbae"/>
    <path d="M160 92v104" stroke="#8a7a55" stroke-width="3"/><path d="M160 62 150 48M160 62l10-14" stroke="#c96f3b" stroke-width="5" stroke-linecap="round"/>
    <path d="M22 196 8 206M298 196l14 10" stroke="#c96f3b" stroke-width="4" stroke-linecap="round"/>`,
  "pocket-stove": `
    <path d="M108 84h40M172 84h40" stroke="#9aa4a8" stroke-width="9" stroke-linecap="round"/><path d="M148 84l8 44M172 84l-8 44" stroke="#7d888d" stroke-width="8" stroke-linecap="round"/>
    <rect x="136" y="76" width="48" height="16" rx="6" fill="#59656a"/><path d="M160 30c16 16 15 30 0 44-15-14-16-28 0-44z" fill="#6fb3d9"/><path d="M160 48c8 9 7 17 0 25-7-8-8-16 0-25z" fill="#d6eef9"/>
    <rect x="150" y="122" width="20" height="34" rx="4" fill="#8d989d"/><path d="M170 138h52" stroke="#8d989d" stroke-width="6" stroke-linecap="round"/><rect x="214" y="128" width="22" height="20" rx="5" fill="#c9533b"/>
    <path d="M112 168q48-24 96 0v34H112z" fill="#b9462f"/><path d="M160 157q28 1 48 11v34h-48z" fill="#9d3925"/>`,
  "gas-canister": `
    <rect x="146" y="46" width="28" height="22" rx="5" fill="#9aa4a8"/><path d="M100 110q0-42 60-42t60 42v78q0 14-14 14h-92q-14 0-14-14z" fill="#c9533b"/>
    <path d="M160 68q60 0 60 42v78q0 14-14 14h-46z" fill="#ad4430"/><path d="M100 122h120v50H100z" fill="#f1e7d4"/><path d="M160 122h60v50h-60z" fill="#e2d4b8"/>
    <path d="M160 128c14 14 13 27 0 39-13-12-14-25 0-39z" fill="#c9533b"/>`,
  "dutch-oven": `
    <path d="M84 104h152l-10 84q-2 16-18 16h-96q-16 0-18-16z" fill="#4a4f52"/><path d="M160 104h76l-10 84q-2 16-18 16h-48z" fill="#3a3f42"/>
    <rect x="72" y="88" width="176" height="18" rx="8" fill="#5d6366"/><path d="M92 88q68-34 136 0z" fill="#53595c"/><rect x="142" y="58" width="36" height="12" rx="6" fill="#6d7477"/>
    <path d="M84 122c-26 6-26-24-8-22M236 122c26 6 26-24 8-22" fill="none" stroke="#5d6366" stroke-width="8" stroke-linecap="round"/><path d="M104 124q4 40 12 60" stroke="#767d80" stroke-width="5" fill="none" stroke-linecap="round"/>`,
  "steel-bottle": `
    <path d="M134 30h52v30h-52z" fill="#b8c0c2"/><path d="M160 30h26v30h-26z" fill="#9ea8ab"/><path d="M118 82q0-22 22-22h40q22 0 22 22v112q0 14-14 14h-56q-14 0-14-14z" fill="#4c7a52"/>
    <path d="M160 60h20q22 0 22 22v112q0 14-14 14h-28z" fill="#3e6644"/><path d="M118 96h84v9h-84zM118 182h84v9h-84z" fill="#b8c0c2"/>
    <path d="M202 100h22q10 0 10 10v40q0 10-10 10h-22" fill="none" stroke="#2f3a33" stroke-width="8"/>`,
  spork: `
    <g transform="rotate(38 160 120)"><rect x="152" y="92" width="16" height="66" rx="8" fill="#d9822b"/><path d="M160 102c-24 0-34-30-30-66 1-6 8-6 9 0l3 26 5-30c1-6 8-6 9 0l4 30 4-30c1-6 8-6 9 0l5 30 3-26c1-6 8-6 9 0 4 36-6 66-30 66z" fill="#e79a48"/>
    <ellipse cx="160" cy="186" rx="27" ry="38" fill="#e79a48"/><ellipse cx="160" cy="188" rx="17" ry="26" fill="#d9822b"/></g>`,
  "espresso-machine": `
    <path d="M88 52h144q10 0 10 10v30H78V62q0-10 10-10z" fill="#aeb7ba"/><path d="M160 52h72q10 0 10 10v30h-82z" fill="#98a2a6"/><path d="M196 92h46v92h-46z" fill="#7f8a8e"/>
    <path d="M78 184h164v22H78z" fill="#5d676b"/><path d="M88 184h100v7H88z" fill="#3f484b"/><rect x="112" y="92" width="48" height="14" rx="4" fill="#5d676b"/><path d="M120 106h32l-5 14h-22z" fill="#3f484b"/>
    <path d="M112 110H76" stroke="#2c3336" stroke-width="9" stroke-linecap="round"/><path d="M131 122v22M141 122v22" stroke="#8a5a36" stroke-width="4"/><path d="M116 150h40l-4 28q-1 6-7 6h-18q-6 0-7-6z" fill="#f5f1e8"/>
    <circle cx="106" cy="72" r="8" fill="#e9eef0"/><circle cx="132" cy="72" r="8" fill="#e9eef0"/><circle cx="214" cy="72" r="9" fill="#c9533b"/>`,
  "burr-grinder": `
    <path d="M114 36h92l-14 56h-64z" fill="#cfd9dc" opacity=".85"/><path d="M122 66h76l-6 26h-64z" fill="#7a4a2c"/><rect x="108" y="28" width="104" height="12" rx="6" fill="#3f484b"/>
    <path d="M122 92h76v40h-76z" fill="#4d5659"/><path d="M160 92h38v40h-38z" fill="#3f484b"/><path d="M128 132h64v70h-64z" fill="#5d676b"/><rect x="112" y="196" width="96" height="12" rx="5" fill="#3f484b"/>
    <rect x="138" y="142" width="44" height="52" rx="4" fill="#2c3336"/><path d="M142 170h36v20h-36z" fill="#7a4a2c"/><circle cx="160" cy="112" r="11" fill="#c9a15b"/><path d="M160 112v-9" stroke="#4d5659" stroke-width="4"/>`,
  "espresso-cup": `
    <path d="M98 92h112l-12 72q-4 24-28 24h-32q-24 0-28-24z" fill="#fbf8f1"/><path d="M154 92h56l-12 72q-4 24-28 24h-16z" fill="#e9e2d2"/><ellipse cx="154" cy="92" rx="56" ry="13" fill="#efe9db"/><ellipse cx="154" cy="93" rx="46" ry="9" fill="#6b3f22"/><path d="M122 92q30-9 62 1" stroke="#c08a54" stroke-width="4" fill="none"/>
    <path d="M206 112c34-8 38 44-14 44" fill="none" stroke="#e9e2d2" stroke-width="11"/><path d="M132 64q-10-12 0-24M156 60q-10-12 0-26M180 64q-10-12 0-24" stroke="#b9b3a4" stroke-width="4" fill="none" stroke-linecap="round"/><ellipse cx="154" cy="202" rx="84" ry="9" fill="#dcd3bf"/>`,
};

export type PictureSize = "tile" | "large" | "thumb" | "mini";

/** A product's picture. Its name stands beside it everywhere, so it is not told a second time. */
export function picture(slug: string, size: PictureSize): HTMLElement {
  const frame = h("div", { class: `picture ${size}` });
  frame.innerHTML = `<svg viewBox="0 0 320 240" width="320" height="240" aria-hidden="true" focusable="false"><ellipse cx="160" cy="208" rx="112" ry="10" class="ground"/>${DRAWINGS[slug] ?? ""}</svg>`;
  return frame;
}
