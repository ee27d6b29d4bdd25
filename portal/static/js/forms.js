/* Forms: counters, whole lists of check boxes, file names, finding people, one submit at a time. */

const portal = window.portal;

/* ── How many characters ── */
function count(control) {
  const line = document.querySelector("[data-count-for='" + control.id + "']");
  if (!line) return;
  const limit = Number(control.dataset.limit);
  const length = Array.from(control.value).length;
  line.textContent = length + " / " + limit + " " + portal.words.words +
    (length > limit ? "，" + portal.words.over + " " + (length - limit) : "");
  line.classList.toggle("is-over", length > limit);
}

/* ── Check boxes: all of a name ── */
function siblings(all) {
  return Array.from(all.form ? all.form.elements : document.querySelectorAll("input"))
    .filter((box) => box.type === "checkbox" && box.name === all.dataset.checkAll && box !== all);
}

function reflectAll(all) {
  const boxes = siblings(all);
  const chosen = boxes.filter((box) => box.checked).length;
  all.checked = boxes.length > 0 && chosen === boxes.length;
  all.indeterminate = chosen > 0 && chosen < boxes.length;
}

function prepare(root) {
  root.querySelectorAll("[data-limit]").forEach(count);
  root.querySelectorAll("[data-check-all]").forEach(reflectAll);
  root.querySelectorAll("[data-person]").forEach(preparePerson);
}

document.addEventListener("input", (event) => {
  if (event.target.matches("[data-limit]")) count(event.target);
});

document.addEventListener("change", (event) => {
  const box = event.target;
  if (box.matches("[data-check-all]")) {
    siblings(box).forEach((other) => { other.checked = box.checked; });
  } else if (box.type === "checkbox") {
    document.querySelectorAll("[data-check-all='" + CSS.escape(box.name) + "']").forEach(reflectAll);
  } else if (box.matches("[data-file]")) {
    const names = Array.from(box.files).map((file) => file.name).join("、");
    box.parentNode.querySelector("[data-file-names]").textContent = names;
  }
});

/* ── A person by name, initials or school ── */
function preparePerson(field) {
  const input = field.querySelector("input[type=text]");
  if (input.getAttribute("role") === "combobox") return;
  const id = field.querySelector("input[type=hidden]");
  const list = field.querySelector("[role=listbox]");
  let chosen = -1;
  let timer = null;
  let request = null;

  input.setAttribute("role", "combobox");
  input.setAttribute("aria-autocomplete", "list");
  input.setAttribute("aria-controls", list.id);
  input.setAttribute("aria-expanded", "false");

  function options() {
    return Array.from(list.querySelectorAll("[role=option]"));
  }

  function close() {
    list.hidden = true;
    chosen = -1;
    input.setAttribute("aria-expanded", "false");
    input.removeAttribute("aria-activedescendant");
  }

  function point(index) {
    const all = options();
    if (!all.length) return;
    chosen = (index + all.length) % all.length;
    all.forEach((option, n) => option.setAttribute("aria-selected", String(n === chosen)));
    input.setAttribute("aria-activedescendant", all[chosen].id);
    all[chosen].scrollIntoView({ block: "nearest" });
  }

  function take(option) {
    input.value = option.dataset.label;
    id.value = option.dataset.id;
    close();
    input.dispatchEvent(new Event("change", { bubbles: true }));
  }

  async function ask() {
    const text = input.value.trim();
    if (request) request.abort();
    if (!text) {
      close();
      return;
    }
    request = new AbortController();
    try {
      const answer = await fetch(field.dataset.person + (field.dataset.person.indexOf("?") < 0 ? "?" : "&") +
        "q=" + encodeURIComponent(text), {
        headers: { "X-Requested-With": "person" }, credentials: "same-origin", signal: request.signal,
      });
      if (!answer.ok || answer.redirected) return;
      /* Our own server's fragment, rendered and escaped by its template. */
      const parsed = new DOMParser().parseFromString("<ul>" + await answer.text() + "</ul>", "text/html");
      list.textContent = "";
      parsed.querySelectorAll("[role=option]").forEach((option, n) => {
        option.id = list.id + "-" + n;
        list.appendChild(document.importNode(option, true));
      });
      const found = options().length;
      chosen = -1;
      list.hidden = !found;
      if (found) list.scrollIntoView({ block: "nearest" });
      input.setAttribute("aria-expanded", String(found > 0));
      portal.announce(found ? found + " " + portal.words.choices : portal.words.noMatch);
    } catch (error) {
      close();
    }
  }

  input.addEventListener("input", () => {
    id.value = "";
    clearTimeout(timer);
    timer = setTimeout(ask, 220);
  });
  input.addEventListener("keydown", (event) => {
    if (list.hidden) return;
    if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      point(chosen + (event.key === "ArrowDown" ? 1 : chosen < 0 ? 0 : -1));
    } else if (event.key === "Enter" && chosen >= 0) {
      event.preventDefault();
      take(options()[chosen]);
    } else if (event.key === "Escape") {
      close();
    }
  });
  input.addEventListener("blur", () => setTimeout(close, 150));
  list.addEventListener("mousedown", (event) => {
    const option = event.target.closest("[role=option]");
    if (option) {
      event.preventDefault();
      take(option);
    }
  });
}

/* ── One submit at a time: a slow line makes people press twice ── */
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("data-hx-post")) return;
  if (form.dataset.sent) {
    event.preventDefault();
    return;
  }
  form.dataset.sent = "1";
  setTimeout(() => { delete form.dataset.sent; }, 8000);
});
window.addEventListener("pageshow", () => {
  document.querySelectorAll("form[data-sent]").forEach((form) => { delete form.dataset.sent; });
});

prepare(document);
document.body.addEventListener("htmx:load", (event) => prepare(event.detail.elt.parentNode || document));
