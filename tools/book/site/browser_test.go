package site

import (
	"encoding/json"
	"fmt"
	"net/url"
	"os"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"vitrine/tools/book/browser"
)

// watched is a browser that notes what the site must not do.
type watched struct {
	*browser.Browser
	mu    sync.Mutex
	wrong []string
}

// event notes errors on the console and requests that leave the site's folder.
func (w *watched) event(folder string) func(session, method string, params json.RawMessage) {
	note := func(format string, args ...any) {
		w.mu.Lock()
		defer w.mu.Unlock()
		w.wrong = append(w.wrong, fmt.Sprintf(format, args...))
	}
	return func(_, method string, params json.RawMessage) {
		switch method {
		case "Runtime.exceptionThrown":
			note("an exception: %s", params)
		case "Runtime.consoleAPICalled":
			note("on the console: %s", params)
		case "Log.entryAdded":
			var p struct{ Entry struct{ Level string } }
			if json.Unmarshal(params, &p); p.Entry.Level == "error" || p.Entry.Level == "warning" {
				note("in the log: %s", params)
			}
		case "Network.loadingFailed":
			var p struct{ Canceled bool } // by leaving the page
			if json.Unmarshal(params, &p); !p.Canceled {
				note("not loaded: %s", params)
			}
		case "Network.requestWillBeSent":
			var p struct{ Request struct{ URL string } }
			json.Unmarshal(params, &p)
			if u := p.Request.URL; !strings.HasPrefix(u, "file://"+folder+"/") && !strings.HasPrefix(u, "data:") && u != "about:blank" {
				note("a request to %s", u)
			}
		}
	}
}

// visit starts a browser for the site in a folder.
func visit(t *testing.T, folder string) *watched {
	t.Helper()
	w := &watched{}
	b, err := browser.Start(t.Context(), w.event(folder))
	require.NoError(t, err)
	w.Browser = b
	t.Cleanup(func() {
		b.Close()
		w.mu.Lock()
		defer w.mu.Unlock()
		require.Empty(t, w.wrong)
	})
	return w
}

// open opens a page of the site.
func open(t *testing.T, w *watched, width int, dark bool, folder, address string) *browser.Tab {
	t.Helper()
	tab, err := w.Open(width, 900, dark)
	require.NoError(t, err)
	require.NoError(t, tab.Go("file://"+folder+"/"+address))
	return tab
}

// eval returns what an expression gives on a page.
func eval[T any](t *testing.T, tab *browser.Tab, expression string) T {
	t.Helper()
	var v T
	require.NoError(t, tab.Eval(expression, &v))
	return v
}

// siteFolder returns the folder of the site to test: the book's, if make has
// made it (VITRINE_BOOK), or a small one.
func siteFolder(t *testing.T) string {
	t.Helper()
	if os.Getenv("VITRINE_TEST_BROWSER") == "" {
		t.Skip("the stage book of make test runs it: it needs chromium")
	}
	if dir := os.Getenv("VITRINE_BOOK"); dir != "" {
		return dir
	}
	return small(t)
}

// pagesOf returns the addresses of all pages of a site.
func pagesOf(t *testing.T, folder string) (pages []string) {
	require.NoError(t, filepath.WalkDir(folder, func(file string, d os.DirEntry, err error) error {
		if err == nil && filepath.Ext(file) == ".html" {
			rel, _ := filepath.Rel(folder, file)
			pages = append(pages, filepath.ToSlash(rel))
		}
		return err
	}))
	require.NotEmpty(t, pages)
	return pages
}

