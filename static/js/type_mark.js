// The handwritings show what is typed. Without this script they show what was typed before.

const hands = document.querySelector("[data-hands]");
const text = document.querySelector("#text");

text.addEventListener("input", () => {
  hands.querySelectorAll("[data-hand-sample]").forEach((sample) => {
    sample.textContent = text.value.trim() || hands.dataset.sample;
  });
});
