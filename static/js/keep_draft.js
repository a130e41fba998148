// A composer keeps its draft every few seconds, and sends files with a progress bar. Without this script each of these
// is a button.

const form = document.querySelector("[data-composer]");
const state = document.querySelector("[data-draft-state]");
// What is typed is answered at once or not at all; files take their time.
const PATIENCE_MILLISECONDS = 20_000;

let saving = null; // one keeping at a time, so that each knows the version of the one before
let leaving = false; // a form that is sent waits for the keeping under way
let kept = snapshot();

function filesField() {
  return form.querySelector("input[type=file]");
}

function typed() {
  const data = new FormData(form);
  const files = filesField();
  if (files) {
    data.delete(files.name);
  }
  data.delete("item_password");
  return data;
}

function snapshot() {
  const data = typed();
  data.delete("version");
  data.delete("shown_file");
  data.delete("show"); // to look at another page changes nothing
  return JSON.stringify([...data]);
}

function send(data, onProgress) {
  return new Promise((resolve, reject) => {
    const request = new XMLHttpRequest();
    request.open("POST", form.dataset.saveUrl);
    request.setRequestHeader("Accept", "application/json");
    request.responseType = "json";
    request.upload.addEventListener("progress", onProgress ?? (() => {}));
    request.addEventListener("load", () => resolve(request));
    request.addEventListener("error", () => reject(new Error("unreachable")));
    request.addEventListener("abort", () => reject(new Error("unanswered")));
    request.send(data);
    if (!onProgress) {
      setTimeout(() => request.abort(), PATIENCE_MILLISECONDS);
    }
  });
}

// Whoever is signed out is led to another page, with what was typed kept until they are back; a fault is no page.
function whyNot(answer) {
  return answer.status < 400 ? form.dataset.textEnded : form.dataset.textOffline;
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
    state.textContent = (isAnswer && (answer.response.kept || answer.response.error)) || whyNot(answer);
    return isAnswer ? answer.response : {};
  } catch {
    state.textContent = form.dataset.textOffline;
    return {};
  }
}

// Nothing is kept behind the back of a form that is sent: it would find a version that it does not know.
async function keepTyped() {
  if (saving || "sent" in form.dataset || snapshot() === kept) {
    return;
  }
  saving = keep(typed());
  await saving;
  saving = null;
}

setInterval(keepTyped, Number(form.dataset.saveEvery) * 1000);

// A form that is sent waits for a keeping under way, so that it knows the newest version and sends no file a second
// time; where files were refused, it stays.
form.addEventListener("submit", async (event) => {
  if (!saving) {
    return;
  }
  event.preventDefault();
  event.stopImmediatePropagation();
  if (leaving) {
    return;
  }
  leaving = true;
  const answer = await saving;
  leaving = false;
  if (!answer.isRefused && (!event.submitter || event.submitter.isConnected)) {
    form.requestSubmit(event.submitter);
  }
});

// Files ───────────────────────────────────────────────────────────────────────────────────────────────────────────

function showProgress(event) {
  const bar = form.querySelector("[data-progress] progress");
  if (event.lengthComputable) {
    bar.value = Math.floor((100 * event.loaded) / event.total);
  }
}

// The password is not kept, so the page has to stay: only the list of files is drawn anew.
async function drawFiles(page) {
  const answer = await fetch(page, { signal: AbortSignal.timeout(PATIENCE_MILLISECONDS) });
  const fresh = new DOMParser().parseFromString(await answer.text(), "text/html");
  form.querySelector("[data-files]").replaceWith(fresh.querySelector("[data-files]"));
  const told = fresh.querySelector(".messages");
  const before = document.querySelector(".messages");
  if (told && before) {
    before.append(...told.children);
  } else if (told) {
    document.querySelector("main").prepend(told);
  }
  hideButton();
  filesField()?.focus();
  // Whoever loads the page again gets the draft, with its files.
  history.replaceState(history.state, "", page);
}

async function takeFiles(chosen) {
  const progress = form.querySelector("[data-progress]");
  const words = progress.querySelector("[data-progress-text]");
  progress.hidden = false;
  progress.querySelector("progress").hidden = false;
  words.textContent = form.dataset.textUploading;
  const data = new FormData(form);
  data.delete("item_password");
  const { name } = filesField();
  data.delete(name);
  chosen.forEach((file) => data.append(name, file));
  const answer = await keep(data, showProgress);
  if (answer.page && !answer.error) {
    try {
      await drawFiles(answer.page);
    } catch {
      words.textContent = answer.kept;
    }
    return answer;
  }
  progress.querySelector("progress").hidden = true;
  words.textContent = answer.error ?? state.textContent;
  return { isRefused: true };
}

// Taken out of the field at once: what is chosen while files are on their way goes after them. What was said of earlier
// files is over, unless it is of some that went just before.
async function sendFiles() {
  const chosen = [...filesField().files];
  filesField().value = "";
  if (!saving) {
    document.querySelector(".messages")?.remove();
  }
  while (saving) {
    await saving;
  }
  saving = takeFiles(chosen);
  await saving;
  saving = null;
}

function hideButton() {
  form.querySelector("[data-without-script]")?.setAttribute("hidden", "");
}

hideButton();
form.addEventListener("change", (event) => {
  if (event.target === filesField()) {
    sendFiles();
  }
});