// TestEveryPageInABrowser looks at each page of the site, on a narrow screen.
func TestEveryPageInABrowser(t *testing.T) {
	folder := siteFolder(t)
	w := visit(t, folder)
	tab := open(t, w, 320, false, folder, "index.html")
	anchors := map[string]map[string]bool{}
	links := map[string][]string{}
	for _, page := range pagesOf(t, folder) {
		require.NoError(t, tab.Go("file://"+folder+"/"+page))
		require.NoError(t, tab.Eval(`Promise.all([...document.images].map((i) => { i.loading = "eager"; return i.decode(); }))`, nil), page)
		var facts struct {
			Wide, H1, NoAlt, NoName int
			Skips                   []string
			IDs, Links, Twice       []string
			Language                string
		}
		require.NoError(t, tab.Eval(`(() => {
			const all = (s) => [...document.querySelectorAll(s)];
			const levels = all("h1,h2,h3,h4,h5").map((h) => [+h.tagName[1], h.textContent]);
			const ids = all("[id]").map((e) => e.id);
			return {
				wide: document.documentElement.scrollWidth - innerWidth,
				h1: all("h1").length,
				noAlt: all("img").filter((i) => !i.alt.trim()).length,
				noName: all("a,button,input").filter((e) => !(e.textContent.trim() || e.ariaLabel || (e.labels && e.labels.length) || e.id)).length,
				skips: levels.filter(([l], i) => i > 0 && l > levels[i - 1][0] + 1).map(([, t]) => t),
				ids: ids, twice: ids.filter((id, i) => ids.indexOf(id) !== i),
				links: all("a[href]").map((a) => a.href),
				language: document.documentElement.lang,
			};
		})()`, &facts), page)
		require.LessOrEqual(t, facts.Wide, 0, "%s is wider than a narrow screen", page)
		require.Zero(t, facts.NoAlt, "%s: a picture without a text", page)
		require.Zero(t, facts.NoName, "%s: something to click on has no name", page)
		require.Equal(t, "en", facts.Language)
		require.Empty(t, facts.Twice, "%s: an anchor that is there twice", page)
		if page != "print.html" {
			require.Equal(t, 1, facts.H1, "%s: headings of the first level", page)
			require.Empty(t, facts.Skips, "%s: a heading leaves a level out", page)
		}
		anchors[page], links[page] = map[string]bool{"": true}, facts.Links
		for _, id := range facts.IDs {
			anchors[page][id] = true
		}
	}
	for page, all := range links {
		for _, link := range all {
			u, err := url.Parse(link)
			require.NoError(t, err)
			if u.Scheme != "file" {
				require.Contains(t, []string{"http", "https", "mailto"}, u.Scheme, "%s links to %s", page, link)
				continue
			}
			to, inside := strings.CutPrefix(u.Path, folder+"/")
			require.True(t, inside, "%s links out of the site: %s", page, link)
			require.NotNil(t, anchors[to], "%s links to %s, which is not there", page, to)
			require.True(t, anchors[to][u.Fragment], "%s: %s has no anchor %s", page, to, u.Fragment)
		}
	}
}

func TestTheSearchFindsAndLeadsThere(t *testing.T) {
	folder := siteFolder(t)
	w := visit(t, folder)
	tab := open(t, w, 1200, false, folder, "glossary.html")
	require.NoError(t, tab.Key("/"))
	require.NoError(t, tab.Wait(`document.activeElement.id === "query"`))
	require.NoError(t, tab.Type("memory"))
	require.NoError(t, tab.Wait(`document.querySelector("#search_results").dataset.query === "memory" && document.querySelector("#search_results a")`))
	require.Regexp(t, `^\d+ sections? found\.$`, eval[string](t, tab, `document.getElementById("found").textContent`))
	require.NotEmpty(t, eval[string](t, tab, `document.querySelector("#search_results mark")?.textContent ?? ""`), "the word is marked")
	require.NoError(t, tab.Key("ArrowDown"))
	require.True(t, eval[bool](t, tab, `document.activeElement === document.querySelector("#search_results a")`))
	to := eval[string](t, tab, `document.activeElement.href`)
	require.NoError(t, tab.Key("Enter"))
	require.NoError(t, tab.Wait(fmt.Sprintf(`location.href === %q && document.readyState === "complete"`, to)))

	require.NoError(t, tab.Eval(`document.getElementById("query").value = "", document.getElementById("query").focus()`, nil))
	require.NoError(t, tab.Type("qqqqzzzz"))
	require.NoError(t, tab.Wait(`document.getElementById("found").textContent === "Nothing found."`))
	require.NoError(t, tab.Key("Escape"))
	require.NoError(t, tab.Wait(`document.getElementById("search_results").hidden`))
}

