// Places zones on pictures of pages, with pointer and keyboard. All places are points from the page's upper left corner;
// the form sends them as one JSON text. Without this script the same zones are rows of fields.

import { askAgain } from "./ask_again.js";
import { holdPage } from "./still_page.js";
import { Drawing } from "./zone_drawing.js";

const STEP = 1; // millimeters, as the next two
const LARGE_STEP = 10;
const SIZE_STEP = 2;
const TYPED = /^-?[0-9]{1,5}(?:[.,][0-9]{1,2})?$/; // a comma and a point both stand before the tenths
const MEASURES = ["left", "top", "width", "height"];
const UNDONE_MOST = 200;
const SAID_AFTER_MS = 400;

const form = document.querySelector("[data-editor]");
const facts = JSON.parse(document.getElementById("editor-values").textContent);
const field = form.querySelector("[data-zones]");
const sheet = form.querySelector("[data-sheet]");
const picture = form.querySelector("[data-picture]");
const pictureState = form.querySelector("[data-picture-state]");
const announced = form.querySelector("[data-announced]");
const pages = form.querySelector("[data-pages]");
const drawing = new Drawing(sheet);
const panel = form.querySelector("[data-chosen]");

let zones = JSON.parse(field.value).map((zone) => within(zone));
let chosenId = null;
let signer = 0;
let past = [];
let lastMoved = ""; // steps of one zone in a row are undone together
let shows = 0; // how often a page was chosen

// Words and numbers ───────────────────────────────────────────────────────────────────────────────────────────────

function words(name, values = {}) {
  return facts.words[name].replace(/\{(\w+)\}/g, (_place, key) => values[key]);
}

function rounded(value) {
  return Math.round(value * 100) / 100;
}

function shown() {
  const [document_, page] = pages.value.split("-").map(Number);
  return { document: document_, page };
}

function sizeOf({ document: place, page }) {
  const [width, height] = facts.papers[place].pages[page - 1];
  return { width, height };
}

// The server does the same with what it gets.
function within(zone) {
  const page = sizeOf(zone);
  const [leastWidth, leastHeight] = facts.kinds[zone.kind].least;
  const width = Math.min(Math.max(zone.width, leastWidth), page.width);
  const height = Math.min(Math.max(zone.height, leastHeight), page.height);
  const left = Math.min(Math.max(zone.left, 0), page.width - width);
  const top = Math.min(Math.max(zone.top, 0), page.height - height);
  return { ...zone, left, top, width, height };
}

// Zones count in points; people measure paper in millimeters.
function pointsOf(millimeters) {
  return millimeters * facts.pointsPerMillimeter;
}

function tenths(millimeters) {
  return Math.round(millimeters * 10) / 10;
}

function written(points) {
  return String(tenths(points / facts.pointsPerMillimeter)).replace(".", facts.decimalSymbol);
}

// Steps are counted from what is written, so that many of them add up.
function stepped(points, millimeters) {
  return millimeters ? pointsOf(tenths(points / facts.pointsPerMillimeter) + millimeters) : points;
}

function spoken(zone) {
  const numbers = {};
  MEASURES.forEach((name) => {
    numbers[name] = Math.round(zone[name] / facts.pointsPerMillimeter);
  });
  return { kind: facts.kinds[zone.kind].label, signer: facts.signers[zone.signer], ...numbers };
}

let saying = 0;

function say(text, { atOnce = false } = {}) {
  clearTimeout(saying);
  saying = setTimeout(() => (announced.textContent = text), atOnce ? 0 : SAID_AFTER_MS);
}

// Changes ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function chosen() {
  return zones.find((zone) => zone.id === chosenId);
}

function remember(step = "") {
  if (!step || step !== lastMoved) {
    past.push(JSON.stringify(zones));
    past = past.slice(-UNDONE_MOST);
  }
  lastMoved = step;
}

function change(zone, values, step = "") {
  remember(step && `${step} ${zone.id}`);
  put(zone.id, values);
}

function put(id, values) {
  zones = zones.map((zone) => {
    if (zone.id !== id) {
      return zone;
    }
    const moved = within({ ...zone, ...values });
    MEASURES.forEach((name) => {
      moved[name] = rounded(moved[name]);
    });
    return moved;
  });
  draw();
}

