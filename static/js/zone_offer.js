// Offers the browser's time zone once, where it differs from the profile's. The offer names the latter in all ways in which
// browsers may report it: Asia/Kolkata is Asia/Calcutta to some.
const offer = document.querySelector("[data-zone-offer]");
const account = document.getElementById("account");
const reported = Intl.DateTimeFormat().resolvedOptions().timeZone;

function typed() {
  return new URLSearchParams(new FormData(account)).toString();
}

if (offer && reported && !offer.dataset.zoneOffer.split(" ").includes(reported)) {
  const drawn = typed();
  // The list has present names alone.
  const zone = JSON.parse(offer.dataset.formerZones)[reported] ?? reported;
  const listed = account.querySelector(`[name="time_zone"] option[value="${CSS.escape(zone)}"]`);
  offer.querySelector("[data-zone-name]").textContent = listed?.textContent.trim() ?? zone.replaceAll("_", " ");
  offer.querySelector("[data-zone-take]").value = zone;
  offer.hidden = false;

  // A new page would lose what is typed: then the answer goes beside it.
  offer.addEventListener("submit", (event) => {
    if (typed() === drawn) {
      return;
    }
    event.preventDefault();
    fetch(offer.action, { method: "POST", body: new FormData(offer, event.submitter) });
    if (event.submitter.value && listed) {
      listed.selected = true;
    }
    offer.hidden = true;
  });
}
