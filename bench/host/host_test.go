package host_test

import (
	"os"
	"os/exec"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"converse/bench/host"
)

func TestProcessorTimeIsThatOfAllThreads(t *testing.T) {
	before := host.Used(os.Getpid())
	end := time.Now().Add(300 * time.Millisecond)
	for time.Now().Before(end) {
	}
	used := host.Used(os.Getpid()).Since(before)
	require.Greater(t, used, 50*time.Millisecond)
	require.Less(t, used, 2*time.Second)
}

func TestMemoryGrowsWithWhatIsHeld(t *testing.T) {
	before, err := host.RSS(os.Getpid())
	require.NoError(t, err)
	held := make([]byte, 64<<20)
	for i := range held {
		held[i] = 1
	}
	after, err := host.RSS(os.Getpid())
	require.NoError(t, err)
	require.InDelta(t, len(held), after-before, 8<<20)
	require.Equal(t, byte(1), held[len(held)-1])
}

func TestAFamilyIsAProcessAndItsChildren(t *testing.T) {
	c := exec.Command("sleep", "60")
	require.NoError(t, c.Start())
	defer func() {
		_ = c.Process.Kill() // the test is over
		_ = c.Wait()
	}()
	require.Contains(t, host.Family(os.Getpid()), c.Process.Pid)
	require.Equal(t, os.Getpid(), host.Family(os.Getpid())[0])
	require.Equal(t, []int{c.Process.Pid}, host.Family(c.Process.Pid))
}
