namespace AotLayers.Interop;

/// <summary>Style and script of the report page. Their digests stand in the page's policy, so both are written as they are.</summary>
internal static class ReportAssets
{
    /// <summary>The style: one column that fits a phone, colours for light and dark.</summary>
    public const string Style = """

        :root{--bg:#fff;--fg:#1d2330;--dim:#5b6474;--line:#dfe3ea;--card:#f5f7fa;--bar:#4e79a7;--bad:#c0243a;--badbg:#fdecee}
        @media(prefers-color-scheme:dark){:root{--bg:#14171c;--fg:#e4e8ef;--dim:#9aa4b5;--line:#2d333d;--card:#1d2128;--bar:#7ba6d3;
        --bad:#ff7b8b;--badbg:#3a1d23}}
        *{box-sizing:border-box}
        body{margin:0 auto;padding:1rem;max-width:75rem;background:var(--bg);color:var(--fg);font:15px/1.45 system-ui,sans-serif}
        h1{font-size:1.4rem;margin:.2rem 0;overflow-wrap:anywhere}
        h2{font-size:1.1rem;margin:2rem 0 .4rem;border-bottom:1px solid var(--line);padding-bottom:.2rem}
        p{margin:.3rem 0;overflow-wrap:anywhere}
        .api,.dim,.cut{color:var(--dim);font-size:.9rem}
        .bad{color:var(--bad)}
        ul,ol{list-style:none;margin:0;padding:0}
        .tiles{display:grid;grid-template-columns:repeat(auto-fit,minmax(7.5rem,1fr));gap:.5rem;margin-top:1rem}
        .tiles li{background:var(--card);border-radius:.5rem;padding:.5rem .7rem;color:var(--dim);font-size:.85rem}
        .tiles b{display:block;font-size:1.25rem;color:var(--fg);font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
        .tiles .bad,.tiles .bad b{color:var(--bad)}
        .tiles .bad{background:var(--badbg)}
        .list li{padding:.3rem .6rem;margin:.2rem 0;background:var(--badbg);border-radius:.3rem;overflow-wrap:anywhere}
        figure{margin:.6rem 0}
        figcaption{font-size:.9rem;color:var(--dim)}
        .line{display:block;width:100%;height:2.2rem;background:var(--card);border-radius:.3rem}
        .legend{display:flex;flex-wrap:wrap;gap:.2rem 1rem;font-size:.85rem;color:var(--dim)}
        .legend li{overflow-wrap:anywhere}
        .legend svg{width:.7rem;height:.7rem;margin-right:.35rem}
        .c{fill:#9aa1ab}.c0{fill:#4e79a7}.c1{fill:#f28e2b}.c2{fill:#59a14f}.c3{fill:#b07aa1}.c4{fill:#76b7b2}.c5{fill:#d4a72c}
        .c6{fill:#9c755f}
        .fail{fill:#e0314b}
        .wide{overflow-x:auto}
        table{border-collapse:collapse;width:100%;font-size:.9rem;font-variant-numeric:tabular-nums}
        th,td{text-align:right;padding:.25rem .5rem;border-bottom:1px solid var(--line);white-space:nowrap}
        th{font-weight:600;color:var(--dim)}
        .name{text-align:left;white-space:normal;overflow-wrap:anywhere;min-width:11rem}
        .bar{width:6rem;height:.55rem;display:block}
        .bar rect,.lives rect{fill:var(--bar)}
        .lives li{display:grid;grid-template-columns:minmax(6rem,auto) 1fr;gap:0 .8rem;padding:.25rem 0;align-items:baseline}
        .lives .name{min-width:0}
        .lives svg{grid-column:1/-1;width:100%;height:.45rem;background:var(--card);border-radius:.2rem}
        .lives .bad rect{fill:var(--bad)}
        .calls{font:.8rem/1.5 ui-monospace,monospace}
        .calls li{overflow-wrap:anywhere;border-bottom:1px solid var(--line);padding:.1rem 0}
        .filter{display:none}
        .js .filter{display:block}
        input{font:inherit;color:inherit;background:var(--card);border:1px solid var(--line);border-radius:.3rem;padding:.25rem .5rem;
        max-width:100%}
        summary{cursor:pointer;padding:.3rem 0}
        @media(max-width:40rem){body{padding:.7rem}.bar{width:3rem}.name{min-width:0;grid-column:1/-1}
        tr{display:grid;grid-template-columns:repeat(auto-fit,minmax(4rem,1fr));align-items:center;border-bottom:1px solid var(--line)}
        th,td{padding:.15rem .3rem;border:0;min-width:0}th{white-space:normal}}

        """;

    /// <summary>The script: filters the lines of calls. Without it the filter is not shown, and all else is there.</summary>
    public const string Script = """

        document.documentElement.classList.add('js');
        var filter=document.getElementById('filter'),lines=document.getElementById('lines').children,
        matches=document.getElementById('matches');
        filter.addEventListener('input',function(){
        var text=filter.value.toLowerCase(),count=0;
        for(var i=0;i<lines.length;i++){var hit=lines[i].textContent.toLowerCase().indexOf(text)>=0;lines[i].hidden=!hit;count+=hit}
        matches.textContent=text?count+' of '+lines.length:'';
        if(text)document.querySelector('#calls details').open=true});

        """;
}