function hasRoom(kind) {
  const page = sizeOf(shown());
  const [width, height] = facts.kinds[kind].least;
  if (zones.length >= facts.most) {
    say(words("full", { most: facts.most }), { atOnce: true });
    return false;
  }
  if (width > page.width || height > page.height) {
    say(words("tooSmall"), { atOnce: true });
    return false;
  }
  return true;
}

function newId() {
  return `zone-${Date.now().toString(36)}-${Math.floor(Math.random() * 1e9).toString(36)}`;
}

function covers(one, other) {
  const isAside = one.left + one.width <= other.left || other.left + other.width <= one.left;
  return !isAside && one.top < other.top + other.height && other.top < one.top + one.height;
}

// Down the middle of the page, below what stands there already.
function freePlace(zone) {
  const page = sizeOf(zone);
  const others = zones.filter((other) => other.document === zone.document && other.page === zone.page);
  const left = (page.width - zone.width) / 2;
  for (let top = Math.min(72, page.height - zone.height); top + zone.height <= page.height; top += 12) {
    const placed = { ...zone, left, top };
    if (!others.some((other) => covers(placed, other))) {
      return placed;
    }
  }
  return { ...zone, left, top: 0 };
}

function addZone(kind) {
  if (!hasRoom(kind)) {
    return;
  }
  const [width, height] = facts.kinds[kind].usual;
  const place = { ...shown(), left: 0, top: 0, width, height };
  const zone = freePlace(within({ id: newId(), ...place, signer, kind, is_required: true, label: "" }));
  join(zone, "added");
}

function join(zone, word) {
  remember();
  zones = [...zones, zone];
  draw();
  choose(zone.id, { isFocused: true });
  // On a phone the page lies below the buttons that add to it.
  drawing.groupOf(zone.id).scrollIntoView({ block: "nearest" });
  say(words(word, spoken(zone)));
}

function copyZone(zone) {
  if (hasRoom(zone.kind)) {
    const place = { ...shown(), left: zone.left + 12, top: zone.top + 12 };
    join(within({ ...zone, ...place, id: newId() }), "copied");
  }
}

function deleteZone(zone) {
  remember();
  zones = zones.filter((other) => other !== zone);
  chosenId = null;
  draw();
  say(words("deleted", spoken(zone)), { atOnce: true });
  (sheet.querySelector(".zone") ?? form.querySelector("[data-add]")).focus();
}

function undo() {
  const before = past.pop();
  lastMoved = "";
  if (before === undefined) {
    say(words("nothingUndone"), { atOnce: true });
    return;
  }
  const focused = document.activeElement?.dataset?.zone;
  zones = JSON.parse(before);
  draw();
  say(words("undone"), { atOnce: true });
  if (focused) {
    (drawing.groupOf(focused) ?? form.querySelector("[data-undo]")).focus();
  }
}

// Drawing ─────────────────────────────────────────────────────────────────────────────────────────────────────────

function here() {
  const { document: place, page } = shown();
  return zones.filter((zone) => zone.document === place && zone.page === page).map(drawn);
}

function drawn(zone) {
  return {
    ...zone,
    color: (zone.signer % facts.colors) + 1,
    name: `${zone.signer + 1} · ${zone.label || facts.kinds[zone.kind].label}`,
    said: [words("zone", spoken(zone)), zone.label].filter(Boolean).join(", "),
    isChosen: zone.id === chosenId,
  };
}

function draw() {
  if (!here().some((zone) => zone.isChosen)) {
    chosenId = null;
  }
  drawing.draw(here());
  field.value = JSON.stringify(zones);
  drawCounts();
  drawPanel();
}

function drawCounts() {
  form.querySelectorAll("[data-count]").forEach((place) => {
    const count = zones.filter((zone) => zone.signer === Number(place.dataset.count)).length;
    place.textContent = count ? words("count", { count }) : words("free");
  });
}

