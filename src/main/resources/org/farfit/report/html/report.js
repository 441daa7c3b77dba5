"use strict";

// Draws the figures of a report with ECharts, and sorts tables. Figures come as data: axes, a colour
// scale, and layers of points, lines, areas, cells and bars.

const { title, figures, palette } = JSON.parse(document.getElementById("data").textContent);
const dark = matchMedia("(prefers-color-scheme: dark)");
const charts = [];

function colour(name) {
  return getComputedStyle(document.documentElement).getPropertyValue(name).trim();
}

const SUPERSCRIPTS = "⁰¹²³⁴⁵⁶⁷⁸⁹";

function power(exponent) {
  const digits = String(Math.abs(exponent)).split("").map((digit) => SUPERSCRIPTS[digit]).join("");
  return "10" + (exponent < 0 ? "⁻" : "") + digits;
}

function number(value) {
  if (value === 0) return "0";
  const size = Math.abs(value);
  if (size >= 1e-3 && size < 1e5) return String(Number(value.toPrecision(4)));
  const exponent = Math.floor(Math.log10(size) + 1e-9);
  const mantissa = Number((value / 10 ** exponent).toPrecision(4));
  return mantissa === 1 ? power(exponent) : mantissa + "·" + power(exponent);
}

function at(axis, value) {
  return axis.names.length ? axis.names[value] : number(value);
}

function extent(figure, key) {
  let low = Infinity;
  let high = -Infinity;
  const axis = figure[key];
  for (const layer of figure.layers) {
    // Bars stand on 0 and have heights in the place of y.
    (layer[key] || layer.height).forEach((value, i) => {
      if (value === null || (axis.log && value <= 0)) return;
      let from = value;
      let to = value;
      if (layer.kind === "cells") {
        const size = key === "x" ? layer.width : layer.height;
        from = axis.log ? value / Math.sqrt(size) : value - size / 2;
        to = axis.log ? value * Math.sqrt(size) : value + size / 2;
      } else if (layer.kind === "bars" && key === "x") {
        to = value + layer.width;
      }
      low = Math.min(low, from);
      high = Math.max(high, to);
    });
    if (layer.kind === "bars" && key === "y") low = Math.min(low, 0);
  }
  if (axis.log) {
    const margin = Math.max(Math.pow(high / low, 0.03), 1.01);
    return [low / margin, high * margin];
  }
  const margin = 0.03 * (high - low) || 1;
  return [low === 0 ? 0 : low - margin, high + margin];
}

function named(figure, key, narrow) {
  const names = figure[key].names;
  return {
    type: "category",
    data: names,
    name: key === "x" ? figure[key].label : "",
    nameLocation: "middle",
    nameGap: 78,
    nameTextStyle: { color: colour("--muted") },
    axisLabel: {
      color: colour("--muted"),
      interval: 0,
      rotate: key === "x" ? 35 : 0,
      width: key === "x" ? 110 : nameWidth(names, narrow) - 14,
      overflow: "truncate",
      fontSize: 11,
    },
    axisTick: { show: false },
    axisLine: { lineStyle: { color: colour("--line") } },
  };
}

function nameWidth(names, narrow) {
  const longest = Math.max(...names.map((name) => name.length));
  return Math.min(14 + 6 * longest, narrow ? 180 : 260);
}

function axis(figure, key, narrow) {
  if (figure[key].names.length) return named(figure, key, narrow);
  const [min, max] = extent(figure, key);
  const shape = figure[key];
  // Less than a decade has hardly a power of ten to label: then the axis counts evenly.
  const log = shape.log && max / min > 10;
  return {
    type: log ? "log" : "value",
    // Few powers of ten fit into a short span; powers of two are as readable while they are small.
    logBase: max / min < 1e3 && max < 1e5 ? 2 : 10,
    min,
    max,
    name: shape.label,
    nameLocation: "middle",
    nameGap: key === "x" ? 28 : 46,
    nameTextStyle: { color: colour("--muted") },
    axisLabel: {
      color: colour("--muted"),
      hideOverlap: true,
      showMinLabel: false,
      showMaxLabel: false,
      formatter: number,
    },
    splitNumber: narrow ? 3 : 5,
    axisLine: { onZero: false, lineStyle: { color: colour("--line") } },
    splitLine: { lineStyle: { color: colour("--line"), opacity: 0.5 } },
  };
}

function pairs(layer) {
  return layer.x.map((x, i) => [x, layer.y[i]]);
}

function known(pair) {
  return pair[0] !== null && pair[1] !== null;
}

