"use strict";
(() => {
  const all = (query, root = document) => [...root.querySelectorAll(query)];
  const sheet = document.querySelector(".sheet"), svg = sheet.querySelector("svg");
  const cards = new Map(all(".table", svg).map(card => [card.id, card]));
  const edges = all(".edge", svg).map(edge => ({ edge, ends: edge.dataset.ends.split(" ") }));
  const notes = new Map(all("article[data-card]").map(note => [note.dataset.card, note]));
  const links = all(".names a"), steps = all(".steps > li");
  let pinned = null;
  document.documentElement.classList.add("js");
  document.querySelector(".tools").hidden = false;

  // What is shown, and everything else only faintly.
  const show = (shown, lines, at) => {
    svg.classList.toggle("focus", shown !== null);
    cards.forEach((card, id) => {
      card.classList.toggle("on", shown !== null && shown.has(id));
      card.classList.toggle("at", id === at);
    });
    edges.forEach(({ edge, ends }) => edge.classList.toggle("on", shown !== null && lines(ends, edge)));
    links.forEach(link => link.classList.toggle("on", link.dataset.card === at));
  };
  const around = id => {
    const near = new Set([id]);
    edges.forEach(({ ends }) => { if (ends.includes(id)) ends.forEach(end => near.add(end)); });
    show(near, ends => ends.includes(id), id);
  };
  const alone = line => show(new Set(line.dataset.ends.split(" ")), (_, edge) => edge === line, null);
  const again = () => pinned ? pinned() : show(null);
  const open = id => notes.forEach((note, card) => note.classList.toggle("open", card === id));
  const pin = (look, id) => {
    pinned = look;
    open(id);
    steps.forEach(step => step.classList.remove("on"));
    again();
  };
  const bring = id => cards.get(id)?.scrollIntoView({ block: "center", inline: "center", behavior: "smooth" });

  cards.forEach((card, id) => {
    card.setAttribute("tabindex", "0");
    card.addEventListener("pointerenter", () => around(id));
    card.addEventListener("pointerleave", again);
    card.addEventListener("click", () => { if (!dragged) pin(() => around(id), id); });
    card.addEventListener("keydown", event => { if (event.key === "Enter") pin(() => around(id), id); });
  });
  edges.forEach(({ edge }) => {
    edge.addEventListener("pointerenter", () => alone(edge));
    edge.addEventListener("pointerleave", again);
  });
  all("a[data-card]").forEach(link => link.addEventListener("click", event => {
    event.preventDefault();
    pin(() => around(link.dataset.card), link.dataset.card);
    bring(link.dataset.card);
  }));
  steps.forEach(step => {
    const ids = step.dataset.cards.split(" ").filter(id => cards.has(id));
    const look = () => show(new Set(ids), ends => ends.some(end => ids.includes(end)), null);
    const choose = () => { pin(look, null); step.classList.add("on"); if (ids.length) bring(ids[0]); };
    step.setAttribute("tabindex", "0");
    step.addEventListener("click", choose);
    step.addEventListener("keydown", event => { if (event.key === "Enter") choose(); });
  });
  all(".close").forEach(button => button.addEventListener("click", () => pin(null, null)));
  addEventListener("keydown", event => { if (event.key === "Escape") { find.value = ""; filter(); pin(null, null); } });

  const find = document.getElementById("find");
  const filter = () => {
    const word = find.value.trim().toLowerCase();
    const found = new Set();
    cards.forEach((card, id) => { if (card.textContent.toLowerCase().includes(word)) found.add(id); });
    links.forEach(link => { link.parentElement.hidden = !found.has(link.dataset.card); });
    pinned = word ? () => show(found, ends => ends.every(end => found.has(end)), null) : null;
    again();
  };
  find.addEventListener("input", filter);
  find.addEventListener("keydown", event => { if (event.key === "Enter") links.find(link => !link.parentElement.hidden)?.click(); });

  const [, , width, height] = svg.getAttribute("viewBox").split(" ").map(Number);
  let scale = 1, dragged = false, from = null;
  const zoom = (to, x = sheet.clientWidth / 2, y = sheet.clientHeight / 2) => {
    to = Math.min(3, Math.max(.1, to));
    const [across, down] = [(sheet.scrollLeft + x) / scale, (sheet.scrollTop + y) / scale];
    scale = to;
    svg.setAttribute("width", width * scale);
    svg.setAttribute("height", height * scale);
    sheet.scrollTo(across * scale - x, down * scale - y);
  };
  const fit = () => zoom(Math.min(1, sheet.clientWidth / width, sheet.clientHeight / height));
  all("[data-zoom]").forEach(button => button.addEventListener("click", () => {
    const way = Number(button.dataset.zoom);
    if (way) zoom(scale * 1.25 ** way); else fit();
  }));
  sheet.addEventListener("wheel", event => {
    if (!event.ctrlKey && !event.metaKey) return;
    event.preventDefault();
    const box = sheet.getBoundingClientRect();
    zoom(scale * 1.0015 ** -event.deltaY, event.clientX - box.left, event.clientY - box.top);
  }, { passive: false });
  sheet.addEventListener("pointerdown", event => {
    if (event.button) return;
    dragged = false;
    from = [event.clientX, event.clientY, sheet.scrollLeft, sheet.scrollTop];
  });
  addEventListener("pointermove", event => {
    if (!from || event.pointerType === "touch") return;
    const [x, y] = [event.clientX - from[0], event.clientY - from[1]];
    if (Math.abs(x) + Math.abs(y) > 4) { dragged = true; sheet.classList.add("held"); }
    if (dragged) sheet.scrollTo(from[2] - x, from[3] - y);
  });
  addEventListener("pointerup", () => { from = null; sheet.classList.remove("held"); });
  sheet.addEventListener("click", event => { if (!dragged && !event.target.closest(".table")) pin(null, null); });
  if (width > sheet.clientWidth) zoom(Math.max(.55, sheet.clientWidth / width), 0, 0);
})();
