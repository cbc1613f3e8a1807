package names

import (
	"fmt"
	"net/url"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

var lineAnchor = regexp.MustCompile(`^L(\d+)(?:-L(\d+))?$`)

// Link checks where a link on a page leads: to a file of the repository, and
// to a heading, an anchor or a line in it. Links to other sites are not followed.
func (x *Index) Link(page, markdown, to string) error {
	u, err := url.Parse(to)
	if err != nil {
		return fmt.Errorf("the link %s is no link: %w", to, err)
	}
	if u.Scheme != "" {
		if u.Scheme != "https" && u.Scheme != "http" && u.Scheme != "mailto" {
			return fmt.Errorf("the link %s leads to a %s", to, u.Scheme)
		}
		return nil
	}
	if u.Path == "" && u.Fragment == "" {
		return fmt.Errorf("the link [...](%s) leads nowhere", to)
	}
	target := page
	if u.Path != "" {
		target = path.Join(path.Dir(page), u.Path)
		data, err := os.Stat(filepath.Join(x.Root, target))
		if err != nil || strings.HasPrefix(target, "..") || strings.HasPrefix(target, "build/") {
			return fmt.Errorf("the link %s leads to %s, which is not there", to, target)
		}
		if data.IsDir() && u.Fragment != "" {
			return fmt.Errorf("%s is a folder: it has no anchor #%s", target, u.Fragment)
		}
		if u.Fragment == "" {
			return nil
		}
		text, err := os.ReadFile(filepath.Join(x.Root, target))
		if err != nil {
			return err
		}
		markdown = string(text)
	}
	if path.Ext(target) != ".md" {
		return lines(target, markdown, u.Fragment)
	}
	if !x.anchors(target, markdown)[u.Fragment] {
		return fmt.Errorf("%s has neither a heading nor an anchor #%s", target, u.Fragment)
	}
	return nil
}

// lines checks an anchor of the form L12 or L12-L20.
func lines(target, text, anchor string) error {
	m := lineAnchor.FindStringSubmatch(anchor)
	if m == nil {
		return fmt.Errorf("%s#%s: anchors in sources are lines: #L12", target, anchor)
	}
	for _, digits := range m[1:] {
		if digits == "" {
			continue
		}
		if err := line(target, text, digits); err != nil {
			return err
		}
	}
	return nil
}

// line makes sure that a text has a line.
func line(target, text, digits string) error {
	if n, err := strconv.Atoi(digits); err != nil || n < 1 || n > strings.Count(text, "\n") {
		return fmt.Errorf("%s has no line %s", target, digits)
	}
	return nil
}

// anchors returns the anchors of a page that is unchanged while x is in use.
func (x *Index) anchors(target, markdown string) map[string]bool {
	if a, ok := x.headings.Load(target); ok {
		return a.(map[string]bool)
	}
	a := Anchors(markdown)
	x.headings.Store(target, a)
	return a
}
