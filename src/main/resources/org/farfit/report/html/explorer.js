"use strict";

// Answers questions about the fitted laws: what is predicted at a point, how sure that is, and how the point
// lies to what its compute could do. The laws themselves are scripts that Farfit wrote from their formulas.

const { explorer } = JSON.parse(document.getElementById("data").textContent);

// FLOPs of a training run of N parameters on D tokens, and how far around the runs optima are looked for.
const FLOPS = 6;
const SEARCH = 1e3;
const STEPS_PER_E = 8;

const state = {
  surface: 0,
  point: explorer.columns.map((column) => Math.sqrt(column.low * column.high)),
  flops: 4e14,
  price: 2,
};

const columnAt = (name) => explorer.columns.findIndex((column) => column.name === name);
const sizes = columnAt("N");
const tokens = columnAt("D");
const hasCompute = sizes >= 0 && tokens >= 0;

function memberLoss(member, parameters, point) {
  return laws[member.law](parameters, member.centres, point);
}

function averageOf(surface, point) {
  // A law without weight need not even give a number.
  return surface.members.filter((member) => member.weight > 0).reduce(
    (sum, member) => sum + member.weight * memberLoss(member, member.parameters, point), 0);
}

// What a surface predicts; not a number where an average refuses.
function lossOf(surface, point) {
  const loss = averageOf(surface, point);
  return surface.guard && refusalOf(surface, point, loss) ? NaN : loss;
}

// Why an average gives no number at a point, or null: its laws differ too much, or a run that is smaller in both N
// and D has far less loss, or a larger one far more.
function refusalOf(surface, point, loss) {
  const { spread: most, slack, n, d, losses } = surface.guard;
  const each = surface.members.filter((member) => member.weight > 0)
    .map((member) => memberLoss(member, member.parameters, point));
  const [low, high] = [Math.min(...each), Math.max(...each)];
  if (!(low > 0 && high < Infinity)) return "a law gives no positive number there";
  if (high > most * low) return `the laws differ there, from ${digits(low)} to ${digits(high)}`;
  for (let i = 0; i < losses.length; i++) {
    const smaller = n[i] <= point[sizes] && d[i] <= point[tokens];
    const larger = n[i] >= point[sizes] && d[i] >= point[tokens];
    if ((smaller && loss > slack * losses[i]) || (larger && slack * loss < losses[i])) {
      return `${digits(loss)} cannot be beside a ${smaller ? "smaller" : "larger"} run's loss of ${digits(losses[i])}`;
    }
  }
  return null;
}

// Derivatives of ln(loss) along the directions of shifts, times standard errors. By differences: exact ones would take a
// second script for each law and the slopes of its coordinates, and these are right to a millionth of an interval.
function derivatives(member, shifts, point) {
  const logs = shifts.map((parameters) => Math.log(memberLoss(member, parameters, point)));
  const along = [];
  for (let k = 0; k < logs.length; k += 2) along.push((logs[k] - logs[k + 1]) / (2 * explorer.step));
  return along;
}

// Degrees of freedom of a fit's variance at a point: (t x)^2 / (x' S x), x the products of derivatives.
function degreesOfOne(member, degrees, point, most) {
  if (!degrees.squares.length) return most;
  const along = derivatives(member, degrees.shifts, point);
  const products = along.flatMap((one, k) => along.slice(k).map((other) => one * other));
  const inner = (row) => row.reduce((sum, each, a) => sum + each * products[a], 0);
  const squares = inner(degrees.squares.map(inner));
  const trace = inner(degrees.trace);
  return squares > 0 ? Math.min(Math.max((trace * trace) / squares, 1), most) : most;
}

// The same of a surface: of an average the variance is known as well as its members' are together.
function degreesOf(surface, point, at) {
  const { degrees, most } = surface.reach;
  if (degrees) return degreesOfOne(surface.members[0], degrees, point, most);
  const { variance, unsure } = spreadOf(surface, point, at);
  return unsure > 0 ? Math.min((variance / unsure) ** 2, most) : most;
}

