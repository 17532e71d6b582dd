// A file that is too large is told before it is sent.

export function watchUploads() {
  document.addEventListener("change", (event) => {
    const { mostBytes, tooLarge } = event.target.dataset ?? {};
    if (!mostBytes || !event.target.files) return;
    const wrong = [...event.target.files].some((file) => file.size > Number(mostBytes));
    event.target.setCustomValidity(wrong ? tooLarge : "");
    event.target.reportValidity();
  });
}