function drawPanel() {
  const zone = chosen();
  panel.hidden = !zone;
  form.querySelector("[data-nothing-chosen]").hidden = Boolean(zone);
  if (!zone) {
    return;
  }
  panel.querySelectorAll("[data-field]").forEach((control) => {
    const value = zone[control.dataset.field];
    if (control.type === "checkbox") {
      control.checked = value;
    } else if (MEASURES.includes(control.dataset.field)) {
      control.value = written(value);
    } else if (document.activeElement !== control || control.type !== "text") {
      control.value = value;
    }
  });
}

function choose(id, { isFocused = false } = {}) {
  if (id !== chosenId && panel.contains(document.activeElement)) {
    document.activeElement.blur(); // what is being typed belongs to the zone that was chosen
  }
  chosenId = id;
  draw();
  if (isFocused) {
    drawing.groupOf(id)?.focus({ preventScroll: true });
  }
}

// Pages ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function showPage() {
  const { document: place, page } = shown();
  const { width, height } = sizeOf({ document: place, page });
  const paper = facts.papers[place];
  sheet.setAttribute("viewBox", `0 0 ${width} ${height}`);
  picture.setAttribute("width", width);
  picture.setAttribute("height", height);
  sheet.removeAttribute("aria-labelledby");
  sheet.setAttribute("aria-label", words("page", { name: paper.name, page, pages: paper.pages.length }));
  form.querySelectorAll("[data-turn]").forEach((button) => {
    button.disabled = !pages.options[pages.selectedIndex + Number(button.dataset.turn)];
  });
  drawing.clear();
  shows += 1;
  pictureState.textContent = words("drawing");
  picture.setAttribute("href", pictureAddress());
  draw();
}

function pictureAddress() {
  const { document: place, page } = shown();
  return facts.picture.replace("{document}", place).replace("{page}", page);
}

// The portal draws one page at a time: it is asked again as long as the page is chosen.
picture.addEventListener("error", async () => {
  const now = shows;
  const found = await askAgain(pictureAddress(), () => now === shows);
  if (now !== shows) {
    return;
  }
  if (found) {
    picture.addEventListener("load", () => URL.revokeObjectURL(found), { once: true });
    picture.setAttribute("href", found);
  } else {
    pictureState.textContent = words("notDrawn");
  }
});
picture.addEventListener("load", () => (pictureState.textContent = ""));
pages.addEventListener("change", showPage);
form.querySelectorAll("[data-turn]").forEach((button) => {
  button.addEventListener("click", () => {
    pages.selectedIndex += Number(button.dataset.turn);
    showPage();
  });
});

// Pointer ─────────────────────────────────────────────────────────────────────────────────────────────────────────

let drag = null;

function pointOf(event) {
  const place = new DOMPoint(event.clientX, event.clientY).matrixTransform(sheet.getScreenCTM().inverse());
  return { x: place.x, y: place.y };
}

sheet.addEventListener("pointerdown", (event) => {
  const taken = drawing.taken({ target: event.target, point: pointOf(event), zones: here() });
  if (!taken || drag || event.button !== 0) {
    return;
  }
  event.preventDefault();
  choose(taken.id, { isFocused: true });
  drag = { zone: chosen(), from: pointOf(event), isSize: taken.isSize, isMoved: false, pointer: event.pointerId };
  sheet.setPointerCapture(event.pointerId);
});

sheet.addEventListener("pointermove", (event) => {
  if (drag?.pointer !== event.pointerId) {
    return;
  }
  const { x, y } = pointOf(event);
  const [right, down] = [x - drag.from.x, y - drag.from.y];
  if (!drag.isMoved && Math.hypot(right, down) < 1) {
    return;
  }
  if (!drag.isMoved) {
    remember();
    drag.isMoved = true;
  }
  const { left, top, width, height, id } = drag.zone;
  put(id, drag.isSize ? { width: width + right, height: height + down } : { left: left + right, top: top + down });
});

function drop(event) {
  if (drag?.pointer !== event.pointerId) {
    return;
  }
  if (drag.isMoved && chosen()) {
    say(words(drag.isSize ? "sized" : "moved", spoken(chosen())));
  }
  drag = null;
}

sheet.addEventListener("pointerup", drop);
sheet.addEventListener("pointercancel", drop);
holdPage(sheet, () => drag !== null);

