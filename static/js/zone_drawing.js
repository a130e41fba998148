// Draws zones over a page, each with the room a finger needs around it, and the handle that sizes the chosen one. Places are points
// of the page; what eyes and fingers need is counted in pixels of the screen, for a page on a phone is half as large as on paper.

const SVG = "http://www.w3.org/2000/svg";
const LETTERS = { points: 10, pixels: 9 }; // the larger of the two
const LETTER_WIDTH = 0.55; // of their height
const FINE = { reach: 0, grip: 9, around: 24 }; // pixels a mouse needs
const COARSE = { reach: 44, grip: 16, around: 44 }; // and a finger
const finger = matchMedia("(any-pointer: coarse)");

function element(name, attributes, parent) {
  const made = document.createElementNS(SVG, name);
  set(made, attributes);
  parent.append(made);
  return made;
}

function set(part, attributes) {
  Object.entries(attributes).forEach(([name, value]) => part.setAttribute(name, value));
}

function place(rectangle, { left, top, width, height }) {
  set(rectangle, { x: left, y: top, width, height });
}

// How far a point lies from a box; 0 within it.
function distance({ x, y }, { left, top, width, height }) {
  const beside = Math.max(left - x, 0, x - left - width);
  return Math.hypot(beside, Math.max(top - y, 0, y - top - height));
}

function widened(box, least) {
  const [aside, above] = [least - box.width, least - box.height].map((lack) => Math.max(0, lack) / 2);
  return { left: box.left - aside, top: box.top - above, width: box.width + 2 * aside, height: box.height + 2 * above };
}

export class Drawing {
  #sheet;
  #handle;

  constructor(sheet) {
    this.#sheet = sheet;
    this.#handle = element("g", { class: "handle", display: "none" }, sheet);
    element("rect", { class: "reach" }, this.#handle);
    element("rect", { class: "grip" }, this.#handle);
  }

  get #pixelsPerPoint() {
    return this.#sheet.getScreenCTM()?.a || 1;
  }

  get #needed() {
    return finger.matches ? COARSE : FINE;
  }

  groupOf(id) {
    return this.#sheet.querySelector(`[data-zone="${id}"]`);
  }

  clear() {
    this.#sheet.querySelectorAll(".zone").forEach((group) => group.remove());
  }

  // zones: of the page; how each is written: color, name, said, isChosen.
  draw(zones) {
    const ids = new Set(zones.map((zone) => zone.id));
    this.#sheet.querySelectorAll(".zone").forEach((group) => ids.has(group.dataset.zone) || group.remove());
    zones.forEach((zone) => this.#drawZone(zone));
    this.#drawHandle(zones.find((zone) => zone.isChosen));
  }

  // What a pointer took: the zone nearest to it, and whether by its handle. What lies beside the chosen zone is not hidden by its handle.
  taken({ target, point, zones }) {
    const [nearest] = [...zones].reverse().sort((one, other) => distance(point, one) - distance(point, other));
    if (target.closest?.(".handle")) {
      const chosen = zones.find((zone) => zone.isChosen);
      const isOther = nearest !== chosen && distance(point, nearest) === 0 && !target.matches(".grip");
      return isOther ? { id: nearest.id, isSize: false } : { id: chosen.id, isSize: true };
    }
    return target.closest?.(".zone") ? { id: nearest.id, isSize: false } : null;
  }

  #drawZone(zone) {
    const group = this.groupOf(zone.id) ?? this.#newGroup(zone);
    const [reach, ground, box, text] = group.children;
    set(group, {
      class: `zone zone-${zone.color}${zone.isChosen ? " is-current" : ""}`,
      "aria-label": zone.said,
      "aria-pressed": zone.isChosen,
    });
    place(reach, widened(zone, this.#needed.reach / this.#pixelsPerPoint));
    place(ground, zone);
    place(box, zone);
    const letters = Math.max(LETTERS.points, LETTERS.pixels / this.#pixelsPerPoint);
    set(text, { x: zone.left + 4, y: zone.top + zone.height / 2 + letters * 0.35, "font-size": letters });
    text.textContent = this.#fitting(zone, letters);
  }

  #newGroup(zone) {
    const group = element("g", { tabindex: 0, role: "button", "data-zone": zone.id }, this.#sheet);
    element("rect", { class: "reach" }, group);
    element("rect", { class: "ground" }, group);
    element("rect", { class: "box", rx: 2 }, group);
    element("text", { "aria-hidden": "true" }, group);
    return group;
  }

  #fitting({ name, width, height }, letters) {
    const most = Math.floor((width - 8) / (letters * LETTER_WIDTH));
    if (height < letters * 0.9 || most < 1) {
      return "";
    }
    return name.length <= most ? name : `${name.slice(0, Math.max(1, most - 1))}…`;
  }

  // Outside the corner, so that a zone as small as a box to check can still be taken itself; above all zones. It is moved, never
  // made anew: a finger on it would lose it.
  #drawHandle(zone) {
    set(this.#handle, { display: zone ? "inline" : "none", class: `handle zone-${zone?.color}` });
    if (this.#handle !== this.#sheet.lastElementChild) {
      this.#sheet.append(this.#handle);
    }
    if (zone) {
      const [reach, grip] = this.#handle.children;
      const [seen, taken] = [this.#needed.grip, this.#needed.around].map((pixels) => pixels / this.#pixelsPerPoint);
      const [left, top] = [zone.left + zone.width - seen / 4, zone.top + zone.height - seen / 4];
      place(reach, { left, top, width: taken, height: taken });
      place(grip, { left, top, width: seen, height: seen });
    }
  }
}
