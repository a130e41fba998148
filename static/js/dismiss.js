// A message that has been read can be closed.

document.querySelectorAll("[data-dismiss]").forEach((button) => {
  button.hidden = false;
  button.addEventListener("click", () => {
    button.closest(".notice").remove();
    document.getElementById("content")?.focus({ preventScroll: true });
  });
});
