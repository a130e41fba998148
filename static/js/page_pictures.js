// Pictures of pages that did not come, since the server was drawing others, are asked for again while they are in sight, or close to it.
// Without this script a reload does it.

import { askAgain } from "./ask_again.js";

const CLOSE_BY = "50%"; // of the window
const missing = new Map(); // what is asked for, by its address
const inSight = new Set();

function isWanted(picture) {
  return inSight.has(picture) && !document.hidden;
}

async function ask(picture) {
  const address = missing.get(picture);
  if (!address || !isWanted(picture)) {
    return;
  }
  missing.delete(picture);
  const found = await askAgain(address, () => isWanted(picture));
  if (found) {
    picture.addEventListener("load", () => URL.revokeObjectURL(found), { once: true });
    picture.src = found;
  } else if (!isWanted(picture)) {
    missing.set(picture, address);
  }
}

const sight = new IntersectionObserver(
  (entries) =>
    entries.forEach(({ target, isIntersecting }) => {
      inSight[isIntersecting ? "add" : "delete"](target);
      ask(target);
    }),
  { rootMargin: CLOSE_BY },
);

function miss(picture) {
  missing.set(picture, picture.src);
  sight.observe(picture);
  ask(picture);
}

document.querySelectorAll("[data-page-picture]").forEach((picture) => {
  picture.addEventListener("error", () => miss(picture), { once: true });
  if (picture.complete && picture.currentSrc && !picture.naturalWidth) {
    picture.dispatchEvent(new Event("error"));
  }
});
document.addEventListener("visibilitychange", () => inSight.forEach(ask));
