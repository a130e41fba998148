// Leads a signer from zone to zone, says how many are filled, and shows in them what is typed or drawn. Without this script the
// zones are links to their fields, and the form works alone.

import "./page_pictures.js";

const SVG = "http://www.w3.org/2000/svg";
const PAD = [3000, 1500]; // steps, as draw_mark.js counts them
const GIVEN = { type: "text", draw: "strokes", upload: "picture" };

const form = document.querySelector("#sign");
const guide = document.querySelector("[data-guide]");
const text = guide.querySelector("[data-guide-text]");
const meter = guide.querySelector("[data-guide-meter]");
const next = guide.querySelector("[data-guide-next]");
const finish = guide.querySelector("[data-guide-finish]");
const zones = [...document.querySelectorAll("[data-zone]")];
const needed = zones.filter((zone) => "required" in zone.dataset);

const field = (name) => form.elements.namedItem(name);
const wayOf = (kind) => form.querySelector(`[name="${kind}-way"]:checked`)?.value;

function isMark(zone) {
  return zone.dataset.zone === "signature" || zone.dataset.zone === "initials";
}

function isGiven(kind) {
  const way = wayOf(kind);
  return way === "kept" || Boolean(way && field(`${kind}-${GIVEN[way]}`)?.value.trim());
}

// A place of a free signature, or one that may stay empty, counts once it is wanted.
function wantedBy(zone) {
  if (zone.dataset.place) {
    return field(`${zone.dataset.place}-is_wanted`).checked;
  }
  const asked = document.getElementById(zone.dataset.field);
  return !isMark(zone) || asked.type !== "checkbox" || asked.checked;
}

function isFilled(zone) {
  const asked = document.getElementById(zone.dataset.field);
  if (isMark(zone)) {
    return wantedBy(zone) && isGiven(zone.dataset.zone);
  }
  return asked.type === "checkbox" ? asked.checked : Boolean(asked.value.trim());
}

function drawn(strokes) {
  const path = document.createElementNS(SVG, "path");
  const lines = strokes.split(";").map((stroke) => `M${stroke.split(" ").join("L")}`);
  path.setAttribute("d", lines.join(""));
  const pad = document.createElementNS(SVG, "svg");
  pad.setAttribute("viewBox", `0 0 ${PAD.join(" ")}`);
  pad.append(path);
  pad.dataset.ink = "";
  return pad;
}

// A name in a handwriting fills its place about as it will on paper; the page before the signature shows it exactly.
function setLarge(words, inside, isLarge) {
  const [width, height] = [inside.width.baseVal.value, inside.height.baseVal.value];
  words.dataset.usual ??= words.getAttribute("font-size");
  const large = Math.min(height * 0.6, (width * 1.8) / Math.max(words.textContent.length, 1));
  words.setAttribute("font-size", isLarge ? large : words.dataset.usual);
  words.setAttribute("text-anchor", isLarge ? "middle" : "start");
  words.setAttribute("x", isLarge ? width / 2 : 4);
  words.setAttribute("y", isLarge ? height * 0.65 : words.dataset.base);
}

function showMark(zone, inside, words) {
  const kind = zone.dataset.zone;
  const way = wayOf(kind);
  const picture = inside.querySelector("[data-zone-picture]");
  const isShown = wantedBy(zone) && isGiven(kind);
  picture?.setAttribute("visibility", isShown && way === "kept" ? "visible" : "hidden");
  words.classList.remove("hand", ...[...words.classList].filter((name) => name.startsWith("hand-")));
  words.textContent = zone.dataset.empty;
  setLarge(words, inside, false);
  if (isShown && way === "type") {
    words.textContent = field(`${kind}-text`).value.trim();
    words.classList.add("hand", `hand-${field(`${kind}-hand`).value}`);
    setLarge(words, inside, true);
  } else if (isShown && way === "draw") {
    inside.append(drawn(field(`${kind}-strokes`).value));
    words.textContent = "";
  } else if (isShown && way === "upload") {
    words.textContent = "✓";
  }
  words.setAttribute("visibility", isShown && way === "kept" && picture ? "hidden" : "visible");
}

function showValue(zone, inside, words) {
  const asked = document.getElementById(zone.dataset.field);
  inside.querySelector("[data-zone-picture]")?.setAttribute("visibility", "hidden");
  words.setAttribute("visibility", "visible");
  if (asked.type === "checkbox") {
    words.textContent = asked.checked ? "✓" : "";
  } else {
    words.textContent = asked.value.trim() || zone.dataset.empty;
  }
}

function showZone(zone) {
  const inside = zone.querySelector("svg");
  const words = zone.querySelector("[data-zone-words]");
  inside.querySelector("[data-ink]")?.remove();
  (isMark(zone) ? showMark : showValue)(zone, inside, words);
  zone.classList.toggle("is-done", isFilled(zone));
}

function show() {
  zones.forEach(showZone);
  const done = needed.filter(isFilled).length;
  const isWhole = done === needed.length;
  meter.max = Math.max(needed.length, 1);
  meter.value = isWhole ? meter.max : done;
  const words = isWhole ? text.dataset.textAll : text.dataset.textSome;
  const said = words.replace("{done}", done).replace("{all}", needed.length);
  if (text.textContent !== said) {
    text.textContent = said;
  }
  finish.hidden = !isWhole;
  next.hidden = isWhole && zones.every((zone) => isFilled(zone) || !wantedBy(zone));
}

// Where one types or chooses for a zone.
function controlOf(zone) {
  const asked = document.getElementById(zone.dataset.field);
  if (asked.matches("input, textarea")) {
    return asked;
  }
  const shown = [...asked.querySelectorAll("input:not([type=hidden]), canvas")].filter((one) => one.offsetParent);
  const way = shown.find((one) => one.type === "radio" && one.checked);
  return shown.find((one) => one.type === "text") ?? way ?? shown[0] ?? asked;
}

let current = null;

function goTo(zone) {
  current?.classList.remove("is-current");
  current = zone;
  zone.classList.add("is-current");
  // On a desk the page stands beside its field; on a phone above it, where the field alone is looked at.
  const isBeside = getComputedStyle(document.querySelector(".signing")).gridTemplateColumns.includes(" ");
  if (isBeside) {
    zone.scrollIntoView({ block: "center" });
  }
  const control = controlOf(zone);
  control.focus({ preventScroll: isBeside });
  if (isBeside) {
    control.scrollIntoView({ block: "nearest" });
  } else {
    control.scrollIntoView({ block: "center" });
  }
}

// First to what stands below, whether it may stay empty or not; then back to what is asked for and was passed over.
function goOn() {
  const isOpen = (zone) => zone !== current && !isFilled(zone);
  const found = zones.slice(zones.indexOf(current) + 1).find(isOpen) ?? needed.find(isOpen);
  if (found) {
    goTo(found);
  } else {
    (finish.hidden ? controlOf(current ?? zones[0]) : finish).focus();
  }
}

zones.forEach((zone) => {
  const words = zone.querySelector("[data-zone-words]");
  words.dataset.base = words.getAttribute("y");
  zone.addEventListener("click", (event) => {
    event.preventDefault();
    goTo(zone);
  });
});
form.addEventListener("input", show);
form.addEventListener("change", show);
next.addEventListener("click", goOn);
guide.hidden = zones.length === 0;
show();
