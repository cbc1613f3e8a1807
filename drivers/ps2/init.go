package ps2

// Init finds out what is there and sets it up: the controller, its ports, the
// devices. Afterwards Keyboard and Mouse tell what was found; a machine with
// only one of them is a good machine, and no error. The devices have to wait
// with what they have to say until Listen.
//
// Errors: ErrAbsent, within milliseconds, if there is no controller; ErrBusy,
// ErrSilent, ErrSelfTest if it is broken.
// Context: a goroutine, while no other one uses the controller or its devices.
// Polls; with real devices, which test themselves, it takes up to two seconds.
// It may run again, to start afresh, also with another value of Raw.
func (c *Controller) Init() error {
	c.listening.Store(false)
	c.first.err, c.second.err = nil, nil
	if err := c.initController(); err != nil {
		c.first.err, c.second.err = err, err
		return err
	}
	c.initPorts()
	c.initDevice(&c.first, c.keyboard.setUp)
	c.initDevice(&c.second, c.mouse.setUp)
	c.flush()
	return nil
}

// Listen lets the devices speak and turns their interrupts on: IRQ 1 for the
// keyboard, IRQ 12 for the mouse. The handlers of both, which call Interrupt,
// must be in place.
//
// Errors: ErrBusy. Context: a goroutine, after Init.
func (c *Controller) Listen() error {
	cfg := c.config
	if !c.Raw {
		cfg |= translate
	}
	if c.first.err == nil {
		cfg = cfg&^firstOff | firstIRQ
	}
	if c.second.err == nil {
		cfg = cfg&^secondOff | secondIRQ
	}
	c.listening.Store(true)
	return c.writeConfig(cfg)
}

// initController leaves a controller that works, both ports off.
func (c *Controller) initController() error {
	if c.isAbsent() {
		return ErrAbsent
	}
	c.flush()
	// No device may talk while we ask the controller: the answers would mix.
	if err := c.do(disableFirst); err != nil {
		return err
	}
	if err := c.do(disableSecond); err != nil {
		return err
	}
	c.flush()
	cfg, err := c.readConfig()
	if err == ErrSilent { // a bus that reads as 0 looks like this
		return ErrAbsent
	}
	if err != nil {
		return err
	}
	cfg = cfg&^(firstIRQ|secondIRQ|translate) | firstOff
	if err := c.writeConfig(cfg); err != nil {
		return err
	}
	if err := c.test(); err != nil {
		return err
	}
	return c.writeConfig(cfg) // some controllers forget it in the self-test
}

// isAbsent tells whether the ports read as a bus that nobody drives. A
// controller could have all bits of its status set, but not still so after the
// byte that waits has been taken.
func (c *Controller) isAbsent() bool {
	if c.status() != floatingBus {
		return false
	}
	c.io.In8(portData)
	return c.status() == floatingBus
}

// test runs the controller's self-test. Some laptops need a second attempt.
func (c *Controller) test() error {
	const attempts = 3
	err := error(ErrSelfTest)
	for range attempts {
		var answer uint8
		answer, err = c.ask(selfTest, selfTestLimit)
		if err == nil && answer == selfTestPassed {
			return nil
		}
		if err == nil {
			err = ErrSelfTest
		}
	}
	return err
}

// initPorts finds out whether there are one or two ports and tests the lines
// to their devices. The result is in the ports' err.
func (c *Controller) initPorts() {
	c.first.err = c.testPort(testFirst)
	switch there, err := c.hasSecondPort(); {
	case err != nil:
		c.second.err = err
	case !there:
		c.second.err = ErrNoSecondPort
	default:
		c.second.err = c.testPort(testSecond)
	}
}

// hasSecondPort switches the second port on and off and looks whether its bit
// in the configuration byte follows. An old controller has no such bit.
func (c *Controller) hasSecondPort() (bool, error) {
	for _, step := range []struct {
		cmd  command
		want config
	}{{enableSecond, 0}, {disableSecond, secondOff}} {
		if err := c.do(step.cmd); err != nil {
			return false, err
		}
		cfg, err := c.readConfig()
		if err != nil || cfg&secondOff != step.want {
			return false, err
		}
	}
	c.config |= secondOff
	return true, nil
}

func (c *Controller) testPort(cmd command) error {
	switch answer, err := c.ask(cmd, controlLimit); {
	case err != nil:
		return err
	case answer != portTestPassed:
		return ErrPortTest
	}
	return nil
}

// initDevice resets and identifies the device at p, then lets setUp have it.
// The port is on meanwhile, the other one off.
func (c *Controller) initDevice(p *port, setUp func() error) {
	if p.err != nil {
		return
	}
	off := firstOff
	if p.second {
		off = secondOff
	}
	if p.err = c.writeConfig(c.config &^ off); p.err != nil {
		return
	}
	p.err = p.reset()
	if p.err == nil {
		p.err = p.identify()
	}
	if p.err == nil {
		p.err = setUp()
	}
	if err := c.writeConfig(c.config | off); p.err == nil {
		p.err = err
	}
}
