// Offers the browser's time zone once, where it differs from the profile's.
const offer = document.querySelector("[data-zone-offer]");
const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
if (offer && zone && zone !== offer.dataset.zoneOffer) {
  const listed = document.querySelector(`[name="time_zone"] option[value="${CSS.escape(zone)}"]`);
  offer.querySelector("[data-zone-name]").textContent = listed?.textContent.trim() ?? zone.replaceAll("_", " ");
  offer.querySelector("[data-zone-take]").value = zone;
  offer.hidden = false;
}
