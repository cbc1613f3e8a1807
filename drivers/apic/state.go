package apic

// State is a snapshot of a processor's controller, for the irq command.
type State struct {
	ID       uint32
	Version  Version
	X2APIC   bool
	Enabled  bool
	Spurious uint8 // vector
	Priority uint8

	Timer, Input0, Input1, Error LVT
	Counter, Thermal, Machine    LVT // MaskedLVT if there is no such entry

	Deadline bool   // the timer compares the time-stamp counter
	Initial  uint32 // what the timer began at; 0 if it is stopped
	Current  uint32 // where it is
	Divide   uint32 // by what the timer's rate is divided

	Request, InService Vectors // asked for; being handled
}

// Vectors is a set of vectors.
type Vectors [8]uint32

// Has tells whether v is in the set.
func (s *Vectors) Has(v uint8) bool { return s[v>>5]>>(v&31)&1 != 0 }

// State returns a snapshot of this processor's controller.
//
// Context: interrupts off, or it may be of two processors; does not allocate.
func (l *Local) State() State {
	spurious := l.read(regSpurious)
	s := State{
		ID: l.ID(), Version: l.Version(), X2APIC: l.x2,
		Enabled: spurious&spuriousEnable != 0, Spurious: uint8(spurious), Priority: uint8(l.read(regPriority)),
		Initial: l.read(regTimerInitial), Current: l.read(regTimerCurrent),
		Divide: division(l.read(regTimerDivide)),
	}
	for i, e := range [...]struct {
		to  *LVT
		reg register
	}{
		{&s.Timer, regLVTTimer},
		{&s.Input0, regLVTInput0},
		{&s.Input1, regLVTInput1},
		{&s.Error, regLVTError},
		{&s.Counter, regLVTCounter},
		{&s.Thermal, regLVTThermal},
		{&s.Machine, regLVTMachine},
	} {
		*e.to = MaskedLVT
		if i < s.Version.Entries {
			*e.to = LVT(l.read(e.reg))
		}
	}
	s.Deadline = s.Timer&lvtDeadline != 0
	for i := range s.Request {
		s.Request[i] = l.read(regRequest + register(i)*bankStride)
		s.InService[i] = l.read(regInService + register(i)*bankStride)
	}
	return s
}

// division undoes divider.
func division(v uint32) uint32 {
	return 1 << (((v&8>>1 | v&3) + 1) & 7)
}
