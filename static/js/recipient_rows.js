// The rows of recipients: added without a new page, and what is asked of each of them.

const form = document.querySelector("[data-composer]");

// Rows of recipients ──────────────────────────────────────────────────────────────────────────────────────────────

const rows = document.querySelector("[data-rows]");
const template = document.querySelector("[data-row-template]");
const total = form.elements["to-TOTAL_FORMS"];

function addRow() {
  const number = Number(total.value);
  const holder = document.createElement("template");
  holder.innerHTML = template.innerHTML.replaceAll("__prefix__", number).replaceAll("__number__", number + 1);
  rows.append(holder.content);
  total.value = number + 1;
  rows.lastElementChild.querySelector("input").focus();
}

document.querySelector("[data-add-row]").addEventListener("click", (event) => {
  event.preventDefault();
  addRow();
});

// A row is emptied and hidden: the others keep their numbers, and an empty one is no recipient.
rows.addEventListener("click", (event) => {
  const button = event.target.closest("[data-remove-row]");
  if (button) {
    event.preventDefault();
    const row = button.closest("li");
    row.querySelectorAll("input, .own-proof select").forEach((field) => {
      field.value = "";
    });
    row.hidden = rows.querySelectorAll("li:not([hidden])").length > 1;
    rows.querySelector("li:not([hidden]) input").focus();
    showStrengths();
  }
});

// How well the message is protected, where that is not the same for everybody ──────────────────────────────────────

const strengths = document.querySelector("[data-strengths]");
const EMAILS_NAMED = 3;

// What a recipient is asked, as the choice for all shows it.
function asked(row) {
  const own = row.querySelector(".own-proof select").value;
  const radio = own ? document.getElementById(`proof_${own}`) : form.querySelector("[name=proof]:checked");
  const email = row.querySelector("input[type=email]").value.trim();
  const strength = radio?.closest(".choice").querySelector("[data-strength]").textContent;
  return { email, isOwn: own !== "", marks: Number(radio?.dataset.marks), strength };
}

function showStrengths() {
  const people = [...rows.children].map(asked).filter((person) => person.email && person.strength);
  people.sort((one, other) => one.marks - other.marks);
  const named = new Map();
  people.forEach(({ strength, email }) => named.set(strength, [...(named.get(strength) ?? []), email]));
  strengths.hidden = !people.some((person) => person.isOwn);
  strengths.querySelector("[data-strengths-list]").replaceChildren(
    ...[...named].map(([strength, emails]) => {
      const line = document.createElement("li");
      const more = emails.length > EMAILS_NAMED ? ` … (+${emails.length - EMAILS_NAMED})` : "";
      const values = { strength, names: emails.slice(0, EMAILS_NAMED).join(", ") + more };
      line.textContent = strengths.dataset.textLine.replace(/\{(\w+)\}/g, (_place, name) => values[name]);
      return line;
    }),
  );
}

form.addEventListener("change", showStrengths);
showStrengths();