// What the degrees of freedom of a point mean, by the polynomial through Chebyshev's points (Berrut and Trefethen 2004).
function reachAt(reach, degrees) {
  const values = reach.at;
  const last = values.length - 1;
  let sum = 0;
  let weights = 0;
  for (let i = 0; i <= last; i++) {
    const away = 1 / degrees - (0.5 + 0.5 * Math.cos((Math.PI * i) / Math.max(last, 1)));
    if (last === 0 || away === 0) {
      [sum, weights] = [values[i], 1];
      break;
    }
    const weight = ((i % 2 ? -1 : 1) * (i % last ? 1 : 0.5)) / away;
    sum += weight * values[i];
    weights += weight;
  }
  const log = sum / weights;
  return reach.way === "QUANTILES" ? Math.exp(-Math.exp(log)) : Math.exp(log);
}

// The variance of ln(loss): of a fit that of its standard error, of an average also how far its laws lie apart; and the
// sum of what is uncertain of it.
function spreadOf(surface, point, at) {
  let [apart, within, known, unsure] = [0, 0, 0, 0];
  for (const member of surface.members.filter((one) => one.doubt > 0)) {
    apart += member.doubt * (Math.log(memberLoss(member, member.parameters, point)) - at) ** 2;
    if (!member.shifts.length) continue;
    known += member.doubt;
    const own = member.doubt * derivatives(member, member.shifts, point).reduce((sum, each) => sum + each * each, 0);
    within += own;
    if (member.degrees) unsure += own / Math.sqrt(degreesOfOne(member, member.degrees, point, member.degrees.most));
  }
  return { variance: (surface.members.length > 1 ? apart : 0) + within / known, unsure: unsure / known };
}

// By how much the logarithm of the standard error of ln(loss) falls for each unit by which ln(loss) rises: what it changes
// along each direction of the fit, as far as ln(loss) moves along it.
function slopeOf(member, trend, point) {
  const along = derivatives(member, member.shifts, point);
  const error = (shifts) => Math.hypot(...derivatives(member, shifts, point));
  const fall = along.reduce((sum, each, k) =>
    sum + (each * Math.log(error(trend.back[k]) / error(trend.forth[k]))) / (2 * trend.step), 0);
  const slope = fall / along.reduce((sum, each) => sum + each * each, 0);
  return Number.isFinite(slope) ? slope : 0;
}

// The distance from the estimate that is so many standard errors where these are followed by their slope.
function distanceOf(errors, slope, farthest) {
  if (Math.abs(slope) < 1e-9) return errors;
  const reached = Math.log(Math.min(Math.max(1 + slope * errors, Math.exp(-farthest)), Math.exp(farthest)));
  return reached / slope + Math.exp(-reached) * (errors - Math.expm1(reached) / slope);
}

// How many factors of e a point lies beyond the runs, in N, D and N D, and those by which laws miss amid them.
function beyond(drift, point) {
  const [n, d] = [point[sizes], point[tokens]];
  return Math.hypot(...[n / drift.n, d / drift.d, (n * d) / drift.compute].map((ratio) => Math.max(0, Math.log(ratio))), drift.amid);
}

// The ends of the interval of the loss at a point, null where there is none.
function intervalOf(surface, point) {
  const loss = lossOf(surface, point);
  if (!surface.reach || Number.isNaN(loss)) return null;
  const at = Math.log(loss);
  const { way, drift, trend } = surface.reach;
  const far = reachAt(surface.reach, degreesOf(surface, point, at));
  let ends;
  if (way === "DEVIATIONS") {
    const half = far * Math.sqrt(spreadOf(surface, point, at).variance);
    const slope = trend ? slopeOf(surface.members[0], trend, point) : 0;
    ends = [-half, half].map((errors) => at + distanceOf(errors, slope, trend?.farthest));
  } else {
    const tail = way === "QUANTILES" ? far : 0.5 - explorer.level / 200;
    const values = surface.replicates
      .map((one) => memberLoss(surface.members[one.member], one.parameters, point))
      .filter((value) => !Number.isNaN(value))
      .map((value) => (way === "STRETCHED" ? Math.log(value) : value))
      .sort((a, b) => a - b);
    // Too few have an order statistic so far out.
    if (values.length < Math.ceil(1 / tail - 1 - 1e-9)) return null;
    ends = [quantile(values, tail), quantile(values, 1 - tail)];
    const median = quantile(values, 0.5);
    const middle = Number.isFinite(median) ? median : at;
    ends = way === "STRETCHED" ? ends.map((end) => at + far * (end - middle)) : ends.map(Math.log);
  }
  if (drift) {
    const half = drift.half * beyond(drift, point);
    const [low, high] = [Math.min(0, ends[0] - at), Math.max(0, ends[1] - at)];
    if (half > 0) ends = [at - Math.hypot(low, half), at + Math.hypot(high, half)];
  }
  return ends.every(Number.isFinite) ? ends.map(Math.exp) : null;
}

