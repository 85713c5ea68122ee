/** How the report looks, on paper too. */
export const style = `
:root { color-scheme: light; }
body { font: 15px/1.5 system-ui, sans-serif; color: #222; background: #fff;
  max-width: 900px; margin: 2rem auto; padding: 0 1rem; }
h1 { font-size: 1.5rem; }
h2 { font-size: 1.2rem; margin-top: 2.2rem; border-bottom: 1px solid #ddd; }
h3 { font-size: 1rem; }
.small { font-size: 0.87rem; color: #555; }
.wide { overflow-x: auto; }
.row { display: flex; flex-wrap: wrap; gap: 10px; }
table { border-collapse: collapse; font-size: 0.87rem; margin: 0.8rem 0; }
th, td { padding: 0.2rem 0.6rem; border-bottom: 1px solid #e5e5e5; text-align: left;
  vertical-align: top; }
th { background: #f6f6f6; font-weight: 600; }
th.number, td.number { text-align: right; }
td.number { font-variant-numeric: tabular-nums; white-space: nowrap; }
svg { max-width: 100%; height: auto; }
details { margin: 0.5rem 0; }
summary { cursor: pointer; }
mark { background: #ffe2dc; color: #a02010; }
del { color: #999; }
`;
