// Words lead to their sound: a click on a stretch of a transcript plays it from there.

export function followWords(root) {
  for (const stretch of root.querySelectorAll(".heard [data-at]")) {
    stretch.addEventListener("click", () => {
      const player = stretch.closest(".heard").querySelector("audio");
      if (!player) return;
      player.currentTime = Number(stretch.dataset.at);
      player.play();
    });
  }
}
