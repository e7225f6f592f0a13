// Forms: nothing typed is lost by a slip (data-v-guard), nothing is sent twice, nor what is too large
// to be taken, which would come back as a bare refusal; filters answer at once (data-v-autosubmit),
// errors receive the focus (data-v-focus); what is entered while the server answers wins over the answer.
const CHANGED = "vChanged";
const SENT = "vSent";
const TWICE_MS = 2000;
// The button that keeps what is typed in a form that stays, and the one that ends it.
const KEEPS = "[data-v-keeps]";
const ENDS = "[type=submit]:not([data-v-keeps])";
// What was done to a form since it left for the server: the fields changed, by name, and the button pressed.
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
  meanwhile.get(form)?.names.add(event.target.name);
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-v-autosubmit]")?.requestSubmit();
  // An answer on which other questions depend: what is typed is kept, and they are asked.
  if (event.target.matches("[data-v-reask]")) event.target.form.querySelector(KEEPS)?.click();
});

document.addEventListener("htmx:beforeSend", (event) => {
  const form = guarded(event.detail.elt);
  if (form) meanwhile.set(form, { names: new Set(), pressed: "" });
});

// What is pressed while a form that stays is away is pressed once it is back: ending it goes before keeping it.
function isHeld(form, button) {
  const left = form.querySelector(KEEPS) && meanwhile.get(form);
  if (!left) return false;
  if (!button?.matches(KEEPS)) left.pressed = ENDS;
  else if (left.names.size) left.pressed ||= KEEPS;
  return true;
}

// A form that stays and comes back takes what was changed in the one that left, which is not saved yet. With errors, it
// is to be read before anything more is sent.
document.addEventListener("htmx:afterSwap", (event) => {
  const left = event.detail.requestConfig?.elt;
  const form = event.target.querySelector?.(`form:has(${KEEPS})`);
  const { names, pressed } = meanwhile.get(left) ?? {};
  if (!form || !names) return;
  const changed = [...form.elements].filter((field) => names.has(field.name) && left.elements[field.id]);
  for (const field of changed) {
    const { value, checked, selectionStart, selectionEnd } = left.elements[field.id];
    if (["checkbox", "radio"].includes(field.type)) field.checked = checked;
    else field.value = value;
    if (field === document.activeElement && selectionStart !== null) field.setSelectionRange(selectionStart, selectionEnd);
    field.dispatchEvent(new Event("input", { bubbles: true }));
  }
  if (changed.length) form.querySelector("[role=status]").replaceChildren();
  if (!pressed || event.detail.xhr.status >= 400) return;
  event.target.addEventListener("htmx:afterSettle", () => form.querySelector(pressed).click(), { once: true });
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
  if (isHeld(form, event.submitter) || isTwice) {
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
    meanwhile.delete(form);
    delete form.dataset[SENT];
    form.dataset[CHANGED] = "";
  });
}

addEventListener("beforeunload", (event) => {
  if (document.querySelector("form[data-v-changed]")) event.preventDefault();
});

document.addEventListener("htmx:afterSettle", (event) => showErrors(event.detail.elt));
showErrors(document);
