// Shows a password while it is typed, and hides it again when the form is sent.

function show(button, field, isShown) {
  field.type = isShown ? "text" : "password";
  button.setAttribute("aria-pressed", String(isShown));
}

document.querySelectorAll("[data-reveals]").forEach((button) => {
  const field = document.getElementById(button.dataset.reveals);
  button.hidden = false;
  button.addEventListener("click", () => show(button, field, field.type === "password"));
  field.form?.addEventListener("submit", () => show(button, field, false));
});
