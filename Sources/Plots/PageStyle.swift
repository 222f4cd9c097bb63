/// The colours and sizes of pages and plots, light and dark.
package enum PageStyle {
  /// How many things have colours of their own.
  ///
  /// Okabe and Ito's (2008), which most colour-blind people tell apart, without their yellow, which white
  /// paper swallows, and with two of Tol's and a brown; lighter ones on dark ground.
  package static let colors = 10

  /// The style sheet of a page.
  package static let text = plot + page

  /// What a plot needs, inside of a page or in a file of its own.
  static let plot =
    """
    :root{color-scheme:light dark;--fg:#1b1f24;--bg:#fff;--dim:#5b6672;--grid:#dfe3e8;--card:#f5f7f9;\
    --pass:#17803d;--fail:#c62828;--c0:#0072b2;--c1:#d55e00;--c2:#009e73;--c3:#c0609a;--c4:#56b4e9;\
    --c5:#d99400;--c6:#30363d;--c7:#882255;--c8:#8a8a2a;--c9:#8d6e63}
    @media(prefers-color-scheme:dark){:root{--fg:#e6e9ee;--bg:#14171b;--dim:#9aa5b3;--grid:#2e353d;\
    --card:#1d2228;--pass:#5bc98a;--fail:#ff7b72;--c0:#3d9be0;--c1:#ff7f3f;--c2:#2bc49a;--c3:#e59cc4;\
    --c4:#a5dbfa;--c5:#f5be41;--c6:#e6e9ee;--c7:#c2477f;--c8:#c0c05a;--c9:#bcaaa4}}
    svg text{fill:var(--fg);font:12px system-ui,sans-serif}svg .dim{fill:var(--dim)}
    .grid{stroke:var(--grid)}.limit{stroke:var(--fail);stroke-dasharray:5 3}
    polyline,.points,.curve{fill:none;stroke-linejoin:round}polyline{stroke-width:2}
    .points{stroke-linecap:round;stroke-width:4.2;stroke-opacity:.8}
    .curve{stroke:var(--fg);stroke-width:1.5}
    .area{stroke-width:1;fill-opacity:.35}
    svg .place{font-weight:700;font-size:14px;paint-order:stroke;stroke:var(--bg);stroke-width:4px}
    .reference{stroke:var(--dim);stroke-width:6;stroke-opacity:.35}.bad{fill:var(--fail)}
    polyline.limit{stroke-width:1.5}

    """
    + (0..<colors).map { ".c\($0){fill:var(--c\($0))}.l\($0){stroke:var(--c\($0))}" }.joined()

  private static let page =
    """

    body{font:15px/1.5 system-ui,sans-serif;color:var(--fg);background:var(--bg);max-width:58rem;\
    margin:2rem auto;padding:0 1rem;overflow-wrap:anywhere}
    h1{font-size:1.6rem;line-height:1.25;margin:0 0 .4rem}h2{font-size:1.25rem;margin:2.6rem 0 .4rem}
    h3{font-size:1rem;margin:1.4rem 0 .2rem}
    p{margin:.4rem 0;color:var(--dim)}details{margin:.8rem 0}summary{cursor:pointer}
    dl{display:grid;grid-template-columns:max-content 1fr;gap:.2rem 1rem}dt{color:var(--dim)}dd{margin:0}
    svg{display:block;width:100%;height:auto}.wide{overflow-x:auto}.wide svg{min-width:30rem}table{border-collapse:collapse}
    td,th{padding:.2rem .8rem .2rem 0;text-align:left;vertical-align:top;border-bottom:1px solid \
    var(--grid);white-space:nowrap}.long{white-space:normal;min-width:14rem}
    th{font-weight:600;color:var(--dim)}
    .number{text-align:right;font-variant-numeric:tabular-nums}
    .pass{color:var(--pass)}.fail{color:var(--fail);font-weight:600}
    .warning{border-left:4px solid var(--fail);background:var(--card);color:var(--fg);padding:.6rem .9rem;\
    margin:1rem 0}
    .cards{display:grid;grid-template-columns:repeat(auto-fit,minmax(8.5rem,1fr));gap:.7rem;margin:1.2rem 0}
    .cards div{background:var(--card);border-radius:.5rem;padding:.6rem .9rem}
    .cards b{display:block;font-size:1.4rem;font-variant-numeric:tabular-nums}
    .cards span{color:var(--dim);font-size:.85rem}
    .figures{display:grid;grid-template-columns:repeat(auto-fill,minmax(min(100%,22rem),1fr));gap:1.4rem 1.8rem;\
    margin:1rem 0}
    .small{display:grid;grid-template-columns:repeat(auto-fill,minmax(7rem,1fr));gap:.6rem}
    figure{margin:0;min-width:0}figcaption{color:var(--dim);font-size:.9rem;margin-top:.3rem}
    figcaption b{color:var(--fg)}
    img{display:block;max-width:100%;height:auto;border-radius:3px}
    nav{display:flex;flex-wrap:wrap;gap:.2rem 1rem;margin:.8rem 0}a{color:var(--c0)}
    @media(max-width:34rem){dl{grid-template-columns:1fr;gap:0}dd{margin:0 0 .5rem}body{margin-top:1rem}}
    """
}