function series(figure, layer) {
  const paint = palette.layers[layer.colour % palette.layers.length];
  switch (layer.kind) {
    case "points":
      return {
        type: "scatter",
        name: layer.name,
        symbolSize: layer.size || 6,
        itemStyle: layer.value.length
          ? {
              borderColor: layer.outlined ? colour("--card") : colour("--muted"),
              borderWidth: layer.outlined ? 1 : figure.scale.diverging ? 0.5 : 0,
            }
          : { color: paint },
        data: pairs(layer).map((pair, i) => (layer.value.length ? [...pair, layer.value[i]] : pair)),
      };
    case "line":
      return {
        type: "line",
        name: layer.name,
        showSymbol: false,
        silent: layer.style !== "SOLID",
        itemStyle: { color: layer.style === "FAINT" ? colour("--muted") : paint },
        lineStyle: {
          color: layer.style === "FAINT" ? colour("--muted") : paint,
          width: layer.style === "SOLID" ? 2.5 : 1,
          type: layer.style === "DASHED" ? "dashed" : "solid",
          opacity: layer.style === "FAINT" ? 0.6 : 1,
        },
        data: pairs(layer).map((pair) => (known(pair) ? pair : [pair[0], "-"])),
      };
    case "area":
      return {
        type: "custom",
        name: layer.name,
        silent: true,
        clip: true,
        itemStyle: { color: paint },
        encode: { x: 0, y: 1 },
        data: [pairs(layer).find(known) || [1, 1]],
        renderItem: (params, api) => ({
          type: "polygon",
          shape: { points: pairs(layer).filter(known).map((pair) => api.coord(pair)) },
          style: { fill: paint, opacity: 0.25 },
        }),
      };
    case "cells":
      return {
        type: "custom",
        name: layer.name,
        clip: true,
        encode: { x: 0, y: 1 },
        data: pairs(layer).map((pair, i) => [...pair, layer.value[i]]).filter((cell) => cell[2] !== null),
        renderItem: (params, api) => figure.x.names.length ? square(api) : rectangle(
          api,
          edges(figure.x, api.value(0), layer.width),
          edges(figure.y, api.value(1), layer.height),
          api.visual("color")),
      };
    case "bars":
      return {
        type: "custom",
        name: layer.name,
        clip: true,
        itemStyle: { color: paint },
        encode: { x: 0, y: 1 },
        data: layer.x.map((x, i) => [x, layer.height[i]]),
        renderItem: (params, api) => rectangle(
          api, [api.value(0), api.value(0) + layer.width], [0, api.value(1)], paint),
      };
  }
}

function edges(axis, at, size) {
  return axis.log ? [at / Math.sqrt(size), at * Math.sqrt(size)] : [at - size / 2, at + size / 2];
}

function rectangle(api, x, y, fill) {
  const [left, top] = api.coord([x[0], y[1]]);
  const [right, bottom] = api.coord([x[1], y[0]]);
  return {
    type: "rect",
    // A little wider, so that no seams show between neighbours.
    shape: { x: left, y: top, width: right - left + 0.5, height: bottom - top + 0.5 },
    style: { fill },
  };
}

// A cell between things with names, which has the room of one on each axis.
function square(api) {
  const [x, y] = api.coord([api.value(0), api.value(1)]);
  const [width, height] = api.size([1, 1]);
  return {
    type: "rect",
    shape: { x: x - width / 2, y: y - height / 2, width, height },
    style: { fill: api.visual("color") },
  };
}

// Lines as an element, so that what names say is text and never markup.
function lines(texts) {
  const all = document.createElement("div");
  for (const text of texts.filter((one) => one)) {
    all.appendChild(document.createElement("div")).textContent = text;
  }
  return all;
}

// A colour bar with the ends and the unit of its values.
function bar(scale, dimension, narrow, seriesIndex) {
  return {
    type: "continuous",
    min: scale.low,
    max: scale.high,
    dimension,
    seriesIndex,
    orient: "horizontal",
    left: "center",
    top: 0,
    itemWidth: 12,
    itemHeight: narrow ? 110 : 180,
    text: [number(scale.high) + "  " + scale.label, number(scale.low)],
    textStyle: { color: colour("--text") },
    inRange: { color: scale.diverging ? palette.differences : palette.amounts },
  };
}

const LEGEND_LINE = 20;

// How many lines a legend of some names takes, as ECharts breaks it.
function legendLines(names, width) {
  let lines = 1;
  let used = 0;
  for (const name of names) {
    const size = 25 + 5 + 10 + echarts.format.getTextRect(name, "12px sans-serif").width;
    if (used > 0 && used + size > width) {
      lines++;
      used = 0;
    }
    used += size;
  }
  return lines;
}

