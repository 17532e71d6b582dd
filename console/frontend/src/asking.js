// What a script asks the server for by itself, with the page's mark. Who was signed out signs in
// again, but is not torn away where it is only `beside` something they may be writing.

export async function asked(address, { beside = false, ...init } = {}) {
  const headers = { "HX-Request": "true", "X-Mark": document.body.dataset.mark };
  const answer = await fetch(address, { ...init, headers });
  const elsewhere = answer.headers.get("HX-Redirect");
  if (elsewhere && !beside) location.assign(elsewhere);
  return answer;
}
