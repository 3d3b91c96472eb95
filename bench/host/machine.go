package host

import (
	"fmt"
	"os"
	"os/exec"
	"runtime"
	"strings"
	"syscall"

	"golang.org/x/sys/unix"
)

// Machine is what a result is worth nothing without.
type Machine struct {
	Cores      int    `json:"cores"`
	Processor  string `json:"processor"`
	System     string `json:"system"`
	Go         string `json:"go"`
	PostgreSQL string `json:"postgresql,omitempty"`
	Redis      string `json:"redis,omitempty"`
}

// Describe looks at the machine.
func Describe() Machine {
	m := Machine{Cores: runtime.NumCPU(), Go: runtime.Version(), Processor: "unknown processor"}
	if text, err := os.ReadFile("/proc/cpuinfo"); err == nil {
		for line := range strings.Lines(string(text)) {
			if name, value, _ := strings.Cut(line, ":"); strings.TrimSpace(name) == "model name" {
				m.Processor = strings.TrimSpace(value)
				break
			}
		}
	}
	var u unix.Utsname
	if unix.Uname(&u) == nil {
		m.System = unix.ByteSliceToString(u.Sysname[:]) + " " + unix.ByteSliceToString(u.Release[:])
	}
	if out, err := exec.Command("redis-server", "--version").Output(); err == nil {
		for _, word := range strings.Fields(string(out)) {
			if version, ok := strings.CutPrefix(word, "v="); ok {
				m.Redis = version
			}
		}
	}
	return m
}

// String is the machine in a line.
func (m Machine) String() string {
	out := fmt.Sprintf("%d cores (%s), %s, %s", m.Cores, m.Processor, m.System, m.Go)
	if m.PostgreSQL != "" {
		out += ", PostgreSQL " + m.PostgreSQL
	}
	if m.Redis != "" {
		out += ", Redis " + m.Redis
	}
	return out
}

// RaiseFiles lets this process and its children have as many open files as the
// system allows, and fails when that is fewer than needed.
func RaiseFiles(need uint64) error {
	var limit syscall.Rlimit
	if err := syscall.Getrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("read the limit on open files: %w", err)
	}
	limit.Cur = limit.Max
	if err := syscall.Setrlimit(syscall.RLIMIT_NOFILE, &limit); err != nil {
		return fmt.Errorf("raise the limit on open files: %w", err)
	}
	if limit.Max < need {
		return fmt.Errorf("at most %d files may be open, and %d are needed: raise the hard limit (ulimit -Hn)", limit.Max, need)
	}
	return nil
}
