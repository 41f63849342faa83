// Draws a chart with plotly.js in the colours of the current theme, and again when the theme changes.
let loading;

function plotly() {
  if (window.Plotly) return Promise.resolve(window.Plotly);
  return loading ??= new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.src = new URL("lib/plotly.min.js", document.baseURI).href;
    script.onload = () => { speak(window.Plotly); resolve(window.Plotly); };
    script.onerror = () => { loading = undefined; reject(new Error("plotly.js did not load")); };
    document.head.append(script);
  });
}

// Dates on axes in the page's language and order; the browser knows the names.
function speak(plotly) {
  const chinese = document.documentElement.lang.startsWith("zh");
  const names = (options, dates) => dates.map(date => new Intl.DateTimeFormat(document.documentElement.lang, { timeZone: "UTC", ...options }).format(date));
  const days = Array.from({ length: 7 }, (_, day) => new Date(Date.UTC(2023, 0, 1 + day)));
  const months = Array.from({ length: 12 }, (_, month) => new Date(Date.UTC(2023, month, 1)));
  plotly.register({
    moduleType: "locale", name: "studio", dictionary: {},
    format: {
      days: names({ weekday: "long" }, days), shortDays: names({ weekday: "short" }, days), months: names({ month: "long" }, months), shortMonths: names({ month: "short" }, months),
      date: "%Y-%m-%d", decimal: ".", thousands: ",", grouping: [3], currency: ["", ""],
      year: chinese ? "%Y年" : "%Y", month: chinese ? "%Y年%-m月" : "%b %Y", dayMonth: chinese ? "%-m月%-d日" : "%-d %b", dayMonthYear: chinese ? "%Y年%-m月%-d日" : "%-d %b %Y",
    },
  });
}

const token = name => getComputedStyle(document.documentElement).getPropertyValue(`--${name}`).trim();

function colour(text) {
  const [name, opacity] = text.slice(6).split("@");
  if (name === "none") return "rgba(0,0,0,0)";
  const hex = token(name);
  if (opacity === "1") return hex;
  const part = at => parseInt(hex.slice(at, at + 2), 16);
  return `rgba(${part(1)},${part(3)},${part(5)},${opacity})`;
}

function themed(value) {
  if (typeof value === "string") return value.startsWith("token:") ? colour(value) : value;
  if (Array.isArray(value)) return value.map(themed);
  if (value && typeof value === "object") return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, themed(inner)]));
  return value;
}

function axis(own, isX) {
  return {
    automargin: true, fixedrange: true, tickangle: 0, ticks: "", zeroline: false, tickfont: { color: token("ink-3"), size: 12 },
    gridcolor: token("plot-grid"), gridwidth: 1, linecolor: token("plot-axis"), linewidth: 1, showline: true,
    showgrid: !isX, showspikes: isX, spikecolor: token("control"), spikethickness: 1, spikedash: "solid", spikemode: "across", spikesnap: "hovered data",
    ...own,
    title: own?.title ? { ...own.title, font: { color: token("ink-3"), size: 12 } } : undefined,
  };
}

// On a narrow chart every second (third, ...) label is left out, so that none covers another.
function thinned(own, width) {
  if (!own?.ticktext?.length) return own;
  const widest = Math.max(...own.ticktext.map(text => [...text].reduce((sum, letter) => sum + (letter > "\u2e80" ? 12 : 6.5), 8)));
  const every = Math.ceil(own.ticktext.length * widest / Math.max(width - 56, widest));
  return every === 1 ? own : { ...own, tickvals: own.tickvals.filter((_, at) => at % every === 0), ticktext: own.ticktext.filter((_, at) => at % every === 0) };
}

function layout(own, height, width) {
  const { xaxis, yaxis, margin, annotations, shapes, ...rest } = own;
  const phone = window.innerWidth <= 700;
  return {
    font: { family: getComputedStyle(document.body).fontFamily, size: 12, color: token("ink-3") },
    paper_bgcolor: token("canvas"), plot_bgcolor: token("canvas"), dragmode: false, hovermode: "x unified", showlegend: false, bargap: 0.16, legend: { orientation: "h", x: 0, y: 1.02, yanchor: "bottom", font: { color: token("ink-2"), size: 12 } },
    hoverlabel: { bgcolor: token("raised"), bordercolor: token("line-strong"), align: "left", font: { color: token("ink"), size: 12 } },
    ...rest,
    margin: { l: 40, r: 12, t: rest.showlegend ? 30 : annotations?.length ? 22 : 8, b: xaxis?.title ? 40 : 26, ...margin },
    height: phone ? Math.min(240, height) : height,
    xaxis: axis(thinned(xaxis, width), true), yaxis: axis(yaxis, false),
    annotations: annotations?.map(note => ({ ...note, font: { size: 12, color: token("ink-2"), ...note.font } })),
    shapes,
  };
}

const charts = new Map();

function render(chart) {
  const { element, plot, height } = chart;
  element.style.height = `${window.innerWidth <= 700 ? Math.min(240, height) : height}px`;
  return window.Plotly.react(element, themed(plot.data), themed(layout(plot.layout, height, element.clientWidth)), { locale: "studio", displayModeBar: false, responsive: false, doubleClick: false, scrollZoom: false });
}

document.addEventListener("studio-theme", () => charts.forEach(render));

export async function draw(element, json, height, target) {
  if (!element) return;
  await plotly();
  if (!element.isConnected) return;
  let chart = charts.get(element);
  const first = !chart;
  if (first) {
    chart = { element };
    charts.set(element, chart);
  }
  Object.assign(chart, { plot: JSON.parse(json), height, target });
  await render(chart);
  if (!first) return;
  element.on("plotly_click", event => {
    const point = event.points[0];
    chart.target?.invokeMethodAsync("PointAsync", point.curveNumber, point.pointIndex ?? point.pointNumber);
  });
  let width = element.clientWidth;
  chart.observer = new ResizeObserver(() => {
    if (element.clientWidth === width || element.clientWidth === 0) return;
    width = element.clientWidth;
    render(chart);
  });
  chart.observer.observe(element);
}

export function remove(element) {
  const chart = charts.get(element);
  if (!chart) return;
  charts.delete(element);
  chart.observer?.disconnect();
  window.Plotly?.purge(element);
}
