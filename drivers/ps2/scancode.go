package ps2

// Set is a scan code set: a way to say which key went down or up.
//
// Set 1 is that of the first PC: one byte a key, 01 to 7f, and bit 7 set when
// it goes up. Set 2 is what keyboards have sent since the PC AT: other numbers,
// and f0 before the number when it goes up. The 8042 translates set 2 to set 1
// on the fly unless told not to.
//
// Keys that came later, on keyboards with more than 84 keys, have e0 before
// the number, and the number of the old key that did their work: e0 48 is Up,
// 48 is 8 on the keypad, which is Up without Num Lock. So a program that knew
// nothing of e0 still understood.
//
//	          A down   A up       Up down   Up up
//	set 1     1e       9e         e0 48     e0 c8
//	set 2     1c       f0 1c      e0 75     e0 f0 75
type Set uint8

// The sets. Set 3 exists; nothing uses it.
const (
	Set1 Set = 1
	Set2 Set = 2
)

// Bytes with a meaning of their own.
const (
	prefixExtended uint8 = 0xe0 // both sets
	prefixPause    uint8 = 0xe1 // both sets
	prefixRelease  uint8 = 0xf0 // set 2
	releaseBit     uint8 = 0x80 // set 1

	// Too many keys at once, or a byte was lost on the wire. Set 2 has 00 for
	// it, set 1 has ff, and translation swaps them.
	overrun1 uint8 = 0x00
	overrun2 uint8 = 0xff
)

// extended marks a scan code that has prefixExtended before it.
const extended uint16 = 0xe000

