// The page of `backprop watch`: it shows what the session tells it, and tells the session what is looked at.

const $ = (id) => document.getElementById(id);
const client = crypto.randomUUID();
const clip = $("clip"), still = $("still"), slider = $("frame");
const still_please = matchMedia("(prefers-reduced-motion: reduce)").matches;

let state = null;
let key = decodeURIComponent(location.hash.slice(1));
let place = 0; // of the beat in the strip, should its key be another one day
let frame = -1; // -1: the last one, until there is a clip
let playing = !still_please;
let shown = { clip: "", still: "" }; // what is in the picture
let chosen = null; // the finding that was clicked

const beat = () => state?.beats.find((one) => one.key === key);
const last = () => Math.max(0, (beat()?.frames ?? 1) - 1);
const now = () => (frame < 0 ? last() : Math.min(frame, last()));

// -- what the session tells ------------------------------------------------------------------------

let wanted = "", waiting = 0;
const events = new EventSource(`events?client=${client}`);
events.onmessage = (event) => {
  const told = JSON.parse(event.data);
  state = told;
  if (!beat() && told.beats.length) {
    const there = (name) => told.beats.find((one) => one.key.replaceAll("-", "_") === name.replaceAll("-", "_"));
    const next = there(key || told.chosen) ?? (key || told.chosen ? told.playing ? null : told.beats[place] ?? told.beats.at(-1) : told.beats[0]);
    if (next) choose(next.key);
  }
  draw();
};
events.onopen = () => {
  wanted = ""; // whoever answers now has not been told
  want();
};
events.onerror = () => status("The program has ended; this page is as it was.", "wrong");

function want() {
  // At most so often, and always the last.
  if (waiting) return;
  waiting = setTimeout(() => {
    waiting = 0;
    const body = JSON.stringify({ client, beat: key, frame: now() });
    if (body === wanted) return;
    wanted = body;
    fetch("want", { method: "POST", body }).catch(() => {});
  }, 60);
}

function choose(next) {
  key = next;
  place = state.beats.findIndex((one) => one.key === key);
  frame = -1;
  chosen = null;
  shown = { clip: "", still: "" };
  clip.hidden = true;
  history.replaceState(null, "", `#${encodeURIComponent(key)}`);
  want();
}

// -- the picture -----------------------------------------------------------------------------------

async function picture() {
  const one = beat();
  const old = !!one && !one.drawn;
  document.body.classList.toggle("old", old && !state.error);
  if (!one) return;
  if (one.clip && (one.filmed || !one.drawn)) return film(one);
  // A still newer than the clip, of this moment or else of the last.
  const there = Object.keys(one.pictures).map(Number).sort((a, b) => a - b);
  if (!there.length) {
    still.hidden = true;
    return;
  }
  const at = there.reduce((best, other) => (Math.abs(other - now()) < Math.abs(best - now()) ? other : best));
  const name = one.pictures[at];
  if (shown.still === name && !still.hidden) return;
  shown.still = name;
  const image = new Image();
  image.src = `blobs/${name}`;
  await image.decode().catch(() => {});
  if (shown.still !== name) return;
  still.src = image.src;
  still.alt = `${one.title}, frame ${at + 1} of ${one.frames}`;
  still.dataset.frame = at;
  still.hidden = false;
  clip.hidden = true;
  clip.pause();
  shown.clip = "";
}

async function film(one) {
  if (shown.clip === one.clip) return;
  const name = (shown.clip = one.clip);
  const answer = await fetch(`blobs/${name}`).catch(() => null);
  if (shown.clip !== name) return;
  if (!answer?.ok) {
    shown.clip = "";
    return;
  }
  const url = URL.createObjectURL(await answer.blob());
  const before = clip.src;
  clip.src = url;
  clip.playbackRate = clip.defaultPlaybackRate = Number($("speed").value);
  clip.addEventListener("seeked", () => {
    if (shown.clip !== name) return;
    clip.hidden = false;
    still.hidden = true;
    shown.still = "";
    if (playing) clip.play().catch(() => {});
    follow();
  }, { once: true });
  clip.currentTime = middle(playing && frame < 0 ? 0 : now());
  if (before.startsWith("blob:")) URL.revokeObjectURL(before);
}

const middle = (number) => (number + 0.5) / state.fps;
const filmed = () => !clip.hidden && shown.clip;

function go(number) {
  const one = beat();
  if (!one) return;
  pause(true);
  frame = Math.max(0, Math.min(last(), number));
  if (filmed()) clip.currentTime = middle(frame);
  draw();
  want();
}

function pause(yes) {
  playing = !yes;
  if (filmed()) yes ? clip.pause() : clip.play().catch(() => {});
  $("play").textContent = yes ? "▶" : "❚❚";
  $("play").setAttribute("aria-label", yes ? "Play" : "Pause");
}

