// The secret of a mailed link stands behind its #, where no server sees it. It goes into the form's field, which is then
// hidden, and leaves the address bar. Without scripts the field takes the pasted link.
// A classic script in old words, so that it runs in browsers that know no modules.

(function () {
  var place = document.querySelector("[data-from-fragment]");
  var field = place.querySelector("input");
  var secret = location.hash.slice(1);
  var leaving = document.querySelectorAll("button[form='menu-form'][formaction]");
  var i;

  if (secret) {
    field.value = secret;
    history.replaceState(null, "", location.pathname + location.search);
    // Another language or appearance draws this page again: browsers carry a fragment over the redirect to it.
    for (i = 0; i < leaving.length; i += 1) {
      leaving[i].setAttribute("formaction", leaving[i].getAttribute("formaction") + "#" + secret);
    }
  }
  place.hidden = field.value !== "" && field.getAttribute("aria-invalid") !== "true";
})();
