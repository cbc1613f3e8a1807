package rtc

// Time is a date and a time of day in UTC.
type Time struct {
	Year                 int // 1970 to 2999
	Month, Day           int // from 1 on
	Hour, Minute, Second int
}

// Valid tells whether there is such a time. Years before 1970 are refused: no
// machine that runs this was on the shelf then.
func (t Time) Valid() bool {
	return 1970 <= t.Year && t.Year <= 2999 &&
		1 <= t.Month && t.Month <= 12 &&
		1 <= t.Day && t.Day <= daysIn(t.Year, t.Month) &&
		0 <= t.Hour && t.Hour <= 23 &&
		0 <= t.Minute && t.Minute <= 59 &&
		0 <= t.Second && t.Second <= 59
}

// daysIn returns how many days a month has.
func daysIn(year, month int) int {
	switch month {
	case 2:
		if leap(year) {
			return 29
		}
		return 28
	case 4, 6, 9, 11:
		return 30
	}
	return 31
}

// leap tells whether February has 29 days: every fourth year, but of the full
// centuries only every fourth.
func leap(year int) bool { return year%4 == 0 && (year%100 != 0 || year%400 == 0) }

// Unix returns the seconds since 1 January 1970, 00:00 UTC, leap seconds not
// counted: what time.Unix takes.
func (t Time) Unix() int64 {
	days := 0
	for y := 1970; y < t.Year; y++ {
		days += 365
		if leap(y) {
			days++
		}
	}
	for m := 1; m < t.Month; m++ {
		days += daysIn(t.Year, m)
	}
	days += t.Day - 1
	return int64(days)*86_400 + int64(t.Hour)*3600 + int64(t.Minute)*60 + int64(t.Second)
}
