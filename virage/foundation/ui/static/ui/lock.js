// A page left alone is locked, on the server and here; what was typed stays behind the lock.
const bar = document.querySelector("[data-v-lock]");
const IDLE_MS = Number(bar?.dataset.vLock) * 60_000;
const QUIET_MS = 60_000;
const PRESENT_EVERY_MS = 90_000;
const AWAY_MS = 3000;
const tabs = "BroadcastChannel" in window ? new BroadcastChannel("virage") : null;
let lastGesture = Date.now();
let lastAsked = Date.now();
let screen = null;

function token() {
  return bar.querySelector("[name=csrfmiddlewaretoken]").value;
}

function ask(url, body) {
  const headers = { "HX-Request": "true", "HX-Current-URL": location.href };
  lastAsked = Date.now();
  if (body && !body.has("csrfmiddlewaretoken")) body.set("csrfmiddlewaretoken", token());
  return fetch(url, { method: body ? "POST" : "GET", body, headers });
}

// Another situation was chosen in another tab: the lock's own form has the token that is right now.
async function renewToken() {
  const answer = await ask(bar.dataset.vLockUrl);
  const lockForm = new DOMParser().parseFromString(await answer.text(), "text/html");
  const fresh = lockForm.querySelector("[name=csrfmiddlewaretoken]");
  if (fresh) bar.querySelector("[name=csrfmiddlewaretoken]").value = fresh.value;
}

function noteGesture() {
  lastGesture = Date.now();
  if (screen || lastGesture - lastAsked < PRESENT_EVERY_MS) return;
  tabs?.postMessage("present");
  presence().then((status) => {
    if (status === 403) show();
  });
}

// What the server says of this page's session: 200, 403 when it is locked or over; nothing without
// network. A page of someone else leaves at once.
async function presence() {
  const isThere = () => ask(bar.dataset.vPresence, new FormData()).catch(() => null);
  let answer = await isThere();
  if (answer?.status === 403) {
    await renewToken().catch(() => {});
    answer = await isThere();
  }
  if (answer?.status === 200 && answer.headers.get("X-Virage-Account") !== bar.dataset.vAccount) {
    show();
    location.reload();
    return 403;
  }
  return answer?.status;
}

async function checkOpen(otherwise) {
  if ((await presence()) !== 200) otherwise();
}

async function lock() {
  await lockThere();
  tabs?.postMessage("locked");
  show();
}

async function lockThere() {
  const { action } = bar.querySelector("form");
  const answer = await ask(action, new FormData()).catch(() => null);
  if (answer?.status === 403) await renewToken().then(() => ask(action, new FormData())).catch(() => {});
}

const askForm = () => ask(bar.dataset.vLockUrl).catch(() => null);

async function show() {
  if (screen) return;
  screen = document.createElement("dialog");
  screen.className = "lock-screen";
  screen.setAttribute("aria-labelledby", "lock-title");
  screen.addEventListener("cancel", (event) => event.preventDefault());
  screen.addEventListener("submit", unlock);
  document.body.append(screen);
  screen.showModal();
  document.dispatchEvent(new CustomEvent("virage:lock"));
  fill(await askForm());
}

async function fill(answer) {
  if (!answer || answer.status >= 500) return waitForServer();
  // Signed out meanwhile: the server's own page says what to do.
  if (answer.status === 204) return location.assign(bar.dataset.vLockUrl);
  screen.innerHTML = await answer.text();
  screen.querySelector("input:not([type=hidden])")?.focus();
}

// The page stays, with what was typed; the server, once back, is told of the lock before it asks for the code.
function waitForServer() {
  screen.replaceChildren(document.getElementById("locked-away").content.cloneNode(true));
  setTimeout(async () => {
    // Another tab may have taken the code meanwhile.
    if (!screen) return;
    await lockThere();
    fill(await askForm());
  }, AWAY_MS);
}

async function unlock(event) {
  if (!event.target.matches("[data-v-unlock]")) return;
  event.preventDefault();
  const answer = await ask(bar.dataset.vLockUrl, new FormData(event.target)).catch(() => null);
  if (answer?.headers.get("HX-Trigger") !== "virage:unlocked") return fill(answer);
  tabs?.postMessage("unlocked");
  if ((await presence()) === 200) hide();
}

function hide() {
  screen?.remove();
  screen = null;
  lastGesture = Date.now();
  document.dispatchEvent(new CustomEvent("virage:unlocked"));
}

// A page outside the shell: someone may have signed out, and what the other tabs show is no longer his.
if (document.querySelector("main.lone")) tabs?.postMessage("left");

if (bar) {
  for (const kind of ["pointerdown", "keydown", "wheel"]) {
    document.addEventListener(kind, noteGesture, { passive: true });
  }
  bar.addEventListener("submit", (event) => {
    event.preventDefault();
    lock();
  });
  tabs?.addEventListener("message", ({ data }) => {
    if (data === "present") lastGesture = Date.now();
    if (data === "locked") show();
    if (data === "unlocked") presence().then((status) => status === 200 && hide());
    // What is typed and not saved stays: one may sign in elsewhere to save it.
    if (data === "left" && !document.querySelector("form[data-v-changed]")) checkOpen(show);
  });
  document.addEventListener("htmx:configRequest", ({ detail }) => {
    lastAsked = Date.now();
    if (lastAsked - lastGesture > QUIET_MS) detail.headers["X-Virage-Quiet"] = "1";
  });
  // Brought back by the Back button, a page asks whether its session still is the one that made it.
  addEventListener("pageshow", ({ persisted }) => {
    if (persisted) checkOpen(() => location.reload());
  });
  setInterval(() => {
    if (!screen && Date.now() - lastGesture > IDLE_MS) lock();
  }, 5000);
}
