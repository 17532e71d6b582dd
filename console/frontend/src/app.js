// Everything here makes quicker what the pages do by themselves.
import "htmx.org";
import { watchDrafts } from "./drafts.js";
import { watchBoard } from "./board.js";
import { countDown } from "./deadlines.js";
import { watchOffers } from "./intake.js";
import { watchKeys } from "./keys.js";
import { watchLive } from "./live.js";
import { watchMaps } from "./maps.js";
import { watchPlaces } from "./places.js";
import { watchPicks } from "./picks.js";
import { followWords } from "./player.js";
import { watchPresence } from "./presence.js";
import { watchTakes } from "./prompts/kept.js";
import { watchRequests } from "./requests.js";
import { watchUploads } from "./uploads.js";

watchRequests();
watchKeys();
watchPlaces(document);
watchDrafts(document);
watchTakes();
watchPicks();
watchUploads();
watchOffers();
watchPresence();
watchMaps(document);
followWords(document);
countDown();
watchLive();
watchBoard();
document.addEventListener("click", (event) => {
  if (event.target.closest("[data-print]")) window.print();
});
