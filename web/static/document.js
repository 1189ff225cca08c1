// The words of a page of print come with it where there is room for them, else they are fetched for its picture.
for (const layer of document.querySelectorAll("svg[data-words]")) {
  fetch(layer.dataset.words)
    .then((response) => (response.ok ? response.text() : ""))
    .then((drawing) => {
      const drawn = new DOMParser().parseFromString(drawing, "image/svg+xml");
      for (const line of drawn.querySelectorAll("text")) layer.append(document.adoptNode(line));
    });
}
