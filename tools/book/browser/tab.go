package browser

import (
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"strings"
	"time"
)

// Tab is a page that is open.
type Tab struct {
	browser *Browser
	Session string
}

// Open opens an empty page of the given size, in CSS pixels.
func (b *Browser) Open(width, height int, dark bool) (*Tab, error) {
	var target struct{ TargetID string }
	if err := b.call("", "Target.createTarget", map[string]any{"url": "about:blank"}, &target); err != nil {
		return nil, err
	}
	var session struct{ SessionID string }
	if err := b.call("", "Target.attachToTarget", map[string]any{"targetId": target.TargetID, "flatten": true}, &session); err != nil {
		return nil, err
	}
	t := &Tab{b, session.SessionID}
	scheme := "light"
	if dark {
		scheme = "dark"
	}
	for _, c := range []struct {
		method string
		params any
	}{
		{"Page.enable", nil},
		{"Runtime.enable", nil},
		{"Network.enable", nil},
		{"Log.enable", nil},
		{"Emulation.setDeviceMetricsOverride", map[string]any{"width": width, "height": height, "deviceScaleFactor": 1, "mobile": false}},
		{"Emulation.setEmulatedMedia", map[string]any{"features": []any{map[string]any{"name": "prefers-color-scheme", "value": scheme}}}},
	} {
		if err := t.Call(c.method, c.params, nil); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Call asks for something of the protocol.
func (t *Tab) Call(method string, params, result any) error {
	return t.browser.call(t.Session, method, params, result)
}

// Go goes to an address and waits until the page is there, scripts and pictures
// included.
func (t *Tab) Go(address string) error {
	var r struct{ ErrorText string }
	if err := t.Call("Page.navigate", map[string]any{"url": address}, &r); err != nil {
		return err
	}
	if r.ErrorText != "" {
		return fmt.Errorf("%s: %s", address, r.ErrorText)
	}
	page, _, _ := strings.Cut(address, "#")
	return t.Wait(fmt.Sprintf(`document.readyState === "complete" && location.href.split("#")[0] === %q`, page))
}

// Eval returns what an expression of JavaScript gives on the page; of a promise,
// what it comes to.
func (t *Tab) Eval(expression string, result any) error {
	var r struct {
		Result struct {
			Value json.RawMessage
		}
		ExceptionDetails *struct {
			Text      string
			Exception struct{ Description string }
		}
	}
	err := t.Call("Runtime.evaluate", map[string]any{
		"expression": expression, "awaitPromise": true, "returnByValue": true, "userGesture": true,
	}, &r)
	if err != nil {
		return err
	}
	if e := r.ExceptionDetails; e != nil {
		return fmt.Errorf("%s: %s %s", expression, e.Text, e.Exception.Description)
	}
	if result == nil || r.Result.Value == nil {
		return nil
	}
	return json.Unmarshal(r.Result.Value, result)
}

// Wait waits until an expression is true on the page.
//
// Errors: it is not within the limit; the browser has ended.
func (t *Tab) Wait(expression string) error {
	var is bool
	var err error
	for end := time.Now().Add(t.browser.limit); time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
		err = t.Eval("Boolean("+expression+")", &is)
		switch {
		case err == nil && is:
			return nil
		case errors.Is(err, errEnded):
			return err
		}
		// Other errors pass: between two pages there is none to ask.
	}
	if err != nil {
		return fmt.Errorf("not within %v: %w", t.browser.limit, err)
	}
	return fmt.Errorf("not within %v: %s", t.browser.limit, expression)
}

// Key presses a key, by its name in JavaScript ("/", "Enter", "Escape").
func (t *Tab) Key(key string) error {
	text := ""
	if len(key) == 1 {
		text = key
	}
	code := map[string]int{"Enter": 13, "Escape": 27, "Tab": 9, "ArrowDown": 40, "ArrowUp": 38}[key]
	if key == "Enter" {
		text = "\r"
	}
	for _, kind := range []string{"keyDown", "keyUp"} {
		params := map[string]any{"type": kind, "key": key, "windowsVirtualKeyCode": code}
		if kind == "keyDown" && text != "" {
			params["text"] = text
		}
		if err := t.Call("Input.dispatchKeyEvent", params, nil); err != nil {
			return err
		}
	}
	return nil
}

// Type types text into what has the focus.
func (t *Tab) Type(text string) error {
	return t.Call("Input.insertText", map[string]any{"text": text}, nil)
}

// Picture returns what is to be seen, as PNG.
func (t *Tab) Picture() ([]byte, error) {
	return t.data("Page.captureScreenshot", map[string]any{"format": "png"})
}

// PDF returns the page on paper, with an outline of its headings.
func (t *Tab) PDF() ([]byte, error) {
	return t.data("Page.printToPDF", map[string]any{
		"printBackground": true, "preferCSSPageSize": true, "displayHeaderFooter": true, "generateDocumentOutline": true,
		"headerTemplate": "<span></span>",
		"footerTemplate": `<div style="width:100%;text-align:center;font:8px sans-serif;color:#444"><span class="pageNumber"></span></div>`,
	})
}

// data asks for something that comes as text in base 64.
func (t *Tab) data(method string, params any) ([]byte, error) {
	var r struct{ Data string }
	if err := t.Call(method, params, &r); err != nil {
		return nil, err
	}
	return base64.StdEncoding.DecodeString(r.Data)
}