// Order statistic (B + 1) q of ascending values, interpolated (Hyndman and Fan 1996, type 6).
function quantile(values, q) {
  const position = q * (values.length + 1);
  if (position < 1) return values[0];
  if (position >= values.length) return values[values.length - 1];
  const below = Math.floor(position);
  return values[below - 1] + (position - below) * (values[below] - values[below - 1]);
}

function withColumns(point, values) {
  const moved = [...point];
  for (const [column, value] of values) moved[column] = value;
  return moved;
}

// The interior minimum of least loss for a budget, other columns as they are; null if there is none.
function optimumOf(surface, point, budget) {
  const at = (logN) => {
    const n = Math.exp(logN);
    const moved = withColumns(point, [[sizes, n], [tokens, budget / (FLOPS * n)]]);
    return { n, d: moved[tokens], loss: lossOf(surface, moved) };
  };
  const column = explorer.columns[sizes];
  const low = Math.log(column.low / SEARCH);
  const high = Math.log(column.high * SEARCH);
  const count = Math.ceil((high - low) * STEPS_PER_E);
  const losses = Array.from({ length: count + 1 }, (ignored, i) => at(low + ((high - low) * i) / count).loss);
  let best = -1;
  for (let i = 1; i < count; i++) {
    const isMinimum = losses[i] <= losses[i - 1] && losses[i] < losses[i + 1];
    if (isMinimum && (best < 0 || losses[i] < losses[best])) best = i;
  }
  if (best < 0) return null;
  // The golden section.
  const share = (Math.sqrt(5) - 1) / 2;
  let from = low + ((high - low) * (best - 1)) / count;
  let to = low + ((high - low) * (best + 1)) / count;
  for (let i = 0; i < 50; i++) {
    const left = to - share * (to - from);
    const right = from + share * (to - from);
    if (at(left).loss < at(right).loss) to = right;
    else from = left;
  }
  return at((from + to) / 2);
}

// The least budget whose optimum has a loss; null if none in reach has.
function budgetFor(surface, point, loss, near) {
  const excess = (logC) => {
    const optimum = optimumOf(surface, point, Math.exp(logC));
    return optimum ? optimum.loss - loss : NaN;
  };
  let high = Math.log(near);
  if (!(excess(high) <= 0)) return null;
  let low = high;
  for (let step = 0.1; excess(low) <= 0; step *= 2) [high, low] = [low, low - step];
  if (!(excess(low) > 0)) return null;
  for (let i = 0; i < 40; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) > 0) low = middle;
    else high = middle;
  }
  return Math.exp(high);
}

function spread(low, high, count) {
  return Array.from({ length: count }, (ignored, i) => low * (high / low) ** (i / (count - 1)));
}

// How far sliders and figures reach beyond the runs.
function reach(i) {
  const column = explorer.columns[i];
  return [column.low / 2, Math.max(column.high * 4, state.point[i] * 1.5)];
}

// Where the loss falls through a level along a column, by halving; null if nowhere in reach.
function crossing(surface, point, column, level, low, high) {
  let [from, to] = [Math.log(low), Math.log(high)];
  const excess = (log) => lossOf(surface, withColumns(point, [[column, Math.exp(log)]])) - level;
  if (!(excess(from) > 0) || !(excess(to) <= 0)) return null;
  for (let i = 0; i < 40; i++) {
    const middle = (from + to) / 2;
    const at = excess(middle);
    if (Number.isNaN(at)) return null;
    if (at > 0) from = middle;
    else to = middle;
  }
  return Math.exp(to);
}

