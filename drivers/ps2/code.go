package ps2

// Code is a key: its place on the keyboard, not what is printed on it. Keys
// are named by the American keyboard, so the key right of Tab is KeyQ, also
// where it says A. Which character it gives is the layout's business (package
// kernel/keymap).
//
//	Esc     F1  F2  F3  F4    F5  F6  F7  F8    F9  F10 F11 F12   Print Scroll Pause
//
//	 ` 1  2  3  4  5  6  7  8  9  0  -  =  Backspace   Ins Home PgUp   Num /  *  -
//	 Tab Q  W  E  R  T  Y  U  I  O  P  [  ]   Enter    Del End  PgDn   7   8  9  +
//	 Caps A  S  D  F  G  H  J  K  L  ;  '  \                           4   5  6
//	 Shift <  Z  X  C  V  B  N  M  ,  .  /    Shift         Up         1   2  3  Enter
//	 Ctrl Meta Alt       Space     AltGr Meta Menu Ctrl  Left Down Right  0    .
//
// American keyboards lack the key "<" (KeyISO) and have "\" above Enter.
type Code uint8

// What a Code is if it is no key.
const (
	// None is no key at all.
	None Code = iota
	// Lost, as the Code of an Event, means that bytes were lost: which keys are
	// held down is no longer known, and the receiver takes all for released.
	Lost
)

// The keys.
const (
	KeyEscape Code = iota + 2
	KeyF1
	KeyF2
	KeyF3
	KeyF4
	KeyF5
	KeyF6
	KeyF7
	KeyF8
	KeyF9
	KeyF10
	KeyF11
	KeyF12
	KeyPrintScreen
	KeyScrollLock
	KeyPause

	KeyBackquote
	Key1
	Key2
	Key3
	Key4
	Key5
	Key6
	Key7
	Key8
	Key9
	Key0
	KeyMinus
	KeyEqual
	KeyBackspace

	KeyTab
	KeyQ
	KeyW
	KeyE
	KeyR
	KeyT
	KeyY
	KeyU
	KeyI
	KeyO
	KeyP
	KeyLeftBracket
	KeyRightBracket
	KeyEnter

	KeyCapsLock
	KeyA
	KeyS
	KeyD
	KeyF
	KeyG
	KeyH
	KeyJ
	KeyK
	KeyL
	KeySemicolon
	KeyApostrophe
	KeyBackslash

	KeyLeftShift
	KeyISO
	KeyZ
	KeyX
	KeyC
	KeyV
	KeyB
	KeyN
	KeyM
	KeyComma
	KeyPeriod
	KeySlash
	KeyRightShift

	KeyLeftCtrl
	KeyLeftMeta
	KeyLeftAlt
	KeySpace
	KeyRightAlt
	KeyRightMeta
	KeyMenu
	KeyRightCtrl

	KeyInsert
	KeyHome
	KeyPageUp
	KeyDelete
	KeyEnd
	KeyPageDown
	KeyUp
	KeyLeft
	KeyDown
	KeyRight

	KeyNumLock
	KeypadDivide
	KeypadMultiply
	KeypadSubtract
	Keypad7
	Keypad8
	Keypad9
	KeypadAdd
	Keypad4
	Keypad5
	Keypad6
	Keypad1
	Keypad2
	Keypad3
	KeypadEnter
	Keypad0
	KeypadDecimal
	KeypadComma

	// On Japanese and Brazilian keyboards.
	KeyRo
	KeyYen
	KeyKana
	KeyConvert
	KeyNonConvert

	// Extra keys of many keyboards.
	KeyPower
	KeySleep
	KeyWake
	KeyPreviousTrack
	KeyNextTrack
	KeyMute
	KeyCalculator
	KeyPlay
	KeyStop
	KeyVolumeDown
	KeyVolumeUp
	KeyHomePage
	KeySearch
	KeyFavorites
	KeyRefresh
	KeyStopLoading
	KeyForward
	KeyBack
	KeyComputer
	KeyMail
	KeyMedia

	numCodes
)

// Codes are the values from FirstKey up to, not including, EndOfKeys.
const (
	FirstKey  = KeyEscape
	EndOfKeys = numCodes
)

// String returns the key's name, as "A", "LeftShift" or "Keypad7".
func (c Code) String() string {
	switch {
	case c == None:
		return "None"
	case c == Lost:
		return "Lost"
	case c < numCodes:
		return keys[c].name
	}
	return "?"
}

// Event is a key that goes down or up.
type Event struct {
	Code    Code
	Pressed bool // down
	Repeat  bool // it was down already: the keyboard repeats a key that is held
}

// String returns the event as traces show it: "A down", "A repeat", "A up".
func (e Event) String() string {
	switch {
	case e.Code == Lost:
		return "bytes lost"
	case e.Repeat:
		return e.Code.String() + " repeat"
	case e.Pressed:
		return e.Code.String() + " down"
	}
	return e.Code.String() + " up"
}
