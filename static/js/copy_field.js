// A field that is to be copied selects itself when it is reached; a button copies it where the browser lets it.

document.querySelectorAll("[data-copied]").forEach((field) => {
  field.addEventListener("focus", () => field.select());
});

document.querySelectorAll("[data-copies]").forEach((button) => {
  const field = document.getElementById(button.dataset.copies);
  button.hidden = false;
  button.addEventListener("click", async () => {
    field.focus();
    field.select();
    if (navigator.clipboard) {
      await navigator.clipboard.writeText(field.value);
      button.querySelector("span").textContent = button.dataset.done;
    }
  });
});
