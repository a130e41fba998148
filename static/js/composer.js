// The composer keeps its draft every few seconds, sends files with a progress bar, and adds rows without a new page.
// Without this script each of these is a button.

const form = document.querySelector("[data-composer]");
const state = document.querySelector("[data-draft-state]");
const FILES = "attachments";

let saving = null; // one keeping at a time, so that each knows the version of the one before
let kept = snapshot();

function typed() {
  const data = new FormData(form);
  data.delete(FILES);
  data.delete("item_password");
  return data;
}

function snapshot() {
  const data = typed();
  data.delete("version");
  return JSON.stringify([...data]);
}

// Also the password, which is not kept, has to survive: nothing on the page is drawn anew but what was kept.
function send(data, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.saveUrl);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", onProgress ?? (() => {}));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error("unreachable")));
    request.send(data);
  });
}

async function keep(data, onProgress) {
  const shown = snapshot();
  try {
    const answer = await send(data, onProgress);
    const isAnswer = answer.response !== null;
    if (isAnswer && answer.response.version) {
      form.elements.version.value = answer.response.version;
      kept = shown;
    }
    state.textContent = (isAnswer && (answer.response.kept || answer.response.error)) || form.dataset.textOffline;
    return isAnswer ? answer.response : {};
  } catch {
    state.textContent = form.dataset.textOffline;
    return {};
  }
}

async function keepTyped() {
  if (saving || snapshot() === kept) {
    return;
  }
  saving = keep(typed());
  await saving;
  saving = null;
}

setInterval(keepTyped, Number(form.dataset.saveEvery) * 1000);

// A form that is sent waits for a keeping under way, so that it knows the newest version.
form.addEventListener("submit", async (event) => {
  if (saving) {
    event.preventDefault();
    event.stopImmediatePropagation();
    await saving;
    form.requestSubmit(event.submitter);
  }
});

// Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────

const chosen = form.elements[FILES];
const progress = document.querySelector("[data-progress]");

function showProgress(event) {
  const bar = progress.querySelector("progress");
  if (event.lengthComputable) {
    bar.value = Math.floor((100 * event.loaded) / event.total);
  }
}

async function sendFiles() {
  await saving;
  progress.hidden = false;
  const words = progress.querySelector("[data-progress-text]");
  words.textContent = form.dataset.textUploading;
  const data = new FormData(form);
  data.delete("item_password");
  saving = keep(data, showProgress);
  const answer = await saving;
  saving = null;
  if (answer.page && !answer.error) {
    location.assign(answer.page);
    return;
  }
  chosen.value = "";
  progress.querySelector("progress").hidden = true;
  words.textContent = answer.error ?? form.dataset.textOffline;
}

if (chosen) {
  document.querySelector("[data-without-script]").hidden = true;
  chosen.addEventListener("change", sendFiles);
}

// Rows of recipients ──────────────────────────────────────────────────────────────────────────────────────────────

const rows = document.querySelector("[data-rows]");
const template = document.querySelector("[data-row-template]");
const total = form.elements["to-TOTAL_FORMS"];

function addRow() {
  const number = Number(total.value);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number).replaceAll("__number__", number + 1);
  rows.append(holder.content);
  total.value = number + 1;
  rows.lastElementChild.querySelector("input").focus();
}

document.querySelector("[data-add-row]").addEventListener("click", (event) => {
  event.preventDefault();
  addRow();
});

// A row is emptied and hidden: the others keep their numbers, and an empty one is no recipient.
rows.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove-row]");
  if (button) {
    event.preventDefault();
    const row = button.closest("li");
    row.querySelectorAll("input, .own-proof select").forEach((field) => {
      field.value = "";
    });
    row.hidden = rows.querySelectorAll("li:not([hidden])").length > 1;
    rows.querySelector("li:not([hidden]) input").focus();
    showStrengths();
  }
});

// How well the message is protected, where that is not the same for everybody ──────────────────────────────────────

const strengths = document.querySelector("[data-strengths]");
const EMAILS_NAMED = 3;

// What a recipient is asked, as the choice for all shows it.
function asked(row) {
  const own = row.querySelector(".own-proof select").value;
  const radio = own ? document.getElementById(`proof_${own}`) : form.querySelector("[name=proof]:checked");
  const email = row.querySelector("input[type=email]").value.trim();
  const strength = radio?.closest(".choice").querySelector("[data-strength]").textContent;
  return { email, isOwn: own !== "", marks: Number(radio?.dataset.marks), strength };
}

function showStrengths() {
  const people = [...rows.children].map(asked).filter((person) => person.email && person.strength);
  people.sort((one, other) => one.marks - other.marks);
  const named = new Map();
  people.forEach(({ strength, email }) => named.set(strength, [...(named.get(strength) ?? []), email]));
  strengths.hidden = !people.some((person) => person.isOwn);
  strengths.querySelector("[data-strengths-list]").replaceChildren(
    ...[...named].map(([strength, emails]) => {
      const line = document.createElement("li");
      const more = emails.length > EMAILS_NAMED ? ` … (+${emails.length - EMAILS_NAMED})` : "";
      const values = { strength, names: emails.slice(0, EMAILS_NAMED).join(", ") + more };
      line.textContent = strengths.dataset.textLine.replace(/\{(\w+)\}/g, (_place, name) => values[name]);
      return line;
    }),
  );
}

form.addEventListener("change", showStrengths);
showStrengths();
