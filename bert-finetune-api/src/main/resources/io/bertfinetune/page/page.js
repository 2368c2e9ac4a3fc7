"use strict";
/* Draws a run: its numbers come as JSON with the page, or, while it goes on, as server-sent events. Text is only ever
   set as text, never as markup. */
(() => {
  const MOST_LABELS = 20;
  const MOST_ROWS = 200;
  const COLOURS = ["--a", "--b", "--c", "--d", "--e"];

  /* Distances between two ticks: 1, 2 and 5 of every order. */
  const STEPS = Array.from({ length: 31 }, (_, i) => [1, 2, 5].map((n) => Number(`${n}e${i - 18}`))).flat();

  const run = { status: null, points: [], evaluations: [], judgements: [] };
  const charts = new Map();
  let lost = false;
  let drawing = false;

  const at = (id) => document.getElementById(id);
  const colour = (name) => getComputedStyle(document.documentElement).getPropertyValue(name).trim();

  function element(tag, props, ...children) {
    const made = document.createElement(tag);
    for (const [name, value] of Object.entries(props)) {
      if (name in made) {
        made[name] = value;
      } else {
        made.setAttribute(name, value);
      }
    }
    made.append(...children);
    return made;
  }

  /* Numbers as people read them: 0.3904, 1.9e-5, 214. */
  function short(value) {
    if (value === null || value === undefined || !Number.isFinite(value)) {
      return "–";
    }
    const size = Math.abs(value);
    if (size !== 0 && (size < 0.001 || size >= 1e6)) {
      return value.toExponential(2).replace("e+", "e");
    }
    if (Number.isInteger(value)) {
      return String(value);
    }
    return size >= 100 ? value.toFixed(1) : value.toFixed(4);
  }

  function time(seconds) {
    if (seconds === null || seconds === undefined) {
      return "–";
    }
    const all = Math.round(seconds);
    const two = (n) => String(n).padStart(2, "0");
    const hours = Math.floor(all / 3600);
    const minutes = Math.floor(all / 60) % 60;
    return hours ? `${hours}:${two(minutes)}:${two(all % 60)}` : `${minutes}:${two(all % 60)}`;
  }

  const words = (name) => name.replaceAll("_", " ");
  const isLoss = (name) => name === "loss" || name.endsWith("_loss");

  function take(news) {
    run.status = news.status;
    run.points.splice(news.points_from, Infinity, ...news.points);
    run.evaluations.splice(news.evaluations_from, Infinity, ...news.evaluations);
    run.judgements = news.judgements ?? run.judgements;
    later();
  }

  function later() {
    if (!drawing) {
      drawing = true;
      requestAnimationFrame(() => {
        drawing = false;
        draw();
      });
    }
  }

  function draw() {
    if (run.status) {
      drawStatus(run.status);
      drawCharts();
      drawJudgements();
    }
  }

  function drawStatus(status) {
    at("name").textContent = status.name || "Training run";
    const share = status.max_steps ? status.step / status.max_steps : 0;
    document.title = (status.phase === "finished" ? "" : Math.floor(100 * share) + "% ") + at("name").textContent;
    const phase = lost ? "connection lost" : status.phase;
    const kinds = { training: "going", evaluating: "going", finished: "good", "broken off": "bad", "connection lost": "bad" };
    const shown = phase === "evaluating" ? `evaluating, ${status.evaluated_batches} batches` : phase;
    if (at("phase").textContent !== shown) {
      at("phase").textContent = shown;
    }
    at("phase").dataset.kind = kinds[phase] ?? "";
    at("progress").value = share;

    const newest = (name) => run.points.at(-1)?.numbers[name];
    const facts = [
      ["Step", `${status.step} of ${status.max_steps}`],
      ["Epoch", status.epochs ? `${status.epoch.toFixed(2)} of ${status.epochs}` : status.epoch.toFixed(2)],
      ["Training loss", short(status.summary.loss ?? newest("loss"))],
    ];
    if (status.best_value !== null) {
      facts.push([`Best ${words(status.best_name)}`, `${short(status.best_value)} at step ${status.best_step}`]);
    }
    if (status.tokens_per_second !== null) {
      facts.push(["Tokens per second", status.tokens_per_second.toFixed(0)]);
    }
    facts.push(
      ["Samples per second", status.samples_per_second === null ? "–" : status.samples_per_second.toFixed(1)],
      ["Time", time(status.seconds)],
    );
    if (status.seconds_left !== null) {
      facts.push(["Time left", time(status.seconds_left)]);
    }
    at("facts").replaceChildren(
      ...facts.map(([name, value]) =>
        element("div", {}, element("dt", { textContent: name }), element("dd", { textContent: value }))),
    );
    at("footer").textContent = `Batches of ${status.batch_size}, ${status.samples} samples seen. bert-finetune`;
  }

  /* What is drawn together: both losses, the metrics that are shares, every other metric, and what the optimizer did. */
  function wanted() {
    const names = new Set(run.evaluations.flatMap((entry) => Object.keys(entry.numbers)));
    const losses = [...names].filter(isLoss);
    const metrics = [...names].filter((name) => !isLoss(name));
    const isShare = (name) => run.evaluations.every((entry) => !(Math.abs(entry.numbers[name] ?? 0) > 1));
    const evaluation = (name) => ({ name, label: words(name), rows: run.evaluations });
    const training = (name, label) => ({ name, label, rows: run.points });
    const all = [{
      title: "Loss",
      series: [training("loss", "training"),
        ...losses.map((name) => ({ ...evaluation(name), label: name === "loss" ? "evaluation" : words(name) }))],
    }];
    const shares = metrics.filter(isShare);
    for (let i = 0; i < shares.length; i += COLOURS.length) {
      all.push({
        title: shares.length > COLOURS.length ? `Metrics, ${i / COLOURS.length + 1}` : "Metrics",
        series: shares.slice(i, i + COLOURS.length).map(evaluation),
        firstColour: 1,
      });
    }
    for (const name of metrics.filter((other) => !isShare(other))) {
      all.push({ title: words(name), series: [evaluation(name)], firstColour: 1 });
    }
    all.push(
      { title: "Learning rate", series: [training("learning_rate", "learning rate")] },
      { title: "Gradient norm", series: [training("grad_norm", "gradient norm")] },
      { title: "Tokens per second", series: [training("tokens_per_second", "tokens per second")] },
      { title: "Samples per second", series: [training("samples_per_second", "samples per second")] },
    );
    return all.filter((chart) => chart.series.some(({ name, rows }) => rows.some((row) => row.numbers[name] != null)));
  }

  /* One row of numbers a step, whatever was logged there. */
  function columns(series) {
    const steps = new Map();
    series.forEach(({ name, rows }, i) => {
      for (const row of rows) {
        if (name in row.numbers) {
          const here = steps.get(row.step) ?? Array(series.length).fill(null);
          here[i] = row.numbers[name];
          steps.set(row.step, here);
        }
      }
    });
    const sorted = [...steps.keys()].sort((a, b) => a - b);
    return [sorted, ...series.map((_, i) => sorted.map((step) => steps.get(step)[i]))];
  }

  function drawCharts() {
    const all = wanted();
    const keys = all.map((chart) => [chart.title, ...chart.series.map((one) => one.name)].join("\n"));
    for (const [key, chart] of charts) {
      if (!keys.includes(key)) {
        chart.remove();
        charts.delete(key);
      }
    }
    all.forEach((chart, i) => {
      if (!charts.has(keys[i])) {
        charts.set(keys[i], newChart(chart));
      }
      charts.get(keys[i]).set(columns(chart.series));
      const place = at("charts").children[i];
      if (place !== charts.get(keys[i]).card) {
        at("charts").insertBefore(charts.get(keys[i]).card, place ?? null);
      }
    });
  }

  function newChart({ title, series, firstColour = 0 }) {
    const latest = element("p", { className: "latest" });
    const plot = element("div", { className: "plot", "aria-hidden": "true" });
    const table = element("div", { className: "scroll tall", tabIndex: 0, role: "region", "aria-label": `${title}, numbers` });
    const details = element("details", {}, element("summary", { textContent: "Numbers" }), table);
    const card = element("figure", { className: "card" }, element("h3", { textContent: title }), latest, plot, details);
    let drawn = null;
    let data = null;

    const size = () => ({ width: Math.max(200, Math.floor(plot.clientWidth)), height: 230 });

    function options() {
      const axis = () => ({
        stroke: colour("--quiet"),
        grid: { stroke: colour("--grid"), width: 1 },
        ticks: { stroke: colour("--grid"), width: 1 },
        font: "12px system-ui, sans-serif",
        labelFont: "12px system-ui, sans-serif",
      });
      return {
        ...size(),
        scales: { x: { time: false } },
        cursor: { drag: { x: false, y: false } },
        axes: [
          { ...axis(), label: "step", labelSize: 18, size: 34, incrs: STEPS.filter((step) => step >= 1) },
          { ...axis(), size: 62, incrs: STEPS, values: (_, splits) => splits.map((value) => tick(value, splits)) },
        ],
        series: [
          { label: "step", value: (_, value) => (value === null ? "–" : String(value)) },
          ...series.map((one, i) => ({
            label: one.label,
            stroke: colour(COLOURS[(firstColour + i) % COLOURS.length]),
            width: 2,
            dash: i === 0 ? [] : [[7, 3], [2, 3], [10, 3, 2, 3]][(i - 1) % 3],
            spanGaps: true,
            points: { fill: colour("--card"), size: 7, ...(one.rows === run.evaluations ? { show: true } : {}) },
            value: (_, value) => short(value),
          })),
        ],
      };
    }

    function rebuild() {
      drawn?.destroy();
      drawn = plot.clientWidth ? new uPlot(options(), data, plot) : null;
    }

    function fillTable() {
      if (!details.open || !data) {
        return;
      }
      const [steps, ...values] = data;
      const every = Math.ceil(steps.length / MOST_ROWS);
      const rows = steps.map((_, i) => i).filter((i) => (steps.length - 1 - i) % every === 0);
      table.replaceChildren(element("table", {},
        element("caption", { textContent: every > 1 ? `Every ${every}th of ${steps.length} rows.` : `${title} by step.` }),
        element("thead", {}, element("tr", {},
          ...["step", ...series.map((one) => one.label)].map((name) => element("th", { scope: "col", textContent: name })))),
        element("tbody", {}, ...rows.map((i) => element("tr", {},
          element("th", { scope: "row", textContent: steps[i] }),
          ...values.map((column) => element("td", { textContent: column[i] === null ? "" : short(column[i]) })))))));
    }

    details.addEventListener("toggle", fillTable);
    const fit = () => {
      if (drawn && size().width !== drawn.width) {
        drawn.setSize(size());
      } else if (!drawn && data) {
        rebuild();
      }
    };
    new ResizeObserver(() => requestAnimationFrame(fit)).observe(plot);

    return {
      card,
      rebuild,
      remove: () => {
        drawn?.destroy();
        card.remove();
      },
      set(next) {
        const same = data && JSON.stringify(data) === JSON.stringify(next);
        data = next;
        if (same) {
          return;
        }
        latest.textContent = series
          .map((one, i) => [one.label, next[i + 1].filter((value) => value !== null).at(-1)])
          .filter(([, value]) => value !== undefined)
          .map(([label, value]) => (series.length > 1 ? `${label} ${short(value)}` : short(value)))
          .join(" · ");
        if (drawn) {
          drawn.setData(next);
        }
        fillTable();
      },
    };
  }

  /* As many places as the distance between two ticks needs, the same for all. */
  function tick(value, splits) {
    const size = Math.max(...splits.map(Math.abs));
    const gap = Math.abs((splits[1] ?? value) - splits[0]) || size;
    const order = (n) => Math.floor(Math.log10(n) + 1e-9);
    if (value === 0) {
      return "0";
    }
    if (size < 0.001 || size >= 1e6) {
      return value.toExponential(Math.max(0, Math.min(3, order(size) - order(gap)))).replace("e+", "e");
    }
    return value.toFixed(Math.max(0, Math.min(8, -order(gap))));
  }

  let judgementsDrawn = null;

  function drawJudgements() {
    if (judgementsDrawn === run.judgements) {
      return;
    }
    judgementsDrawn = run.judgements;
    at("judgements").replaceChildren(...run.judgements.map(judgement));
  }

  function judgement(judged) {
    const sum = (cells) => cells.reduce((before, [, , count]) => before + count, 0);
    const all = sum(judged.cells);
    const right = sum(judged.cells.filter(([truth, predicted]) => truth === predicted));
    const title = { eval: "Last evaluation", test: "Prediction" }[judged.set] ?? `Last evaluation, ${judged.set.replace(/^eval_/, "")}`;
    const wrong = all - right;
    return element("section", { "aria-label": title },
      element("h2", { textContent: `${title}: ${right} of ${all} right, at step ${judged.step}` }),
      element("div", { className: "judged" },
        element("div", { className: "card" },
          element("h3", { textContent: judged.labels.length > MOST_LABELS ? "Labels mistaken most often" : "Confusion matrix" }),
          judged.labels.length > MOST_LABELS ? confusions(judged) : matrix(judged)),
        element("div", { className: "card" },
          element("h3", { textContent: judged.mistakes.length < wrong ? `Worst mistakes, ${judged.mistakes.length} of ${wrong}` : "Worst mistakes" }),
          mistakes(judged, wrong))));
  }

  function matrix(judged) {
    const header = judged.labels.map((label) => element("th", { scope: "col", textContent: label }));
    const counts = judged.labels.map(() => Array(judged.labels.length).fill(0));
    judged.cells.forEach(([truth, predicted, count]) => {
      counts[truth][predicted] = count;
    });
    const rows = judged.labels.map((truth, i) => {
      const sum = counts[i].reduce((a, b) => a + b, 0);
      const cells = counts[i].map((count, j) => {
        const cell = element("td", { textContent: count, className: i === j ? "right" : "" });
        if (count > 0) {
          cell.style.backgroundColor = `rgba(${colour("--heat")}, ${(0.08 + 0.42 * count / sum).toFixed(3)})`;
        }
        return cell;
      });
      return element("tr", {}, element("th", { scope: "row", textContent: truth }), ...cells);
    });
    return element("div", {},
      element("p", { className: "latest", textContent: "Rows: the right label. Columns: the predicted one." }),
      element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Confusion matrix" },
        element("table", { className: "confusion" },
          element("thead", {}, element("tr", {}, element("td", {}), ...header)),
          element("tbody", {}, ...rows))));
  }

  function confusions(judged) {
    const pairs = judged.cells
      .filter(([truth, predicted]) => truth !== predicted)
      .sort((a, b) => b[2] - a[2])
      .slice(0, MOST_LABELS);
    return element("div", { className: "scroll", tabIndex: 0, role: "region", "aria-label": "Labels mistaken most often" },
      element("table", { className: "confusion" },
        element("thead", {}, element("tr", {}, ...["right label", "predicted", "times"].map((name) => element("th", { scope: "col", textContent: name })))),
        element("tbody", {}, ...pairs.map(([truth, predicted, count]) => element("tr", {},
          element("th", { scope: "row", textContent: judged.labels[truth] }),
          element("td", { textContent: judged.labels[predicted] }),
          element("td", { textContent: count }))))));
  }

  function mistakes(judged, wrong) {
    if (!judged.mistakes.length) {
      return element("p", { textContent: wrong ? "Their texts are not kept." : "None." });
    }
    return element("ol", { className: "mistakes" }, ...judged.mistakes.map((one) => element("li", {},
      element("p", { textContent: one.text }),
      element("p", { className: "verdict" },
        element("span", { className: "is" }, "right ", element("b", { textContent: one.truth }), ` ${short(one.truth_score)}`),
        element("span", { className: "said" }, "predicted ", element("b", { textContent: one.predicted }), ` ${short(one.score)}`),
        element("span", {}, `loss ${one.truth_score > 0 ? (-Math.log(one.truth_score)).toFixed(2) : "∞"}`),
        element("span", {}, `example ${one.index}`)))));
  }

  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    for (const chart of charts.values()) {
      chart.rebuild();
    }
    judgementsDrawn = null;
    later();
  });

  function follow() {
    const events = new EventSource(location.pathname.replace(/\/?$/, "/events"));
    events.onmessage = (message) => {
      lost = false;
      take(JSON.parse(message.data));
      if (run.status.phase === "finished" || run.status.phase === "broken off") {
        events.onerror = () => events.close(); // the server stops when the run is over
      }
    };
    events.onerror = () => {
      lost = true;
      later();
    };
  }

  const data = JSON.parse(at("run").textContent);
  if (data.live) {
    follow();
  } else {
    take(data);
  }
})();
