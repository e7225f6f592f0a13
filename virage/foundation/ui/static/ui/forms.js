// Forms: nothing typed is lost by a slip (data-v-guard), nothing is sent twice, nor what is too large
// to be taken, which would come back as a bare refusal; filters answer at once (data-v-autosubmit),
// errors receive the focus (data-v-focus); what is entered while the server answers wins over the answer.
const CHANGED = "vChanged";
const SENT = "vSent";
const TWICE_MS = 2000;
// The names of the fields changed since their form left for the server, by form.
const meanwhile = new WeakMap();
const most = document.getElementById("too-large")?.dataset;

function guarded(element) {
  return element.closest?.("form[data-v-guard]");
}

// A form shown again with its errors holds what is not saved yet.
function showErrors(root) {
  const errors = root.querySelector("[data-v-focus]");
  if (!errors) return;
  const form = guarded(errors);
  if (form) form.dataset[CHANGED] = "";
  errors.focus();
}

document.addEventListener("input", (event) => {
  const form = guarded(event.target);
  if (!form) return;
  form.dataset[CHANGED] = "";
  meanwhile.get(form)?.add(event.target.name);
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-v-autosubmit]")?.requestSubmit();
  // An answer on which other questions depend: what is typed is kept, and they are asked.
  if (event.target.matches("[data-v-reask]")) askAgain(event.target.form);
});

function askAgain(form) {
  form.querySelector("[data-v-keeps]")?.click();
}

document.addEventListener("htmx:beforeSend", (event) => {
  const form = guarded(event.detail.elt);
  if (form) meanwhile.set(form, new Set());
});

// A form that stays (data-v-keeps) and comes back takes what was changed in the one that left, which is not saved yet.
document.addEventListener("htmx:afterSwap", (event) => {
  const left = event.detail.requestConfig?.elt;
  const form = event.target.querySelector?.("form:has([data-v-keeps])");
  const names = meanwhile.get(left);
  if (!form || !names?.size) return;
  const changed = [...form.elements].filter((field) => names.has(field.name) && left.elements[field.id]);
  for (const field of changed) {
    const { value, checked, selectionStart, selectionEnd } = left.elements[field.id];
    if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
    else field.value = value;
    if (field === document.activeElement && selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (changed.length) form.querySelector("[role=status]").replaceChildren();
  if (!changed.some((field) => field.matches("[data-v-reask]"))) return;
  event.target.addEventListener("htmx:afterSettle", () => askAgain(form), { once: true });
});

function isTooLarge(form) {
  const held = new FormData(form);
  const files = [...held.values()].reduce((sum, one) => sum + (one.size ?? 0), 0);
  return new URLSearchParams(held).toString().length > most?.vText || files > most?.vFiles;
}

document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post") return;
  if (isTooLarge(form)) {
    event.preventDefault();
    event.stopPropagation();
    document.dispatchEvent(new Event("virage:too-large"));
    return;
  }
  const isTwice = event.timeStamp - Number(form.dataset[SENT] ?? -TWICE_MS) < TWICE_MS;
  if (isTwice) {
    event.preventDefault();
    event.stopPropagation();
    return;
  }
  form.dataset[SENT] = event.timeStamp;
  delete form.dataset[CHANGED];
}, { capture: true });

// What did not arrive, or was refused, is not saved.
for (const failure of ["htmx:sendError", "htmx:responseError"]) {
  document.addEventListener(failure, (event) => {
    const form = guarded(event.detail.elt);
    if (!form) return;
    delete form.dataset[SENT];
    form.dataset[CHANGED] = "";
  });
}

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-v-changed]")) event.preventDefault();
});

document.addEventListener("htmx:afterSettle", (event) => showErrors(event.detail.elt));
showErrors(document);
