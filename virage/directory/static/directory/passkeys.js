// A form with data-v-passkey asks the browser for a key, then is sent with its answer.
const form = document.querySelector("form[data-v-passkey]");
const options = JSON.parse(document.getElementById("passkey-options")?.textContent ?? "null");

form?.addEventListener("submit", async (event) => {
  const answer = form.elements.credential;
  event.preventDefault();
  const isNew = form.dataset.vPasskey === "create";
  try {
    const asked = isNew ? options.creation_options : options.request_options;
    const key = await (isNew ? window.webauthnJSON.create(asked) : window.webauthnJSON.get(asked));
    answer.value = JSON.stringify(key);
    form.submit();
  } catch {
    // Refused, too slow, or no key here: the page stays as it is, and says so.
    const told = document.getElementById("passkey-told").content.cloneNode(true);
    document.getElementById("notice").replaceChildren(told);
  }
});
