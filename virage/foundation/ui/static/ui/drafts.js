// Drafts (data-v-draft): kept by the server after a pause; while it does not answer, on this
// computer, encrypted with the session's key, until it answers again, lock or sign-out.
const PREFIX = "draft:";
const store = localStorage;
const timers = new WeakMap();
// Behind the lock nothing is kept: it waits in the page.
let isShut = false;
const place = (form) => PREFIX + form.dataset.vDraft;
const DRAFTED = "form[data-v-draft]";
const drafted = (event) => event.target.closest(DRAFTED);
const on = (name, act) => document.addEventListener(name, act, true);
const bytes = (text) => Uint8Array.from(atob(text), (sign) => sign.charCodeAt(0));
// One by one: a call takes no more arguments than its stack holds.
const letters = (raw) => Array.from(raw, (byte) => String.fromCharCode(byte)).join("");
const keyOf = (form) => crypto.subtle.importKey("raw", bytes(form.dataset.vLocal), "AES-GCM", false, ["encrypt", "decrypt"]);

function entered(form) {
  const held = {};
  for (const [name, value] of new FormData(form)) {
    if (typeof value === "string" && !/^(csrf|sent$)/.test(name)) (held[name] ??= []).push(value);
  }
  return JSON.stringify(held);
}

async function keepHere(form, text) {
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const sealed = await crypto.subtle.encrypt({ name: "AES-GCM", iv }, await keyOf(form), new TextEncoder().encode(text));
  store.setItem(place(form), btoa([iv, new Uint8Array(sealed)].map(letters).join("")));
}

async function send(form, text) {
  const { csrfmiddlewaretoken: token, sent } = form.elements;
  const body = new URLSearchParams({ csrfmiddlewaretoken: token.value, sent: sent.value, form: form.dataset.vDraft, entered: text });
  const answer = await fetch(form.dataset.vKeep, { method: "POST", body });
  if (answer.status !== 204) throw answer;
  store.removeItem(place(form));
}

async function keep(form) {
  if (isShut) return wait(form);
  const text = entered(form);
  const kept = `Brouillon gardé à ${new Date().toLocaleTimeString("fr", { timeStyle: "short" })}`;
  let told = `${kept}.`;
  await send(form, text).catch((failure) => {
    const isAway = !failure.status || failure.status >= 500;
    told = `Pas de brouillon : ${failure.status === 422 ? "texte vide, ou trop long pour être gardé" : "copiez votre texte, puis rechargez la page"}.`;
    if (isAway || isShut) wait(form);
    if (!isAway || isShut) return;
    told = `${kept} sur ce poste seul.`;
    return keepHere(form, text);
  });
  form.querySelector("[data-v-kept]").textContent = told;
}

// A copy that this session opens goes to the server.
async function bringBack(form) {
  const held = store.getItem(place(form));
  if (!held) return;
  const raw = bytes(held);
  try {
    const text = await crypto.subtle.decrypt({ name: "AES-GCM", iv: raw.slice(0, 12) }, await keyOf(form), raw.slice(12));
    await send(form, new TextDecoder().decode(text));
    location.reload();
  } catch (error) {
    if (error.name === "OperationError") store.removeItem(place(form));
  }
}

function wait(form) {
  clearTimeout(timers.get(form));
  timers.set(form, setTimeout(keep, 3000, form));
}

function wipe() {
  for (const name of Object.keys(store)) if (name.startsWith(PREFIX)) store.removeItem(name);
}

on("input", (event) => {
  const form = drafted(event);
  if (form) wait(form);
});

on("submit", (event) => {
  const form = drafted(event);
  if (/(deconnexion|verrouiller)\/$/.test(event.target.action)) wipe();
  clearTimeout(timers.get(form));
  if (!form || navigator.onLine) return;
  event.preventDefault();
  event.stopImmediatePropagation();
  keep(form);
  form.dispatchEvent(new CustomEvent("htmx:sendError", { bubbles: true, detail: { elt: form } }));
});

on("virage:lock", () => {
  isShut = true;
  wipe();
});
on("virage:unlocked", () => {
  isShut = false;
});
// Sign-in and lock stand outside the shell.
if (document.querySelector("main.lone")) wipe();
document.querySelectorAll(DRAFTED).forEach(bringBack);
