// The one dialog of a page. The browser keeps the focus in it and closes it with Escape.

const dialog = () => document.getElementById("dialog");

export function open(...content) {
  document.getElementById("dialog-body").replaceChildren(...content);
  if (!dialog().open) dialog().showModal();
  dialog().querySelector("select, textarea, input:not([type=hidden]), button")?.focus();
}

export function close() {
  if (dialog()?.open) dialog().close();
}

export function isOpen() {
  return Boolean(dialog()?.open);
}
