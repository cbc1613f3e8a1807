// Package rtc asks the time of the one clock that runs while the machine is off.
//
// Since the PC/AT of 1984 a battery keeps a chip with a calendar alive, the
// Motorola MC146818 (nowadays a corner of the chip set). Its registers, and
// the few bytes of CMOS memory in which the firmware's set-up lives, are
// behind two ports: the number of a register goes to 0x70, its contents come
// from 0x71.
//
//	0 second   4 hour             7 day of month   0x0a status A: update in progress
//	2 minute   (1 3 5: the alarm) 8 month          0x0b status B: formats
//	           (6: day of week)   9 year (00-99)   0x32 century, by custom
//
// Three difficulties make a chapter of it. Once a second the clock counts up
// its registers, and who reads them just then gets nonsense. The numbers are
// decimal digits (BCD) or binary, the hours 12 or 24, as status B says. And
// the year has two digits: the century is a byte of ordinary memory, whose
// register ACPI tells (acpi.FADT.Century).
//
// The kernel takes the clock to run in UTC. It never sets it.
//
// Read Read. In GDB: break rtc.Read.
//
// Locking: none; the two ports belong to one caller at a time. Allocation: none.
//
// The manual is the data sheet "MC146818A Real-Time Clock Plus RAM" (Motorola).
package rtc

import "vitrine/drivers/ioport"

// Error is an error of this package.
type Error string

// Error returns the text.
func (e Error) Error() string { return string(e) }

// Errors of Read.
const (
	ErrAbsent      Error = "rtc: there is no CMOS clock"
	ErrStuck       Error = "rtc: the clock is updating all the time"
	ErrUnsteady    Error = "rtc: the clock reads differently each time"
	ErrImplausible Error = "rtc: the clock shows a date that cannot be"
)

// Ports. Bit 7 of the index would mask the NMI; it is always written as 0.
const (
	portIndex uint16 = 0x70
	portData  uint16 = 0x71
)

// Registers.
const (
	regSecond  uint8 = 0x00
	regMinute  uint8 = 0x02
	regHour    uint8 = 0x04
	regDay     uint8 = 0x07
	regMonth   uint8 = 0x08
	regYear    uint8 = 0x09
	regStatusA uint8 = 0x0a
	regStatusB uint8 = 0x0b

	// DefaultCentury is where the century is if ACPI does not say.
	DefaultCentury uint8 = 0x32
	lastRegister   uint8 = 0x7f
)

const (
	updating uint8 = 1 << 7 // status A: an update begins within 244 µs, or goes on
	binary   uint8 = 1 << 2 // status B: the numbers are binary, not BCD
	hours24  uint8 = 1 << 1 // status B: the hours are 0 to 23
	pm       uint8 = 1 << 7 // hour, if there are 12: afternoon
)

// Bounds of waiting. An update takes up to 2 ms; a poll takes a microsecond or
// more on real hardware, and no less than 100 ns in an emulator.
const (
	maxPolls = 1 << 16
	maxReads = 8
)

// registers is what one reading saw.
type registers struct {
	second, minute, hour, day, month, year, century, status uint8
}

// Read returns the time. century is the number of the century's register, 0
// for DefaultCentury.
//
// Errors:  ErrAbsent, ErrStuck, ErrUnsteady, ErrImplausible.
// Context: any. Takes about 50 µs, and up to 2 ms if the clock is updating.
func Read(io ioport.Space, century uint8) (Time, error) {
	if century == 0 || century > lastRegister {
		century = DefaultCentury
	}
	last, err := readOnce(io, century)
	for range maxReads {
		if err != nil {
			return Time{}, err
		}
		var next registers
		if next, err = readOnce(io, century); err == nil && next == last {
			return next.decode()
		}
		last = next
	}
	if err == nil {
		err = ErrUnsteady
	}
	return Time{}, err
}

// readOnce reads all registers right after seeing that no update is near. An
// update may come all the same, if the caller is held up; hence Read compares.
func readOnce(io ioport.Space, century uint8) (r registers, err error) {
	for polls := 0; ; polls++ {
		a := read(io, regStatusA)
		if a == 0xff { // an empty bus; a clock would have to divide by a reserved rate
			return r, ErrAbsent
		}
		if a&updating == 0 {
			break
		}
		if polls == maxPolls {
			return r, ErrStuck
		}
	}
	return registers{
		second:  read(io, regSecond),
		minute:  read(io, regMinute),
		hour:    read(io, regHour),
		day:     read(io, regDay),
		month:   read(io, regMonth),
		year:    read(io, regYear),
		century: read(io, century),
		status:  read(io, regStatusB),
	}, nil
}

func read(io ioport.Space, reg uint8) uint8 {
	io.Out8(portIndex, reg)
	return io.In8(portData)
}

// decode turns what the registers hold into a time.
func (r registers) decode() (Time, error) {
	afternoon := false
	if r.status&hours24 == 0 {
		afternoon = r.hour&pm != 0
		r.hour &^= pm
	}
	if r.status&binary == 0 {
		for _, p := range [...]*uint8{&r.second, &r.minute, &r.hour, &r.day, &r.month, &r.year} {
			v, ok := fromBCD(*p)
			if !ok {
				return Time{}, ErrImplausible
			}
			*p = v
		}
	}
	if r.status&hours24 == 0 {
		if r.hour < 1 || r.hour > 12 {
			return Time{}, ErrImplausible
		}
		r.hour %= 12 // 12 a.m. is midnight, 12 p.m. noon
		if afternoon {
			r.hour += 12
		}
	}
	t := Time{
		Year:   r.fullYear(),
		Month:  int(r.month),
		Day:    int(r.day),
		Hour:   int(r.hour),
		Minute: int(r.minute),
		Second: int(r.second),
	}
	if r.year > 99 || !t.Valid() {
		return Time{}, ErrImplausible
	}
	return t, nil
}

// fullYear puts the century before the year. Where a machine has no century,
// any byte may be in its place: if it is not 19 to 29, the year is taken to
// lie between 1970 and 2069.
func (r registers) fullYear() int {
	century, ok := r.century, true
	if r.status&binary == 0 {
		century, ok = fromBCD(r.century)
	}
	switch {
	case ok && 19 <= century && century <= 29:
		return int(century)*100 + int(r.year)
	case r.year >= 70:
		return 1900 + int(r.year)
	}
	return 2000 + int(r.year)
}

// fromBCD decodes two decimal digits.
func fromBCD(b uint8) (uint8, bool) {
	high, low := b>>4, b&15
	return high*10 + low, high <= 9 && low <= 9
}
