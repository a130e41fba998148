// The handwritings show what is typed. Without this script they show what was typed before.

document.querySelectorAll("[data-hands]").forEach((hands) => {
  const text = document.getElementById(hands.dataset.hands);
  text.addEventListener("input", () => {
    hands.querySelectorAll("[data-hand-sample]").forEach((sample) => {
      sample.textContent = text.value.trim() || hands.dataset.sample;
    });
  });
});
