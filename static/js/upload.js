// A form with files says what was chosen, and how much of it has been sent. Without this script the browser sends it.

const UNITS = ["byte", "kilobyte", "megabyte", "gigabyte"];

function shownSize(bytes) {
  const step = Math.min(UNITS.length - 1, bytes ? Math.floor(Math.log10(bytes) / 3) : 0);
  const format = { style: "unit", unit: UNITS[step], maximumFractionDigits: 1 };
  return (bytes / 1000 ** step).toLocaleString(document.documentElement.lang, format);
}

function showChosen(form, files) {
  const list = form.querySelector("[data-chosen]");
  const rows = [...files].map((file) => {
    const row = document.createElement("li");
    [file.name, shownSize(file.size)].forEach((words) => {
      row.append(Object.assign(document.createElement("span"), { textContent: words }));
    });
    return row;
  });
  list.replaceChildren(...rows);
  list.hidden = !rows.length;
}

// The form stays as it is, files included, so that it can be sent again.
function wake(form) {
  delete form.dataset.sent;
  form.querySelectorAll("[aria-disabled]").forEach((button) => button.removeAttribute("aria-disabled"));
}

// A refused form comes back with its errors; the files that were chosen go on into it.
function showAnswer(form, html) {
  const page = new DOMParser().parseFromString(html, "text/html");
  const fresh = page.querySelector("[data-upload] input[type=file]");
  page.querySelector("[data-choose-again]")?.remove();
  fresh?.replaceWith(withErrorOf(fresh, form.querySelector("input[type=file]")));
  document.title = page.title;
  document.querySelector("main").replaceWith(page.querySelector("main"));
  begin();
  (document.querySelector("[data-error-summary]") ?? document.querySelector("h1")).focus();
}

function withErrorOf(fresh, chosen) {
  ["aria-invalid", "aria-describedby"].forEach((name) => {
    chosen.toggleAttribute(name, fresh.hasAttribute(name));
    if (fresh.hasAttribute(name)) {
      chosen.setAttribute(name, fresh.getAttribute(name));
    }
  });
  return chosen;
}

function send(form) {
  const progress = form.querySelector("[data-progress]");
  const bar = progress.querySelector("progress");
  const words = progress.querySelector("[data-progress-text]");
  const request = new XMLHttpRequest();
  progress.hidden = false;
  bar.hidden = false;
  words.textContent = form.dataset.textSending;
  request.open("POST", form.action);
  request.upload.addEventListener("progress", (event) => {
    bar.value = event.total ? Math.floor((100 * event.loaded) / event.total) : 0;
  });
  request.addEventListener("load", () => {
    if (request.responseURL !== form.action) {
      location.assign(request.responseURL);
    } else {
      showAnswer(form, request.responseText);
    }
  });
  request.addEventListener("error", () => {
    bar.hidden = true;
    words.textContent = form.dataset.textBroken;
    wake(form);
  });
  request.send(new FormData(form));
}

function begin() {
  const form = document.querySelector("[data-upload]");
  const files = form?.querySelector("input[type=file]");
  if (!files) {
    return;
  }
  files.addEventListener("change", () => showChosen(form, files.files));
  showChosen(form, files.files);
  form.addEventListener("submit", (event) => {
    if (files.files.length && !("sent" in form.dataset)) {
      event.preventDefault();
      send(form);
    }
  });
}

begin();
