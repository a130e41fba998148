// The pad a mark is drawn on, with a finger, a pen or the mouse. What is sent are strokes in whole steps of the pad, never a picture.
// The curves are those of signatures/drawing.py. Without this script the page leads to the other ways.

const WIDTH = 3000; // steps, whatever the size on the screen
const HEIGHT = 1500;
const POINTS_MOST = 6000;
const STROKES_MOST = 200;
const NEAR = 8; // steps; closer points would only show the hand's trembling
const THICKNESS = 24;

function read(text) {
  return text ? text.split(";").map((stroke) => stroke.split(" ").map((point) => point.split(",").map(Number))) : [];
}

function trace(path, stroke) {
  path.moveTo(...stroke[0]);
  stroke.slice(1, -1).forEach(([x, y], index) => {
    const [nextX, nextY] = stroke[index + 2];
    path.quadraticCurveTo(x, y, (x + nextX) / 2, (y + nextY) / 2);
  });
  path.lineTo(...stroke.at(-1));
}

function bringToLife(field) {
  const pad = field.querySelector("[data-pad]");
  const sent = field.querySelector("[data-pad-strokes]");
  const state = field.querySelector("[data-pad-state]");
  const undo = field.querySelector("[data-pad-undo]");
  const clear = field.querySelector("[data-pad-clear]");

  let strokes = read(sent.value);
  let pen = null; // the pointer that is drawing

  function write() {
    return strokes.map((stroke) => stroke.map((point) => point.join(",")).join(" ")).join(";");
  }

  function isFull() {
    return strokes.length > STROKES_MOST || strokes.reduce((sum, stroke) => sum + stroke.length, 0) >= POINTS_MOST;
  }

  function draw() {
    const scale = (pad.clientWidth / WIDTH) * devicePixelRatio;
    pad.width = WIDTH * scale;
    pad.height = HEIGHT * scale;
    const paper = pad.getContext("2d");
    paper.scale(scale, scale);
    paper.strokeStyle = getComputedStyle(pad).color;
    paper.lineWidth = THICKNESS;
    paper.lineCap = paper.lineJoin = "round";
    paper.beginPath();
    strokes.forEach((stroke) => trace(paper, stroke));
    paper.stroke();
  }

  function show() {
    draw();
    sent.value = write();
    sent.dispatchEvent(new Event("input", { bubbles: true }));
    undo.disabled = clear.disabled = !strokes.length;
  }

  function tell(name) {
    state.textContent = state.dataset[name];
  }

  function pointOf(event) {
    const box = pad.getBoundingClientRect();
    const step = (offset, size, steps) => Math.round(Math.min(1, Math.max(0, offset / size)) * steps);
    return [step(event.clientX - box.left, box.width, WIDTH), step(event.clientY - box.top, box.height, HEIGHT)];
  }

  function add(event) {
    const stroke = strokes.at(-1);
    const [x, y] = pointOf(event);
    const [lastX, lastY] = stroke.at(-1);
    if (Math.hypot(x - lastX, y - lastY) >= NEAR && !isFull()) {
      stroke.push([x, y]);
    }
  }

  pad.addEventListener("pointerdown", (event) => {
    if (pen !== null || event.button !== 0) {
      return;
    }
    if (strokes.length >= STROKES_MOST || isFull()) {
      tell("textFull");
      return;
    }
    event.preventDefault();
    pen = event.pointerId;
    pad.setPointerCapture(pen);
    strokes.push([pointOf(event)]);
    draw();
  });

  pad.addEventListener("pointermove", (event) => {
    if (event.pointerId === pen) {
      const points = event.getCoalescedEvents?.() ?? [];
      (points.length ? points : [event]).forEach(add);
      draw();
    }
  });

  function lift(event) {
    if (event.pointerId === pen) {
      pen = null;
      show();
      tell(isFull() ? "textFull" : "textDrawn");
    }
  }
  pad.addEventListener("pointerup", lift);
  pad.addEventListener("pointercancel", lift);

  undo.addEventListener("click", () => {
    strokes.pop();
    show();
    tell(strokes.length ? "textDrawn" : "textEmpty");
  });

  clear.addEventListener("click", () => {
    strokes = [];
    show();
    tell("textEmpty");
  });

  field.hidden = false;
  new ResizeObserver(draw).observe(pad);
  show();
}

document.querySelectorAll("[data-without-script]").forEach((notice) => {
  notice.hidden = true;
});
document.querySelectorAll("[data-pad-field]").forEach(bringToLife);
