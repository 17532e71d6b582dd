// Keys of an alert's page: the form that belongs to each, or the button itself.

const FORMS = { c: "comment", e: "escalate", s: "close", m: "mute" };

export function alertKey(key) {
  if (!document.querySelector("article[data-alert]")) return false;
  if (key === "a") {
    const button = document.querySelector("[data-acknowledge]");
    button?.click();
    return Boolean(button);
  }
  const form = key in FORMS && document.getElementById(`form-${FORMS[key]}`);
  if (!form) return false;
  form.open = true;
  form.querySelector("select, textarea").focus();
  return true;
}
