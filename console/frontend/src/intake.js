// What the words of a new report propose is put into its field by a click.

export function watchOffers() {
  document.addEventListener("click", (event) => {
    const offer = event.target.closest("[data-fill]");
    const field = offer && document.getElementById(offer.dataset.fill);
    if (!field) return;
    event.preventDefault();
    field.value = offer.dataset.value;
    field.dispatchEvent(new Event("change", { bubbles: true }));
    field.focus();
  });
}