function lineOf(name, points, style, colourNumber) {
  return {
    kind: "line",
    name,
    style,
    colour: colourNumber,
    x: points.map((point) => point[0]),
    y: points.map((point) => point[1]),
  };
}

const MESH = 28;
const LEVELS = 9;
const PATH = 13;

function grid(surface, first, second) {
  const xs = spread(...reach(first), MESH);
  const ys = spread(...reach(second), MESH);
  const losses = ys.map((y) => xs.map((x) => {
    const loss = lossOf(surface, withColumns(state.point, [[first, x], [second, y]]));
    return Number.isFinite(loss) ? loss : null;
  }));
  return { xs, ys, losses };
}

function axisOf(i) {
  return { label: explorer.columns[i].label, log: true, names: [] };
}

function plane(surface, first, second, mesh) {
  const [lowX, highX] = reach(first);
  const [lowY, highY] = reach(second);
  const finite = mesh.losses.flat().filter(Number.isFinite);
  const low = Math.min(...finite, ...explorer.losses);
  const high = Math.max(...finite, ...explorer.losses);
  const layers = [
    {
      kind: "cells",
      name: "",
      x: mesh.ys.flatMap(() => mesh.xs),
      y: mesh.ys.flatMap((y) => mesh.xs.map(() => y)),
      width: mesh.xs[1] / mesh.xs[0],
      height: mesh.ys[1] / mesh.ys[0],
      value: mesh.losses.flat(),
    },
    {
      kind: "points", name: "runs", x: explorer.runs[first], y: explorer.runs[second], value: explorer.losses, colour: 0,
      size: 7, outlined: true,
    },
  ];
  const xs = spread(lowX, highX, 41);
  const level = (loss, name, style, paint) => {
    const points = xs.map((x) =>
      [x, crossing(surface, withColumns(state.point, [[first, x]]), second, loss, lowY, highY)]);
    if (points.some((point) => point[1] !== null)) layers.push(lineOf(name, points, style, paint));
  };
  for (let i = 1; i <= LEVELS; i++) {
    level(low * (high / low) ** (i / (LEVELS + 1)), "equal loss", "FAINT", 0);
  }
  level(lossOf(surface, state.point), "loss of the point", "DASHED", 3);
  if (hasCompute) {
    const budget = FLOPS * state.point[sizes] * state.point[tokens];
    const equal = xs.map((x) => [x, budget / (FLOPS * x)]).map(([x, y]) => [x, y >= lowY && y <= highY ? y : null]);
    layers.push(lineOf("compute of the point", equal, "DASHED", 5));
    const path = spread(FLOPS * lowX * lowY, FLOPS * highX * highY, PATH)
      .map((flops) => optimumOf(surface, state.point, flops))
      .filter((best) => best && best.n >= lowX && best.n <= highX && best.d >= lowY && best.d <= highY)
      .map((best) => [best.n, best.d]);
    if (path.length > 1) layers.push(lineOf("compute-optimal path", path, "SOLID", 1));
  }
  layers.push({
    kind: "points", name: "the point", x: [state.point[first]], y: [state.point[second]], value: [], colour: 1, size: 14,
  });
  return {
    id: "explorer-plane", x: axisOf(first), y: axisOf(second), layers,
    scale: { label: "loss", low, high, diverging: false },
  };
}

// Positions of neighbours that have intervals, by two or more.
function stretches(ends) {
  const parts = [[]];
  ends.forEach((pair, i) => {
    if (pair && pair[0] > 0) parts[parts.length - 1].push(i);
    else parts.push([]);
  });
  return parts.filter((part) => part.length > 1);
}

