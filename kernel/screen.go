//go:build tamago

package kernel

import (
	"vitrine/boot/multiboot"
	"vitrine/drivers/framebuffer"
	"vitrine/drivers/mmio"
	"vitrine/drivers/vga"
	"vitrine/kernel/log"
	"vitrine/kernel/start"
)

// startScreen takes the framebuffer that the boot loader has set up, or else
// the VGA's text screen.
func (m *machine) startScreen() error {
	if f := &start.Info.Framebuffer; f.Kind == multiboot.RGB {
		s, err := newFramebuffer(f)
		if err == nil {
			m.screen = s
			log.Infof("screen", "framebuffer, %d x %d pixels of %d bits", f.Width, f.Height, f.BitsPerPixel)
			return nil
		}
		log.Warnf("screen", "%v", err)
	}
	s := vga.New(mmio.Hardware{Base: vga.Memory.Direct()}, ports)
	if err := s.Init(); err != nil {
		return err
	}
	m.screen = s
	return nil
}

func newFramebuffer(f *multiboot.Framebuffer) (*framebuffer.Screen, error) {
	field := func(c multiboot.Channel) framebuffer.Field {
		return framebuffer.Field{Position: c.Position, Size: c.Size}
	}
	mode := framebuffer.Mode{
		Width: int(f.Width), Height: int(f.Height), Pitch: int(f.Pitch), BitsPerPixel: int(f.BitsPerPixel),
		Red: field(f.Red), Green: field(f.Green), Blue: field(f.Blue),
	}
	size, err := mode.Size()
	if err != nil {
		return nil, err
	}
	memory, err := start.MapFramebuffer(f.Addr, uint64(size))
	if err != nil {
		return nil, err
	}
	s, err := framebuffer.New(memory, mode)
	if err == nil {
		s.Clear()
	}
	return s, err
}
