// Shortcuts: Ctrl-K always; single keys (/, ?, n, g then a letter) unless the person cut them.
// An element names its keys in data-v-key.
const hasKeys = document.body.hasAttribute("data-v-keys");
const SECOND_KEY_MS = 1500;
let first = "";
let firstAt = 0;

function search(event) {
  const field = document.querySelector("[data-v-search]");
  if (!field) return;
  event.preventDefault();
  field.focus();
  field.select();
}

function isTyping(element) {
  return element.closest?.("input, select, textarea, [contenteditable]");
}

document.addEventListener("keydown", (event) => {
  if ((event.ctrlKey || event.metaKey) && event.key.toLowerCase() === "k") return search(event);
  if (!hasKeys || event.ctrlKey || event.metaKey || event.altKey || event.repeat) return;
  if (isTyping(event.target) || document.querySelector("dialog[open]")) return;
  if (event.key === "/") return search(event);

  const isSecond = first && event.timeStamp - firstAt < SECOND_KEY_MS;
  const keys = isSecond ? `${first} ${event.key}` : event.key;
  first = event.key === "g" && !isSecond ? "g" : "";
  firstAt = event.timeStamp;
  const target = document.querySelector(`[data-v-key="${CSS.escape(keys)}"]`);
  if (!target) return;
  event.preventDefault();
  target.click();
});