// The loss along one column through the point, with its interval, and the runs near the slice.
function slice(surface, column) {
  const xs = spread(...reach(column), 41);
  const points = xs.map((x) => withColumns(state.point, [[column, x]]));
  const ends = points.map((point) => intervalOf(surface, point));
  const near = explorer.losses.map((loss, i) => i).filter((i) =>
    explorer.columns.every((other, k) =>
      k === column || Math.abs(Math.log(explorer.runs[k][i] / state.point[k])) < 0.2));
  const layers = [];
  for (const part of stretches(ends)) {
    layers.push({
      kind: "area",
      name: explorer.level + "% interval",
      x: [...part.map((i) => xs[i]), ...part.map((i) => xs[i]).reverse()],
      y: [...part.map((i) => ends[i][0]), ...part.map((i) => ends[i][1]).reverse()],
      colour: 0,
    });
  }
  const losses = points.map((point) => lossOf(surface, point));
  layers.push(lineOf(surface.name, xs.map((x, i) => [x, Number.isFinite(losses[i]) ? losses[i] : null]), "SOLID", 0));
  if (near.length) {
    layers.push({
      kind: "points", name: "runs nearby", x: near.map((i) => explorer.runs[column][i]),
      y: near.map((i) => explorer.losses[i]), value: [], colour: 2,
    });
  }
  const loss = lossOf(surface, state.point);
  if (Number.isFinite(loss)) {
    layers.push({
      kind: "points", name: "the point", x: [state.point[column]], y: [loss], value: [], colour: 1, size: 14,
    });
  }
  return {
    id: "explorer-slice-" + column, x: axisOf(column), y: { label: "loss", log: true, names: [] }, scale: null, layers,
  };
}

// What is said of the point: pairs of a question and its answer.
function answersOf(surface) {
  const loss = lossOf(surface, state.point);
  const ends = intervalOf(surface, state.point);
  const refusal = surface.guard ? refusalOf(surface, state.point, averageOf(surface, state.point)) : null;
  const answers = [["predicted loss", refusal ? "none: " + refusal : digits(loss)]];
  if (ends) {
    answers.push([explorer.level + "% interval of the surface", digits(ends[0]) + " to " + digits(ends[1])]);
    answers.push(["made from", surface.from]);
  } else if (!refusal) {
    answers.push(["interval", "none: " + (surface.lack || "too few replicates in the page; ask farfit predict")]);
  }
  if (hasCompute) {
    const budget = FLOPS * state.point[sizes] * state.point[tokens];
    answers.push(["compute, 6 N D", number(budget) + " FLOPs"]);
    answers.push(["tokens per parameter", number(state.point[tokens] / state.point[sizes])]);
    const best = optimumOf(surface, state.point, budget);
    if (best && !refusal) {
      answers.push(["best use of that compute",
        `N = ${number(best.n)}, D = ${number(best.d)}, ${number(best.d / best.n)} tokens per parameter`]);
      answers.push(["loss there", `${digits(best.loss)}, ${((loss / best.loss - 1) * 100).toFixed(2)}% less`]);
      const least = budgetFor(surface, state.point, loss, budget);
      if (least) answers.push(["least compute for the loss of the point",
        `${number(least)} FLOPs, ${((least / budget) * 100).toFixed(1)}%`]);
    } else if (!refusal) {
      answers.push(["best use of that compute", "no interior optimum"]);
    }
    const hours = budget / state.flops / 3600;
    answers.push(["cost", `${number(hours)} device hours, ${number(hours * state.price)} at the price`]);
  }
  explorer.columns.forEach((column, i) => {
    const factor = Math.max(state.point[i] / column.high, column.low / state.point[i]);
    if (factor > 1) answers.push(["beware", `${column.name} is a factor ${number(factor)} beyond the runs`]);
  });
  return answers;
}

function digits(value) {
  return Number.isFinite(value) ? String(Number(value.toPrecision(6))) : "not a number";
}

function show(figure) {
  const element = document.getElementById(figure.id);
  const known = charts.find((one) => one.element === element);
  if (known) {
    known.figure = figure;
    known.chart.setOption(option(figure, element.clientWidth), { notMerge: true });
  } else {
    place(figure);
  }
}

function update() {
  const surface = explorer.surfaces[state.surface];
  const list = document.createElement("dl");
  for (const [question, answer] of answersOf(surface)) {
    list.appendChild(document.createElement("dt")).textContent = question;
    list.appendChild(document.createElement("dd")).textContent = answer;
  }
  document.getElementById("answers").replaceChildren(list);
  const [first, second] = hasCompute ? [sizes, tokens] : [0, 1];
  if (explorer.columns.length > 1) {
    const mesh = grid(surface, first, second);
    show(plane(surface, first, second, mesh));
    turning.show(mesh, first, second);
  }
  explorer.columns.forEach((column, i) => show(slice(surface, i)));
}

