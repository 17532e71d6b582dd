// What the map asks the server for; null where nothing came. Who was signed out signs in again, but
// is not torn away where the map is only beside something they may be writing.

export async function ask(address, beside = false) {
  const answer = await fetch(address, { headers: { "HX-Request": "true" } }).catch(() => null);
  const elsewhere = answer?.headers.get("HX-Redirect");
  if (elsewhere && !beside) location.assign(elsewhere);
  return answer?.ok ? answer.json() : null;
}