// keys has the name and the scan codes of each key. Pause is not here: its
// sequence is in decoder.go.
var keys = [numCodes]struct {
	name       string
	set1, set2 uint16
}{
	KeyEscape:      {"Escape", 0x01, 0x76},
	KeyF1:          {"F1", 0x3b, 0x05},
	KeyF2:          {"F2", 0x3c, 0x06},
	KeyF3:          {"F3", 0x3d, 0x04},
	KeyF4:          {"F4", 0x3e, 0x0c},
	KeyF5:          {"F5", 0x3f, 0x03},
	KeyF6:          {"F6", 0x40, 0x0b},
	KeyF7:          {"F7", 0x41, 0x83},
	KeyF8:          {"F8", 0x42, 0x0a},
	KeyF9:          {"F9", 0x43, 0x01},
	KeyF10:         {"F10", 0x44, 0x09},
	KeyF11:         {"F11", 0x57, 0x78},
	KeyF12:         {"F12", 0x58, 0x07},
	KeyPrintScreen: {"PrintScreen", 0xe037, 0xe07c},
	KeyScrollLock:  {"ScrollLock", 0x46, 0x7e},
	KeyPause:       {name: "Pause"},

	KeyBackquote: {"Backquote", 0x29, 0x0e},
	Key1:         {"1", 0x02, 0x16},
	Key2:         {"2", 0x03, 0x1e},
	Key3:         {"3", 0x04, 0x26},
	Key4:         {"4", 0x05, 0x25},
	Key5:         {"5", 0x06, 0x2e},
	Key6:         {"6", 0x07, 0x36},
	Key7:         {"7", 0x08, 0x3d},
	Key8:         {"8", 0x09, 0x3e},
	Key9:         {"9", 0x0a, 0x46},
	Key0:         {"0", 0x0b, 0x45},
	KeyMinus:     {"Minus", 0x0c, 0x4e},
	KeyEqual:     {"Equal", 0x0d, 0x55},
	KeyBackspace: {"Backspace", 0x0e, 0x66},

	KeyTab:          {"Tab", 0x0f, 0x0d},
	KeyQ:            {"Q", 0x10, 0x15},
	KeyW:            {"W", 0x11, 0x1d},
	KeyE:            {"E", 0x12, 0x24},
	KeyR:            {"R", 0x13, 0x2d},
	KeyT:            {"T", 0x14, 0x2c},
	KeyY:            {"Y", 0x15, 0x35},
	KeyU:            {"U", 0x16, 0x3c},
	KeyI:            {"I", 0x17, 0x43},
	KeyO:            {"O", 0x18, 0x44},
	KeyP:            {"P", 0x19, 0x4d},
	KeyLeftBracket:  {"LeftBracket", 0x1a, 0x54},
	KeyRightBracket: {"RightBracket", 0x1b, 0x5b},
	KeyEnter:        {"Enter", 0x1c, 0x5a},

	KeyCapsLock:   {"CapsLock", 0x3a, 0x58},
	KeyA:          {"A", 0x1e, 0x1c},
	KeyS:          {"S", 0x1f, 0x1b},
	KeyD:          {"D", 0x20, 0x23},
	KeyF:          {"F", 0x21, 0x2b},
	KeyG:          {"G", 0x22, 0x34},
	KeyH:          {"H", 0x23, 0x33},
	KeyJ:          {"J", 0x24, 0x3b},
	KeyK:          {"K", 0x25, 0x42},
	KeyL:          {"L", 0x26, 0x4b},
	KeySemicolon:  {"Semicolon", 0x27, 0x4c},
	KeyApostrophe: {"Apostrophe", 0x28, 0x52},
	KeyBackslash:  {"Backslash", 0x2b, 0x5d},

	KeyLeftShift:  {"LeftShift", 0x2a, 0x12},
	KeyISO:        {"ISO", 0x56, 0x61},
	KeyZ:          {"Z", 0x2c, 0x1a},
	KeyX:          {"X", 0x2d, 0x22},
	KeyC:          {"C", 0x2e, 0x21},
	KeyV:          {"V", 0x2f, 0x2a},
	KeyB:          {"B", 0x30, 0x32},
	KeyN:          {"N", 0x31, 0x31},
	KeyM:          {"M", 0x32, 0x3a},
	KeyComma:      {"Comma", 0x33, 0x41},
	KeyPeriod:     {"Period", 0x34, 0x49},
	KeySlash:      {"Slash", 0x35, 0x4a},
	KeyRightShift: {"RightShift", 0x36, 0x59},

	KeyLeftCtrl:  {"LeftCtrl", 0x1d, 0x14},
	KeyLeftMeta:  {"LeftMeta", 0xe05b, 0xe01f},
	KeyLeftAlt:   {"LeftAlt", 0x38, 0x11},
	KeySpace:     {"Space", 0x39, 0x29},
	KeyRightAlt:  {"RightAlt", 0xe038, 0xe011},
	KeyRightMeta: {"RightMeta", 0xe05c, 0xe027},
	KeyMenu:      {"Menu", 0xe05d, 0xe02f},
	KeyRightCtrl: {"RightCtrl", 0xe01d, 0xe014},

	KeyInsert:   {"Insert", 0xe052, 0xe070},
	KeyHome:     {"Home", 0xe047, 0xe06c},
	KeyPageUp:   {"PageUp", 0xe049, 0xe07d},
	KeyDelete:   {"Delete", 0xe053, 0xe071},
	KeyEnd:      {"End", 0xe04f, 0xe069},
	KeyPageDown: {"PageDown", 0xe051, 0xe07a},
	KeyUp:       {"Up", 0xe048, 0xe075},
	KeyLeft:     {"Left", 0xe04b, 0xe06b},
	KeyDown:     {"Down", 0xe050, 0xe072},
	KeyRight:    {"Right", 0xe04d, 0xe074},

	KeyNumLock:     {"NumLock", 0x45, 0x77},
	KeypadDivide:   {"KeypadDivide", 0xe035, 0xe04a},
	KeypadMultiply: {"KeypadMultiply", 0x37, 0x7c},
	KeypadSubtract: {"KeypadSubtract", 0x4a, 0x7b},
	Keypad7:        {"Keypad7", 0x47, 0x6c},
	Keypad8:        {"Keypad8", 0x48, 0x75},
	Keypad9:        {"Keypad9", 0x49, 0x7d},
	KeypadAdd:      {"KeypadAdd", 0x4e, 0x79},
	Keypad4:        {"Keypad4", 0x4b, 0x6b},
	Keypad5:        {"Keypad5", 0x4c, 0x73},
	Keypad6:        {"Keypad6", 0x4d, 0x74},
	Keypad1:        {"Keypad1", 0x4f, 0x69},
	Keypad2:        {"Keypad2", 0x50, 0x72},
	Keypad3:        {"Keypad3", 0x51, 0x7a},
	KeypadEnter:    {"KeypadEnter", 0xe01c, 0xe05a},
	Keypad0:        {"Keypad0", 0x52, 0x70},
	KeypadDecimal:  {"KeypadDecimal", 0x53, 0x71},
	KeypadComma:    {"KeypadComma", 0x7e, 0x6d},

	KeyRo:         {"Ro", 0x73, 0x51},
	KeyYen:        {"Yen", 0x7d, 0x6a},
	KeyKana:       {"Kana", 0x70, 0x13},
	KeyConvert:    {"Convert", 0x79, 0x64},
	KeyNonConvert: {"NonConvert", 0x7b, 0x67},

	KeyPower:         {"Power", 0xe05e, 0xe037},
	KeySleep:         {"Sleep", 0xe05f, 0xe03f},
	KeyWake:          {"Wake", 0xe063, 0xe05e},
	KeyPreviousTrack: {"PreviousTrack", 0xe010, 0xe015},
	KeyNextTrack:     {"NextTrack", 0xe019, 0xe04d},
	KeyMute:          {"Mute", 0xe020, 0xe023},
	KeyCalculator:    {"Calculator", 0xe021, 0xe02b},
	KeyPlay:          {"Play", 0xe022, 0xe034},
	KeyStop:          {"Stop", 0xe024, 0xe03b},
	KeyVolumeDown:    {"VolumeDown", 0xe02e, 0xe021},
	KeyVolumeUp:      {"VolumeUp", 0xe030, 0xe032},
	KeyHomePage:      {"HomePage", 0xe032, 0xe03a},
	KeySearch:        {"Search", 0xe065, 0xe010},
	KeyFavorites:     {"Favorites", 0xe066, 0xe018},
	KeyRefresh:       {"Refresh", 0xe067, 0xe020},
	KeyStopLoading:   {"StopLoading", 0xe068, 0xe028},
	KeyForward:       {"Forward", 0xe069, 0xe030},
	KeyBack:          {"Back", 0xe06a, 0xe038},
	KeyComputer:      {"Computer", 0xe06b, 0xe040},
	KeyMail:          {"Mail", 0xe06c, 0xe048},
	KeyMedia:         {"Media", 0xe06d, 0xe050},
}