func TestTheSearchCoversNotWhatIsTyped(t *testing.T) {
	folder := siteFolder(t)
	w := visit(t, folder)
	for _, width := range []int{320, 390, 800, 1200} {
		tab := open(t, w, width, false, folder, "glossary.html")
		require.NoError(t, tab.Key("/"))
		require.NoError(t, tab.Type("memory"))
		require.NoError(t, tab.Wait(`document.querySelector("#search_results a")`))
		require.True(t, eval[bool](t, tab, `document.getElementById("search_results").getBoundingClientRect().top >=
			document.getElementById("query").getBoundingClientRect().bottom`), "%d pixels wide", width)
	}
}

func TestTheBookIsReadableInTheDarkAndInTheLight(t *testing.T) {
	folder := siteFolder(t)
	w := visit(t, folder)
	for _, dark := range []bool{false, true} {
		tab := open(t, w, 1200, dark, folder, firstChapter(t, folder))
		var bad []string
		// WCAG 2.1, "Contrast (Minimum)": 4.5 to 1 for text of ordinary size.
		require.NoError(t, tab.Eval(`(() => {
			const rgb = (c) => (c.match(/[\d.]+/g) ?? []).map(Number);
			const lum = ([r, g, b]) => [r, g, b].map((v) => v / 255).map((v) => v <= 0.03928 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4)
				.reduce((s, v, i) => s + v * [0.2126, 0.7152, 0.0722][i], 0);
			const behind = (e) => { for (; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); if (c.length === 3 || c[3] > 0) return c; } return [255, 255, 255]; };
			const bad = new Set();
			for (const e of document.querySelectorAll("body *")) {
				if (![...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())) continue;
				const [a, b] = [lum(rgb(getComputedStyle(e).color)), lum(behind(e))];
				const ratio = (Math.max(a, b) + 0.05) / (Math.min(a, b) + 0.05);
				if (ratio < 4.5) bad.add(e.tagName + "." + e.className + ": " + ratio.toFixed(2));
			}
			return [...bad];
		})()`, &bad))
		require.Empty(t, bad, "dark: %v", dark)
		light := eval[float64](t, tab, `getComputedStyle(document.body).backgroundColor.match(/\d+/g).map(Number).reduce((a, b) => a + b) / 765`)
		require.Equal(t, dark, light < 0.5, "the paper's lightness is %.2f", light)
	}
}

func TestTheSiteIsUsableWithTheKeyboard(t *testing.T) {
	folder := siteFolder(t)
	w := visit(t, folder)
	tab := open(t, w, 1200, false, folder, firstChapter(t, folder))
	require.NoError(t, tab.Key("Tab"))
	require.Equal(t, "Skip to the text", eval[string](t, tab, `document.activeElement.textContent`))
	require.NoError(t, tab.Wait(`document.activeElement.getBoundingClientRect().left >= 0`))
	require.NoError(t, tab.Key("Enter"))
	require.NoError(t, tab.Wait(`document.activeElement.id === "main"`))
}

func TestCopiesOfConversationsAreWhatIsTyped(t *testing.T) {
	if os.Getenv("VITRINE_TEST_BROWSER") == "" {
		t.Skip("the stage book of make test runs it: it needs chromium")
	}
	folder := small(t)
	w := visit(t, folder)
	tab := open(t, w, 1200, false, folder, "01-one.html")
	copied := func(n int) string {
		require.NoError(t, tab.Eval(fmt.Sprintf(`delete document.body.dataset.copied, document.querySelectorAll(".copy")[%d].click()`, n), nil))
		require.NoError(t, tab.Wait(`"copied" in document.body.dataset`))
		return eval[string](t, tab, `document.body.dataset.copied`)
	}
	require.Equal(t, "echo a\nuptime\n", copied(0))
	require.Equal(t, "package mm\n", copied(1))
	require.Equal(t, "commands\nbt\nend\n", copied(2))
}

// firstChapter returns the address of the first chapter.
func firstChapter(t *testing.T, folder string) string {
	t.Helper()
	found, err := filepath.Glob(filepath.Join(folder, "[0-9a]*-*.html"))
	require.NoError(t, err)
	if len(found) == 0 {
		return "index.html"
	}
	return filepath.Base(found[0])
}
