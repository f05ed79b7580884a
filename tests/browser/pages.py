"""Pages that real sites are made of, served on loopback for the browser's tests."""

from __future__ import annotations

import http.server
import threading
from collections.abc import Iterator
from contextlib import contextmanager

PAGES = {
    "/": """<title>Start</title><h1>Start</h1><label>Name <input name=q></label>
        <select aria-label=Sort><option>Relevance<option>Price: low</select>
        <p>Some <b>bold</b> text</p><table><tr><td>one<td>two</table><a href=/next>Next page</a>
        <button disabled>Off</button><div style="height:2000px"></div><a href=/far>Far below</a>""",
    "/next": "<title>Next</title><p>Second page</p><a href=/>Home</a>",
    "/covered": """<a href=/a>Under</a><div style="position:fixed;inset:0 0 50% 0;background:#fff">
        <button>Over</button></div>
        <p style="margin-top:500px"><a href=/b>Free</a></p>""",
    "/frame": "<p>Before</p><iframe src=/inside style='width:400px;height:200px'></iframe><p>After</p>",
    "/inside": "<button onclick=\"document.body.append('pressed inside')\">Inside</button>",
    "/shadow": """<div id=host></div><script>const root = document.getElementById('host').attachShadow({mode: 'open'});
        root.innerHTML = '<button>In the shadow</button><input aria-label="Shadow field">';
        root.querySelector('button').onclick = () => { document.title = 'clicked in the shadow'; };</script>""",
    "/tab": "<a href=/next target=_blank>Open a tab</a>",
    "/dialog": "<button onclick=\"alert('Are you there?'); this.textContent = 'Asked'\">Ask</button>",
    "/late": """<button onclick="setTimeout(() => fetch('/slow').then((r) => r.text()).then((t) => {
        document.body.append(t) }), 0)">Load</button>""",
    "/slow": "it came late",
    "/busy": "<p id=p>0</p><script>setInterval(() => { p.textContent = +p.textContent + 1 }, 1)</script>",
    "/hang": '<button onclick="for (;;) {}">Hang</button>',
    "/traces": """<title>Traces</title><script>
        const base = () => new Promise((done) => { const asked = indexedDB.open('traces');
            asked.onsuccess = () => { asked.result.close(); done(); }; });
        window.leave = async (what) => {
            if (what == 'cookie') document.cookie = 'cookie=1';
            if (what == 'localStorage') localStorage.localStorage = 1;
            if (what == 'sessionStorage') sessionStorage.sessionStorage = 1;
            if (what == 'indexedDB') await base();
            if (what == 'caches') await caches.open('traces');
            if (what == 'name') window.name = 'name';
            const last = (act) => addEventListener('pagehide', act);
            if (what == 'onleaving') last(() => { localStorage.onleaving = 1; });
            if (what == 'onleavingcookie') last(() => { document.cookie = 'onleavingcookie=1'; });
        };
        window.found = async () => [document.cookie.replaceAll(/=1;?/g, ''), ...Object.keys(localStorage),
            ...Object.keys(sessionStorage), (await indexedDB.databases()).length ? 'indexedDB' : '',
            (await caches.keys()).length ? 'caches' : '', window.name].filter(Boolean).join(' ');
        </script>""",
    "/area": """<div style="height:100px;overflow:auto" id=area><button>Top</button><div style="height:600px"></div>
        <button>Bottom</button></div>""",
    "/keys": '<input aria-label=Field onkeydown="document.title = event.key" autofocus>',
    "/hover": "<button onmouseover=\"document.title = 'hovered'\">Hover</button>",
    "/words": "<p>Größe — 中文 — مرحبا</p><input aria-label='Schlüssel'>",
    "/red": "<style>body{background:#f00}</style><button>Red</button>",
    "/blue": "<style>body{background:#00f}</style><button>Blue</button>",
    "/download": "<a href=/report.pdf download>Report</a><a href=/attachment>Attachment</a><a href=/next>Next page</a>",
    "/report.pdf": "not a page",
    "/attachment": "not a page either",
    "/file": "<label>Picture <input type=file name=picture></label><button>Send</button>",
    "/editable": """<style>div{min-height:40px;border:1px solid}</style>
        <div contenteditable=true aria-label=Note>old <b>note</b></div>
        <div role=textbox contenteditable aria-label=Comment></div>""",
    "/sticky": """<header style="position:sticky;top:0;height:80px;background:#eee"><a href=/next>Menu</a></header>"""
    + "".join(f"<p style='margin:0;height:60px'><a href=/item{number}>Item {number}</a></p>" for number in range(40)),
    "/endless": """<div id=list></div><script>
        let shown = 0, asked = false;
        const more = async () => { if (asked) return; asked = true; await fetch('/next');
          for (let i = 0; i < 20; i++) { const a = document.createElement('a'); a.href = '/i' + ++shown;
            a.textContent = 'Entry ' + shown; a.style.display = 'block'; a.style.height = '50px'; list.append(a); }
          asked = false; };
        addEventListener('scroll', () => { if (scrollY + innerHeight > document.body.scrollHeight - 200) more(); });
        more();</script>""",
    "/many": """<div id=all></div><script>
        for (let i = 0; i < 10000; i++) { const b = document.createElement('button'); b.textContent = 'B' + i;
          b.onclick = () => { document.title = b.textContent; }; all.append(b); }</script>""",
    "/crowded": """<style>button { width: 46px; height: 18px; font-size: 9px; padding: 0 }</style>
        <div id=all></div><script>
        for (let i = 0; i < 1200; i++) { const b = document.createElement('button'); b.textContent = 'B' + i;
          b.onclick = () => { document.title = b.textContent; }; all.append(b); }</script>""",
    "/pickers": """<input type=date aria-label=Day onchange="document.title += 'd'"><input type=time aria-label=Time>
        <input type=month aria-label=Month><input type=datetime-local aria-label=Start>
        <select multiple aria-label=Fruit size=3><option>Apple<option>Pear<option>Plum</select>""",
    "/leave": """<a href=/next>Leave</a><button onclick="document.title = 'touched'">Touch</button>
        <script>onbeforeunload = (e) => { e.preventDefault(); return 'Really?'; }</script>""",
    "/popup": "<button onclick=\"window.open('/next', 'small', 'width=200,height=200')\">Pop up</button>",
    "/reloads": "<h1>Again</h1><a href=/next>Next page</a><script>setTimeout(() => location.reload(), 120)</script>",
    "/asks": """<button onclick="navigator.geolocation.getCurrentPosition(() => { document.title = 'located' },
        () => { document.title = 'refused' })">Where am I?</button>""",
    "/lists": """<select aria-label=Year id=year></select><select aria-label=Plan id=plan></select><script>
        for (let i = 0; i < 700; i++) year.add(new Option('Year ' + i));
        for (const end of ['small', 'large']) plan.add(new Option('A plan for '.repeat(20) + end));</script>""",
    "/half": """<title>x</title><button id=b></button><select id=s aria-label=Mood></select><script>
        b.textContent = 'a'.repeat(158) + '😀😀'; document.title = 'half \\ud800';
        s.add(new Option('bad \\udc00'));</script>""",
    "/hidden": """<a href=/x style=display:none>No</a><a href=/y style=visibility:hidden>No</a>
        <a href=/z style=opacity:0>No</a><a href=/w>Yes</a>""",
}


class PageHandler(http.server.BaseHTTPRequestHandler):
    """Sends pages and logs nothing."""

    def send_page(self, html: str, *, status: int = 200, disposition: str = "") -> None:
        """Answer with a page."""
        data = f"<!doctype html><meta charset=utf-8>{html}".encode()
        self.send_response(status)
        self.send_header("content-type", "text/html")
        if disposition:
            self.send_header("content-disposition", disposition)
        self.send_header("content-length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


class _Handler(PageHandler):
    def do_GET(self) -> None:
        path = self.path.split("?")[0]
        if path == "/slow":
            self.server.released.wait(5)  # type: ignore[attr-defined]
        body = PAGES.get(path)
        self.send_page(
            f"<body style='font:16px sans-serif'>{body or 'Nothing here'}",
            status=200 if body else 404,
            disposition='attachment; filename="list.csv"' if path == "/attachment" else "",
        )


@contextmanager
def served() -> Iterator[tuple[str, threading.Event]]:
    """Serve PAGES; gives the address without a slash, and the event that lets /slow answer."""
    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), _Handler)
    server.daemon_threads = True
    released = server.released = threading.Event()  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", released
    finally:
        server.shutdown()
        server.server_close()
