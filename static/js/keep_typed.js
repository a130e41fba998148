// Another language or appearance draws the page anew. What was typed into the form that asks for it is kept over that one step, in
// this tab alone, and whatever page comes next forgets it. No password, code, hidden value or file is kept.

const PLACE = "typed";
const CHOICES = ["language", "appearance"]; // the menu's buttons, by name
const BOXES = ["checkbox", "radio"];
const KINDS = [...BOXES, "text", "email", "tel", "number", "date", "textarea", "select-one"];

function formToKeep() {
  return document.querySelector("[data-keeps-typed]");
}

// A password that is shown has become a text.
function mayBeKept(control) {
  return control.name && KINDS.includes(control.type) && !/password|one-time-code/.test(control.autocomplete);
}

function isChanged(control) {
  if (control.options) {
    return [...control.options].some((option) => option.selected !== option.defaultSelected);
  }
  return control.value !== control.defaultValue || control.checked !== control.defaultChecked;
}

function named(form, name) {
  return [...form.elements].filter((control) => control.name === name);
}

// A refused form was drawn with what had been typed. What the menu chooses is what the same field of a form then says.
function typedIn(form, choice) {
  const isAll = form.dataset.keepsTyped === "all";
  return [...form.elements]
    .filter((control) => mayBeKept(control) && control.name !== choice && (isAll || isChanged(control)))
    .map((control) => ({
      name: control.name,
      nth: named(form, control.name).indexOf(control),
      value: BOXES.includes(control.type) ? control.checked : control.value,
    }));
}

function giveBack(form, { name, nth, value }) {
  const control = named(form, name)[nth];
  if (!control || !mayBeKept(control)) {
    return;
  }
  control[BOXES.includes(control.type) ? "checked" : "value"] = value;
  control.dispatchEvent(new Event("input", { bubbles: true }));
  control.dispatchEvent(new Event("change", { bubbles: true }));
}

function hasFiles(form) {
  return [...form.elements].some((control) => control.files?.length);
}

// Before the script that lets the menu be sent once hears of it: whoever stays may choose again.
function keepTyped(event) {
  const form = formToKeep();
  const choice = event.submitter?.name;
  if (event.target.id !== "menu-form" || !CHOICES.includes(choice) || !form || "sent" in form.dataset) {
    return;
  }
  if (hasFiles(form) && !confirm(form.dataset.textFiles)) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  const { pathname } = new URL(event.target.elements.next.value, location);
  sessionStorage.setItem(PLACE, JSON.stringify({ pathname, typed: typedIn(form, choice) }));
}

document.addEventListener("submit", keepTyped, { capture: true });

const kept = JSON.parse(sessionStorage.getItem(PLACE));
sessionStorage.removeItem(PLACE);

// Once the other scripts of the page have seen the form as it was drawn.
document.addEventListener("DOMContentLoaded", () => {
  const form = formToKeep();
  if (form && kept?.pathname === location.pathname) {
    kept.typed.forEach((one) => giveBack(form, one));
  }
});
