// What the map asks the server for; null where nothing came. Who was signed out signs in again.

export async function ask(address) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  if (answer?.headers.has("HX-Redirect")) location.assign(answer.headers.get("HX-Redirect"));
  return answer?.ok ? answer.json() : null;
}
