// Pictures of pages that did not come, since the server was drawing others, are asked for again. Without this script a reload does it.

const TRIES = 12;
const WAIT = 3000; // milliseconds, as the server says with Retry-After

function askAgain(picture, tries) {
  if (tries >= TRIES) {
    return;
  }
  picture.addEventListener("error", () => setTimeout(again, WAIT), { once: true });
  function again() {
    askAgain(picture, tries + 1);
    picture.src = `${picture.src.split("?")[0]}?${tries + 1}`;
  }
}

document.querySelectorAll("[data-page-picture]").forEach((picture) => {
  if (picture.complete && picture.currentSrc && !picture.naturalWidth) {
    askAgain(picture, 0);
    picture.src = `${picture.src}?0`;
  } else {
    askAgain(picture, 0);
  }
});
