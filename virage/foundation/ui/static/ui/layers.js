// What lies beyond the page's plane: dialogs (data-v-dialog names the one a link opens; a page
// replaces it without this script), menus (data-v-menu), of which one at most stays open, folds,
// which give the focus to their field with autofocus or are closed on a phone, where the page below
// matters more (data-v-phone-closed), and tabs that slide on a phone (data-v-tabs),
// the current one in the middle.
for (const tabs of document.querySelectorAll("[data-v-tabs]")) {
  const current = tabs.querySelector("[aria-current]");
  if (current) tabs.scrollLeft = current.offsetLeft - (tabs.clientWidth - current.offsetWidth) / 2;
}

for (const fold of document.querySelectorAll("[data-v-phone-closed]")) {
  fold.open = !matchMedia("(max-width: 56.24rem)").matches;
}

function closeMenus(except) {
  for (const menu of document.querySelectorAll("details[data-v-menu][open]")) {
    if (menu !== except) menu.open = false;
  }
}

document.addEventListener("click", (event) => {
  const link = event.target.closest("[data-v-dialog]");
  const dialog = link && document.getElementById(link.dataset.vDialog);
  if (dialog && !event.ctrlKey && !event.metaKey) {
    event.preventDefault();
    dialog.showModal();
  }
  closeMenus(event.target.closest("details[data-v-menu]"));
});

document.addEventListener("toggle", (event) => {
  if (event.target.open) event.target.querySelector("[autofocus]")?.focus();
}, { capture: true });

document.addEventListener("keydown", (event) => {
  // A dialog closes first, and gives the focus back to the menu that opened it.
  if (event.key !== "Escape" || document.querySelector("dialog[open]")) return;
  const menu = event.target.closest?.("details[data-v-menu][open]");
  closeMenus();
  menu?.querySelector("summary").focus();
});
