package apic

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestMessagesInXAPICModeAreTwoStores(t *testing.T) {
	c, l := local(t, false)
	require.NoError(t, l.Send(0x12, 0xf1))
	require.Equal(t, []string{"310<-12000000", "300<-000040f1"}, c.drain())
	require.NoError(t, l.SendOthers(0xf2))
	require.Equal(t, []string{"310<-00000000", "300<-000c40f2"}, c.drain())
	require.NoError(t, l.SendSelf(0xf3))
	require.Equal(t, []string{"310<-00000000", "300<-000440f3"}, c.drain())
	require.NoError(t, l.SendNMI(7))
	require.Equal(t, []string{"310<-07000000", "300<-00004400"}, c.drain())
	l.SendNMIOthers()
	require.Equal(t, []string{"310<-00000000", "300<-000c4400"}, c.drain())
	require.NoError(t, l.SendInit(7))
	require.Equal(t, []string{"280<-00000000", "310<-07000000", "300<-00004500"}, c.drain())
	require.NoError(t, l.SendStartup(7, 0x8000))
	require.Equal(t, []string{"280<-00000000", "310<-07000000", "300<-00004608"}, c.drain())
}

func TestMessagesInX2APICModeAreOneWriteBehindAFence(t *testing.T) {
	c, l := local(t, true)
	require.NoError(t, l.Send(0x1_2345, 0xf1))
	require.Equal(t, []string{"fence", "msr 830<-00012345000040f1"}, c.drain())
	require.NoError(t, l.SendOthers(0xf2))
	require.Equal(t, []string{"fence", "msr 830<-00000000000c40f2"}, c.drain())
	require.NoError(t, l.SendSelf(0xf3))
	require.Equal(t, []string{"3f0<-000000f3"}, c.drain())
	require.NoError(t, l.SendInit(0x300))
	require.Equal(t, []string{"280<-00000000", "fence", "msr 830<-0000030000004500"}, c.drain())
	require.NoError(t, l.SendStartup(0x300, 0xff000))
	require.Equal(t, []string{"280<-00000000", "fence", "msr 830<-00000300000046ff"}, c.drain())
}

func TestImpossibleMessagesAreRefused(t *testing.T) {
	c, l := local(t, false)
	require.ErrorIs(t, l.Send(0xff, 0x40), ErrDestination, "that would be all")
	require.ErrorIs(t, l.SendNMI(0x100), ErrDestination)
	require.ErrorIs(t, l.Send(1, 15), ErrVector)
	require.ErrorIs(t, l.SendOthers(0), ErrVector)
	require.ErrorIs(t, l.SendSelf(3), ErrVector)
	require.ErrorIs(t, l.SendStartup(1, 0x10_0000), ErrVector)
	require.ErrorIs(t, l.SendStartup(1, 0x8001), ErrVector)
	for _, line := range c.log {
		require.NotContains(t, line, "300<-")
	}
}

func TestAMessageWaitsForTheOneBefore(t *testing.T) {
	c, l := local(t, false)
	c.busy = 1000
	require.NoError(t, l.Send(1, 0x40))
	require.Zero(t, c.busy)
}

func TestAStuckMessageIsAnErrorAndNotAHang(t *testing.T) {
	c, l := local(t, false)
	c.stuck = true
	require.ErrorIs(t, l.Send(1, 0x40), ErrBusy)
	require.ErrorIs(t, l.SendInit(1), ErrBusy)
	require.NotContains(t, c.drain(), "310<-01000000")
	l.SendNMIOthers()
	require.Equal(t, []string{"300<-000c4400"}, c.drain(), "the last resort is tried all the same")
}

func TestSendingDoesNotAllocate(t *testing.T) {
	for _, x2 := range []bool{false, true} {
		l := Local{msr: quiet{}, space: quiet{}, x2: x2}
		timer, deadline := l.CountingTimer(0x30, 1_000_000_000), l.DeadlineTimer(0x30, tsc, 3_000_000_000)
		at := int64(0)
		clock := func() int64 { at += 100; return at }
		require.Zero(t, testing.AllocsPerRun(100, func() {
			l.Enable(0xff)
			_ = l.Send(1, 0x40)
			_ = l.SendOthers(0x40)
			_ = l.SendInit(1)
			_ = l.SendStartup(1, 0x8000)
			l.EndOfInterrupt()
			_ = l.State()
			timer.Start()
			timer.Arm(1000)
			timer.Stop()
			deadline.Arm(1000)
			_, _ = l.Calibrate(clock, 1000)
		}))
	}
}

func tsc() uint64 { return 1_000_000 }

func now() int64 { return 0 }