function option(figure, width) {
  if (figure.option) return figure.option();
  const narrow = width < 480;
  const all = figure.layers.map((layer) => series(figure, layer));
  const names = [...new Set(all.map((one) => one.name).filter((name) => name))];
  const scaled = figure.layers.flatMap((layer, i) =>
    layer.kind === "cells" || (layer.kind === "points" && layer.value.length) ? [i] : []);
  const legend = names.length ? LEGEND_LINE * legendLines(names, width - 20) : 0;
  return {
    animation: false,
    backgroundColor: "transparent",
    textStyle: { color: colour("--text") },
    aria: { enabled: false },
    grid: {
      left: figure.y.names.length ? nameWidth(figure.y.names, narrow) : 62,
      right: 18,
      top: figure.scale ? 44 : 16,
      bottom: (figure.x.names.length ? 100 : 50) + legend,
    },
    legend: {
      show: names.length > 0,
      type: "plain",
      bottom: 0,
      itemGap: 10,
      padding: [5, 0],
      data: names,
      textStyle: { color: colour("--text") },
    },
    tooltip: {
      trigger: "item",
      confine: true,
      formatter: (point) => lines([
        figure.layers[point.seriesIndex].name,
        figure.x.label + ": " + at(figure.x, point.value[0]),
        figure.y.label + ": " + at(figure.y, point.value[1]),
        point.value.length > 2 ? figure.scale.label + ": " + number(point.value[2]) : "",
      ]),
    },
    visualMap: figure.scale ? bar(figure.scale, 2, narrow, scaled) : undefined,
    xAxis: axis(figure, "x", narrow),
    yAxis: axis(figure, "y", narrow),
    series: all,
  };
}

function draw() {
  for (const { chart, figure, element } of charts) {
    chart.setOption(option(figure, element.clientWidth), { notMerge: true });
  }
}

// Figures for paper are drawn without the dark theme.
function onPaper(task) {
  const page = document.documentElement.classList;
  const already = page.contains("printing");
  page.add("printing");
  try {
    return task();
  } finally {
    page.toggle("printing", already);
  }
}

// A figure as the text of an SVG file.
function svg(one) {
  return onPaper(() => {
    one.chart.setOption(option(one.figure, one.element.clientWidth), { notMerge: true });
    one.chart.setOption({ backgroundColor: "#ffffff" });
    return one.chart.renderToSVGString();
  });
}

function save(one) {
  const link = document.createElement("a");
  link.href = URL.createObjectURL(new Blob([svg(one)], { type: "image/svg+xml" }));
  link.download = one.element.id + ".svg";
  link.click();
  setTimeout(() => URL.revokeObjectURL(link.href), 1000);
  draw();
}

// Draws a figure into the element of its name, with a button that saves it.
function place(figure) {
  const element = document.getElementById(figure.id);
  // Every name needs a line.
  const lines = figure.y && figure.y.names.length;
  if (lines) element.style.height = Math.max(element.clientHeight, 180 + 15 * lines) + "px";
  const one = { chart: echarts.init(element, null, { renderer: "svg" }), figure, element };
  charts.push(one);
  let width = element.clientWidth;
  new ResizeObserver(() => {
    if (element.clientWidth !== width) {
      width = element.clientWidth;
      one.chart.resize();
      one.chart.setOption(option(one.figure, width), { notMerge: true });
    }
  }).observe(element);
  const button = document.createElement("button");
  button.type = "button";
  button.textContent = "SVG";
  button.title = "Save this figure as SVG";
  button.addEventListener("click", () => save(one));
  element.parentElement.querySelector("figcaption").append(button);
  one.chart.setOption(option(figure, width), { notMerge: true });
  return one.chart;
}

figures.forEach(place);
dark.addEventListener("change", draw);
for (const [event, printing] of [["beforeprint", true], ["afterprint", false]]) {
  addEventListener(event, () => {
    document.documentElement.classList.toggle("printing", printing);
    draw();
  });
}

for (const table of document.querySelectorAll("table.sortable")) {
  table.querySelectorAll("th").forEach((heading, column) => {
    heading.tabIndex = 0;
    const sort = () => {
      const up = heading.getAttribute("aria-sort") !== "ascending";
      table.querySelectorAll("th").forEach((other) => other.removeAttribute("aria-sort"));
      heading.setAttribute("aria-sort", up ? "ascending" : "descending");
      const body = table.tBodies[0];
      const key = (row) => row.cells[column].textContent;
      [...body.rows]
        .sort((a, b) => {
          const [first, second] = [Number.parseFloat(key(a)), Number.parseFloat(key(b))];
          const order = Number.isNaN(first - second) ? key(a).localeCompare(key(b)) : first - second;
          return up ? order : -order;
        })
        .forEach((row) => body.append(row));
    };
    heading.addEventListener("click", sort);
    heading.addEventListener("keydown", (event) => event.key === "Enter" && sort());
  });
}
