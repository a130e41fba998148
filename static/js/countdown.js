// Counts the seconds after which a button may be used, then enables it.
// Seconds come from the server, so that a wrong clock in the browser does no harm.

function remaining(seconds) {
  const twoDigits = (number) => String(number).padStart(2, "0");
  const [hours, minutes] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60];
  const begins = hours ? `${hours}:${twoDigits(minutes)}` : minutes;
  return `${begins}:${twoDigits(seconds % 60)}`;
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
