// Counts the seconds after which a button may be used, then enables it.
// Seconds come from the server, so that a wrong clock in the browser does no harm.

function remaining(seconds) {
  return `${Math.floor(seconds / 60)}:${String(seconds % 60).padStart(2, "0")}`;
}

function start(timer) {
  const endsAt = performance.now() + Number(timer.dataset.countdown) * 1000;
  const button = document.getElementById(timer.dataset.enables);
  const number = timer.querySelector("[data-remaining]");
  const tick = setInterval(() => {
    const seconds = Math.ceil((endsAt - performance.now()) / 1000);
    if (seconds > 0) {
      number.textContent = remaining(seconds);
      return;
    }
    clearInterval(tick);
    button.disabled = false;
    button.removeAttribute("aria-describedby");
    timer.querySelector("[data-waiting]").hidden = true;
  }, 250);
}

document.querySelectorAll("[data-countdown]").forEach(start);
