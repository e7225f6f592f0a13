// Answers: toasts are closed by hand; what a fragment could not do is told above the content.
const notice = document.getElementById("notice");

document.addEventListener("click", (event) => {
  if (event.target.closest("[data-v-close]")) event.target.closest("[data-v-toast]").remove();
});

document.addEventListener("htmx:beforeRequest", () => notice.replaceChildren());

function tell(name) {
  notice.replaceChildren(document.getElementById(name).content.cloneNode(true));
  notice.scrollIntoView({ block: "center" });
}

document.addEventListener("htmx:sendError", () => tell("offline"));
document.addEventListener("virage:too-large", () => tell("too-large"));

// After a sign-in in another tab, a refusal brings the token with which the forms are sent again.
document.addEventListener("htmx:afterSwap", (event) => {
  if (event.detail.target !== notice) return;
  const token = notice.querySelector("[name=csrfmiddlewaretoken]");
  for (const old of token ? document.getElementsByName(token.name) : []) old.value = token.value;
  notice.scrollIntoView({ block: "center" });
});
