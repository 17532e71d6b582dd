// Draws the tables of the statistics that say `data-chart`. The table stays: it has the numbers.
import uPlot from "uplot";

const HEIGHT = 180;
// Of whole numbers: half a call says nothing.
const STEPS = [0, 1, 2, 3, 4, 5, 6, 7].flatMap((power) => [1, 2, 5].map((each) => each * 10 ** power));
const GAP = 44; // pixels between labels of the lower axis, at least

function numbersOf(table) {
  const rows = [...table.tBodies[0].rows];
  return {
    labels: rows.map((row) => row.cells[0].textContent.trim()),
    values: rows.map((row) => Number(row.cells[1].dataset.value || 0)),
    // Of several lines what nobody told is a gap, not a zero.
    columns: [...table.tHead.rows[0].cells].slice(1).map((_, place) => rows.map((row) => {
      const told = row.cells[place + 1].dataset.value;
      return told === "" || told === undefined ? null : Number(told);
    })),
  };
}

function colours(element) {
  // Custom properties are told as they are written; colours of an element as they are seen.
  const style = getComputedStyle(element);
  return { accent: style.color, grid: style.borderTopColor, text: style.outlineColor };
}

function draw(element) {
  const table = document.getElementById(element.dataset.of);
  const { labels, values, columns } = numbersOf(table);
  const several = element.dataset.chart === "lines";
  const { accent, grid, text } = colours(element);
  const bars = element.dataset.chart === "bars" || (labels.length < 3 && !several);
  const axis = { stroke: text, grid: { stroke: grid, width: 1 }, ticks: { stroke: grid, width: 1 } };
  const chart = new uPlot(
    {
      width: element.clientWidth,
      height: HEIGHT,
      legend: { show: false },
      cursor: { show: false },
      scales: {
        x: { time: false, range: [-0.5, labels.length - 0.5] },
        y: { range: (_, least, most) => several ? around(least, most) : [0, Math.max(1, most * 1.1)] },
      },
      axes: [
        {
          ...axis,
          grid: { show: false },
          space: GAP,
          incrs: [1, 2, 3, 4, 6, 7, 14, 30, 60, 90],
          values: (_, places) => places.map((place) => short(labels[place])),
        },
        several ? { ...axis, size: 56 } : { ...axis, size: 48, incrs: STEPS },
      ],
      series: several ? [{}, ...columns.map((_, place) => line(place, accent, text))] : [
        {},
        {
          stroke: accent,
          fill: bars ? accent : undefined,
          width: bars ? 0 : 2,
          paths: bars ? uPlot.paths.bars({ size: [0.7, 60] }) : undefined,
          points: { show: false },
        },
      ],
    },
    [labels.map((_, place) => place), ...(several ? columns : [values])],
    element,
  );
  return chart;
}

// The first as it is, what it is compared with thinner and broken.
function line(place, accent, text) {
  return {
    stroke: place ? text : accent,
    width: place ? 1 : 2,
    dash: [[], [6, 3], [2, 3]][place],
    points: { show: place === 0, size: 4, fill: accent },
  };
}

function around(least, most) {
  const wide = Math.max((most - least) * 0.1, Math.abs(most) * 0.02, 0.5);
  return [least >= 0 ? Math.max(0, least - wide) : least - wide, most + wide];
}

function short(label = "") {
  // Of a date the day and month: the year stands in the heading.
  return label.replace(/\/\d{4}$/, "");
}

for (const element of document.querySelectorAll("[data-chart]")) {
  element.hidden = false;
  let chart = draw(element);
  element.parentElement.querySelector("details.behind").open = false; // the picture tells most
  for (const legend of element.parentElement.querySelectorAll(".chart-legend")) legend.hidden = false;
  new ResizeObserver(() => chart.setSize({ width: element.clientWidth, height: HEIGHT })).observe(element);
  matchMedia("(prefers-color-scheme: dark)").addEventListener("change", () => {
    chart.destroy();
    chart = draw(element);
  });
}
