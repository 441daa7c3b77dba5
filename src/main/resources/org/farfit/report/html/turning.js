"use strict";

// The surface in space, which turns. ECharts draws its patches, the runs and the box as shapes of one series, those
// that are farther away first; so it needs no WebGL, prints, and is saved as SVG like any other figure.

const turning = (() => {
  const element = document.getElementById("explorer-surface");
  const view = { turn: -0.7, tilt: 0.45 };
  const HEIGHT = 0.75;
  let scene = null;
  let chart = null;

  // From [-1, 1] in each direction to the picture, and how near it is.
  function seen([x, y, z]) {
    const across = x * Math.cos(view.turn) - y * Math.sin(view.turn);
    const away = x * Math.sin(view.turn) + y * Math.cos(view.turn);
    return [across, z * HEIGHT * Math.cos(view.tilt) + away * Math.sin(view.tilt),
      away * Math.cos(view.tilt) - z * HEIGHT * Math.sin(view.tilt)];
  }

  function scaled(value, low, high) {
    return (2 * Math.log(value / low)) / Math.log(high / low) - 1;
  }

  // Shapes with what they say and how far they are.
  function shapes() {
    const { mesh, first, second, low, high } = scene;
    const [xs, ys] = [mesh.xs, mesh.ys];
    const at = (x, y, loss) =>
      [scaled(x, xs[0], xs[xs.length - 1]), scaled(y, ys[0], ys[ys.length - 1]), scaled(loss, low, high)];
    const said = (what, x, y, loss) => [
      what,
      explorer.columns[first].label + ": " + number(x),
      explorer.columns[second].label + ": " + number(y),
      "loss: " + number(loss),
    ];
    const found = [];
    for (let j = 0; j + 1 < ys.length; j++) {
      for (let i = 0; i + 1 < xs.length; i++) {
        const corners = [[i, j], [i + 1, j], [i + 1, j + 1], [i, j + 1]];
        const losses = corners.map(([a, b]) => mesh.losses[b][a]);
        if (!losses.every((loss) => loss > 0 && Number.isFinite(loss))) continue;
        const points = corners.map(([a, b], k) => seen(at(xs[a], ys[b], losses[k])));
        found.push({
          kind: "patch",
          points,
          far: points.reduce((sum, point) => sum + point[2], 0) / 4,
          value: losses.reduce((sum, loss) => sum + loss, 0) / 4,
          said: said("fit", xs[i], ys[j], losses[0]),
        });
      }
    }
    const dot = (kind, x, y, loss, what) => {
      const place = at(x, y, loss);
      if (place.some((one) => !(Math.abs(one) <= 1.001))) return;
      const point = seen(place);
      // A little nearer, so that a point on the surface is not hidden by its own patch.
      found.push({ kind, points: [point], far: point[2] - 0.05, value: loss, said: said(what, x, y, loss) });
    };
    explorer.losses.forEach((loss, k) => dot("run", explorer.runs[first][k], explorer.runs[second][k], loss, "run"));
    dot("point", state.point[first], state.point[second],
      lossOf(explorer.surfaces[state.surface], state.point), "the point");
    return [...box(), ...found.sort((a, b) => b.far - a.far)];
  }

  // The floor, an upright edge, and what their ends are.
  function box() {
    const { mesh, first, second, low, high } = scene;
    const corners = [[-1, -1], [1, -1], [1, 1], [-1, 1]];
    const lines = corners.map((corner, k) => [[...corner, -1], [...corners[(k + 1) % 4], -1]]);
    const leftmost = corners.reduce((a, b) => (seen([...a, -1])[0] < seen([...b, -1])[0] ? a : b));
    lines.push([[...leftmost, -1], [...leftmost, 1]]);
    const labels = [];
    const end = (value) => number(Number(value.toPrecision(2)));
    // Along the two edges of the floor that are nearest.
    const nearX = seen([0, -1, -1])[2] < seen([0, 1, -1])[2] ? -1 : 1;
    const nearY = seen([-1, 0, -1])[2] < seen([1, 0, -1])[2] ? -1 : 1;
    const tell = (place, text) => labels.push({ kind: "label", points: [seen(place)], text });
    tell([-0.8, nearX * 1.18, -1], end(mesh.xs[0]));
    tell([0, nearX * 1.3, -1], explorer.columns[first].label);
    tell([0.8, nearX * 1.18, -1], end(mesh.xs[mesh.xs.length - 1]));
    tell([nearY * 1.18, -0.8, -1], end(mesh.ys[0]));
    tell([nearY * 1.3, 0, -1], explorer.columns[second].label);
    tell([nearY * 1.18, 0.8, -1], end(mesh.ys[mesh.ys.length - 1]));
    const out = leftmost.map((one) => one * 1.25);
    tell([...out, -1], end(low));
    tell([...out, 0], "loss");
    tell([...out, 1], end(high));
    return [...lines.map((line) => ({ kind: "edge", points: line.map(seen) })), ...labels];
  }

  function optionOf() {
    const all = shapes();
    const { low, high } = scene;
    return {
      animation: false,
      backgroundColor: "transparent",
      textStyle: { color: colour("--text") },
      grid: { left: 8, right: 8, top: 40, bottom: 8 },
      xAxis: { type: "value", min: -2.1, max: 2.1, show: false },
      yAxis: { type: "value", min: -1.45, max: 1.25, show: false },
      visualMap: bar({ label: "loss", low, high, diverging: false }, 1, element.clientWidth < 480, [0]),
      tooltip: {
        trigger: "item",
        confine: true,
        formatter: (point) => (all[point.dataIndex].said ? lines(all[point.dataIndex].said) : ""),
      },
      series: [{
        type: "custom",
        name: "surface",
        encode: { x: 2, y: 3 },
        data: all.map((shape, i) => [i, shape.value === undefined ? low : shape.value, 0, 0]),
        renderItem: (params, api) => drawn(all[params.dataIndex], api),
      }],
    };
  }

  function drawn(shape, api) {
    const points = shape.points.map((point) => api.coord([point[0], point[1]]));
    const [x, y] = points[0];
    switch (shape.kind) {
      case "patch":
        return {
          type: "polygon", shape: { points },
          style: { fill: api.visual("color"), opacity: 0.85, stroke: colour("--card"), lineWidth: 0.4 },
        };
      case "run":
        return {
          type: "circle", shape: { cx: x, cy: y, r: 2.2 },
          style: { fill: colour("--text"), stroke: colour("--card"), lineWidth: 0.5 },
        };
      case "point":
        return {
          type: "circle", shape: { cx: x, cy: y, r: 7 },
          style: { fill: palette.layers[1], stroke: colour("--card"), lineWidth: 1 },
        };
      case "edge":
        return {
          type: "line", silent: true, shape: { x1: x, y1: y, x2: points[1][0], y2: points[1][1] },
          style: { stroke: colour("--line"), lineWidth: 1 },
        };
      default:
        return {
          type: "text", silent: true, x, y,
          style: { text: shape.text, fill: colour("--muted"), align: "center", verticalAlign: "middle", fontSize: 12 },
        };
    }
  }

  function redraw() {
    chart.setOption(optionOf(), { notMerge: true });
  }

  let waiting = false;
  function turn(across, up) {
    view.turn += across;
    view.tilt = Math.min(1.4, Math.max(0.05, view.tilt + up));
    if (!waiting) {
      waiting = true;
      requestAnimationFrame(() => {
        waiting = false;
        redraw();
      });
    }
  }

  function start() {
    chart = place({ id: element.id, option: optionOf });
    let last = null;
    chart.getZr().on("mousedown", (event) => (last = [event.offsetX, event.offsetY]));
    chart.getZr().on("mousemove", (event) => {
      if (!last) return;
      turn((event.offsetX - last[0]) / 120, (event.offsetY - last[1]) / 160);
      last = [event.offsetX, event.offsetY];
    });
    for (const end of ["mouseup", "globalout"]) chart.getZr().on(end, () => (last = null));
    element.addEventListener("keydown", (event) => {
      const step = { ArrowLeft: [-0.1, 0], ArrowRight: [0.1, 0], ArrowUp: [0, -0.1], ArrowDown: [0, 0.1] }[event.key];
      if (!step) return;
      event.preventDefault();
      turn(...step);
    });
  }

  return {
    view,
    show(mesh, first, second) {
      const finite = mesh.losses.flat().filter((loss) => loss > 0 && Number.isFinite(loss));
      scene = {
        mesh, first, second,
        low: Math.min(...finite, ...explorer.losses),
        high: Math.max(...finite, ...explorer.losses),
      };
      if (chart) redraw();
      else start();
    },
  };
})();
