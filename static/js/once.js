// A form that changes something is sent once: a second click waits for the answer of the first.
// Forms whose answer is a download leave the page standing and carry data-repeatable.

const SENT = "sent";

// Also those that stand elsewhere and name the form.
function submitButtons(form) {
  return [...form.elements].filter((control) => control.type === "submit");
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || "repeatable" in form.dataset) {
    return;
  }
  if (SENT in form.dataset) {
    event.preventDefault();
    return;
  }
  form.dataset[SENT] = "";
  // After the browser has read the fields: a disabled button would not send its own value.
  setTimeout(() => submitButtons(form).forEach((button) => button.setAttribute("aria-disabled", "true")));
});

// The Back button may bring the page back as it was left.
addEventListener("pageshow", () => {
  document.querySelectorAll(`form[data-${SENT}]`).forEach((form) => {
    delete form.dataset[SENT];
    submitButtons(form).forEach((button) => button.removeAttribute("aria-disabled"));
  });
});
