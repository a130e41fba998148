// A composer keeps its draft every few seconds, and sends files with a progress bar. Without this script each of these
// is a button.

const form = document.querySelector("[data-composer]");
const state = document.querySelector("[data-draft-state]");
const chosen = form.querySelector("input[type=file]");

let saving = null; // one keeping at a time, so that each knows the version of the one before
let kept = snapshot();

function typed() {
  const data = new FormData(form);
  if (chosen) {
    data.delete(chosen.name);
  }
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
