// Forms: nothing typed is lost by a slip (data-v-guard), nothing is sent twice, nor what is too large
// to be taken, which would come back as a bare refusal; filters answer at once (data-v-autosubmit),
// errors receive the focus (data-v-focus).
const CHANGED = "vChanged";
const SENT = "vSent";
const TWICE_MS = 2000;
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
  if (form) form.dataset[CHANGED] = "";
});

document.addEventListener("change", (event) => {
  event.target.closest("form[data-v-autosubmit]")?.requestSubmit();
  // An answer on which other questions depend: what is typed is kept, and they are asked.
  if (event.target.matches("[data-v-reask]")) event.target.form.querySelector("[data-v-keeps]")?.click();
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
