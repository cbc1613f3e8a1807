package clock

import "math"

// How the clock is chosen.
//
// The TSC is by far the quickest, and the first choice. What can be wrong with
// it: older processors change its rate with their own, or stop it when they sleep
// deeply; the firmware may set it differently on each processor. A processor that
// says "invariant" (Source.Steady) rules the first two out. So would this kernel
// itself, which neither changes the processor's rate nor sleeps deeper than HLT;
// but firmware and hypervisors may. That is why a TSC that is not invariant is
// the clock as well, until the others contradict it.

// limit is by how much, in millionths, a good counter's rate may be wrong. The
// HPET's manual allows 500.
const limit = 1000

// best returns the number of the counter that is to be the clock: the first that
// can be and that is in no trouble. If all are, it is the TSC, or the first.
func (s *Set) best() int {
	for i := range s.list[:s.n] {
		if s.list[i].canBeClock() && s.list[i].trouble == "" {
			return i
		}
	}
	return max(0, s.tsc())
}

// tsc returns the number of the TSC, or -1.
func (s *Set) tsc() int {
	for i := range s.list[:s.n] {
		if s.list[i].isTSC() {
			return i
		}
	}
	return -1
}

// judge finds out from readings whether the TSC is to be trusted, and returns
// whether that is news. Its word stands against those of the others, which are
// compared with it through the clock: if two of them agree with each other and
// not with it, it is wrong. If there is but one, or if the others disagree, it is
// believed if it is invariant.
func (s *Set) judge(list []Reading) (wrong bool) {
	t := s.tsc()
	if t < 0 || s.list[t].trouble != "" || !known(list[t]) && t != s.chosen {
		return false
	}
	votes, against, agree := 0, 0, false
	far := math.NaN() // what the last one against it says
	for i, r := range list {
		if i == t || r.Trouble != "" || !known(r) {
			continue
		}
		votes++
		if apart := r.Long.PPM - list[t].Long.PPM; math.Abs(apart) > limit+r.Long.Error+list[t].Long.Error {
			against++
			agree = agree || math.Abs(apart-far) < limit
			far = apart
		}
	}
	wrong = agree || against > 0 && against == votes && !s.list[t].Steady
	if wrong {
		s.list[t].trouble = "the others say that its rate has changed"
	}
	return wrong
}

// known tells whether a reading says anything.
func known(r Reading) bool { return r.Long.OK && r.Long.Error < limit }

// Trim corrects the TSC's rate by the counter that tells it best; it returns that
// one's name and the rate before and after, in Hz.
//
// Errors:  ErrExact, ErrNothing, ErrFar.
// Context: goroutines.
func (s *Set) Trim() (by string, from, to uint64, err error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	t := s.tsc()
	switch {
	case t < 0:
		return "", 0, 0, ErrNothing
	case s.list[t].Exact:
		return "", 0, 0, ErrExact
	}
	list := s.compare()
	ref := -1
	for i, r := range list {
		if i != t && r.Trouble == "" && known(r) && (ref < 0 || r.Long.Error < list[ref].Long.Error) {
			ref = i
		}
	}
	if ref < 0 || !known(list[t]) && t != s.chosen {
		return "", 0, 0, ErrNothing
	}
	from = s.list[t].Hz
	by = list[ref].Name
	apart := list[t].Long.PPM - list[ref].Long.PPM
	if math.Abs(apart) > 10*limit {
		return by, from, from, ErrFar
	}
	to = from + uint64(int64(math.Round(float64(from)*apart/1e6)))
	s.list[t].Hz, s.list[t].How = to, "measured by "+by
	s.clock().setRate(to)
	s.again()
	return by, from, to, nil
}
