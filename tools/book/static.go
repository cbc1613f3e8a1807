package book

import (
	"errors"
	"fmt"
	"os"
	"path"
	"path/filepath"
	"regexp"
	"strings"

	"vitrine/tools/book/block"
	"vitrine/tools/book/names"
	"vitrine/tools/book/source"
)

// code writes a piece of the sources: <!-- code FILE#NAME[+NAME...] [nodoc] -->.
func (b *Book) code(file string, blk *block.Block) ([]string, error) {
	place, doc := blk.Word(0), !blk.Has("nodoc")
	if place == "" {
		return nil, errors.New("code of what? <!-- code FILE#NAME -->")
	}
	if err := blk.Only(2); err != nil {
		return nil, err
	}
	if word := blk.Word(1); word != "" && word != "nodoc" {
		return nil, fmt.Errorf("what is %q? After the place only nodoc may follow", word)
	}
	e, err := source.Read(b.Root, place, doc)
	if err != nil {
		return nil, err
	}
	var lines, places []string
	up, _ := filepath.Rel(path.Dir(file), e.File)
	for i, p := range e.Pieces {
		if i > 0 {
			lines = append(lines, "")
		}
		lines = append(lines, p.Lines...)
		title := fmt.Sprintf("line %d", p.Line)
		if i == 0 {
			title = e.File + ", " + title
		}
		places = append(places, fmt.Sprintf("[%s](%s#L%d)", title, filepath.ToSlash(up), p.Line))
	}
	body := block.Fenced(e.Language, lines)
	return append(body, "", "*"+strings.Join(places, ", ")+"*"), nil
}

// contents lists the chapters that there are.
func (b *Book) contents(blk *block.Block) ([]string, error) {
	if err := blk.Only(0); err != nil {
		return nil, err
	}
	pages, err := b.Pages()
	if err != nil {
		return nil, err
	}
	var list []string
	for _, page := range pages {
		if path.Base(page) == "README.md" {
			continue
		}
		text, err := os.ReadFile(filepath.Join(b.Root, page))
		if err != nil {
			return nil, err
		}
		to, err := filepath.Rel(Dir, page)
		if err != nil {
			return nil, err
		}
		list = append(list, fmt.Sprintf("- [%s](%s)", Title(page, string(text)), filepath.ToSlash(to)))
	}
	return list, nil
}

var (
	firstHeading = regexp.MustCompile(`(?m)^# +(.*?)\s*$`)
	ownNumber    = regexp.MustCompile(`(?i)^(chapter |appendix )?(\d+|[a-z])[.:)]? +(.*)$`)
)

// Title returns a page's title with its number: "7. Physical memory".
func Title(page, text string) string {
	m := firstHeading.FindStringSubmatch(text)
	if m == nil {
		return path.Base(page)
	}
	number, _, found := strings.Cut(path.Base(page), "-")
	if !found || len(number) > 2 {
		return m[1]
	}
	number = strings.ToUpper(strings.TrimLeft(number, "0"))
	title := m[1]
	if own := ownNumber.FindStringSubmatch(title); own != nil && strings.EqualFold(own[2], number) {
		title = own[3]
	}
	return number + ". " + title
}

// whole checks what no page has wrong alone: regions that nobody shows, and
// words of the glossary without an anchor.
func (b *Book) whole(pages []string) (problems []Problem, err error) {
	shown, used := map[string]bool{}, map[string]bool{}
	for _, page := range pages {
		text, err := os.ReadFile(filepath.Join(b.Root, page))
		if err != nil {
			return nil, err
		}
		p, _ := block.Parse(string(text))
		for _, blk := range p.Blocks() {
			used[blk.Kind+" "+blk.Word(0)] = true
			file, list, _ := strings.Cut(blk.Word(0), "#")
			for name := range strings.SplitSeq(list, "+") {
				shown[file+"#"+name] = true
			}
		}
	}
	for file, text := range b.Index.Sources() {
		for _, m := range source.Mistakes(text) {
			problems = append(problems, Problem{file, m.Line, m.Text})
		}
		for name, line := range source.Regions(text) {
			if !shown[file+"#"+name] {
				problems = append(problems, Problem{
					file, line,
					fmt.Sprintf("the region %s is shown nowhere in the book: remove its two lines, or show it", name),
				})
			}
		}
	}
	problems = append(problems, b.leftovers(used)...)
	problems = append(problems, b.exerciseFolders(pages)...)
	return append(problems, b.glossary()...), nil
}

// leftovers finds files that belong to blocks which are not there. Used are the
// kinds and names of those that are.
func (b *Book) leftovers(used map[string]bool) (problems []Problem) {
	for kind, pattern := range map[string]string{"figure": figures + "/*.svg", "screen": screens + "/*.png", "broken": "broken/*.patch"} {
		found, _ := filepath.Glob(filepath.Join(b.Root, Dir, pattern))
		for _, file := range found {
			name := strings.TrimSuffix(filepath.Base(file), filepath.Ext(file))
			if !used[kind+" "+name] {
				rel, _ := filepath.Rel(b.Root, file)
				problems = append(problems, Problem{filepath.ToSlash(rel), 1, fmt.Sprintf("no chapter has a block <!-- %s %s -->: remove the file", kind, name)})
			}
		}
	}
	return problems
}

const glossaryFile = "docs/glossary.md"

var term = regexp.MustCompile(`^(?:<a id="([^"]*)"></a>)?\*\*([^*]+)\*\*`)

// glossary makes sure that each term can be linked to.
func (b *Book) glossary() (problems []Problem) {
	text, err := os.ReadFile(filepath.Join(b.Root, glossaryFile))
	if err != nil {
		return nil
	}
	blank := true
	for i, line := range strings.Split(string(text), "\n") {
		m := term.FindStringSubmatch(line)
		if blank && m != nil && m[1] != names.Slug(m[2]) {
			problems = append(problems, Problem{
				glossaryFile, i + 1,
				fmt.Sprintf(`write <a id="%s"></a> in front of **%s**, so that chapters can link to it`, names.Slug(m[2]), m[2]),
			})
		}
		blank = line == ""
	}
	return problems
}