let waiting = false;
function updateSoon() {
  if (waiting) return;
  waiting = true;
  requestAnimationFrame(() => {
    waiting = false;
    update();
  });
}

// Numbers as people write them: 25.1e9, 25.1B, 320B, 1.5T.
function read(text) {
  const parts = /^\s*([0-9.]+(?:e[+-]?[0-9]+)?)\s*([KMBT]?)\s*$/i.exec(text);
  if (!parts) return NaN;
  return Number(parts[1]) * { "": 1, K: 1e3, M: 1e6, B: 1e9, T: 1e12 }[parts[2].toUpperCase()];
}

function written(value) {
  const size = Math.abs(value);
  const rounded = Number(value.toPrecision(4));
  return size >= 1e5 || size < 1e-3 ? rounded.toExponential().replace("e+", "e") : String(rounded);
}

function field(form, label, value, taken) {
  const row = form.appendChild(document.createElement("label"));
  row.appendChild(document.createElement("span")).textContent = label;
  const input = row.appendChild(document.createElement("input"));
  input.type = "text";
  input.inputMode = "decimal";
  input.value = written(value);
  input.addEventListener("input", () => {
    const number = read(input.value);
    const good = number > 0 && Number.isFinite(number);
    input.setCustomValidity(good ? "" : "a positive number, such as 25.1e9 or 25.1B");
    input.setAttribute("aria-invalid", String(!good));
    if (good) {
      taken(number);
      updateSoon();
    }
  });
  return { row, input };
}

function build() {
  const form = document.getElementById("questions");
  form.addEventListener("submit", (event) => event.preventDefault());
  if (explorer.surfaces.length > 1) {
    const row = form.appendChild(document.createElement("label"));
    row.appendChild(document.createElement("span")).textContent = "law";
    const choice = row.appendChild(document.createElement("select"));
    choice.id = "ask-law";
    explorer.surfaces.forEach((surface, i) => choice.add(new Option(surface.name, String(i))));
    choice.addEventListener("change", () => {
      state.surface = Number(choice.value);
      updateSoon();
    });
  }
  explorer.columns.forEach((column, i) => {
    const slider = document.createElement("input");
    slider.type = "range";
    slider.id = "slide-" + column.name;
    slider.setAttribute("aria-label", column.label);
    const [low, high] = [Math.log(column.low / 10), Math.log(column.high * SEARCH)];
    slider.min = "0";
    slider.max = "1000";
    const { row, input } = field(form, column.label, state.point[i], (value) => {
      state.point[i] = value;
      slider.value = String((1000 * (Math.log(value) - low)) / (high - low));
    });
    input.id = "ask-" + column.name;
    slider.value = String((1000 * (Math.log(state.point[i]) - low)) / (high - low));
    slider.addEventListener("input", () => {
      state.point[i] = Number(Math.exp(low + ((high - low) * slider.value) / 1000).toPrecision(4));
      input.value = written(state.point[i]);
      input.setAttribute("aria-invalid", "false");
      updateSoon();
    });
    row.after(slider);
    const holder = document.getElementById("slices").appendChild(document.createElement("figure"));
    holder.appendChild(document.createElement("figcaption")).textContent = "Loss against " + column.label + ", the rest as asked for";
    const chart = holder.appendChild(document.createElement("div"));
    chart.className = "chart";
    chart.id = "explorer-slice-" + i;
    chart.setAttribute("role", "img");
    chart.setAttribute("aria-label",
      "The fitted loss against " + column.label + " through the point asked for, with its interval and runs nearby.");
  });
  if (hasCompute) {
    field(form, "FLOP/s of a device, as used", state.flops, (value) => (state.flops = value)).input.id = "ask-flops";
    field(form, "price of a device hour", state.price, (value) => (state.price = value)).input.id = "ask-price";
  }
}

build();
addEventListener("DOMContentLoaded", update);
