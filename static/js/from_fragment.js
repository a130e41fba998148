// The secret of a mailed link stands behind its #, where no server sees it. It goes into the form's field, which is then
// hidden, and leaves the address bar. Without scripts the field takes the pasted link.

const place = document.querySelector("[data-from-fragment]");
const field = place.querySelector("input");
const secret = location.hash.slice(1);

if (secret) {
  field.value = secret;
  history.replaceState(null, "", location.pathname + location.search);
}
place.hidden = field.value !== "" && field.getAttribute("aria-invalid") !== "true";
