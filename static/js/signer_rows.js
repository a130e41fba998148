// Adds a row for a signer without a new page; what is typed into the others stays as it is.

const form = document.querySelector("[data-composer]");
const rows = document.querySelector("[data-rows]");
const template = document.querySelector("[data-row-template]");
const total = form.elements["signer-TOTAL_FORMS"];
const button = document.querySelector("[data-add-row]");

function addRow() {
  const number = Number(total.value);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number).replaceAll("__number__", number + 1);
  rows.append(holder.content);
  total.value = number + 1;
  form.elements[`signer-${number}-key`].value = `row-${Date.now().toString(36)}-${number}`;
  form.elements[`signer-${number}-turn`].value = number + 1;
  form.elements[`signer-${number}-name`].focus();
  button.hidden = number + 1 >= Number(rows.dataset.most);
}

button?.addEventListener("click", (event) => {
  event.preventDefault();
  addRow();
});
