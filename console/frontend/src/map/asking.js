// What the map asks the server for; null where nothing came.
import { asked } from "../asking.js";

export async function ask(address, beside = false) {
  const answer = await asked(address, { beside }).catch(() => null);
  return answer?.ok ? answer.json() : null;
}
