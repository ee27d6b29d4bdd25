/* Words that are not lost: unsent text stays in this browser, per account, until the server has it.
   Entry in localStorage: "portal:<account>:<key>" -> {fields, text, at, page, title, version, queued}.
   autosave.js and sending.js build on this. */

const portal = window.portal;
const words = portal.words;
const PREFIX = "portal:" + portal.account + ":";
const NEVER_KEPT = ["csrf_token", "version", "client_key", "sent_key"];

/* ── The store ── */
function read(key) {
  try {
    return JSON.parse(localStorage.getItem(PREFIX + key));
  } catch (error) {
    return null;
  }
}

let out = false;         /* logged out in another tab: nothing more is kept, and the page goes too */
window.addEventListener("storage", (event) => {
  if (event.key !== "portal-out" || out) return;
  out = true;
  sessionStorage.removeItem("portal-sent");
  document.querySelectorAll("form").forEach((form) => { stateOf(form).changed = false; });
  setTimeout(() => location.reload(), 1500);
});

function write(key, entry) {
  if (out) return false;
  try {
    localStorage.setItem(PREFIX + key, JSON.stringify(entry));
    return true;
  } catch (error) {
    return false;      /* full or forbidden (private window): the page works without it */
  }
}

function erase(key) {
  try {
    localStorage.removeItem(PREFIX + key);
  } catch (error) { /* nothing was kept */ }
}

function keys() {
  const found = [];
  try {
    for (let n = 0; n < localStorage.length; n += 1) {
      const name = localStorage.key(n);
      if (name.indexOf(PREFIX) === 0) found.push(name.slice(PREFIX.length));
    }
  } catch (error) { /* nothing is kept */ }
  return found.sort();
}

/* ── A form as data ── */
function controls(form) {
  return Array.from(form.elements).filter((control) =>
    control.name && NEVER_KEPT.indexOf(control.name) < 0 && !control.matches("[type=password], [type=file], button, fieldset"));
}

function fieldsOf(form) {
  const fields = {};
  controls(form).forEach((control) => {
    if (!(control.name in fields)) fields[control.name] = [];
    if (control.type === "checkbox" || control.type === "radio") {
      if (control.checked) fields[control.name].push(control.value);
    } else if (control.type === "select-multiple") {
      Array.from(control.selectedOptions).forEach((option) => fields[control.name].push(option.value));
    } else {
      fields[control.name].push(control.value);
    }
  });
  return fields;
}

function fill(form, fields) {
  const used = {};
  controls(form).forEach((control) => {
    const values = fields[control.name];
    if (!values) return;
    if (control.type === "checkbox" || control.type === "radio") {
      control.checked = values.indexOf(control.value) >= 0;
    } else if (control.type === "select-multiple") {
      Array.from(control.options).forEach((option) => { option.selected = values.indexOf(option.value) >= 0; });
    } else {
      const place = used[control.name] || 0;
      used[control.name] = place + 1;
      if (place < values.length) control.value = values[place];
    }
    control.dispatchEvent(new Event("input", { bubbles: true }));
  });
}

/* The longest thing that somebody wrote, to know the draft by: no key, no choice. */
function written(form) {
  return controls(form).filter((control) => control.matches("textarea, input[type=text]"))
    .map((control) => control.value.trim()).sort((one, other) => other.length - one.length)[0] || "";
}

const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);
const keyOf = (form) => form.dataset.draft || (form.dataset.autosave ? "autosave:" + form.dataset.autosave : "");
const states = new WeakMap();

function keep(form, more) {
  const key = keyOf(form);
  if (!key) return false;
  const sheet = form.closest(".sheet");
  const heading = sheet ? sheet.querySelector("label") : document.querySelector("main h1");
  const { version, sent_key: sent } = form.elements;
  return write(key, Object.assign({
    fields: fieldsOf(form), text: written(form), at: Date.now(), page: location.pathname + location.search,
    title: heading ? heading.textContent.trim() : document.title, version: version ? version.value : "",
    sent: sent ? sent.value : "", base: stateOf(form).base,
  }, more || {}));
}

/* ── What is known of a form while the page is open ── */
function stateOf(form) {
  if (!states.has(form)) states.set(form, { changed: false, busy: false, blocked: false, timer: null, keeping: null });
  return states.get(form);
}

