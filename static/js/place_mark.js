// Places of a free signature are moved on the page, by a pointer or by the arrow keys; their fields say where in millimeters.
// Without this script the fields alone do it.

import { holdPage } from "./still_page.js";

const POINTS = 72 / 25.4; // of a millimeter
const STEP = 1; // millimeters an arrow key moves
const STRIDE = 10; // with Shift
const STILL = 0.5; // millimeters: less is no move
const KEYS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function bringToLife(fields) {
  const id = fields.dataset.placeFields;
  const zone = document.querySelector(`#at-${id}`);
  const [rect, inside] = [zone.querySelector("rect"), zone.querySelector("svg")];
  const input = (name) => fields.querySelector(`[name="${id}-${name}"]`);
  const size = { left: Number(rect.getAttribute("width")), top: Number(rect.getAttribute("height")) };

  function room(side) {
    const box = zone.ownerSVGElement.viewBox.baseVal;
    return Math.max(0, Math.floor(((side === "left" ? box.width : box.height) - size[side]) / POINTS));
  }

  function put(side, millimeters) {
    input(side).value = Math.min(Math.max(Math.round(millimeters), 0), room(side));
    input(side).dispatchEvent(new Event("input", { bubbles: true }));
  }

  function show() {
    const page = document.querySelector(`[data-page="${fields.dataset.document}-${input("page").value}"]`);
    if (page && zone.ownerSVGElement !== page) {
      page.append(zone);
    }
    for (const [side, name] of [["left", "x"], ["top", "y"]]) {
      const at = Math.min(Number(input(side).value) || 0, room(side)) * POINTS;
      rect.setAttribute(name, at);
      inside.setAttribute(name, at);
    }
    zone.classList.toggle("is-unwanted", !input("is_wanted").checked);
  }

  let held = null; // the pointer that took it, and where, in millimeters of the page and from its corner
  let isMoved = false;

  function pointOf(event) {
    const page = zone.ownerSVGElement;
    const point = new DOMPoint(event.clientX, event.clientY).matrixTransform(page.getScreenCTM().inverse());
    return [point.x / POINTS, point.y / POINTS];
  }

  zone.addEventListener("pointerdown", (event) => {
    if (event.button === 0 && !held) {
      const [x, y] = pointOf(event);
      const corner = [x - Number(input("left").value), y - Number(input("top").value)];
      held = { pointer: event.pointerId, from: [x, y], corner };
      isMoved = false;
      zone.setPointerCapture(event.pointerId);
      event.preventDefault();
    }
  });
  zone.addEventListener("pointermove", (event) => {
    if (held?.pointer !== event.pointerId) {
      return;
    }
    const [x, y] = pointOf(event);
    isMoved ||= Math.hypot(x - held.from[0], y - held.from[1]) >= STILL;
    if (isMoved) {
      put("left", x - held.corner[0]);
      put("top", y - held.corner[1]);
    }
  });
  const letGo = (event) => {
    if (held?.pointer === event.pointerId) {
      held = null;
    }
  };
  zone.addEventListener("pointerup", letGo);
  zone.addEventListener("pointercancel", letGo);
  holdPage(zone, () => held !== null);
  zone.addEventListener("keydown", (event) => {
    const way = KEYS[event.key];
    if (way) {
      event.preventDefault();
      const step = event.shiftKey ? STRIDE : STEP;
      put("left", Number(input("left").value) + way[0] * step);
      put("top", Number(input("top").value) + way[1] * step);
    }
  });
  // A zone that is let go where it was leads to its fields; one that was moved stays in sight.
  const stay = (event) => {
    if (isMoved && event.detail > 0) {
      event.preventDefault();
      event.stopImmediatePropagation();
    }
  };
  zone.addEventListener("click", stay, { capture: true });
  zone.addEventListener("dragstart", (event) => event.preventDefault());
  fields.addEventListener("input", show);
  fields.addEventListener("change", show);
  zone.classList.add("can-move");
  fields.querySelector("[data-place-help]").hidden = false;
  show();
}

document.querySelectorAll("[data-place-fields]").forEach(bringToLife);
