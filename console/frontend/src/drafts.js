// What somebody types is kept in this tab until it was sent: a sign-in in between loses nothing.

const key = (form) => `draft ${form.dataset.draft}`;
const fields = (form) => [...form.querySelectorAll("textarea")];

export function watchDrafts(root) {
  const forms = [...root.querySelectorAll("form[data-draft]")];
  if (root.matches?.("form[data-draft]")) forms.push(root);
  for (const form of forms.filter((each) => !("watched" in each.dataset))) {
    form.dataset.watched = "";
    const kept = JSON.parse(sessionStorage.getItem(key(form)) ?? "{}");
    for (const field of fields(form)) {
      if (kept[field.name]) {
        field.value = kept[field.name];
        field.closest("details")?.setAttribute("open", "");
      }
    }
    form.addEventListener("input", () => {
      const typed = fields(form).filter((field) => field.value !== field.defaultValue);
      const values = Object.fromEntries(typed.map((field) => [field.name, field.value]));
      sessionStorage.setItem(key(form), JSON.stringify(values));
    });
  }
  // A whole page that came after sending says so: then it was taken.
  if (root === document && document.querySelector("#toasts .toast:not(.wrong)")) {
    const sent = sessionStorage.getItem("sent");
    if (sent) sessionStorage.removeItem(sent);
  }
  if (root === document && !document.body.dataset.drafts) {
    document.body.dataset.drafts = "watched";
    document.addEventListener("submit", (event) => {
      if (event.target.dataset.draft) sessionStorage.setItem("sent", key(event.target));
    });
  }
}

export function forgetDraft(form) {
  if (form.dataset.draft) sessionStorage.removeItem(key(form));
}
