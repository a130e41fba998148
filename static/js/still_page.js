// A page that stays where it is while a finger moves a part of a picture. `touch-action` would say it, but browsers heed it for a whole
// SVG only, never for a part of one, and the rest of a page of paper is there to be scrolled by.

export function holdPage(picture, isHeld) {
  const stay = (event) => isHeld() && event.preventDefault();
  picture.addEventListener("touchmove", stay, { passive: false });
}
