// What somebody types is kept in this tab until it was sent: a sign-in in between loses nothing.
// It is theirs alone: signing out removes it, and so does another user's sign-in.

const KEPT = "draft ";
const mine = () => `${KEPT}${document.body.dataset.user} `;
const key = (form) => mine() + form.dataset.draft;
const fields = (form) => [...form.querySelectorAll("textarea, input:is([data-kept], [type=checkbox], [type=radio])")];
const ticked = (field) => field.type === "checkbox" || field.type === "radio";
const name = (field) => (ticked(field) ? `${field.name}=${field.value}` : field.name);
const value = (field) => (ticked(field) ? field.checked : field.value);
const before = (field) => (ticked(field) ? field.defaultChecked : field.defaultValue);
const drafts = () => Object.keys(sessionStorage).filter((each) => each.startsWith(KEPT));

export function watchDrafts(root) {
  const forms = [...root.querySelectorAll("form[data-draft]")];
  if (root.matches?.("form[data-draft]")) forms.push(root);
  for (const form of forms.filter((each) => !("watched" in each.dataset))) {
    form.dataset.watched = "";
    const kept = JSON.parse(sessionStorage.getItem(key(form)) ?? "{}");
    for (const field of fields(form)) {
      const held = kept[name(field)];
      if (ticked(field)) {
        if (held !== undefined) field.checked = held;
      } else if (held) {
        field.value = held;
        field.closest("details")?.setAttribute("open", "");
      }
    }
    const keep = () => {
      // What a page that came back with a complaint holds already is not to be lost either.
      const typed = fields(form).filter((field) => value(field) !== before(field) || name(field) in kept);
      const values = Object.fromEntries(typed.map((field) => [name(field), value(field)]));
      if (typed.length) sessionStorage.setItem(key(form), JSON.stringify(values));
      else sessionStorage.removeItem(key(form));
    };
    form.addEventListener("input", keep);
    form.addEventListener("change", keep);
  }
  // A whole page that came after sending says so: then it was taken.
  if (root === document && document.querySelector("#toasts .toast:not(.wrong)")) {
    const sent = sessionStorage.getItem("sent");
    if (sent) sessionStorage.removeItem(sent);
  }
  if (root === document && !document.body.dataset.drafts) {
    document.body.dataset.drafts = "watched";
    dropOthers();
    offerOther();
    document.addEventListener("submit", (event) => {
      if ("signOut" in event.target.dataset) for (const each of drafts()) sessionStorage.removeItem(each);
      else if (event.target.dataset.draft) sessionStorage.setItem("sent", key(event.target));
    });
  }
}

// Whoever signs in after somebody else does not read what they typed.
function dropOthers() {
  if (!document.body.dataset.user) return; // nobody is signed in: the same user may come back
  for (const each of drafts()) if (!each.startsWith(mine())) sessionStorage.removeItem(each);
}

// A new report that was begun is found again, whatever call it was begun in.
function offerOther() {
  const offer = document.getElementById("other-draft");
  const form = document.getElementById("intake");
  if (!offer || sessionStorage.getItem(key(form))) return;
  const begun = `${mine()}intake-`;
  const other = drafts().findLast((each) => each.startsWith(begun));
  if (!other) return;
  const call = other.slice(begun.length);
  const link = offer.querySelector("a");
  if (call) link.search = `?call=${encodeURIComponent(call)}`;
  offer.hidden = false;
}

export function forgetDraft(form) {
  if (form.dataset.draft) sessionStorage.removeItem(key(form));
}