let followed = false;
function follow() {
  if (followed) return;
  followed = true;
  const next = clip.requestVideoFrameCallback ? (f) => clip.requestVideoFrameCallback((_, about) => f(about.mediaTime)) : (f) => requestAnimationFrame(() => f(clip.currentTime));
  const step = (seconds) => {
    if (filmed() && playing) {
      frame = Math.min(last(), Math.round(seconds * state.fps - 0.25));
      about();
      want();
    }
    next(step);
  };
  next(step);
}

// -- all around it ---------------------------------------------------------------------------------

function status(words, kind = "") {
  if ($("status").textContent !== words) $("status").textContent = words;
  $("status").className = kind;
}

function draw() {
  if (!state) return;
  const one = beat();
  dress();
  document.body.classList.toggle("empty", !one);
  if ($("title").textContent !== state.title) {
    $("title").textContent = state.title;
    document.title = `${state.title} – backprop watch`;
  }
  wrong(state.error);
  if (state.error) status("Not drawn: see the error", "wrong");
  else if (!one) status(state.playing ? "Playing the chapter …" : "Nothing is shown in it", "busy");
  else if (!one.drawn) status("Drawing …", "busy");
  else if (!one.filmed) status("Drawing the clip …", "busy");
  else status("Up to date");
  strip();
  picture();
  about();
}

function dress() {
  // The page is as light or as dark as the film, and of its colours.
  const style = document.documentElement.style;
  style.setProperty("--ratio", state.width / state.height);
  for (const [role, colour] of Object.entries(state.colours)) style.setProperty(`--${role}`, colour);
  const [red, green, blue] = [1, 3, 5].map((at) => parseInt(state.colours.background.slice(at, at + 2), 16));
  style.colorScheme = 0.3 * red + 0.6 * green + 0.1 * blue < 128 ? "dark" : "light";
}

function wrong(error) {
  $("error").hidden = !error;
  if (!error) return;
  $("error-message").textContent = error.message;
  $("error-place").textContent = error.file ? `${error.file}:${error.line}` : "";
  $("error-lines").hidden = !error.lines.length;
  $("error-lines").replaceChildren(
    ...error.lines.map(([number, words]) => {
      const line = document.createElement("span");
      line.textContent = `${String(number).padStart(4)}  ${words}\n`;
      if (number === error.line) line.className = "at";
      return line;
    }),
  );
}

function strip() {
  const list = $("strip");
  const there = new Map([...list.children].map((item) => [item.dataset.key, item]));
  state.beats.forEach((one, index) => {
    let item = there.get(one.key);
    if (!item) {
      item = document.createElement("li");
      item.dataset.key = one.key;
      item.innerHTML = '<button type="button"><span class="none"></span><span class="name"></span></button>';
      item.firstChild.onclick = () => {
        choose(one.key);
        draw();
      };
    }
    there.delete(one.key);
    if (list.children[index] !== item) list.insertBefore(item, list.children[index] ?? null);
    const button = item.firstChild;
    button.classList.toggle("old", !one.drawn);
    if (one.key === key !== button.hasAttribute("aria-current")) {
      button.toggleAttribute("aria-current", one.key === key);
      if (one.key === key) {
        button.setAttribute("aria-current", "true");
        item.scrollIntoView({ block: "nearest", inline: "nearest" });
      }
    }
    const name = `${index + 1}  ${one.title}`;
    if (button.querySelector(".name").textContent !== name) button.querySelector(".name").textContent = name;
    const end = Object.keys(one.pictures).map(Number).sort((a, b) => a - b).at(-1);
    if (end !== undefined && button.dataset.picture !== one.pictures[end]) {
      button.dataset.picture = one.pictures[end];
      const image = button.querySelector("img") ?? document.createElement("img");
      image.alt = "";
      image.src = `blobs/${one.pictures[end]}`;
      if (!image.parentNode) button.querySelector(".none").replaceWith(image);
    }
    let count = button.querySelector(".count");
    if (!one.findings.length) count?.remove();
    else {
      if (!count) {
        count = document.createElement("span");
        count.className = "count";
        button.append(count);
      }
      const many = `${one.findings.length}`;
      if (count.textContent !== many) {
        count.textContent = many;
        count.title = `${many} findings`;
      }
    }
  });
  for (const item of there.values()) item.remove();
}

const first = (finding) => Math.max(0, Math.round(finding.start * state.fps) - beat().start - 1);
const past = (finding) => Math.round(finding.end * state.fps) - beat().start;
const present = (finding) => finding === chosen || (first(finding) <= now() && now() <= past(finding));

