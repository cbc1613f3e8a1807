package site

import (
	"fmt"
	"html"
	"io"
	"path"
	"strings"

	"github.com/alecthomas/chroma/v2"
	chromahtml "github.com/alecthomas/chroma/v2/formatters/html"
	"github.com/alecthomas/chroma/v2/lexers"
	"github.com/alecthomas/chroma/v2/styles"
	"github.com/yuin/goldmark/ast"
	"github.com/yuin/goldmark/util"

	"vitrine/tools/book/session"
	"vitrine/tools/book/source"
)

// fenced writes a block of code with its colours, and a button that copies it.
func (p *page) fenced(w util.BufWriter, markdown []byte, n ast.Node, entering bool) (ast.WalkStatus, error) {
	if !entering {
		return ast.WalkContinue, nil
	}
	var b strings.Builder
	for i := range n.Lines().Len() {
		s := n.Lines().At(i)
		b.Write(s.Value(markdown))
	}
	language := string(n.(*ast.FencedCodeBlock).Language(markdown))
	w.WriteString("<div class=\"code\">")
	if !p.paper && b.Len() > 0 && language != "text" {
		w.WriteString("<button type=\"button\" class=\"copy\">Copy</button>")
	}
	label := map[string]string{"": "Text", "text": "Drawing", "console": "Session", "gdb": "GDB session", "diff": "Change"}[language]
	if label == "" {
		label = "Code"
	}
	fmt.Fprintf(w, "<pre tabindex=\"0\" role=\"region\" aria-label=\"%s\"><code class=\"language-%s\">", label, html.EscapeString(language))
	err := highlight(w, language, b.String())
	w.WriteString("</code></pre></div>\n")
	return ast.WalkContinue, err
}

// highlight writes code with its colours.
func highlight(w io.Writer, language, text string) error {
	switch language {
	case "console":
		prompt := session.Prompt
		if strings.HasPrefix(text, session.HostPrompt) {
			prompt = session.HostPrompt
		}
		return conversation(w, text, prompt)
	case "gdb":
		return conversation(w, text, session.GDBPrompt)
	}
	lexer := lexers.Get(language)
	if lexer == nil || language == "" || language == "text" {
		_, err := io.WriteString(w, html.EscapeString(text))
		return err
	}
	tokens, err := tokenise(lexer, text)
	if err != nil {
		return err
	}
	return chromahtml.New(chromahtml.WithClasses(true), chromahtml.PreventSurroundingPre(true)).Format(w, styles.Fallback, tokens)
}

// tokenise cuts code into what gets a colour each. For the lexer of GNU's
// assembler a comment may begin with any of ;@|!, as it does for some processor;
// in ours and in Go's these are part of the code: NOSPLIT|NOFRAME.
func tokenise(lexer chroma.Lexer, text string) (chroma.Iterator, error) {
	all, err := chroma.Coalesce(lexer).Tokenise(nil, text)
	if err != nil {
		return nil, err
	}
	var tokens []chroma.Token
	for _, t := range all.Tokens() {
		if t.Type == chroma.CommentSingle && strings.IndexByte(";@|!", t.Value[0]) >= 0 {
			code, comment, found := strings.Cut(t.Value, "//")
			tokens = append(tokens, chroma.Token{Type: chroma.Text, Value: code})
			if !found {
				continue
			}
			t.Value = "//" + comment
		}
		tokens = append(tokens, t)
	}
	return chroma.Literator(tokens...), nil
}

// conversation writes what was typed so that the button can tell it from the
// answers.
func conversation(w io.Writer, text, prompt string) error {
	t := session.Read(strings.Split(strings.TrimSuffix(text, "\n"), "\n"), prompt)
	var b strings.Builder
	lines := func(all []string) {
		for _, line := range all {
			b.WriteString(html.EscapeString(line) + "\n")
		}
	}
	lines(t.Before)
	for _, step := range t.Steps {
		for i, typed := range step.Typed {
			shown := prompt
			if i > 0 {
				shown = ""
				if strings.HasPrefix(typed, "> ") {
					shown, typed = "> ", strings.TrimPrefix(typed, "> ")
				}
			}
			fmt.Fprintf(&b, "<span class=\"prompt\">%s</span><kbd class=\"typed\">%s</kbd>\n", html.EscapeString(shown), html.EscapeString(typed))
		}
		lines(step.Output)
	}
	_, err := io.WriteString(w, b.String())
	return err
}

// numbered writes a source with numbered lines that can be linked to.
func numbered(w io.Writer, file, text string) error {
	lexer := lexers.Get(source.Language(file))
	if lexer == nil || path.Ext(file) == ".txtar" {
		lexer = lexers.Fallback
	}
	tokens, err := tokenise(lexer, text)
	if err != nil {
		return err
	}
	fmt.Fprint(w, "<div class=\"code source\">")
	err = chromahtml.New(
		chromahtml.WithClasses(true), chromahtml.WithLineNumbers(true), chromahtml.WithLinkableLineNumbers(true, "L"),
	).Format(w, styles.Fallback, tokens)
	fmt.Fprint(w, "</div>\n")
	return err
}
