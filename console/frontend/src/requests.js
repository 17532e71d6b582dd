// What every request of a script has in common: the page's mark, and what is said when it fails.
import { close, isOpen } from "./dialog.js";
import { watchDrafts, forgetDraft } from "./drafts.js";
import { tellPicked } from "./picks.js";
import { markCurrent } from "./rows.js";
import { watchPlaces } from "./places.js";
import { tell } from "./toasts.js";

export function watchRequests() {
  document.addEventListener("htmx:config:request", (event) => {
    event.detail.ctx.request.headers["X-Mark"] = document.body.dataset.mark;
  });
  document.addEventListener("htmx:error", () => tell(document.body.dataset.lost, true));
  document.addEventListener("htmx:after:request", (event) => {
    const { response, sourceElement } = event.detail.ctx;
    const form = sourceElement?.closest?.("form");
    if (response?.status >= 200 && response.status < 300 && form) {
      forgetDraft(form);
      if (isOpen()) close();
    }
  });
  document.addEventListener("htmx:after:swap", () => {
    const asked = document.querySelector("[data-open-dialog]");
    if (asked && !isOpen()) document.getElementById("dialog").showModal();
    asked?.querySelector("button")?.focus();
    watchPlaces(document);
    watchDrafts(document);
    markCurrent();
    tellPicked();
  });
}