// aliases are second scan codes of two keys: with Alt, Print Screen is the
// SysRq of the 84-key keyboard; with Ctrl, Pause is Break.
var aliases = [...]struct {
	code       Code
	set1, set2 uint16
}{
	{KeyPrintScreen, 0x54, 0x84},
	{KeyPause, 0xe046, 0xe07e},
}

// fakeShifts are sent around the cursor keys, Print Screen and the keypad's
// slash, to make a program that ignores e0 see the right state of Shift. We do
// not ignore e0, so these are nothing to us.
var fakeShifts = [...]struct{ set1, set2 uint16 }{
	{0xe02a, 0xe012}, // left
	{0xe036, 0xe059}, // right
}

// lookup returns the key with a scan code, or None. A search of the table is
// fast enough for fingers.
func (s Set) lookup(scancode uint16) Code {
	for c := FirstKey; c < EndOfKeys; c++ {
		if c != KeyPause && s.pick(keys[c].set1, keys[c].set2) == scancode {
			return c
		}
	}
	for _, a := range aliases {
		if s.pick(a.set1, a.set2) == scancode {
			return a.code
		}
	}
	return None
}

func (s Set) isFakeShift(scancode uint16) bool {
	for _, f := range fakeShifts {
		if s.pick(f.set1, f.set2) == scancode {
			return true
		}
	}
	return false
}

func (s Set) pick(set1, set2 uint16) uint16 {
	if s == Set1 {
		return set1
	}
	return set2
}