let before = "";
function about() {
  const one = beat();
  if (!one) return;
  const at = now();
  slider.max = last();
  slider.value = at;
  const seconds = ((one.start + at) / state.fps).toFixed(2);
  slider.setAttribute("aria-valuetext", `frame ${at + 1} of ${one.frames}`);
  $("moment").textContent = `frame ${at + 1} of ${one.frames} · ${seconds} s`;
  if ($("beat-title").textContent !== one.title) $("beat-title").textContent = one.title;
  const cue = one.cues.findIndex((each) => each.start <= at && at < each.end);
  const numbers = one.numbers.filter((each) => each.start <= at && at < Math.max(each.end, each.start + 1));
  const faults = one.findings.map(present);
  const told = JSON.stringify([key, cue, one.cues, numbers, one.findings, faults, one.judged, one.findings.indexOf(chosen)]);
  if (told === before) return;
  before = told;
  words(one, cue);
  list(one, faults);
  boxes(one, faults);
  table(numbers);
}

function words(one, cue) {
  const parts = one.cues.flatMap((each, index) => {
    const span = document.createElement("span");
    span.textContent = each.text;
    if (index === cue) span.className = "now";
    return [span, " "];
  });
  $("words").replaceChildren(...(parts.length ? parts : [one.text]));
}

function list(one, faults) {
  $("findings-title").hidden = !one.findings.length && !one.judged;
  if (!one.findings.length) {
    const item = document.createElement("li");
    item.innerHTML = "<p></p>";
    item.firstChild.textContent = one.judged ? "None." : "";
    $("findings").replaceChildren(item);
    return;
  }
  $("findings").replaceChildren(
    ...one.findings.map((finding, index) => {
      const item = document.createElement("li");
      const button = document.createElement("button");
      button.type = "button";
      button.classList.toggle("now", faults[index]);
      const kind = document.createElement("span");
      kind.className = "kind";
      kind.textContent = `${index + 1}  ${finding.kind}`;
      const where = document.createElement("code");
      where.textContent = [finding.attribute, finding.source].filter(Boolean).join("   ");
      button.append(kind, ` ${finding.mobject} ${finding.detail}`, where);
      button.onclick = () => {
        chosen = finding;
        go(first(finding));
      };
      item.append(button);
      return item;
    }),
  );
}

function boxes(one, faults) {
  const unit = 9 / 8, svg = "http://www.w3.org/2000/svg";
  const parts = one.findings.flatMap((finding, index) => {
    if (!faults[index]) return [];
    return finding.boxes.flatMap(([left, bottom, right, top], number) => {
      const rect = document.createElementNS(svg, "rect");
      const pad = 0.05;
      rect.setAttribute("x", 8 + left * unit - pad);
      rect.setAttribute("y", 4.5 - top * unit - pad);
      rect.setAttribute("width", (right - left) * unit + 2 * pad);
      rect.setAttribute("height", (top - bottom) * unit + 2 * pad);
      rect.classList.toggle("first", !number);
      rect.classList.toggle("chosen", finding === chosen);
      if (number) return [rect];
      const label = document.createElementNS(svg, "text");
      label.setAttribute("x", 8 + left * unit - pad);
      label.setAttribute("y", Math.max(0.3, 4.5 - top * unit - 0.15));
      label.textContent = `${index + 1}`;
      return [rect, label];
    });
  });
  $("boxes").replaceChildren(...parts);
}

function table(numbers) {
  $("numbers-title").hidden = $("numbers").hidden = !numbers.length;
  const seen = new Set();
  const rows = numbers.flatMap((one) => {
    const cells = [one.text, one.expression || one.quantity, String(Number(one.value.toPrecision(10)))];
    if (seen.has(cells.join("\t"))) return [];
    seen.add(cells.join("\t"));
    const row = document.createElement("tr");
    for (const [index, words] of cells.entries()) {
      const cell = document.createElement("td");
      cell.textContent = words;
      if (index === 1) cell.className = "of";
      row.append(cell);
    }
    return [row];
  });
  $("numbers").tBodies[0].replaceChildren(...rows);
}

// -- what the reader does --------------------------------------------------------------------------

slider.oninput = () => go(Number(slider.value));
$("play").onclick = () => {
  pause(playing);
  want();
};
$("speed").onchange = () => {
  clip.playbackRate = clip.defaultPlaybackRate = Number($("speed").value);
};
document.addEventListener("keydown", (event) => {
  if (!state || event.altKey || event.ctrlKey || event.metaKey || event.target === $("speed")) return;
  const beside = (by) => {
    const next = state.beats[state.beats.findIndex((one) => one.key === key) + by];
    if (next) {
      choose(next.key);
      draw();
    }
  };
  const keys = {
    ArrowLeft: () => go(now() - 1), ArrowRight: () => go(now() + 1), Home: () => go(0), End: () => go(last()),
    ArrowUp: () => beside(-1), ArrowDown: () => beside(1),
  };
  if (event.key === " " && event.target instanceof HTMLButtonElement) return;
  if (event.key === " ") keys[" "] = () => pause(playing);
  if (!keys[event.key]) return;
  event.preventDefault();
  chosen = null;
  keys[event.key]();
});
pause(!playing);