/* ── The line that says how it stands ── */
function say(form, text, kind) {
  const line = document.getElementById(form.dataset.savedLine || "saved");
  if (!line || line.textContent === text) return;
  line.className = "saved mb-0" + (kind ? " is-" + kind : "");
  line.textContent = text;
}

/* ── Two texts that differ: both are shown, the person chooses ── */
function labelOf(form, name) {
  const control = controls(form).find((one) => one.name === name);
  const label = control && control.labels && control.labels[0];
  return label ? label.textContent.trim() : name;
}

function element(tag, cls, text) {
  const made = document.createElement(tag);
  if (cls) made.className = cls;
  if (text) made.textContent = text;
  return made;
}

function showConflict(form, mine, theirs, sentence, done) {
  const names = Object.keys(theirs).filter((name) => name in mine && !same(mine[name], theirs[name]));
  if (!names.length) {
    done();
    return;
  }
  const old = form.querySelector(".conflict");
  if (old) old.remove();
  const box = element("div", "note note-bad conflict");
  box.setAttribute("role", "alert");
  box.appendChild(element("p", "", sentence));
  let open = names.length;
  names.forEach((name) => {
    const part = element("div", "conflict-texts");
    [["mine", mine, words.mine, words.useMine], ["theirs", theirs, words.theirs, words.useTheirs]].forEach((side) => {
      const column = element("div");
      column.appendChild(element("p", "small strong mb-1", labelOf(form, name) + " · " + side[2]));
      column.appendChild(element("pre", "", side[1][name].join("\n") || "—"));
      const button = element("button", "btn btn-plain btn-small", side[3]);
      button.type = "button";
      button.addEventListener("click", () => {
        fill(form, { [name]: side[1][name] });
        part.remove();
        open -= 1;
        if (!open) {
          box.remove();
          done();
        }
        const control = controls(form).find((one) => one.name === name);
        if (control) control.focus();
      });
      column.appendChild(button);
      part.appendChild(column);
    });
    box.appendChild(part);
  });
  form.insertBefore(box, form.firstChild);
  box.scrollIntoView({ block: "center" });
}

/* ── Text from last time ── */
function restore(form) {
  const key = keyOf(form);
  const entry = key && read(key);
  const now = fieldsOf(form);
  const refused = form.querySelector("[data-error-summary]");
  stateOf(form).base = refused && entry ? entry.base : now;      /* what the server had, to tell whether it moved on */
  if (!entry) return;
  if (same(entry.fields, now)) {
    if (!refused) erase(key);
    return;
  }
  if (refused) {
    keep(form);
    return;
  }
  const version = form.elements.version;
  const moved = version && version.value && entry.version && version.value !== entry.version;
  if (moved && !(entry.base && same(entry.base, now))) {       /* of these fields, not of another part of the record */
    showConflict(form, entry.fields, now, words.stale, () => { keep(form); sendSoon(form); });
    return;
  }
  if (form.elements.sent_key && entry.sent) form.elements.sent_key.value = entry.sent;   /* it may have arrived: then it counts once */
  fill(form, entry.fields);
  const fold = form.closest("details");
  if (fold) fold.open = true;
  const sheet = form.closest(".sheet");
  if (sheet) sheet.querySelector("input").checked = true;
  if (version && !version.value && entry.version) version.value = entry.version;    /* begun here, saved before */
  const note = element("div", "note note-wait draft-note");
  note.setAttribute("role", "status");
  note.appendChild(element("p", "", words.restored));
  const button = element("button", "btn btn-plain btn-small", words.discard);
  button.type = "button";
  button.addEventListener("click", () => {
    fill(form, now);
    erase(key);
    clearTimeout(stateOf(form).keeping);
    sendSoon(form);              /* the restored text may have been saved meanwhile */
    note.remove();
    const first = controls(form).find((control) => control.type !== "hidden");
    if (first) first.focus();
  });
  note.appendChild(button);
  form.insertBefore(note, form.firstChild);
  sendSoon(form);
}

function sendSoon(form) {
  clearTimeout(stateOf(form).timer);
  stateOf(form).changed = Boolean(form.dataset.autosave);
  if (form.dataset.autosave) form.dispatchEvent(new Event("portal:save-soon"));
}

portal.drafts = {
  read, write, erase, keys, fieldsOf, written, same, keyOf, keep, stateOf, say, element, showConflict, restore,
};
