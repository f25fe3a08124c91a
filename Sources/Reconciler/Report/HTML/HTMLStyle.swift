/// How reports look: one sheet, dark and light, from a phone to paper.
enum HTMLStyle {
    static let sheet = """
        :root{color-scheme:light dark;--back:#f6f7f9;--card:#fff;--text:#1b2330;--faint:#5b6675;--line:#dfe3ea;
        --good:#1a7f4b;--warn:#9a6200;--bad:#b3261e;--new:#6b3fa0}
        @media (prefers-color-scheme:dark){:root{--back:#12161c;--card:#1b2129;--text:#e6e9ee;--faint:#9aa5b4;
        --line:#313a46;--good:#5cc98f;--warn:#e3ae52;--bad:#ff8a80;--new:#c3a1f0}}
        *{box-sizing:border-box}
        body{margin:0;background:var(--back);color:var(--text);font:15px/1.5 system-ui,-apple-system,"Segoe UI",
        Roboto,"Liberation Sans",sans-serif;-webkit-text-size-adjust:100%}
        main{max-width:60rem;margin:0 auto;padding:1.25rem 1rem 3rem}
        h1{font-size:1.5rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
        h2{font-size:1.05rem;margin:2rem 0 .6rem}
        p{margin:.25rem 0;overflow-wrap:anywhere}
        .faint{color:var(--faint)}
        code,td{font-family:ui-monospace,SFMono-Regular,Menlo,Consolas,"Liberation Mono",monospace;font-size:.86em}
        code{overflow-wrap:anywhere}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.2rem,1fr));gap:.6rem;margin:1.1rem 0}
        .tile{background:var(--card);border:1px solid var(--line);border-radius:.6rem;padding:.6rem .8rem;min-width:0}
        .tile b{display:block;font-size:1.45rem;line-height:1.2;font-variant-numeric:tabular-nums;
        overflow-wrap:anywhere}
        .tile span{color:var(--faint);font-size:.85rem}
        .verdict{border-left:.3rem solid var(--good);background:var(--card);padding:.55rem .8rem;
        border-radius:.3rem;margin:.9rem 0 0}
        .verdict.warn{border-color:var(--warn)}.verdict.bad{border-color:var(--bad)}
        .card,details{background:var(--card);border:1px solid var(--line);border-radius:.6rem;margin:.5rem 0;
        padding:.6rem .8rem}
        .card.bad{border-left:.3rem solid var(--bad)}.card.warn{border-left:.3rem solid var(--warn)}
        summary{cursor:pointer;display:grid;grid-template-columns:4.7rem minmax(0,1fr);gap:.1rem .7rem;
        align-items:baseline;list-style:none}
        summary::-webkit-details-marker{display:none}
        summary .name{font-weight:600;overflow-wrap:anywhere}
        summary .name::after{content:" \\203A";color:var(--faint);font-weight:400}
        details[open]>summary .name::after{content:" \\2304"}
        summary .more{grid-column:2;color:var(--faint);font-size:.87rem;overflow-wrap:anywhere}
        .word{font-size:.78rem;font-weight:600;border:1px solid;border-radius:1rem;padding:.05rem 0;text-align:center}
        .good{color:var(--good)}.warning{color:var(--warn)}.failure{color:var(--bad)}.adopted{color:var(--new)}
        table{border-collapse:collapse;width:100%;margin:.6rem 0 .2rem;table-layout:fixed}
        th,td{text-align:left;vertical-align:top;padding:.3rem .5rem .3rem 0;border-top:1px solid var(--line);
        overflow-wrap:anywhere}
        th:first-child{width:28%}
        th{font-size:.8rem;color:var(--faint);font-weight:600}
        dl{display:grid;grid-template-columns:6.5rem minmax(0,1fr);gap:.15rem .8rem;margin:.6rem 0 .2rem;
        font-size:.9rem}
        dt{color:var(--faint)}dd{margin:0;overflow-wrap:anywhere}
        footer{margin-top:2.5rem;color:var(--faint);font-size:.85rem;overflow-wrap:anywhere}
        @media print{body{background:#fff;font-size:10pt}main{max-width:none;padding:0}
        .tile,.card,details{break-inside:avoid}summary .name::after{content:""!important}
        details::details-content{content-visibility:visible;block-size:auto}}
        """
}
