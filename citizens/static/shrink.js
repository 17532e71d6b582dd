// Photos are made small before they are sent: a telephone's picture has ten times what is needed.
"use strict";

self.Shrink = (() => {
  const LONGEST = 1600;
  const QUALITY = 0.8;

  async function shrink(file) {
    let picture;
    try {
      picture = await createImageBitmap(file, { imageOrientation: "from-image" });
    } catch {
      return file; // of a kind that this browser does not know: the server says what it thinks
    }
    const scale = Math.min(1, LONGEST / Math.max(picture.width, picture.height));
    const canvas = document.createElement("canvas");
    canvas.width = Math.round(picture.width * scale);
    canvas.height = Math.round(picture.height * scale);
    canvas.getContext("2d").drawImage(picture, 0, 0, canvas.width, canvas.height);
    picture.close();
    const small = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", QUALITY));
    return small && (scale < 1 || small.size < file.size) ? small : file;
  }

  return { shrink };
})();
