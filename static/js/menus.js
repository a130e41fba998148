// An open menu closes when one clicks beside it, leaves it by keyboard, or presses Escape.

const OPEN = "details.menu[open]";

function closeMenusOutside(node) {
  document.querySelectorAll(OPEN).forEach((menu) => {
    if (!menu.contains(node)) {
      menu.open = false;
    }
  });
}

document.addEventListener("click", (event) => closeMenusOutside(event.target));
document.addEventListener("focusin", (event) => closeMenusOutside(event.target));

document.addEventListener("keydown", (event) => {
  const menu = event.key === "Escape" && document.querySelector(OPEN);
  if (menu) {
    menu.open = false;
    menu.querySelector("summary").focus();
  }
});
