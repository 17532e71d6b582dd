// A word that something was done, where screen readers listen.

export function tell(text, wrong = false) {
  const toast = document.createElement("p");
  toast.className = wrong ? "toast wrong" : "toast";
  toast.textContent = text;
  document.getElementById("toasts").replaceChildren(toast);
}
