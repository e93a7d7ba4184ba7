/// The style sheet of a report page: calm, of system fonts, for light and dark, phone and desktop, screen and paper.
enum ReportStyle {
    static let css = """
        :root{color-scheme:light dark;--paper:#faf8f3;--card:#fff;--ink:#2a2622;--quiet:#6b6258;--line:#e2dcd1;\
        --before:#7a7268;--after:#9a4f12;--range:#9a4f1226;--good:#33682f;--bad:#a3271b}
        @media (prefers-color-scheme:dark){:root{--paper:#191715;--card:#221f1c;--ink:#ece6dc;--quiet:#a89f93;\
        --line:#3a352f;--before:#a09789;--after:#eda45c;--range:#eda45c2e;--good:#9ccf95;--bad:#ff9b8e}}
        *{box-sizing:border-box}
        html{-webkit-text-size-adjust:100%;text-size-adjust:100%}
        body{margin:0;background:var(--paper);color:var(--ink);font:1.0625rem/1.6 system-ui,-apple-system,"Segoe UI",\
        Roboto,"Noto Sans",sans-serif;overflow-wrap:anywhere}
        main,header,footer{max-width:66rem;margin:0 auto;padding:0 1.25rem}
        header{padding-top:3.5rem}
        h1,h2,h3{font-family:"Iowan Old Style","Palatino Linotype",Palatino,"Book Antiqua",Georgia,serif;\
        font-weight:600;line-height:1.25;margin:0}
        h1{font-size:clamp(1.75rem,5vw,2.75rem)}
        h2{font-size:1.5rem;margin-bottom:1rem}
        h3{font-size:1.125rem}
        p{margin:.5rem 0;max-width:44rem}
        section{margin-top:3.5rem}
        .over{color:var(--quiet);letter-spacing:.08em;text-transform:uppercase;font-size:.8125rem;margin:0 0 .75rem}
        .lead{font-size:1.1875rem;color:var(--quiet);margin:.75rem 0 0}
        .quiet{color:var(--quiet)}
        .good{color:var(--good)}
        .bad{color:var(--bad);font-weight:600}
        ul.verdict{list-style:none;margin:2rem 0 0;padding:0}
        ul.verdict li{padding:.5rem 0 .5rem 1.75rem;text-indent:-1.75rem;border-top:1px solid var(--line)}
        ul.verdict li:last-child{border-bottom:1px solid var(--line)}
        ul.verdict b{display:inline-block;width:1.75rem;text-indent:0;font-weight:600}
        .shots{display:grid;gap:2.5rem;padding:0;margin:0;list-style:none}
        .pair{display:grid;grid-template-columns:1fr 1fr;gap:.5rem}
        .pair figure,.shots figure{margin:0}
        .pair div{min-width:0}
        img{display:block;width:100%;height:auto;border-radius:.25rem;background:var(--line)}
        .pair p{margin:.25rem 0 0;font-size:.875rem;color:var(--quiet)}
        figcaption{margin-bottom:.5rem}
        .shots figcaption{font-size:.9375rem;color:var(--quiet)}
        .chart{margin:1.5rem 0 2.5rem}
        .chart figcaption p{font-size:.9375rem;color:var(--quiet)}
        .plot{display:grid;grid-template-columns:auto 1fr;column-gap:.5rem;font-size:.8125rem;color:var(--quiet)}
        .up{display:flex;flex-direction:column;justify-content:space-between;text-align:right;line-height:1;\
        margin:-.4em 0}
        .plot svg{display:block;width:100%;height:11rem;min-width:0;border:solid var(--line);border-width:1px 0;\
        background:var(--card)}
        .along{grid-column:2;display:flex;justify-content:space-between;margin-top:.375rem}
        svg path,svg line{vector-effect:non-scaling-stroke;fill:none}
        svg .grid{stroke:var(--line)}
        svg .cut{stroke:var(--line);stroke-dasharray:2 4}
        svg path.before{stroke:var(--before);stroke-width:1.75;stroke-dasharray:5 4}
        svg path.after{stroke:var(--after);stroke-width:2}
        svg .range{fill:var(--range)}
        .key{margin:.5rem 0 0;font-size:.875rem}
        .key span{margin-right:1rem;white-space:nowrap}
        .key .before::before,.key .after::before{content:"";display:inline-block;width:1.75rem;margin-right:.5rem;\
        vertical-align:middle;border-top:2px dashed var(--before)}
        .key .after::before{border-top:2px solid var(--after)}
        .facts{margin:0;border-top:1px solid var(--line)}
        .facts div{display:grid;grid-template-columns:minmax(8rem,15rem) 1fr;gap:.25rem 1.5rem;padding:.5rem 0;\
        border-bottom:1px solid var(--line)}
        dt{color:var(--quiet)}
        dd{margin:0;min-width:0}
        code{font:.875em/1.5 ui-monospace,"SF Mono",Menlo,Consolas,"DejaVu Sans Mono",monospace}
        table{width:100%;border-collapse:collapse;table-layout:fixed;font-size:.9375rem}
        .unseen{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%);white-space:nowrap}
        caption{text-align:left;color:var(--quiet);font-size:.9375rem;padding-bottom:.5rem}
        th,td{text-align:left;vertical-align:top;padding:.4rem .75rem .4rem 0;border-bottom:1px solid var(--line);\
        font-weight:400}
        thead th{color:var(--quiet)}
        tbody th{color:var(--quiet)}
        td.changed{font-weight:600}
        details{border-bottom:1px solid var(--line)}
        details:first-of-type{border-top:1px solid var(--line)}
        summary{cursor:pointer;padding:.625rem 0}
        summary .quiet{margin-left:.5rem}
        details>*:not(summary){margin-bottom:1rem}
        :focus-visible{outline:2px solid var(--after);outline-offset:2px}
        footer{margin-top:4rem;padding-bottom:3rem;color:var(--quiet);font-size:.875rem}
        @media (max-width:40rem){
        header{padding-top:2rem}
        section{margin-top:2.5rem}
        .facts div{grid-template-columns:1fr}
        thead{position:absolute;width:1px;height:1px;overflow:hidden;clip-path:inset(50%)}
        table,caption,tbody,tr,th,td{display:block;width:auto}
        tr{padding:.5rem 0;border-bottom:1px solid var(--line)}
        th,td{border:0;padding:.05rem 0}
        td[data-of]::before{content:attr(data-of) ": ";color:var(--quiet)}
        }
        @media print{
        :root{color-scheme:light;--paper:#fff;--card:#fff;--ink:#000;--quiet:#444;--line:#bbb;--before:#666;--after:#000;\
        --range:#00000018;--good:#000;--bad:#000}
        body{font-size:10.5pt}
        section{margin-top:2rem}
        .shots li,.chart,tr,.facts div{break-inside:avoid}
        h2,h3,summary{break-after:avoid}
        details::details-content{content-visibility:visible;display:block}
        }
        """
}
