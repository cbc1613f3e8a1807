package session

import "strings"

// Merge returns what should stand on the page for what came: the page's lines,
// if they are the same; otherwise what came, but for the lines of the page that
// still stand for some of it. A line with only … is such a line if the one after
// it has its counterpart, too.
func Merge(page, came []string) []string {
	page, came = trimmed(page), trimmed(came)
	if Same(page, came) {
		return page
	}
	m := merger{page: page, came: came, known: map[place]way{}}
	var out []string
	for at := (place{}); at.page < len(page) || at.came < len(came); {
		w := m.best(at)
		switch w.next {
		case (place{at.page + 1, at.came + 1, anywhere}):
			if w.stands {
				out = append(out, page[at.page])
			} else {
				out = append(out, came[at.came])
			}
		case (place{at.page + 1, at.came, within}):
			out = append(out, anything)
		case (place{at.page, at.came + 1, anywhere}):
			out = append(out, came[at.came])
		}
		at = w.next
	}
	return out
}

// merger finds the cheapest way through both texts.
type merger struct {
	page, came []string
	known      map[place]way
}

// place is how far a way has come in both texts.
type place struct {
	page, came int
	where
}

type where uint8

const (
	anywhere where = iota
	within         // a line … of the page, which what comes belongs to
	behind         // a line of the page that has no counterpart: no … begins here
)

// way is a step, and what it costs from here to the end.
type way struct {
	next   place
	cost   int
	stands bool // the page's line stands for the one that came
}

// What each step costs. Lines that resemble each other are one that has changed.
const (
	changed  = 1
	dropped  = 2
	inserted = 2
	never    = 1 << 30
)

func (m *merger) best(at place) way {
	if w, ok := m.known[at]; ok {
		return w
	}
	w := way{cost: never}
	try := func(next place, cost int, stands bool) {
		if cost += m.best(next).cost; cost < w.cost {
			w = way{next, cost, stands}
		}
	}
	morePage, moreCame := at.page < len(m.page), at.came < len(m.came)
	if !morePage && !moreCame {
		w.cost = 0
	}
	wild := morePage && strings.TrimSpace(m.page[at.page]) == anything
	if morePage && moreCame && !wild {
		switch both := (place{at.page + 1, at.came + 1, anywhere}); {
		case stands(m.page[at.page], m.came[at.came]):
			try(both, 0, true)
		case resembles(m.page[at.page], m.came[at.came]):
			try(both, changed, false)
		}
	}
	if at.where == within {
		if moreCame {
			try(place{at.page, at.came + 1, within}, 0, false)
		}
	} else {
		if wild && at.where != behind {
			try(place{at.page + 1, at.came, within}, 0, false)
		}
		if moreCame {
			try(place{at.page, at.came + 1, anywhere}, inserted, false)
		}
		if morePage {
			try(place{at.page + 1, at.came, behind}, dropped, false)
		}
	}
	m.known[at] = w
	return w
}

// resembles tells whether at least half of the shorter line stands in both, at
// the beginning and the end.
func resembles(a, b string) bool {
	shorter := min(len(a), len(b))
	before, after := common(a, b)
	return shorter > 0 && 2*(before+after) >= shorter
}