// Keyboard ────────────────────────────────────────────────────────────────────────────────────────────────────────

const ARROWS = { ArrowLeft: [-1, 0], ArrowRight: [1, 0], ArrowUp: [0, -1], ArrowDown: [0, 1] };

function moveBy(zone, [right, down], step) {
  change(zone, { left: stepped(zone.left, right * step), top: stepped(zone.top, down * step) }, "move");
  say(words("moved", spoken(chosen())));
}

function sizeBy(zone, name, step) {
  change(zone, { [name]: stepped(zone[name], step) }, "size");
  say(words("sized", spoken(chosen())));
}

function act(event, zone) {
  const key = event.key.length === 1 ? event.key.toLowerCase() : event.key;
  const sign = event.shiftKey ? -1 : 1;
  const acts = {
    w: () => sizeBy(zone, "width", sign * SIZE_STEP),
    h: () => sizeBy(zone, "height", sign * SIZE_STEP),
    c: () => copyZone(zone),
    Delete: () => deleteZone(zone),
    Backspace: () => deleteZone(zone),
    Enter: () => panel.querySelector("[data-field]").focus(),
  };
  if (ARROWS[key]) {
    moveBy(zone, ARROWS[key], event.shiftKey ? LARGE_STEP : STEP);
    return true;
  }
  acts[key]?.();
  return key in acts;
}

sheet.addEventListener("focusin", (event) => {
  const id = event.target.dataset?.zone;
  if (id && id !== chosenId) {
    choose(id);
  }
});

form.addEventListener("keydown", (event) => {
  const isTyping = event.target.matches("input, select, textarea");
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "z" && !isTyping) {
    event.preventDefault();
    undo();
    return;
  }
  const zone = event.target.dataset.zone && zones.find((one) => one.id === event.target.dataset.zone);
  const isPlain = !event.ctrlKey && !event.metaKey && !event.altKey;
  if (zone && isPlain && act(event, zone)) {
    event.preventDefault();
  }
});

// Enter in a field of the panel takes the value; it sends nothing.
panel.addEventListener("keydown", (event) => {
  if (event.key === "Enter" && event.target.matches("input")) {
    event.preventDefault();
    event.target.dispatchEvent(new Event("change", { bubbles: true }));
  }
});

// Buttons ─────────────────────────────────────────────────────────────────────────────────────────────────────────

panel.addEventListener("change", (event) => {
  const name = event.target.dataset.field;
  const zone = chosen();
  const typed = event.target.value.trim();
  if (!zone) {
    return;
  }
  if (name === "is_required") {
    change(zone, { is_required: event.target.checked });
  } else if (typed === (MEASURES.includes(name) ? written(zone[name]) : String(zone[name]))) {
    return;
  } else if (name === "label") {
    change(zone, { label: typed });
  } else if (name === "kind") {
    change(zone, { kind: typed });
  } else if (name === "signer") {
    change(zone, { signer: Number(typed) });
  } else if (TYPED.test(typed)) {
    change(zone, { [name]: pointsOf(tenths(Number(typed.replace(",", ".")))) });
  } else {
    say(words("notNumber"), { atOnce: true });
  }
  drawPanel();
});

form.querySelectorAll("[data-signer]").forEach((button) => {
  button.addEventListener("click", () => {
    signer = Number(button.dataset.signer);
    form.querySelectorAll("[data-signer]").forEach((one) => one.setAttribute("aria-pressed", String(one === button)));
  });
});
form.querySelectorAll("[data-add]").forEach((button) => {
  button.addEventListener("click", () => addZone(button.dataset.add));
});
form.querySelector("[data-undo]").addEventListener("click", undo);
form.querySelector("[data-copy]").addEventListener("click", () => chosen() && copyZone(chosen()));
form.querySelector("[data-delete]").addEventListener("click", () => chosen() && deleteZone(chosen()));

form.querySelectorAll("[data-with-script]").forEach((part) => (part.hidden = false));
form.querySelectorAll("[data-without-script]").forEach((part) => {
  part.hidden = true;
  part.disabled = true;
});
field.disabled = false;
showPage();
new ResizeObserver(draw).observe(sheet);
