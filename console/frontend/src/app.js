// Everything here makes quicker what the pages do by themselves.
import "htmx.org";
import { watchDrafts } from "./drafts.js";
import { countDown } from "./deadlines.js";
import { watchKeys } from "./keys.js";
import { watchPlaces } from "./places.js";
import { followWords } from "./player.js";
import { watchRequests } from "./requests.js";

watchRequests();
watchKeys();
watchPlaces(document);
watchDrafts(document);
followWords(document);
countDown();
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
